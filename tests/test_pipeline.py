"""The stages together, against an outlet on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from fakes import NOON
from newsdesk import HOST, desk_for, listing, page, story
from servers import Reply, Server, SteppedClock

from scraper import discover, jobs, pipeline, reread, store
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.desk import Desk
from scraper.jobs import Delivered, Report
from scraper.polling import PollDone
from scraper.store import archive

PARAGRAPHS = [
    f"Đoạn {n}: Ủy ban nhân dân huyện giao các xã rà soát danh sách, cấp vốn cho từng hộ nghèo và hộ cận nghèo."
    for n in range(1, 5)
]


BOTH_SERVERS = True


def visit(desk: Desk, data: Path) -> list[Report]:
    """Do all that is due now, alerts included."""
    reports: list[Report] = []
    crew = SoloCrew()
    jobs.start_visits(desk, crew, reports.append)
    with Sender(desk.fetcher, data) as sender:
        jobs.start_deliveries(desk, crew, sender, reports.append)
    return reports


def results(reports: list[Report]) -> list[str]:
    return [report.result for report in reports if isinstance(report, pipeline.Seen)]


def sent(data: Path) -> list[dict[str, object]]:
    file = data / "alerts.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def routes(**more: Reply) -> dict[str, Reply]:
    base = {
        "/chinh-sach": page(listing(1)),
        "/bai-post1.html": page(story(1, "Huyện vùng cao cấp vốn cho hộ nghèo", PARAGRAPHS)),
        "/robots.txt": Reply("", 404),
    }
    return base | {f"/{name}": reply for name, reply in more.items()}


def test_from_listing_to_alert(tmp_path: Path) -> None:
    """A story published after its outlet was added goes from the listing into the archive and out as one alert."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        assert results(visit(desk, tmp_path)) == ["stored"]
        assert not sent(tmp_path), "what stood in the listing before anybody watched is no news"
        server.routes["/chinh-sach"] = page(listing(2, 1))
        server.routes["/bai-post2.html"] = page(story(2, "Thêm một bài mới", [p + " Mới." for p in PARAGRAPHS]))
        clock.sleep(1000)
        reports = visit(desk, tmp_path)
        assert results(reports) == ["stored", "unchanged"]
        assert [report.error for report in reports if isinstance(report, Delivered)] == [""]
        assert [alert["title"] for alert in sent(tmp_path)] == ["Thêm một bài mới"]
        assert [item.title for item in archive.search(desk.db, "THEM mot bai")] == ["Thêm một bài mới"]


def test_baseline_alerts_what_is_younger_than_the_watch(tmp_path: Path) -> None:
    """At the first poll only a story published after the source was added alerts."""
    young = story(1, "Vừa đăng", PARAGRAPHS, at="2026-03-02T12:00:30+07:00")
    with Server(routes(**{"bai-post1.html": page(young)})) as server:
        clock = SteppedClock(NOON)
        with desk_for(server, tmp_path, clock) as desk:
            visit(desk, tmp_path)
    assert [alert["title"] for alert in sent(tmp_path)] == ["Vừa đăng"]


def test_copy_folds_and_does_not_alert(tmp_path: Path) -> None:
    """A second article with the same body joins the first as its copy and alerts nobody."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        visit(desk, tmp_path)
        server.routes["/chinh-sach"] = page(listing(2, 1))
        server.routes["/bai-post2.html"] = page(story(2, "Tên khác, thân bài cũ", PARAGRAPHS))
        clock.sleep(1000)
        assert results(visit(desk, tmp_path)) == ["copy", "unchanged"]
        assert not sent(tmp_path)
        assert [item.copies for item in archive.newest(desk.db)] == [1]


def test_edit_is_kept_as_a_revision(tmp_path: Path) -> None:
    """A changed figure found by a re-check is a second revision; both states stay whole."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        visit(desk, tmp_path)
        edited = [PARAGRAPHS[0].replace("huyện", "tỉnh"), *PARAGRAPHS[1:]]
        server.routes["/bai-post1.html"] = page(story(1, "Huyện vùng cao cấp vốn cho hộ nghèo", edited))
        clock.sleep(2 * 3600)
        assert "edited" in results(visit(desk, tmp_path))
        kept = archive.story(desk.db, 1)
        assert kept is not None
        assert [r.data["text"].split("\n\n")[0] for r in reversed(kept.history)] == [edited[0], PARAGRAPHS[0]] or [
            r.data["text"].split("\n\n")[0] for r in kept.history
        ] == [edited[0], PARAGRAPHS[0]]


def test_unchanged_recheck_stores_nothing(tmp_path: Path) -> None:
    """A re-check of an unchanged page adds neither revision nor snapshot."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        visit(desk, tmp_path)
        clock.sleep(2 * 3600)
        assert results(visit(desk, tmp_path)) == ["unchanged"]
        kept = archive.story(desk.db, 1)
        assert kept is not None
        assert (len(kept.history), len(kept.snapshots)) == (1, 1)


def test_removed_when_missing_twice(tmp_path: Path) -> None:
    """A page that is gone at two re-checks an hour apart counts as removed, and as live when it returns."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        visit(desk, tmp_path)
        original = server.routes["/bai-post1.html"]
        server.routes["/bai-post1.html"] = Reply("gone", 410)
        clock.sleep(2 * 3600)
        assert "missing" in results(visit(desk, tmp_path))
        clock.sleep(3700)
        assert "removed" in results(visit(desk, tmp_path))
        server.routes["/bai-post1.html"] = original
        clock.sleep(5 * 3600)
        visit(desk, tmp_path)
        kept = archive.story(desk.db, 1)
        assert kept is not None
        assert kept.state == "live"


def test_collapsed_page_is_no_edit(tmp_path: Path) -> None:
    """A page that lost nearly all its text is taken for broken: the article stays as it was."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        visit(desk, tmp_path)
        server.routes["/bai-post1.html"] = page(story(1, "Huyện vùng cao cấp vốn cho hộ nghèo", ["Đang tải."]))
        clock.sleep(2 * 3600)
        visit(desk, tmp_path)
        kept = archive.story(desk.db, 1)
        assert kept is not None
        assert len(kept.history) == 1
        assert PARAGRAPHS[0] in kept.text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply("no", 404), "404"),
        (Reply("no", 403), "403"),
        (Reply("no", 500), "500"),
        (Reply("", 200), "empty"),
        (page("<html><body><p>Không có bài nào.</p></body></html>"), "link"),
        (Reply("", hang_up=True), HOST),
    ],
)
def test_listing_in_trouble_is_told_once_and_recovery_once(tmp_path: Path, reply: Reply, words: str) -> None:
    """Three failed polls of a source make one message with the cause, its recovery makes one more."""
    clock = SteppedClock(NOON)
    settings = {"trouble": {"after": 3, "channels": ["log"]}}
    with Server(routes()) as server, desk_for(server, tmp_path, clock, settings) as desk:
        visit(desk, tmp_path)
        good = server.routes["/chinh-sach"]
        server.routes["/chinh-sach"] = reply
        for _ in range(5):
            clock.sleep(2 * 3600)
            visit(desk, tmp_path)
        row = store.standing(desk.db, "bao")
        assert row.failures == 5
        assert words in row.last_error
        server.routes["/chinh-sach"] = good
        clock.sleep(12 * 3600)
        polls = [r for r in visit(desk, tmp_path) if isinstance(r, PollDone)]
        assert [p.error for p in polls] == [""]
    assert [alert["event"] for alert in sent(tmp_path)] == ["source_broken", "source_recovered"]
    assert words in str(sent(tmp_path)[0])


def test_failed_article_is_tried_again(tmp_path: Path) -> None:
    """An article that cannot be had is counted, never stops the others, and is stored when it answers."""
    clock = SteppedClock(NOON)
    with Server(routes(**{"chinh-sach": page(listing(1, 2)), "bai-post1.html": Reply("no", 500)})) as server:
        server.routes["/bai-post2.html"] = page(story(2, "Bài thứ hai", [p + " Hai." for p in PARAGRAPHS]))
        with desk_for(server, tmp_path, clock) as desk:
            assert results(visit(desk, tmp_path)) == ["failed", "stored"]
            server.routes["/bai-post1.html"] = page(story(1, "Bài thứ nhất", PARAGRAPHS))
            clock.sleep(1000)
            assert "stored" in results(visit(desk, tmp_path))


def test_killed_between_listing_and_articles(tmp_path: Path) -> None:
    """Links seen before a crash are fetched after it, even when the server then says that nothing changed."""
    clock = SteppedClock(NOON)
    tagged = page(listing(1), ETag='"a"')
    with Server(routes(**{"chinh-sach": tagged})) as server:
        with desk_for(server, tmp_path, clock) as desk:
            pipeline.poll(desk.config.sources["bao"], desk)
        server.routes["/chinh-sach"] = Reply("", 304, headers={"ETag": '"a"'})
        with desk_for(server, tmp_path, clock) as desk:
            assert results(visit(desk, tmp_path)) == ["stored"]


def test_channel_down_then_back(tmp_path: Path) -> None:
    """An alert whose channel is down waits, keeps its key, and arrives once."""
    clock = SteppedClock(NOON)
    hook = {"type": "webhook", "url": f"http://{HOST}/hook"}
    settings = {"channels": {"log": hook, "terminal": {"type": "stdout"}}}
    young = page(story(1, "Vừa đăng", PARAGRAPHS, at="2026-03-02T12:00:30+07:00"))
    with Server(routes(**{"bai-post1.html": young, "hook": Reply("", 503)})) as server:
        with desk_for(server, tmp_path, clock, settings) as desk:
            visit(desk, tmp_path)
            server.routes["/hook"] = Reply("", 204)
            for _ in range(5):
                clock.sleep(600)
                visit(desk, tmp_path)
        keys = [seen.headers.get("idempotency-key") for seen in server.seen if seen.path == "/hook"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_one_channel_down_for_an_hour(tmp_path: Path) -> None:
    """While one channel is down for an hour the others get all at once; then it gets all, in order, each once."""
    clock = SteppedClock(NOON)
    channels = {
        "desk": {"type": "webhook", "url": f"http://{HOST}/hook"},
        "log": {"type": "file", "path": "alerts.jsonl"},
    }
    settings = {
        "channels": {**channels, "terminal": {"type": "stdout"}},
        "watches": [{"name": "all", "channels": ["desk", "log"]}],
    }
    with Server(routes(hook=Reply("", 503))) as server, desk_for(server, tmp_path, clock, settings) as desk:
        visit(desk, tmp_path)
        for number in range(2, 6):
            clock.sleep(15 * 60)
            words = [f"{paragraph} Bài {number}." for paragraph in PARAGRAPHS]
            server.routes[f"/bai-post{number}.html"] = page(
                story(number, f"Bài {number}", words, at=clock.now().isoformat())
            )
            server.routes["/chinh-sach"] = page(listing(*range(number, 0, -1)))
            visit(desk, tmp_path)
            assert [alert["title"] for alert in sent(tmp_path)] == [f"Bài {n}" for n in range(2, number + 1)]
        refused = len([seen for seen in server.seen if seen.path == "/hook"])
        server.routes["/hook"] = Reply("", 204)
        for _ in range(8):
            clock.sleep(15 * 60)
            visit(desk, tmp_path)
        taken = [json.loads(seen.body) for seen in server.seen if seen.path == "/hook"][refused:]
    assert [alert["title"] for alert in taken] == [f"Bài {n}" for n in range(2, 6)]
    assert len({alert["key"] for alert in taken}) == 4
    assert len(sent(tmp_path)) == 4


def test_reparse_alerts_nobody(tmp_path: Path) -> None:
    """Reading stored pages again with other rules changes the article without a revision or an alert."""
    clock = SteppedClock(NOON)
    with Server(routes()) as server:
        with desk_for(server, tmp_path, clock) as desk:
            visit(desk, tmp_path)
        rules = {"title": ["h2"], "lead": [".none"], "body": [".body"]}
        with desk_for(server, tmp_path, clock, article=rules) as desk:
            assert "title" in (reread.reparse(desk.config.sources["bao"], 1, desk) or ())
            kept = archive.story(desk.db, 1)
    assert kept is not None
    assert kept.title == "Tóm tắt của bài số 1 trên báo."
    assert len(kept.history) == 1
    assert not sent(tmp_path)


# --- listings that show nothing new ------------------------------------------------------------------------


def test_a_list_whose_addresses_stay_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that differs by its hour alone is not looked through; one whose addresses moved is, and gives its news."""
    links = Mock(wraps=discover.links)
    monkeypatch.setattr(discover, "links", links)
    clock = SteppedClock(NOON)
    with Server(routes()) as server, desk_for(server, tmp_path, clock) as desk:
        for hour, numbers, times in (
            ("11 giờ", (1,), 1),
            ("12 giờ", (1,), 1),
            ("13 giờ", (2, 1), 2),
            ("14 giờ", (2, 1), 2),
        ):
            server.routes["/chinh-sach"] = page(listing(*numbers).replace("Trang chủ", f"Trang chủ, {hour}"))
            server.routes["/bai-post2.html"] = page(story(2, "Thêm một bài mới", PARAGRAPHS))
            visit(desk, tmp_path)
            assert links.call_count == times, hour
            clock.sleep(1000)
        assert len(store.article_ids(desk.db)) == 2


def test_a_list_that_only_leads_on_is_always_followed(tmp_path: Path) -> None:
    """The addresses of a sitemap of sitemaps stay the same while what stands there changes: nothing is missed."""
    clock = SteppedClock(NOON)
    own = [{"url": f"http://{HOST}/sitemap.xml", "kind": "sitemap"}]

    def index(day: int) -> Reply:
        at = f"<sitemap><loc>http://{HOST}/sitemap-1.xml</loc><lastmod>2026-03-0{day}</lastmod></sitemap>"
        return Reply(f"<sitemapindex>{at}</sitemapindex>", headers={"Content-Type": "application/xml"})

    def sitemap(*numbers: int) -> Reply:
        urls = "".join(f"<url><loc>http://{HOST}/bai-post{n}.html</loc></url>" for n in numbers)
        return Reply(f"<urlset>{urls}</urlset>", headers={"Content-Type": "application/xml"})

    with Server(routes()) as server, desk_for(server, tmp_path, clock, listings=own) as desk:
        for day, numbers in ((1, (1,)), (2, (2, 1))):
            server.routes |= {"/sitemap.xml": index(day), "/sitemap-1.xml": sitemap(*numbers)}
            server.routes["/bai-post2.html"] = page(story(2, "Thêm một bài mới", PARAGRAPHS))
            visit(desk, tmp_path)
            clock.sleep(1000)
        assert len(store.article_ids(desk.db)) == 2
