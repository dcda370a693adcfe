"""Counts that plots are drawn from; each is one query over the list's index and the mentions.

Days and months are those of Vietnam, which keeps one time all year (UTC+7).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from scraper.store.answers import EVERYTHING, Filter
from scraper.store.archive import tables
from scraper.store.archive.day import VIETNAM, Day
from scraper.store.archive.wanted import conditions
from scraper.store.database import Database


def days(db: Database, wanted: Filter = EVERYTHING) -> dict[date, dict[str, int]]:
    """Stories by day and label; days without any are left out. The filter's words are not looked at."""
    day = Day(tables.story_time, VIETNAM)
    query = select(day, tables.article.c.label, func.count()).where(*conditions(wanted, walking=not wanted.documents))
    counted: defaultdict[date, dict[str, int]] = defaultdict(dict)
    with db.read() as session:
        for on, label, number in session.connection().execute(query.group_by(day, tables.article.c.label)):
            counted[on][label] = number
    return dict(counted)


def provinces(db: Database, wanted: Filter = EVERYTHING) -> dict[str, dict[str, int]]:
    """Stories by the code of each province that they name, and by label."""
    key, label = tables.mention.c.key, tables.article.c.label
    query = _named("place", wanted, key, label, func.count(tables.article.c.id.distinct())).group_by(key, label)
    counted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with db.read() as session:
        for code, name, number in session.connection().execute(query):
            counted[code][name] = number
    return dict(counted)


def documents(db: Database, wanted: Filter = EVERYTHING, *, limit: int = 50) -> dict[str, int]:
    """Documents by how many stories name them, most first."""
    key, number = tables.mention.c.key, func.count(tables.article.c.id.distinct())
    query = _named("document", wanted, key, number).group_by(key).order_by(number.desc(), key).limit(limit)
    with db.read() as session:
        return {row[0]: row[1] for row in session.connection().execute(query)}


def _named(kind: str, wanted: Filter, *columns: ColumnElement[Any]) -> Select[Any]:
    """Wanted articles beside what they name of a kind: the articles first, then what each names.

    The other way round SQLite would read all mentions of that kind, wherefore the kind is worded so that no index fits.
    """
    mention, article = tables.mention.c, tables.article
    joined = article.join(tables.mention, mention.article_id == article.c.id)
    walking = not (wanted.documents or wanted.places)
    return (
        select(*columns)
        .select_from(joined)
        .where(mention.kind.concat("") == kind, *conditions(wanted, walking=walking))
    )
