"""Open the archive, and the two ways to use it: many readers, one writer at a time.

SQLite in WAL mode with full synchronisation: a commit that returned survives a power cut. Write transactions
begin IMMEDIATE and wait for each other on a lock of ours first, so that threads of one process never meet
``database is locked``; other processes are waited for up to ``BUSY_SECONDS``.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, create_engine

from scraper.errors import ArchiveBusy, ArchiveFull, StoreError

BUSY_SECONDS = 30
"""How long a writer waits for another process: longer than any transaction of ours, shorter than patience."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA cache_size=-32000",
    "PRAGMA temp_store=MEMORY",
)


class Database:
    """An open archive. Safe to share between threads.

    Attributes:
        url: SQLAlchemy URL.
        path: The SQLite file, ``None`` for a server or an archive in memory.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.url = engine.url.render_as_string(hide_password=True)
        name = engine.url.database
        sqlite_file = engine.dialect.name == "sqlite" and name and name != ":memory:"
        self.path = Path(name) if sqlite_file and name else None
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state of the archive and changes nothing.

        Raises:
            StoreError: The archive cannot be read.
        """
        with _translated(self.url), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together when the block ends, or not at all.

        Raises:
            ArchiveBusy: Another process held the archive for too long.
            ArchiveFull: The disk has no room.
            StoreError: The archive cannot be written.
        """
        with self._writing, _translated(self.url), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"scraper_begin": "IMMEDIATE"})
            yield session
            session.commit()

    def free_bytes(self) -> int | None:
        """Room left on the disk that holds the archive, ``None`` where that is not ours to know."""
        return shutil.disk_usage(self.path.parent).free if self.path else None

    def size_bytes(self) -> int:
        """Size of the archive's files, 0 for a server."""
        if self.path is None:
            return 0
        files = [self.path, self.path.with_name(self.path.name + "-wal")]
        return sum(file.stat().st_size for file in files if file.exists())

    def engine_name(self) -> str:
        """What keeps the archive, such as ``SQLite 3.40.1``."""
        if self.engine.dialect.name == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        return self.engine.dialect.name

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def connect(url: str) -> Database:
    """Open an engine without looking at the schema; most callers want :func:`scraper.store.open_archive`.

    Args:
        url: An SQLAlchemy URL, such as ``sqlite:////data/archive.db``.
    """
    engine = create_engine(url, json_serializer=_to_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return Database(engine)


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # escaped Vietnamese takes twice the room


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not guessed by the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("scraper_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise _in_words(url, str(error.orig)) from error
    except DatabaseError as error:
        raise StoreError(f"{url}: {error.orig}; run 'scraper doctor'") from error


def _in_words(url: str, said: str) -> StoreError:
    if "full" in said:
        return ArchiveFull(f"{url}: the disk is full; free some space, nothing stored so far is lost")
    if "locked" in said or "busy" in said:
        return ArchiveBusy(f"{url}: another process holds the archive; wait for it or stop it, then try again")
    if "readonly" in said or "unable to open" in said:
        return StoreError(f"{url}: {said}; check that the folder exists and may be written")
    return StoreError(f"{url}: {said}; run 'scraper doctor'")
