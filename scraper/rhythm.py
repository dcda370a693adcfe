"""A source's rhythm: how many stories each hour of its week brings, learned from when its stories came out. Pure.

Newsrooms sleep at night and rest on Sundays; what counts as silence, and when a poll is worth a request, follows from
that. All moments are aware UTC; the hours are those of the source's zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

WINDOW = timedelta(days=28)
"""How far back stories count: each weekday four times, and a rhythm that changes is known within a month."""

ENOUGH_STORIES, ENOUGH_DAYS = 30, 7
"""Less is no rhythm: each weekday once, and a story for each of the hours that papers work on most of them."""

HOURS = 168
"""Of a week; 0 is Monday's first."""

_PRIOR = 40.0
"""Stories' worth of belief that all hours, and all days, are alike: outweighed within days by a busy outlet. At 12 the
mean delay of an outlet of two stories a day was 4 to 6 times that of a fixed pause (at 40: 2), for hours in which none
of its few stories had come; at 10 and more a day nothing changes by more than a tenth (``benchmarks/rhythm.py``)."""

_LEAN = 1.0
"""How far polls lean towards busy hours: at 1 each poll may expect as many stories, at 0 all pauses are alike. At .5,
.75, 1, 1.5 and 2 the requests at equal median delay were .74, .65, .61, .56 and .54 of a fixed pause's, the 95th
percentile of delays 1.4, 2.0, 2.9, 4.7 and 9.3 times as long: beyond 1 few requests cost the late stories much."""

_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Stories expected in each hour of the local week.

    Attributes:
        rates: Stories an hour, 168 of them from Monday's first hour on; all above 0.
        zone: The zone of the hours.
    """

    rates: tuple[float, ...]
    zone: ZoneInfo

    @staticmethod
    def of(times: Sequence[datetime], since: datetime, now: datetime, zone: ZoneInfo) -> Rhythm | None:
        """Learn a rhythm, ``None`` from too little.

        Args:
            times: When stories came out; those outside the window do not count.
            since: When watching began.
            now: The present moment.
            zone: The source's zone.
        """
        start = max(since, now - WINDOW)
        local = [at.astimezone(zone) for at in times if start <= at <= now]
        days = (now - start) / timedelta(days=1)
        if len(local) < ENOUGH_STORIES or days < ENOUGH_DAYS:
            return None
        a_day = len(local) / days
        by_hour, by_day = Counter(at.hour for at in local), Counter(at.weekday() for at in local)
        hours = [(by_hour[hour] + _PRIOR / 24) / (len(local) + _PRIOR) for hour in range(24)]
        weekdays = [(by_day[day] + _PRIOR / 7) / (len(local) + _PRIOR) * 7 for day in range(7)]
        return Rhythm(tuple(a_day * weekday * hour for weekday in weekdays for hour in hours), zone)

    @property
    def a_day(self) -> float:
        """Stories that a day of the week brings, on average."""
        return sum(self.rates) / 7

    def expected(self, start: datetime, end: datetime) -> float:
        """Stories expected between two moments; 0 when the second is not later."""
        weeks = max(0, (end - start) // _WEEK)
        whole = weeks * sum(self.rates)
        return whole + sum(self.rates[hour] * part for hour, _, part in self._hours(start + weeks * _WEEK, end))

    def when(self, count: float, after: datetime) -> datetime:
        """The moment by which so many further stories are expected; a week on at most."""
        return self._reached(self.rates, count, after)

    def pause(self, usual: timedelta, now: datetime) -> timedelta:
        """How long to wait until the next poll: ``usual`` in the hours in which most stories come, longer in others.

        The coming hours count, not the present one: a pause that begins in the night ends as the morning does.
        """
        busy = sum(rate * rate for rate in self.rates) / sum(self.rates)  # the rate that a story of the week sees
        worth = [(rate / busy) ** _LEAN for rate in self.rates]
        return self._reached(worth, usual / _HOUR, now) - now

    def _reached(self, worth: Sequence[float], count: float, after: datetime) -> datetime:
        for hour, begins, part in self._hours(after, after + _WEEK):
            if worth[hour] * part >= count:
                return begins + count / worth[hour] * _HOUR
            count -= worth[hour] * part
        return after + _WEEK

    def _hours(self, start: datetime, end: datetime) -> Iterator[tuple[int, datetime, float]]:
        """The hours of a span: which hour of the week, where the span enters it, and how much of it lies inside."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        while start < end:
            local = start.astimezone(self.zone)
            begun = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            leaves = min(end, start + _HOUR - begun)
            yield local.weekday() * 24 + local.hour, start, (leaves - start) / _HOUR
            start = leaves
