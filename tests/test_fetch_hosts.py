"""Politeness: the host clock, and robots.txt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import SteppedClock

from scraper.errors import (
    AddressRefused,
    BadAnswer,
    Blocked,
    DeadlineExceeded,
    FetchError,
    Gone,
    RobotsDenied,
    ServerFault,
    Unreachable,
)
from scraper.fetch.hosts import PoliteHosts
from scraper.fetch.robots import KEEP, MAX_ROBOTS, Robots, parse
from scraper.store import Database, HostRows

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOST = "outlet.example"
URL = "https://outlet.example/chinh-sach/bai-viet"


# --- host clock --------------------------------------------------------------------------------------------


def test_requests_start_apart() -> None:
    """Each request to a host starts the delay after the one before, and the first at once."""
    clock = SteppedClock(START)
    hosts = PoliteHosts(clock)
    starts = []
    for _ in range(4):
        hosts.wait(HOST, 2.0)
        starts.append((clock.now() - START).total_seconds())
    assert starts == [0, 2, 4, 6]


def test_time_spent_elsewhere_counts() -> None:
    """No time is waited that has passed anyway."""
    clock = SteppedClock(START)
    hosts = PoliteHosts(clock)
    hosts.wait(HOST, 5.0)
    clock.sleep(3.0)
    hosts.wait(HOST, 5.0)
    clock.sleep(60.0)
    hosts.wait(HOST, 5.0)
    assert clock.slept == [3.0, 2.0, 60.0]


def test_hosts_do_not_wait_for_each_other() -> None:
    """A host that was not asked before is asked at once."""
    clock = SteppedClock(START)
    hosts = PoliteHosts(clock)
    hosts.wait(HOST, 60.0)
    hosts.wait("other.example", 60.0)
    assert clock.slept == []


def test_hold() -> None:
    """A held host is asked nothing before the time it named; the longer of two holds counts."""
    clock = SteppedClock(START)
    hosts = PoliteHosts(clock)
    assert hosts.held(HOST) is None
    until = START + timedelta(minutes=10)
    hosts.hold(HOST, until)
    hosts.hold(HOST, until - timedelta(minutes=5))
    assert hosts.held(HOST) == until
    hosts.wait(HOST, 1.0)
    assert clock.now() == until
    assert hosts.held(HOST) is None


def test_threads_get_turns() -> None:
    """Threads that ask for one host at once get slots one delay apart."""

    class StillClock(SteppedClock):
        """Time stands while threads sleep, so that all of them ask at the same moment."""

        def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)

    clock = StillClock(START)
    hosts = PoliteHosts(clock)
    threads = [threading.Thread(target=hosts.wait, args=(HOST, 2.0)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.slept) == [2.0 * n for n in range(1, 8)]


def test_hosts_are_forgotten() -> None:
    """Hosts without end take no memory without end, and those not free yet are kept."""
    clock = SteppedClock(START)
    hosts = PoliteHosts(clock)
    hosts.wait(HOST, 1_000_000.0)
    for number in range(5000):
        hosts.wait(f"{number}.example", 1.0)
        clock.sleep(2.0)
    hosts.wait(HOST, 1.0)
    assert clock.now() == START + timedelta(seconds=1_000_000)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(days=400)])
def test_a_restart_keeps_pace_and_promises(db: Database, ahead: timedelta) -> None:
    """Turns and holds in the archive hold for the next process; those of a clock that ran ahead do not."""
    before, after = SteppedClock(START + ahead), SteppedClock(START)
    PoliteHosts(before, HostRows(db)).wait(HOST, 30.0)
    PoliteHosts(before, HostRows(db)).hold("other.example", before.now() + timedelta(hours=3))
    hosts = PoliteHosts(after, HostRows(db))
    assert hosts.held("other.example") == (None if ahead else START + timedelta(hours=3))
    hosts.wait(HOST, 30.0)
    assert after.slept == ([] if ahead else [30.0])


# --- robots.txt --------------------------------------------------------------------------------------------


def robots(text: str | bytes, agent: str = "scraper") -> Robots:
    data = text.encode() if isinstance(text, str) else text
    return Robots(lambda _url: data, agent, SteppedClock(START))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /tim-kiem",
        "User-agent: *\nDisallow: /\nAllow: /chinh-sach/",
        "User-agent: *\nDisallow: /\n\nUser-agent: Scraper\nDisallow: /admin",
        "User-agent: otherbot\nDisallow: /",
        "<!doctype html><title>Trang chủ</title>",
    ],
)
def test_allowed(text: str) -> None:
    """What the rules leave open may be fetched, at no delay of theirs."""
    assert robots(text).check(URL) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /",
        "\ufeffUser-agent: *\nDisallow: /",
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /chinh-sach/",
        b"User-agent: *\nDisallow: /*bai-viet$\n# \xff\xfe",
        "user-agent: scraper\ndisallow: /chinh-sach\n\nUser-agent: *\nDisallow:",
    ],
)
def test_denied(text: str | bytes) -> None:
    """What the rules close is denied, also behind a byte order mark or bad bytes, and the error says what to do."""
    with pytest.raises(RobotsDenied, match=r"robots\.txt") as denied:
        robots(text).check(URL)
    assert denied.value.url == URL
    assert not denied.value.retry


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 7", 7.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 3600", 60.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: inf", 0.0),
        ("Crawl-delay: nan", 0.0),
        ("Crawl-delay: -3", 0.0),
    ],
)
def test_crawl_delay(line: str, seconds: float) -> None:
    """The crawl-delay is given in seconds, at most a minute; nonsense is none."""
    assert robots(f"User-agent: *\n{line}\nDisallow: /x").check(URL) == seconds


def test_cached_for_a_day() -> None:
    """A site's robots.txt is fetched once a day, each scheme and port for itself."""
    clock = SteppedClock(START)
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    known = Robots(fetch, "scraper", clock)
    for url in (URL, "https://OUTLET.example/b", "http://outlet.example/", "https://outlet.example:8443/"):
        known.check(url)
    sites = ["https://outlet.example", "http://outlet.example", "https://outlet.example:8443"]
    assert asked == [f"{site}/robots.txt" for site in sites]
    clock.sleep(KEEP.total_seconds())
    known.check(URL)
    assert len(asked) == 4


def failing(error: FetchError) -> Callable[[str], bytes]:
    def fetch(_url: str) -> bytes:
        raise error

    return fetch


ROBOTS = "https://outlet.example/robots.txt"


@pytest.mark.parametrize(
    "error",
    [
        Gone(ROBOTS, "gone", status=404),
        Gone(ROBOTS, "gone", status=410),
        Blocked(ROBOTS, "no", status=403),
        BadAnswer(ROBOTS, "bad", status=400),
        BadAnswer(ROBOTS, "redirects in a circle", status=302),
    ],
)
def test_no_robots(error: FetchError) -> None:
    """A robots.txt that the site says it does not have closes nothing (RFC 9309, 2.3.1.3)."""
    assert Robots(failing(error), "scraper", SteppedClock(START)).check(URL) == 0.0


@pytest.mark.parametrize(
    "error",
    [
        ServerFault(ROBOTS, "trouble", status=503, retry_at=START),
        Blocked(ROBOTS, "fewer", status=429, retry_at=START),
        BadAnswer(ROBOTS, "brotli", status=200),
        Unreachable(ROBOTS, "hung up"),
        DeadlineExceeded(ROBOTS, "too slow"),
        AddressRefused(ROBOTS, "private"),
    ],
)
def test_robots_unreadable_for_now(error: FetchError) -> None:
    """While robots.txt cannot be read nothing is fetched: the error keeps its kind, and is about the page."""
    with pytest.raises(type(error), match=f"not fetched while {ROBOTS} cannot be read") as failed:
        Robots(failing(error), "scraper", SteppedClock(START)).check(URL)
    assert failed.value.url == URL
    assert failed.value.retry_at == error.retry_at
    assert failed.value.outage == error.outage


def test_failure_is_not_remembered() -> None:
    """After a failure the next check asks again."""
    replies: list[FetchError | None] = [Unreachable(ROBOTS, "hung up"), None]

    def fetch(_url: str) -> bytes:
        error = replies.pop(0)
        if error:
            raise error
        return b""

    known = Robots(fetch, "scraper", SteppedClock(START))
    with pytest.raises(Unreachable):
        known.check(URL)
    assert known.check(URL) == 0.0


def test_long_file_is_cut_at_a_line() -> None:
    """Of a file that is too long the first part counts, without the line that was cut."""
    rules = b"User-agent: *\nDisallow: /an\n"
    filler = b"#" * (MAX_ROBOTS - len(rules) - len(b"\nDisallow: /")) + b"\n"
    text = rules + filler + b"Disallow: /chinh-sach\n"
    assert text[:MAX_ROBOTS].endswith(b"Disallow: /")
    assert robots(text).check(URL) == 0.0
    with pytest.raises(RobotsDenied):
        robots(text).check("https://outlet.example/an")


@given(st.binary(max_size=200), st.sampled_from(["/", "/a*b$", "/tìm kiếm?q=%zz"]))
def test_hostile_robots(data: bytes, path: str) -> None:
    """Whatever the bytes, there are rules that can be asked."""
    rules = parse(b"User-agent: *\nDisallow: " + data)
    assert rules.can_fetch(f"https://outlet.example{path}", "scraper") in (True, False)
