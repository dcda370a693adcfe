"""What readers ask of the archive: the newest stories, one story with its history, sources, alerts, figures.

Every function opens its own short read session and returns frozen values; none changes anything. A list never
loads bodies, and no list costs one query per row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, Table, case, column, false, func, or_, select, table

from scraper import models, urls
from scraper.store.answers import (
    EVERYTHING,
    Alert,
    Fetch,
    Filter,
    FullItem,
    Happening,
    Item,
    Judged,
    Related,
    Revision,
    Sighting,
    Snapshot,
    SourceState,
    Stats,
    Story,
)
from scraper.store.database import Database
from scraper.store.feedback import word_on
from scraper.text import fold
from scraper.values import Reason

__all__ = [
    "EVERYTHING",
    "Alert",
    "Fetch",
    "Filter",
    "FullItem",
    "Happening",
    "Item",
    "Judged",
    "Related",
    "Revision",
    "Sighting",
    "Snapshot",
    "SourceState",
    "Stats",
    "Story",
    "alerts",
    "count",
    "find",
    "newest",
    "revision",
    "search",
    "sources",
    "stats",
    "story",
    "terms",
    "walk",
]

MAX_TERMS = 16
"""Words and phrases of one search that count; the rest is ignored. FTS5 refuses expressions of a few hundred."""

BATCH = 200
"""Articles read at once when the whole archive is walked: about 2 MB of text."""

LATEST_FETCHES = 5
"""Lines of the fetch log shown with each source."""

Rows: TypeAlias = Select[*tuple[Any, ...]]

_TABLES = models.Article.metadata.tables
_article, _copy, _link, _revision = (_TABLES[name] for name in ("article", "copy", "link", "revision"))
_judgement, _snapshot, _source = (_TABLES[name] for name in ("judgement", "snapshot", "source"))
_mention = _TABLES["mention"]
_outbox, _fetch, _happening, _relation = (_TABLES[name] for name in ("outbox", "fetch", "happening", "relation"))

_fts = table("article_fts", column("rowid"), column("article_fts"))

# The same expression, name for name, as models.STORY_TIME, so that lists walk its index.
_at = case((_article.c.published_at <= _article.c.seen_at, _article.c.published_at), else_=_article.c.seen_at)
_copies = (
    select(func.count()).select_from(_copy).where(_copy.c.of_id == _article.c.id).correlate(_article).scalar_subquery()
)

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LETTERS = re.compile(r"[^\W_]+")


# --- lists -------------------------------------------------------------------------------------------------


def newest(db: Database, wanted: Filter = EVERYTHING, *, limit: int = 50, before: int | None = None) -> list[Item]:
    """The latest articles, newest first.

    Args:
        db: The archive.
        wanted: Which articles.
        limit: How many at most.
        before: Id of the last article of the page before; what follows it is returned.
    """
    with db.read() as session:
        connection = session.connection()
        query = select(*_columns(Item)).where(*_conditions(wanted))
        if before is not None:
            query = query.where(*_after(connection, before))
        rows = connection.execute(query.order_by(_at.desc(), _article.c.id.desc()).limit(limit)).mappings()
        return [Item(**_plain(row)) for row in rows]


def search(
    db: Database, words: str, wanted: Filter = EVERYTHING, *, limit: int = 50, before: int | None = None
) -> list[Item]:
    """The latest articles that hold all of the words and "quoted phrases"; without words, the latest.

    Accents may be left out: ``dak lak`` finds ``Đắk Lắk``. Nothing a person types is refused.
    """
    return newest(db, replace(wanted, words=words), limit=limit, before=before)


def count(db: Database, wanted: Filter = EVERYTHING) -> int:
    """How many articles are wanted."""
    with db.read() as session:
        query = select(func.count()).select_from(_article).where(*_conditions(wanted))
        return session.connection().execute(query).scalar_one()


def walk(db: Database, wanted: Filter = EVERYTHING, *, batch: int = BATCH) -> Iterator[list[FullItem]]:
    """Every wanted article in the order stored, in batches; the archive may be written to meanwhile."""
    last = 0
    query = select(*_columns(FullItem)).where(*_conditions(wanted)).order_by(_article.c.id).limit(batch)
    while True:
        with db.read() as session:
            rows = session.connection().execute(query.where(_article.c.id > last)).mappings().all()
        if not rows:
            return
        yield [FullItem(**_plain(row)) for row in rows]
        last = rows[-1]["id"]


def _columns(kind: type[Item]) -> list[ColumnElement[Any]]:
    return [*_named(_article, kind), _at.label("at"), _copies.label("copies")]


def _named(rows: Table, kind: type) -> list[ColumnElement[Any]]:
    """The columns that a value has fields for."""
    return [rows.c[field.name] for field in fields(kind) if field.name in rows.c]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as arguments: JSON lists become tuples, reasons values."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if "reasons" in values:
        values["reasons"] = tuple(Reason(**reason) for reason in values["reasons"])
    return values


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.labels:
        yield _article.c.label.in_(wanted.labels)
    if wanted.sources:
        yield _article.c.source.in_(wanted.sources)
    if wanted.since is not None:
        yield _at >= wanted.since
    if wanted.until is not None:
        yield _at < wanted.until
    if wanted.min_score > 0:
        yield _article.c.score >= wanted.min_score
    if not wanted.copies:
        yield _article.c.copy_of.is_(None)
    if wanted.words.strip():
        yield _holds(wanted.words)
    for kind, keys in (("document", wanted.documents), ("place", wanted.places)):
        if keys:
            named = (_mention.c.kind == kind) & _mention.c.key.in_(keys)
            yield _article.c.id.in_(select(_mention.c.article_id).where(named))


def _holds(words: str) -> ColumnElement[bool]:
    query = _fts_query(words)
    if not query:
        return false()
    return _article.c.id.in_(select(_fts.c.rowid).where(_fts.c.article_fts.op("MATCH")(query)))


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


def _after(connection: Connection, before: int) -> Iterator[ColumnElement[bool]]:
    moment = connection.execute(select(_at).where(_article.c.id == before)).scalar()
    if moment is not None:
        yield _at <= moment
        yield or_(_at < moment, _article.c.id < before)


# --- one story ---------------------------------------------------------------------------------------------


def find(db: Database, ref: str) -> int | None:
    """The id of the article meant by an id, an address (also as listed or with tracking) or a key."""
    ref = ref.strip().encode(errors="replace").decode()  # half characters from a terminal cannot be asked for
    by_id = _article.c.id == int(ref) if re.fullmatch(r"[0-9]{1,18}", ref) else false()
    addresses = {ref, urls.canonical(ref) or ref}
    query = select(_article.c.id).where(
        or_(by_id, _article.c.key == ref, _article.c.url.in_(addresses), _article.c.canonical_url.in_(addresses))
    )
    listed = select(_link.c.article_id).where(_link.c.url.in_(addresses), _link.c.article_id.is_not(None))
    with db.read() as session:
        connection = session.connection()
        found = connection.execute(query.order_by(_article.c.id).limit(1)).scalar()
        return found if found is not None else connection.execute(listed.limit(1)).scalar()


def story(db: Database, article_id: int) -> Story | None:
    """One article with its history, ``None`` when there is none of that id."""
    with db.read() as session:
        connection = session.connection()
        query = select(*_columns(FullItem)).where(_article.c.id == article_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Story(**_plain(row), **_history(connection, article_id))


def revision(db: Database, article_id: int, number: int) -> Revision | None:
    """One state of an article, ``None`` when it never had that many."""
    with db.read() as session:
        query = _revisions(article_id).where(_revision.c.number == number)
        row = session.connection().execute(query).mappings().one_or_none()
        return None if row is None else Revision(**_plain(row))


def _history(connection: Connection, article_id: int) -> dict[str, Any]:
    def rows(query: Rows) -> Iterator[dict[str, Any]]:
        return (_plain(row) for row in connection.execute(query).mappings())

    of_this = _sightings(_copy.c.article_id).where(_copy.c.of_id == article_id)
    original = _sightings(_copy.c.of_id).where(_copy.c.article_id == article_id)
    happenings = select(*_named(_happening, Happening)).where(_happening.c.article_id == article_id)
    judgements = select(*_named(_judgement, Judged)).where(_judgement.c.article_id == article_id)
    snapshots = select(*_named(_snapshot, Snapshot)).where(_snapshot.c.article_id == article_id)
    return {
        "original": next((Sighting(**row) for row in rows(original)), None),
        "sightings": tuple(Sighting(**row) for row in rows(of_this)),
        "related": tuple(_related(connection, article_id)),
        "happenings": tuple(Happening(**row) for row in rows(happenings.order_by(_happening.c.id))),
        "history": tuple(Revision(**row) for row in rows(_revisions(article_id))),
        "judgements": tuple(Judged(**row) for row in rows(judgements.order_by(_judgement.c.id.desc()))),
        "word": word_on(connection, article_id),
        "snapshots": tuple(Snapshot(**row) for row in rows(snapshots.order_by(_snapshot.c.id.desc()))),
    }


def _related(connection: Connection, article_id: int) -> list[Related]:
    """Both ways: what the article follows or overlaps, and what follows or overlaps it."""
    columns = [_article.c[name] for name in ("id", "source", "url", "title")]
    ways = (
        (_relation.c.article_id, _relation.c.other_id, _relation.c.kind),
        (
            _relation.c.other_id,
            _relation.c.article_id,
            case((_relation.c.kind == "follow-up", "followed by"), else_="overlap"),
        ),
    )
    found = []
    for own, other, kind in ways:
        query = select(*columns, _at.label("at"), kind.label("kind"), _relation.c.score).where(own == article_id)
        rows = connection.execute(query.select_from(_relation.join(_article, _article.c.id == other))).mappings()
        found += [Related(**row) for row in rows]
    return sorted(found, key=lambda related: (related.at, related.id))


def _revisions(article_id: int) -> Rows:
    query = select(*_named(_revision, Revision)).where(_revision.c.article_id == article_id)
    return query.order_by(_revision.c.number)


def _sightings(other: ColumnElement[Any]) -> Rows:
    columns = [_article.c[name] for name in ("id", "source", "url", "title")]
    return (
        select(*columns, _at.label("at"), _copy.c.kind, _copy.c.score, _copy.c.found_at)
        .select_from(_copy.join(_article, _article.c.id == other))
        .order_by(_at, _article.c.id)
    )


# --- sources, alerts, figures ------------------------------------------------------------------------------


def sources(db: Database) -> list[SourceState]:
    """How watching each source goes, by name."""
    with db.read() as session:
        connection = session.connection()
        rows = connection.execute(select(_source).order_by(_source.c.name)).mappings().all()
        articles = _counts(connection, _article.c.source)
        links = _link_counts(connection)
        fetches = _latest_fetches(connection)
    return [
        SourceState(
            **row,
            articles=articles.get(row["name"], 0),
            links=links.get(row["name"], {}),
            fetches=tuple(fetches.get(row["name"], ())),
        )
        for row in rows
    ]


def alerts(db: Database, state: str | None = None, *, limit: int = 50) -> list[Alert]:
    """Messages, newest first; ``state`` restricts them to one state."""
    query = select(*_named(_outbox, Alert)).order_by(_outbox.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_outbox.c.state == state)
    with db.read() as session:
        return [Alert(**row) for row in session.connection().execute(query).mappings()]


def stats(db: Database, *, days: int = 30) -> Stats:
    """The archive in figures; ``days`` is how many days ``by_day`` goes back over, counting those with news."""
    with db.read() as session:
        connection = session.connection()
        return Stats(
            **_article_figures(connection),
            **_snapshot_figures(connection),
            revisions=connection.execute(select(func.count()).select_from(_revision)).scalar_one(),
            oldest=connection.execute(select(func.min(_article.c.seen_at))).scalar(),
            newest=connection.execute(select(func.max(_article.c.seen_at))).scalar(),
            by_day=_days(connection, days),
            outbox=_counts(connection, _outbox.c.state),
            size_bytes=db.size_bytes(),
        )


def _article_figures(connection: Connection) -> dict[str, Any]:
    """All counts of articles in one pass, as it reads the whole table."""
    number, copied = func.count(), func.count(_article.c.copy_of)
    keys = {"by_label": _article.c.label, "by_source": _article.c.source, "by_state": _article.c.state}
    rows = connection.execute(select(number, copied, *keys.values()).group_by(*keys.values())).all()
    counted = {name: Counter[str]() for name in keys}
    for articles, _, *values in rows:
        for name, value in zip(keys, values, strict=True):
            counted[name][value] += articles
    return counted | {"articles": sum(row[0] for row in rows), "copies": sum(row[1] for row in rows)}


def _snapshot_figures(connection: Connection) -> dict[str, Any]:
    raw, packed = func.sum(_snapshot.c.size), func.sum(func.length(_snapshot.c.body))
    row = connection.execute(select(func.count(), func.coalesce(raw, 0), func.coalesce(packed, 0))).one()
    return dict(zip(("snapshots", "snapshot_bytes", "packed_bytes"), row, strict=True))


def _counts(connection: Connection, by: ColumnElement[Any]) -> dict[str, int]:
    query = select(by, func.count()).group_by(by).order_by(by)
    return {row[0]: row[1] for row in connection.execute(query)}


def _link_counts(connection: Connection) -> dict[str, dict[str, int]]:
    result: dict[str, dict[str, int]] = {}
    query = select(_link.c.source, _link.c.state, func.count()).group_by(_link.c.source, _link.c.state)
    for source, state, number in connection.execute(query):
        result.setdefault(source, {})[state] = number
    return result


def _latest_fetches(connection: Connection) -> dict[str, list[Fetch]]:
    """A few index steps per source; a window function would read the whole log."""
    one = _fetch.alias()
    of_source = select(one.c.id).where(one.c.source == _source.c.name).order_by(one.c.id.desc())
    query = (
        select(*_named(_fetch, Fetch))
        .select_from(_source.join(_fetch, _fetch.c.id.in_(of_source.limit(LATEST_FETCHES).correlate(_source))))
        .order_by(_fetch.c.id.desc())
    )
    result: dict[str, list[Fetch]] = {}
    for row in connection.execute(query).mappings():
        result.setdefault(row["source"], []).append(Fetch(**row))
    return result


def _days(connection: Connection, days: int) -> dict[str, int]:
    day = func.date(_article.c.seen_at)
    query = select(day, func.count()).group_by(day).order_by(day.desc()).limit(days)
    return {str(value): number for value, number in connection.execute(query)}
