"""What the search index says of a person's words: which articles hold them, and how well each fits.

Numbers come as one row of JSON: SQLite lets go of the interpreter for each row it hands over, and beside a busy thread
a few hundred rows took seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, select, table

from scraper.text import fold

MAX_TERMS = 16
"""Words and phrases of one search that count; the rest is ignored. FTS5 refuses expressions of a few hundred."""

FEW = 400
"""Candidates up to which looking each up is quicker than walking the list's index: 15 us a row that is cold."""

LOOKUP_COST = 30
"""Asking the index about one article costs as much as reading this many that hold the words (70 us, 2.3 us)."""

RANKED = 1_000
"""Of the articles that hold the words, how many of the newest are ranked: ranking all of a million took 1.3 s."""

fts = table("article_fts", column("rowid"), column("article_fts"), column("rank"))

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LETTERS = re.compile(r"[^\W_]+")


class Held:
    """The articles that hold all of some words and phrases.

    Args:
        connection: An open connection; asked as needed.
        words: As a person typed them.
    """

    def __init__(self, connection: Connection, words: str) -> None:
        self._connection = connection
        self._query = query_of(words)

    @cached_property
    def _latest(self) -> list[int]:
        latest = select(fts.c.rowid).where(matches(self._query)).order_by(fts.c.rowid.desc()).limit(FEW + 1)
        return numbers(self._connection, latest) if self._query else []

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
        """Those of some articles."""
        if not ids or not self._query:
            return set()
        lowest, highest = min(ids), max(ids)
        one_by_one = (highest - lowest) * self.density > LOOKUP_COST * len(ids)
        where = fts.c.rowid.in_(ids) if one_by_one else fts.c.rowid.between(lowest, highest)
        found = numbers(self._connection, select(fts.c.rowid).where(matches(self._query), where))
        return set(found).intersection(ids)

    def ranked(self) -> dict[int, float]:
        """Of the newest :data:`RANKED`, how well each fits: the lower the better (FTS5's bm25)."""
        if not self._query:
            return {}
        newest = select(fts.c.rowid).where(matches(self._query)).order_by(fts.c.rowid.desc()).limit(RANKED)
        lowest = min(numbers(self._connection, newest), default=0)
        fits = select(fts.c.rowid, fts.c.rank).where(matches(self._query), fts.c.rowid >= lowest)
        return {row[0]: row[1] for row in self._connection.execute(fits)}


def numbers(connection: Connection, query: Select[Any]) -> list[int]:
    """The first column of a query, as one row."""
    rows = query.subquery()
    found: list[int] = json.loads(connection.execute(select(func.json_group_array(rows.c[0]))).scalar_one())
    return found


def terms(words: str) -> list[str]:
    """The words and "quoted phrases" that a search asks for, as written, those without a letter or digit left out."""
    asked = [phrase or word for phrase, word in _TERM.findall(words)]
    return [term for term in asked if _LETTERS.search(term)][:MAX_TERMS]


def matches(query: str) -> ColumnElement[bool]:
    """That an entry of the index holds what is asked."""
    return fts.c.article_fts.op("MATCH")(query)


def query_of(words: str) -> str:
    """What FTS5 is asked: each word or phrase as a quoted string of letters and digits, all of them wanted.

    Quoted strings hold no operators, so nothing typed is syntax. Words joined by punctuation ("2026-2030")
    become a phrase, as the tokenizer splits them too.
    """
    asked = (" ".join(_LETTERS.findall(fold(term))) for term in terms(words))
    return " ".join(f'"{term}"' for term in asked if term)
