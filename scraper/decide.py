"""(data, known, rules, now) -> Outcome. Pure: composes dedupe, revise and flag, and asks for the alerts due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scraper import dedupe, flag, revise, schedule
from scraper.config import AlertRule, Config, Policy
from scraper.models import ArticleData
from scraper.text import match_form
from scraper.values import Change, Health, Intent, Judgement, Known, Match, Outcome, Page, Reason

REASONS_TOLD = 5
"""Reasons that travel with an alert, the strongest first; the archive keeps them all."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision depends on beside the article and the archive."""

    policy: Policy
    alerts: tuple[AlertRule, ...]
    max_age: timedelta
    recheck: tuple[timedelta, ...]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, config: Config) -> Rules:
        """The rules that a configuration sets."""
        return cls(
            policy=config.policy,
            alerts=tuple(config.settings.alerts),
            max_age=config.settings.alerting.max_age,
            recheck=tuple(config.settings.schedule.recheck),
            titles={name: source.title for name, source in config.sources.items()},
        )


def decide(
    data: ArticleData,
    known: Known,
    rules: Rules,
    now: datetime,
    *,
    source: str,
    key: str,
    page: Page | None = None,
) -> Outcome:
    """All that one parsed article means: copy or not, edit or not, label, alerts, next look.

    Args:
        data: The article as parsed now.
        known: What the archive holds that bears on it.
        rules: Policy, alert rules, ages of re-checks.
        now: The present moment, aware UTC.
        source: The source's name.
        key: The article's key within the archive.
        page: The answer it was read from, kept as the revision's snapshot.
    """
    change = revise.compare(known.same, data)
    match = dedupe.match(data.text, known)
    judgement = flag.judge(data, rules.policy)
    published = data.published_at or (known.same.seen_at if known.same else now)
    tellable = _is_fresh(change, match, known) and _is_news(data, known, rules.max_age, now)
    return Outcome(
        source=source,
        key=key,
        data=data,
        content_hash=revise.hash_of(data),
        text_hash=dedupe.probe(data.text),
        change=change,
        judgement=judgement,
        match=match,
        intents=tuple(_intents(data, judgement, rules, source)) if tellable else (),
        now=now,
        next_recheck_at=schedule.next_recheck(rules.recheck, published, key, now),
        policy_version=rules.policy.version,
        same=known.same,
        page=page,
    )


def _is_fresh(change: Change, match: Match | None, known: Known) -> bool:
    """New, or edited into something else; copies were told with their story. The outbox drops repeats."""
    if change.kind not in {"new", "substantive"} or match is not None:
        return False
    return known.same is None or known.same.copy_of is None


def _intents(data: ArticleData, judgement: Judgement, rules: Rules, source: str) -> Iterator[Intent]:
    for rule in rules.alerts:
        if _wants(rule, data, judgement, source):
            facts = _facts(data, judgement, source, rules.titles.get(source, source))
            for channel in rule.channels:
                yield Intent("new", rule.name, channel, facts)


def _is_news(data: ArticleData, known: Known, max_age: timedelta, now: datetime) -> bool:
    """Published after the source was added and not too long ago; without a date, first seen after the baseline."""
    first_seen = known.same.seen_at if known.same else now
    if data.published_at is None:
        return not known.baseline and now - first_seen <= max_age
    if known.baseline and known.added_at is not None and data.published_at < known.added_at:
        return False
    return now - data.published_at <= max_age


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
        "reasons": [as_dict(reason) for reason in strongest],
    }


def as_dict(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored and sent."""
    return {"rule": reason.rule, "field": reason.field, "matched": reason.matched, "weight": reason.weight}


def health(before: Health, failure: str, after: int, now: datetime) -> Health:
    """How a source stands after a poll: reported once when it has failed ``after`` times, once when it recovers.

    Args:
        before: How it stood.
        failure: What went wrong, ``""`` when the poll went well.
        after: Failed polls in a row before it is reported.
        now: The present moment, aware UTC.
    """
    if not failure:
        return Health(event="source_recovered" if before.trouble_since else None)
    failures = before.failures + 1
    if before.trouble_since or failures < after:
        return Health(failures, before.trouble_since)
    return Health(failures, now, "source_broken")
