"""The page over the archive, as a browser meets it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from hypothesis import given
from hypothesis import strategies as st
from servers import SteppedClock
from starlette.testclient import TestClient

from scraper import dedupe, store
from scraper.config import load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.models import Article, Link, Source
from scraper.store import Database, archive
from scraper.values import Reason
from scraper.web import create_app, view
from scraper.web.app import SHOWN

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202eevil"


def keep(db: Database, key: str, **fields: Any) -> int:
    rules = Rules(load_policy(), (), NOON - NOON, RecheckSettings(), {})
    data = article(**fields)
    known = store.known_for(db, "bao", [key], dedupe.sketch_of(data), NOON)
    return store.apply(db, decide(data, known, rules, NOON, source="bao", key=key)).article_id


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao"], NOON)
    yield opened
    opened.close()


def browse(db: Database, *, ok: bool = True) -> TestClient:
    app = create_app(
        db, title_of={"bao": "Báo <b>Ví dụ</b>"}.__getitem__, clock=SteppedClock(NOON), health=lambda: {"ok": ok}
    )
    return TestClient(app, raise_server_exceptions=False)


def test_an_empty_archive_says_what_to_do(db: Database) -> None:
    """Before the first story the front page explains itself."""
    answer = browse(db).get("/")
    assert answer.status_code == 200
    assert "archive is empty" in answer.text


def test_front_page_shows_policy_stories_and_why(db: Database) -> None:
    """A policy story stands on the front page with its label and the words that gave it."""
    keep(db, "bao:1", title="Giảm nghèo bền vững ở vùng cao")
    shown = browse(db).get("/?label=policy").text
    assert "Giảm nghèo bền vững ở vùng cao" in shown
    assert "Why:" in shown


@pytest.mark.parametrize("query", ["giam ngheo", '"', "a OR (", "*", "NEAR(", "đ" * 150, "-"])
def test_no_search_words_break_the_page(db: Database, query: str) -> None:
    """Whatever is typed into the search box is words, never syntax."""
    keep(db, "bao:1", title="Giảm nghèo bền vững ở vùng cao")
    answer = browse(db).get("/", params={"q": query, "label": "all"})
    assert answer.status_code == 200
    assert ("Giảm nghèo bền vững ở vùng cao" in answer.text) == (query == "giam ngheo")


def test_story_page_shows_the_edit(db: Database) -> None:
    """A story's page marks what an edit took out and put in."""
    number = keep(db, "bao:1", lead="Tăng 8% trong năm")
    keep(db, "bao:1", lead="Tăng 7,5% trong năm")
    shown = browse(db).get(f"/stories/{number}").text
    assert "<del> 8%</del>" in shown
    assert "<ins> 7,5%</ins>" in shown


def test_hostile_text_stays_text(db: Database) -> None:
    """Markup in any scraped field is shown, never run, and a javascript address is no link."""
    number = keep(
        db,
        "bao:1",
        title=HOSTILE * 200,
        lead=HOSTILE,
        text=f"{HOSTILE}\n\n{HOSTILE}",
        section=HOSTILE,
        place=HOSTILE,
        authors=[HOSTILE],
        agency=HOSTILE,
        problems=[HOSTILE],
        url="javascript:alert(1)",
    )
    for path in ("/?label=all", f"/stories/{number}", "/sources"):
        answer = browse(db).get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "<b>V" not in answer.text
        assert 'href="javascript' not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/stories/1", 404), ("/stories/99999999999999999999999", 404), ("/nowhere", 404), ("/sources", 200)],
)
def test_statuses(db: Database, path: str, status: int) -> None:
    """What is not there is a plain 404 page."""
    assert browse(db).get(path).status_code == status


def test_every_answer_is_locked_down(db: Database) -> None:
    """No answer lets a browser run scripts, load from elsewhere, or be framed."""
    for path in ("/", "/sources", "/healthz", "/nowhere", "/static/style.css"):
        headers = browse(db).get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
def test_healthz(db: Database, *, ok: bool, status: int) -> None:
    """A watcher outside learns by the status whether the daemon is well."""
    answer = browse(db, ok=ok).get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (status, ok)


# --- lists -------------------------------------------------------------------------------------------------


def test_pages_of_the_list_follow_each_other(db: Database) -> None:
    """Going on by "Older stories" shows every story once and then ends."""
    for number in range(stories := SHOWN + 3):
        keep(db, f"bao:{number}", title=f"Bài {number:03}", text=f"Đoạn riêng của bài {number}.")
    address, shown = "/?label=all", []
    while address:
        text = browse(db).get(address).text
        shown += re.findall(r"Bài (\d{3})", text)
        older = re.search(r'href="([^"]+)" rel="next"', text)
        address = html.unescape(older[1]) if older else ""
    assert sorted(shown) == [f"{number:03}" for number in range(stories)]


def test_a_search_looks_everywhere_until_narrowed(db: Database) -> None:
    """Words are looked for among all stories; a label narrows them, and the links keep the words."""
    keep(db, "bao:1", title="Đội bóng phố núi thắng trận", lead="", text="Tỷ số 2-1.", section="Thể thao")
    found = browse(db).get("/", params={"q": '"phố núi" & <b>'}).text
    assert "fewer words" in found
    assert "q=%22ph%E1%BB%91+n%C3%BAi%22+%26+%3Cb%3E" in found
    assert "Đội bóng" in browse(db).get("/", params={"q": "pho nui"}).text
    assert "Look among all" in browse(db).get("/", params={"q": "pho nui", "label": "oversight"}).text


def test_one_outlets_stories(db: Database) -> None:
    """A source's link lists that source alone, whatever the label."""
    keep(db, "bao:1", title="Đội bóng phố núi thắng trận", lead="", text="Tỷ số 2-1.", section="Thể thao")
    assert "Đội bóng" in browse(db).get("/?source=bao").text
    assert "Đội bóng" not in browse(db).get("/?source=khac").text


def test_marks(db: Database) -> None:
    """A story says that it was edited, removed, and how often it was copied."""
    number = keep(db, "bao:1", lead="Tăng 8% trong năm")
    keep(db, "bao:1", lead="Tăng 7,5% trong năm")
    keep(db, "bao:2", lead="Tăng 7,5% trong năm", url="https://bao.example/khac-post2.html")
    with db.write() as session:
        article = session.get_one(Article, number)
        article.state, article.gone_since = "removed", NOON
    front, page = browse(db).get("/?label=all").text, browse(db).get(f"/stories/{number}").text
    assert all(mark in front for mark in ("edited 1×", "1 copy", ">removed<"))
    assert "Removed by the outlet; missing since 02/03/2026 12:00" in page
    assert "A copy of" in browse(db).get(f"/stories/{number + 1}").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?label=nonsense", 400),
        ("/?before=x", 400),
        ("/?before=-1", 400),
        (f"/?before={10**30}", 400),
        (f"/?q={'a' * 300}", 400),
        ("/?before=12345", 200),
        ("/?q=%ED%A0%80%00", 200),
        ("/stories/x", 404),
        ("/stories/-1", 404),
    ],
)
def test_a_wrong_address_gets_a_page(db: Database, path: str, status: int) -> None:
    """An address that was tampered with is answered by a page in words, never by a dump or a server error."""
    answer = browse(db).get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_an_unreadable_archive_gets_a_page(db: Database) -> None:
    """When the archive cannot be read the page says so, without the file's path."""
    with db.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE source RENAME TO lost")
    answer = browse(db).get("/sources")
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert str(db.path) not in answer.text


# --- one story ---------------------------------------------------------------------------------------------


def test_a_long_edit_is_shown_by_paragraph(db: Database) -> None:
    """Unchanged paragraphs of an edited text are counted, not repeated."""
    paragraphs = [f"Đoạn số {number} của bài." for number in range(9)]
    number = keep(db, "bao:1", text="\n\n".join(paragraphs))
    paragraphs[4] = "Đoạn số 4 của tin."
    keep(db, "bao:1", text="\n\n".join([*paragraphs, "Thêm một đoạn."]))
    shown = browse(db).get(f"/stories/{number}").text
    assert shown.count("4 paragraphs unchanged") == 2
    assert "<del> bài.</del><ins> tin.</ins>" in shown
    assert "<ins>Thêm một đoạn.</ins>" in shown


PARAGRAPHS = st.lists(st.sampled_from(["a b", "a c", "d", "d e f"]), max_size=6)


@given(PARAGRAPHS, PARAGRAPHS)
def test_an_edit_leaves_nothing_out(before: list[str], after: list[str]) -> None:
    """The old text and what the edit shows give the new text back."""
    remaining, rebuilt = list(before), []
    for passage in view.passages("\n\n".join(before), "\n\n".join(after)):
        old = "".join(words for kind, words in passage.parts if kind != "added")
        new = "".join(words for kind, words in passage.parts if kind != "removed")
        taken = passage.skipped or (old.count("\n\n") + 1 if old else 0)
        rebuilt += remaining[:taken] if passage.skipped else [new] if new else []
        del remaining[:taken]
    assert "\n\n".join(rebuilt) == "\n\n".join(after)
    assert not remaining


@pytest.mark.parametrize("joint", [" ", "\n\n"])
def test_a_text_of_one_word_is_not_compared_word_by_word(joint: str) -> None:
    """A text that repeats itself is shown whole after its shared start, rather than computed for minutes."""
    old, new = joint.join(["cũ"] * 2500), joint.join(["cũ", "mới"] * 1250)
    (passage,) = view.passages(old, new)
    assert passage.parts == (("same", "cũ"), ("removed", old.removeprefix("cũ")), ("added", new.removeprefix("cũ")))


def test_why_groups_the_strongest_words() -> None:
    """The line of why has the strongest words once each, by where they stand, none that speak against, and no sums."""
    reasons = [
        Reason("a", "text", "giải ngân", 1.0),
        Reason("b", "title", "giải ngân", 3.0),
        Reason("c", "title", "triển khai", 2.0),
        Reason("d", "text", "bóng đá", -5.0),
        Reason("e", "section", "Chính sách", 4.0),
        Reason("learned: other words", "text", "", 9.0),
    ]
    assert view.why(reasons) == [("section", ["Chính sách"]), ("headline", ["giải ngân", "triển khai"])]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://bao.example/a?b=1", True),
        ("http://bao.example/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//bao.example/", False),
        ("https://bao.example@evil.example/", False),
        ("https://bao.example/\nx", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, *, linked: bool) -> None:
    """Only an address of the web, without a user name, becomes a link."""
    assert bool(view.safe_url(url)) == linked


# --- sources -----------------------------------------------------------------------------------------------


def test_sources_page_tells_what_is_wrong(db: Database) -> None:
    """A failing source shows since when and why, with what waits and what was given up; a fresh one says so."""
    assert "not polled yet" in browse(db).get("/sources").text
    with db.write() as session:
        row = session.get_one(Source, "bao")
        row.last_polled_at, row.trouble_since, row.failures = NOON, NOON - timedelta(hours=2), 4
        row.last_error = "https://bao.example/: answered 403 <script>"
        for state in ("waiting", "waiting", "failed"):
            link: dict[str, Any] = {"source": "bao", "url": "https://bao.example/", "state": state}
            session.add(Link(key=f"{state}{len(session.new)}", first_seen_at=NOON, next_try_at=NOON, **link))
    shown = browse(db).get("/sources").text
    assert "4 failures in a row since 02/03/2026 10:00" in shown
    assert "answered 403 &lt;script&gt;" in shown
    assert 'data-name="Waiting">2<' in shown
    assert 'data-name="Given up">1<' in shown


# --- forms ---------------------------------------------------------------------------------------------------

HOME = {"origin": "http://testserver"}


def test_a_reader_splits_and_joins(db: Database) -> None:
    """A copy that is none is split off by a button, and joined again by its number; both lead back to the story."""
    one, two = keep(db, "bao:1"), keep(db, "bao:2", url="https://bao.example/hai-post2.html")
    client = browse(db)
    assert "Not the same story" in client.get(f"/stories/{one}").text
    answer = client.post(f"/stories/{two}/split", headers=HOME, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stories/{two}")
    assert "No other outlet" in client.get(f"/stories/{one}").text
    client.post(f"/stories/{two}/join", data={"other": "https://bao.example/mot-bai-post1.html"}, headers=HOME)
    assert "A copy of" in client.get(f"/stories/{two}").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example", "host": "evil.example"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "http://localhost:8484", "host": "localhost:8484"}, 303),
    ],
)
def test_only_our_own_forms_change_anything(db: Database, headers: dict[str, str], status: int) -> None:
    """A form of another site, of no known site, or sent to a name that is not ours is refused."""
    keep(db, "bao:1")
    two = keep(db, "bao:2", url="https://bao.example/hai-post2.html")
    answer = browse(db).post(f"/stories/{two}/split", headers=headers, follow_redirects=False)
    assert answer.status_code == status
    found = archive.story(db, two)
    assert found is not None
    assert (found.original is None) is (status == 303)


def test_a_reader_says_what_a_story_is(db: Database) -> None:
    """One of four buttons keeps a word, which the page then shows; another takes it back."""
    number = keep(db, "bao:1")
    client, path = browse(db), f"/stories/{number}"
    assert "Take back" not in client.get(path).text
    answer = client.post(f"{path}/feedback", data={"label": "none"}, headers=HOME, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    shown = client.get(path).text
    assert "An analyst says: <strong>no policy</strong>, 02/03/2026 12:00" in shown
    assert 'value="none" aria-pressed="true"' in shown
    assert shown.count('aria-pressed="false"') == 3
    client.post(f"{path}/feedback", data={"label": "forget"}, headers=HOME)
    assert "An analyst says" not in client.get(path).text


def test_a_word_comes_from_our_own_form_only(db: Database) -> None:
    """A form of another site keeps no word."""
    number = keep(db, "bao:1")
    evil = {"origin": "http://evil.example"}
    answer = browse(db).post(f"/stories/{number}/feedback", data={"label": "none"}, headers=evil)
    assert answer.status_code == 403
    assert store.given(db) == []


@pytest.mark.parametrize(
    ("path", "fields", "status", "says"),
    [
        ("/stories/1/feedback", {"label": "<b>perhaps"}, 409, "&lt;b&gt;perhaps"),
        ("/stories/1/feedback", {}, 409, "no label"),
        ("/stories/99/feedback", {"label": "none"}, 409, "99"),
        ("/stories/99/feedback", {"label": "forget"}, 409, "99"),
        ("/stories/99999999999999999999/feedback", {"label": "none"}, 404, ""),
        ("/stories/1/split", {}, 409, "alone"),
        ("/stories/1/join", {"other": "<b>77</b>"}, 409, "&lt;b&gt;77"),
        ("/stories/1/join", {"other": "1"}, 409, "already"),
        ("/stories/1/join", {}, 409, "no article"),
        ("/stories/99/split", {}, 409, "99"),
        ("/stories/99999999999999999999/split", {}, 404, ""),
        ("/stories/1/join", {"other": "x" * 20_000}, 413, ""),
    ],
)
def test_what_cannot_be_done_is_said(db: Database, path: str, fields: dict[str, str], status: int, says: str) -> None:
    """A split, a join or a word that makes no sense is refused in words."""
    keep(db, "bao:1")
    answer = browse(db).post(path, data=fields, headers=HOME)
    assert answer.status_code == status
    assert says in answer.text


def test_a_copy_is_shown_with_what_it_changed(db: Database) -> None:
    """Beside each copy stand its differences in a sentence, and the texts that are shared and that are not."""
    one = keep(db, "bao:1")
    keep(db, "bao:2", url="https://bao.example/hai-post2.html", title="Tên khác", lead="")
    shown = browse(db).get(f"/stories/{one}").text
    assert "other headline, other lead" in shown
    assert "100 % of the copy" in shown
    assert "Time line" in shown
