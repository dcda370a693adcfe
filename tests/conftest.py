"""What many tests start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import NOON
from hypothesis import HealthCheck, settings
from readers import Reader, site_over

from scraper import store
from scraper.store import Database

# For 'make fuzz': thousands of inputs for each property test instead of a hundred.
settings.register_profile("fuzz", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def fresh_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an archive that knows one source and holds nothing; copying it is quicker than migrating anew."""
    folder = tmp_path_factory.mktemp("fresh")
    made = store.open_archive(folder)
    store.ensure_sources(made, ["bao"], NOON)
    made.close()
    return folder / "archive.db"


@pytest.fixture
def db(tmp_path: Path, fresh_archive: Path) -> Iterator[Database]:
    """An archive that knows one source and holds nothing."""
    shutil.copy(fresh_archive, tmp_path)
    opened = store.open_archive(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def reader(db: Database, tmp_path: Path) -> Reader:
    """Somebody who reads that archive in English."""
    return Reader(site_over(db, tmp_path))
