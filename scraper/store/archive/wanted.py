"""Which articles are wanted: a filter as conditions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, false, select

from scraper.store.answers import Filter
from scraper.store.archive import tables
from scraper.store.archive.words import INDEXES, query_of
from scraper.store.database import Database


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
    yield from (number.in_(naming) for naming in named(wanted))


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


def with_words(db: Database, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What must hold for an article to be wanted, the words too: for queries that read all there is."""
    yield from conditions(wanted)
    if wanted.words.strip():
        query = query_of(wanted.words)
        index = INDEXES[db.engine.dialect.name]
        yield tables.article.c.id.in_(select(index.id).where(index.holds(query))) if query else false()


def named(wanted: Filter) -> Iterator[Select[int]]:
    """The articles that name any of the documents, and those that name any of the provinces."""
    mention = tables.mention.c
    for kind, keys in (("document", wanted.documents), ("place", wanted.places)):
        if keys:
            yield select(mention.article_id).where((mention.kind == kind) & mention.key.in_(keys))
