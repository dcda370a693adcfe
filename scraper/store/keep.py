"""What is deleted, and when. Articles and their revisions are kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, delete, select

from scraper.config.settings import KeepSettings
from scraper.errors import ArchiveFull, StoreError
from scraper.models import FetchRow, OutboxRow, Snapshot
from scraper.store.database import Database
from scraper.store.hosts import forget_hosts


@dataclass(frozen=True, slots=True)
class Tidied:
    """Rows deleted by one tidy."""

    snapshots: int
    fetches: int
    alerts: int


def tidy(db: Database, keep: KeepSettings, now: datetime) -> Tidied:
    """Delete what has passed its time: snapshots, fetch log lines, messages that were sent."""
    needed = select(Snapshot.base).where(col(Snapshot.base).is_not(None), Snapshot.fetched_at >= now - keep.snapshots)
    old_snapshot = (col(Snapshot.fetched_at) < now - keep.snapshots) & col(Snapshot.id).not_in(needed)
    old_fetch = col(FetchRow.at) < now - keep.fetch_log
    old_alert = (col(OutboxRow.state) == "sent") & (col(OutboxRow.sent_at) < now - keep.sent_alerts)
    with db.write() as session:
        forget_hosts(session, now)
        return Tidied(
            snapshots=session.exec(delete(Snapshot).where(old_snapshot)).rowcount,
            fetches=session.exec(delete(FetchRow).where(old_fetch)).rowcount,
            alerts=session.exec(delete(OutboxRow).where(old_alert)).rowcount,
        )


def compact(db: Database) -> None:
    """Refresh the query planner's figures and fold SQLite's write-ahead log back into the file."""
    if db.path is None:
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA optimize"))


def check_room(db: Database, keep: KeepSettings) -> None:
    """See that the disk has room before a poll starts.

    Raises:
        ArchiveFull: Less than ``keep.min_free`` is left.
    """
    free = db.free_bytes()
    if free is not None and free < keep.min_free:
        raise ArchiveFull(
            f"{db.url}: only {free / 1e6:.0f} MB free on the disk, keep.min_free asks for "
            f"{keep.min_free / 1e6:.0f} MB; free some space, polling goes on by itself"
        )


def check_integrity(db: Database) -> None:
    """Let SQLite look for damage in the archive's file.

    Raises:
        StoreError: It found some.
    """
    if db.path is None:
        return
    with db.read() as session:
        said = session.connection().execute(text("PRAGMA quick_check(3)")).scalars().all()
    if said != ["ok"]:
        raise StoreError(f"{db.url}: the file is damaged ({'; '.join(said)}); restore it from a backup")
