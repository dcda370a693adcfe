"""The page over the archive, as a browser meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import NOON, article
from servers import SteppedClock
from starlette.testclient import TestClient

from scraper import store
from scraper.config import load_policy
from scraper.decide import Rules, decide
from scraper.store import Database
from scraper.web import create_app

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202eevil"


def keep(db: Database, key: str, **fields: object) -> int:
    rules = Rules(load_policy(), (), NOON - NOON, (), {})
    data = article(**fields)
    known = store.known_for(db, "bao", [key], "")
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
    number = keep(db, "bao:1", title="Tăng 8% trong năm")
    keep(db, "bao:1", title="Tăng 7,5% trong năm")
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
