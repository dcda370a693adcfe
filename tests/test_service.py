"""How well sources are served, and why an article was fetched, stored and told or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import NOON
from newsdesk import HOST, desk_for, listing, page, story
from servers import Reply, Server, SteppedClock
from terminal import User

from scraper import jobs
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.store import archive
from scraper.store.archive.service import recall

PARAGRAPHS = [f"Đoạn {n}: các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ theo kế hoạch." for n in range(1, 6)]


@pytest.mark.parametrize(
    ("kinds", "share"),
    [
        ({}, None),
        ({"html": 9}, None),
        ({"feed html": 10}, 1.0),
        ({"feed html": 9, "feed": 9, "html": 9}, 27 / (19 * 19 / 10 - 1)),
        ({"feed html": 8, "html": 2}, 1.0),
        ({"feed": 9, "html": 9}, 18 / 99),
        ({"feed html sitemap": 10}, 1.0),
    ],
)
def test_recall(kinds: dict[str, int], share: float | None) -> None:
    """Kinds of listings that show the same have missed nothing; the less they share, the more both will have missed."""
    found = recall(Counter(kinds))
    assert found == (share if share is None else pytest.approx(share))


def rss(*numbers: int) -> Reply:
    items = "".join(f"<item><title>Tin {n}</title><link>http://{HOST}/bai-post{n}.html</link></item>" for n in numbers)
    return Reply(f"<rss version='2.0'><channel><title>Báo</title>{items}</channel></rss>")


def publish(server: Server, number: int, at: datetime) -> None:
    words = [f"Bài {number}, {words}" for words in PARAGRAPHS]
    server.routes[f"/bai-post{number}.html"] = page(story(number, f"Tin số {number}", words, at=at.isoformat()))


def test_service_of_a_day(tmp_path: Path) -> None:
    """What was found, how soon it was stored and told, what was asked, refused and put off: all of one day."""
    clock = SteppedClock(NOON)
    kinds = [{"url": f"http://{HOST}/chinh-sach"}, {"url": f"http://{HOST}/tin.rss", "kind": "feed"}]
    routes = {
        "/chinh-sach": page(listing(1)),
        "/tin.rss": rss(1),
        "/robots.txt": Reply("User-agent: *\nDisallow: /bai-post4"),
    }
    with Server(routes) as server, desk_for(server, tmp_path, clock, listings=kinds) as desk:
        publish(server, 1, NOON - timedelta(hours=5))

        def visit() -> None:
            jobs.start_visits(desk, SoloCrew(), lambda _report: None)
            with Sender(desk.fetcher, tmp_path) as sender:
                jobs.start_deliveries(desk, SoloCrew(), sender, lambda _report: None)

        visit()
        for number in (2, 3):
            publish(server, number, NOON + timedelta(minutes=30 * number))
        server.routes["/chinh-sach"], server.routes["/tin.rss"] = page(listing(4, 3, 2, 1)), rss(3, 2)
        clock.sleep(2 * 3600)
        visit()
        server.routes["/chinh-sach"] = Reply("", 503, headers={"Retry-After": "7200"})
        clock.sleep(1800)
        visit()
        clock.sleep(1800)
        visit()
        (day,) = archive.service(desk.db, NOON - timedelta(hours=1))
    assert (day.day, day.stories, day.robots_denied) == ("2026-03-02", 2, 1)
    assert day.held >= 2
    assert day.recall == pytest.approx(1.0, abs=0.1)
    assert day.stored is not None
    assert 30 * 60 <= day.stored.median <= 60 * 60 <= day.stored.p95 <= 62 * 60
    assert day.told is not None
    assert day.told.p95 < 60


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """Somebody whose source had one story at first, has one that is copied elsewhere, and one that is forbidden."""
    now = datetime.now(UTC)
    with Server(
        {"/chinh-sach": page(listing(1)), "/robots.txt": Reply("User-agent: *\nDisallow: /bai-post3")}
    ) as server:
        someone = User(tmp_path_factory.mktemp("user"), server)
        publish(server, 1, now - timedelta(hours=1))
        someone.run("once")
        publish(server, 2, datetime.now(UTC) + timedelta(seconds=1))
        server.routes["/chinh-sach"] = page(listing(1, 2, 3))
        someone.run("once")
        yield someone


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"http://{HOST}/bai-post1.html", ["first poll", "Stored", "it was there when the source was first polled"]),
        (
            f"http://{HOST}/bai-post2.html",
            ["First seen", "in html", "Asked", "200", "Stored", "Told on log for all (new)"],
        ),
        (f"http://{HOST}/bai-post3.html", ["given up after 1 tries", "robots.txt", "RobotsDenied"]),
        (f"http://{HOST}/bai-post9.html", ["No listing of the source has shown it"]),
        (f"http://{HOST}/video.html", ["passed over", "link_pattern"]),
        ("http://nobody.example/x-post1.html", ["no source has the host nobody.example"]),
        ("http://user:pass@bao.example/", ["refused"]),
        ("javascript:alert(1)", ["refused"]),
        ("nonsense", ["refused"]),
    ],
)
def test_why(user: User, url: str, words: list[str]) -> None:
    """Each address is answered with what became of it and the reason, in words."""
    said = " ".join(user.json("why", url)["reasons"])
    assert all(word in said for word in words), said


def test_service_is_printed(user: User) -> None:
    """The table names each figure, and the JSON document has them all."""
    shown = user.run("stats", "--service")
    assert "recall" in shown
    assert "bao" in shown
    (day,) = user.json("stats", "--service")["service"][:1]
    assert day["source"] == "bao"
    assert day["robots_denied"] == 1
