"""Hold the archive and the webhook's log against the newsroom's truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from scraper import schedule
from scraper.config.settings import RecheckSettings
from scraper.demo.desk import ADDS_FACTS
from scraper.demo.truth import Edit, Outage, Published, Removal, Truth
from scraper.desk import Desk
from scraper.store import archive
from scraper.store.answers import Filter, Story

ROUND = timedelta(minutes=10)
"""A poll is written down when it has also fetched what it found, politely."""

SETTLE = timedelta(hours=1)
"""What happens this close to the end need not have been seen: no poll was due after it."""


@dataclass(frozen=True, slots=True)
class Score:
    """What ``scraper demo --json`` prints.

    Attributes:
        published: Articles that stood on the outlets' sites.
        stored: Those that the archive holds.
        missed: Addresses of those it does not hold.
        copies: Articles beyond the first of each story; those folded into their story; those folded wrongly.
        edits: Corrections that stood until a re-check was due; seen as a revision; revisions that were none.
        removals: Retractions that stood until re-checks could confirm them; seen.
        policy: Stored implementation stories; so flagged; flagged wrongly; not flagged.
        alerts: Stories that a watch asked to be told; told; never told; told more than once.
        watches: Messages that arrived, by the watches that they name.
        alarms: Outages that two polls met; told by the second; ended; told to be over; alarms without an outage.
    """

    seed: int
    published: int
    stored: int
    missed: list[str]
    copies: dict[str, int]
    edits: dict[str, int]
    removals: dict[str, int]
    policy: dict[str, int]
    alerts: dict[str, int]
    watches: dict[str, int]
    alarms: dict[str, int]
    requests: int
    seconds: float

    @property
    def clean(self) -> bool:
        """Nothing missed, lost or repeated, every outage noticed, its end told, and no alarm false."""
        alarms = self.alarms["outages"] == self.alarms["noticed"] and self.alarms["ended"] == self.alarms["told"]
        return alarms and not (self.missed or self.alerts["lost"] or self.alerts["repeated"] or self.alarms["false"])

    def as_dict(self) -> dict[str, Any]:
        """The object as it is printed."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Watched:
    """What there is to compare.

    Attributes:
        stories: The archive's articles by canonical address.
        start: When watching began.
        end: When it ended.
        citing: Addresses of articles that name the document which one of the demo's watches looks for.
    """

    truth: Truth
    stories: Mapping[str, Story]
    recheck: RecheckSettings
    start: datetime
    end: datetime
    citing: frozenset[str] = frozenset()

    def pairs(self) -> Iterator[tuple[Published, Story]]:
        """What was published beside what was stored of it."""
        return ((p, self.stories[p.url]) for p in self.truth.published if p.url in self.stories)

    def story_of(self, url: str) -> str:
        """The address of the article that stands for an article's story in the archive."""
        story = self.stories.get(url)
        return story.original.url if story is not None and story.original is not None else url

    def checked(self, url: str, after: datetime, before: datetime) -> bool:
        """Whether an article was surely looked at again between two moments, after it had been stored."""
        story = self.stories[url]
        after = max(after, story.seen_at)
        age = after - (story.published_at or story.seen_at)
        return after + schedule.longest_unseen(self.recheck, age) < before


def score(  # noqa: PLR0913 - what was watched, and what was counted beside it
    truth: Truth,
    desk: Desk,
    alerts: Iterable[Mapping[str, Any]],
    *,
    seed: int,
    start: datetime,
    end: datetime,
    requests: int,
    seconds: float,
    citing: frozenset[str],
) -> Score:
    """Compare; everything the archive says is read through the functions that readers use."""
    stories = {story.canonical_url: story for story in _stories(desk)}
    watched, alerts = Watched(truth, stories, desk.rules.recheck, start, end, citing), list(alerts)
    due = [p for p in truth.published if p.published_at <= end - SETTLE]
    return Score(
        seed=seed,
        published=len(due),
        stored=sum(p.url in stories for p in due),
        missed=[p.url for p in due if p.url not in stories],
        copies=_copies(watched),
        edits=_edits(watched),
        removals=_removals(watched),
        policy=_policy(watched),
        alerts=_alerts(watched, alerts),
        alarms=_alarms(watched, desk, alerts),
        watches=dict(Counter(str(watch["name"]) for alert in alerts for watch in alert.get("watches") or ())),
        requests=requests,
        seconds=round(seconds, 1),
    )


def _stories(desk: Desk) -> Iterator[Story]:
    for batch in archive.walk(desk.db, Filter(copies=True)):
        for item in batch:
            story = archive.story(desk.db, item.id)
            if story is not None:
                yield story


def _copies(watched: Watched) -> dict[str, int]:
    group = {story.id: published.copy_of or published.url for published, story in watched.pairs()}
    folded = [story for story in watched.stories.values() if story.copy_of is not None]
    right = [story for story in folded if group.get(story.id) == group.get(story.copy_of or 0)]
    true = sum(count - 1 for count in Counter(group.values()).values())
    return {"true": true, "folded": len(right), "wrong": len(folded) - len(right)}


def _edits(watched: Watched) -> dict[str, int]:
    made = [edit for edit in watched.truth.edits if edit.url in watched.stories and _visible(edit, watched)]
    true = Counter(edit.url for edit in watched.truth.edits)
    seen = sum(_revised_since(watched.stories[edit.url], edit) for edit in made)
    false = sum(max(story.revisions - 1 - true[url], 0) for url, story in watched.stories.items())
    return {"made": len(made), "seen": seen, "false": false}


def _visible(edit: Edit, watched: Watched) -> bool:
    until = min(edit.stands_until or watched.end, watched.end) - SETTLE
    if edit.fields == ("title",):
        until -= schedule.CONFIRM["headline"][1]
    return watched.stories[edit.url].seen_at < edit.at and watched.checked(edit.url, edit.at, until)


def _revised_since(story: Story, edit: Edit) -> bool:
    end = edit.stands_until
    return any(edit.at <= r.seen_at and (end is None or r.seen_at < end) for r in story.history if r.number > 1)


def _removals(watched: Watched) -> dict[str, int]:
    made = [r for r in watched.truth.removals if r.url in watched.stories and _confirmable(r, watched)]
    return {"made": len(made), "seen": sum(watched.stories[r.url].state == "removed" for r in made)}


def _confirmable(removal: Removal, watched: Watched) -> bool:
    return watched.checked(removal.url, removal.at, watched.end - SETTLE - 2 * schedule.GONE_CONFIRM)


def _policy(watched: Watched) -> dict[str, int]:
    kind = "implementation"
    labels = [(published.label, story.label) for published, story in watched.pairs()]
    return {
        "true": sum(true == kind for true, _ in labels),
        "flagged": sum(said == kind for _, said in labels),
        "wrong": sum(said == kind != true for true, said in labels),
        "missed": sum(true == kind != said for true, said in labels),
    }


def _alerts(watched: Watched, alerts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """A story is told once, whichever of its articles is told; a copy that adds facts is told as well."""
    told = Counter((str(alert["event"]), str(alert["url"])) for alert in alerts if alert.get("event") in _TOLD)
    stories = Counter[str]()
    for (event, url), count in told.items():
        stories[watched.story_of(url)] += count if event == "new" else 0
    due = {watched.story_of(p.url) for p, story in watched.pairs() if _asked_for(p, story, watched)}
    adding = {p.url for p, story in watched.pairs() if p.copy_kind == ADDS_FACTS and _asked_for(p, story, watched)}
    heard = set(stories) | {watched.story_of(url) for _, url in told}
    lost = (due - heard) | {url for url in adding if not any((event, url) in told for event in _TOLD)}
    return {
        "due": len(lost) + sum(1 for _ in told),
        "delivered": sum(1 for _ in told),
        "lost": len(lost),
        "repeated": sum(max(count - 1, 0) for count in stories.values())
        + sum(count - 1 for (event, _), count in told.items() if event == "adds_facts"),
    }


_TOLD = ("new", "adds_facts")


def _alarms(watched: Watched, desk: Desk, alerts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Trouble and recovery of sources as they were told, held against the outages that polls met."""
    told = [
        (str(a["event"]), str(a["source"]), datetime.fromisoformat(str(a["created_at"])))
        for a in alerts
        if str(a.get("event")).startswith("source_")
    ]
    met = [met for outage in watched.truth.outages if (met := _met(outage, desk)) is not None]
    noticed = [m for m in met if any(e == _BROKEN and s == m.source and m.start <= at <= m.second for e, s, at in told)]
    ended = [(m, m.after) for m in met if m.after is not None]
    over = [m for m, by in ended if any(e == _WELL and s == m.source and m.end <= at <= by for e, s, at in told)]
    spans = [(m.source, m.start, m.after or watched.end) for m in met]
    false = sum(not any(s == name and a <= at <= b for name, a, b in spans) for e, s, at in told if e != _WELL)
    return {
        "outages": len(met),
        "noticed": len(noticed),
        "ended": len(ended),
        "told": len(over),
        "false": false,
    }


_BROKEN, _WELL = "source_broken", "source_recovered"


@dataclass(frozen=True, slots=True)
class _Met:
    """An outage that two polls met: when the second was done, and when the first one after it was."""

    source: str
    start: datetime
    end: datetime
    second: datetime
    after: datetime | None


def _met(outage: Outage, desk: Desk) -> _Met | None:
    source = next((s.name for s in desk.config.sources.values() if outage.host in s.hosts), "")
    polls = archive.poll_times(desk.db, source)
    during = [at for at in polls if outage.start <= at < outage.end]
    after = [at for at in polls if at >= outage.end]
    if len(during) < 2:  # noqa: PLR2004 - what trouble.after asks for
        return None
    return _Met(source, outage.start, outage.end, during[1] + ROUND, after[0] + ROUND if after else None)


def _asked_for(published: Published, story: Story, watched: Watched) -> bool:
    """The demo's watches: stories after watching began that are implementation or name a document."""
    flagged = any(judged.label == "implementation" for judged in story.judgements)
    return (flagged or published.url in watched.citing) and published.published_at >= watched.start
