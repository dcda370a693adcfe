"""Vietnam's time, and how its readers write it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""One zone all year (UTC+7). Times are told in it whatever the machine's own zone, and stored in UTC."""


def local(moment: datetime | None) -> str:
    """A moment as day, month, year and time; a dash when there is none."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "–"


def brief(moment: datetime | None) -> str:
    """A moment of these days as day, month and time; a dash when there is none."""
    return moment.astimezone(VIETNAM).strftime("%d/%m %H:%M") if moment else "–"


def day(moment: date | None) -> str:
    """A day, or a moment's day in Vietnam, as day, month and year; a dash when there is none."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(VIETNAM)
    return moment.strftime("%d/%m/%Y") if moment else "–"


def midnight(on: date) -> datetime:
    """The beginning of a day in Vietnam."""
    return datetime.combine(on, time(), VIETNAM)
