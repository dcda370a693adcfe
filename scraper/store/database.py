"""Open the archive, and the two ways to use it: many readers, one writer at a time.

SQLite in WAL mode with full synchronisation: a commit that returned survives a power cut. Write transactions
begin IMMEDIATE and wait for each other on a lock of ours first, so that threads of one process never meet
``database is locked``; other processes are waited for up to ``BUSY_SECONDS``.

PostgreSQL serves several machines by the same rule: each write transaction takes one advisory lock of the database
first, so that whatever reads before it writes (has this story been told, when is this host free) is right among
processes too. Reads see one state, as SQLite's do, by REPEATABLE READ.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Insert, Row, event, func, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session, SQLModel, create_engine

from scraper.errors import ArchiveBusy, ArchiveFull, StoreError
from scraper.packed import to_json

BUSY_SECONDS = 30
"""How long a writer waits for another process: longer than any transaction of ours, shorter than patience."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA cache_size=-8000",  # of each connection; what more is asked for is in the system's cache
    "PRAGMA temp_store=MEMORY",
)


WRITER, DECIDER = 1_733_190_001, 1_733_190_002
"""Numbers of our advisory locks in a PostgreSQL database: who writes, and who decides what an article is."""

POOL = 20
"""Connections to a server that one process keeps at most: a thread uses one, two while it decides."""

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """An open archive. Safe to share between threads.

    Attributes:
        url: SQLAlchemy URL, its password hidden.
        path: The SQLite file, ``None`` for a server or an archive in memory.
        served: Whether a server keeps it, PostgreSQL.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.url = engine.url.render_as_string(hide_password=True)
        self.served = engine.dialect.name == "postgresql"
        name = engine.url.database
        self.path = Path(name) if not self.served and name and name != ":memory:" else None
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state of the archive and changes nothing.

        Raises:
            StoreError: The archive cannot be read.
        """
        with _translated(self.url), Session(self.engine, expire_on_commit=False) as session:
            if self.served:
                session.connection(execution_options=_READING)
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
            if self.served:
                session.connection().execute(select(func.pg_advisory_xact_lock(WRITER)))
            else:
                session.connection(execution_options={"scraper_write": "FULL"})
            yield session
            session.commit()

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """As :meth:`read`, without a session, at half the cost: for a row or two that every request asks for."""
        with _translated(self.url), self.engine.connect() as connection:
            if self.served:
                connection.execution_options(**_READING)
            yield connection

    @contextmanager
    def note(self) -> Iterator[Connection]:
        """As :meth:`write`, for a row that nobody misses after a power cut, such as a turn at a host.

        The commit does not wait for the disk, which costs more than all the rest. A killed process loses nothing.
        """
        with self._writing, _translated(self.url), self.engine.connect() as connection:
            if self.served:
                connection.execute(select(func.pg_advisory_xact_lock(WRITER)))
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            else:
                connection.execution_options(scraper_write="NORMAL")
            yield connection
            connection.commit()

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Hold the only place among all processes in which an article is held against the archive and stored.

        Two copies that arrive together could else both pass for new. In a file one process decides, whose threads
        take turns (:class:`scraper.turn.Turn`).

        Raises:
            StoreError: The server cannot be reached.
        """
        if not self.served:
            yield
            return
        with _translated(self.url), Session(self.engine) as session:
            session.connection().execute(select(func.pg_advisory_xact_lock(DECIDER)))
            yield  # the lock ends with the transaction, or with the connection of a process that dies

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A write transaction as the driver's own connection, for a task queue that shares the database.

        Raises:
            StoreError: The archive cannot be written.
        """
        with self.write() as session:
            yield session.connection().connection.driver_connection

    def conninfo(self) -> str:
        """The server's address with its password, for a task queue's own connections; it is shown to nobody."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def free_bytes(self) -> int | None:
        """Room left on the disk that holds the archive, ``None`` where that is not ours to know."""
        return shutil.disk_usage(self.path.parent).free if self.path else None

    def size_bytes(self) -> int:
        """Size of the archive's files, or of the server's database; 0 in memory."""
        if self.served:
            with self.read() as session:
                size = select(func.pg_database_size(func.current_database()))
                return int(session.connection().execute(size).scalar_one())
        if self.path is None:
            return 0
        files = [self.path, self.path.with_name(self.path.name + "-wal")]
        return sum(file.stat().st_size for file in files if file.exists())

    def engine_name(self) -> str:
        """What keeps the archive, such as ``SQLite 3.40.1`` or ``PostgreSQL 17.2``."""
        if not self.served:
            return f"SQLite {sqlite3.sqlite_version}"
        with self.read() as session:
            version = str(session.connection().execute(text("SHOW server_version")).scalar_one())
        return f"PostgreSQL {version.split(maxsplit=1)[0]}"

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def connect(url: str) -> Database:
    """Open an engine without looking at the schema; most callers want :func:`scraper.store.open_archive`.

    Args:
        url: An SQLAlchemy URL, such as ``sqlite:////data/archive.db`` or ``postgresql://user@host/archive``.

    Raises:
        StoreError: It is no such URL, or the server's driver is not installed.
    """
    try:
        engine = _engine(url)
    except ArgumentError as error:
        raise StoreError(
            "database_url is no address of an archive; write postgresql://user:password@host/name, or leave it out"
        ) from error
    except ImportError as error:
        raise StoreError(
            f"{make_url(url).render_as_string()}: needs the driver; install it with: pip install 'scraper[postgres]'"
        ) from error
    return Database(engine)


def _engine(url: str) -> Engine:
    address = make_url(url)
    kind = address.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(
            address,
            json_serializer=to_json,
            connect_args={"options": "-c timezone=UTC"},
            pool_pre_ping=True,
            pool_size=POOL,
            max_overflow=0,
        )
    if kind != "sqlite":
        raise StoreError(f"{address.render_as_string()}: an archive is kept by SQLite or PostgreSQL only")
    # The connection used last is the one whose pages are at hand; an archive in memory has one connection only.
    pool = {"pool_use_lifo": True} if address.database not in {None, "", ":memory:"} else {}
    engine = create_engine(address, json_serializer=to_json, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def insert_row(connection: Connection, kind: type[SQLModel], row: Mapping[str, Any]) -> int:
    """Insert one row with all its columns and give its number; a third of the cost of a row as an object."""
    key = connection.execute(insert_into(kind), row).inserted_primary_key
    return int(key[0]) if key is not None else 0


@cache
def insert_into(kind: type[SQLModel]) -> Insert:
    """The statement that inserts rows with all their columns; kept, as making one costs as much as running it."""
    return insert(kind)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not guessed by the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    synchronous = connection.get_execution_options().get("scraper_write")
    if synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # takes no lock, so that it cannot fail; past SQLAlchemy it costs a tenth
        connection.connection.driver_connection.execute("BEGIN DEFERRED")  # type: ignore[union-attr]  # it is open


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise _in_words(url, str(error.orig)) from error
    except DatabaseError as error:
        raise StoreError(f"{url}: {error.orig}; run 'scraper doctor'") from error


def _in_words(url: str, said: str) -> StoreError:
    if "full" in said or "No space left" in said:
        return ArchiveFull(f"{url}: the disk is full; free some space, nothing stored so far is lost")
    if "locked" in said or "busy" in said:
        return ArchiveBusy(f"{url}: another process holds the archive; wait for it or stop it, then try again")
    if "readonly" in said or "unable to open" in said:
        return StoreError(f"{url}: {said}; check that the folder exists and may be written")
    if url.startswith("postgresql"):
        return StoreError(f"{url}: {said.strip()}; check that the server runs and lets this user in")
    return StoreError(f"{url}: {said}; run 'scraper doctor'")
