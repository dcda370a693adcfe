"""The tables as queries for readers name them, and rows made into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, Table, case, func, select

from scraper import models
from scraper.store.answers import Item
from scraper.values import Reason

Rows: TypeAlias = Select[*tuple[Any, ...]]

_TABLES = models.Article.metadata.tables
article, copy, link, revision = (_TABLES[name] for name in ("article", "copy", "link", "revision"))
judgement, snapshot, source = (_TABLES[name] for name in ("judgement", "snapshot", "source"))
mention, outbox, fetch = (_TABLES[name] for name in ("mention", "outbox", "fetch"))
happening, relation = (_TABLES[name] for name in ("happening", "relation"))

# The same expression, name for name, as models.STORY_TIME, so that lists walk its index.
story_time = case((article.c.published_at <= article.c.seen_at, article.c.published_at), else_=article.c.seen_at)

copies_of = (
    select(func.count()).select_from(copy).where(copy.c.of_id == article.c.id).correlate(article).scalar_subquery()
)


def columns(kind: type[Item]) -> list[ColumnElement[Any]]:
    """The columns of an article that a list's or a story's value has fields for."""
    return [*named(article, kind), story_time.label("at"), copies_of.label("copies")]


def named(rows: Table, kind: type) -> list[ColumnElement[Any]]:
    """The columns that a value has fields for."""
    return [rows.c[field.name] for field in fields(kind) if field.name in rows.c]


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as arguments: JSON lists become tuples, reasons values."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if "reasons" in values:
        values["reasons"] = tuple(Reason(**reason) for reason in values["reasons"])
    return values
