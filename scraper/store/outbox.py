"""Messages that must reach a channel: written with what caused them, marked when the channel said yes.

What a watch wants in a digest is a row too, held until the digest's time; all rows of a digest then go out as one
message, whose key names watch and time, so that one sent again after a crash is known for what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import sqlalchemy as core
from sqlalchemy import Connection, bindparam
from sqlmodel import Session, col, func, or_, select, update

from scraper.models import Article, OutboxRow
from scraper.store.database import AnyRow, Database, insert_into
from scraper.values import EventName, Intent, Message


def key_of(intent: Intent, about: str) -> str:
    """The idempotency key: an event about one thing reaches a channel once, whichever rules ask for it."""
    return f"{intent.event}/{intent.channel}/{about}" + (f"#{intent.mark}" if intent.mark else "")


def enqueue(
    session: Session,
    intents: Iterable[Intent],
    now: datetime,
    *,
    source: str,
    about: str = "",
    article_id: int | None = None,
) -> int:
    """Add messages inside the caller's transaction; those whose key was used before are left out.

    A story is told as new once, by whichever of its articles comes first.

    Args:
        session: The caller's open write session.
        intents: What is to be told.
        now: The present moment, aware UTC.
        source: The source's name.
        about: The article's key; empty for events about the source, told once per moment.
        article_id: The article's row.

    Returns:
        How many messages were new.
    """
    connection, added = session.connection(), 0
    for intent in intents:
        key = key_of(intent, about or f"{source}@{now.isoformat()}")
        if connection.execute(_KNOWN, {"of": key}).first() is not None:
            continue
        if intent.event == "new" and article_id is not None and _story_told(connection, intent.channel, article_id):
            continue
        row = {
            **_WAITING,
            "key": key,
            "channel": intent.channel,
            "event": intent.event,
            "alert": intent.alert,
            "article_id": article_id,
            "source": source,
            "message": {**intent.facts, "article_id": article_id},
            "created_at": now,
            "next_try_at": intent.due or now,
            "digest": f"{intent.alert}@{intent.due.isoformat()}" if intent.due else "",
        }
        connection.execute(insert_into(OutboxRow), row)
        added += 1
    return added


def enqueue_daily(db: Database, channel: str, day: str, message: Mapping[str, object], now: datetime) -> bool:
    """Add a day's digest for a channel, unless it was added before.

    Args:
        db: The archive.
        channel: Who is told.
        day: The day it is of, as ``2026-03-02``; together with the channel its idempotency key.
        message: ``subject``, ``text`` and ``html``.
        now: The present moment, aware UTC.

    Returns:
        Whether it was new.
    """
    intent = Intent("daily", "daily digest", channel, dict(message))
    with db.write() as session:
        return enqueue(session, [intent], now, source="", about=day) > 0


def has_daily(db: Database, channel: str, day: str) -> bool:
    """Whether a channel's digest of a day was added already, sent or not."""
    with db.read() as session:
        key = key_of(Intent("daily", "", channel), day)
        return session.exec(select(OutboxRow.id).where(OutboxRow.key == key)).first() is not None


def _story_told(connection: Connection, channel: str, article_id: int) -> bool:
    """Whether a channel was told of the article's story, by any of its articles."""
    head = connection.execute(_STORY, {"of": article_id}).scalar_one() or article_id
    return connection.execute(_TOLD, {"of": head, "to": channel}).first() is not None


def due(db: Database, channel: str, now: datetime, limit: int = 100) -> list[Message]:
    """A channel's messages that are due, in order: what is told at once, then digests.

    What is told at once keeps its order behind the oldest; while that one waits for its next try, so do the others.
    """
    with db.look() as connection:
        rows = connection.execute(_AT_ONCE, {"of": channel, "limit": limit}).all()
        parts = connection.execute(_HELD, {"of": channel, "now": now}).all()
    if rows and rows[0].next_try_at > now:
        rows = []
    groups = (list(group) for _, group in groupby(parts, key=lambda row: row.digest))
    return [*map(_message, rows), *sorted(map(_digest, groups), key=lambda message: message.id)]


def _digest(rows: Sequence[AnyRow]) -> Message:
    """All that waits for one digest as one message."""
    first = rows[0]
    _, _, due_at = first.digest.rpartition("@")
    stories = [{**row.message, "event": row.event, "key": row.key} for row in rows]
    return Message(
        id=first.id,
        key=f"digest/{first.channel}/{first.digest}",
        channel=first.channel,
        event="digest",
        alert=first.alert,
        source="",
        body={"watch": first.alert, "due_at": due_at, "stories": stories},
        created_at=first.created_at,
        tries=max(row.tries for row in rows),
        others=tuple(row.id for row in rows[1:]),
    )


def _message(row: AnyRow) -> Message:
    event: EventName = row.event
    return Message(
        id=row.id,
        key=row.key,
        channel=row.channel,
        event=event,
        alert=row.alert,
        source=row.source,
        body=row.message,
        created_at=row.created_at,
        tries=row.tries,
    )


def waiting_channels(db: Database) -> list[str]:
    """Channels that messages wait for."""
    with db.look() as connection:
        return sorted(connection.execute(_CHANNELS).scalars())


def next_due(db: Database) -> datetime | None:
    """When something may be sent next: the oldest message that waits for each channel, or a digest."""
    with db.look() as connection:
        return connection.execute(_NEXT).scalar()


def mark_sent(db: Database, message: Message, now: datetime) -> None:
    """The channel said yes."""
    values = {"state": "sent", "sent_at": now, "error": "", "tries": OutboxRow.tries + 1}
    with db.write() as session:
        session.exec(update(OutboxRow).where(col(OutboxRow.id).in_(message.rows)).values(**values))


def mark_failed(db: Database, message: Message, error: str, next_try_at: datetime | None) -> None:
    """The channel said no: tried again later, or given up (``next_try_at`` is ``None``) and kept for the reader."""
    values: dict[str, object] = {"error": error, "tries": OutboxRow.tries + 1}
    values |= {"next_try_at": next_try_at} if next_try_at else {"state": "failed"}
    with db.write() as session:
        session.exec(update(OutboxRow).where(col(OutboxRow.id).in_(message.rows)).values(**values))


def retry_failed(db: Database, now: datetime) -> int:
    """Put messages that were given up back in the queue."""
    with db.write() as session:
        values = {"state": "waiting", "next_try_at": now}
        return session.exec(update(OutboxRow).where(col(OutboxRow.state) == "failed").values(**values)).rowcount


def counts(db: Database) -> Mapping[str, int]:
    """Messages by state."""
    with db.read() as session:
        return dict(session.exec(select(OutboxRow.state, func.count()).group_by(col(OutboxRow.state))).all())


# --- what is asked again and again, made once ----------------------------------------------------------------

_OUTBOX: core.Table = OutboxRow.metadata.tables["outbox"]
_WAITING: Mapping[str, object] = {"state": "waiting", "tries": 0, "sent_at": None, "error": ""}
_KNOWN = core.select(_OUTBOX.c.id).where(_OUTBOX.c.key == bindparam("of"))
_ARTICLES: core.Table = Article.metadata.tables["article"]
_STORY = core.select(_ARTICLES.c.copy_of).where(_ARTICLES.c.id == bindparam("of"))
_OF_STORY = core.select(_ARTICLES.c.id).where(
    or_(_ARTICLES.c.copy_of == bindparam("of"), _ARTICLES.c.id == bindparam("of"))
)
_TOLD = core.select(_OUTBOX.c.id).where(
    _OUTBOX.c.channel == bindparam("to"),
    _OUTBOX.c.event.in_(["new", "adds_facts"]),
    _OUTBOX.c.article_id.in_(_OF_STORY),
)
_WAITS = _OUTBOX.c.state == "waiting"
_OF_CHANNEL = core.select(_OUTBOX).where(_WAITS, _OUTBOX.c.channel == bindparam("of"))
_AT_ONCE = _OF_CHANNEL.where(_OUTBOX.c.digest == "").order_by(_OUTBOX.c.id).limit(bindparam("limit"))
_HELD = _OF_CHANNEL.where(_OUTBOX.c.digest != "", _OUTBOX.c.next_try_at <= bindparam("now")).order_by(
    _OUTBOX.c.digest, _OUTBOX.c.id
)
_CHANNELS = core.select(_OUTBOX.c.channel).where(_WAITS).distinct()
_OLDEST = core.select(core.func.min(_OUTBOX.c.id)).where(_WAITS).group_by(_OUTBOX.c.channel, _OUTBOX.c.digest)
_NEXT = core.select(core.func.min(_OUTBOX.c.next_try_at)).where(_OUTBOX.c.id.in_(_OLDEST))
