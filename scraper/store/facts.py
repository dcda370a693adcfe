"""Which articles name a document or a province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection
from sqlmodel import Session, col, delete, func, select

from scraper import facts
from scraper.models import Article
from scraper.models import Mention as Row
from scraper.store.database import Database, insert_into
from scraper.text import fold
from scraper.values import Mention

NEAR = 5
"""Keys offered when nothing names what was asked for."""


def note_mentions(session: Session, article: Article, found: Sequence[Mention]) -> None:
    """Write an article's mentions in place of those before."""
    if article.facts_version:
        session.exec(delete(Row).where(col(Row.article_id) == article.id))
    article.facts_version = facts.VERSION
    write_mentions(session.connection(), article.id or 0, found)


def write_mentions(connection: Connection, article_id: int, found: Sequence[Mention]) -> None:
    """Write the mentions of an article that has none."""
    if found:
        connection.execute(insert_into(Row), [{"article_id": article_id, **asdict(mention)} for mention in found])


def unread(db: Database) -> list[int]:
    """Articles whose documents and places have not been read as the program reads them now, oldest first."""
    with db.read() as session:
        old = select(Article.id).where(col(Article.facts_version) < facts.VERSION).order_by(col(Article.id))
        return [number for number in session.exec(old).all() if number is not None]


def names_of(db: Database, kind: str, key: str) -> dict[str, int]:
    """What the archive calls a document or province, with how many articles call it so; most common first."""
    with db.read() as session:
        counted = select(Row.name, func.count()).where(Row.kind == kind, Row.key == key).group_by(Row.name)
        rows = session.exec(counted.order_by(func.count().desc(), col(Row.name))).all()
        return dict(rows)


def keys_named(db: Database, kind: str, name: str) -> list[str]:
    """The documents that the archive calls by a name, such as every decree called ``Nghị định 28``."""
    with db.read() as session:
        return list(session.exec(select(Row.key).where(Row.kind == kind, Row.name == name).distinct()).all())


def articles_with(db: Database, kind: str, keys: Iterable[str]) -> list[int]:
    """Articles that name any of the documents or provinces, oldest first."""
    with db.read() as session:
        query = select(Row.article_id).where(Row.kind == kind, col(Row.key).in_(list(keys))).distinct()
        return list(session.exec(query.order_by(col(Row.article_id))).all())


def mentions_of(db: Database, articles: Sequence[int], kind: str) -> dict[int, list[Mention]]:
    """What each of some articles names of a kind."""
    found: defaultdict[int, list[Mention]] = defaultdict(list)
    with db.read() as session:
        query = select(Row).where(Row.kind == kind, col(Row.article_id).in_(articles))
        for row in session.exec(query).all():
            found[row.article_id].append(Mention(kind, row.key, row.name, row.count))  # type: ignore[arg-type]  # only Mention's kinds are written
    return found


def like(db: Database, written: str) -> list[str]:
    """Documents of the archive whose number or name resembles what was asked for, most cited first."""
    wanted = fold(written).split()
    with db.read() as session:
        counted = select(Row.key, Row.name, func.count()).where(Row.kind == "document").group_by(Row.key, Row.name)
        rows = session.exec(counted.order_by(func.count().desc(), col(Row.key))).all()
    near = (key for key, name, _ in rows if all(word in fold(f"{key} {name}") for word in wanted))
    return list(dict.fromkeys(near))[:NEAR]
