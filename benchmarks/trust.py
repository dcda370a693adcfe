"""Whether the program can be trusted: kills, outages, attacks, cadence, a soak of a month; each with its figure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import attacks, crashes, rhythm, siege
from scraper.demo.newsroom import Newsroom
from scraper.demo.plan import HOOK, Plan

ROOT = Path(__file__).resolve().parents[1]
SOAKED = ("tinchinhsach", "doisongmoi")
"""Outlets of the soak: a month of all eight would take an hour."""


LONG = ("attacks", "adaptive against fixed", "soak")
"""Left out of a sample."""


def _ours(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([attacks.PYTHON, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves


def faults(seeds: Sequence[int], days: int) -> dict[str, Any]:
    """So many days of the newsroom with every kind of outage, once for each seed."""

    def told(seed: int) -> dict[str, Any]:
        asked = ("--once", "--json", "--faults", "--seed", str(seed), "--days", str(days))
        found: dict[str, Any] = json.loads(_ours("scraper", "demo", *asked).stdout)
        return found

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(told, seeds))

    def total(name: str, part: str) -> int:
        return sum(run[name][part] for run in runs)

    return {
        "seeds": len(runs),
        "published": sum(run["published"] for run in runs),
        "stored": sum(run["stored"] for run in runs),
        "false edits": total("edits", "false"),
        "wrong copies": total("copies", "wrong"),
        "alerts due": total("alerts", "due"),
        "alerts lost": total("alerts", "lost"),
        "alerts repeated": total("alerts", "repeated"),
        "outages met by two polls": total("alarms", "outages"),
        "noticed by the second": total("alarms", "noticed"),
        "ended": total("alarms", "ended"),
        "told to be over": total("alarms", "told"),
        "false alarms": total("alarms", "false"),
    }


def channel() -> dict[str, Any]:
    """One channel of two is down for an hour."""
    test = "tests/test_pipeline.py::test_one_channel_down_for_an_hour"
    return {"all delivered, in order, once": _ours("pytest", "-q", test).returncode == 0}


def cadence() -> dict[str, Any]:
    """Requests of the adaptive cadence against the fixed pause that has the same median delay."""
    found: dict[str, Any] = {}
    for a_day in rhythm.A_DAY:
        ratios = [row["ratio at equal median"] for row in rhythm.cadence(a_day).values()]
        found[f"{a_day} stories a day"] = round(median(ratios), 2)
    return found


def soak(days: int) -> dict[str, Any]:
    """Watch two outlets for so many of the newsroom's days without a stop; memory and file sizes after each."""
    plan = Plan(1, days=days)
    samples: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory(prefix="scraper-soak-") as name:
        folder = Path(name)
        clock = crashes.FileClock(folder / "clock", plan.start)
        with Newsroom(plan, clock) as newsroom:
            life = crashes.Life(folder, newsroom.connect_to()[HOOK], plan.document, plan.end, outlets=SOAKED)
            process = crashes.FORK.Process(target=crashes.live, args=(life,))
            process.start()
            while process.is_alive():
                if clock.now() >= plan.start + timedelta(days=len(samples) + 1):
                    samples.append((_resident(process.pid or 0), _size(folder / "data")))
                time.sleep(0.02)
            requests = newsroom.requests
    memory = [resident for resident, _ in samples]
    first, last = memory[len(memory) // 3], memory[-1]
    return {
        "days": len(samples),
        "requests": requests,
        "MB on the first day": round(memory[0] / 1e6),
        "MB after a third": round(first / 1e6),
        "MB at the end": round(last / 1e6),
        "growth in the last two thirds": f"{last / first - 1:.1%}",
        "archive, kB a day": round((samples[-1][1] - samples[0][1]) / 1e3 / max(1, len(samples) - 1)),
    }


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int((status.partition("VmRSS:")[2].split() or ["0"])[0]) * 1024


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("archive.db*"))


def run(*, sample: bool) -> dict[str, Any]:
    """Everything; with ``sample`` ten kills and two days of one seed, and not what ``make test`` does too."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "kills": lambda: crashes.run(sample=sample),
        "channel down for an hour": channel,
        "attacks": attacks.run,
        "siege": siege.run,
        "newsroom with every fault": lambda: faults(range(1, 2 if sample else 21), days=2 if sample else 3),
        "adaptive against fixed": cadence,
        "soak": lambda: soak(30),
    }
    started, result = time.monotonic(), dict[str, Any]()
    for name, part in parts.items():
        if sample and name in LONG:
            continue
        result[name] = part()
        print(f"{(time.monotonic() - started) / 60:5.1f} min  {name}: {result[name]}", file=sys.stderr)
    return {**result, "minutes": round((time.monotonic() - started) / 60, 1)}


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    lines: list[str] = []
    for name, found in result.items():
        lines.append(f"{name}:" if isinstance(found, dict) else f"{name}: {found}")
        if isinstance(found, dict):
            lines += [f"  {what:32} {_shown(value)}" for what, value in found.items()]
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"{sum(value.values())} ({', '.join(f'{name} {number}' for name, number in sorted(value.items()))})"
    return "none" if value == [] else str(value)
