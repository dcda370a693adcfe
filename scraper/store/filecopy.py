"""A copy of an archive's file, made while others read and write it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from scraper.errors import ArchiveFull, StoreError
from scraper.store.database import Database

_PAGES = 2_000
"""Pages copied at a time, 8 MB; between two steps the daemon may write."""

Told = Callable[[int, int], None]
"""Is given how many pages, or rows, are done, and of how many."""


def untold(_done: int, _whole: int) -> None:
    """Nobody asked how far it has come."""


def copy_file(db: Database, to: Path, told: Told = untold) -> None:
    """Copy the archive's file as it stands at one moment, whoever writes meanwhile; complete or not there at all.

    Args:
        db: An archive in a file.
        to: The copy; replaced when it exists.
        told: Is given how many pages are copied, and of how many.

    Raises:
        ArchiveFull: There is no room for it.
        StoreError: It cannot be written, or the archive is on a server.
    """
    if db.path is None:
        raise StoreError(f"{db.url}: is on a server; copy it with the server's own tools (pg_dump)")
    part = to.with_name(to.name + ".part")
    try:
        part.unlink(missing_ok=True)
        _room(db, to)
        with closing(sqlite3.connect(db.path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target, pages=_PAGES, progress=lambda _status, left, whole: told(whole - left, whole))
            target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        part.replace(to)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{to}: the copy cannot be written: {error}; check the folder and its room") from error


def _room(db: Database, to: Path) -> None:
    needed, free = db.size_bytes(), shutil.disk_usage(to.parent).free
    if free < needed:
        raise ArchiveFull(
            f"{to}: a copy of the archive needs {needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are free; make room"
        )
