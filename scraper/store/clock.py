"""What is left in the archive by a clock that ran ahead: moments so late that nothing would ever be due again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, update

from scraper.models import Article, Link, OutboxRow, Source
from scraper.store.database import Database

AHEAD = timedelta(minutes=10)
"""A poll or a look that was done later than now by more than this was done by a clock that was ahead; small steps back
are what time servers do."""

FARTHEST_LINK = timedelta(days=2)
"""An article that could not be fetched is tried again after a day at most, or when a host's hold of a day ends."""

FARTHEST_MESSAGE = timedelta(days=1, hours=1)
"""A message is tried again after an hour at most, and digests wait for a time of day."""


class Mended(NamedTuple):
    """Rows whose moment was drawn back to now."""

    sources: int
    rechecks: int
    links: int
    messages: int


def mend_clock(db: Database, now: datetime) -> Mended:
    """Make due now what a clock that ran ahead has put off beyond all that this program puts off.

    Called at every start and whenever the clock is seen to step back. Times of what was seen are left as they stand:
    they are part of the record.

    Args:
        db: The archive.
        now: The present moment, aware UTC.
    """
    ahead = now + AHEAD
    with db.write() as session:
        sources = update(Source).where(col(Source.last_polled_at) > ahead, col(Source.next_check_at) > now)
        rechecks = update(Article).where(col(Article.checked_at) > ahead, col(Article.next_recheck_at) > now)
        waiting = col(Link.state) == "waiting"
        links = update(Link).where(waiting, col(Link.next_try_at) > now + FARTHEST_LINK)
        unsent = col(OutboxRow.state) == "waiting"
        messages = update(OutboxRow).where(unsent, col(OutboxRow.next_try_at) > now + FARTHEST_MESSAGE)
        return Mended(
            session.exec(sources.values(next_check_at=now, last_polled_at=now)).rowcount,
            session.exec(rechecks.values(next_recheck_at=now)).rowcount,
            session.exec(links.values(next_try_at=now)).rowcount,
            session.exec(messages.values(next_try_at=now)).rowcount,
        )
