"""How punctual the daemon is with 50,000 sources: drift of starts, CPU while nothing is due, a start with all overdue.

The daemon, its archive and its threads are real; a visit does nothing but note when it began and put the source off by
the pause that all have, a quarter of an hour, so that what is measured is the scheduling and nothing else. Drift is the
time from a source's due moment to the start of its visit.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from benchmarks.loopback import ROOT
from scraper import config, jobs, process, store
from scraper.alert import Sender
from scraper.config import ListingRule, Source
from scraper.crew import Job, PoolCrew
from scraper.daemon import Daemon
from scraper.desk import Desk
from scraper.values import SystemClock

SOURCES, SOURCES_SAMPLE = 50_000, 10_000
EVERY = timedelta(minutes=15)
SECONDS, SECONDS_SAMPLE = 60, 10
GOAL_DRIFT_MS, GOAL_IDLE, GOAL_RESTART = 50.0, 0.02, 2.0


def run(*, sample: bool) -> dict[str, Any]:
    """Steady running, nothing due, and everything overdue."""
    process.configure_logging()  # to standard error
    count, seconds = (SOURCES_SAMPLE, SECONDS_SAMPLE) if sample else (SOURCES, SECONDS)
    with tempfile.TemporaryDirectory(prefix="scraper-schedule-") as folder, _desk(Path(folder), count) as desk:
        return {
            "sources": count,
            "steady": _steady(desk, Path(folder), seconds),
            "idle": _idle(desk, Path(folder), seconds),
            "restart": _restart(desk, Path(folder), count),
            "command": {"scraper --help, ms of CPU": _help()},
        }


def _help() -> int:
    """Milliseconds of CPU of a command that needs nothing, the median of five."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "scraper", "--help"], cwd=ROOT, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return round(median(once() for _ in range(5)) * 1000)


@contextmanager
def _desk(folder: Path, count: int) -> Iterator[Desk]:
    rules = config.load(None)
    web = rules.settings.web.model_copy(update={"port": 0})
    settings = rules.settings.model_copy(update={"web": web})
    sources = {name: _source(name) for name in (f"o{number}" for number in range(count))}
    chosen = rules.model_copy(update={"settings": settings, "sources": sources})
    with jobs.open_desk(chosen, folder, SystemClock()) as desk:
        yield desk


def _source(name: str) -> Source:
    listing = ListingRule(url=f"https://{name}.example/")
    return Source(name=name, title=name, hosts=[f"{name}.example"], listings=[listing])


@contextmanager
def _running(desk: Desk, folder: Path, begun: list[tuple[str, datetime]]) -> Iterator[None]:
    def visit(name: str, desk: Desk, _tell: object) -> None:
        now = desk.clock.now()
        begun.append((name, now))
        store.put_off(desk.db, name, now + EVERY)

    with patch.object(jobs, "visit", visit), Sender(desk.fetcher, folder) as sender:
        daemon = Daemon(desk, sender, folder)
        daemon.start()
        yield
        daemon.stop()


def _due(desk: Desk, first: timedelta, spread: timedelta) -> dict[str, datetime]:
    """Let every source be due in its turn: the first in ``first`` from now, the last ``spread`` later."""
    now = desk.clock.now()
    names = list(desk.config.sources)
    due = {name: now + first + spread * at / len(names) for at, name in enumerate(names)}
    with desk.db.write() as session:
        rows = [{"name": name, "due": moment.strftime("%Y-%m-%d %H:%M:%S.%f")} for name, moment in due.items()]
        session.connection().execute(text("UPDATE source SET next_check_at = :due WHERE name = :name"), rows)
    return due


def _steady(desk: Desk, folder: Path, seconds: float) -> dict[str, Any]:
    due = _due(desk, timedelta(seconds=3), EVERY)
    begun: list[tuple[str, datetime]] = []
    with _running(desk, folder, begun):
        time.sleep(3)
        cpu = time.process_time()
        time.sleep(seconds)
        cpu = time.process_time() - cpu
    drifts = [(at - due[name]).total_seconds() * 1000 for name, at in begun]
    return {
        "visits": len(drifts),
        "median drift, ms": round(median(drifts), 1),
        "p95 drift, ms": round(quantiles(drifts, n=20)[-1], 1),
        "worst, ms": round(max(drifts), 1),
        "CPU ms a visit": round(cpu / len(drifts) * 1000, 2),
    }


def _idle(desk: Desk, folder: Path, seconds: float) -> dict[str, Any]:
    _due(desk, timedelta(hours=1), EVERY)
    with _running(desk, folder, []):
        time.sleep(2)
        cpu = time.process_time()
        time.sleep(seconds)
        cpu = time.process_time() - cpu
    return {"CPU": round(cpu / seconds, 4)}


def _restart(desk: Desk, folder: Path, count: int) -> dict[str, Any]:
    """Seconds from the daemon's start until every source is in the crew's hands."""
    _due(desk, timedelta(hours=-1), timedelta())
    found: list[tuple[int, float]] = []
    start_all = PoolCrew.start_all

    def noted(crew: PoolCrew, offered: Iterable[Job]) -> None:
        taken = list(offered)
        start_all(crew, taken)
        found.append((len(taken), time.monotonic()))

    began = time.monotonic()
    with patch.object(PoolCrew, "start_all", noted), _running(desk, folder, []):
        while not any(queued == count for queued, _ in found) and time.monotonic() < began + 60:
            time.sleep(0.05)
    queued, at = max(found)
    return {"queued": queued, "seconds": round(at - began, 2)}


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    lines = [f"{result['sources']:,} sources, each every {EVERY.total_seconds() / 60:.0f} minutes"]
    lines += [
        f"{name:8} " + ", ".join(f"{what} {figure:,}" for what, figure in result[name].items())
        for name in ("steady", "idle", "restart", "command")
    ]
    return "\n".join([*lines, "goals: p95 drift 50 ms, idle CPU .02, all queued within 2 s"])
