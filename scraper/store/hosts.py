"""When each host may be asked again, as rows: a restart, or another process, keeps the pace and the promises."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from scraper.models import Host
from scraper.store.database import Database
from scraper.values import LONGEST_HOLD

FARTHEST = timedelta(minutes=10)
"""No turn lies further ahead: a minute at most between two requests, and few threads wait for one host. A later one was
written while the clock was ahead."""


class HostRows:
    """The turns and holds of hosts in the archive; implements :class:`scraper.values.HostBook`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def reserve(self, host: str, delay: float, now: datetime) -> datetime:
        """Take the next turn at ``host`` and keep it free for ``delay`` seconds after; gives the turn's moment."""
        with self._db.write() as session:
            row = _row(session, host)
            start = max(now, _sane(row.free_at, now, FARTHEST), _sane(row.held_until, now, LONGEST_HOLD))
            row.free_at = start + timedelta(seconds=delay)
        return start

    def free_at(self, host: str, now: datetime) -> datetime:
        """When the next turn at ``host`` is, without taking it."""
        with self._db.read() as session:
            row = session.get(Host, host)
        if row is None:
            return now
        return max(now, _sane(row.free_at, now, FARTHEST), _sane(row.held_until, now, LONGEST_HOLD))

    def hold(self, host: str, until: datetime, now: datetime) -> None:
        """Ask ``host`` nothing before ``until``."""
        with self._db.write() as session:
            row = _row(session, host)
            row.held_until = max(until, _sane(row.held_until, now, LONGEST_HOLD))

    def held(self, host: str, now: datetime) -> datetime | None:
        """Until when ``host`` is to be asked nothing, ``None`` when it may be asked."""
        with self._db.read() as session:
            row = session.get(Host, host)
        until = _sane(row.held_until, now, LONGEST_HOLD) if row else now
        return until if until > now else None


def _row(session: Session, name: str) -> Host:
    row = session.get(Host, name)
    if row is None:
        row = Host(name=name)
        session.add(row)
    return row


def _sane(moment: datetime | None, now: datetime, farthest: timedelta) -> datetime:
    return moment if moment is not None and moment - now <= farthest else now


def forget_hosts(session: Session, now: datetime) -> None:
    """Delete the rows of hosts that are free: redirects can name hosts without end."""
    free = (col(Host.free_at).is_(None) | (col(Host.free_at) < now)) & (
        col(Host.held_until).is_(None) | (col(Host.held_until) < now)
    )
    session.exec(delete(Host).where(free))
