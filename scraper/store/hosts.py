"""When each host may be asked again, as rows: a restart, or another process, keeps the pace and the promises.

Asked and written at every request, so the statements are plain and a turn does not wait for the disk; a promise does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Table, Update, bindparam, delete, insert, or_, select, update
from sqlmodel import Session

from scraper.models import Host
from scraper.store.database import Database
from scraper.values import LONGEST_HOLD

FARTHEST = timedelta(minutes=10)
"""No turn lies further ahead: a minute at most between two requests, and few threads wait for one host. A later one was
written while the clock was ahead."""

_HOSTS: Table = Host.metadata.tables["host"]
_THE_HOST = _HOSTS.c.name == bindparam("host")
_FIND = select(_HOSTS.c.free_at, _HOSTS.c.held_until).where(_THE_HOST)
_TURN = update(_HOSTS).where(_THE_HOST).values(free_at=bindparam("moment"))
_HOLD = update(_HOSTS).where(_THE_HOST).values(held_until=bindparam("moment"))


class _Turns(NamedTuple):
    free_at: datetime | None
    held_until: datetime | None

    def next(self, now: datetime) -> datetime:
        """When the host may be asked next."""
        return max(now, _sane(self.free_at, now, FARTHEST), self.held(now))

    def held(self, now: datetime) -> datetime:
        """Until when it is held; ``now`` when it is not."""
        return max(now, _sane(self.held_until, now, LONGEST_HOLD))


class HostRows:
    """The turns and holds of hosts in the archive; implements :class:`scraper.values.HostBook`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def reserve(self, host: str, delay: float, now: datetime) -> datetime:
        """Take the next turn at ``host`` and keep it free for ``delay`` seconds after; gives the turn's moment."""
        with self._db.note() as connection:
            start = _turns(connection, host).next(now)
            _write(connection, _TURN, host, start + timedelta(seconds=delay))
        return start

    def free_at(self, host: str, now: datetime) -> datetime:
        """When the next turn at ``host`` is, without taking it."""
        with self._db.look() as connection:
            return _turns(connection, host).next(now)

    def hold(self, host: str, until: datetime, now: datetime) -> None:
        """Ask ``host`` nothing before ``until``."""
        with self._db.write() as session:
            connection = session.connection()
            _write(connection, _HOLD, host, max(until, _turns(connection, host).held(now)))

    def held(self, host: str, now: datetime) -> datetime | None:
        """Until when ``host`` is to be asked nothing, ``None`` when it may be asked."""
        with self._db.look() as connection:
            until = _turns(connection, host).held(now)
        return until if until > now else None


def _turns(connection: Connection, host: str) -> _Turns:
    row = connection.execute(_FIND, {"host": host}).first()
    return _Turns(*row) if row is not None else _Turns(None, None)


def _write(connection: Connection, statement: Update, host: str, moment: datetime) -> None:
    values = {"host": host, "moment": moment}
    if not connection.execute(statement, values).rowcount:
        connection.execute(insert(_HOSTS).values(name=host))
        connection.execute(statement, values)


def _sane(moment: datetime | None, now: datetime, farthest: timedelta) -> datetime:
    return moment if moment is not None and moment - now <= farthest else now


def forget_hosts(session: Session, now: datetime) -> None:
    """Delete the rows of hosts that are free: redirects can name hosts without end."""
    free = [or_(column.is_(None), column < now) for column in (_HOSTS.c.free_at, _HOSTS.c.held_until)]
    session.connection().execute(delete(_HOSTS).where(*free))
