"""Commands about one story, as their user meets them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from newswire import OTHER, WIRE, text
from servers import Server
from terminal import User

from scraper import dedupe, store
from scraper.config import load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide

RULES = Rules(load_policy(), (), timedelta(days=2), RecheckSettings(), {})
TALK = "<script>alert(1)</script>"


@pytest.fixture
def user(tmp_path: Path) -> User:
    """A user whose archive holds a story edited once, its cut copy, and another story."""
    with Server({}) as server:
        someone = User(tmp_path, server)
    db = store.open_archive(tmp_path / "data")
    store.ensure_sources(db, ["bao", "khac", "ba"], NOON)
    for source, number, fields in (
        ("bao", 1, {"text": text(WIRE), "lead": "Cả huyện có 1.200 hộ nghèo."}),
        ("khac", 2, {"text": text(WIRE[:6]), "title": "Tên khác", "lead": ""}),
        ("ba", 3, {"text": text(OTHER)}),
        ("bao", 1, {"text": text([*WIRE, f"Tăng trưởng đạt 8% {TALK}."]), "lead": "Cả huyện có 1.300 hộ nghèo."}),
    ):
        keep(db, source, number, fields)
    db.close()
    return someone


def keep(db: store.Database, source: str, number: int, fields: dict[str, Any]) -> None:
    key, data = f"{source}:{number}", article(url=f"https://{source}.example/{number}", **fields)
    known = store.known_for(db, source, [key], dedupe.sketch_of(data), NOON)
    store.apply(db, decide(data, known, RULES, NOON, source=source, key=key))


def test_show_tells_the_life_of_a_story(user: User) -> None:
    """The time line has its edits in a sentence, and each copy with what the other outlet changed."""
    said = " ".join(user.run("show", "1").split())
    assert "revision 2: lead: 1.200 -> 1.300; one paragraph added" in said
    assert "copy 2 at khac (near): 3 paragraphs cut, other headline, other lead" in said
    shown = user.json("show", "1")
    assert shown["history"][1]["edits"][0]["kind"] == "lead"
    assert shown["differences"]["2"]["cut"][:2] == WIRE[6:]
    assert "Copy of 1 at bao" in user.run("show", "2")


def test_diff_marks_words_and_writes_a_page(user: User, tmp_path: Path) -> None:
    """On the terminal the words are marked; --html writes one file in which scraped markup stays text."""
    assert "[- 1.200-]{+ 1.300+}" in user.run("diff", "1")
    found = user.json("diff", "1", "--from", "1", "--to", "2")
    assert [edit["kind"] for edit in found["edits"]] == ["lead", "paragraph added"]
    file = tmp_path / "edit.html"
    assert str(file) in user.run("diff", "1", "--html", str(file)).replace("\n", "")
    html = file.read_text(encoding="utf-8")
    assert "1.300</ins>" in html
    assert TALK not in html
    assert "http-equiv" in html
    assert 'src="' not in html
    assert "it has 1 to 2" in user.run("diff", "1", "--to", "7", status=1)


def test_a_wrong_group_is_split_and_joined(user: User) -> None:
    """A copy that is none is split off, joined again, and both choices outlive grouping anew."""
    assert user.json("split", "2") == {"id": 2, "left": 1}
    assert user.json("regroup")["changed"] == []
    assert user.json("show", "2")["original"] is None
    assert "alone" in user.run("split", "2", status=1)
    assert user.json("join", "3", "1")["story"] == 1
    assert user.json("regroup")["changed"] == []
    assert user.json("show", "3")["original"]["kind"] == "chosen"
    assert "already" in user.run("join", "1", "3", status=1)
    assert "0 articles change" in user.run("regroup", "--dry-run")
