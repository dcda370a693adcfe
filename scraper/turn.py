"""A turn that many threads wait for, and that can be taken back from one that is stuck with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 1.0
"""Seconds between two signs of life of a thread that waits for its turn."""


class Turn:
    """Lets one holder at a time through. Thread-safe.

    A lock would be held for good by a thread that never comes back, and every other thread would wait behind it.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._holder: str | None = None
        self._number = 0

    @contextmanager
    def taken(self, name: str, waiting: Callable[[], object]) -> Iterator[None]:
        """Wait for the turn and hold it.

        Args:
            name: Who holds it; one name waits or holds once at a time.
            waiting: Called every :data:`LOOK` seconds of waiting.
        """
        with self._free:
            while not self._free.wait_for(lambda: self._holder is None, LOOK):
                waiting()
            self._holder = name
            self._number += 1
            mine = self._number
        try:
            yield
        finally:
            with self._free:
                if self._number == mine:
                    self._give_on()

    def take_back(self, name: str) -> None:
        """Let the next one through if the turn is held under this name."""
        with self._free:
            if self._holder == name:
                self._number += 1
                self._give_on()

    def _give_on(self) -> None:
        self._holder = None
        self._free.notify()
