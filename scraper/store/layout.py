"""Whether an outlet's layout has changed: most of its articles look edited at once, which no desk does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from scraper.models import Article, Happening
from scraper.store.database import Database
from scraper.values import Doubt

ARTICLES = 3
"""Articles of one source in doubt before its layout can be what changed: two may be rewritten on one day."""

MEMORY = timedelta(days=2)
"""How long articles that were read anew for a changed layout speak for those that are looked at later."""


def doubt_of(stored: Mapping[str, Any]) -> Doubt:
    """A doubt as it stands in an article's row."""
    return Doubt(**{**stored, "since": datetime.fromisoformat(stored["since"])})


def changed(session: Session, source: str, now: datetime) -> bool:
    """Whether more of a source's articles are in doubt as broken, or were read anew for it, than are sound.

    Only articles that were looked at since the first doubt count.
    """
    doubts = _broken(session, source)
    if not doubts:
        return False
    anew = select(Happening.article_id, Happening.at).join(Article).where(Article.source == source)
    reread = dict(session.exec(anew.where(Happening.kind == "reread", Happening.at >= now - MEMORY)).all())
    broken = {id_: doubt.since for id_, doubt in doubts.items()} | reread
    if len(broken) < ARTICLES:
        return False
    looked_at = (Article.source == source, Article.checked_at >= min(broken.values()))
    sound = select(func.count()).select_from(Article).where(*looked_at, col(Article.id).not_in(broken))
    return session.exec(sound).one() < len(broken)


def fault(db: Database, source: str, now: datetime) -> str:
    """What to do about a source whose layout has changed, ``""`` when it has not, or what was read anew is sound."""
    with db.look() as connection:
        if connection.execute(_IN_DOUBT, {"of": source}).scalar_one() < ARTICLES:
            return ""
    with db.read() as session:
        if len(_broken(session, source)) < ARTICLES or not changed(session, source, now):
            return ""
    return (
        "most of its articles that were looked at again lost their text or are read from another place, so its layout "
        f"has changed; their text is kept as it was: see 'scraper sources test {source}' and correct the rules"
    )


_IN_DOUBT = select(func.count()).where(Article.source == bindparam("of"), col(Article.doubt).is_not(None))


def _broken(session: Session, source: str) -> dict[int, Doubt]:
    held = select(Article.id, Article.doubt).where(Article.source == source, col(Article.doubt).is_not(None))
    doubts = ((id_ or 0, doubt_of(stored)) for id_, stored in session.exec(held).all() if stored)
    return {id_: doubt for id_, doubt in doubts if doubt.reason == "broken"}
