"""What the search index says of a person's words: which articles hold them, and how well each fits.

SQLite keeps the index as an FTS5 table, PostgreSQL as a column of the article; both understand "quoted phrases".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal_column, select, table

from scraper.store.archive import tables
from scraper.store.archive.rows import numbers
from scraper.text import fold

MAX_TERMS = 16
"""Words and phrases of one search that count; the rest is ignored. FTS5 refuses expressions of a few hundred."""

FEW = 400
"""Candidates up to which looking each up is quicker than walking the list's index: 15 us a row that is cold."""

LOOKUP_COST = 30
"""Asking the index about one article costs as much as reading this many that hold the words (70 us, 2.3 us)."""

STRETCH = 8
"""Articles close together for which one question is worth its own cost (250 us)."""

RANKED = 1_000
"""Of the articles that hold the words, how many of the newest are ranked: ranking all of a million took 1.3 s."""

_fts = table("article_fts", column("rowid"), column("article_fts"), column("rank"))
_entry = tables.article.alias("entry")
_search: ColumnElement[Any] = literal_column("entry.search")

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Index:
    """How a server is asked for words.

    Attributes:
        id: The article's number.
        holds: That an article holds what a query asks.
        rank: How well it fits: the lower the better.
    """

    id: ColumnElement[int]
    holds: Callable[[str], ColumnElement[bool]]
    rank: Callable[[str], ColumnElement[float]]


def _asked(query: str) -> ColumnElement[Any]:
    return func.websearch_to_tsquery(literal_column("'simple'"), query)


INDEXES = {
    "sqlite": Index(_fts.c.rowid, _fts.c.article_fts.op("MATCH"), lambda _query: _fts.c.rank),
    "postgresql": Index(
        _entry.c.id,
        lambda query: _search.op("@@")(_asked(query)),
        lambda query: -func.ts_rank(_search, _asked(query)),
    ),
}
"""By SQLAlchemy's name of the server."""


class Held:
    """The articles that hold all of some words and phrases.

    Args:
        connection: An open connection; asked as needed.
        words: As a person typed them.
    """

    def __init__(self, connection: Connection, words: str) -> None:
        self._connection = connection
        self._query = query_of(words)
        self._index = INDEXES[connection.dialect.name]

    @cached_property
    def _latest(self) -> list[int]:
        return numbers(self._connection, self._newest.limit(FEW + 1)) if self._query else []

    @property
    def _newest(self) -> Select[Any]:
        index = self._index
        return select(index.id).where(index.holds(self._query)).order_by(index.id.desc())

    @property
    def few(self) -> set[int] | None:
        """All of them where they are :data:`FEW` at most, else ``None``."""
        return set(self._latest) if len(self._latest) <= FEW else None

    @property
    def density(self) -> float:
        """Which part of the newest articles holds the words, guessed from how close those that do stand; 1 for none."""
        spread = max(self._latest, default=0) - min(self._latest, default=0) + 1
        return max(len(self._latest), 1) / spread

    def among(self, ids: Collection[int]) -> set[int]:
        """Those of some articles.

        Articles that lie together in time may lie apart in number, as what is found late stands among old ones: of each
        stretch of numbers all that hold the words are read, and stragglers are asked for one by one.
        """
        if not ids or not self._query:
            return set()
        number, found, stragglers = self._index.id, set[int](), list[int]()
        for stretch in _stretches(sorted(ids), LOOKUP_COST / self.density):
            if len(stretch) < STRETCH:
                stragglers += stretch
            else:
                found.update(self._holding(number.between(stretch[0], stretch[-1])))
        if stragglers:
            found.update(self._holding(number.in_(stragglers)))
        return found.intersection(ids)

    def _holding(self, where: ColumnElement[bool]) -> list[int]:
        index = self._index
        return numbers(self._connection, select(index.id).where(index.holds(self._query), where))

    def ranked(self) -> dict[int, float]:
        """Of the newest :data:`RANKED`, how well each fits: the lower the better (bm25; ts_rank turned round)."""
        if not self._query:
            return {}
        index = self._index
        lowest = min(numbers(self._connection, self._newest.limit(RANKED)), default=0)
        fits = select(index.id, index.rank(self._query)).where(index.holds(self._query), index.id >= lowest)
        return {row[0]: row[1] for row in self._connection.execute(fits)}


def _stretches(ids: Sequence[int], apart: float) -> Iterator[list[int]]:
    """Ascending numbers, parted wherever two neighbours are farther apart than that."""
    stretch = [ids[0]]
    for number in ids[1:]:
        if number - stretch[-1] > apart:
            yield stretch
            stretch = []
        stretch.append(number)
    yield stretch


def terms(words: str) -> list[str]:
    """The words and "quoted phrases" that a search asks for, as written, those without a letter or digit left out."""
    asked = [phrase or word for phrase, word in _TERM.findall(words)]
    return [term for term in asked if _LETTERS.search(term)][:MAX_TERMS]


def query_of(words: str) -> str:
    """What the index is asked: each word or phrase as a quoted string of letters and digits, all of them wanted.

    Quoted strings hold no operators, so nothing typed is syntax. Words joined by punctuation ("2026-2030")
    become a phrase, as the tokenizer splits them too.
    """
    asked = (" ".join(_LETTERS.findall(fold(term))) for term in terms(words))
    return " ".join(f'"{term}"' for term in asked if term)
