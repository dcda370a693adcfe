"""The whole program over the newsroom, through the command its users type."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

from scraper.demo.run import DemoClock


def test_a_seed_is_watched_without_a_loss() -> None:
    """Every story is stored, every alert arrives once, no copy is folded wrongly, no edit is invented."""
    command = [sys.executable, "-m", "scraper", "demo", "--once", "--days", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert set(seen) == {
        "seed",
        "published",
        "stored",
        "missed",
        "copies",
        "edits",
        "removals",
        "policy",
        "alerts",
        "watches",
        "alarms",
        "requests",
        "seconds",
    }
    assert seen["missed"] == []
    assert seen["stored"] == seen["published"] > 100
    assert seen["copies"]["wrong"] == 0
    assert seen["edits"]["false"] == 0
    assert seen["alerts"]["due"] == seen["alerts"]["delivered"] > 20
    assert (seen["alerts"]["lost"], seen["alerts"]["repeated"]) == (0, 0)
    (citing,) = set(seen["watches"]) - {"policy"}
    assert citing.startswith("cites ")
    assert min(seen["watches"].values()) > 0


def test_the_clock_never_goes_back() -> None:
    """The newsroom's time only moves on."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    clock = DemoClock(start)
    clock.sleep(60)
    clock.move_to(start)
    assert (clock.now() - start).total_seconds() == 60
