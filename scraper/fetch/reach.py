"""Whether it is the servers that do not answer, or this machine that reaches nobody."""

from __future__ import annotations

import threading
from datetime import datetime

NOBODY = 2
"""Hosts that were not reached, with no answer from any in between, before this machine is what is cut off: one alone is
more likely down itself."""


class Reach:
    """What was reached lately. Thread-safe; all times aware UTC."""

    def __init__(self) -> None:
        self._answered_at: datetime | None = None
        self._missed: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def answered(self, now: datetime) -> None:
        """Some host answered, whatever it said."""
        with self._lock:
            self._answered_at = now
            self._missed.clear()

    def missed(self, host: str, now: datetime) -> None:
        """Nothing was reached where ``host`` should be."""
        with self._lock:
            self._missed.setdefault(host, now)

    @property
    def cut_off_since(self) -> datetime | None:
        """Since when this machine has reached nobody; ``None`` when it has, or when only one host was tried."""
        with self._lock:
            return min(self._missed.values()) if len(self._missed) >= NOBODY else None

    def proved_since(self, moment: datetime) -> bool:
        """Whether any host answered since a moment, so that one that did not is down itself."""
        with self._lock:
            return self._answered_at is not None and self._answered_at >= moment
