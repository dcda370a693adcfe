"""The newsroom's course of events, drawn up before it begins: the same seed gives the same plan.

The figures below are such that a monitor which polls every 15 to 30 minutes and looks again 1 h, 6 h, 1 d and 3 d
after publication can see all that stands long enough; a smaller or slower newsroom would prove less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

from scraper.demo.desk import ADDS_FACTS, COPY_KINDS, changed_fields, corrected
from scraper.demo.grammar import HANOI
from scraper.demo.outlets import BY_NAME, OUTLETS, Outlet
from scraper.demo.stories import LABELS, Story, Writer, topics
from scraper.demo.truth import Edit, Event, EventKind, FaultKind, Outage, Published, Removal, Truth
from scraper.values import Label

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday, 07:00 in Hanoi."""

HOOK = "hook.example"
"""The host that receives webhooks."""

BACKLOG = 6
"""Stories that each outlet has online at the start: half a listing page, so that a baseline is a real one."""

BACKLOG_AGE = timedelta(hours=20)
"""Age of the oldest of them: news sitemaps reach back two days."""

PER_DAY = 22
"""Originals a day over all outlets. An outage of two hours hides two or three, a listing page holds twelve."""

MIX = {"implementation": 36, "issuance": 10, "oversight": 9, "none": 45}
"""Of a hundred originals."""

COPIED = 0.35
"""Share of originals that other outlets take over: one to three of them, minutes to hours later."""

CORRECTED = 0.3
"""Share of articles that are corrected, a third of them twice."""

CORRECTION_AFTER = ((40, 56), (75, 320), (400, 1300), (1600, 3600))
"""Minutes from publication to a correction: after a poll half an hour later, and before each of the first four
re-checks."""

SLOWEST_POLL = timedelta(minutes=30)
"""What goes online this long before an outage may be seen only after it; it is neither corrected nor removed."""

REMOVED = 5
"""Articles taken offline, alternately with 410 and 404."""

FOLLOWED = 7
"""Stories that have a follow-up on the next day."""

FAULTS: tuple[tuple[str, float, FaultKind], ...] = (
    ("baovungcao", 0.15, "challenge"),
    ("bantinxua", 0.4, "bare"),
    ("diaphuong", 0.55, "blank"),
    ("doisongmoi", 0.7, "refused"),
)
"""Outlets, when in the plan, and what goes wrong there for three hours."""

QUIET = timedelta(hours=2)
"""Nothing happens this long before the end, so that the last poll can see everything."""

_WAKING = (330, 1350)
"""Minutes of the Hanoi day between which papers publish."""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article. ``kind`` is ``""`` for the first."""

    at: datetime
    story: Story
    kind: str = ""
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Article:
    """One article of one outlet through its whole life.

    Attributes:
        copy_of: The original that it was taken over from.
        follows: The earlier story of the same outlet that it continues.
        removed_at: When it goes offline; ``status`` is what its address answers then.
    """

    outlet: Outlet
    url: str
    number: int
    versions: list[Version]
    backlog: bool = False
    copy_of: Article | None = None
    copy_kind: str = ""
    follows: Article | None = None
    removed_at: datetime | None = None
    status: int = 200

    def says(self, words: str) -> bool:
        """Whether its first state holds these words as they stand."""
        return any(words in part for part in (self.story.title, self.story.lead, *self.story.paragraphs))

    @property
    def published_at(self) -> datetime:
        """When it went online."""
        return self.versions[0].at

    @property
    def story(self) -> Story:
        """Its first state."""
        return self.versions[0].story

    def at(self, moment: datetime) -> Version:
        """The state that readers see at a moment after publication."""
        return [version for version in self.versions if version.at <= moment][-1]

    def online(self, moment: datetime) -> bool:
        """Whether readers can see it."""
        return self.published_at <= moment and (self.removed_at is None or moment < self.removed_at)


class Plan:
    """Every article with all its states, and every trouble, over ``days`` days from ``start``.

    Attributes:
        articles: In order of publication.
        outages: Troubles of outlets and of the webhook receiver.
        layout_at: When ``layout_outlet`` gets new templates.

    Args:
        faults: Plant every kind of outage, not only the usual two.
    """

    layout_outlet = BY_NAME["tinnhanh"]

    def __init__(self, seed: int, start: datetime = START, days: int = 4, *, faults: bool = False) -> None:
        self.seed = seed
        self.start = start
        self.end = start + timedelta(days=days)
        self.layout_at = start + timedelta(days=days / 2, hours=3)
        self.outages: tuple[Outage, ...] = (
            Outage(BY_NAME["thongtan"].host, *self._window(0.25, hours=2), "503"),
            Outage(BY_NAME["kinhtexanh"].host, *self._window(0.55, minutes=45), "drop"),
            Outage(HOOK, *self._window(0.3, hours=1), "503"),
        )
        if faults:
            self.outages += tuple(
                Outage(BY_NAME[name].host, *self._window(share, hours=3), kind) for name, share, kind in FAULTS
            )
        self.articles: list[Article] = []
        self._rng = Random(seed)
        self._writer = Writer(self._rng)
        self._numbers = {outlet.name: outlet.first_id for outlet in OUTLETS}
        self._draw_up(days)

    def _window(self, share: float, **length: int) -> tuple[datetime, datetime]:
        begin = self.start + (self.end - self.start) * share
        return begin, begin + timedelta(**length)

    # --- drawing it up -------------------------------------------------------------------------------------

    def _draw_up(self, days: int) -> None:
        for outlet in OUTLETS:
            for _ in range(BACKLOG):
                self._original(outlet, self.start - self._minutes(10, BACKLOG_AGE), backlog=True)
            self._fill_sections(outlet)
        originals = [self._original(self._rng.choice(OUTLETS), at) for at in self._times(days)]
        self._bulletins()
        for article in originals:
            if self._rng.random() < COPIED:
                self._syndicate(article)
        self._follow(originals)
        self._correct()
        self._retract(originals)
        self.articles.sort(key=lambda article: (article.published_at, article.outlet.name, article.number))

    def _fill_sections(self, outlet: Outlet) -> None:
        """A section page is never empty: where chance has left one so, a story stands there before the watch begins."""
        rng, at = Random(f"{self.seed} {outlet.name}"), self.start - BACKLOG_AGE / 2
        for kind in {"policy", "rest"}.intersection(outlet.listings.values()):
            there = [
                a for a in self.articles if a.outlet is outlet and (a.story.group == "policy") == (kind == "policy")
            ]
            if not there:
                label: Label = "implementation" if kind == "policy" else "none"
                plain = [topic for topic in topics(label) if topic not in _BULLETINS]
                self._publish(outlet, at, Writer(rng).write(label, rng.choice(plain), at), backlog=True)

    def _times(self, days: int) -> list[datetime]:
        """Moments of publication, spread over the waking hours and never in the last hours of the plan."""
        first = self.start.astimezone(HANOI).date()
        drawn: list[datetime] = []
        while len(drawn) < PER_DAY * days:
            at = _hanoi(first + timedelta(days=self._rng.randint(0, days)), self._rng.randint(*_WAKING))
            if self.start < at < self.end - QUIET:
                drawn.append(at)
        return sorted(drawn)

    def _minutes(self, least: int, most: timedelta) -> timedelta:
        return timedelta(minutes=self._rng.randint(least, int(most.total_seconds() // 60)))

    def _original(self, outlet: Outlet, at: datetime, *, backlog: bool = False) -> Article:
        label: Label = self._rng.choices(LABELS, [MIX[label] for label in LABELS])[0]
        plain = [topic for topic in topics(label) if topic not in _BULLETINS]
        return self._publish(outlet, at, self._writer.write(label, self._rng.choice(plain), at), backlog=backlog)

    def _publish(self, outlet: Outlet, at: datetime, story: Story, *, backlog: bool = False) -> Article:
        number = self._numbers[outlet.name]
        self._numbers[outlet.name] += 1
        article = Article(outlet, self._free(outlet.address(story.title, number, at)), number, [Version(at, story)])
        article.backlog = backlog
        self.articles.append(article)
        return article

    def _free(self, url: str) -> str:
        """Outlets whose addresses carry no number add one when a headline returns, as WordPress does."""
        taken = {article.url for article in self.articles}
        candidates = (url if n == 1 else f"{url.rstrip('/')}-{n}/" for n in range(1, 100))
        return next(candidate for candidate in candidates if candidate not in taken)

    def _bulletins(self) -> None:
        """Weather before six and gold before nine, each at two outlets a day, differing in numbers alone."""
        day = self.start.astimezone(HANOI).date()
        while _hanoi(day, 0) < self.end:
            for topic, minute in _BULLETINS.items():
                for outlet in self._rng.sample(OUTLETS, 2):
                    at = _hanoi(day, minute + self._rng.randint(0, 9))
                    if self.start < at < self.end - QUIET:
                        self._publish(outlet, at, self._writer.write("none", topic, at))
            day += timedelta(days=1)

    def _syndicate(self, article: Article) -> None:
        """Other outlets take a story over; one at most adds its own reporting, as a second would add the same."""
        kinds = list(COPY_KINDS)
        others = [outlet for outlet in OUTLETS if outlet is not article.outlet]
        for outlet in self._rng.sample(others, self._rng.choice((1, 1, 2, 3))):
            at = article.published_at + self._minutes(6, timedelta(hours=self._rng.choice((1, 3, 9))))
            if at < self.end - QUIET:
                kind = self._rng.choice(kinds)
                kinds = [other for other in kinds if kind != ADDS_FACTS or other != kind]
                copy = self._publish(outlet, at, COPY_KINDS[kind](article.story, self._rng))
                copy.copy_of, copy.copy_kind = article, kind

    def _follow(self, originals: list[Article]) -> None:
        in_time = [a for a in originals if a.published_at < self.end - QUIET - timedelta(hours=28)]
        policy = [article for article in in_time if article.story.group == "policy"]
        for article in self._rng.sample(policy, min(FOLLOWED, len(policy))):
            at = article.published_at + timedelta(hours=20) + self._minutes(0, timedelta(hours=8))
            later = self._publish(article.outlet, at, self._writer.follow_up(article.story, at))
            later.follows = article

    def _correct(self) -> None:
        candidates = [a for a in self.articles if not a.backlog and not a.story.bulletin and self._seen_soon(a)]
        for article in self._rng.sample(candidates, int(len(candidates) * CORRECTED)):
            rounds = sorted(self._rng.sample(CORRECTION_AFTER, self._rng.choice((1, 1, 2))))
            for window in rounds:
                self._edit(article, article.published_at + timedelta(minutes=self._rng.randint(*window)))

    def _edit(self, article: Article, at: datetime) -> None:
        before = article.versions[-1].story
        kind, story = corrected(before, self._rng)
        if at < self.end - QUIET:
            article.versions.append(Version(at, story, kind, changed_fields(before, story)))

    def _retract(self, originals: list[Article]) -> None:
        """Originals that nobody copied, continued or corrected go offline 2 to 30 hours after publication."""
        used = {id(a.copy_of) for a in self.articles} | {id(a.follows) for a in self.articles}
        alone = [a for a in originals if id(a) not in used and len(a.versions) == 1 and self._seen_soon(a)]
        alone = [a for a in alone if a.published_at < self.end - QUIET - timedelta(hours=30)]
        for n, article in enumerate(self._rng.sample(alone, min(REMOVED, len(alone)))):
            article.removed_at = article.published_at + self._minutes(120, timedelta(hours=30))
            article.status = (410, 404)[n % 2]

    def _seen_soon(self, article: Article) -> bool:
        """Whether a monitor can have met the article's first state within its usual time."""
        at = article.published_at
        return not any(
            outage.host == article.outlet.host and outage.start - SLOWEST_POLL <= at < outage.end
            for outage in self.outages
        )

    @cached_property
    def document(self) -> str:
        """The number of a document that stories cite, if possible one that is no implementation of policy."""
        new = (article.story for article in self.articles if not article.backlog)
        stories = sorted(new, key=lambda story: story.label == "implementation")
        cited = (found for story in stories if (found := _NUMBER.search(" ".join((story.lead, *story.paragraphs)))))
        return next(cited)[1]

    # --- telling it ----------------------------------------------------------------------------------------

    @cached_property
    def events(self) -> list[Event]:
        """All that happens after the start, in order."""
        found = [event for article in self.articles for event in _events_of(article)]
        for outage in self.outages:
            hook = outage.host == HOOK
            how = _BREAKS[outage.kind]
            found.append(Event(outage.start, "channel_down" if hook else "outage", outage.host, how))
            found.append(Event(outage.end, "channel_up" if hook else "recover", outage.host, "works again"))
        found.append(Event(self.layout_at, "layout", self.layout_outlet.host, "changes its page layout"))
        return sorted((e for e in found if e.at > self.start), key=lambda e: (e.at, e.host, e.url))

    def truth(self, until: datetime) -> Truth:
        """All that happened up to and including that moment (aware UTC)."""
        published = [a for a in self.articles if a.published_at <= until]
        edits = [edit for article in published for edit in _edits_of(article) if edit.at <= until]
        removals = [
            Removal(a.outlet.name, a.url, a.removed_at, a.status)
            for a in published
            if a.removed_at is not None and a.removed_at <= until
        ]
        return Truth(
            published=tuple(_published(article) for article in published),
            edits=tuple(sorted(edits, key=lambda edit: (edit.at, edit.url))),
            removals=tuple(sorted(removals, key=lambda removal: (removal.at, removal.url))),
            outages=tuple(outage for outage in self.outages if outage.start <= until),
        )


_NUMBER = re.compile(r"số (\d+(?:/\d{4})?/[\w-]+)")
_BULLETINS = {"du-bao-thoi-tiet": 345, "gia-vang": 520}
"""Topic and minute of the Hanoi day."""


def _hanoi(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), HANOI).astimezone(UTC)


def _published(article: Article) -> Published:
    return Published(
        outlet=article.outlet.name,
        url=article.url,
        title=article.story.title,
        topic=article.story.topic,
        label=article.story.label,
        published_at=article.published_at,
        backlog=article.backlog,
        copy_of=article.copy_of.url if article.copy_of else "",
        copy_kind=article.copy_kind,
        follows=article.follows.url if article.follows else "",
    )


def _edits_of(article: Article) -> list[Edit]:
    ends = [*(version.at for version in article.versions[1:]), article.removed_at]
    return [
        Edit(article.outlet.name, article.url, version.at, version.kind, version.fields, end)
        for version, end in zip(article.versions, ends, strict=True)
        if version.kind
    ]


def _events_of(article: Article) -> list[Event]:
    host, url = article.outlet.host, article.url
    took = f"takes over a story from {article.copy_of.outlet.host} ({article.copy_kind})" if article.copy_of else ""
    kind: EventKind = "copy" if took else "publish"
    found = [Event(article.published_at, kind, host, took or "publishes", url, article.story.title)]
    found += [
        Event(version.at, "correct", host, _CORRECTS[version.kind], url, version.story.title)
        for version in article.versions[1:]
    ]
    if article.removed_at is not None:
        words = f"takes offline ({article.status})"
        found.append(Event(article.removed_at, "remove", host, words, url, article.versions[-1].story.title))
    return found


_BREAKS: dict[FaultKind, str] = {
    "503": "answers 503",
    "drop": "drops connections",
    "challenge": "challenges visitors",
    "refused": "refuses visitors",
    "blank": "sends empty pages",
    "bare": "lists no articles",
}
_CORRECTS = {
    "headline": "corrects a headline",
    "figure": "corrects a figure",
    "lead": "rewrites a lead",
    "paragraph added": "adds a paragraph",
    "paragraph removed": "removes a paragraph",
}
