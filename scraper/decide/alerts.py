"""Which alert rules ask to be told of an article, and what they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scraper import revise
from scraper.config import AlertRule
from scraper.decide.rules import Rules
from scraper.models import ArticleData
from scraper.text import match_form
from scraper.values import Change, EventName, Intent, Judgement, Known, KnownArticle, Match

REASONS_TOLD = 5
"""Reasons that travel with an alert, the strongest first; the archive keeps them all."""


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
    told of the story as other outlets had it. Edits of copies are not told: those of the story are.
    """
    if change.kind not in {"new", "substantive"} or (known.same is not None and known.same.copy_of is not None):
        return
    if known.same is not None:
        changed, mark = [revise.sentence(change.edits)], str(known.same.revisions + 1)
        yield from _asked("edited", data, judgement, rules, source, mark=mark, changed=changed)
    if not _is_news(data.published_at, known, rules, now):
        return
    if match is not None and match.adds_facts:
        yield from _asked("adds_facts", data, judgement, rules, source)
    elif match is None or _story_is_news(match, known, rules, now):
        yield from _asked("new", data, judgement, rules, source)


def story_event(event: EventName, article: KnownArticle, rules: Rules, mark: str) -> tuple[Intent, ...]:
    """What is to be told when a story's page is removed or returns; nothing of a copy's."""
    if article.copy_of is not None or article.data is None:
        return ()
    judgement = Judgement(article.label, 0.0, article.score)
    return tuple(_asked(event, article.data, judgement, rules, article.source, mark=mark))


def _asked(
    event: EventName,
    data: ArticleData,
    judgement: Judgement,
    rules: Rules,
    source: str,
    *,
    mark: str = "",
    **more: object,
) -> Iterator[Intent]:
    for rule in rules.alerts:
        if event in rule.events and _wants(rule, data, judgement, source):
            facts = _facts(data, judgement, source, rules.titles.get(source, source)) | more
            for channel in rule.channels:
                yield Intent(event, rule.name, channel, facts, mark)


def _story_is_news(match: Match, known: Known, rules: Rules, now: datetime) -> bool:
    """Whether the story that a copy joins came out since the watch began, and not too long ago."""
    story = next((one for one in known.candidates if one.story == match.story), None)
    since = known.added_at or now
    return story is not None and story.story_at >= since and now - story.story_at <= rules.max_age


def _is_news(published: datetime | None, known: Known, rules: Rules, now: datetime) -> bool:
    """Published after the source was added and not too long ago; without a date, first seen after the baseline."""
    first_seen = known.same.seen_at if known.same else now
    if published is None:
        return not known.baseline and now - first_seen <= rules.max_age
    if known.baseline and known.added_at is not None and published < known.added_at:
        return False
    return now - published <= rules.max_age


def _wants(rule: AlertRule, data: ArticleData, judgement: Judgement, source: str) -> bool:
    if rule.labels and judgement.label not in rule.labels:
        return False
    if judgement.score < rule.min_score or (rule.outlets and source not in rule.outlets):
        return False
    return not rule.words or _contains_any(rule.words, (data.title, data.lead, data.text))


def _contains_any(words: Sequence[str], texts: Sequence[str]) -> bool:
    haystack = f" {' '.join(match_form(text) for text in texts)} "
    return any(match_form(word) in haystack for word in words)


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
