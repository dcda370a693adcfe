"""The daemon: APScheduler ticks the named jobs, signals stop or reload it, a web page shows what it does.

What is due is asked of the archive at every tick, so a restart loses nothing and a reload needs no rescheduling.
(One APScheduler job per source was measured at 50,000 sources: p95 drift 4.8 s, against 9 ms for a due query.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from scraper import jobs, process, store
from scraper.alert import Sender
from scraper.config import Config
from scraper.counting import Counts
from scraper.crew import PoolCrew
from scraper.desk import Desk
from scraper.errors import ScraperError
from scraper.jobs import Broken, Report
from scraper.process import STOP_SECONDS, TICK_SECONDS, TIDY_EVERY, TIDY_FIRST, log
from scraper.store import Database
from scraper.values import Clock, SystemClock
from scraper.web import Site, open_page

SELDOM = 30
"""Ticks between two looks at whether the day's digest or a tidy is due."""

SOONEST = timedelta(milliseconds=20)
"""Between two looks at what is due: with 50,000 sources a poll falls due every 15 ms."""

UNWELL_SECONDS = 60
"""Without a tick for this long the daemon calls itself unwell on ``/healthz``."""


class Daemon:
    """Watches until told to stop.

    Args:
        desk: The open archive, the configuration, the fetcher and the daemon's time.
        sender: Where alerts go out.
        data: The data folder, which holds the page's password.
        tick: Seconds on the wall between two looks at what is due.
    """

    def __init__(self, desk: Desk, sender: Sender, data: Path, *, tick: float = TICK_SECONDS) -> None:
        self._sender, self._tick = sender, tick
        self._clock = clock = desk.clock
        self._counts = Counts()
        workers = desk.config.settings.fetch.workers
        self._crew = PoolCrew(workers, clock.now, lambda key, why: self._tell(Broken(key, why)))
        self._desk = jobs.manned(desk, self._crew)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._last_tick: datetime = clock.now()
        self._tidy_at: datetime = clock.now() + TIDY_FIRST
        site = Site(desk.db, data, lambda: self._desk.config, clock, self.health, self.reload, self._counts.now)
        self._web = open_page(site)
        self._add_jobs()

    def _tell(self, report: Report) -> None:
        process.log_report(report)
        self._counts(report)

    @property
    def address(self) -> str:
        """Where a browser finds the front page."""
        return self._web.address

    def _add_jobs(self) -> None:
        def every_tick(job: Callable[[], None], name: str) -> None:
            at_once = datetime.now(UTC)
            self._scheduler.add_job(job, "interval", seconds=self._tick, id=name, name=name, next_run_time=at_once)

        every_tick(self._visit, "poll")
        every_tick(self._deliver, "deliver")
        self._scheduler.add_job(self._seldom, "interval", seconds=self._tick * SELDOM, id="seldom", name="seldom")

    def _visit(self) -> None:
        before, self._last_tick = self._last_tick, self._clock.now()
        if self._last_tick < before:
            self._guarded("clock", self._mend_clock)
        self._guarded("stuck", self._crew.give_up_stuck)
        self._guarded("poll", self._start_visits)

    def _start_visits(self) -> None:
        """Begin what is due, and come back when the next thing is, if that is before the next tick."""
        jobs.start_visits(self._desk, self._crew, self._tell)
        due, now = store.upcoming(self._desk.db, self._clock.now()), self._clock.now()
        if due is not None and (wait := max(due - now, SOONEST)) < timedelta(seconds=self._tick):
            with suppress(JobLookupError):  # we are being stopped
                self._scheduler.modify_job("poll", next_run_time=datetime.now(UTC) + wait)

    def _mend_clock(self) -> None:
        mended = store.mend_clock(self._desk.db, self._last_tick)
        self._tidy_at = min(self._tidy_at, self._last_tick + TIDY_EVERY)
        log.warning("the clock went back", due_again=mended._asdict())

    def _deliver(self) -> None:
        self._guarded("deliver", lambda: jobs.start_deliveries(self._desk, self._crew, self._sender, self._tell))

    def _seldom(self) -> None:
        def write() -> None:
            for channel in jobs.daily(self._desk):
                log.info("digest", channel=channel)

        self._crew.start("daily", write)
        if self._clock.now() >= self._tidy_at:
            self._tidy_at = self._clock.now() + TIDY_EVERY
            self._crew.start("tidy", lambda: jobs.tidy(self._desk, self._tell))

    def _guarded(self, name: str, tick: Callable[[], None]) -> None:
        try:
            tick()
        except ScraperError as error:
            self._tell(Broken(name, error))

    def health(self) -> dict[str, object]:
        """What ``/healthz`` says; ``ok`` is false when nothing has ticked for a minute."""
        silent = (self._clock.now() - self._last_tick).total_seconds()
        return {"ok": silent < UNWELL_SECONDS, "last_tick": self._last_tick.isoformat()}

    def quiet_until(self) -> datetime | None:
        """When something is due next; ``None`` while work is under way or due now, so that a clock may be stepped."""
        due = jobs.next_due(self._desk)
        if self._crew.busy or due is None or due <= self._clock.now():
            return None
        return due

    def start(self) -> None:
        """Begin to watch."""
        self._web.start()
        self._scheduler.start()
        log.info("watching", sources=len(self._desk.config.enabled), page=self.address)

    def reload(self) -> None:
        """Read the configuration again; a wrong one is refused in words and the old one stays."""
        self._desk = process.reloaded(self._desk, self._sender)

    def stop(self) -> bool:
        """Begin nothing more and finish what is in flight; false when something had to be left behind."""
        self._scheduler.shutdown(wait=False)
        finished = self._crew.stop(STOP_SECONDS)
        self._web.stop()
        log.info("stopped", finished=finished)
        return finished


def run(config: Config, data: Path, clock: Clock | None = None) -> bool:
    """Watch until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    Returns:
        Whether everything in flight was finished.

    Raises:
        ArchiveBusy: Another daemon holds the data folder.
        StoreError: The archive cannot be opened.
    """
    stop, again = threading.Event(), threading.Event()
    with (
        store.sole_daemon(data),
        jobs.open_desk(config, data, clock or SystemClock(), stopping=stop.is_set) as desk,
        Sender(desk.fetcher, data) as sender,
    ):
        daemon = Daemon(desk, sender, data)
        process.on_signals(stop, again)
        daemon.start()
        process.until(stop, again, daemon.reload)
        return daemon.stop()


def serve(config: Config, data: Path, db: Database, told: Callable[[str], None], clock: Clock | None = None) -> None:
    """Show the archive until SIGTERM or SIGINT, without watching; SIGHUP reads the configuration again.

    Args:
        config: Where to listen, and the outlets' titles.
        data: The data folder, which holds the password.
        db: The archive.
        told: Is given the address once it answers.
        clock: The present moment.

    Raises:
        ConfigError: The address cannot be listened on, or others reach it and no password is set.
    """
    stop, again = threading.Event(), threading.Event()
    kept = [config]

    def reload() -> None:
        if (found := process.read_again(config.folder)) is not None:
            kept[0] = found.model_copy(update={"settings": config.settings})

    site = Site(db, data, lambda: kept[0], clock or SystemClock(), lambda: {"ok": True}, reload, watching=False)
    page = open_page(site)
    process.on_signals(stop, again)
    page.start()
    told(page.address)
    process.until(stop, again, reload)
    page.stop()
