"""Bring an archive's schema to this version, after a backup copy; refuse one made by a newer version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from scraper.errors import StoreError
from scraper.store.database import Database
from scraper.store.filecopy import copy_file

HEAD = "0010"
"""The schema this version of the program reads and writes; the newest file in ``migrations/versions``."""

_MIGRATIONS = Path(__file__).with_name("migrations")


def current(db: Database) -> str | None:
    """The archive's schema version, ``None`` when it has no schema yet."""
    with db.read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(db: Database, to: str = HEAD) -> None:
    """Create the schema, or bring it up to a version, the newest by default.

    An archive in a file is copied first; see :func:`backup`.

    Raises:
        ArchiveFull: There is no room for the copy.
        StoreError: The archive was made by a newer version of this program, or cannot be copied.
    """
    found = current(db)
    if found == to:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"{db.url}: was written by a newer version (schema {found}, this program knows {HEAD}); "
            "install the newer version, or name another folder with --data"
        )
    if found is not None:
        backup(db, found)
    # Imported here because alembic costs a fifth of a second and most starts need no migration.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with db.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, to)


def backup(db: Database, schema: str) -> Path | None:
    """Copy the archive's file beside it as ``<name>.schema-<version>.db``; nothing to copy for a server.

    Raises:
        ArchiveFull: There is no room for it.
        StoreError: It cannot be written.
    """
    if db.path is None:
        return None
    copy = db.path.with_name(f"{db.path.stem}.schema-{schema}.db")
    copy_file(db, copy)
    return copy
