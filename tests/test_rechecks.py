"""Stored articles looked at again: what is an edit, what waits for another look, what is the page's fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from newsdesk import HOST, desk_for, listing, page, story
from servers import Reply, Server, SteppedClock
from sqlalchemy import text as sql

from scraper import extract, jobs, store
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.desk import Desk
from scraper.jobs import Report
from scraper.pipeline import Seen
from scraper.polling import PollDone
from scraper.store import archive
from scraper.store.answers import Story

TITLE = "Huyện vùng cao cấp vốn cho hộ nghèo"
NOUNS = ("bản làng", "trường học", "con đường", "cây cầu", "ruộng lúa", "vườn chè")
PARAGRAPHS = [
    f"Trong tháng {n}, tổ công tác đến từng {noun}, ghi lại {n * 17} ý kiến của bà con rồi báo cáo trước ngày {n + 9}."
    for n, noun in enumerate(NOUNS, 1)
]
EDITED = [PARAGRAPHS[0].replace("17", "19"), *PARAGRAPHS[1:]]
OTHERS = [f"Cơn bão số {n} đổ bộ khiến hàng trăm ngôi nhà tốc mái, nhiều tàu thuyền chìm ở cảng." for n in range(6)]
NO_RULES: dict[str, list[str]] = {"title": [], "lead": [], "body": []}


class Watch:
    """A desk that watches one outlet of one or more articles, and a clock to go from look to look."""

    def __init__(self, desk: Desk, server: Server, clock: SteppedClock, data: Path) -> None:
        self.desk, self.server, self.clock, self._data = desk, server, clock, data

    def visit(self) -> list[Report]:
        reports: list[Report] = []
        jobs.start_visits(self.desk, SoloCrew(), reports.append)
        with Sender(self.desk.fetcher, self._data) as sender:
            jobs.start_deliveries(self.desk, SoloCrew(), sender, reports.append)
        return reports

    def look(self) -> list[str]:
        """Go to the next re-check and do it; what became of each article that was looked at."""
        due = store.next_recheck(self.desk.db, ["bao"])
        assert due is not None
        self.clock.step(seconds=max((due - self.clock.now()).total_seconds(), 1))
        return [report.result for report in self.visit() if isinstance(report, Seen)]

    def show(self, *paragraphs: str, title: str = TITLE, number: int = 1) -> None:
        self.server.routes[f"/bai-post{number}.html"] = page(story(number, title, paragraphs or PARAGRAPHS))

    def answer(self, reply: Reply) -> None:
        self.server.routes["/bai-post1.html"] = reply

    def story(self, number: int = 1) -> Story:
        found = archive.story(self.desk.db, number)
        assert found is not None
        return found

    @property
    def kinds(self) -> list[list[str]]:
        """Kinds of edits of each revision after the first."""
        return [[edit["kind"] for edit in revision.edits] for revision in self.story().history[1:]]

    @property
    def happened(self) -> list[str]:
        return [happening.kind for happening in self.story().happenings]

    @property
    def told(self) -> list[dict[str, Any]]:
        file = self._data / "alerts.jsonl"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


@contextmanager
def watching(data: Path, *numbers: int, settings: dict[str, Any] | None = None, **fields: Any) -> Iterator[Watch]:
    numbers = numbers or (1,)
    routes = {"/chinh-sach": page(listing(*numbers)), "/robots.txt": Reply("", 404)}
    with Server(routes) as server:
        clock = SteppedClock(NOON)
        with desk_for(server, data, clock, settings, **fields) as desk:
            watch = Watch(desk, server, clock, data)
            for number in numbers:
                watch.show(*(f"{p} Bài {number}." for p in PARAGRAPHS), number=number)
            if numbers == (1,):
                watch.show()
            watch.visit()
            yield watch


# --- edits and what only looks like one ---------------------------------------------------------------------


def test_a_changed_figure_is_an_edit_at_once(tmp_path: Path) -> None:
    """A figure in the body needs no second look, and the revision says in a sentence what changed."""
    with watching(tmp_path) as watch:
        watch.show(*EDITED)
        assert watch.look() == ["edited"]
        assert watch.kinds == [["number"]]
        assert "17 -> 19" in watch.story().history[1].summary


def test_a_headline_counts_when_two_fetches_agree(tmp_path: Path) -> None:
    """The first look at another headline changes nothing, the second, ten minutes later, makes it an edit."""
    with watching(tmp_path) as watch:
        watch.show(title="Huyện vùng cao chậm cấp vốn cho hộ nghèo")
        assert watch.look() == ["unchanged"]
        assert watch.story().title == TITLE
        before = watch.clock.now()
        assert watch.look() == ["edited"]
        assert timedelta(minutes=10) <= watch.clock.now() - before <= timedelta(minutes=11)
        assert watch.kinds == [["headline"]]


def test_a_headline_test_is_no_edit(tmp_path: Path) -> None:
    """Headlines that swap from fetch to fetch leave no revision; the time line says so, and not for ever."""
    with watching(tmp_path) as watch:
        for _ in range(6):
            watch.show(title="Vốn cho hộ nghèo: chuyện chưa kể")
            assert watch.look() == ["unchanged"]
            watch.show()
            assert watch.look() == ["unchanged"]
        assert watch.kinds == []
        assert watch.happened == ["flapped"] * 3


def test_two_servers_that_disagree_are_no_edits(tmp_path: Path) -> None:
    """An earlier state that comes and goes is another server's copy; when it stays, it is an edit."""
    with watching(tmp_path) as watch:
        watch.show(*EDITED)
        assert watch.look() == ["edited"]
        for _ in range(3):
            watch.show()
            assert watch.look() == ["unchanged"]
            watch.show(*EDITED)
            assert watch.look() == ["unchanged"]
        assert watch.kinds == [["number"]]
        watch.show()
        assert [watch.look() for _ in range(6)].count(["edited"]) == 1
        assert watch.kinds == [["number"], ["number"]]


def test_another_box_with_the_same_text_casts_no_doubt(tmp_path: Path) -> None:
    """When a lead is edited and the body, word for word the same, is found in another element, that is an edit."""
    with watching(tmp_path, article=NO_RULES) as watch:
        reply = watch.server.routes["/bai-post1.html"]
        assert isinstance(reply, Reply)
        new = (
            str(reply.body)
            .replace("Tóm tắt của bài số 1", "Điều cần biết về bài số 1")
            .replace("class=body", "class=b2")
        )
        watch.server.routes["/bai-post1.html"] = page(new)
        assert watch.look() == ["edited"]
        assert watch.kinds == [["lead"]]


def test_a_story_written_anew_waits_an_hour(tmp_path: Path) -> None:
    """A body of which nothing is left may be read from another part of the page; an hour later it is an edit."""
    with watching(tmp_path) as watch:
        watch.show(*OTHERS)
        assert watch.look() == ["unchanged"]
        assert watch.happened == ["held"]
        before = watch.clock.now()
        assert watch.look() == ["edited"]
        assert watch.clock.now() - before >= timedelta(hours=1)


# --- the page's fault ----------------------------------------------------------------------------------------


def test_a_collapse_of_one_article_is_believed_an_hour_later(tmp_path: Path) -> None:
    """What an outlet leaves of one story counts; until it is sure, the story stays as it was."""
    with watching(tmp_path) as watch:
        watch.show("Tòa soạn đang rà soát lại bài này.")
        assert watch.look() == ["unchanged"]
        assert PARAGRAPHS[0] in watch.story().text
        assert watch.look() == ["edited"]
        assert watch.kinds[0].count("paragraph removed") >= 5


def test_a_new_layout_is_no_edit_of_every_article(tmp_path: Path) -> None:
    """When most articles collapse at once their text is kept, and the source is in trouble until they are back."""
    settings = {"trouble": {"after": 2, "channels": ["log"]}}
    with watching(tmp_path, 1, 2, 3, 4, settings=settings) as watch:
        shown = dict(watch.server.routes)
        for number in range(1, 5):
            watch.show("Đang tải.", number=number)
        polls = []
        for _ in range(60):
            watch.clock.step(minutes=20)
            polls += [report for report in watch.visit() if isinstance(report, PollDone)]
        assert [len(watch.story(number).history) for number in range(1, 5)] == [1, 1, 1, 1]
        assert "layout" in polls[-1].error
        assert [told["event"] for told in watch.told] == ["source_broken"]
        watch.server.routes.update(shown)
        for _ in range(60):
            watch.clock.step(minutes=20)
            watch.visit()
        assert [told["event"] for told in watch.told] == ["source_broken", "source_recovered"]
        assert [len(watch.story(number).history) for number in range(1, 5)] == [1, 1, 1, 1]


def test_a_layout_that_is_read_otherwise_is_read_anew(tmp_path: Path) -> None:
    """Where no rules are given and a new template brings other text along, the new reading is no edit."""
    with watching(tmp_path, 1, 2, 3, 4, article=NO_RULES) as watch:
        for number in range(1, 5):
            reply = watch.server.routes[f"/bai-post{number}.html"]
            assert isinstance(reply, Reply)
            new = str(reply.body).replace("<div class=body>", f"<section class=content><p>{OTHERS[number]}</p>")
            watch.server.routes[f"/bai-post{number}.html"] = page(
                new.replace("</div></article>", "</section></article>")
            )
        for _ in range(60):
            watch.clock.step(minutes=20)
            watch.visit()
        assert [len(watch.story(number).history) for number in range(1, 5)] == [1, 1, 1, 1]
        assert all(OTHERS[number] in watch.story(number).text for number in range(1, 5))
        assert watch.told == []


def test_a_layout_that_shows_something_else_replaces_nothing(tmp_path: Path) -> None:
    """When every article's page comes to show another long text, what is stored stays, and the source is in trouble."""
    with watching(tmp_path, 1, 2, 3, 4) as watch:
        for number in range(1, 5):
            watch.show(*OTHERS, number=number)
        polls = []
        for _ in range(60):
            watch.clock.step(minutes=20)
            polls += [report for report in watch.visit() if isinstance(report, PollDone)]
        assert [len(watch.story(number).history) for number in range(1, 5)] == [1, 1, 1, 1]
        assert all(OTHERS[0] not in watch.story(number).text for number in range(1, 5))
        assert "layout" in polls[-1].error


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<title>Just a moment...</title>", 200),
        Reply("<html><body>no</body></html>", 403),
        Reply("", 500),
        Reply("", 200),
        Reply("", hang_up=True),
    ],
)
def test_an_answer_that_is_no_page_changes_nothing(tmp_path: Path, reply: Reply) -> None:
    """A challenge, a refusal, a fault or silence is neither an edit nor a removal, however often it comes."""
    with watching(tmp_path) as watch:
        watch.answer(reply)
        assert [watch.look() for _ in range(3)] == [["failed"]] * 3
        watch.show()
        watch.look()
        assert (watch.kinds, watch.happened, watch.story().state) == ([], [], "live")


# --- removal and return --------------------------------------------------------------------------------------

NOTICES = ["Bài viết không tồn tại hoặc đã bị gỡ bỏ.", "Không tìm thấy trang bạn yêu cầu.", "404 Not Found"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("gone", 410),
        Reply("no", 404),
        Reply("", 302, headers={"Location": f"http://{HOST}/"}),
        *(page(f"<html><head><title>Báo</title></head><body><h1>{n}</h1><p>{n}</p></body></html>") for n in NOTICES),
    ],
    ids=["410", "404", "front page", "not there", "not found", "english"],
)
def test_a_removal_is_told_when_seen_twice_and_so_is_the_return(tmp_path: Path, reply: Reply) -> None:
    """Missing once is noted; missing an hour later is a removal; both it and the return are told once."""
    events = ["removed", "returned", "edited"]
    settings = {"watches": [{"name": "all", "events": events, "channels": ["log"]}]}
    with watching(tmp_path, settings=settings) as watch:
        watch.server.routes["/"] = page("<html><body><h1>Trang nhất</h1></body></html>")
        watch.answer(reply)
        assert watch.look() == ["missing"]
        first = watch.clock.now()
        assert watch.look() == ["removed"]
        assert watch.clock.now() - first >= timedelta(hours=1)
        assert watch.look() == ["unchanged"]
        watch.show()
        assert watch.look() == ["unchanged"]
        assert watch.happened == ["missing", "removed", "returned"]
        assert [told["event"] for told in watch.told] == ["removed", "returned"]
        assert watch.story().state == "live"


def test_a_page_that_is_missing_once_was_not_removed(tmp_path: Path) -> None:
    """A page that is back at the next look was only away."""
    with watching(tmp_path) as watch:
        watch.answer(Reply("no", 404))
        assert watch.look() == ["missing"]
        watch.show()
        assert watch.look() == ["unchanged"]
        assert watch.happened == ["missing", "found again"]
        assert watch.story().state == "live"


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"title": "Không tìm thấy trang", "lead": "", "text": ""}, True),
        ({"title": "Báo", "lead": "", "text": "Trang bạn yêu cầu đã bị xóa. Mời bạn về trang chủ."}, True),
        ({"title": "Page not found", "lead": "", "text": "Try the search."}, True),
        ({"title": "404", "lead": "", "text": ""}, True),
        ({"title": "Không tìm thấy trang"}, False),
        ({"title": "Huyện xóa 404 nhà tạm", "lead": "", "text": "Ngắn thôi."}, False),
        ({"title": "Tìm thấy hai du khách mất tích", "lead": "", "text": "Lực lượng cứu hộ vừa báo tin."}, False),
        ({}, False),
    ],
)
def test_a_page_that_says_it_is_not_there(fields: dict[str, Any], notice: bool) -> None:  # noqa: FBT001 - a case
    """A short page with the words of a notice is one; an article that has them is an article."""
    assert bool(extract.missing_notice(article(**fields))) is notice


# --- readers and alerts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False], ids=["page kept", "page gone"])
def test_other_rules_are_no_edit(tmp_path: Path, kept: bool) -> None:  # noqa: FBT001 - a case
    """When the outlet's rules change, the next look reads another text, and that is no edit."""
    with watching(tmp_path) as watch:
        if not kept:
            with watch.desk.db.write() as session:
                session.connection().execute(sql("DELETE FROM snapshot"))
        source = watch.desk.config.sources["bao"]
        rules = source.article.model_copy(update={"body": [".body p:first-child"], "lead": [".body p:last-child"]})
        watch.desk.config.sources["bao"] = source.model_copy(update={"article": rules})
        watch.desk.config.sources["bao"].__dict__.pop("article_rules", None)
        watch.look()
        assert watch.kinds == []
        assert watch.story().lead == PARAGRAPHS[-1]
        watch.show(*EDITED)
        watch.look()
        assert watch.kinds == [["number"]]


def test_an_edit_is_told_to_those_who_ask(tmp_path: Path) -> None:
    """A rule that asks for edits is told of each, with what changed."""
    settings = {"watches": [{"name": "edits", "events": ["edited"], "channels": ["log"]}]}
    with watching(tmp_path, settings=settings) as watch:
        watch.show(*EDITED)
        watch.look()
        watch.show(*EDITED[:-1])
        watch.look()
        assert [told["event"] for told in watch.told] == ["edited", "edited"]
        assert "17 -> 19" in watch.told[0]["message"]
        assert "one paragraph removed" in watch.told[1]["message"]
