"""What happened to stored articles within a time: edits and removals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from scraper.store.answers import EVERYTHING, Edited, Filter, Removed
from scraper.store.archive import tables
from scraper.store.archive.wanted import conditions
from scraper.store.database import Database

_ABOUT = tuple(tables.article.c[name] for name in ("source", "url", "title", "label", "score", "copy_of"))


def edited(
    db: Database, since: datetime, until: datetime, wanted: Filter = EVERYTHING, *, limit: int = 200
) -> list[Edited]:
    """Edits of wanted articles seen from one moment on until before another (aware UTC), the latest first."""
    revision = tables.revision.c
    query = (
        select(revision.article_id, revision.seen_at.label("at"), revision.number, revision.summary, revision.edits)
        .add_columns(*_ABOUT)
        .select_from(tables.revision.join(tables.article, tables.article.c.id == revision.article_id))
        .where(revision.seen_at >= since, revision.seen_at < until, revision.number > 1)
        .where(*conditions(wanted, walking=True))
        .order_by(revision.seen_at.desc(), revision.article_id.desc())
        .limit(limit)
    )
    with db.read() as session:
        return [Edited(**tables.plain(row)) for row in session.connection().execute(query).mappings()]


def removed(
    db: Database, since: datetime, until: datetime, wanted: Filter = EVERYTHING, *, limit: int = 200
) -> list[Removed]:
    """Wanted articles found removed within that time that are not back again, the latest first."""
    happening = tables.happening.c
    query = (
        select(happening.article_id, happening.at, happening.note, *_ABOUT)
        .select_from(tables.happening.join(tables.article, tables.article.c.id == happening.article_id))
        .where(happening.at >= since, happening.at < until, happening.kind == "removed")
        .where(tables.article.c.state == "removed", *conditions(wanted, walking=True))
        .order_by(happening.at.desc(), happening.article_id.desc())
        .limit(limit)
    )
    with db.read() as session:
        return [Removed(**tables.plain(row)) for row in session.connection().execute(query).mappings()]
