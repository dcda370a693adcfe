"""One poll of a source, from its listings to how it stands: what was found, what ails it, who is told, what is next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper import pipeline, schedule, store
from scraper.config import Source
from scraper.decide import health, misread, silence, source_event
from scraper.desk import Desk
from scraper.pipeline import Polled, Seen
from scraper.rhythm import Rhythm
from scraper.store import Standing, Tried
from scraper.values import EventName, Health, Intent

MIN_TRIED = 3
"""Articles that must all fail before a poll counts as failed: one bad page is the page's fault."""

CUT_OFF_RETRY = timedelta(minutes=2)
"""How soon a source is polled again when this machine reached nobody: no server is burdened by it."""

ASLEEP = timedelta(hours=1)
"""A poll that comes so much later than it was due comes after a sleep: the time before it was not watched."""

PROVED_WITHIN = timedelta(hours=6)
"""An answer of some other host this recent proves that this machine is not cut off."""


@dataclass(frozen=True, slots=True)
class PollDone:
    """How one poll of a source went.

    Attributes:
        gaps: Listings between whose last poll and this one stories may have been missed, in words.
        blamed: Whether the error counts against the source, not against this machine's own network.
    """

    source: str
    links: int
    new: int
    next_check_at: datetime
    error: str = ""
    event: EventName | None = None
    gaps: tuple[str, ...] = ()
    blamed: bool = True


def poll(source: Source, row: Standing, desk: Desk, tell: Callable[[Seen], None]) -> PollDone:
    """Poll one source and write how it went, with the messages about gaps, trouble and recovery.

    New articles are fetched before that is judged; those that other processes fetch (``desk.queue``) count at the next
    poll.

    Args:
        source: Which.
        row: What is remembered of it.
        desk: What to work with.
        tell: Is given what became of each article.
    """
    rhythm = store.rhythm(desk.db, row, source.zone, desk.clock.now())
    polled = pipeline.poll(source, desk, rhythm=rhythm)
    for seen in pipeline.new_articles(source, desk) if desk.queue is None else ():
        tell(seen)
    desk.claim(source.name)
    now = desk.clock.now()
    tried = store.tried(desk.db, source.name, row.last_polled_at)
    failed = _failure(polled, tried)
    if failed and polled.unreached and (since := desk.fetcher.reach.cut_off_since):
        store.log_fetches(desk.db, polled.lines)
        return _cut_off(source, desk, since, now)
    quiet_since = _quiet_since(row, polled, now)
    silent = silence(rhythm, quiet_since, now, desk.config.settings.trouble.silence)
    error = failed or _misread(source, desk, row, now, anything_new=tried.links > 0) or silent
    state = _state(polled, desk, row, error, now)
    next_check_at = _next_poll(source, desk, rhythm, state.failures if failed else 0, now)
    store.finish_poll(
        desk.db,
        row,
        now=now,
        next_check_at=next_check_at,
        health=state,
        links=polled.links,
        new=polled.new,
        error=error,
        quiet_since=quiet_since,
        rhythm=rhythm,
        fetched=polled.lines,
        intents=[
            *_trouble(source, desk, state, error, row.trouble_since or now, now),
            *_gaps(source, desk, polled, now),
        ],
    )
    return PollDone(source.name, polled.links, polled.new, next_check_at, error, state.event, polled.gaps)


def _failure(polled: Polled, tried: Tried) -> str:
    if tried.links >= MIN_TRIED and tried.failed == tried.links:
        return "; ".join([*polled.errors, f"none of {tried.failed} articles could be read: {tried.error}"])
    return "; ".join(polled.errors)


def _cut_off(source: Source, desk: Desk, since: datetime, now: datetime) -> PollDone:
    """This machine reaches nobody: nothing is held against the source, and it is polled again soon."""
    error = f"this machine has reached no server since {since:%Y-%m-%d %H:%M} UTC; check its network"
    store.put_off(desk.db, source.name, now + CUT_OFF_RETRY)
    return PollDone(source.name, 0, 0, now + CUT_OFF_RETRY, error, blamed=False)


def _quiet_since(row: Standing, polled: Polled, now: datetime) -> datetime:
    """Since when the source was watched and brought nothing; time that this machine slept through is not watched."""
    asleep = row.last_polled_at is not None and now - row.next_check_at > ASLEEP
    return now if polled.new or asleep or row.quiet_since is None else row.quiet_since


def _misread(source: Source, desk: Desk, row: Standing, now: datetime, *, anything_new: bool) -> str:
    """Whether a source's articles are read otherwise than they were; not asked anew of a well one that brought none."""
    if layout := store.layout_fault(desk.db, source.name, now):
        return layout
    if not anything_new and not row.failures:
        return ""
    return misread(store.readings(desk.db, source.name, row.trouble_since), source.name)


def _state(polled: Polled, desk: Desk, row: Standing, error: str, now: datetime) -> Health:
    settings = desk.config.settings.trouble
    before = Health(row.failures, row.trouble_since, row.told_at)
    state = health(before, error, settings.after, now, settings.repeat)
    alone = len(desk.config.enabled) == 1
    if polled.unreached and state.event and not alone and not desk.fetcher.reach.proved_since(now - PROVED_WITHIN):
        return replace(before, failures=max(before.failures, settings.after - 1))  # until another host has answered
    return state


def _next_poll(source: Source, desk: Desk, rhythm: Rhythm | None, failures: int, now: datetime) -> datetime:
    settings = desk.config.settings.schedule
    normal = schedule.next_check(source.schedule, settings.every, now, source.zone, rhythm=rhythm)
    return schedule.after_failure(normal, failures, now, settings.slowest) if failures else normal


def _trouble(source: Source, desk: Desk, state: Health, cause: str, since: datetime, now: datetime) -> list[Intent]:
    if state.event is None:
        return []
    return _told(state.event, source, desk, {"cause": cause, "since": since.isoformat()}, now)


def _gaps(source: Source, desk: Desk, polled: Polled, now: datetime) -> list[Intent]:
    return _told("source_gap", source, desk, {"cause": "; ".join(polled.gaps)}, now) if polled.gaps else []


def _told(event: EventName, source: Source, desk: Desk, facts: dict[str, str], now: datetime) -> list[Intent]:
    """Told to the channels of ``[trouble]``, and to watches that ask for it on others."""
    facts = {"outlet": source.title, "source": source.name, **facts}
    told = [Intent(event, "sources", channel, facts) for channel in desk.config.settings.trouble.channels]
    return [*told, *source_event(event, source.name, facts, desk.rules, now)]
