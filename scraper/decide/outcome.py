"""All that one parsed article means for the archive."""

from __future__ import annotations

from datetime import datetime

from scraper import dedupe, facts, flag, revise, schedule
from scraper.decide import alerts
from scraper.decide.doubt import Weighed, weigh
from scraper.decide.rules import Rules
from scraper.models import ArticleData
from scraper.values import Intent, Known, Outcome, Page, Place


def decide(  # noqa: PLR0913 - what was read, what is known, how to decide
    data: ArticleData,
    known: Known,
    rules: Rules,
    now: datetime,
    *,
    source: str,
    key: str,
    text: dedupe.Sketch | None = None,
    reader: str = "",
    page: Page | None = None,
) -> Outcome:
    """All that one parsed article means: copy or not, edit or not, label, alerts, next look.

    Args:
        data: The article as parsed now.
        known: What the archive holds that bears on it.
        rules: Policy, watches, ages of re-checks.
        now: The present moment, aware UTC.
        source: The source's name.
        key: The article's key within the archive.
        text: The article taken apart, where that was done before.
        reader: The parser and the rules that read it.
        page: The answer it was read from, kept as the revision's snapshot.
    """
    text = text or dedupe.sketch_of(data)
    content_hash = revise.hash_of(data)
    weighed = weigh(revise.compare(known.same, data), data, content_hash, known, reader, now)
    judgement = flag.judge(data, rules.policy)
    published = data.published_at or (known.same.seen_at if known.same else now)
    at = min(published, now)
    place = dedupe.place(text, known, source, at, agencies=rules.agencies) if known.same is None else Place()
    told = alerts.of_article(
        data, known, rules, now, change=weighed.change, match=place.match, judgement=judgement, source=source
    )
    return Outcome(
        source=source,
        key=key,
        data=data,
        content_hash=content_hash,
        text_hash=text.text_hash,
        sample=text.sample,
        old_sample=_old_sample(known, content_hash),
        change=weighed.change,
        judgement=judgement,
        place=place,
        intents=(*told, *_returned(weighed, known, rules, now)),
        now=now,
        next_recheck_at=_next_look(weighed, known, published, rules, key, now),
        policy_version=rules.policy.version,
        reader=reader,
        doubt=weighed.doubt,
        flapped=weighed.flapped,
        same=known.same,
        page=page,
        mentions=facts.mentions(data) if weighed.change.kind not in {"unchanged", "held"} else (),
    )


def _returned(weighed: Weighed, known: Known, rules: Rules, now: datetime) -> tuple[Intent, ...]:
    same = known.same
    if same is None or same.gone_since is None or same.state != "removed" or weighed.doubt is not None:
        return ()
    return alerts.story_event("returned", same, rules, now, mark=same.gone_since.isoformat())


def _old_sample(known: Known, content_hash: str) -> tuple[int, ...]:
    if known.same is None or known.same.data is None or known.same.content_hash == content_hash:
        return ()
    return dedupe.sketch_of(known.same.data).sample


def _next_look(
    weighed: Weighed, known: Known, published: datetime, rules: Rules, key: str, now: datetime
) -> datetime | None:
    """As its age says; sooner while a change waits for agreement."""
    changed_at = now if weighed.change.kind == "substantive" else known.same.changed_at if known.same else None
    usual = schedule.next_recheck(rules.recheck, published, changed_at, key, now)
    if weighed.doubt is None:
        return usual
    looks, apart = schedule.CONFIRM[weighed.doubt.reason]
    return usual if weighed.doubt.looks > looks + 1 and weighed.doubt.reason == "broken" else now + apart
