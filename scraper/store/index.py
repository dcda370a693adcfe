"""The index of shingles as rows: what near copies are found by, with nothing in memory to lose.

``shingle`` is clustered by hash, so one look-up is one walk down the tree and a few neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, TextClause, bindparam, func, select, text
from sqlmodel import Session

from scraper.dedupe import thresholds
from scraper.models import Article
from scraper.values import Candidate, Shared

# A list of numbers as a table of one column n: the only words here that differ between servers.
_NUMBERS = {
    "sqlite": "SELECT value AS n FROM json_each(:numbers)",
    "postgresql": "SELECT CAST(n AS bigint) AS n FROM json_array_elements_text(CAST(:numbers AS json)) AS n",
}

# Of each hash only the newest articles count: those from the hundredth newest on.
_SHARING = """
    SELECT found.id, found.common, article.sampled
    FROM (
        SELECT s.article_id AS id, COUNT(*) AS common
        FROM ({numbers}) AS p JOIN shingle AS s ON s.hash = p.n
        WHERE s.article_id >= COALESCE(
            (SELECT t.article_id FROM shingle AS t WHERE t.hash = p.n ORDER BY t.article_id DESC LIMIT 1 OFFSET :hits),
            0)
        GROUP BY s.article_id ORDER BY common DESC, id DESC LIMIT :probed
    ) AS found JOIN article ON article.id = found.id
    ORDER BY found.common DESC, found.id DESC"""
_INSERT = """
    INSERT INTO shingle (hash, article_id) SELECT p.n, :article FROM ({numbers}) AS p WHERE true
    ON CONFLICT DO NOTHING"""
_DELETE = "DELETE FROM shingle WHERE article_id = :article AND hash IN ({numbers})"

_article = Article.metadata.tables["article"]
_head = _article.alias("head")

# Built once: building these from parts costs more than running them.
_CANDIDATES = (
    select(
        *(_article.c[name] for name in ("id", "source", "text", "lead", "text_hash", "published_at", "seen_at")),
        *(_head.c[name].label(f"head_{name}") for name in ("id", "source", "published_at", "seen_at")),
    )
    .join(_head, _head.c.id == func.coalesce(_article.c.copy_of, _article.c.id))
    .where(_article.c.id < bindparam("before"))
)
_TWINS = (
    _CANDIDATES.where(_article.c.text_hash == bindparam("hash")).order_by(_article.c.id).limit(thresholds.CANDIDATES)
)
_STORED = _CANDIDATES.where(_article.c.id.in_(bindparam("ids", expanding=True)))
_ALL = 2**31 - 1


class SqlIndex:
    """The :class:`~scraper.values.Index` over the archive.

    Args:
        session: An open session.
        before: Only articles of lower numbers count, for grouping the archive anew.
    """

    def __init__(self, session: Session, *, before: int = _ALL) -> None:
        self._connection = session.connection()
        self._before = before

    def twins(self, text_hash: str) -> Sequence[Candidate]:
        """Articles whose normalised body hashes the same, earliest first."""
        return self._read(_TWINS, hash=text_hash)

    def sharing(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Articles that were indexed under some of these hashes, those with the most first."""
        limits = {"hits": thresholds.HITS - 1, "probed": thresholds.PROBED}
        return [Shared(*row) for row in _run(self._connection, _SHARING, hashes, **limits)]

    def stored(self, ids: Sequence[int]) -> Sequence[Candidate]:
        """These articles, in this order."""
        by_id = {one.id: one for one in self._read(_STORED, ids=list(ids))} if ids else {}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    def _read(self, query: Select[Any], **values: object) -> list[Candidate]:
        rows = self._connection.execute(query, {"before": self._before, **values}).mappings()
        return [_candidate(row) for row in rows]


def write_shingles(connection: Connection, article_id: int, sample: Sequence[int], before: Sequence[int] = ()) -> None:
    """Index an article's text, in place of the text it had."""
    now, was = set(sample), set(before)
    if gone := sorted(was - now):
        _run(connection, _DELETE, gone, article=article_id)
    if fresh := sorted(now - was):
        _run(connection, _INSERT, fresh, article=article_id)


def _run(connection: Connection, statement: str, numbers: Sequence[int], **values: object) -> Any:  # noqa: ANN401 - rows
    return connection.execute(_query(statement, connection.dialect.name), {"numbers": json.dumps(numbers), **values})


@cache
def _query(statement: str, dialect: str) -> TextClause:
    return text(statement.format(numbers=_NUMBERS[dialect]))


def _candidate(row: Mapping[Any, Any]) -> Candidate:
    return Candidate(
        id=row["id"],
        source=row["source"],
        text=row["text"],
        lead=row["lead"],
        text_hash=row["text_hash"],
        at=_at(row["published_at"], row["seen_at"]),
        story=row["head_id"],
        story_source=row["head_source"],
        story_at=_at(row["head_published_at"], row["head_seen_at"]),
    )


def _at(published: datetime | None, seen: datetime) -> datetime:
    """As :data:`scraper.models.STORY_TIME`."""
    return published if published is not None and published <= seen else seen
