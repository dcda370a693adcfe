"""Bring an archive's schema to this version; refuse one made by a newer version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from scraper.errors import StoreError
from scraper.store.database import Database

HEAD = "0005"
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

    Raises:
        StoreError: The archive was made by a newer version of this program.
    """
    found = current(db)
    if found == to:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"{db.url}: was written by a newer version (schema {found}, this program knows {HEAD}); "
            "install the newer version, or name another folder with --data"
        )
    # Imported here because alembic costs a fifth of a second and most starts need no migration.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with db.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, to)
