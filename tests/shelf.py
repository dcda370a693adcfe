"""An archive filled row by row, with whatever text a test wants where."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import zstandard
from fakes import NOON

from scraper.models import Article, Copy, Mention, Revision, Snapshot
from scraper.store import Database
from scraper.text import fold

REASON = {"rule": "carrying out", "field": "title", "matched": "triển khai", "weight": 4.0}


def add(db: Database, number: int, **fields: Any) -> int:
    """One article, first seen ``number`` hours after noon and published half an hour earlier; not judged."""
    seen = fields.get("seen_at", NOON + timedelta(hours=number))
    base: dict[str, Any] = {
        "id": number,
        "source": "bao",
        "key": f"bao:{number}",
        "url": f"https://bao.example/bai-post{number}.html",
        "canonical_url": f"https://bao.example/bai-post{number}.html",
        "title": f"Bài số {number}",
        "lead": "Tóm tắt.",
        "text": "Đoạn một.\n\nĐoạn hai.",
        "published_at": seen - timedelta(minutes=30),
        "content_hash": f"1:{number}",
        "text_hash": f"1:{number}",
        "seen_at": seen,
        "checked_at": seen,
    }
    values = {**base, **fields}
    values.setdefault("folded", "\n".join(fold(values[name]) for name in ("title", "lead", "text")))
    with db.write() as session:
        session.add(Article(**values))
    return number


def add_copy(db: Database, number: int, of: int, **fields: Any) -> None:
    """One article that is a copy of another; not judged."""
    add(db, number, copy_of=of, **fields)
    with db.write() as session:
        session.add(Copy(article_id=number, of_id=of, kind="exact", score=1.0, found_at=NOON))


JUDGED: dict[str, Any] = {"label": "implementation", "score": 0.75, "points": 4.0, "reasons": [REASON]}


def shelve(db: Database, number: int, **fields: Any) -> int:
    """One article that is judged."""
    return add(db, number, **{**JUDGED, **fields})


def copied(db: Database, number: int, of: int, **fields: Any) -> None:
    """One judged article that is a copy of another."""
    add_copy(db, number, of, **{**JUDGED, **fields})


def revised(db: Database, article: int, number: int, summary: str, changed: tuple[str, ...] = ("title",)) -> None:
    """A state of an article after the first, or the first itself."""
    row = Revision(
        article_id=article,
        number=number,
        seen_at=NOON + timedelta(days=number),
        kind="substantive" if number > 1 else "new",
        changed=list(changed),
        summary=summary,
        content_hash=f"1:{article}:{number}",
        data={},
    )
    with db.write() as session:
        session.add(row)


def mentioned(db: Database, article: int, kind: str, *keys: str) -> None:
    """What an article names."""
    with db.write() as session:
        session.add_all(Mention(article_id=article, kind=kind, key=key, name=key, count=1) for key in keys)


def kept(db: Database, article: int, page: bytes, **fields: Any) -> None:
    """A page of an article, as it was fetched."""
    base: dict[str, Any] = {
        "revision": 1,
        "url": f"https://bao.example/bai-post{article}.html",
        "fetched_at": NOON,
        "status": 200,
        "headers": {"content-type": "text/html; charset=utf-8", "etag": '"abc"'},
        "sha256": hashlib.sha256(page).hexdigest(),
        "size": len(page),
        "body": zstandard.compress(page),
    }
    with db.write() as session:
        session.add(Snapshot(**{**base, "article_id": article, **fields}))
