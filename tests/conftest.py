"""What many tests start from."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fakes import NOON
from hypothesis import HealthCheck, settings
from postgres import Postgres
from readers import Reader, site_over

from scraper import store
from scraper.store import Database, migrate

# For 'make fuzz': thousands of inputs for each property test instead of a hundred.
settings.register_profile("fuzz", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The migrations run once for the archives in files that a test process makes; a copy takes a fifteenth of that."""
    upgrade, file = migrate.upgrade, tmp_path_factory.mktemp("migrated") / "archive.db"
    made = store.connect(f"sqlite:///{file}")
    upgrade(made)
    made.close()

    def copied(db: Database, to: str = migrate.HEAD) -> None:
        if db.served or to != migrate.HEAD or migrate.current(db) is not None:
            upgrade(db, to)
            return
        with closing(sqlite3.connect(file)) as template, db.engine.connect() as empty:
            template.backup(empty.connection.driver_connection)  # type: ignore[arg-type]  # it is open

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "upgrade", copied)
        yield


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """A server that all test processes share."""
    own = tmp_path_factory.getbasetemp()
    return Postgres((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "postgres")


LONGEST = ("test_demo", "test_crashes", "test_workers", "test_browser", "test_attacks", "test_daemon", "test_onboard")
"""Modules that hold tests of up to a minute. They are begun first, or the last of them would be waited for alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of a module with ``BOTH_SERVERS`` run twice, over files and a server; not those marked ``in_files``."""
    in_files = metafunc.definition.get_closest_marker("in_files")
    if getattr(metafunc.module, "BOTH_SERVERS", False) and in_files is None:
        metafunc.parametrize("kept_by", ["sqlite", "postgresql"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    """The databases in use, by the address of the file that each stands for."""
    return {}


@pytest.fixture(autouse=True)
def given_back(request: pytest.FixtureRequest, kept_by: str, served: dict[str, str]) -> Iterator[None]:
    """After a test, the databases that it used are there for the next one."""
    if kept_by != "postgresql":
        yield
        return
    server: Postgres = request.getfixturevalue("postgres")
    before = set(served)
    yield
    for file in set(served) - before:
        server.give_back(served.pop(file))


@pytest.fixture(scope="module", autouse=True)
def kept_by(request: pytest.FixtureRequest, served: dict[str, str]) -> Iterator[str]:
    """What keeps archives: with ``postgresql`` every data folder stands for a database of its own."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield kind
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    connect = store.connect

    def connect_instead(url: str) -> Database:
        if url.startswith("sqlite") and url not in served:
            served[url] = postgres.new()
        return connect(served.get(url, url))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "connect", connect_instead)
        yield kind


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An archive that knows one source and holds nothing."""
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao"], NOON)
    yield opened
    opened.close()


@pytest.fixture
def reader(db: Database, tmp_path: Path) -> Reader:
    """Somebody who reads that archive in English."""
    return Reader(site_over(db, tmp_path))
