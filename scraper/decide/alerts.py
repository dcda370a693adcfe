"""Which watches ask to be told of an article or a source, and what they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from scraper import revise, schedule
from scraper.config import Watch
from scraper.decide.matching import Reading, Why, matched
from scraper.decide.rules import Rules
from scraper.models import ArticleData
from scraper.values import Change, EventName, Intent, Judgement, Known, KnownArticle, Match

REASONS_TOLD = 5
"""Reasons that travel with an alert, the strongest first; the archive keeps them all."""

ADDED_TOLD, ADDED_LENGTH = 3, 300
"""Passages that a copy adds and letters of each, in its message."""

SKEW = timedelta(hours=1)
"""How far ahead an outlet's clock may be; a date beyond is a mistake, or made to be told."""

Wanting = tuple[Watch, Why]


@dataclass(frozen=True, slots=True)
class _Told:
    """What all messages about one article have in common."""

    article: Reading
    data: ArticleData
    judgement: Judgement
    source: str
    rules: Rules
    now: datetime


def of_article(  # noqa: PLR0913 - all that an article's alerts depend on
    data: ArticleData,
    known: Known,
    rules: Rules,
    now: datetime,
    *,
    change: Change,
    match: Match | None,
    judgement: Judgement,
    source: str,
) -> Iterator[Intent]:
    """What is to be told of an article that is new or was edited.

    A story is told once, whichever outlet it came from; a copy only when it adds facts, or when nobody asked to be
    told of the story as other outlets had it. Edits of copies are not told as such, only of what stands for the story;
    one that makes a copy the first of its story that is asked for tells the story.
    """
    if change.kind not in {"new", "substantive"}:
        return
    about = _Told(Reading(data), data, judgement, source, rules, now)
    if known.same is not None and known.same.copy_of is None:
        changed, mark = [revise.sentence(change.edits)], str(known.same.revisions + 1)
        yield from _asked("edited", about, mark=mark, changed=changed)
    if not _is_news(data.published_at, known, rules, now):
        return
    if match is not None and match.adds_facts:
        yield from _asked("adds_facts", about, adds=_added(match, known, data))
    elif _story_is_news(match, known, rules, now):
        yield from _asked("new", about)


def story_event(
    event: EventName, article: KnownArticle, rules: Rules, now: datetime, *, mark: str
) -> tuple[Intent, ...]:
    """What is to be told when a story's page is removed or returns; nothing of a copy's."""
    if article.copy_of is not None or article.data is None:
        return ()
    judgement = Judgement(article.label, 0.0, article.score)
    about = _Told(Reading(article.data), article.data, judgement, article.source, rules, now)
    return tuple(_asked(event, about, mark=mark))


def source_event(
    event: EventName, source: str, facts: Mapping[str, Any], rules: Rules, now: datetime
) -> tuple[Intent, ...]:
    """What watches are to be told of a source's trouble or recovery; only their outlets choose."""
    wanting: list[Wanting] = [
        (watch, (f"outlet {source}",) if watch.outlets else ())
        for watch in rules.watches
        if watch.wants(event) and (not watch.outlets or source in watch.outlets)
    ]
    return tuple(_intents(event, wanting, facts, rules, now))


def _asked(event: EventName, about: _Told, *, mark: str = "", **more: object) -> Iterator[Intent]:
    rules, source = about.rules, about.source
    wanting = [
        (watch, why)
        for watch in rules.watches
        if watch.wants(event) and (why := matched(watch, about.article, about.judgement, source)) is not None
    ]
    if wanting:
        facts = _facts(about.data, about.judgement, source, rules.titles.get(source, source)) | more
        yield from _intents(event, wanting, facts, rules, about.now, mark)


def _intents(
    event: EventName,
    wanting: Iterable[Wanting],
    facts: Mapping[str, Any],
    rules: Rules,
    now: datetime,
    mark: str = "",
) -> Iterator[Intent]:
    """One message a channel, for the watch that is told first; it names all that asked."""
    by_channel: dict[str, list[tuple[datetime, Wanting]]] = {}
    for watch, why in wanting:
        due = schedule.next_time_of_day(watch.digest, rules.zone, now) if watch.digest else now
        for channel in watch.channels:
            by_channel.setdefault(channel, []).append((due, (watch, why)))
    for channel, asking in by_channel.items():
        due, (first, _) = min(asking, key=lambda one: one[0])
        watches = [{"name": watch.name, "why": list(why)} for _, (watch, why) in asking]
        yield Intent(
            event, first.name, channel, {**facts, "watches": watches}, mark, due if first.digest is not None else None
        )


def _added(match: Match, known: Known, data: ArticleData) -> list[str]:
    """What a copy has that the story's other articles have not, in its own words."""
    others = [one for one in known.candidates if one.story == match.story]
    story = ArticleData(url="", text="\n\n".join(text for one in others for text in (one.lead, one.text) if text))
    added = revise.differences(story, data).added if others else ()
    return [passage[:ADDED_LENGTH] for passage in added[:ADDED_TOLD]]


def _story_is_news(match: Match | None, known: Known, rules: Rules, now: datetime) -> bool:
    """Whether the story of a copy came out since the watch began, and not too long ago; what is no copy is its own."""
    if match is not None:
        at = next((one.story_at for one in known.candidates if one.story == match.story), None)
    elif known.same is not None and known.same.copy_of is not None:
        at = known.same.story_at
    else:
        return True
    return at is not None and at >= (known.added_at or now) and now - at <= rules.max_age


def _is_news(published: datetime | None, known: Known, rules: Rules, now: datetime) -> bool:
    """Published after the source was added and not too long ago; without a date, first seen after the baseline.

    A date to come is none: it would pass for news at every poll.
    """
    first_seen = known.same.seen_at if known.same else now
    if published is None or published - now > SKEW:
        return not known.baseline and now - first_seen <= rules.max_age
    if known.baseline and known.added_at is not None and published < known.added_at:
        return False
    return now - published <= rules.max_age


def _facts(data: ArticleData, judgement: Judgement, source: str, outlet: str) -> dict[str, Any]:
    strongest = sorted(judgement.reasons, key=lambda reason: -abs(reason.weight))[:REASONS_TOLD]
    return {
        "title": data.title,
        "lead": data.lead,
        "url": data.url,
        "outlet": outlet,
        "source": source,
        "section": data.section,
        "place": data.place,
        "published_at": data.published_at.isoformat() if data.published_at else None,
        "label": judgement.label,
        "score": round(judgement.score, 4),
        "points": judgement.points,
        "reasons": [asdict(reason) for reason in strongest],
    }
