"""Which articles are wanted: a filter as conditions, a person's words as what the search index is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, column, false, select, table

from scraper.store.answers import Filter
from scraper.store.archive import tables
from scraper.text import fold

MAX_TERMS = 16
"""Words and phrases of one search that count; the rest is ignored. FTS5 refuses expressions of a few hundred."""

fts = table("article_fts", column("rowid"), column("article_fts"))

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LETTERS = re.compile(r"[^\W_]+")


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What must hold for an article to be wanted."""
    if wanted.labels:
        yield tables.article.c.label.in_(wanted.labels)
    if wanted.sources:
        yield tables.article.c.source.in_(wanted.sources)
    if wanted.since is not None:
        yield tables.story_time >= wanted.since
    if wanted.until is not None:
        yield tables.story_time < wanted.until
    if wanted.min_score > 0:
        yield tables.article.c.score >= wanted.min_score
    if not wanted.copies:
        yield tables.article.c.copy_of.is_(None)
    if wanted.words.strip():
        yield _holds(wanted.words)
    for kind, keys in (("document", wanted.documents), ("place", wanted.places)):
        if keys:
            named = (tables.mention.c.kind == kind) & tables.mention.c.key.in_(keys)
            yield tables.article.c.id.in_(select(tables.mention.c.article_id).where(named))


def _holds(words: str) -> ColumnElement[bool]:
    query = _fts_query(words)
    if not query:
        return false()
    return tables.article.c.id.in_(select(fts.c.rowid).where(fts.c.article_fts.op("MATCH")(query)))


def _fts_query(words: str) -> str:
    """What FTS5 is asked: each word or phrase as a quoted string of letters and digits, all of them wanted.

    Quoted strings hold no operators, so nothing typed is syntax. Words joined by punctuation ("2026-2030")
    become a phrase, as the tokenizer splits them too.
    """
    asked = (" ".join(_LETTERS.findall(fold(term))) for term in terms(words))
    return " ".join(f'"{term}"' for term in asked if term)


def terms(words: str) -> list[str]:
    """The words and "quoted phrases" that a search asks for, as written, those without a letter or digit left out."""
    asked = [phrase or word for phrase, word in _TERM.findall(words)]
    return [term for term in asked if _LETTERS.search(term)][:MAX_TERMS]
