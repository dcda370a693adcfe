"""When to look again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from scraper import schedule
from scraper.config import Cadence
from scraper.config.settings import RecheckSettings
from scraper.errors import ConfigError
from scraper.rhythm import HOURS, Rhythm

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PLAN = RecheckSettings()
QUARTER = timedelta(minutes=15)


def test_every_and_default() -> None:
    """A source's own interval wins over the default."""
    assert schedule.next_check(Cadence(), QUARTER, NOON, HANOI) == NOON + QUARTER
    assert schedule.next_check(Cadence(every=timedelta(hours=2)), QUARTER, NOON, HANOI) == NOON + timedelta(hours=2)


def test_cron_is_meant_in_the_sources_zone() -> None:
    """Seven in the morning is seven in Hanoi."""
    due = schedule.next_check(Cadence(cron="0 7 * * mon-fri"), QUARTER, NOON, HANOI)
    assert due == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["0 7 * * 1", "0 7 * *", "nonsense", "99 7 * * mon"])
def test_cron_that_would_mislead_is_refused(cron: str) -> None:
    """Weekday numbers mean other days here than in cron, so they are refused like any mistake."""
    with pytest.raises(ConfigError, match="cron"):
        schedule.cron_trigger(cron, HANOI)


@given(st.lists(st.floats(0.001, 100), min_size=HOURS, max_size=HOURS), st.integers(0, 10**6))
def test_adaptive_stays_within_its_bounds(rates: list[float], seconds: int) -> None:
    """However stories come, the pause is neither shorter nor longer than asked."""
    cadence = Cadence(adaptive=True, fastest=timedelta(minutes=5), slowest=timedelta(hours=6))
    now = NOON + timedelta(seconds=seconds)
    due = schedule.next_check(cadence, QUARTER, now, HANOI, rhythm=Rhythm(tuple(rates), HANOI))
    assert timedelta(minutes=5) <= due - now <= timedelta(hours=6)


def test_adaptive_without_a_rhythm() -> None:
    """A source whose rhythm is not known yet is polled as those with a fixed pause are."""
    assert schedule.next_check(Cadence(adaptive=True), QUARTER, NOON, HANOI) == NOON + QUARTER


def test_cron_on_the_very_second() -> None:
    """A poll that is done in the moment it was due for is next due at the following one."""
    cadence = Cadence(cron="*/15 * * * *")
    assert schedule.next_check(cadence, QUARTER, NOON, HANOI) == NOON + QUARTER


@given(st.integers(1, 60))
def test_a_failing_source_is_never_given_up(failures: int) -> None:
    """Pauses grow with failures and never beyond the slowest."""
    due = schedule.after_failure(NOON + QUARTER, failures, NOON, timedelta(hours=6))
    assert QUARTER <= due - NOON <= timedelta(hours=6)


@pytest.mark.parametrize(
    ("age", "least", "most"),
    [
        (timedelta(), timedelta(minutes=10), timedelta(minutes=11)),
        (timedelta(minutes=20), timedelta(minutes=20), timedelta(minutes=22)),
        (timedelta(hours=3), timedelta(hours=1), timedelta(hours=1.1)),
        (timedelta(hours=25), timedelta(hours=15), timedelta(hours=16.5)),
        (timedelta(days=20), timedelta(days=5), timedelta(days=5.5)),
    ],
)
def test_looks_become_rarer_with_age(age: timedelta, least: timedelta, most: timedelta) -> None:
    """Ten minutes at first, then up to hourly, then six tenths of the age; a 25-hour-old article is a day old."""
    due = schedule.next_recheck(PLAN, NOON, None, "bao:1", NOON + age)
    assert due is not None
    assert least <= due - NOON - age <= most


def test_an_edit_makes_an_article_young() -> None:
    """After an edit looks come as often as after publication."""
    now = NOON + timedelta(days=5)
    due = schedule.next_recheck(PLAN, NOON, now, "bao:1", now)
    assert due is not None
    assert due - now <= timedelta(minutes=11)


@given(st.text())
def test_looks_are_few_and_end_on_the_last_day(key: str) -> None:
    """About twenty looks in a week, the last at the age of thirty days, and none after it."""
    now, looks = NOON, []
    while (due := schedule.next_recheck(PLAN, NOON, None, key, now)) is not None:
        assert due > now
        looks.append(due - NOON)
        now = due
    assert 18 <= sum(look <= timedelta(days=7) for look in looks) <= 21
    assert looks[-1] == timedelta(days=30)


@given(st.lists(st.text(min_size=1), min_size=20, max_size=20, unique=True))
def test_looks_at_stories_stored_together_are_spread(keys: list[str]) -> None:
    """Stories that came in one poll are not asked for in one moment."""
    now = NOON + timedelta(hours=5)
    due = {schedule.next_recheck(PLAN, NOON, None, key, now) for key in keys}
    assert len(due) > 10


def test_looks_that_fail_become_rarer_too() -> None:
    """An outlet that refuses us is not asked hourly for each of its articles, and not for ever."""
    retry = schedule.recheck_retry
    assert retry(PLAN, NOON, NOON) == NOON + timedelta(hours=1)
    assert retry(PLAN, NOON, NOON + timedelta(days=10)) == NOON + timedelta(days=15)
    assert retry(PLAN, NOON, NOON + timedelta(days=31)) is None


def test_links_are_tried_for_days_then_given_up() -> None:
    """An article that cannot be had is tried ever more rarely, not before the server's word, and not for ever."""
    later = NOON + timedelta(hours=5)
    assert schedule.link_retry(1, NOON, later) == later
    assert schedule.link_retry(len(schedule.LINK_RETRY) + 1, NOON) is None
    assert sum(schedule.LINK_RETRY, timedelta()) > timedelta(days=1)
