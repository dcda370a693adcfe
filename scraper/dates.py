"""Every way of writing a time that the field's pages and feeds use, to aware UTC.

Own forms over :meth:`datetime.fromisoformat`: general date libraries read "07-03-2026" as July, stumble over
Vietnamese words, and cost about 150 times as much (measured November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from scraper.text import clean

Order = Literal["dmy", "mdy"]

MAX_LENGTH = 200
"""Only the start of a text is looked at: a selector that hits a whole box must not cost time."""

YEARS = range(1990, 2101)
"""Years outside are typing errors, counters, or 1970 for "never"."""

_EPOCH = re.compile(r"[0-9]{9,10}|[0-9]{12,13}")
_MILLISECONDS_FROM = 10**11

# "2026-03-07T08:52:11.000 +07:00" (vietnamnet's JSON-LD, March 2026): fromisoformat wants no space there.
_ISO = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?![0-9/.]).*", re.DOTALL)
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=(?:[+-][0-9]{2}:?[0-9]{2}|z)$)")

# Short and long, in English, German, French, Spanish, Italian, Portuguese, Polish, Dutch, and as Russian and Ukrainian
# write them after a day; accents as written.
_MONTH_NAMES = (
    "jan january januar jänner janvier ene enero gennaio gen janeiro styczeń stycznia januari января січня",
    "feb february februar février fevrier févr fevr febrero febbraio fevereiro fev luty lutego februari февраля лютого",
    "mar march märz mrz mars marzo março marzec marca maart марта березня",
    "apr april avril avr abril abr aprile kwiecień kwietnia апреля квітня",
    "may mai mayo maggio mag maio maj maja mei мая травня",
    "jun june juni juin junio giugno giu junho czerwiec czerwca июня червня",
    "jul july juli juillet juil julio luglio lug julho lipiec lipca июля липня",
    "aug august août aout agosto ago agosto sierpień sierpnia augustus августа серпня",
    "sep sept september septembre septiembre setiembre settembre set setembro wrzesień września сентября вересня",
    "oct october okt oktober octobre octubre ottobre ott outubro out październik października октября жовтня",
    "nov november novembre noviembre novembro listopad listopada ноября листопада",
    "dec december dez dezember décembre decembre déc dic diciembre dicembre dezembro grudzień grudnia декабря грудня",
)
_MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_YEAR_FIRST = re.compile(
    r"(?<![0-9])([0-9]{4})(?:[-/.]|\. ?|年 ?|년 ?)([0-9]{1,2})(?:[-/.]|\. ?|月 ?|월 ?)([0-9]{1,2})(?![0-9])"
)
_YEAR_LAST = re.compile(r"(?<![0-9])([0-9]{1,2})(?:[-/.]|\. | \| )([0-9]{1,2})(?:[-/.]|\. | \| )([0-9]{4})(?![0-9])")
_IN_WORDS = re.compile(r"(?<![0-9])([0-9]{1,2})\s+tháng\s+([0-9]{1,2})(?:\s+năm|,)?\s+([0-9]{4})(?![0-9])")
_DAY_MONTH = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: | de | di |-|, )?({_MONTH})\.?,?"
    r"(?: | de | del |-)([0-9]{4})(?![0-9])"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}})(?![0-9])")
# German newspapers print "31.05.12"; with slashes two digits could be anything.
_SHORT_YEAR = re.compile(r"(?<![0-9.])([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{2})(?![0-9.])")

_TIME = re.compile(
    r"(?<![0-9:])([0-9]{1,2})[:h]([0-9]{2})(?![0-9])"
    r"(?::([0-9]{2})(?![0-9])(?:[.,]([0-9]{1,9}))?)?(?:\s*([ap])\.?m\b|\s*(sa|ch)\b)?"
)
_OFFSETS = (
    # "GMT+7" anywhere; a bare offset needs its minutes, or "- 12" would be one.
    re.compile(r"\b(?:gmt|utc)\s*([+-])(1[0-4]|0?[0-9])(?::?([0-5][0-9]))?(?![0-9:])"),
    re.compile(r"(?<![0-9])([+-])(0[0-9]|1[0-4]):?([0-5][0-9])(?![0-9:])"),
)
_ZONE_NAME = re.compile(r"(?<![^\W0-9])(gmt|utc|ut|z|ict|est|edt|cst|cdt|mst|mdt|pst|pdt)\b")
_NAMED_OFFSETS = {  # hours; RFC 822 names, and Indochina Time as some Vietnamese feeds write it
    **dict.fromkeys(("gmt", "utc", "ut", "z"), 0),
    "ict": 7,
    "edt": -4,
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("cst", "mdt"), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    "pst": -8,
}

_UNITS = {
    **dict.fromkeys(("giây", "second", "sec"), timedelta(seconds=1)),
    **dict.fromkeys(("phút", "minute", "min"), timedelta(minutes=1)),
    **dict.fromkeys(("giờ", "tiếng", "hour"), timedelta(hours=1)),
    **dict.fromkeys(("ngày", "day"), timedelta(days=1)),
    **dict.fromkeys(("tuần", "week"), timedelta(weeks=1)),
    **dict.fromkeys(("tháng", "month"), timedelta(days=30)),
}
_AGO = re.compile(rf"(?<![0-9])([0-9]{{1,4}})\s+({'|'.join(_UNITS)})s?\s+(?:trước|ago)\b")
_DAYS_BACK = {"hôm nay": 0, "hôm qua": 1, "hôm kia": 2, "today": 0, "yesterday": 1}
_NAMED_DAY = re.compile(rf"\b({'|'.join(_DAYS_BACK)})\b")
_JUST_NOW = re.compile(r"\b(?:vừa xong|mới đây|just now)\b")


def parse(text: str, *, zone: ZoneInfo, order: Order = "dmy", now: datetime | None = None) -> datetime | None:
    """The moment that a text names.

    Args:
        text: Such as "Thứ Năm, 16/07/2026 17:17", RFC 822, ISO 8601, epoch seconds or milliseconds, "3 giờ
            trước". Words around the date are skipped.
        zone: Where the clock stands when the text gives no offset of its own.
        order: How all-number dates with the year last are to be read.
        now: What relative times count from, aware; without it they are not read.

    Returns:
        Aware UTC; a date alone is its midnight in ``zone``. ``None`` when there is no date, when it does not
        exist ("31/02/2026"), or when its year is outside :data:`YEARS`. Never raises.
    """
    line = clean(text[:MAX_LENGTH]).lower()
    try:
        moment = _absolute(line, zone, order)
        if moment is None and now is not None:
            moment = _relative(line, zone, now)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment.year in YEARS else None


def names_a_day(text: str) -> bool:
    """Whether a text holds an absolute date in any of the forms."""
    try:
        return _find_date(clean(text[:MAX_LENGTH]).lower(), "dmy") is not None
    except ValueError:
        return False


def _absolute(line: str, zone: tzinfo, order: Order) -> datetime | None:
    if _EPOCH.fullmatch(line):
        number = int(line)
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    iso = _iso(line)
    if iso is not None:
        return (iso if iso.tzinfo else iso.replace(tzinfo=zone)).astimezone(UTC)
    found = _find_date(line, order)
    if found is None:
        return None
    (year, month, day), rest = found
    return _at_clock(datetime(year, month, day), rest, zone)  # noqa: DTZ001 - the zone may stand behind the time


def _iso(line: str) -> datetime | None:
    if not _ISO.fullmatch(line):
        return None
    try:
        return datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", line).upper())
    except ValueError:
        return None  # the forms below decide: "2026-03-07 lúc 8:52" is a date, "2026-02-30" is none


def _find_date(line: str, order: Order) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and the text without them."""
    for form, read in _FORMS:
        found = form.search(line)
        if found:
            first, second, third = found.groups()
            rest = f"{line[: found.start()]} ; {line[found.end() :]}"
            return read(first, second, third, order), rest
    return None


def _year_last(first: str, second: str, year: str, order: Order) -> tuple[int, int, int]:
    day, month = (second, first) if order == "mdy" else (first, second)
    return int(year), int(month), int(day)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str, str, str, Order], tuple[int, int, int]]], ...] = (
    (_YEAR_FIRST, lambda y, m, d, _: (int(y), int(m), int(d))),
    (_YEAR_LAST, _year_last),
    (_IN_WORDS, lambda d, m, y, _: (int(y), int(m), int(d))),
    (_DAY_MONTH, lambda d, m, y, _: (int(y), _MONTHS[m], int(d))),
    (_MONTH_DAY, lambda m, d, y, _: (int(y), _MONTHS[m], int(d))),
    (_SHORT_YEAR, lambda d, m, y, _: (2000 + int(y), int(m), int(d))),
)


def _at_clock(day: datetime, rest: str, zone: tzinfo) -> datetime:
    """The day at the time and in the zone that the rest of the text gives, as UTC."""
    clock = _TIME.search(rest)
    if clock is None:
        return day.replace(tzinfo=_offset(rest, zone)).astimezone(UTC)
    hour, minute, second = _hour(clock), int(clock[2]), int(clock[3] or 0)
    micro = int((clock[4] or "0").ljust(6, "0")[:6])
    stands = _offset(rest[clock.end() :], zone)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=micro, tzinfo=stands).astimezone(UTC)


def _hour(clock: re.Match[str]) -> int:
    """The hour of 24; "00:01 AM" and "15:04 PM" are 24-hour clocks with a marker glued on (cafef, March 2026)."""
    hour = int(clock[1])
    marker = {"sa": "a", "ch": "p"}.get(clock[6] or "", clock[5])
    if not marker or not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of a clock face
        return hour
    return hour % 12 + (12 if marker == "p" else 0)


def _offset(rest: str, zone: tzinfo) -> tzinfo:
    for form in _OFFSETS:
        found = form.search(rest)
        if found:
            size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
            return timezone(-size if found[1] == "-" else size)
    name = _ZONE_NAME.search(rest)
    return timezone(timedelta(hours=_NAMED_OFFSETS[name[1]])) if name else zone


def _relative(line: str, zone: tzinfo, now: datetime) -> datetime | None:
    ago = _AGO.search(line)
    if ago:
        return (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC)
    named = _NAMED_DAY.search(line)
    if named:
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return _at_clock(midnight - timedelta(days=_DAYS_BACK[named[1]]), line, zone)
    return now.astimezone(UTC) if _JUST_NOW.search(line) else None
