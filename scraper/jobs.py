"""The named jobs that every runner shares: visit (poll and recheck), deliver, daily, tidy; and what of them is due.

A job never raises for what goes wrong outside: failures are counted where they belong and reported as values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from scraper import alert, digest, pipeline, polling, schedule, store
from scraper.alert import Sender
from scraper.config import Config
from scraper.crew import STUCK, Crew, PoolCrew
from scraper.decide import Rules
from scraper.desk import Desk
from scraper.errors import DeliveryError
from scraper.fetch import Fetcher, PoliteHosts
from scraper.pipeline import Seen
from scraper.polling import PollDone
from scraper.schedule import next_time_of_day
from scraper.store import Database, Tidied
from scraper.values import Clock, Message, Pending, Recheck

DAY = timedelta(days=1)
LATE = timedelta(hours=12)
"""How long after its time a day's digest is still written: a morning mail that comes in the evening is none."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a channel said to one message."""

    message: Message
    error: str = ""
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A job that could not go on; it is begun again after a rest."""

    job: str
    error: Exception


Report = PollDone | Seen | Delivered | Tidied | Broken
Tell = Callable[[Report], None]


@contextmanager
def open_desk(
    config: Config, data: Path, clock: Clock, *, stopping: Callable[[], bool] = lambda: False
) -> Iterator[Desk]:
    """Open the archive and a fetcher for a configuration, and know all its sources.

    Raises:
        StoreError: The archive cannot be opened.
    """
    db = store.open_archive(data, config.settings.database_url)
    try:
        with open_fetcher(config, db, clock) as fetcher:
            store.ensure_sources(db, config.enabled, clock.now())
            store.mend_clock(db, clock.now())
            yield Desk(db, config, Rules.of(config, store.learned(db)), fetcher, clock, stopping)
    finally:
        db.close()


def open_fetcher(config: Config, db: Database, clock: Clock) -> Fetcher:
    """A fetcher whose turns at hosts, and promises to them, are kept in the archive."""
    return Fetcher(config.settings.fetch, clock, PoliteHosts(clock, store.HostRows(db)))


def manned(desk: Desk, crew: PoolCrew) -> Desk:
    """The desk for jobs that a crew does: they show signs of life, and end when the crew has given them up."""
    return replace(desk, stopping=lambda: crew.called_off() or desk.stopping(), given_up=crew.given_up)


# --- the jobs ----------------------------------------------------------------------------------------------


def visit(name: str, desk: Desk, tell: Tell) -> None:
    """Do everything that is due at one source: poll its listings, fetch what waits, look again at old articles."""
    poll(name, desk, tell)
    for seen in pipeline.rechecks(desk.config.sources[name], desk):
        tell(seen)


def poll(name: str, desk: Desk, tell: Tell) -> None:
    """Poll a source's listings if they are due; new articles are fetched, or left to others (``desk.queue``)."""
    store.check_room(desk.db, desk.config.settings.keep)
    standing = store.standing(desk.db, name)
    if standing.next_check_at <= desk.clock.now():
        tell(polling.poll(desk.config.sources[name], standing, desk, tell))


def article(name: str, pending: Pending, desk: Desk, tell: Tell) -> None:
    """Fetch, read and store one link of a source that waits."""
    store.check_room(desk.db, desk.config.settings.keep)
    tell(pipeline.new_article(desk.config.sources[name], pending, desk))


def recheck(item: Recheck, desk: Desk, tell: Tell) -> None:
    """Look again at one stored article that is due."""
    tell(pipeline.recheck(desk.config.sources[item.source], item, desk))


def daily(desk: Desk) -> list[str]:
    """Write the day's digest for every channel that asks for it, once its time has come; they go out as all messages.

    A time that passed longer than :data:`LATE` ago is left out: after a long stop nobody wants yesterday's news.

    Returns:
        The channels that it was written for.
    """
    settings, now = desk.config.settings, desk.clock.now()
    if not settings.digest.channels:
        return []
    until = next_time_of_day(settings.digest.at, ZoneInfo(settings.alerting.timezone), now - DAY)
    day = f"{until.astimezone(ZoneInfo(settings.alerting.timezone)):%Y-%m-%d}"
    if now - until > LATE:
        return []
    waiting = [name for name in settings.digest.channels if not store.has_daily(desk.db, name, day)]
    if not waiting:
        return []
    message = _digest(desk, until)
    return [name for name in waiting if store.enqueue_daily(desk.db, name, day, message, now)]


def _digest(desk: Desk, until: datetime) -> dict[str, str]:
    language, outlet = desk.config.settings.digest.language, desk.config.outlet
    found = digest.compile_digest(desk.db, until - DAY, until)
    return {
        "subject": digest.subject(found, language),
        "text": digest.to_text(found, language, outlet),
        "html": digest.to_html(found, language, outlet),
    }


def deliver(channel: str, desk: Desk, sender: Sender, tell: Tell) -> None:
    """Send a channel's waiting messages, digests whose time has come among them, in order.

    The first that fails holds back the rest until its next try.
    """
    while messages := store.due_messages(desk.db, channel, desk.clock.now()):
        for message in messages:
            if desk.stopping():
                return
            delivered = _send(message, desk, sender)
            tell(delivered)
            if delivered.next_try_at is not None:
                return


def _send(message: Message, desk: Desk, sender: Sender) -> Delivered:
    settings = desk.config.settings
    channel = settings.channels.get(message.channel)
    if channel is None:
        error = f"channel {message.channel} is not in settings.toml any more; 'scraper alerts --retry' after mending it"
        store.mark_failed(desk.db, message, error, None)
        return Delivered(message, error)
    try:
        alert.send(message, channel, sender)
    except DeliveryError as error:
        again = alert.next_try(
            message.tries + 1,
            settings.alerting.retry_first,
            settings.alerting.retry_longest,
            desk.clock.now(),
            message.key,
        )
        next_try_at = max(again, error.retry_at or again) if error.retry else None
        store.mark_failed(desk.db, message, str(error), next_try_at)
        return Delivered(message, str(error), next_try_at)
    store.mark_sent(desk.db, message, desk.clock.now())
    return Delivered(message)


def tidy(desk: Desk, tell: Tell) -> None:
    """Delete what has passed its time and let the archive put itself in order."""
    tell(store.tidy(desk.db, desk.config.settings.keep, desk.clock.now()))
    store.compact(desk.db)


# --- what is due --------------------------------------------------------------------------------------------


def start_visits(desk: Desk, crew: Crew, tell: Tell) -> None:
    """Begin a visit to every enabled source where something is due and none is under way."""
    now = desk.clock.now()
    due = dict.fromkeys([*store.due_sources(desk.db, now), *store.with_rechecks(desk.db, now)])
    crew.start_all(
        (key, partial(visit, name, desk, tell), partial(step_over, name, desk))
        for name in due
        if desk.config.polls(name) and not crew.does(key := f"source {name}")
    )


def step_over(name: str, desk: Desk) -> None:
    """Put off what a visit got stuck at, so that neither the next one nor other sources' get stuck behind it.

    Articles are fetched in the order in which they wait, so it is the first that still does; else the first re-check
    that is due; else the listing.
    """
    desk.deciding.take_back(name)
    now = desk.clock.now()
    rechecks = store.due_rechecks(desk.db, [name], now)
    if waiting := store.pick(desk.db, name, now, limit=1):
        put_off_link(waiting[0].id, desk)
    elif rechecks:
        put_off_recheck(rechecks[0].article_id, desk)
    else:
        put_off_poll(name, desk)


def put_off_poll(name: str, desk: Desk) -> None:
    """Put off the poll of a source whose listings a job got stuck at."""
    store.put_off(desk.db, name, desk.clock.now() + desk.config.settings.schedule.slowest)


def put_off_link(link_id: int, desk: Desk) -> None:
    """Count a link as failed that a job got stuck at; it is tried again in a day."""
    now, why = desk.clock.now(), f"was given up after {STUCK} without a sign of life; see 'scraper parse URL'"
    store.link_failed(desk.db, link_id, why, now, schedule.link_retry(len(schedule.LINK_RETRY), now))


def put_off_recheck(article_id: int, desk: Desk) -> None:
    """Put off the look at a stored article that a job got stuck at."""
    store.recheck_failed(desk.db, article_id, desk.clock.now() + desk.config.settings.schedule.slowest)


def start_deliveries(desk: Desk, crew: Crew, sender: Sender, tell: Tell) -> None:
    """Begin sending to every channel that messages wait for."""
    for channel in store.waiting_channels(desk.db):
        crew.start(f"channel {channel}", partial(deliver, channel, desk, sender, tell))


def next_due(desk: Desk) -> datetime | None:
    """When something is due next: a poll, a re-check or a message."""
    names = list(desk.config.enabled)
    moments = (
        store.next_due(desk.db, names),
        store.next_recheck(desk.db, names),
        store.next_message(desk.db),
    )
    return min((moment for moment in moments if moment is not None), default=None)
