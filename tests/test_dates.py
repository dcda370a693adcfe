"""Every date form of the field, to aware UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import dates

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 7, 5, 0, tzinfo=UTC)  # noon in Hà Nội


def hanoi(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=HANOI).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thứ Năm, 16/07/2026 17:17", hanoi(2026, 7, 16, 17, 17)),
        ("Thứ Hai, ngày 20/07/2026 - 06:31", hanoi(2026, 7, 20, 6, 31)),
        ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", hanoi(2026, 3, 7, 0, 5)),
        ("Thứ bảy, 07/03/2026 - 08:07", hanoi(2026, 3, 7, 8, 7)),
        ("07/03/2026 08:06 GMT+7", hanoi(2026, 3, 7, 8, 6)),
        ("20/07/2026 20:52", hanoi(2026, 7, 20, 20, 52)),
        ("15:04, 13/04/2023", hanoi(2023, 4, 13, 15, 4)),
        ("2026-03-07T08:52:11.000 +07:00", hanoi(2026, 3, 7, 8, 52, 11)),
        ("2026-03-07 08:07", hanoi(2026, 3, 7, 8, 7)),
        ("2026-03-07T01:52:11Z", hanoi(2026, 3, 7, 8, 52, 11)),
        ("2026-03-07T01:52:11 Z", hanoi(2026, 3, 7, 8, 52, 11)),
        ("20260307T015211Z", hanoi(2026, 3, 7, 8, 52, 11)),
        ("2026/03/07 08:52", hanoi(2026, 3, 7, 8, 52)),
        ("2026-3-7 8:52", hanoi(2026, 3, 7, 8, 52)),
        ("07.03.2026 08:52:11", hanoi(2026, 3, 7, 8, 52, 11)),
        ("Wed, 30 Aug 2017 20:03:00 +0700", hanoi(2017, 8, 30, 20, 3)),
        ("Wed, 30 Aug 2017 13:03:00 GMT", hanoi(2017, 8, 30, 20, 3)),
        ("Wed, 30 Aug 2017 08:03:00 EST", hanoi(2017, 8, 30, 20, 3)),
        ("Mon, 9 Mar 2026 08:00:00 ICT", hanoi(2026, 3, 9, 8)),
        ("ngày 13 tháng 4 năm 2023", hanoi(2023, 4, 13)),
        ("08h30 ngày 13 tháng 4, 2023", hanoi(2023, 4, 13, 8, 30)),
        ("13/4/2023", hanoi(2023, 4, 13)),
        ("2023-04-13", hanoi(2023, 4, 13)),
        ("13. 4. 2023", hanoi(2023, 4, 13)),
        ("13 | 04 | 2023", hanoi(2023, 4, 13)),
        ("13 апреля 2023, 13:43", hanoi(2023, 4, 13, 13, 43)),
        ("13 квітня 2023", hanoi(2023, 4, 13)),
        ("April 13, 2023 3:05 PM", hanoi(2023, 4, 13, 15, 5)),
        ("13 Sept. 2023", hanoi(2023, 9, 13)),
        ("13th April 2023 12:05 a.m.", hanoi(2023, 4, 13, 0, 5)),
        ("9:30 CH 13/04/2023", hanoi(2023, 4, 13, 21, 30)),
        ("9:30 SA, 13/04/2023", hanoi(2023, 4, 13, 9, 30)),
        ("1488848700", datetime(2017, 3, 7, 1, 5, tzinfo=UTC)),
        ("1488848700000", datetime(2017, 3, 7, 1, 5, tzinfo=UTC)),
        ("Cập nhật: 07/03/2026 08:47 | 12 bình luận", hanoi(2026, 3, 7, 8, 47)),
        ("- 07/03/2026 08:47", hanoi(2026, 3, 7, 8, 47)),
    ],
)
def test_forms_of_the_field(text: str, expected: datetime) -> None:
    """Each form that outlets print is read to the second."""
    assert dates.parse(text, zone=HANOI) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07-03-2026 - 00:01 AM", hanoi(2026, 3, 7, 0, 1)),
        ("07-03-2026 - 15:04 PM", hanoi(2026, 3, 7, 15, 4)),
        ("07-03-2026 - 15:04 AM", hanoi(2026, 3, 7, 15, 4)),
        ("07-03-2026 - 12:04 AM", hanoi(2026, 3, 7, 0, 4)),
        ("07-03-2026 - 12:04 PM", hanoi(2026, 3, 7, 12, 4)),
    ],
)
def test_marker_glued_to_a_24_hour_clock(text: str, expected: datetime) -> None:
    """AM and PM count only where a 12-hour clock can stand."""
    assert dates.parse(text, zone=HANOI) == expected


def test_order_of_all_number_dates() -> None:
    """The order given decides; it is never guessed, not even where only the other one gives a date."""
    us = "9/14/2026 6:44:00 PM"
    assert dates.parse(us, zone=HANOI, order="mdy") == hanoi(2026, 9, 14, 18, 44)
    assert dates.parse(us, zone=HANOI) is None
    assert dates.parse("3/5/2026", zone=HANOI, order="mdy") == hanoi(2026, 3, 5)
    assert dates.parse("3/5/2026", zone=HANOI) == hanoi(2026, 5, 3)
    assert dates.parse("2026-03-05", zone=HANOI, order="mdy") == hanoi(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "07/03/2026 08:06 GMT+9",
        "08:06 (GMT+9), 07/03/2026",
        "08:06, 07/03/2026 (UTC+09:00)",
        "2026-03-07T08:06:00+09:00",
        "2026-03-07T08:06:00.000 +0900",
        "Sat, 07 Mar 2026 08:06:00 +0900",
    ],
)
def test_offset_in_the_text_wins(text: str) -> None:
    """An offset that stands in the text beats the outlet's zone."""
    assert dates.parse(text, zone=HANOI) == datetime(2026, 3, 6, 23, 6, tzinfo=UTC)


def test_number_behind_the_time_is_no_offset() -> None:
    """A count or a date after a dash is not taken for an offset."""
    assert dates.parse("07/03/2026 - 08:06 - 12 ảnh", zone=HANOI) == hanoi(2026, 3, 7, 8, 6)
    assert dates.parse("08:06 -07/03/2026", zone=HANOI) == hanoi(2026, 3, 7, 8, 6)


def test_zone_with_summer_time() -> None:
    """The offset is that of the day, not of today."""
    assert dates.parse("01/07/2026 08:00", zone=PARIS) == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert dates.parse("01/01/2026 08:00", zone=PARIS) == datetime(2026, 1, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45 giây trước", NOW - timedelta(seconds=45)),
        ("5 phút trước", NOW - timedelta(minutes=5)),
        ("3 giờ trước", NOW - timedelta(hours=3)),
        ("Khoảng 2 tiếng trước", NOW - timedelta(hours=2)),
        ("2 ngày trước", NOW - timedelta(days=2)),
        ("1 tuần trước", NOW - timedelta(weeks=1)),
        ("3 hours ago", NOW - timedelta(hours=3)),
        ("vừa xong", NOW),
        ("hôm qua", hanoi(2026, 3, 6)),
        ("Hôm qua, 15:04", hanoi(2026, 3, 6, 15, 4)),
        ("08:30 hôm nay", hanoi(2026, 3, 7, 8, 30)),
        ("yesterday", hanoi(2026, 3, 6)),
    ],
)
def test_relative_times(text: str, expected: datetime) -> None:
    """Relative times count from ``now``, days from the outlet's midnight, and are nothing without ``now``."""
    assert dates.parse(text, zone=HANOI, now=NOW) == expected
    assert dates.parse(text, zone=HANOI) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thứ Năm",
        "31/02/2026",
        "2026-02-30",
        "00/01/2026",
        "07/03/2026 25:61",
        "07/03/1989",
        "07/03/2101",
        "0",
        "99999999999999",
        "2026-03",
        "12/2026/NĐ-CP",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "Nghị định 12/03 của Chính phủ",
        "9999 tuần trước",
        "ngày 32 tháng 1 năm 2026",
    ],
)
def test_what_is_no_date(text: str) -> None:
    """Dates that do not exist, years outside the table and texts without a date give nothing."""
    assert dates.parse(text, zone=HANOI, now=NOW) is None


def test_only_the_start_is_read() -> None:
    """A date far inside a long text is not the text's date."""
    assert dates.parse("chữ " * 100 + "07/03/2026", zone=HANOI) is None


@given(st.text(max_size=400), st.sampled_from(["dmy", "mdy"]))
def test_never_raises(text: str, order: dates.Order) -> None:
    """Whatever the text, the answer is a moment in UTC or nothing."""
    moment = dates.parse(text, zone=HANOI, order=order, now=NOW)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(
    st.from_regex(r"\A[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[ T,]{0,2}[0-9]{1,2}[:h][0-9]{2}[ +\-Z0-9:APM]{0,8}\Z")
)
def test_never_raises_on_what_almost_is_a_date(text: str) -> None:
    """Numbers in the shape of dates are read or refused, never an exception."""
    moment = dates.parse(text, zone=HANOI, now=NOW)
    assert moment is None or moment.year in dates.YEARS


FORMS = [
    ("%d/%m/%Y %H:%M", "dmy"),
    ("Thứ Hai, ngày %d/%m/%Y - %H:%M", "dmy"),
    ("%d-%m-%Y - %H:%M %p", "dmy"),
    ("%H:%M, %d/%m/%Y", "dmy"),
    ("%m/%d/%Y %I:%M:%S %p", "mdy"),
    ("%Y-%m-%dT%H:%M:%S.000 +07:00", "dmy"),
    ("%a, %d %b %Y %H:%M:%S +0700", "dmy"),
    ("%H:%M ngày %d tháng %m năm %Y", "dmy"),
    ("%B %d, %Y %I:%M %p", "dmy"),
    ("%d/%m/%Y %H:%M GMT+7", "dmy"),
]


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 12, 31)), st.sampled_from(FORMS))  # noqa: DTZ001 - hypothesis
def test_round_trip(moment: datetime, form: tuple[str, dates.Order]) -> None:
    """A minute written in any form is the same minute when read."""
    pattern, order = form
    if pattern == "%d-%m-%Y - %H:%M %p" and moment.hour == 12:
        return  # "12:30 PM" is the same in both clocks; the table above has it
    minute = moment.replace(second=0, microsecond=0, tzinfo=timezone(timedelta(hours=7)))
    assert dates.parse(minute.strftime(pattern), zone=HANOI, order=order) == minute


@given(st.integers(631_152_000, 4_102_444_800), st.booleans())
def test_round_trip_of_epochs(seconds: int, milliseconds: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Epoch seconds and milliseconds name the same moment."""
    text = str(seconds * 1000 if milliseconds else seconds)
    assert dates.parse(text, zone=HANOI) == datetime.fromtimestamp(seconds, UTC)
