"""Keeps requests to one host apart, by a clock that may be the machine's or a stepped one."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from scraper.values import Clock, HostBook

_REMEMBERED = 4096
"""Hosts kept before those that are free again are forgotten: redirects can name hosts without end."""


class MemoryBook:
    """The turns and holds of hosts in this process's memory. Thread-safe."""

    def __init__(self) -> None:
        self._free: dict[str, datetime] = {}
        self._held: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def reserve(self, host: str, delay: float, now: datetime) -> datetime:
        """Take the next turn at ``host`` and keep it free for ``delay`` seconds after; gives the turn's moment."""
        with self._lock:
            if len(self._free) >= _REMEMBERED:
                self._forget(now)
            start = max(now, self._free.get(host, now), self._held.get(host, now))
            self._free[host] = start + timedelta(seconds=delay)
        return start

    def _forget(self, now: datetime) -> None:
        self._free = {host: at for host, at in self._free.items() if at > now}
        self._held = {host: at for host, at in self._held.items() if at > now}

    def hold(self, host: str, until: datetime, now: datetime) -> None:
        """Ask ``host`` nothing before ``until``."""
        with self._lock:
            self._held[host] = max(until, self._held.get(host, now))

    def held(self, host: str, now: datetime) -> datetime | None:
        """Until when ``host`` is to be asked nothing, ``None`` when it may be asked."""
        with self._lock:
            until = self._held.get(host)
        return until if until is not None and until > now else None


class PoliteHosts:
    """Waits for turns at hosts. Thread-safe; all waiting is the clock's, and no lock is held meanwhile.

    Args:
        clock: Its time alone counts.
        book: Where turns and holds are kept; this process's memory by default.
    """

    def __init__(self, clock: Clock, book: HostBook | None = None) -> None:
        self._clock = clock
        self._book = book or MemoryBook()

    def wait(self, host: str, delay: float) -> bool:
        """Block until ``host`` may be asked again, then reserve it for ``delay`` seconds.

        Threads that wait for one host get turns ``delay`` apart, so that its requests start that far apart. A hold set
        while we sleep does not lengthen the sleep: ask :meth:`held` afterwards.

        Returns:
            Whether we slept.
        """
        now = self._clock.now()
        start = self._book.reserve(host, delay, now)
        if start > now:
            self._clock.sleep((start - now).total_seconds())
        return start > now

    def hold(self, host: str, until: datetime) -> None:
        """Ask ``host`` nothing before ``until`` (aware UTC), as its Retry-After says."""
        self._book.hold(host, until, self._clock.now())

    def held(self, host: str) -> datetime | None:
        """Until when ``host`` is to be asked nothing (aware UTC), or ``None`` when it may be asked."""
        return self._book.held(host, self._clock.now())
