"""What a rhythm is worth: requests of the adaptive cadence against fixed pauses, and alarms for silence.

Outlets are simulated for a year: nights almost empty, mornings and afternoons busy, weekends at 40 %, stories in
bursts (each brings others within the hour), a holiday week at 30 %. Every poll and alarm uses what the weeks before had
shown, never what is still to come.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean, median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from scraper import schedule
from scraper.config import Cadence
from scraper.decide.health import SHARE_OF_A_DAY, SILENCE, silence
from scraper.rhythm import Rhythm

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 1, 5, tzinfo=UTC)
A_DAY = (2, 10, 60, 300)
"""Stories on a working day."""
PROFILE = (1, 1, 1, 1, 2, 6, 14, 20, 24, 24, 20, 14, 10, 12, 20, 22, 22, 18, 12, 10, 8, 6, 4, 2)
"""How stories spread over the hours of a day."""
WEEKEND, HOLIDAY = 0.4, 0.3
BURST = 0.5
"""Of all stories, how many come as company of another."""
HOLIDAY_DAY = 43
"""The first day of the week of holidays, counted from the start: Tết."""
FIXED = tuple(timedelta(minutes=m) for m in (5, 10, 15, 30, 60))
LEARN = timedelta(days=28)
WEEK = timedelta(weeks=1)
CADENCE_DAYS, CADENCE_SEEDS = 84, range(1, 5)
"""Eight weeks after the weeks of learning, one of them of holidays. Ratios of single runs differ by a tenth."""


def stories(a_day: float, days: int, rng: Random) -> list[datetime]:
    """When the stories of so many days come out, in order."""
    found: list[datetime] = []
    for day in range(days):
        date = START + timedelta(days=day)
        level = WEEKEND if date.weekday() > 4 else 1.0  # noqa: PLR2004 - Saturday and Sunday
        level *= HOLIDAY if HOLIDAY_DAY <= day < HOLIDAY_DAY + 7 else 1.0
        for hour, weight in enumerate(PROFILE):
            mean = a_day * level * weight / sum(PROFILE) * (1 - BURST)
            for _ in range(_poisson(mean, rng)):
                at = date + timedelta(hours=hour - 7, seconds=rng.uniform(0, 3600))
                found.append(at)
                while rng.random() < BURST:
                    found.append(at + timedelta(minutes=rng.expovariate(1 / 20)))
    return sorted(found)


def _poisson(mean: float, rng: Random) -> int:
    count, left = -1, mean
    while left >= 0:
        left -= rng.expovariate(1.0)
        count += 1
    return count


# --- cadence -----------------------------------------------------------------------------------------------


def polls_of(times: Sequence[datetime], usual: timedelta, days: int, *, adaptive: bool) -> list[datetime]:
    """When a source is polled after the weeks of learning; the rhythm is learned anew each day."""
    now, end, polls = START + LEARN, START + timedelta(days=days), list[datetime]()
    cadence, rhythm, learned = Cadence(adaptive=adaptive), None, START
    while now < end:
        polls.append(now)
        if adaptive and now - learned >= timedelta(days=1):
            known = times[bisect_left(times, now - LEARN) : bisect_right(times, now)]
            rhythm, learned = Rhythm.of(known, START, now, ZONE), now
        now = schedule.next_check(cadence, usual, now, ZONE, rhythm=rhythm)
    return polls


def delays(times: Sequence[datetime], polls: Sequence[datetime]) -> list[float]:
    """Minutes from each story to the first poll after it."""
    seen = ((at, bisect_left(polls, at)) for at in times if at > polls[0])
    return [(polls[place] - at) / timedelta(minutes=1) for at, place in seen if place < len(polls)]


def cadence(a_day: int, seeds: Sequence[int] = CADENCE_SEEDS, days: int = CADENCE_DAYS) -> dict[str, Any]:
    """Requests and delays of the fixed pauses and of the adaptive cadence, by pause, over simulated outlets."""
    outlets = [stories(a_day, days, Random(seed)) for seed in seeds]
    rows: dict[str, Any] = {}
    for usual in FIXED:
        (often, slow), (seldom, quick) = (
            _served(outlets, usual, days, adaptive=adaptive) for adaptive in (False, True)
        )
        same = 2 * timedelta(minutes=median(quick))  # a fixed pause has half of itself as median delay
        rows[f"{usual / timedelta(minutes=1):.0f} min"] = {
            "requests a day": (often, seldom),
            "median": (median(slow), median(quick)),
            "mean": (mean(slow), mean(quick)),
            "p95": (quantiles(slow, n=20)[-1], quantiles(quick, n=20)[-1]),
            "ratio at equal median": seldom / (timedelta(days=1) / same),
        }
    return rows


def _served(
    outlets: Sequence[Sequence[datetime]], usual: timedelta, days: int, *, adaptive: bool
) -> tuple[float, list[float]]:
    """Requests a day, and the delays of all outlets' stories."""
    polls = [polls_of(times, usual, days, adaptive=adaptive) for times in outlets]
    late = [delay for times, own in zip(outlets, polls, strict=True) for delay in delays(times, own)]
    return sum(map(len, polls)) / len(outlets) / (days - LEARN.days), late


def bound() -> float:
    """The least ratio at equal median that pauses by the hour can reach, were the rate of each hour known.

    A story is seen within the median with the chance of median over pause, 1 at most. Fewest requests see half of the
    stories so when the busiest hours are polled once in each median and all others never; a fixed pause of twice the
    median makes 84 requests in the 168 hours of a week of medians of an hour.
    """
    hours = [weight * (WEEKEND if day > 4 else 1.0) for day in range(7) for weight in PROFILE]  # noqa: PLR2004
    needed, polled = sum(hours) / 2, 0.0
    for rate in sorted(hours, reverse=True):
        part = min(1.0, needed / rate)
        needed, polled = needed - part * rate, polled + part
    return polled / (len(hours) / 2)


# --- silence -----------------------------------------------------------------------------------------------


def _alarms(a_day: int, seed: int, days: int) -> tuple[int, list[float]]:
    """False alarms in the simulated time, and hours until a stop at ten in the morning of a working day is told."""
    times, false, waits = stories(a_day, days, Random(seed)), 0, list[float]()
    for week in range(4, days // 7):
        now = START + timedelta(weeks=week)
        rhythm = Rhythm.of(times[: bisect_left(times, now)], START, now, ZONE)
        if rhythm is None:
            continue
        ahead = times[max(0, bisect_left(times, now) - 1) : bisect_left(times, now + timedelta(weeks=1)) + 1]
        false += sum(bool(silence(rhythm, a, b)) for a, b in pairwise(ahead))
        stop = now + timedelta(days=1, hours=3)
        waits.append((_told(rhythm, stop) - stop) / timedelta(hours=1))
    return false, waits


def _told(rhythm: Rhythm, stop: datetime) -> datetime:
    """When the silence after a stop is told: weeks later where stories are few, so whole weeks are counted first."""
    weeks, rest = divmod(max(SILENCE, SHARE_OF_A_DAY * rhythm.a_day), 7 * rhythm.a_day)
    return rhythm.when(rest, stop + weeks * WEEK)


def run(*, sample: bool) -> dict[str, Any]:
    """Simulate each kind of outlet; with ``sample`` for eight weeks and two seeds."""
    days, seeds = (56, 2) if sample else (365, 20)
    cadences = {str(a_day): cadence(a_day, CADENCE_SEEDS[:1] if sample else CADENCE_SEEDS) for a_day in A_DAY}
    alarms = {}
    for a_day in A_DAY:
        found = [_alarms(a_day, seed, days) for seed in range(1, seeds + 1)]
        waits = [wait for _, waits in found for wait in waits]
        years = seeds * (days - LEARN.days) / 365
        alarms[str(a_day)] = {
            "false alarms a year": sum(false for false, _ in found) / years,
            "hours until told": median(waits) if waits else None,
        }
    return {"cadence": cadences, "bound": bound(), "silence": alarms}


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    lines = [
        "stories a day, fixed pause     requests fixed/ours   median min   mean min   p95 min   ratio at equal median"
    ]
    for a_day, rows in result["cadence"].items():
        for usual, row in rows.items():
            pairs = [
                f"{one:7.1f} /{two:7.1f}" for one, two in map(row.get, ("requests a day", "median", "mean", "p95"))
            ]
            lines.append(f"{a_day:>5} {usual:>8}   {'  '.join(pairs)}   {row['ratio at equal median']:.2f}")
    lines.append(
        f"no pauses by the hour need less than {result['bound']:.2f}; "
        "those leave half the stories for the next busy hours"
    )
    lines.append("silence: stories a day, false alarms a source and year, hours until a stop at ten is told")
    lines += [
        f"{a_day:>5}   {row['false alarms a year']:.2f}   {row['hours until told'] or float('nan'):.1f}"
        for a_day, row in result["silence"].items()
    ]
    return "\n".join(lines)
