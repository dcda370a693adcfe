"""One article with all that befell it, and how it is found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, false, or_, select

from scraper import urls
from scraper.store.answers import FullItem, Happening, Judged, Related, Revision, Sighting, Snapshot, Story
from scraper.store.archive import tables
from scraper.store.database import Database
from scraper.store.feedback import word_on


def find(db: Database, ref: str) -> int | None:
    """The id of the article meant by an id, an address (also as listed or with tracking) or a key."""
    ref = ref.strip().encode(errors="replace").decode()  # half characters from a terminal cannot be asked for
    by_id = tables.article.c.id == int(ref) if re.fullmatch(r"[0-9]{1,9}", ref) else false()
    addresses = {ref, urls.canonical(ref) or ref}
    query = select(tables.article.c.id).where(
        or_(
            by_id,
            tables.article.c.key == ref,
            tables.article.c.url.in_(addresses),
            tables.article.c.canonical_url.in_(addresses),
        )
    )
    listed = select(tables.link.c.article_id).where(
        tables.link.c.url.in_(addresses), tables.link.c.article_id.is_not(None)
    )
    with db.read() as session:
        connection = session.connection()
        found = connection.execute(query.order_by(tables.article.c.id).limit(1)).scalar()
        return found if found is not None else connection.execute(listed.limit(1)).scalar()


def story(db: Database, article_id: int) -> Story | None:
    """One article with its history, ``None`` when there is none of that id."""
    with db.read() as session:
        connection = session.connection()
        query = select(*tables.columns(FullItem)).where(tables.article.c.id == article_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Story(**tables.plain(row), **_history(connection, article_id))


def articles(db: Database, ids: Collection[int]) -> list[FullItem]:
    """Some articles, whole, in the order stored; those there are."""
    query = select(*tables.columns(FullItem)).where(tables.article.c.id.in_(ids)).order_by(tables.article.c.id)
    with db.read() as session:
        return [FullItem(**tables.plain(row)) for row in session.connection().execute(query).mappings()]


def revision(db: Database, article_id: int, number: int) -> Revision | None:
    """One state of an article, ``None`` when it never had that many."""
    with db.read() as session:
        query = _revisions(article_id).where(tables.revision.c.number == number)
        row = session.connection().execute(query).mappings().one_or_none()
        return None if row is None else Revision(**tables.plain(row))


def _history(connection: Connection, article_id: int) -> dict[str, Any]:
    def rows(query: tables.Rows) -> Iterator[dict[str, Any]]:
        return (tables.plain(row) for row in connection.execute(query).mappings())

    of_this = sightings(tables.copy.c.article_id).where(tables.copy.c.of_id == article_id)
    original = sightings(tables.copy.c.of_id).where(tables.copy.c.article_id == article_id)
    happenings = select(*tables.named(tables.happening, Happening)).where(tables.happening.c.article_id == article_id)
    judgements = select(*tables.named(tables.judgement, Judged)).where(tables.judgement.c.article_id == article_id)
    snapshots = select(*tables.named(tables.snapshot, Snapshot)).where(tables.snapshot.c.article_id == article_id)
    copies = tuple(Sighting(**row) for row in rows(of_this))
    one_story = {copy.id for copy in copies}
    return {
        "original": next((Sighting(**row) for row in rows(original)), None),
        "sightings": copies,
        "related": tuple(other for other in _related(connection, article_id) if other.id not in one_story),
        "happenings": tuple(Happening(**row) for row in rows(happenings.order_by(tables.happening.c.id))),
        "history": tuple(Revision(**row) for row in rows(_revisions(article_id))),
        "judgements": tuple(Judged(**row) for row in rows(judgements.order_by(tables.judgement.c.id.desc()))),
        "word": word_on(connection, article_id),
        "snapshots": tuple(Snapshot(**row) for row in rows(snapshots.order_by(tables.snapshot.c.id.desc()))),
    }


def _related(connection: Connection, article_id: int) -> list[Related]:
    """Both ways: what the article follows or overlaps, and what follows or overlaps it."""
    columns = [tables.article.c[name] for name in ("id", "source", "url", "title")]
    ways = (
        (tables.relation.c.article_id, tables.relation.c.other_id, tables.relation.c.kind),
        (
            tables.relation.c.other_id,
            tables.relation.c.article_id,
            case((tables.relation.c.kind == "follow-up", "followed by"), else_="overlap"),
        ),
    )
    found = []
    for own, other, kind in ways:
        query = select(*columns, tables.story_time.label("at"), kind.label("kind"), tables.relation.c.score).where(
            own == article_id
        )
        rows = connection.execute(
            query.select_from(tables.relation.join(tables.article, tables.article.c.id == other))
        ).mappings()
        found += [Related(**row) for row in rows]
    return sorted(found, key=lambda related: (related.at, related.id))


def _revisions(article_id: int) -> tables.Rows:
    query = select(*tables.named(tables.revision, Revision)).where(tables.revision.c.article_id == article_id)
    return query.order_by(tables.revision.c.number)


def sightings(other: ColumnElement[Any]) -> tables.Rows:
    """The pairs of a story and its copy, with the article that stands in one column of them, in the story's order."""
    columns = [tables.article.c[name] for name in ("id", "source", "url", "title")]
    return (
        select(*columns, tables.story_time.label("at"), tables.copy.c.kind, tables.copy.c.score, tables.copy.c.found_at)
        .select_from(tables.copy.join(tables.article, tables.article.c.id == other))
        .order_by(tables.story_time, tables.article.c.id)
    )
