"""An archive of an earlier version is brought up to date, whole; one of a later version is left alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fakes import BODY, NOON, article
from postgres import Postgres
from sqlalchemy import text
from sqlmodel import SQLModel

from scraper import dedupe, store
from scraper.errors import ArchiveFull, StoreError
from scraper.store import Database, archive, migrate

BOTH_SERVERS = True


def add_article(db: Database, number: int, **columns: Any) -> None:
    """An article by the statement of the first schema."""
    plain = ("url", "canonical_url", "title", "lead", "agency", "section", "place", "language", "etag", "last_modified")
    row = dict.fromkeys(plain, "")
    row |= dict.fromkeys(("authors", "tags", "images", "problems", "reasons"), "[]")
    row |= {"source": "bao", "label": "none", "state": "live", "provenance": "{}", "content_hash": "", "text": BODY}
    row |= dict.fromkeys(("seen_at", "checked_at"), "2026-03-02 05:00:00.000000")
    row |= {"key": f"bao:{number}", "text_hash": dedupe.sketch(BODY).text_hash, "folded": f"bai {number}"}
    ask(db, "article", {**row, **dict.fromkeys(("revisions", "rechecks", "score", "points"), 1), **columns})


def ask(db: Database, table: str, row: dict[str, Any]) -> None:
    """Insert a row as it is."""
    slots = ", ".join(f":{name}" for name in row)
    with db.write() as session:
        session.connection().execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({slots})"), row)  # noqa: S608


@pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")  # an expression index cannot be read back
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_migrations_make_what_the_models_say(db: Database) -> None:
    """The migrated schema has no difference from the models, and the newest migration is the one expected."""
    with db.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_object": _ours})
        assert compare_metadata(context, SQLModel.metadata) == []
    versions = sorted(p.name[:4] for p in (Path(migrate.__file__).parent / "migrations" / "versions").glob("0*.py"))
    assert versions[-1] == migrate.HEAD == migrate.current(db)


@pytest.mark.in_files
def test_an_older_archive_is_brought_up_to_date(tmp_path: Path) -> None:
    """What the first schema held is there after the migration: searched, indexed by one command, looked at again."""
    old = store.connect(f"sqlite:///{tmp_path / 'archive.db'}")
    migrate.upgrade(old, "0001")
    for number in (1, 2):
        add_article(old, number)
    old.close()
    db = store.open_archive(tmp_path)
    assert migrate.current(db) == migrate.HEAD
    assert [item.id for item in archive.search(db, "bai 2")] == [2]
    assert store.unindexed(db) == 2
    assert store.regroup(db, NOON) == [(2, None, 1)]
    assert store.unindexed(db) == 0
    with db.read() as session:
        shingles = session.connection().execute(text("SELECT count(*) FROM shingle")).scalar()
    assert shingles == 2 * len(dedupe.sketch(BODY).sample)
    db.close()
    copy = store.connect(f"sqlite:///{tmp_path / 'archive.schema-0001.db'}")
    assert migrate.current(copy) == "0001"
    with copy.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM article")).scalar() == 2
    copy.close()


@pytest.mark.in_files
@pytest.mark.parametrize("by_server", [False, True])
def test_what_revisions_say_is_packed(tmp_path: Path, request: pytest.FixtureRequest, *, by_server: bool) -> None:
    """States of articles that stood there as plain JSON say afterwards what they said, on either server."""
    server: Postgres | None = request.getfixturevalue("postgres") if by_server else None
    address = server.bare() if server else f"sqlite:///{tmp_path / 'archive.db'}"
    old, said = store.connect(address), article(title="Đắk Lắk “làm thật”").model_dump(mode="json")
    migrate.upgrade(old, "0009")
    add_article(old, 1)
    rows = 600  # more than are packed at once
    for number in range(1, rows + 1):
        state = {"article_id": 1, "number": number, "seen_at": "2026-03-02 05:00:00", "kind": "new", "changed": "[]"}
        data = json.dumps({**said, "lead": f"Lần {number}"}, ensure_ascii=False)
        ask(old, "revision", {**state, "content_hash": "", "parser_version": 1, "data": data})
    old.close()
    db = store.open_archive(tmp_path, address if by_server else "")
    history = archive.story(db, 1).history  # type: ignore[union-attr]  # it is there
    assert [state.data["lead"] for state in history] == [f"Lần {number}" for number in range(1, rows + 1)]
    assert history[0].as_data().title == "Đắk Lắk “làm thật”"
    with db.read() as session:
        kept = session.connection().execute(text("SELECT data FROM revision WHERE number = 1")).scalar_one()
        assert len(kept) < len(json.dumps(said, ensure_ascii=False).encode()) * 0.7
    db.close()


@pytest.mark.in_files
def test_no_migration_without_room_for_the_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that cannot be copied first stays as it is, and the message says how much room is missing."""
    old = store.connect(f"sqlite:///{tmp_path / 'archive.db'}")
    migrate.upgrade(old, "0001")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(ArchiveFull, match="make room"):
        migrate.upgrade(old)
    assert migrate.current(old) == "0001"
    old.close()


@pytest.mark.in_files
def test_lists_have_their_index(db: Database) -> None:
    """The index that keeps lists quick is made by hand in the migration, where Alembic cannot compare it."""
    with db.read() as session:
        names = (
            session.connection().execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars().all()
        )
    assert "ix_article_list" in names


def _ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    # Alembic cannot read expression indexes back from SQLite, and what searches need is made by hand.
    if kind == "index" and name in {"ix_article_list", "ix_article_search"}:
        return False
    return not str(name).startswith(("article_fts", "alembic")) and (kind, name) != ("column", "search")


def test_a_newer_archive_is_refused(db: Database, tmp_path: Path) -> None:
    """An archive written by a newer version is left alone, with words."""
    with db.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        store.open_archive(tmp_path)
