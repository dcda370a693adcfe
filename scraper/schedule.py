"""When to look again: listings by their cadence, articles by their age. Pure; all times aware UTC."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from scraper.config import Cadence
from scraper.config.settings import RecheckSettings
from scraper.errors import ConfigError
from scraper.rhythm import Rhythm
from scraper.values import DoubtReason

FAILURE_GROWTH = 2.0
"""A failing source is asked half as often after each failure: quick to see it recover, gentle when it is down."""

MOST_DOUBLINGS = 16
"""Any interval has met ``schedule.slowest`` by then; a source that fails for months must not overflow a date."""

LINK_RETRY = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
"""Pauses before an article that could not be fetched is tried again; about two days in all, then given up."""

GONE_CONFIRM = timedelta(hours=1)
"""A page counts as removed when it is missing twice at least this far apart: editors republish, caches lag."""

CONFIRM: Mapping[DoubtReason, tuple[int, timedelta]] = {
    "headline": (2, timedelta(minutes=10)),
    "back again": (3, timedelta(minutes=30)),
    "broken": (2, timedelta(hours=1)),
}
"""Of a change in doubt: how many fetches in a row must agree, and how far apart they are. Tests of headlines swap
with each visit, so two that agree are enough; two servers of one outlet can disagree for hours; a broken template is
mended within the hour or stays."""

_SPREAD = 0.1

# Looks at ages of about 10, 25, 50 minutes, then hourly to 12 h, then 19 h, 31 h, 2, 3, 5 days, ...: 20 in 7 days. With
# edits spread evenly over the logarithm of age they see 67 % of edits within the hour, and 81 % where half of the edits
# fall in the first 3 hours; pauses that grow by half from 5 minutes see 56 and 63 % with 17 (benchmarks/rechecks.py).
_RISE = 0.5
_GROWTH = 0.6
_HOURLY = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(days=5)


def next_time_of_day(moment: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next time that clocks in a zone show a time of day, later than ``now``; aware UTC."""
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    found = (datetime.combine(day, moment, zone).astimezone(UTC) for day in days)
    return next((at for at in found if at > now), now + timedelta(days=1))


def cron_trigger(expression: str, zone: ZoneInfo) -> CronTrigger:
    """A five-field cron expression as a trigger.

    Weekdays must be names (``mon-fri``): APScheduler counts days from Monday, cron from Sunday.

    Raises:
        ConfigError: The expression is not valid, or gives weekdays as numbers.
    """
    fields = expression.split()
    if len(fields) == 5 and any(c.isdigit() for c in fields[4]):  # noqa: PLR2004 - cron has five fields
        raise ConfigError([f"cron {expression!r}: write weekdays as names, such as mon-fri"])
    try:
        return CronTrigger.from_crontab(expression, timezone=zone)
    except ValueError as error:
        raise ConfigError([f"cron {expression!r}: {error}"]) from error


def next_check(
    cadence: Cadence,
    default: timedelta,
    now: datetime,
    zone: ZoneInfo,
    *,
    rhythm: Rhythm | None = None,
) -> datetime:
    """When a listing that answered is due again.

    Args:
        cadence: The source's own cadence.
        default: The interval when the source gives none, and of ``adaptive`` in the hours in which most stories come.
        now: The present moment.
        zone: The zone in which a cron expression is meant.
        rhythm: The source's, for ``adaptive``; ``None`` while it is not known.
    """
    if cadence.cron:
        after = now + timedelta(microseconds=1)  # a poll done on the very second is not due again at once
        fire = cron_trigger(cadence.cron, zone).get_next_fire_time(None, after)
        if fire is not None:
            return datetime.fromtimestamp(fire.timestamp(), UTC)
    if cadence.adaptive:
        pause = rhythm.pause(default, now) if rhythm is not None else default
        return now + min(max(pause, cadence.fastest), cadence.slowest)
    return now + (cadence.every or default)


def after_failure(normal: datetime, failures: int, now: datetime, slowest: timedelta) -> datetime:
    """When a listing that failed is due again: ever later, never later than ``slowest`` from now."""
    interval = (normal - now) * FAILURE_GROWTH ** min(max(failures - 1, 0), MOST_DOUBLINGS)
    return now + min(interval, max(slowest, normal - now))


def next_recheck(
    plan: RecheckSettings, published: datetime, changed_at: datetime | None, key: str, now: datetime
) -> datetime | None:
    """When a stored article is looked at again, ``None`` when it has passed the last age.

    An edit makes the article young again, as edits come in company. Looks are spread over a tenth of each pause by
    the article's key, so that stories stored together are not asked for together. The last look is at the last age.

    Args:
        plan: The settings.
        published: When it was published, or first seen; aware UTC.
        changed_at: When it was last seen edited, aware UTC.
        key: The article's key.
        now: The present moment, aware UTC.
    """
    end = published + plan.until
    if now >= end:
        return None
    spread = 1 + _SPREAD * random.Random(f"{key} {now.timestamp()}").random()  # noqa: S311 - spreads load, hides nothing
    return min(now + recheck_pause(plan, now - max(published, changed_at or published)) * spread, end)


def recheck_pause(plan: RecheckSettings, age: timedelta) -> timedelta:
    """How long an article of this age rests before it is looked at again."""
    age = max(age, timedelta())
    if age < plan.hourly:
        return min(plan.first + age * _RISE, _HOURLY)
    return min(max(age * _GROWTH, _HOURLY), _LONGEST_PAUSE)


def longest_unseen(plan: RecheckSettings, age: timedelta) -> timedelta:
    """How long an edit made at this age can go unseen while every look succeeds."""
    return recheck_pause(plan, age) * (1 + _SPREAD)


def recheck_retry(plan: RecheckSettings, published: datetime, now: datetime) -> datetime | None:
    """When a re-check that failed is tried again: as its age says, but not within the hour.

    An outlet that comes to refuse us has thousands of stored articles: each asked for hourly would be a siege. Given up
    a day after the last age has passed.
    """
    pause = max(GONE_CONFIRM, recheck_pause(plan, now - published))
    return now + pause if now < published + plan.until + timedelta(days=1) else None


def link_retry(tries: int, now: datetime, not_before: datetime | None = None) -> datetime | None:
    """When an article that failed ``tries`` times is tried again, ``None`` when it is given up."""
    if tries > len(LINK_RETRY):
        return None
    due = now + LINK_RETRY[tries - 1]
    return max(due, not_before) if not_before else due
