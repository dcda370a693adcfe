"""How the watching goes: sources, messages, the archive in figures."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from scraper.store.answers import Alert, Fetch, Queue, SourceState, Stats, Trace, Trouble
from scraper.store.archive import tables
from scraper.store.archive.day import UTC, Day
from scraper.store.database import Database

LATEST_FETCHES = 5
"""Lines of the fetch log shown with each source."""


def sources(db: Database) -> list[SourceState]:
    """How watching each source goes, by name."""
    with db.read() as session:
        connection = session.connection()
        query = select(*tables.named(tables.source, SourceState)).order_by(tables.source.c.name)
        rows = connection.execute(query).mappings().all()
        articles = _counts(connection, tables.article.c.source)
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


def trouble(db: Database) -> list[Trouble]:
    """The sources that are reported as failing, those longest in trouble first."""
    source = tables.source.c
    query = select(*tables.named(tables.source, Trouble)).where(source.trouble_since.is_not(None))
    with db.read() as session:
        rows = session.connection().execute(query.order_by(source.trouble_since, source.name)).mappings()
        return [Trouble(**row) for row in rows]


def poll_times(db: Database, source: str) -> list[datetime]:
    """When a source's first listing was asked for, earliest first, as far back as the fetch log goes."""
    fetch = tables.fetch.c
    asked = (fetch.source == source, fetch.kind == "listing", fetch.outcome != "ListingError")  # which follows a 200
    query = select(fetch.url, fetch.at).where(*asked).order_by(fetch.at, fetch.id)  # a poll writes its first line last
    with db.read() as session:
        rows = session.connection().execute(query).all()
    return [at for url, at in rows if url == rows[0][0]]


def trace(db: Database, key: str, url: str) -> Trace:
    """What is known of one address.

    Args:
        db: The archive.
        key: The article's key; see :func:`scraper.config.Source.key`.
        url: Its canonical address, which lines of the fetch log are found by.
    """
    link, fetch, outbox = tables.link, tables.fetch, tables.outbox
    with db.read() as session:
        connection = session.connection()
        row = connection.execute(select(*tables.named(link, Trace)).where(link.c.key == key)).mappings().first()
        urls = select(link.c.url).where(link.c.key == key).union(select(literal(url)))
        lines = select(*tables.named(fetch, Fetch)).where(fetch.c.url.in_(urls)).order_by(fetch.c.id.desc())
        fetches = tuple(Fetch(**line) for line in connection.execute(lines.limit(LATEST_FETCHES)).mappings())
        if row is None:
            return Trace(fetches=fetches)
        about = select(*tables.named(outbox, Alert)).where(outbox.c.article_id == row["article_id"])
        told = tuple(Alert(**line) for line in connection.execute(about.order_by(outbox.c.id.desc())).mappings())
    return Trace(**row, fetches=fetches, alerts=told)


def alerts(db: Database, state: str | None = None, *, limit: int = 50, before: int | None = None) -> list[Alert]:
    """Messages, newest first; ``state`` restricts them to one state, ``before`` to those older than a message."""
    query = select(*tables.named(tables.outbox, Alert)).order_by(tables.outbox.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(tables.outbox.c.state.concat("") == state)  # the newest first, not all of one state
    if before is not None:
        query = query.where(tables.outbox.c.id < before)
    with db.read() as session:
        return [Alert(**row) for row in session.connection().execute(query).mappings()]


def queues(db: Database) -> list[Queue]:
    """Messages by channel and state."""
    outbox = tables.outbox.c
    query = select(outbox.channel, outbox.state, func.count(), func.min(outbox.created_at))
    with db.read() as session:
        rows = session.connection().execute(query.group_by(outbox.channel, outbox.state)).all()
    return [Queue(*row) for row in rows]


def alert_counts(db: Database) -> dict[str, int]:
    """Messages by state."""
    with db.read() as session:
        return _counts(session.connection(), tables.outbox.c.state)


def stats(db: Database, *, days: int = 30) -> Stats:
    """The archive in figures; ``days`` is how many days ``by_day`` goes back over, counting those with news."""
    with db.read() as session:
        connection = session.connection()
        return Stats(
            **_article_figures(connection),
            **_snapshot_figures(connection),
            revisions=connection.execute(select(func.count()).select_from(tables.revision)).scalar_one(),
            oldest=connection.execute(select(func.min(tables.article.c.seen_at))).scalar(),
            newest=connection.execute(select(func.max(tables.article.c.seen_at))).scalar(),
            by_day=_days(connection, days),
            outbox=_counts(connection, tables.outbox.c.state),
            size_bytes=db.size_bytes(),
            engine=db.engine_name(),
        )


def _article_figures(connection: Connection) -> dict[str, Any]:
    """All counts of articles in one pass, as it reads the whole table."""
    number, copied = func.count(), func.count(tables.article.c.copy_of)
    keys = {
        "by_label": tables.article.c.label,
        "by_source": tables.article.c.source,
        "by_state": tables.article.c.state,
    }
    rows = connection.execute(select(number, copied, *keys.values()).group_by(*keys.values())).all()
    counted = {name: Counter[str]() for name in keys}
    for articles, _, *values in rows:
        for name, value in zip(keys, values, strict=True):
            counted[name][value] += articles
    figures = {name: dict(count) for name, count in counted.items()}  # dataclasses.asdict counts a Counter's items
    return figures | {"articles": sum(row[0] for row in rows), "copies": sum(row[1] for row in rows)}


def _snapshot_figures(connection: Connection) -> dict[str, Any]:
    raw, packed = func.sum(tables.snapshot.c.size), func.sum(func.length(tables.snapshot.c.body))
    row = connection.execute(select(func.count(), func.coalesce(raw, 0), func.coalesce(packed, 0))).one()
    return dict(zip(("snapshots", "snapshot_bytes", "packed_bytes"), row, strict=True))


def _counts(connection: Connection, by: ColumnElement[Any]) -> dict[str, int]:
    query = select(by, func.count()).group_by(by).order_by(by)
    return {row[0]: row[1] for row in connection.execute(query)}


def _link_counts(connection: Connection) -> dict[str, dict[str, int]]:
    result: dict[str, dict[str, int]] = {}
    query = select(tables.link.c.source, tables.link.c.state, func.count()).group_by(
        tables.link.c.source, tables.link.c.state
    )
    for source, state, number in connection.execute(query):
        result.setdefault(source, {})[state] = number
    return result


def _latest_fetches(connection: Connection) -> dict[str, list[Fetch]]:
    """A few index steps per source; a window function would read the whole log."""
    one = tables.fetch.alias()
    of_source = select(one.c.id).where(one.c.source == tables.source.c.name).order_by(one.c.id.desc())
    query = (
        select(*tables.named(tables.fetch, Fetch))
        .select_from(
            tables.source.join(
                tables.fetch, tables.fetch.c.id.in_(of_source.limit(LATEST_FETCHES).correlate(tables.source))
            )
        )
        .order_by(tables.fetch.c.id.desc())
    )
    result: dict[str, list[Fetch]] = {}
    for row in connection.execute(query).mappings():
        result.setdefault(row["source"], []).append(Fetch(**row))
    return result


def _days(connection: Connection, days: int) -> dict[str, int]:
    day = Day(tables.article.c.seen_at, UTC)
    query = select(day, func.count()).group_by(day).order_by(day.desc()).limit(days)
    return {str(value): number for value, number in connection.execute(query)}
