"""One round of polls for ``scraper once``."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from scraper import jobs, store
from scraper.alert import Sender
from scraper.crew import PoolCrew
from scraper.jobs import Broken, Report
from scraper.pipeline import Seen
from scraper.polling import PollDone

if TYPE_CHECKING:
    from rich.progress import Progress

    from scraper.cli.app import Home


class _Tally:
    """Counts what the jobs report, by source."""

    def __init__(self, names: list[str]) -> None:
        self.polls: dict[str, PollDone] = {}
        self.seen = {name: Counter[str]() for name in names}
        self.broken: list[Broken] = []

    def __call__(self, report: Report) -> None:
        if isinstance(report, PollDone):
            self.polls[report.source] = report
        elif isinstance(report, Seen):
            self.seen[report.source][report.result] += 1
        elif isinstance(report, Broken):
            self.broken.append(report)

    def row(self, name: str) -> dict[str, Any]:
        """How one source's poll went, as it is printed."""
        poll, seen = self.polls.get(name), self.seen[name]
        broken = "; ".join(str(b.error) for b in self.broken if b.job == f"source {name}")
        return {
            "source": name,
            "links": poll.links if poll else 0,
            "new": poll.new if poll else 0,
            "stored": seen["stored"],
            "copies": seen["copy"],
            "edited": seen["edited"],
            "removed": seen["removed"],
            "failed": seen["failed"],
            "error": poll.error if poll else broken or "was not polled",
        }


def poll_once(home: Home, names: list[str], bar: Progress, *, quiet: bool) -> list[dict[str, Any]]:
    """Poll the named sources, or all enabled ones, at once; then send the alerts that wait.

    Args:
        home: Where configuration and data are.
        names: Sources; a disabled one may be named to try it.
        bar: Progress is shown on it.
        quiet: Let stdout channels print on standard error, because standard output belongs to JSON.

    Raises:
        NotFoundError: A name is not a source.
        ArchiveBusy: A daemon holds the data folder.
    """
    with store.sole_daemon(home.data), home.desk() as bare, Sender(bare.fetcher, home.data, quiet=quiet) as sender:
        chosen = [bare.config.source(name).name for name in names] or list(bare.config.enabled)
        now = bare.clock.now()
        store.ensure_sources(bare.db, chosen, now)
        store.poll_now(bare.db, chosen, now)
        tally = _Tally(chosen)
        task = bar.add_task("Polling", total=len(chosen))

        def tell(report: Report) -> None:
            tally(report)
            bar.update(task, completed=len(tally.polls))

        crew = PoolCrew(bare.config.settings.fetch.workers, bare.clock.now, lambda key, why: tell(Broken(key, why)))
        desk = jobs.manned(bare, crew)
        for name in chosen:
            crew.start(f"source {name}", partial(jobs.visit, name, desk, tell), partial(jobs.step_over, name, desk))
        crew.wait()
        jobs.start_deliveries(desk, crew, sender, tell)
        crew.wait()
        crew.stop(timeout=5)
    return [tally.row(name) for name in chosen]
