"""How many looks stored articles cost, and how soon they see an edit, beside pauses that grow by half from 5 minutes.

Edits are drawn by two assumptions, as no study gives the whole curve: spread evenly over the logarithm of age between
5 minutes and 7 days, and half of them within 3 hours (log-normal). Both are plain guesses at "most in the first hours".
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper import schedule
from scraper.config.settings import RecheckSettings

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
ARTICLES, ARTICLES_SAMPLE = 400, 100
EDITS = 50
"""Edits drawn for each article."""

_START = datetime(2026, 3, 2, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def run(*, sample: bool) -> list[dict[str, Any]]:
    """One row for each way of looking again and each assumption."""
    articles = ARTICLES_SAMPLE if sample else ARTICLES
    ways = {"scraper": _ours, "grow by half from 5 min": _peer}
    return [_measured(name, way, age, articles) for age in AGES for name, way in ways.items()]


def _ours(key: str) -> list[timedelta]:
    looks, now = list[timedelta](), _START
    while (due := schedule.next_recheck(RecheckSettings(), _START, None, key, now)) is not None:
        looks.append(due - _START)
        now = due
    return looks


def _peer(_key: str) -> list[timedelta]:
    return list(_growing())


def _growing() -> Iterator[timedelta]:
    age, pause = timedelta(), timedelta(minutes=5)
    while (age := age + pause) < MONTH:
        yield age
        pause *= 1.5


def _evenly(rng: random.Random) -> float:
    return math.exp(rng.uniform(math.log(5), math.log(WEEK / _MINUTE)))


def _early(rng: random.Random) -> float:
    return min(rng.lognormvariate(math.log(180), 1.6), WEEK / _MINUTE)


AGES: dict[str, Callable[[random.Random], float]] = {"even in log(age)": _evenly, "half in 3 hours": _early}


def _measured(name: str, way: Callable[[str], list[timedelta]], assumed: str, articles: int) -> dict[str, Any]:
    rng, waits, counts = random.Random(1), list[timedelta](), list[int]()
    last: list[timedelta] = []
    for number in range(articles):
        looks = way(f"bao:{number}")
        counts.append(sum(look <= WEEK for look in looks))
        last.append(looks[-1])
        for _ in range(EDITS):
            age = AGES[assumed](rng) * _MINUTE
            waits.append(next((look for look in looks if look >= age), MONTH) - age)
    return {
        "edits": assumed,
        "looks": name,
        "in_7_days": round(statistics.mean(counts), 1),
        "seen_within_the_hour": round(sum(wait <= timedelta(hours=1) for wait in waits) / len(waits), 3),
        "median_minutes": round(statistics.median(waits) / _MINUTE),
        "last_look_day": round(min(last) / timedelta(days=1), 1),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for people."""
    lines = [f"{'edits':18} {'looks':24} {'in 7 days':>9} {'within 1 h':>11} {'median':>8} {'last look':>10}"]
    lines += [
        f"{row['edits']:18} {row['looks']:24} {row['in_7_days']:>9} {row['seen_within_the_hour']:>11.1%} "
        f"{row['median_minutes']:>4} min {'day':>6} {row['last_look_day']}"
        for row in rows
    ]
    return "\n".join(lines)
