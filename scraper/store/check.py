"""Whether the archive is whole: the file, what each row leans on, what revisions say and the pages that were kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from scraper.errors import StoreError
from scraper.packed import unpack
from scraper.store.database import AnyRow, Database
from scraper.store.keep import check_integrity
from scraper.store.snapshots import Unpacker

SHOWN = 5
"""Rows named with a finding; the rest are counted."""

_BATCH = 200
"""Rows read at a time: of snapshots some 5 MB."""

ORPHANS = {
    "articles without their newest revision": """
        SELECT a.id FROM article a LEFT JOIN revision r ON r.article_id = a.id AND r.number = a.revisions
        WHERE r.id IS NULL""",
    "articles whose newest revision says something else": """
        SELECT a.id FROM article a JOIN revision r ON r.article_id = a.id AND r.number = a.revisions
        WHERE r.content_hash <> a.content_hash""",
    "articles with a revision missing between": """
        SELECT article_id FROM revision GROUP BY article_id HAVING count(*) <> max(number)""",
    "articles without a judgement": """
        SELECT a.id FROM article a WHERE NOT EXISTS (SELECT 1 FROM judgement j WHERE j.article_id = a.id)""",
    "copies of a story that is not there, or is a copy itself": """
        SELECT c.id FROM article c LEFT JOIN article a ON a.id = c.copy_of
        WHERE c.copy_of IS NOT NULL AND (a.id IS NULL OR a.copy_of IS NOT NULL)""",
    "copies without a record of how they were found": """
        SELECT a.id FROM article a LEFT JOIN copy c ON c.article_id = a.id
        WHERE a.copy_of IS NOT NULL AND c.of_id IS NULL""",
    "links stored without an article": """
        SELECT l.id FROM link l LEFT JOIN article a ON a.id = l.article_id WHERE l.state = 'stored' AND a.id IS NULL""",
    "revisions of no article": "SELECT id FROM revision WHERE article_id NOT IN (SELECT id FROM article)",
    "snapshots of no revision": """
        SELECT s.id FROM snapshot s LEFT JOIN revision r ON r.article_id = s.article_id AND r.number = s.revision
        WHERE r.id IS NULL""",
    "messages about no article": """
        SELECT o.id FROM outbox o LEFT JOIN article a ON a.id = o.article_id
        WHERE o.article_id IS NOT NULL AND a.id IS NULL""",
    "hashes of no article": "SELECT DISTINCT article_id FROM shingle WHERE article_id NOT IN (SELECT id FROM article)",
    "mentions in no article": """
        SELECT DISTINCT article_id FROM mention WHERE article_id NOT IN (SELECT id FROM article)""",
}
"""What must find no row; each gives the numbers of the rows that are wrong."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage.

    Attributes:
        what: In words.
        count: Rows concerned.
        rows: Numbers of the first of them.
    """

    what: str
    count: int = 0
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        named = f" (numbers {', '.join(map(str, self.rows))}{', ...' if self.count > len(self.rows) else ''})"
        return f"{self.count} {self.what}{named}" if self.rows else self.what


def check(db: Database, told: Callable[[int, int], None] = lambda _done, _all: None) -> list[Damage]:
    """All damage that can be found by reading the archive; nothing is changed.

    Args:
        db: The archive.
        told: Is given how many snapshots were read, and of how many.

    Returns:
        Nothing for a sound archive.
    """
    found = check_file(db)
    try:
        found += _rows(db)
        found += _search(db)
        found += _revisions(db)
        found += _snapshots(db, told)
    except StoreError as error:
        found.append(Damage(str(error)))
    return found


def check_file(db: Database) -> list[Damage]:
    """Damage of the archive's file, whatever its schema."""
    try:
        check_integrity(db)
    except StoreError as error:
        return [Damage(str(error))]
    return []


def _rows(db: Database) -> Iterator[Damage]:
    with db.read() as session:
        for what, query in ORPHANS.items():
            rows = session.connection().execute(text(query)).scalars().all()
            if rows:
                yield Damage(what, len(rows), tuple(rows[:SHOWN]))


def _search(db: Database) -> Iterator[Damage]:
    """SQLite's own comparison of the search index with the articles; it writes nothing, yet wants the lock."""
    if db.path is None:
        return
    try:
        with db.write() as session:
            session.connection().execute(
                text("INSERT INTO article_fts(article_fts, rank) VALUES ('integrity-check', 1)")
            )
    except StoreError as error:
        yield Damage(f"the search index does not match the articles ({error})")


def _revisions(db: Database) -> Iterator[Damage]:
    """States of articles whose packed bytes are damaged; each holds a checksum."""
    bad = [row.id for _, rows in _batches(db, "revision", "data") for row in rows if not _readable(row.data)]
    if bad:
        yield Damage("revisions that cannot be read", len(bad), tuple(bad[:SHOWN]))


def _readable(packed: bytes) -> bool:
    try:
        unpack(packed)
    except StoreError:
        return False
    return True


def _snapshots(db: Database, told: Callable[[int, int], None]) -> Iterator[Damage]:
    """Pages whose bytes are not those that were hashed when they were stored."""
    with db.read() as session:
        whole = session.connection().execute(text("SELECT count(*) FROM snapshot")).scalar_one()
    bad, done = list[int](), 0
    for connection, rows in _batches(db, "snapshot", "body, size, base, sha256"):
        unpacker = Unpacker(connection)
        bad += [row.id for row in rows if not _sound(unpacker, row)]
        done += len(rows)
        told(done, whole)
    if bad:
        yield Damage("pages that are not as they were stored", len(bad), tuple(bad[:SHOWN]))


def _sound(unpacker: Unpacker, row: AnyRow) -> bool:
    try:
        return hashlib.sha256(unpacker(row.id, row.body, row.size, row.base)).hexdigest() == str(row.sha256)
    except StoreError:
        return False


def _batches(db: Database, table: str, columns: str) -> Iterator[tuple[Connection, Sequence[AnyRow]]]:
    """All rows of a table in the order of their numbers, each batch with the connection that it was read by."""
    query = text(f"SELECT id, {columns} FROM {table} WHERE id > :last ORDER BY id LIMIT :batch")  # noqa: S608 - ours
    last = 0
    while True:
        with db.read() as session:
            rows = session.connection().execute(query, {"last": last, "batch": _BATCH}).all()
            if not rows:
                return
            yield session.connection(), rows
        last = rows[-1].id
