"""Stored articles looked at again: which are due, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlmodel import Session, col, update

from scraper.models import Article, Happening
from scraper.store import outbox
from scraper.store.database import Database
from scraper.values import Intent, Link, Recheck, Validators

A_VISIT = 40
"""Articles looked at in one visit to a source: polls and news come in between, however many are overdue."""


def due_rechecks(db: Database, sources: Iterable[str], now: datetime, limit: int = A_VISIT) -> list[Recheck]:
    """Stored articles of these sources that are due to be looked at again, the most overdue first."""
    asked = {"sources": list(sources), "now": now, "limit": limit}
    with db.look() as connection:
        return [_recheck(row) for row in connection.execute(_DUE, asked)]


def recheck_of(db: Database, article_id: int, now: datetime) -> Recheck | None:
    """A stored article if it is due to be looked at again, else ``None``."""
    with db.look() as connection:
        row = connection.execute(_ONE_DUE, {"of": article_id, "now": now}).first()
    return _recheck(row) if row is not None else None


def _recheck(row: Any) -> Recheck:  # noqa: ANN401 - a row of the columns below
    """A page in doubt or missing is asked for whole: "not modified" would not say what it shows now."""
    whole = row.doubt is not None or row.gone_since is not None
    return Recheck(
        article_id=row.id,
        source=row.source,
        link=Link(row.url, row.key, row.title, published_at=row.published_at),
        published=row.published_at or row.seen_at,
        changed_at=row.changed_at,
        validators=Validators() if whole else Validators(row.etag, row.last_modified),
        gone_since=row.gone_since,
        removed=row.state == "removed",
    )


def next_recheck(db: Database, sources: Iterable[str]) -> datetime | None:
    """When the next stored article of these sources is to be looked at again."""
    with db.look() as connection:
        return connection.execute(_NEXT, {"sources": list(sources)}).scalar()


def still_there(db: Database, article_id: int, now: datetime, next_recheck_at: datetime | None) -> None:
    """The server said that nothing has changed. After a power cut it may be asked again."""
    with db.note() as connection:
        connection.execute(_SAME, {"of": article_id, "now": now, "next": next_recheck_at})


def recheck_failed(db: Database, article_id: int, next_recheck_at: datetime | None) -> None:
    """A re-check got no answer worth keeping; the article stays as it is."""
    with db.write() as session:
        values = {"next_recheck_at": next_recheck_at}
        session.exec(update(Article).where(col(Article.id) == article_id).values(**values))


def gone(
    db: Database,
    article_id: int,
    now: datetime,
    *,
    why: str,
    removed: bool,
    next_recheck_at: datetime | None,
    intents: Iterable[Intent] = (),
) -> int:
    """A re-check found the article missing: for the first time, or for good (``removed``).

    Returns:
        How many messages were new.
    """
    with db.write() as session:
        article = session.get_one(Article, article_id)
        article.checked_at, article.next_recheck_at = now, next_recheck_at
        if article.gone_since is None:
            article.gone_since = now
            session.add(Happening(article_id=article_id, at=now, kind="missing", note=why))
        if removed and article.state != "removed":
            article.state = "removed"
            session.add(Happening(article_id=article_id, at=now, kind="removed", note=why))
        return outbox.enqueue(session, intents, now, source=article.source, about=article.key, article_id=article_id)


def came_back(session: Session, article: Article, now: datetime) -> None:
    """The article's page shows it again, inside the caller's transaction."""
    if article.gone_since is not None:
        kind = "returned" if article.state == "removed" else "found again"
        session.add(Happening(article_id=article.id or 0, at=now, kind=kind))
    article.state, article.gone_since = "live", None


# --- what is asked at every visit, made once -----------------------------------------------------------------

_ARTICLES: Table = Article.metadata.tables["article"]
_READ = "id source url key title published_at seen_at changed_at etag last_modified gone_since doubt state"
_LOOKED_AT = select(*(_ARTICLES.c[name] for name in _READ.split()))
_IS_DUE = _ARTICLES.c.next_recheck_at <= bindparam("now")
_OF_THESE = _ARTICLES.c.source.in_(bindparam("sources", expanding=True))
_DUE = _LOOKED_AT.where(_IS_DUE, _OF_THESE).order_by(_ARTICLES.c.next_recheck_at).limit(bindparam("limit"))
_ONE_DUE = _LOOKED_AT.where(_IS_DUE, _ARTICLES.c.id == bindparam("of"))
_NEXT = select(func.min(_ARTICLES.c.next_recheck_at)).where(_OF_THESE)
_SAME = (
    update(_ARTICLES)
    .where(_ARTICLES.c.id == bindparam("of"))
    .values(checked_at=bindparam("now"), next_recheck_at=bindparam("next"), rechecks=_ARTICLES.c.rechecks + 1)
)
