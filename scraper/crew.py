"""Who does the jobs, and when: at once in the caller's thread, or in a bounded pool that survives a stuck thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Protocol, TypeAlias

from scraper.errors import StuckError

REST = timedelta(minutes=1)
"""How long a job that broke down (archive locked, disk full) rests before it is begun again."""

STUCK = timedelta(minutes=15)
"""Without a sign of life for so long on the machine's clock a job is stuck. One article takes at most six redirects,
thrice, of thirty seconds each, and the waits between them."""

STUCK_REST = timedelta(hours=1)
"""What a job that got stuck rests: each such thread may burn a core for good."""

LOOK = 1.0
"""Seconds between two looks for stuck jobs while somebody waits for all of them."""


Job: TypeAlias = tuple[str, Callable[[], None], Callable[[], None]]
"""A key, what is to be done, and what is called when it is given up as stuck."""


def _nothing() -> None:
    """Nobody needs to know that the job is lost."""


class Crew(Protocol):
    """Does jobs; two jobs under one key are never done at the same time."""

    def start(self, key: str, job: Callable[[], None], lost: Callable[[], None] = _nothing) -> None:
        """Begin a job, unless one under this key is under way; ``lost`` is called when it is given up as stuck."""

    def start_all(self, jobs: Iterable[Job]) -> None:
        """Begin many jobs, each as :meth:`start` does."""

    def does(self, key: str) -> bool:
        """Whether a job under this key is under way: asking costs less than offering one."""


class SoloCrew:
    """Does each job at once, in the caller's thread: for one command, and for a clock that is stepped."""

    def start(self, key: str, job: Callable[[], None], lost: Callable[[], None] = _nothing) -> None:
        """Do the job now."""
        del key, lost
        job()

    def start_all(self, jobs: Iterable[Job]) -> None:
        """Do the jobs now, one after another."""
        for job in jobs:
            self.start(*job)

    def does(self, key: str) -> bool:
        """No job outlasts the call that began it."""
        del key
        return False


@dataclass(eq=False, slots=True)
class _Task:
    key: str
    job: Callable[[], None]
    lost: Callable[[], None]
    begun: bool = False
    sign: float = 0.0
    given_up: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class PoolCrew:
    """Does jobs in a bounded pool of threads.

    A job that broke down rests before it is begun again. One that gives no sign of life, stuck in a parser that no
    signal reaches, is given up: its thread is replaced, and should it ever wake it finds itself called off. The threads
    do not hold the program's end.

    Args:
        workers: Jobs done at once.
        now: Gives the present moment, aware UTC; rests are measured by it.
        broke: Is told the key of a job that failed, and why.
        seconds: The machine's own clock, which stuck threads are measured by.

    Attributes:
        abandoned: How many jobs were given up as stuck.
    """

    def __init__(
        self,
        workers: int,
        now: Callable[[], datetime],
        broke: Callable[[str, Exception], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.abandoned = 0
        self._workers, self._now, self._broke, self._seconds = workers, now, broke, seconds
        self._queue: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads = 0
        self._mine = threading.local()
        self._busy: dict[str, _Task] = {}
        self._resting: dict[str, datetime] = {}
        self._stopped = False
        self._lock = threading.Lock()

    def start(self, key: str, job: Callable[[], None], lost: Callable[[], None] = _nothing) -> None:
        """Begin a job unless one under this key is under way or rests."""
        self.start_all([(key, job, lost)])

    def start_all(self, jobs: Iterable[Job]) -> None:
        """Begin many jobs; the threads take up none before all are queued, as they would slow the queueing down."""
        with self._lock:
            for key, job, lost in jobs:
                if self._stopped or key in self._busy or (key in self._resting and self._resting[key] > self._now()):
                    continue
                self._busy[key] = task = _Task(key, job, lost)
                if self._threads < min(self._workers, len(self._busy)):
                    self._hire()
                self._queue.put(task)

    def does(self, key: str) -> bool:
        """Whether a job under this key waits or is done."""
        return key in self._busy

    def _hire(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, name="crew", daemon=True).start()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            self._mine.task = task
            with self._lock:
                task.begun, task.sign = True, self._seconds()
                called_off = self._stopped
            if not called_off:
                self._do(task)
            self._finish(task)
            if task.given_up:
                return  # another thread has taken this one's place

    def _do(self, task: _Task) -> None:
        try:
            task.job()
        except Exception as error:  # noqa: BLE001 - a thread's last stand: told, rested, begun again
            if not task.given_up:
                self._rest(task.key, REST)
                self._broke(task.key, error)

    def _rest(self, key: str, rest: timedelta) -> None:
        with self._lock:
            self._resting[key] = self._now() + rest

    def _finish(self, task: _Task) -> None:
        with self._lock:
            if self._busy.get(task.key) is task:
                del self._busy[task.key]
        task.done.set()

    def called_off(self) -> bool:
        """Whether the job in the calling thread is to end; asking is its sign of life."""
        task: _Task | None = getattr(self._mine, "task", None)
        if task is None:
            return self._stopped
        with self._lock:
            task.sign = self._seconds()
            return self._stopped or task.given_up

    def given_up(self) -> bool:
        """Whether the job in the calling thread was given up: it must write nothing more. Asking is no sign of life."""
        task: _Task | None = getattr(self._mine, "task", None)
        return task is not None and task.given_up

    def give_up_stuck(self) -> None:
        """Let go of the jobs that have given no sign of life for too long, and hire in their threads' place."""
        with self._lock:
            late = self._seconds() - STUCK.total_seconds()
            stuck = [task for task in self._busy.values() if task.begun and task.sign < late]
            for task in stuck:
                task.given_up = True
                del self._busy[task.key]
                self._threads -= 1
                self._hire()
            self.abandoned += len(stuck)
        for task in stuck:
            self._rest(task.key, STUCK_REST)
            self._broke(task.key, StuckError(task.key, STUCK))
            task.lost()
            task.done.set()

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        with self._lock:
            return bool(self._busy)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for all that is under way, and give up what is stuck; false when ``timeout`` seconds were not enough."""
        with self._lock:
            tasks = list(self._busy.values())
        end = math.inf if timeout is None else time.monotonic() + timeout
        return all(self._waited(task, end) for task in tasks)

    def _waited(self, task: _Task, end: float) -> bool:
        while not task.done.wait(min(LOOK, max(0.0, end - time.monotonic()))):
            if time.monotonic() >= end:
                return False
            self.give_up_stuck()
        return True

    def stop(self, timeout: float) -> bool:
        """Begin nothing more and wait for what is under way, at most ``timeout`` seconds."""
        with self._lock:
            self._stopped = True
            threads = self._threads
        for _ in range(threads):
            self._queue.put(None)
        return self.wait(timeout)
