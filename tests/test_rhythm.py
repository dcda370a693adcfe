"""A source's rhythm: what is expected when, and how polls follow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.rhythm import ENOUGH_DAYS, ENOUGH_STORIES, HOURS, Rhythm

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 2, tzinfo=HANOI).astimezone(UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)

rhythms = st.builds(
    Rhythm,
    st.lists(st.floats(0.01, 50), min_size=HOURS, max_size=HOURS).map(tuple),
    st.sampled_from([HANOI, ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")]),
)
moments = st.integers(0, 60 * 86400 * 10).map(lambda tenths: MONDAY + timedelta(seconds=tenths / 10))


def working_hours(weeks: int) -> list[datetime]:
    """Two stories in each hour from seven to seventeen, Monday to Friday; one on Saturday mornings."""
    days = (MONDAY + n * DAY for n in range(7 * weeks))
    return [
        day + hour * HOUR + minutes * timedelta(minutes=1)
        for day in days
        for hour in range(7, 17)
        for minutes in (10, 40)
        if day.astimezone(HANOI).weekday() < 5 or (day.astimezone(HANOI).weekday() == 5 and (hour, minutes) == (9, 10))
    ]


def learned() -> Rhythm:
    rhythm = Rhythm.of(working_hours(4), MONDAY, MONDAY + 4 * WEEK, HANOI)
    assert rhythm is not None
    return rhythm


def test_what_is_learned() -> None:
    """A week brings as many stories as before; working hours nearly all, nights and Sundays hardly more than one."""
    rhythm, week = learned(), MONDAY + 4 * WEEK
    assert rhythm.expected(week, week + WEEK) == pytest.approx(101, rel=0.01)
    assert rhythm.expected(week + 7 * HOUR, week + 17 * HOUR) == pytest.approx(20, rel=0.1)
    assert rhythm.expected(week + 18 * HOUR, week + 30 * HOUR) < 1
    assert rhythm.expected(week + 6 * DAY, week + 7 * DAY) < 1.5


@pytest.mark.parametrize(("stories", "days"), [(ENOUGH_STORIES - 1, 20), (ENOUGH_STORIES, ENOUGH_DAYS - 1), (0, 100)])
def test_too_little_is_no_rhythm(stories: int, days: int) -> None:
    """Few stories or few days teach nothing, and none is pretended to be known."""
    times = [MONDAY + n * days * DAY / (stories + 1) for n in range(stories)]
    assert Rhythm.of(times, MONDAY, MONDAY + days * DAY, HANOI) is None


def test_only_the_window_counts() -> None:
    """Stories of before the watch, of long ago and of days to come teach nothing."""
    now = MONDAY + 10 * WEEK
    old = [MONDAY + n * HOUR for n in range(500)]
    assert Rhythm.of(old, MONDAY, now, HANOI) is None
    assert Rhythm.of([now + n * HOUR for n in range(1, 99)], MONDAY, now, HANOI) is None
    assert Rhythm.of([now - n * HOUR for n in range(99)], now - DAY, now, HANOI) is None


@given(rhythms, moments, moments, moments)
def test_expectations_add_up(rhythm: Rhythm, one: datetime, two: datetime, three: datetime) -> None:
    """What is expected of a span is what is expected of its parts, whatever clocks do in between."""
    first, middle, last = sorted((one, two, three))
    whole = rhythm.expected(first, middle) + rhythm.expected(middle, last)
    change = 2 * max(rhythm.rates) * (rhythm.zone.key == "Europe/Berlin")  # an hour that comes twice, or not at all
    assert rhythm.expected(first, last) == pytest.approx(whole, rel=1e-6, abs=1e-6 + change)
    assert rhythm.expected(last, first) == (0 if last > first else pytest.approx(0))


@given(rhythms, moments, st.floats(0.001, 100))
def test_when_is_the_inverse(rhythm: Rhythm, after: datetime, count: float) -> None:
    """By the moment named, as many stories are expected; or a week has passed."""
    moment = rhythm.when(count, after)
    assert after < moment <= after + WEEK
    if moment < after + WEEK:
        assert rhythm.expected(after, moment) == pytest.approx(count, rel=1e-3, abs=1e-3)


def test_polls_follow_the_news() -> None:
    """By day a poll comes after the usual pause, by night much later, and a night's pause ends with the morning."""
    rhythm, week, usual = learned(), MONDAY + 4 * WEEK, timedelta(minutes=15)
    assert usual * 0.8 < rhythm.pause(usual, week + 9 * HOUR) < usual * 1.3
    assert rhythm.pause(usual, week + 20 * HOUR) > 20 * usual
    woken = week + 20 * HOUR + rhythm.pause(usual, week + 20 * HOUR)
    assert woken <= week + DAY + 7 * HOUR + usual * 1.3
