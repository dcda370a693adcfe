"""What a watch would have told of what the archive holds. Pure: the same decisions as at the time, told to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from scraper.config import Watch
from scraper.decide import alerts
from scraper.decide.matching import Why
from scraper.decide.rules import Rules
from scraper.models import ArticleData
from scraper.values import Change, EventName, Intent, Judgement, Known, KnownArticle, Match

_DAWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One moment at which an article was read, removed or back again.

    Attributes:
        at: When it was seen, aware UTC.
        story: The article that stands for its story.
        known: What was known of it then.
        match: The story that it was a copy of when it was first read.
        wanted: Whether it is asked about; others only tell which stories had been told before.
    """

    at: datetime
    kind: Literal["read", "removed", "returned"]
    article_id: int
    story: int
    source: str
    data: ArticleData
    judgement: Judgement
    known: Known = field(default_factory=Known)
    change: Change = field(default_factory=lambda: Change("new"))
    match: Match | None = None
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """One moment at which a source was reported as broken or as well again, and what was said of it."""

    at: datetime
    event: EventName
    source: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """One event that a watch asks to be told of.

    Attributes:
        at: When it was seen, aware UTC.
        score: Probability of ``implementation``, 0 to 1; of a source's trouble 0, and no label.
        why: The conditions that were met.
        news: Whether it would have been told; false for stories older than their source's watching or than
            ``alerting.max_age``.
    """

    at: datetime
    event: EventName
    article_id: int | None
    title: str
    url: str
    outlet: str
    label: str
    score: float
    why: Why
    news: bool


def replay(watch: Watch, moments: Iterable[Occasion | Trouble], rules: Rules) -> list[Hit]:
    """What a watch would have told of these moments, in order of time; each story is new once.

    Args:
        watch: What is asked for; its channels and its digest do not matter.
        moments: Those of one story must come in order of time.
        rules: What decides beside the watch.
    """
    alone = watch.model_copy(update={"channels": ["replay"], "digest": None})
    strict = replace(rules, watches=(alone,))
    lenient = replace(strict, max_age=timedelta.max)
    found: list[Hit] = []
    told: set[tuple[int, bool]] = set()
    for moment in moments:
        if isinstance(moment, Trouble):
            said = alerts.source_event(moment.event, moment.source, moment.facts, strict, moment.at)
            found += [_hit(intent, moment.at, None, news=True) for intent in said]
            continue
        for intent in _asked(moment, lenient, old=True):
            news = any(other.event == intent.event for other in _asked(moment, strict))
            if intent.event == "new" and (moment.story, news) in told:
                continue
            if intent.event in {"new", "adds_facts"}:
                told |= {(moment.story, False), (moment.story, news)}
            if moment.wanted:
                found.append(_hit(intent, moment.at, moment.article_id, news=news))
    return sorted(found, key=lambda hit: hit.at)


def _asked(moment: Occasion, rules: Rules, *, old: bool = False) -> list[Intent]:
    """What is asked for at a moment; with ``old``, whether it was news or not."""
    if moment.kind != "read":
        article = _as_known(moment)
        return list(alerts.story_event(moment.kind, article, rules, moment.at, mark=moment.at.isoformat()))
    known = replace(moment.known, baseline=False, added_at=_DAWN) if old else moment.known
    return list(
        alerts.of_article(
            moment.data,
            known,
            rules,
            moment.at,
            change=moment.change,
            match=moment.match,
            judgement=moment.judgement,
            source=moment.source,
        )
    )


def _as_known(moment: Occasion) -> KnownArticle:
    return KnownArticle(
        id=moment.article_id,
        source=moment.source,
        key="",
        url=moment.data.url,
        content_hash="",
        seen_at=moment.at,
        copy_of=moment.story if moment.story != moment.article_id else None,
        label=moment.judgement.label,
        score=moment.judgement.score,
        data=moment.data,
    )


def _hit(intent: Intent, at: datetime, article_id: int | None, *, news: bool) -> Hit:
    facts = intent.facts
    return Hit(
        at=at,
        event=intent.event,
        article_id=article_id,
        title=str(facts.get("title") or facts.get("cause") or ""),
        url=str(facts.get("url") or ""),
        outlet=str(facts["source"]),
        label=str(facts.get("label") or ""),
        score=float(facts.get("score") or 0.0),
        why=tuple(facts["watches"][0]["why"]),
        news=news,
    )
