"""How a source stands: what ails it although it answers, when its trouble is told, and when its recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from scraper.rhythm import Rhythm
from scraper.values import READ_FIELDS, Health, Reading

SILENCE = 24.0
"""Stories that should have come while none did, at the least; :data:`SHARE_OF_A_DAY` asks more of busy outlets."""

SHARE_OF_A_DAY = 0.75
"""Of what a day brings, what must be missing as well: stories come in bursts, and holidays last a week. Simulated for a
year with both, outlets of 2 to 300 stories a day had at most one false alarm in three years; with sixteen stories and
half a day up to two a year, with fourteen alone dozens (benchmarks/rhythm.py). A busy outlet's stop is told within the
day."""

NEWEST, EARLIER = 5, 15
"""Articles that must all lack what the earlier ones, at least so many, had: two or three may be of another make."""

USUAL = 0.9
"""Share of earlier articles that must have a field before its lack is a fault: not every story is signed."""

COLLAPSED = 0.25
"""Of the earlier articles' median length: what a page's lead and captions come to when its body is not found."""


def health(before: Health, failure: str, after: int, now: datetime, repeat: timedelta | None = None) -> Health:
    """How a source stands after a poll: told once when it has failed ``after`` times, once when it recovers.

    Args:
        before: How it stood.
        failure: What went wrong, ``""`` when the poll went well.
        after: Failed polls in a row before it is told.
        now: The present moment, aware UTC.
        repeat: How long after the last word of a trouble that goes on it is told again; never when ``None``.
    """
    if not failure:
        return Health(event="source_recovered" if before.trouble_since else None)
    failures = before.failures + 1
    if before.trouble_since is not None:
        again = repeat is not None and before.told_at is not None and now - before.told_at >= repeat
        told = replace(before, failures=failures, event=None)
        return replace(told, told_at=now, event="source_broken") if again else told
    if failures < after:
        return Health(failures)
    return Health(failures, now, now, "source_broken")


def silence(rhythm: Rhythm | None, quiet_since: datetime | None, now: datetime, limit: float = SILENCE) -> str:
    """What is wrong with a source that answers and brings nothing, ``""`` when its silence is nothing unusual.

    Args:
        rhythm: The source's, ``None`` while it is not known.
        quiet_since: Since when it was watched and brought no story, aware UTC.
        now: The present moment, aware UTC.
        limit: Stories expected meanwhile from which on it is unusual, see :data:`SILENCE`; 0 for never.
    """
    if rhythm is None or quiet_since is None or not limit:
        return ""
    missing = rhythm.expected(quiet_since, now)
    if missing < max(limit, SHARE_OF_A_DAY * rhythm.a_day):
        return ""
    return (
        f"answers but has brought no story since {quiet_since:%Y-%m-%d %H:%M} UTC, when {missing:.0f} are usual in "
        "that time; see whether its listings still are where the source file says, or are stale copies"
    )


def misread(readings: Sequence[Reading], source: str) -> str:
    """What the newest articles lack that the earlier ones had, ``""`` when they are read as ever.

    Args:
        readings: What was read of the source's articles, newest first.
        source: Its name.
    """
    newest, earlier = readings[:NEWEST], readings[NEWEST:]
    if len(newest) < NEWEST or len(earlier) < EARLIER:
        return ""
    lost = [
        name
        for name in READ_FIELDS
        if not any(name in one.fields for one in newest)
        and sum(name in one.fields for one in earlier) >= USUAL * len(earlier)
    ]
    usual = median(one.length for one in earlier)
    if max(one.length for one in newest) < COLLAPSED * usual:
        lost.append(f"text (at most {max(one.length for one in newest)} characters, {usual:.0f} are usual)")
    if not lost:
        return ""
    return (
        f"the newest {NEWEST} articles have no {', no '.join(lost)}, which its articles used to have: its layout may "
        f"have changed; see 'scraper sources test {source}' and correct the rules"
    )
