"""The worker: takes jobs from the queue and does them in threads, until it is stopped or dies."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker as Engine

from scraper import jobs, process, store
from scraper.alert import Sender
from scraper.config import Config
from scraper.crew import STUCK
from scraper.desk import Desk
from scraper.errors import ScraperError
from scraper.jobs import Broken
from scraper.process import STOP_SECONDS, log
from scraper.store import HostRows
from scraper.values import Clock, SystemClock
from scraper.workers.queue import ARTICLE, DAILY, DELIVER, POLL, RECHECK, TIDY, JobQueue, prepare

NEAR = timedelta(seconds=2)
"""A host's turn that is this near is waited for; for a later one the job is queued anew."""

HEARTBEAT, DEAD = 10.0, 30.0
"""Seconds between a worker's signs of life, and without one after which its jobs are given to others."""

FETCH_SECONDS = 2.0
"""How often the queue is asked when no notice of a new job came: of those put off for later there is none."""

RETRY_FIRST, RETRY_LONGEST, RETRIES = timedelta(seconds=5), timedelta(minutes=10), 8
"""After a failure that is ours (the server gone, the disk full); after the last one the scheduler offers the job anew,
as it is still due."""


class Later(Exception):  # noqa: N818 - no error: a message to the engine
    """A job whose host's turn is not near.

    Args:
        at: When it is, aware UTC.
    """

    def __init__(self, at: datetime) -> None:
        super().__init__(f"queued anew for {at:%H:%M:%S} UTC")
        self.at = at


class _Retry(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Later):
            return RetryDecision(retry_at=exception.at)
        if not isinstance(exception, ScraperError) or job.attempts >= RETRIES:
            return None
        pause = min(RETRY_FIRST * 2**job.attempts, RETRY_LONGEST)
        return RetryDecision(retry_in={"seconds": int(pause.total_seconds())})


@dataclass(eq=False)
class _Running:
    """A job under way.

    Attributes:
        key: What is done.
        sign: When it last gave a sign of life, by the machine's own clock.
        lost: What is to be done should it never end.
    """

    key: str
    sign: float
    lost: Callable[[], None]


class Worker:
    """Does the tasks, each in a thread of the engine's.

    Args:
        desk: The archive, the configuration and the fetcher.
        sender: Where alerts go out.
        seconds: The machine's own clock, which stuck jobs are measured by.
    """

    def __init__(self, desk: Desk, sender: Sender, seconds: Callable[[], float] = time.monotonic) -> None:
        queue = JobQueue(lambda: self.desk.config, desk.clock)
        self._asked_to_stop = desk.stopping
        self.desk = replace(desk, queue=queue, stopping=self._stopping)
        self._sender, self._seconds = sender, seconds
        self._hosts = HostRows(desk.db)
        self._running: set[_Running] = set()
        self._mine = threading.local()

    # --- the tasks; each asks the archive whether there is still anything to do ---

    def poll(self, source: str) -> None:
        """Poll a source's listings; its new articles are queued with them."""
        if source in self.desk.config.sources:
            with self._under_way(f"{POLL} {source}", lambda: jobs.put_off_poll(source, self.desk)):
                jobs.poll(source, self.desk, process.log_report)

    def article(self, source: str, link: int) -> None:
        """Fetch, read and store one link."""
        pending = store.waiting(self.desk.db, link)
        if pending is not None and source in self.desk.config.sources:
            self._see_that_it_is_its_turn(pending.link.url)
            with self._under_way(f"{ARTICLE} {link}", lambda: jobs.put_off_link(link, self.desk)):
                jobs.article(source, pending, self.desk, process.log_report)

    def recheck(self, source: str, article: int) -> None:
        """Look again at one stored article."""
        item = store.recheck_of(self.desk.db, article, self.desk.clock.now())
        if item is not None and source in self.desk.config.sources:
            self._see_that_it_is_its_turn(item.link.url)
            with self._under_way(f"{RECHECK} {article}", lambda: jobs.put_off_recheck(article, self.desk)):
                jobs.recheck(item, self.desk, process.log_report)

    def deliver(self, channel: str) -> None:
        """Send a channel's waiting messages in their order."""
        with self._under_way(f"{DELIVER} {channel}"):
            jobs.deliver(channel, self.desk, self._sender, process.log_report)

    def daily(self) -> None:
        """Write the day's digest once its time has come."""
        with self._under_way(DAILY):
            for channel in jobs.daily(self.desk):
                log.info("digest", channel=channel)

    def tidy(self) -> None:
        """Delete what has passed its time."""
        with self._under_way(TIDY):
            jobs.tidy(self.desk, process.log_report)

    def tasks_for(self, app: App) -> None:
        """Make the tasks known to the engine."""
        for task in (self.poll, self.article, self.recheck, self.deliver, self.daily, self.tidy):
            app.task(name=task.__name__, retry=_Retry())(task)

    # --- what they have in common ---

    def _see_that_it_is_its_turn(self, url: str) -> None:
        now = self.desk.clock.now()
        turn = self._hosts.free_at(urlsplit(url).hostname or "", now)
        if turn - now > NEAR:
            raise Later(turn)

    @contextmanager
    def _under_way(self, key: str, lost: Callable[[], None] = lambda: None) -> Iterator[None]:
        mine = self._mine.running = _Running(key, self._seconds(), lost)
        self._running.add(mine)
        try:
            yield
        except ScraperError as error:
            process.log_report(Broken(key, error))
            raise
        finally:
            self._running.discard(mine)

    def _stopping(self) -> bool:
        """Whether no further piece of work is to be begun; asking is a sign of life."""
        if (mine := getattr(self._mine, "running", None)) is not None:
            mine.sign = self._seconds()
        return self._asked_to_stop()

    def stuck(self) -> list[str]:
        """The jobs that have given no sign of life for too long; what each got stuck at is put off first."""
        late = self._seconds() - STUCK.total_seconds()
        found = [job for job in list(self._running) if job.sign < late]
        for job in found:
            job.lost()
        return [job.key for job in found]

    def reload(self) -> None:
        """Read the configuration again; a wrong one is refused in words and the old one stays."""
        self.desk = process.reloaded(self.desk, self._sender)


def run_worker(config: Config, data: Path, clock: Clock | None = None) -> bool:
    """Do what is queued until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    A job that is stuck in a thread for good ends the whole process, as nothing else ends such a thread; whatever
    supervises it starts it anew, and its other jobs are given to other workers.

    Returns:
        Whether it was asked to end; ``False`` after a stuck job.

    Raises:
        StoreError: The archive cannot be opened, or is a file.
    """
    stop, again = threading.Event(), threading.Event()
    with (
        jobs.open_desk(config, data, clock or SystemClock(), stopping=stop.is_set) as desk,
        Sender(desk.fetcher, data) as sender,
    ):
        prepare(desk.db)
        worker = Worker(desk, sender)
        process.on_signals(stop, again)
        log.info("working", threads=config.settings.fetch.workers)
        stuck = asyncio.run(_work(worker, desk.db.conninfo(), config.settings.fetch.workers, stop, again))
        log.info("stopped", stuck=stuck or None)
        if stuck:
            os._exit(1)  # the thread that is stuck would hold an ordinary exit for ever
    return True


async def _work(
    worker: Worker, conninfo: str, threads: int, stop: threading.Event, again: threading.Event
) -> list[str]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads, "worker"))
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    worker.tasks_for(app)
    async with app.open_async():
        engine = Engine(
            app=app,
            concurrency=threads,
            fetch_job_polling_interval=FETCH_SECONDS,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD,
            shutdown_graceful_timeout=STOP_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        at_work = asyncio.create_task(engine.run())  # type: ignore[no-untyped-call]  # published without types
        stuck = await _watch(worker, app, at_work, stop, again)
        if not stuck:
            engine.stop()  # type: ignore[no-untyped-call]  # as above
            await at_work
    return stuck


async def _watch(
    worker: Worker, app: App, at_work: asyncio.Task[None], stop: threading.Event, again: threading.Event
) -> list[str]:
    """Wait for the end, take up the jobs of dead workers, and look for our own that are stuck."""
    look = 0.0
    while not stop.is_set() and not at_work.done():
        await asyncio.sleep(0.2)
        if again.is_set():
            again.clear()
            await asyncio.to_thread(worker.reload)
        if time.monotonic() >= look:
            look = time.monotonic() + HEARTBEAT
            if stuck := await asyncio.to_thread(worker.stuck):
                return stuck
            await _take_up(app)
    return []


async def _take_up(app: App) -> None:
    """Queue the jobs of dead workers anew; one whose key waits already is dropped."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
        log.warning("taken up", job=job.queueing_lock or job.task_name)
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:  # it waits already under its key, or another worker was quicker
            with suppress(ConnectorException):
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
