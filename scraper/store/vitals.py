"""What tells how a source is: its rhythm, and what was read of its newest articles."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import compress
from zoneinfo import ZoneInfo

import sqlalchemy as core
from sqlalchemy import func
from sqlmodel import col, select

from scraper.decide.health import NEWEST
from scraper.models import Link
from scraper.rhythm import HOURS, WINDOW, Rhythm
from scraper.store.archive import tables
from scraper.store.database import Database
from scraper.store.polls import Standing
from scraper.values import READ_FIELDS, Reading

MOST = 20_000
"""Stories that a rhythm is learned from at most: 700 a day."""

READ = NEWEST + 30
"""Articles looked at for what they lack: the newest few, and thirty to compare them with."""


def rhythm(db: Database, row: Standing, zone: ZoneInfo, now: datetime) -> Rhythm | None:
    """A source's rhythm as it is remembered, learned anew after a day; ``None`` while too little is known.

    It is learned of the weeks up to the newest story: silence since then must not come to be what is usual.
    """
    if not row.stale(now):
        return Rhythm(tuple(row.rhythm), zone) if row.rhythm is not None and len(row.rhythm) == HOURS else None
    until = min(now, row.last_new_at or now)
    statement = (
        select(Link.published_at, Link.first_seen_at)
        .where(Link.source == row.name, Link.first_seen_at >= until - WINDOW, col(Link.baseline).is_(False))
        .order_by(col(Link.first_seen_at).desc())
        .limit(MOST)
    )
    with db.read() as session:
        times = [_came_out(published, seen, zone) for published, seen in session.exec(statement).all()]
    return Rhythm.of(times, row.added_at, until, zone)


def _came_out(published: datetime | None, seen: datetime, zone: ZoneInfo) -> datetime:
    """When a story came out: as its listing says, unless that is a mere day or cannot be; else when it was seen."""
    if published is None or not timedelta() <= seen - published <= timedelta(days=1):
        return seen
    local = published.astimezone(zone)
    return seen if (local.hour, local.minute, local.second) == (0, 0, 0) else published


def readings(db: Database, source: str, trouble_since: datetime | None) -> list[Reading]:
    """What was read of a source's articles, newest first.

    While a source is in trouble its newest articles are followed by those from before it, so that a lack which lasts
    does not come to be what is usual.
    """
    article = tables.article.c
    has = {
        "lead": article.lead != "",
        "published_at": article.published_at.is_not(None),
        "authors": func.json_array_length(article.authors) > 0,
        "section": article.section != "",
    }
    newest = (
        core.select(*(has[name] for name in READ_FIELDS), func.length(article.text))
        .where(article.source == source)
        .order_by(article.id.desc())
    )
    with db.read() as session:
        connection = session.connection()
        if trouble_since is None:
            rows = list(connection.execute(newest.limit(READ)))
        else:
            before = connection.execute(newest.where(article.seen_at < trouble_since).limit(READ))
            rows = [*connection.execute(newest.limit(NEWEST)), *list(before)[NEWEST:]]
    return [Reading(frozenset(compress(READ_FIELDS, row)), row[-1]) for row in rows]
