"""The scheduler: asks the archive every second what is due, and queues it. Two of them queue nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scraper import jobs, process, store
from scraper.config import Config
from scraper.desk import Desk
from scraper.errors import ScraperError
from scraper.process import TICK_SECONDS, TIDY_EVERY, TIDY_FIRST, log
from scraper.values import Clock, SystemClock
from scraper.workers.queue import ARTICLE, DAILY, DELIVER, POLL, RECHECK, TIDY, JobQueue, prepare

OFFERED_AGAIN = timedelta(seconds=15)
"""How long something that stays due is not offered anew: it waits in the queue, or somebody is at it."""

SELDOM = timedelta(seconds=30)
"""How often the day's digest is offered."""


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due."""

    task: str
    key: str
    arguments: dict[str, Any]


def due(desk: Desk) -> Iterator[Due]:
    """All that the archive says is due: polls, articles and re-checks of each source, deliveries."""
    now, names = desk.clock.now(), list(desk.config.enabled)
    for channel in store.waiting_channels(desk.db):
        yield Due(DELIVER, channel, {"channel": channel})
    for name in filter(desk.config.polls, store.due_sources(desk.db, now)):
        yield Due(POLL, name, {"source": name})
    for name in filter(desk.config.polls, store.with_links(desk.db, now)):
        for pending in store.pick(desk.db, name, now):
            yield Due(ARTICLE, str(pending.id), {"source": name, "link": pending.id})
    for item in store.due_rechecks(desk.db, names, now, store.PICK):
        yield Due(RECHECK, str(item.article_id), {"source": item.source, "article": item.article_id})


class Scheduler:
    """Offers what is due to the queue.

    Args:
        desk: The archive and the configuration.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._queue = JobQueue(lambda: self.desk.config, desk.clock)
        self._offered: dict[tuple[str, str], datetime] = {}
        self._seldom_at = desk.clock.now()
        self._tidy_at = desk.clock.now() + TIDY_FIRST

    def tick(self) -> int:
        """Queue what is due and was not offered just now; gives how many jobs were new."""
        now = self.desk.clock.now()
        self._offered = {key: at for key, at in self._offered.items() if now - at < OFFERED_AGAIN}
        fresh = [job for job in (*due(self.desk), *self._seldom(now)) if (job.task, job.key) not in self._offered]
        if not fresh:
            return 0
        with self.desk.db.transaction() as connection:
            queued = sum(self._queue.put(connection, job.task, job.key, **job.arguments) for job in fresh)
        self._offered |= {(job.task, job.key): now for job in fresh}
        return queued

    def _seldom(self, now: datetime) -> Iterator[Due]:
        if now >= self._seldom_at:
            self._seldom_at = now + SELDOM
            yield Due(DAILY, "", {})
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_EVERY
            yield Due(TIDY, "", {})

    def reload(self) -> None:
        """Read the configuration again; a wrong one is refused in words and the old one stays."""
        self.desk = process.reloaded(self.desk)


def run_scheduler(config: Config, data: Path, clock: Clock | None = None) -> None:
    """Queue what is due until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    Raises:
        StoreError: The archive cannot be opened, or is a file.
    """
    stop, again = threading.Event(), threading.Event()
    with jobs.open_desk(config, data, clock or SystemClock(), stopping=stop.is_set) as desk:
        prepare(desk.db)
        scheduler = Scheduler(desk)
        process.on_signals(stop, again)
        log.info("scheduling", sources=len(desk.config.enabled))
        while not stop.wait(TICK_SECONDS):
            if again.is_set():
                again.clear()
                scheduler.reload()
            try:
                if queued := scheduler.tick():
                    log.debug("queued", jobs=queued)
            except ScraperError as error:
                log.warning("broken", job="schedule", error=str(error))
        log.info("stopped")
