"""A source's health: silence, gaps, fields gone missing, and an outage of our own network."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON
from newsdesk import HOST, desk_for, listing, outlet, page, story
from servers import Reply, Server, SteppedClock

from scraper import jobs, store
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.decide import misread, silence
from scraper.desk import Desk
from scraper.fetch import Reach
from scraper.polling import PollDone
from scraper.rhythm import HOURS, Rhythm
from scraper.store import archive
from scraper.values import Reading

HOUR = timedelta(hours=1)
HOURLY = Rhythm((1.0,) * HOURS, ZoneInfo("Asia/Ho_Chi_Minh"))
WHOLE = Reading(frozenset({"lead", "published_at", "authors", "section"}), 3000)
ALERTS = {"trouble": {"channels": ["log"]}, "schedule": {"recheck": {"until": "1h", "hourly": "1h"}}}


# --- what ails a source that answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "limit", "told"), [(23, 24.0, False), (24, 24.0, True), (99, 0, False), (17, 4.5, False), (18, 4.5, True)]
)
def test_silence(hours: int, limit: float, told: bool) -> None:  # noqa: FBT001 - a case, not a switch
    """Silence is told once the limit's stories, and three quarters of a day's, should have come; never with 0."""
    assert bool(silence(HOURLY, NOON - hours * HOUR, NOON, limit)) is told


def test_silence_of_the_unknown() -> None:
    """Without a rhythm, or before anything was watched, silence says nothing."""
    assert silence(None, NOON - 99 * HOUR, NOON) == silence(HOURLY, None, NOON) == ""


def without(*fields: str, length: int = 3000) -> Reading:
    return Reading(WHOLE.fields - set(fields), length)


@pytest.mark.parametrize(
    ("newest", "earlier", "words"),
    [
        ([without("published_at")] * 5, [WHOLE] * 20, "no published_at"),
        ([without("lead", "authors")] * 5, [WHOLE] * 20, "no lead, no authors"),
        ([without("authors")] * 5, [WHOLE] * 18 + [without("authors")] * 2, "no authors"),
        ([without("authors")] * 5, [WHOLE] * 16 + [without("authors")] * 4, ""),
        ([without("authors")] * 4 + [WHOLE], [WHOLE] * 20, ""),
        ([without("authors")] * 5, [WHOLE] * 14, ""),
        ([without(length=300)] * 5, [WHOLE] * 20, "at most 300 characters, 3000 are usual"),
        ([without(length=300)] * 4 + [without(length=900)], [WHOLE] * 20, ""),
        ([WHOLE] * 3, [], ""),
    ],
)
def test_misread(newest: list[Reading], earlier: list[Reading], words: str) -> None:
    """What five articles in a row lack and nearly all before had is a fault; what only some had is none."""
    found = misread([*newest, *earlier], "bao")
    assert words in found
    assert bool(found) is bool(words)


# --- through polls -----------------------------------------------------------------------------------------


class Watched:
    """A desk, its outlet and its clock."""

    def __init__(self, desk: Desk, server: Server, clock: SteppedClock, data: Path) -> None:
        self.desk, self.server, self.clock, self._data = desk, server, clock, data

    def publish(self, *numbers: int, **fields: Any) -> None:
        for number in numbers:
            words = [f"Bài {number}, đoạn {n}: huyện giao {number * 7 + n} công trình cho các xã." for n in range(1, 5)]
            at = fields.get("at", self.clock.now() - timedelta(minutes=3)).isoformat()
            self.server.routes[f"/bai-post{number}.html"] = page(story(number, f"Tin số {number}", words, at=at))

    def lists(self, *numbers: int, more: str = "", at: str = "/chinh-sach") -> None:
        shown = listing(*numbers).replace(
            "</body>", f"<a class=next href='{more}'>Sau</a></body>" if more else "</body>"
        )
        self.server.routes[at] = page(shown)

    def poll(self, **step: float) -> list[PollDone]:
        self.clock.step(**step)
        told: list[jobs.Report] = []
        jobs.start_visits(self.desk, SoloCrew(), told.append)
        with Sender(self.desk.fetcher, self._data) as sender:
            jobs.start_deliveries(self.desk, SoloCrew(), sender, told.append)
        return [report for report in told if isinstance(report, PollDone)]

    def brings(self, numbers: range, *, hours: float) -> None:
        """One story at a time, and a poll so long after each."""
        for number in numbers:
            self.publish(number)
            self.lists(number, number - 1)
            self.poll(hours=hours)

    @property
    def told(self) -> list[dict[str, Any]]:
        file = self._data / "alerts.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [alert for line in lines if (alert := json.loads(line))["event"].startswith("source_")]


@contextmanager
def watching(data: Path, **fields: Any) -> Iterator[Watched]:
    clock = SteppedClock(NOON)
    with Server({"/robots.txt": Reply("", 404)}) as server, desk_for(server, data, clock, ALERTS, **fields) as desk:
        watched = Watched(desk, server, clock, data)
        watched.publish(1, 2, 3)
        watched.lists(3, 2, 1)
        watched.poll()
        yield watched


def test_a_source_that_falls_silent(tmp_path: Path) -> None:
    """An outlet that brought a story every four hours and then none is told as silent once, and as recovered once."""
    with watching(tmp_path, schedule={"every": "2h"}) as watched:
        watched.brings(range(4, 60), hours=4)
        assert watched.told == []
        hours = 0
        while not watched.told:
            watched.poll(hours=2)
            hours += 2
            assert hours < 150
        assert "has brought no story since" in watched.told[0]["cause"]
        assert 88 <= hours <= 116  # twenty-four stories, four hours apart, and the second poll that finds so
        watched.poll(hours=20)
        watched.publish(60)
        watched.lists(60, 59)
        watched.poll(hours=2)
        assert [alert["event"] for alert in watched.told] == ["source_broken", "source_recovered"]


def test_sleep_is_no_silence(tmp_path: Path) -> None:
    """A machine that slept for a week does not call its sources silent when it wakes."""
    with watching(tmp_path, schedule={"every": "2h"}) as watched:
        watched.brings(range(4, 60), hours=4)
        watched.poll(days=7)
        watched.poll(hours=2)
        watched.poll(hours=2)
        assert watched.told == []


def test_dates_gone_missing(tmp_path: Path) -> None:
    """A source whose new articles have no date any more is in trouble until they have, however long it takes."""
    with watching(tmp_path) as watched:
        watched.brings(range(4, 30), hours=1)
        for number in range(30, 75):
            watched.publish(number)
            body = str(watched.server.routes[f"/bai-post{number}.html"].body)  # type: ignore[union-attr]
            watched.server.routes[f"/bai-post{number}.html"] = page(body.replace("article:published_time", "x"))
            watched.lists(number, number - 1)
            watched.poll(hours=1)
        assert ["no published_at" in alert["cause"] for alert in watched.told] == [True]
        watched.brings(range(75, 77), hours=1)
        assert [alert["event"] for alert in watched.told] == ["source_broken", "source_recovered"]


def test_a_gap_is_paged_back_over(tmp_path: Path) -> None:
    """When nothing on the first page is known, further pages are read until something is; nothing is missed then."""
    with watching(tmp_path, links={"item": ["ul.list li"], "link": ["a"], "next": ["a.next"]}) as watched:
        watched.publish(*range(4, 31))
        for number in range(30, 3, -3):
            first, later = number == 30, number > 6
            at = "/chinh-sach" if first else f"/trang-{number}"
            watched.lists(number, number - 1, number - 2, more=f"/trang-{number - 3}" if later else "/trang-3", at=at)
        watched.lists(3, 2, 1, at="/trang-3")
        (poll,) = watched.poll(hours=1)
        assert (poll.new, poll.gaps, poll.error) == (27, (), "")
        assert watched.told == []
        assert archive.stats(watched.desk.db).articles == 30


def test_a_gap_that_stays_is_told(tmp_path: Path) -> None:
    """When a listing reaches back no further, that stories may be missing is told, with how many and since when."""
    with watching(tmp_path, schedule={"every": "2h"}) as watched:
        watched.brings(range(4, 60), hours=4)
        watched.publish(80, 81)
        watched.lists(81, 80)
        (poll,) = watched.poll(days=2)
        assert len(poll.gaps) == 1
        assert poll.error == ""
        (alert,) = watched.told
        assert alert["event"] == "source_gap"
        assert "shows nothing that the poll of" in alert["cause"]
        watched.poll(hours=3)
        assert len(watched.told) == 1


# --- our own network ---------------------------------------------------------------------------------------


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def two_outlets(server: Server, data: Path, clock: SteppedClock, addresses: dict[str, str]) -> Iterator[Watched]:
    settings: dict[str, Any] = {"fetch": {"connect_to": addresses, "min_delay": "0s", "retries": 0}, **ALERTS}
    with desk_for(server, data, clock, settings) as desk:
        other = outlet(name="khac", hosts=["other.example"], listings=[{"url": "http://other.example/chinh-sach"}])
        both = {**desk.config.sources, "khac": other}
        store.ensure_sources(desk.db, both, clock.now())
        config = desk.config.model_copy(update={"sources": both})
        yield Watched(replace(desk, config=config), server, clock, data)


def test_our_own_outage_is_blamed_on_nobody(tmp_path: Path) -> None:
    """While this machine reaches no server no source is in trouble, and when it does again they simply go on."""
    clock = SteppedClock(NOON)
    with Server({"/robots.txt": Reply("", 404), "/chinh-sach": page(listing(1))}) as server:
        nowhere = closed_port()
        with two_outlets(server, tmp_path, clock, {HOST: nowhere, "other.example": nowhere}) as watched:
            polls = [poll for _ in range(8) for poll in watched.poll(hours=1)]
            assert all(poll.error for poll in polls)
            assert [poll.blamed for poll in polls].count(True) <= 1  # the first host of all: is it down, or are we?
            assert "reached no server since" in polls[-1].error
            assert watched.told == []
            assert max(store.standing(watched.desk.db, name).failures for name in ("bao", "khac")) <= 1
        with two_outlets(server, tmp_path, clock, dict.fromkeys((HOST, "other.example"), server.address)) as watched:
            watched.poll(hours=1)
            assert watched.told == []
            assert store.standing(watched.desk.db, "bao").failures == 0


def test_one_host_that_is_down_is_blamed(tmp_path: Path) -> None:
    """A host that cannot be reached while others answer is in trouble itself, and is told."""
    clock = SteppedClock(NOON)
    with Server({"/robots.txt": Reply("", 404), "/chinh-sach": page(listing(1))}) as server:
        addresses = {HOST: closed_port(), "other.example": server.address}
        with two_outlets(server, tmp_path, clock, addresses) as watched:
            for _ in range(4):
                watched.poll(hours=1)
            assert [(alert["event"], alert["source"]) for alert in watched.told] == [("source_broken", "bao")]


def test_reach() -> None:
    """Two hosts missed in a row without an answer is our outage; any answer ends it; one host alone proves nothing."""
    reach = Reach()
    assert reach.cut_off_since is None
    reach.missed("a.example", NOON)
    reach.missed("a.example", NOON + HOUR)
    assert reach.cut_off_since is None
    reach.missed("b.example", NOON + HOUR)
    assert reach.cut_off_since == NOON
    assert not reach.proved_since(NOON)
    reach.answered(NOON + 2 * HOUR)
    assert reach.cut_off_since is None
    assert reach.proved_since(NOON)
    assert not reach.proved_since(NOON + 3 * HOUR)
