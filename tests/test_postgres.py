"""What only a server that many processes share has to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON
from postgres import Postgres
from sqlalchemy import text

from scraper import store
from scraper.errors import StoreError
from scraper.store import Database, HostRows

PATIENCE = 20
"""Seconds after which a thread that should have ended never will."""


@pytest.fixture
def two(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """One archive as two processes open it."""
    address = postgres.new()
    with ExitStack() as stack:
        pair = [store.open_archive(tmp_path, address) for _ in range(2)]
        for opened in pair:
            stack.callback(opened.close)
        yield pair[0], pair[1]


def until_one_waits(db: Database) -> None:
    """Return when somebody stands before one of our locks."""
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    for _ in range(1_000):
        with db.read() as session:
            if session.connection().execute(query).scalar_one():
                return
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("block", ["write", "deciding"])
def test_one_at_a_time_among_processes(two: tuple[Database, Database], block: str) -> None:
    """While one process writes, or decides what an article is, another waits for its end."""
    one, other = two
    order: list[str] = []

    def second() -> None:
        with getattr(other, block)():
            order.append("second")

    thread = threading.Thread(target=second)
    with getattr(one, block)():
        thread.start()
        until_one_waits(one)
        order.append("first")
    thread.join(PATIENCE)
    assert order == ["first", "second"]


def test_who_decides_may_write_meanwhile(two: tuple[Database, Database]) -> None:
    """The place in which an article is decided is not the writer's: others write polls and alerts meanwhile."""
    one, other = two
    with one.deciding():
        store.ensure_sources(other, ["bao"], NOON)
        store.ensure_sources(one, ["khac"], NOON)
    assert sorted(store.due_sources(one, NOON)) == ["bao", "khac"]


def test_hosts_are_paced_together(two: tuple[Database, Database]) -> None:
    """Two processes that ask one host get turns one after the other."""
    turns = [HostRows(db).reserve("bao.example", 5.0, NOON) for db in (*two, *two)]
    assert [(turn - NOON).total_seconds() for turn in turns] == [0, 5, 10, 15]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "check that the server runs"),
        ("mysql://somebody:secret@host/x", "SQLite or PostgreSQL only"),
        ("no address", "no address of an archive"),
    ],
)
def test_a_wrong_address_is_refused_in_words(tmp_path: Path, url: str, words: str) -> None:
    """What cannot be opened is said with what to do, and without the password."""
    with pytest.raises(StoreError, match=words) as refused:
        store.open_archive(tmp_path, url)
    assert "secret" not in str(refused.value)


def test_it_tells_what_it_is(two: tuple[Database, Database]) -> None:
    """The archive knows its server, its size, and that its disk is not ours to look at."""
    found: list[Any] = [two[0].engine_name().split()[0], two[0].size_bytes() > 1_000_000, two[0].free_bytes()]
    assert found == ["PostgreSQL", True, None]
