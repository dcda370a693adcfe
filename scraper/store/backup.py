"""A copy of the archive is looked through before it counts, and put back whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from scraper.errors import StoreError
from scraper.store import migrate
from scraper.store.check import Damage, check, check_file
from scraper.store.database import connect
from scraper.store.filecopy import Told, copy_file, untold


def look_through(path: Path, told: Told = untold) -> list[Damage]:
    """What is wrong with a copy; see :func:`scraper.store.check.check`.

    Raises:
        StoreError: It is no archive of this program, or was written by a newer version.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    db = connect(f"sqlite:///{path.resolve()}")
    try:
        try:
            schema = migrate.current(db)
        except StoreError as error:
            return [Damage(str(error))]
        if schema is None:
            raise StoreError(f"{path}: is no archive of this program; name a file that 'scraper backup' wrote")
        if schema > migrate.HEAD:
            raise StoreError(f"{path}: was written by a newer version (schema {schema}); install that version first")
        # The rows of an older schema are looked at by this version's check once it has been brought up to date.
        return check(db, told) if schema == migrate.HEAD else check_file(db)
    finally:
        db.close()


def restore(data: Path, path: Path, now: datetime) -> Path | None:
    """Put a copy in the archive's place; nobody else may have the archive open.

    Args:
        data: The data folder.
        path: A copy that was looked through.
        now: The present moment, aware UTC.

    Returns:
        Where the archive that was there has been laid, ``None`` when there was none.

    Raises:
        StoreError: Something cannot be moved or written.
    """
    archive = data / "archive.db"
    part, aside = archive.with_name("archive.restored.part"), None
    try:
        _copied(path, part)
        if archive.exists():
            aside = archive.with_name(f"archive.before-restore-{now:%Y%m%d-%H%M%S}.db")
            _fold(archive)
            archive.replace(aside)
        for rest in ("-wal", "-shm"):
            archive.with_name(archive.name + rest).unlink(missing_ok=True)
        part.replace(archive)
    except OSError as error:
        raise StoreError(f"{archive}: cannot be replaced: {error}; what was there is kept") from error
    return aside


def _fold(archive: Path) -> None:
    """Write the log beside an archive back into it, as far as it can be read: it is laid aside, damaged or not."""
    try:
        with closing(sqlite3.connect(archive)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        for rest in ("-wal", "-shm"):
            beside = archive.with_name(archive.name + rest)
            if beside.exists():
                beside.replace(archive.with_name(f"archive.damaged{rest}"))


def _copied(path: Path, to: Path) -> None:
    db = connect(f"sqlite:///{path.resolve()}")
    try:
        copy_file(db, to)
    finally:
        db.close()
