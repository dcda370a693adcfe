"""Killed at any step, the program loses nothing: the daemon over the newsroom, and an archive that is brought up."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from benchmarks import crashes
from scraper import store
from scraper.store import migrate


def test_killed_ten_times_nothing_is_lost() -> None:
    """Ten kills at drawn steps: every story is stored, every alert came, a repeat only in the one named window."""
    result = crashes.ordeal(7, 10, length=timedelta(hours=12))
    assert result.kills.total() == 10
    assert result.outside == 0
    assert result.damage == []
    assert result.score is not None
    assert result.score.published > 50
    assert result.score.missed == []
    assert result.score.edits["false"] == result.score.copies["wrong"] == 0
    assert result.score.alerts["lost"] == 0
    assert result.score.alerts["repeated"] <= result.repeats  # which also counts what is told of sources


def upgrade_and_die(archive: Path, statement: int) -> None:
    """Bring an archive up to date, but die before the n-th statement."""
    db, left = store.connect(f"sqlite:///{archive}"), iter(range(statement))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", count)
    migrate.upgrade(db)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the schema before the present one that remembers a source."""
    path = tmp_path_factory.mktemp("old") / "archive.db"
    db = store.connect(f"sqlite:///{path}")
    migrate.upgrade(db, "0006")
    with db.write() as session:
        values = "('bao', '2026-03-02 05:00:00.000000', '2026-03-02 05:00:00.000000', 0, 0, '')"
        names = "name, added_at, next_check_at, last_links, failures, last_error"
        session.connection().execute(text(f"INSERT INTO source ({names}) VALUES {values}"))  # noqa: S608 - constants
    db.close()
    return path


@pytest.mark.parametrize("statement", [1, 4, 7, 10, 13, 15, 27, 30])
def test_killed_in_a_migration(old: Path, tmp_path: Path, statement: int) -> None:
    """An archive whose bringing up was killed is what it was, and is brought up at the next start."""
    archive = tmp_path / "archive.db"
    shutil.copy(old, archive)
    process = crashes.FORK.Process(target=upgrade_and_die, args=(archive, statement))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    db = store.connect(f"sqlite:///{archive}")
    assert migrate.current(db) == "0006"
    db.close()
    db = store.open_archive(tmp_path)
    assert migrate.current(db) == migrate.HEAD
    assert store.standing(db, "bao").told_at is None
    assert store.check(db) == []
    db.close()
