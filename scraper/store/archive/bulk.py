"""Articles by the hundred, for those who take them all along: their order, their past, the pages they were read from.

A few queries a batch, whatever its size; nothing here holds more than a batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from scraper.store.answers import EVERYTHING, EditNote, Filter, KeptPage, Past, Sighting
from scraper.store.archive import tables
from scraper.store.archive.history import sightings
from scraper.store.archive.wanted import with_words
from scraper.store.database import Database
from scraper.store.snapshots import Unpacker

PAGES = 20
"""Pages unpacked at once: about 3 MB of real ones, and no more than 20 times the largest that is fetched."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many pages there are, and when the last of them was fetched, aware UTC."""

    count: int
    newest: datetime | None


def numbers(db: Database, wanted: Filter = EVERYTHING) -> list[int]:
    """The ids of all wanted articles, newest first."""
    query = select(tables.article.c.id).where(*with_words(db, wanted))
    with db.read() as session:
        ordered = query.order_by(tables.story_time.desc(), tables.article.c.id.desc())
        return list(session.connection().execute(ordered).scalars())


def pasts(db: Database, ids: Sequence[int]) -> dict[int, Past]:
    """What befell each of some articles; a few hundred at the most."""
    with db.read() as session:
        connection = session.connection()
        edits = _edits(connection, ids)
        copies = _sightings(connection, tables.copy.c.of_id, tables.copy.c.article_id, ids)
        originals = _sightings(connection, tables.copy.c.article_id, tables.copy.c.of_id, ids)
    return {
        number: Past(tuple(edits[number]), tuple(copies[number]), next(iter(originals[number]), None)) for number in ids
    }


def pages(db: Database, wanted: Filter = EVERYTHING, *, batch: int = PAGES) -> Iterator[list[KeptPage]]:
    """The kept pages of all wanted articles in the order stored, in batches; the archive may be written to meanwhile.

    Raises:
        StoreError: A page is damaged, or the archive cannot be read.
    """
    kept = [tables.snapshot.c[field.name] for field in fields(KeptPage) if field.name in tables.snapshot.c]
    query = (
        select(*kept, tables.snapshot.c.base, tables.article.c.key, tables.article.c.source)
        .select_from(_PAGES)
        .where(*with_words(db, wanted))
    )
    query, last = query.order_by(tables.snapshot.c.id).limit(batch), 0
    while True:
        with db.read() as session:
            rows = session.connection().execute(query.where(tables.snapshot.c.id > last)).mappings().all()
            found = _unpacked(session.connection(), rows)
        if not rows:
            return
        yield found
        last = rows[-1]["id"]


def _unpacked(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[KeptPage]:
    unpack = Unpacker(connection)
    found = []
    for row in map(dict, rows):
        body = unpack(row["id"], row["body"], row["size"], row.pop("base"))
        found.append(KeptPage(**{**row, "body": body}))
    return found


def pages_extent(db: Database, wanted: Filter = EVERYTHING) -> Extent:
    """How many pages of wanted articles are kept, and until when."""
    query = select(func.count(), func.max(tables.snapshot.c.fetched_at)).select_from(_PAGES)
    with db.read() as session:
        return Extent(*session.connection().execute(query.where(*with_words(db, wanted))).one())


_PAGES = tables.snapshot.join(tables.article, tables.article.c.id == tables.snapshot.c.article_id)


def _edits(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[EditNote]]:
    revision, found = tables.revision.c, defaultdict[int, list[EditNote]](list)
    query = select(revision.article_id, *tables.named(tables.revision, EditNote))
    query = query.where(revision.article_id.in_(ids), revision.number > 1).order_by(revision.number)
    for number, row in _by(connection, query, "article_id"):
        found[number].append(EditNote(**row))
    return found


def _sightings(
    connection: Connection, own: ColumnElement[Any], other: ColumnElement[Any], ids: Sequence[int]
) -> defaultdict[int, list[Sighting]]:
    found = defaultdict[int, list[Sighting]](list)
    query = sightings(other).add_columns(own.label("own")).where(own.in_(ids))
    for number, row in _by(connection, query, "own"):
        found[number].append(Sighting(**row))
    return found


def _by(connection: Connection, query: tables.Rows, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows as arguments, each with the article that one column names."""
    for row in connection.execute(query).mappings():
        values = tables.plain(row)
        yield values.pop(name), values
