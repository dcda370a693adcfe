"""Lists of articles: the newest, those that hold certain words, all of them in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, func, or_, select

from scraper.store.answers import EVERYTHING, Filter, FullItem, Item
from scraper.store.archive import tables
from scraper.store.archive.wanted import conditions
from scraper.store.database import Database

BATCH = 200
"""Articles read at once when the whole archive is walked: about 2 MB of text."""


def newest(db: Database, wanted: Filter = EVERYTHING, *, limit: int = 50, before: int | None = None) -> list[Item]:
    """The latest articles, newest first.

    Args:
        db: The archive.
        wanted: Which articles.
        limit: How many at most.
        before: Id of the last article of the page before; what follows it is returned.
    """
    with db.read() as session:
        connection = session.connection()
        query = select(*tables.columns(Item)).where(*conditions(wanted))
        if before is not None:
            query = query.where(*_after(connection, before))
        rows = connection.execute(
            query.order_by(tables.story_time.desc(), tables.article.c.id.desc()).limit(limit)
        ).mappings()
        return [Item(**tables.plain(row)) for row in rows]


def search(
    db: Database, words: str, wanted: Filter = EVERYTHING, *, limit: int = 50, before: int | None = None
) -> list[Item]:
    """The latest articles that hold all of the words and "quoted phrases"; without words, the latest.

    Accents may be left out: ``dak lak`` finds ``Đắk Lắk``. Nothing a person types is refused.
    """
    return newest(db, replace(wanted, words=words), limit=limit, before=before)


def count(db: Database, wanted: Filter = EVERYTHING) -> int:
    """How many articles are wanted."""
    with db.read() as session:
        query = select(func.count()).select_from(tables.article).where(*conditions(wanted))
        return session.connection().execute(query).scalar_one()


def walk(db: Database, wanted: Filter = EVERYTHING, *, batch: int = BATCH) -> Iterator[list[FullItem]]:
    """Every wanted article in the order stored, in batches; the archive may be written to meanwhile."""
    last = 0
    query = select(*tables.columns(FullItem)).where(*conditions(wanted)).order_by(tables.article.c.id).limit(batch)
    while True:
        with db.read() as session:
            rows = session.connection().execute(query.where(tables.article.c.id > last)).mappings().all()
        if not rows:
            return
        yield [FullItem(**tables.plain(row)) for row in rows]
        last = rows[-1]["id"]


def _after(connection: Connection, before: int) -> Iterator[ColumnElement[bool]]:
    moment = connection.execute(select(tables.story_time).where(tables.article.c.id == before)).scalar()
    if moment is not None:
        yield tables.story_time <= moment
        yield or_(tables.story_time < moment, tables.article.c.id < before)
