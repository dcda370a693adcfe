"""Lists of articles: the newest, those that hold certain words, all of them in turn.

A list is found in two ways, whichever reads less. Few candidates (a rare word, a document that few name) are looked up
one by one and sorted; of many, the newest are met soon by walking the list's index, which holds all that lists
choose by. Between the two lies :data:`~scraper.store.archive.words.FEW`. For common words the walk goes in steps, each
asking the search index for its own stretch of articles: all that hold "người" are never gathered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from scraper.store.answers import EVERYTHING, Cursor, Filter, FullItem, Item
from scraper.store.archive import tables, words
from scraper.store.archive.rows import latest_first, numbers
from scraper.store.archive.wanted import conditions, named, with_words
from scraper.store.archive.words import Held
from scraper.store.database import Database

BATCH = 200
"""Articles read at once when the whole archive is walked: about 2 MB of text."""

LATEST_EDITS = 500
"""Edits looked through for articles that were changed last: about a day's of sixteen outlets."""

MARGIN = 1.3
"""How much longer a step of a walk for words is than should do. None is more than twice as long as the one before."""


def newest(db: Database, wanted: Filter = EVERYTHING, *, limit: int = 50, after: Cursor | None = None) -> list[Item]:
    """The latest articles, newest first.

    Args:
        db: The archive.
        wanted: Which articles.
        limit: How many at most.
        after: Where the page before ended; what follows it is returned.
    """
    with db.read() as session:
        connection = session.connection()
        query, held = _items(wanted), Held(connection, wanted.words) if wanted.words.strip() else None
        ids: Collection[int] | None = _few(connection, wanted, held)
        if ids is None and held is not None:
            ids = list(islice(_walk_for(connection, wanted, held, after, limit), limit))
        if ids is not None:
            query = query.where(tables.article.c.id.in_(ids))
        rows = connection.execute(_ordered(query, after).limit(limit)).mappings()
        return [Item(**tables.plain(row)) for row in rows]


def _items(wanted: Filter) -> Select[Any]:
    return select(*tables.columns(Item)).where(*conditions(wanted, walking=True))


def _few(connection: Connection, wanted: Filter, held: Held | None) -> set[int] | None:
    """The articles that hold the words or name the documents or provinces, where a few dozen or hundred do."""
    if held is not None and held.few is not None:
        return held.few
    for naming in named(wanted):
        ids = set(numbers(connection, naming.distinct().limit(words.FEW + 1)))
        if len(ids) <= words.FEW:
            return held.among(ids) if held is not None else ids
    return None


def _walk_for(connection: Connection, wanted: Filter, held: Held, after: Cursor | None, limit: int) -> Iterator[int]:
    """The articles that hold the wanted words, newest first; ``limit`` says how many will be asked for."""
    walk = select(tables.story_time.label("at"), tables.article.c.id).where(*conditions(wanted, walking=True))
    step, found, walked = max(int(limit / held.density * MARGIN), 1), 0, 0
    while True:
        ids, last = latest_first(connection, _ordered(walk, after).limit(step))
        if last is None:
            return
        hold = held.among(ids)
        yield from (number for number in ids if number in hold)
        found, walked = found + len(hold), walked + len(ids)
        after = Cursor(last, ids[-1])
        step = min(2 * step, max(int((limit - found) * walked / max(found, 1) * MARGIN), 1))


def _ordered(query: Select[Any], after: Cursor | None) -> Select[Any]:
    """Newest first, from the cursor on."""
    if after is not None:
        query = query.where(
            tables.story_time <= after.at,
            or_(tables.story_time < after.at, tables.article.c.id < after.id),
        )
    return query.order_by(tables.story_time.desc(), tables.article.c.id.desc())


def best(db: Database, wanted: Filter, *, limit: int = 50) -> list[Item]:
    """The articles in which the wanted words weigh most, among the newest that hold them; best first."""
    with db.read() as session:
        connection = session.connection()
        ranks = Held(connection, wanted.words).ranked()
        query = _items(wanted).where(tables.article.c.id.in_(ranks))
        found = [Item(**tables.plain(row)) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda item: ranks[item.id])[:limit]


def top(db: Database, wanted: Filter, *, limit: int = 50) -> list[Item]:
    """The articles of the highest score, the newest of equal ones first; meant for a short time (``since``)."""
    order = (tables.article.c.score.desc(), tables.story_time.desc(), tables.article.c.id.desc())
    first = select(tables.article.c.id).where(*conditions(wanted, walking=True)).order_by(*order).limit(limit)
    with db.read() as session:
        query = select(*tables.columns(Item)).where(tables.article.c.id.in_(first)).order_by(*order)
        return [Item(**tables.plain(row)) for row in session.connection().execute(query).mappings()]


def changed(db: Database, wanted: Filter = EVERYTHING, *, limit: int = 50) -> list[Item]:
    """Of the :data:`LATEST_EDITS` edits seen last, the wanted articles, those edited last first."""
    revision = tables.revision.c
    latest = select(revision.article_id).where(revision.number > 1).order_by(revision.seen_at.desc())
    with db.read() as session:
        connection = session.connection()
        ids = set(numbers(connection, latest.limit(LATEST_EDITS)))
        if wanted.words.strip():
            ids = Held(connection, wanted.words).among(ids)
        query = _items(wanted).where(tables.article.c.id.in_(ids))
        rows = connection.execute(query.order_by(tables.article.c.changed_at.desc()).limit(limit)).mappings()
        return [Item(**tables.plain(row)) for row in rows]


def search(
    db: Database, words: str, wanted: Filter = EVERYTHING, *, limit: int = 50, after: Cursor | None = None
) -> list[Item]:
    """The latest articles that hold all of the words and "quoted phrases"; without words, the latest.

    Accents may be left out: ``dak lak`` finds ``Đắk Lắk``. Nothing a person types is refused.
    """
    return newest(db, replace(wanted, words=words), limit=limit, after=after)


def count(db: Database, wanted: Filter = EVERYTHING) -> int:
    """How many articles are wanted."""
    with db.read() as session:
        query = select(func.count()).select_from(tables.article).where(*with_words(db, wanted))
        return session.connection().execute(query).scalar_one()


def walk(db: Database, wanted: Filter = EVERYTHING, *, batch: int = BATCH) -> Iterator[list[FullItem]]:
    """Every wanted article in the order stored, in batches; the archive may be written to meanwhile."""
    last = 0
    query = select(*tables.columns(FullItem)).where(*with_words(db, wanted)).order_by(tables.article.c.id).limit(batch)
    while True:
        with db.read() as session:
            rows = session.connection().execute(query.where(tables.article.c.id > last)).mappings().all()
        if not rows:
            return
        yield [FullItem(**tables.plain(row)) for row in rows]
        last = rows[-1]["id"]
