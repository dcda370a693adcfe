"""What the daemon has done since it started, counted by what its jobs report."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from scraper.errors import StuckError
from scraper.jobs import Broken, Delivered, Report
from scraper.pipeline import Seen
from scraper.polling import PollDone


class Counts:
    """Counts reports by kind and labels; see :data:`scraper.web.metrics.COUNTED`. Thread-safe."""

    def __init__(self) -> None:
        self._counter: Counter[tuple[str, ...]] = Counter()
        self._lock = threading.Lock()

    def __call__(self, report: Report) -> None:
        """Count one report."""
        with self._lock:
            self._counter.update(_keys(report))

    def now(self) -> Mapping[tuple[str, ...], int]:
        """The counts as they stand: the metric's name and its labels, and how many."""
        with self._lock:
            return dict(self._counter)


def _keys(report: Report) -> list[tuple[str, ...]]:
    if isinstance(report, PollDone):
        outcome = "ok" if not report.error else "failed" if report.blamed else "cut off"
        return [("polls", report.source, outcome), *([("gaps", report.source)] * len(report.gaps))]
    if isinstance(report, Seen):
        return [("articles", report.source, report.result)]
    if isinstance(report, Delivered):
        return [("alerts", report.message.channel, "failed" if report.error else "taken")]
    if isinstance(report, Broken):
        stuck = [("stuck",)] if isinstance(report.error, StuckError) else []
        return [("broken", report.job.partition(" ")[0]), *stuck]
    return []
