"""Copy a whole archive to another server, from a file to PostgreSQL or back; go on where it was broken off.

Tables are copied one after the other in the order of their keys, a batch a transaction, so what stands in the other
archive says how far it came. Afterwards both are read again and compared row by row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, RowMapping, Table, bindparam, delete, func, insert, select, text, tuple_, update
from sqlmodel import SQLModel

from scraper.errors import StoreError
from scraper.store.database import Database

BATCH = 500
"""Rows copied at once: 10 MB of pages at the most."""

Progress = Callable[[str, int, int], None]
"""Is given what is being done, the rows done and all of them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One table as it stands in both archives.

    Attributes:
        rows: Of the table, in the archive that was copied.
        copied: Rows written now; the others had been copied before.
        alike: Whether both archives hold the same rows.
    """

    table: str
    rows: int
    copied: int
    alike: bool


def move(source: Database, target: Database, told: Progress = lambda *_: None) -> list[Moved]:
    """Copy every row, and compare.

    Args:
        source: The archive; nothing may write to it meanwhile.
        target: An archive with the same schema that holds nothing, or what an earlier move left there.
        told: Is told how far it is.

    Raises:
        StoreError: An archive cannot be read or written, or the other one holds something else.
    """
    tables = SQLModel.metadata.sorted_tables
    _see_that_it_is_ours(source, target)
    copied = {table.name: _copy(source, target, table, told) for table in tables}
    _join_copies(source, target, told)
    _go_on_counting(target, tables)
    return [_compared(source, target, table, copied[table.name], told) for table in tables]


def _see_that_it_is_ours(source: Database, target: Database) -> None:
    """The other archive must hold nothing, or sources of this one: an archive of others is not written into."""
    sources = select(SQLModel.metadata.tables["source"])
    with source.read() as ours, target.read() as theirs:
        known = {row.name: row.added_at for row in ours.connection().execute(sources)}
        for row in theirs.connection().execute(sources):
            if known.get(row.name) != row.added_at:
                raise StoreError(f"{target.url}: holds another archive (source {row.name}); name an empty database")


# --- copying -----------------------------------------------------------------------------------------------


def _copy(source: Database, target: Database, table: Table, told: Progress) -> int:
    key = _key(table)[0]
    there = _begun(target, key)
    done, whole = _count(target, table), _count(source, table)
    before = done
    for rows in _rows(source, table, there):
        with target.write() as session:
            session.connection().execute(insert(table), [_written(table, row) for row in rows])
        done += len(rows)
        told(f"Copying {table.name}", done, whole)
    return done - before


def _begun(target: Database, key: Column[Any]) -> int | None:
    """The last key that is there for certain. Of a number that begins a key of several columns the rows may be few.

    Keys that are words sort otherwise on each server; such tables are small, and copied anew.
    """
    table = key.table
    with target.write() as session:
        connection = session.connection()
        if not isinstance(key.type, Integer):
            connection.execute(delete(table))
            return None
        last: int | None = connection.execute(select(func.max(key))).scalar()
        if last is None or len(_key(table)) == 1:
            return last
        connection.execute(delete(table).where(key == last))
        return last - 1


def _written(table: Table, row: RowMapping) -> dict[str, Any]:
    """A row to insert; an article points to its story only when all articles are there."""
    return {**row, "copy_of": None} if table.name == "article" else dict(row)


def _join_copies(source: Database, target: Database, told: Progress) -> None:
    article = SQLModel.metadata.tables["article"]
    told("Joining copies to their stories", 0, 1)
    pairs = select(article.c.id.label("own"), article.c.copy_of.label("story")).where(article.c.copy_of.is_not(None))
    with source.read() as reading:
        found = [dict(row) for row in reading.connection().execute(pairs).mappings()]
    join = update(article).where(article.c.id == bindparam("own")).values(copy_of=bindparam("story"))
    if found:
        with target.write() as session:
            session.connection().execute(join, found)


def _go_on_counting(target: Database, tables: Sequence[Table]) -> None:
    """Let the server number new rows after those that were copied."""
    if not target.served:
        return
    with target.write() as session:
        for table in tables:
            if "id" in table.c:
                highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, "id")
                session.connection().execute(select(func.setval(sequence, highest, text("false"))))


# --- reading -----------------------------------------------------------------------------------------------


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def _count(db: Database, table: Table) -> int:
    with db.read() as session:
        return int(session.connection().execute(select(func.count()).select_from(table)).scalar_one())


def _rows(db: Database, table: Table, after: int | None) -> Iterator[Sequence[RowMapping]]:
    """All rows in the order of their key, in batches; after a number that the key begins with."""
    key = _key(table)
    query = select(table).order_by(*key).limit(BATCH)
    wanted = query if after is None else query.where(key[0] > after)
    while True:
        with db.read() as session:
            rows = session.connection().execute(wanted).mappings().all()
        if not rows:
            return
        yield rows
        wanted = query.where(tuple_(*key) > tuple(rows[-1][column.name] for column in key))


def _compared(source: Database, target: Database, table: Table, copied: int, told: Progress) -> Moved:
    whole = _count(source, table)
    told(f"Comparing {table.name}", 0, whole)
    alike = _digest(source, table) == _digest(target, table)
    return Moved(table.name, whole, copied, alike)


def _digest(db: Database, table: Table) -> int:
    """A number that is the same for the same rows in any order."""
    total = 0
    for rows in _rows(db, table, None):
        for row in rows:
            words = json.dumps([_plain(value) for value in row.values()], sort_keys=True, default=str)
            total += int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    return total % 2**128


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return hashlib.blake2b(value).hexdigest() if isinstance(value, bytes) else value
