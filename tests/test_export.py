"""The archive as JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from hypothesis import given
from hypothesis import strategies as st

from scraper import dedupe, export, store
from scraper.config import load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.errors import ScraperError
from scraper.store import Database
from scraper.store.archive import Filter

NUMBERS = {"id", "revisions", "score", "points", "copy_of", "copies"}


def keep(db: Database, number: int, **fields: Any) -> None:
    """Store one article whose body is its own."""
    given_fields = {"url": f"https://bao.example/bai-post{number}.html", "text": f"Đoạn của bài {number}.", **fields}
    key, rules = f"bao:{number}", Rules(load_policy(), (), timedelta(days=2), RecheckSettings(), {})
    known = store.known_for(db, "bao", [key], dedupe.sketch(""), NOON)
    store.apply(db, decide(article(**given_fields), known, rules, NOON, source="bao", key=key))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path / "data")
    store.ensure_sources(opened, ["bao"], NOON)
    yield opened
    opened.close()


def test_rows_have_the_documented_keys(db: Database) -> None:
    """A row holds every documented key, in that order, in JSON types that survive a round trip."""
    keep(db, 1, authors=["Chu A", "Lê B"], images=[{"url": "https://bao.example/a.jpg", "caption": "Ảnh"}])
    (row,) = export.rows(db)
    assert list(row) == list(export.KEYS)
    assert json.loads(json.dumps(row)) == row
    assert row["published_at"] == "2026-03-02T05:00:00+00:00"
    assert row["authors"] == ["Chu A", "Lê B"]
    assert row["images"] == [{"url": "https://bao.example/a.jpg", "caption": "Ảnh"}]
    assert {reason["rule"] for reason in row["reasons"]}


def test_rows_name_documents_and_provinces(db: Database) -> None:
    """A row names the documents and the provinces of today, each once."""
    keep(db, 1, text="Theo Nghị định 28/2022/NĐ-CP và Nghị định 28, Bắc Kạn và Thái Nguyên vay vốn.")
    (row,) = export.rows(db)
    assert (row["documents"], row["provinces"]) == (["28/2022/NĐ-CP"], ["Thái Nguyên"])


def test_rows_can_be_filtered(db: Database) -> None:
    """Only the wanted articles are exported."""
    keep(db, 1, title="Một bài về lúa")
    keep(db, 2, title="Một bài về cá")
    assert [row["id"] for row in export.rows(db, Filter(words="ca"))] == [2]


def test_progress(db: Database) -> None:
    """Progress ends at all of the rows that there were."""
    for number in range(1, 4):
        keep(db, number)
    told: list[tuple[int, int]] = []
    list(export.rows(db, progress=lambda done, total: told.append((done, total))))
    assert told[-1] == (3, 3)


def test_jsonl_file(db: Database, tmp_path: Path) -> None:
    """A JSON Lines file has one object a line, in readable Vietnamese."""
    keep(db, 1, title="Tiêu đề\u2028có dấu")
    keep(db, 2)
    path = tmp_path / "out.jsonl"
    assert export.export(db, path) == 2
    raw = path.read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in raw.split("\n")[:-1]] == [1, 2]
    assert "Tiêu đề" in raw


def test_csv_file(db: Database, tmp_path: Path) -> None:
    """A CSV file has a head line, joins words, writes other lists as JSON and keeps paragraphs in one cell."""
    keep(db, 1, text="Một.\n\nHai.", authors=["Chu A", "Lê B"], published_at=None)
    path = tmp_path / "out.csv"
    assert export.export(db, path, "csv", bom=True) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == list(export.KEYS)
    assert (row["text"], row["authors"], row["published_at"]) == ("Một.\n\nHai.", "Chu A; Lê B", "")
    assert isinstance(json.loads(row["reasons"]), list)


@given(st.text(alphabet='=+-@\t\r\n＝＋－＠a"1, ', max_size=6))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever an outlet writes, a spreadsheet finds no formula in a text cell, and negative figures stay figures."""
    row: dict[str, Any] = dict.fromkeys(export.KEYS, text) | dict.fromkeys(NUMBERS, -1.5)
    row |= {"authors": [text, text], "reasons": [{"matched": text}]}
    out = io.StringIO(newline="")
    export.write_csv([row], out)
    out.seek(0)
    (written,) = csv.DictReader(out)
    for name, cell in written.items():
        assert cell == "-1.5" if name in NUMBERS else not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_failed_export_leaves_nothing(db: Database, tmp_path: Path) -> None:
    """A file that cannot be written is named, and what stood there before still does."""
    keep(db, 1)
    taken = tmp_path / "folder"
    taken.mkdir()
    with pytest.raises(ScraperError, match="folder"):
        export.export(db, taken)
    with pytest.raises(ScraperError, match="missing"):
        export.export(db, tmp_path / "missing" / "out.jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "folder"]


def test_a_stopped_export_keeps_the_old_file(db: Database, tmp_path: Path) -> None:
    """An export that is broken off half-way leaves the file of last time whole."""
    keep(db, 1)
    path = tmp_path / "out.jsonl"
    path.write_text("last time")

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export.export(db, path, progress=stop)
    assert path.read_text() == "last time"
    assert not list(tmp_path.glob("*.part"))


def test_standard_output(db: Database, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without a file the rows go to standard output in UTF-8, which stays open."""
    keep(db, 1, title="Tiêu đề có dấu")
    export.export(db, None)
    print("after")  # noqa: T201 - standard output is what is tested
    out = capfdbinary.readouterr().out.decode()
    assert "Tiêu đề có dấu" in out
    assert out.endswith("after\n")
