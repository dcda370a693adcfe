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
from scraper.errors import ConfigError

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AGES = [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7)]
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


@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_adaptive_stays_within_its_bounds(seconds: list[int]) -> None:
    """However stories come, the interval is neither shorter nor longer than asked."""
    cadence = Cadence(adaptive=True, fastest=timedelta(minutes=5), slowest=timedelta(hours=6))
    due = schedule.next_check(cadence, QUARTER, NOON, HANOI, recent=[NOON - timedelta(seconds=s) for s in seconds])
    assert timedelta(minutes=5) <= due - NOON <= timedelta(hours=6)


def test_adaptive_follows_the_news() -> None:
    """An outlet that publishes often is asked often, one that fell silent ever more rarely."""
    cadence = Cadence(adaptive=True)
    busy = schedule.adaptive_interval(cadence, [NOON - timedelta(minutes=20 * n) for n in range(10)], NOON)
    later = NOON + timedelta(hours=8)
    silent = schedule.adaptive_interval(cadence, [NOON - timedelta(minutes=20 * n) for n in range(10)], later)
    assert busy == timedelta(minutes=10)
    assert silent > busy * 5


@given(st.integers(1, 60))
def test_a_failing_source_is_never_given_up(failures: int) -> None:
    """Pauses grow with failures and never beyond the slowest."""
    due = schedule.after_failure(NOON + QUARTER, failures, NOON, timedelta(hours=6))
    assert QUARTER <= due - NOON <= timedelta(hours=6)


def test_a_day_old_article_is_a_day_old() -> None:
    """After 25 hours the next look is the third day's, not the first hour's."""
    due = schedule.next_recheck(AGES, NOON, "bao:1", NOON + timedelta(hours=27))
    assert due is not None
    assert timedelta(days=3) <= due - NOON <= timedelta(days=3.3)


@given(st.text())
def test_rechecks_come_in_order_and_end(key: str) -> None:
    """Each age has one look, spread by at most a tenth, and after the last there is none."""
    now, looks = NOON, []
    while (due := schedule.next_recheck(AGES, NOON, key, now)) is not None:
        looks.append(due - NOON)
        now = due
    assert all(age <= look <= age * 1.1 for age, look in zip(AGES, looks, strict=True))


def test_links_are_tried_for_days_then_given_up() -> None:
    """An article that cannot be had is tried ever more rarely, not before the server's word, and not for ever."""
    later = NOON + timedelta(hours=5)
    assert schedule.link_retry(1, NOON, later) == later
    assert schedule.link_retry(len(schedule.LINK_RETRY) + 1, NOON) is None
    assert sum(schedule.LINK_RETRY, timedelta()) > timedelta(days=1)
