"""What the pages are over: the archive, the configuration as it is now, and how the program does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scraper.config import Config
from scraper.store import Database
from scraper.values import Clock


@dataclass(frozen=True, slots=True)
class Site:
    """What every page may ask.

    Attributes:
        db: The archive; read, and written only by forms.
        data: The data folder, which holds the password.
        config: The configuration as it is now; a running daemon reads it again.
        clock: The present moment.
        health: What ``/healthz`` says; its ``ok`` decides between 200 and 503.
        counts: What the daemon has done since it started: a metric's name and labels, and how often.
        reload: Called when a page changed ``watches.toml``.
        watching: Whether the program that shows the pages also watches, so that a new watch holds at once.
    """

    db: Database
    data: Path
    config: Callable[[], Config]
    clock: Clock
    health: Callable[[], Mapping[str, object]]
    reload: Callable[[], None] = lambda: None
    counts: Callable[[], Mapping[tuple[str, ...], int]] = dict
    watching: bool = True

    def outlet(self, source: str) -> str:
        """A source's title."""
        return self.config().outlet(source)
