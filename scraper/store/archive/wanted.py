"""Which articles are wanted: a filter as conditions, a person's words as what the search index is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, Select, column, false, select, table

from scraper.store.answers import Filter
from scraper.store.archive import tables
from scraper.text import fold

MAX_TERMS = 16
"""Words and phrases of one search that count; the rest is ignored. FTS5 refuses expressions of a few hundred."""

FEW = 400
"""Candidates up to which looking each up is quicker than walking the list's index: 15 us a row that is cold."""

LOOKUP_COST = 25
"""Asking the search index about one article costs as much as reading this many on a stretch (60 us, 2.3 us)."""

RANKED = 1_000
"""Of the articles that hold the words, how many of the newest are ranked: ranking all of a million took 1.3 s."""

fts = table("article_fts", column("rowid"), column("article_fts"), column("rank"))

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LETTERS = re.compile(r"[^\W_]+")


def conditions(wanted: Filter, *, walking: bool = False) -> Iterator[ColumnElement[bool]]:
    """What must hold for an article to be wanted, but for the words.

    Args:
        wanted: Which articles.
        walking: Word it so that no other index than the list's is tempting: SQLite would rather gather all articles
            of one source, or all that name a province, and sort them.
    """
    article = tables.article.c
    source, number = (article.source.concat(""), article.id + 0) if walking else (article.source, article.id)
    if wanted.labels:
        yield article.label.in_(wanted.labels)
    if wanted.sources:
        yield source.in_(wanted.sources)
    if not wanted.copies:
        yield article.copy_of.is_(None)
    yield from _bounds(wanted)
    yield from (number.in_(named) for named in _named(wanted))


def _bounds(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield tables.story_time >= wanted.since
    if wanted.until is not None:
        yield tables.story_time < wanted.until
    if wanted.min_score > 0:
        yield tables.article.c.score >= wanted.min_score
    if wanted.edited:
        yield tables.article.c.revisions > 1
    if wanted.removed:
        yield tables.article.c.state == "removed"


def with_words(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What must hold for an article to be wanted, the words too: for queries that read all there is."""
    yield from conditions(wanted)
    if wanted.words.strip():
        query = _fts_query(wanted.words)
        yield tables.article.c.id.in_(select(fts.c.rowid).where(_matches(query))) if query else false()


def _named(wanted: Filter) -> Iterator[Select[int]]:
    """The articles that name any of the documents, and those that name any of the provinces."""
    mention = tables.mention.c
    for kind, keys in (("document", wanted.documents), ("place", wanted.places)):
        if keys:
            yield select(mention.article_id).where((mention.kind == kind) & mention.key.in_(keys))


def few(connection: Connection, wanted: Filter) -> set[int] | None:
    """The articles that hold the words and name the documents or provinces, where a few dozen or hundred do.

    Returns:
        At most :data:`FEW` numbers, of which each holds the words; ``None`` when there may be more.
    """
    if wanted.words.strip():
        query = _fts_query(wanted.words)
        hold = select(fts.c.rowid).where(_matches(query)).order_by(fts.c.rowid.desc()).limit(FEW + 1)
        found = connection.execute(hold).scalars().all() if query else []
        if len(found) <= FEW:
            return set(found)
    for named in _named(wanted):
        ids = set(connection.execute(named.distinct().limit(FEW + 1)).scalars())
        if len(ids) <= FEW:
            return holding(connection, wanted.words, ids) if wanted.words.strip() else ids
    return None


def holding(connection: Connection, words: str, ids: Collection[int]) -> set[int]:
    """Those of some articles that hold the words."""
    query = _fts_query(words)
    if not query or not ids:
        return set()
    lowest, highest = min(ids), max(ids)
    sparse = (highest - lowest) > LOOKUP_COST * len(ids)
    where = fts.c.rowid.in_(ids) if sparse else fts.c.rowid.between(lowest, highest)
    return set(connection.execute(select(fts.c.rowid).where(_matches(query), where)).scalars()).intersection(ids)


def ranked(connection: Connection, words: str) -> dict[int, float]:
    """Of the newest articles that hold the words, how well each fits: the lower the better (FTS5's bm25)."""
    query = _fts_query(words)
    if not query:
        return {}
    of_these = select(fts.c.rowid).where(_matches(query)).order_by(fts.c.rowid.desc()).limit(RANKED)
    lowest = min(connection.execute(of_these).scalars().all(), default=0)
    rows = connection.execute(select(fts.c.rowid, fts.c.rank).where(_matches(query), fts.c.rowid >= lowest))
    return {row[0]: row[1] for row in rows}


def terms(words: str) -> list[str]:
    """The words and "quoted phrases" that a search asks for, as written, those without a letter or digit left out."""
    asked = [phrase or word for phrase, word in _TERM.findall(words)]
    return [term for term in asked if _LETTERS.search(term)][:MAX_TERMS]


def _matches(query: str) -> ColumnElement[bool]:
    return fts.c.article_fts.op("MATCH")(query)


def _fts_query(words: str) -> str:
    """What FTS5 is asked: each word or phrase as a quoted string of letters and digits, all of them wanted.

    Quoted strings hold no operators, so nothing typed is syntax. Words joined by punctuation ("2026-2030")
    become a phrase, as the tokenizer splits them too.
    """
    asked = (" ".join(_LETTERS.findall(fold(term))) for term in terms(words))
    return " ".join(f'"{term}"' for term in asked if term)
