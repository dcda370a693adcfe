"""What the stages work with: archive, configuration, rules, fetcher, clock, and who may do what at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scraper.config import Config
from scraper.crew import STUCK
from scraper.decide import Rules
from scraper.errors import StuckError
from scraper.fetch import Fetcher
from scraper.store import Database
from scraper.turn import Turn
from scraper.values import Clock, Queue


@dataclass(frozen=True)
class Desk:
    """What the stages work with.

    Attributes:
        stopping: Says that the program wants to stop: no further article is begun. Asking is a sign of life.
        given_up: Says that the job in the calling thread was given up as stuck, and may have been done anew meanwhile.
        queue: Where work goes that other processes share; ``None`` while this one does all of it itself.
        deciding: Lets one article at a time be held against the archive, so that two copies which arrive
            together cannot both pass for new.
    """

    db: Database
    config: Config
    rules: Rules
    fetcher: Fetcher
    clock: Clock
    stopping: Callable[[], bool] = lambda: False
    given_up: Callable[[], bool] = lambda: False
    queue: Queue | None = None
    deciding: Turn = field(default_factory=Turn)

    def claim(self, what: str) -> None:
        """Make sure that what was read of an address or a source may still be written.

        Raises:
            StuckError: The job was given up: what it read is old by now, and may stand in the archive already.
        """
        if self.given_up():
            raise StuckError(what, STUCK)
