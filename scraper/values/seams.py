"""The Protocols at the seams: where time, the pacing of hosts and the index of copies come from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from scraper.values.decided import Intent
from scraper.values.known import Candidate, Shared


class Clock(Protocol):
    """Where the daemon and the host clock get the time from."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""

    def sleep(self, seconds: float) -> None:
        """Let that much of this clock's time pass."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(seconds)


class HostClock(Protocol):
    """Keeps requests to one host apart."""

    def wait(self, host: str, delay: float) -> bool:
        """Block until ``host`` may be asked again, then reserve it for ``delay`` seconds; tells whether we slept."""

    def hold(self, host: str, until: datetime) -> None:
        """Ask ``host`` nothing before ``until`` (aware UTC)."""

    def held(self, host: str) -> datetime | None:
        """Until when ``host`` is to be asked nothing (aware UTC), or ``None`` when it may be asked."""


LONGEST_HOLD = timedelta(days=1)
"""No Retry-After holds a host for longer: some servers send years, and a slip of theirs must not end a source."""


class HostBook(Protocol):
    """Where the turns and holds of hosts are kept; all times aware UTC."""

    def reserve(self, host: str, delay: float, now: datetime) -> datetime:
        """Take the next turn at ``host`` and keep it free for ``delay`` seconds after; gives the turn's moment."""

    def hold(self, host: str, until: datetime, now: datetime) -> None:
        """Ask ``host`` nothing before ``until``."""

    def held(self, host: str, now: datetime) -> datetime | None:
        """Until when ``host`` is to be asked nothing, ``None`` when it may be asked."""


class Queue(Protocol):
    """Takes jobs in the transaction that causes them, for processes that share the work.

    Each method is given the driver's own connection before the commit: what is rolled back was never to be done.
    """

    def articles(self, connection: object, source: str, links: Sequence[int]) -> None:
        """New links wait to be fetched, in this order."""

    def messages(self, connection: object, intents: Sequence[Intent]) -> None:
        """Messages wait for channels."""


class Index(Protocol):
    """Where :mod:`scraper.dedupe` looks for an article's copies."""

    def twins(self, text_hash: str) -> Sequence[Candidate]:
        """Articles whose normalised body hashes the same, earliest first."""

    def sharing(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Articles that were indexed under some of these hashes, those with the most first; see ``dedupe``'s limits."""

    def stored(self, ids: Sequence[int]) -> Sequence[Candidate]:
        """These articles, in this order."""
