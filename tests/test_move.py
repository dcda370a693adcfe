"""Moving an archive to another server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from postgres import Postgres
from servers import Server
from sqlalchemy import insert, text
from sqlmodel import SQLModel
from terminal import User

from scraper import dedupe, store
from scraper.config import Watch, load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.errors import StoreError
from scraper.store import Database, archive, moving
from scraper.values import Page

RULES = Rules(load_policy(), (Watch(name="all", channels=["desk"]),), timedelta(days=2), RecheckSettings(), {})


@pytest.fixture
def target(postgres: Postgres, tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path, postgres.new())
    yield opened
    opened.close()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """An archive with stories of two outlets, copies, edits, pages and messages."""
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao", "khac"], NOON - timedelta(days=1))
    for number in range(12):
        keep(opened, "bao", number, text=f"Đoạn của bài {number}. " * 30)
        keep(opened, "khac", number, text=f"Đoạn của bài {number}. " * 30, published_at=NOON - timedelta(hours=9))
    more = "Đoạn của bài 3. " * 30 + "\n\nMỗi hộ được cấp 30 triệu đồng."
    keep(opened, "khac", 3, text=more, published_at=NOON - timedelta(hours=9))
    yield opened
    opened.close()


def keep(db: Database, name: str, number: int, **fields: Any) -> None:
    key, url = f"{name}:{number}", f"https://{name}.example/bai-{number}.html"
    data = article(url=url, title=f"Bài {number} của {name}", **fields)
    page = Page(url, url, 200, {"etag": '"1"'}, b"<html>\x00\xff" * 100, NOON)
    known = store.known_for(db, name, [key], dedupe.sketch_of(data), NOON)
    store.apply(db, decide(data, known, RULES, NOON, source=name, key=key, page=page))


def test_everything_arrives_and_goes_on(source: Database, target: Database) -> None:
    """All rows arrive as they were; lists, searches and stories read the same, and new articles get new numbers."""
    moved = store.move(source, target)
    assert all(table.alike for table in moved)
    assert {table.table for table in moved if table.rows} >= {"article", "revision", "snapshot", "shingle", "outbox"}
    assert all(table.copied == table.rows for table in moved)
    assert archive.newest(target) == archive.newest(source)
    assert archive.search(target, "trieu dong") == archive.search(source, "trieu dong") != []
    assert archive.story(target, 2) == archive.story(source, 2)
    keep(target, "bao", 99, text="Bài mới sau khi chuyển. " * 30)
    assert max(store.article_ids(target)) == max(store.article_ids(source)) + 1
    assert store.check(target) == []


def test_and_back_again(source: Database, target: Database, tmp_path: Path) -> None:
    """From the server back to a file nothing is lost either, and words are found there."""
    store.move(source, target)
    back = store.open_archive(tmp_path / "back")
    assert all(table.alike for table in store.move(target, back))
    assert archive.search(back, "trieu dong") == archive.search(source, "trieu dong")
    back.close()


@pytest.mark.parametrize("writes", [1, 3, 8, 14])
def test_a_move_that_was_broken_off_goes_on(
    source: Database, target: Database, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move that dies in the middle of a table is taken up by the next one, which copies only what is missing."""
    monkeypatch.setattr(moving, "BATCH", 5)
    left = iter(range(writes))

    def dying(what: str, _done: int, _whole: int) -> None:
        if what.startswith("Copying") and next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.move(source, target, dying)
    moved = store.move(source, target)
    assert all(table.alike for table in moved)
    assert sum(table.copied for table in moved) < sum(table.rows for table in moved)


def test_what_differs_is_told(source: Database, target: Database) -> None:
    """A row that is not the same in both archives is noticed, in whatever table it stands."""
    store.move(source, target)
    with target.write() as session:
        session.connection().execute(text("UPDATE judgement SET score = score + 0.001 WHERE id = 3"))
    assert [table.table for table in store.move(source, target) if not table.alike] == ["judgement"]


def test_another_archive_is_not_written_into(source: Database, target: Database) -> None:
    """An archive that watches other sources, or the same ones since another day, is refused."""
    row = {"name": "bao", "added_at": NOON, "next_check_at": NOON, "last_links": 0, "failures": 0, "last_error": ""}
    with target.write() as session:
        session.connection().execute(insert(SQLModel.metadata.tables["source"]), [row])
    with pytest.raises(StoreError, match="another archive"):
        store.move(source, target)


def test_the_command(source: Database, postgres: Postgres, tmp_path: Path) -> None:
    """The command says how many rows arrived, and a second one that nothing was left to copy; itself is refused."""
    with Server({}) as server:
        user = User(tmp_path / "user", server)
    (tmp_path / "user" / "data").mkdir(parents=True, exist_ok=True)
    store.copy_file(source, tmp_path / "user" / "data" / "archive.db")
    address = postgres.new()
    told = user.json("move", "--to", address)
    assert told["ok"]
    assert sum(table["copied"] for table in told["tables"]) > 100
    again = user.json("move", "--to", address)
    assert [table["copied"] for table in again["tables"] if table["table"] in {"article", "snapshot", "outbox"}] == [
        0
    ] * 3
    assert "is the archive itself" in user.run("move", "--to", f"sqlite:///{tmp_path}/user/data/archive.db", status=1)
