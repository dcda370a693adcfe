"""Every way in that scraped data has is walked from a poll, towards a server that must not be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fakes
import pytest
from fakes import NOON, ROOT
from newsdesk import HOST, desk_for, listing, page, story
from servers import Reply, Route, Seen, Server, SteppedClock

from benchmarks import attacks, siege
from scraper import jobs
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.onboard import listings
from scraper.store import archive
from scraper.values import Page

LAX = [HOST, "127.0.0.1", "localhost", "::ffff:7f00:1"]
"""Hosts of an outlet whose file lets every address of this machine pass for its own, so that the guard stands alone."""
WORDS = [f"Đoạn {n}: huyện giao các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ." for n in range(1, 5)]


@pytest.fixture
def inner() -> Iterator[Server]:
    """A server on this machine that no scraped address may reach."""
    sound = page(story(7, "Bí mật", WORDS))
    with Server(
        dict.fromkeys(("/", "/bai-post7.html", "/chinh-sach", "/robots.txt", "/tin.rss", "/a.jpg"), sound)
    ) as server:
        yield server


def visit(server: Server, data: Path, **fields: Any) -> int:
    """Two polls of the outlet, hours apart, with everything that follows from them; how many articles are stored."""
    clock = SteppedClock(NOON)
    with (
        desk_for(server, data, clock, fields.pop("settings", None), **fields) as desk,
        Sender(desk.fetcher, data) as sender,
    ):
        for _ in range(2):
            jobs.start_visits(desk, SoloCrew(), lambda _report: None)
            jobs.start_deliveries(desk, SoloCrew(), sender, lambda _report: None)
            clock.sleep(3 * 3600)
        return archive.stats(desk.db).articles


Plant = Callable[[Server, str], dict[str, Any]]


def in_listing(server: Server, target: str) -> dict[str, Any]:
    server.routes["/chinh-sach"] = page(
        f"<ul class=list><li><a href='{target}/bai-post7.html'>Một bài báo</a></li></ul>"
    )
    return {"hosts": LAX}


def in_feed(server: Server, target: str) -> dict[str, Any]:
    item = f"<item><title>Một bài</title><link>{target}/bai-post7.html</link></item>"
    server.routes["/tin.rss"] = Reply(f"<rss version='2.0'><channel>{item}</channel></rss>")
    return {"listings": [{"url": f"http://{HOST}/tin.rss", "kind": "feed"}], "hosts": LAX}


def in_sitemap_index(server: Server, target: str) -> dict[str, Any]:
    index = f"<sitemapindex><sitemap><loc>{target}/tin.rss</loc></sitemap></sitemapindex>"
    server.routes["/map.xml"] = Reply(index)
    return {"listings": [{"url": f"http://{HOST}/map.xml", "kind": "sitemap"}], "hosts": LAX}


def in_next_page(server: Server, target: str) -> dict[str, Any]:
    shown = listing(1).replace("</body>", f"<a class=next href='{target}/chinh-sach'>Sau</a></body>")
    server.routes["/chinh-sach"] = page(shown)
    rules = {"item": ["ul.list li"], "link": ["a"], "next": ["a.next"]}
    return {"links": rules, "hosts": LAX}


def in_base(server: Server, target: str) -> dict[str, Any]:
    server.routes["/chinh-sach"] = page(f"<base href='{target}/'>{listing(7)}")
    return {"hosts": LAX}


def redirected(path: str) -> Plant:
    def plant(server: Server, target: str) -> dict[str, Any]:
        server.routes[path] = Reply("", 302, headers={"Location": f"{target}/bai-post7.html"})
        return {"hosts": LAX}

    return plant


def in_canonical(server: Server, target: str) -> dict[str, Any]:
    html = story(1, "Bài một", WORDS).replace(f"http://{HOST}/bai-post1.html", f"{target}/bai-post7.html")
    server.routes["/bai-post1.html"] = page(html.replace("<h1>", f"<img src='{target}/a.jpg'><h1>"))
    return {}


def in_webhook(_server: Server, target: str) -> dict[str, Any]:
    hook = {"type": "webhook", "url": f"{target}/"}
    return {"settings": {"channels": {"log": hook, "terminal": {"type": "stdout"}}}}


PLANTS: dict[str, Plant] = {
    "a link of a listing": in_listing,
    "an item of a feed": in_feed,
    "a sitemap in an index": in_sitemap_index,
    "the next page": in_next_page,
    "a page's base": in_base,
    "a redirect of a listing": redirected("/chinh-sach"),
    "a redirect of an article": redirected("/bai-post1.html"),
    "a redirect of robots.txt": redirected("/robots.txt"),
    "a webhook": in_webhook,
}


@pytest.mark.parametrize("way", PLANTS)
@pytest.mark.parametrize("form", ["http://127.0.0.1:{}", "http://localhost:{}", "http://[::ffff:127.0.0.1]:{}"])
def test_no_way_in(inner: Server, tmp_path: Path, way: str, form: str) -> None:
    """No address that scraped data or a setting gives leads to a server of this machine, in whatever form."""
    at = (NOON + timedelta(seconds=30)).isoformat()  # news, so that a message wants to go out
    routes = {
        "/robots.txt": Reply("", 404),
        "/chinh-sach": page(listing(1)),
        "/bai-post1.html": page(story(1, "Bài một", WORDS, at=at)),
    }
    with Server(routes) as server:
        fields = PLANTS[way](server, form.format(inner.server_port))
        visit(server, tmp_path, **fields)
        assert server.seen
    assert inner.seen == []


@pytest.mark.parametrize("way", PLANTS)
def test_every_way_leads_somewhere(inner: Server, tmp_path: Path, way: str) -> None:
    """Each of these ways is one: where the operator lets a host through, the address is asked for."""
    at = (NOON + timedelta(seconds=30)).isoformat()
    routes = {
        "/robots.txt": Reply("", 404),
        "/chinh-sach": page(listing(1)),
        "/bai-post1.html": page(story(1, "Bài một", WORDS, at=at)),
    }
    with Server(routes) as server:
        fields = PLANTS[way](server, "http://trong.example")
        let = {"connect_to": {HOST: server.address, "trong.example": inner.address}, "retries": 0}
        fields["settings"] = {"fetch": let, **fields.get("settings", {})}
        visit(server, tmp_path, **{**fields, "hosts": [HOST, "trong.example"]})
    assert {seen.host for seen in inner.seen} == {"trong.example"}


def test_what_pages_show_is_not_fetched(inner: Server, tmp_path: Path) -> None:
    """A page's canonical link and its pictures are read, and not asked for, even from a host that may be reached."""
    with Server({"/robots.txt": Reply("", 404), "/chinh-sach": page(listing(1))}) as server:
        in_canonical(server, "http://trong.example")
        let = {"connect_to": {HOST: server.address, "trong.example": inner.address}, "retries": 0}
        assert visit(server, tmp_path, settings={"fetch": let}) == 1
    assert inner.seen == []


def test_a_new_outlets_listings_are_its_own() -> None:
    """Feeds and sitemaps that a page and a robots.txt name on other hosts are not asked for when an outlet is added."""
    asked: list[str] = []

    def get(url: str) -> Page:
        asked.append(url)
        return fakes.page(f"Sitemap: http://127.0.0.1/map.xml\nSitemap: https://{HOST}/map.xml", url)

    front = fakes.page("<link type='application/rss+xml' href='http://169.254.169.254/rss'>", f"https://{HOST}/")
    found = listings.sitemaps(front, get, fakes.source())
    listings.feeds(front, get, fakes.source(), NOON)
    assert [rule.url for rule in found] == [f"https://{HOST}/map.xml"]
    assert {urlsplit(url).hostname for url in asked} == {HOST}


def test_sitemap_indexes_in_a_circle(tmp_path: Path) -> None:
    """Indexes that name each other, and always one more, are each asked for once and no more than a poll's pages."""

    def index(seen: Seen) -> Reply:
        number = int(seen.path[4:-4])
        named = [number - 1, number, number + 1, number + 2]
        told = "".join(f"<sitemap><loc>http://{HOST}/map{n}.xml</loc></sitemap>" for n in named if n >= 0)
        return Reply(f"<sitemapindex>{told}</sitemapindex>")

    routes: dict[str, Route] = {f"/map{number}.xml": index for number in range(200)}
    with Server({"/robots.txt": Reply("", 404), **routes}) as server:
        first = {"url": f"http://{HOST}/map0.xml", "kind": "sitemap"}
        with desk_for(server, tmp_path, listings=[first]) as desk:
            jobs.start_visits(desk, SoloCrew(), lambda _report: None)
            most = desk.config.settings.schedule.max_pages + 2
        asked = [path for path in server.paths() if path.startswith("/map")]
    assert 2 < len(asked) <= most
    assert len(asked) == len(set(asked))


def test_a_canonical_link_elsewhere_claims_nothing(tmp_path: Path) -> None:
    """A page that names another site's article as its own address is stored under the address it was fetched from."""
    html = story(1, "Bài một", WORDS).replace(f"http://{HOST}/bai-post1.html", "https://khac.example/bai-post9.html")
    routes = {"/robots.txt": Reply("", 404), "/chinh-sach": page(listing(1)), "/bai-post1.html": page(html)}
    with Server(routes) as server, desk_for(server, tmp_path) as desk:
        jobs.start_visits(desk, SoloCrew(), lambda _report: None)
        found = archive.story(desk.db, 1)
    assert found is not None
    assert (found.url, found.canonical_url) == (f"http://{HOST}/bai-post1.html",) * 2


def test_siege(tmp_path: Path) -> None:
    """An outlet that does everything a hostile server can costs a bounded memory, and its one sound story is stored."""
    found = siege.run()
    assert found["megabytes"] < siege.MAX_MEGABYTES
    assert found["sound stories stored"] == 1
    assert found["damage"] == []
    assert list(tmp_path.iterdir()) == []


def test_every_attack_of_the_list_has_its_tests() -> None:
    """The list of attacks names tests that exist, so that it cannot say more than is tried."""
    listed = attacks.attacks()
    assert len(listed) >= 30
    for test in (test for tests in listed.values() for test in tests):
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test
