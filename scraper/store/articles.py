"""What the archive knows of an article, and the one transaction that writes what was decided about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import zstandard
from sqlmodel import Session, col, func, select, update

from scraper.errors import NotFoundError
from scraper.models import PARSER_VERSION, Article, ArticleData, Copy, Judgement, Link, Revision, Snapshot, Source
from scraper.store import outbox
from scraper.store.database import Database
from scraper.text import fold
from scraper.values import Intent, Known, KnownArticle, Label, Outcome, Page, Recheck, Validators
from scraper.values import Judgement as Judged
from scraper.values import Link as FoundLink

SNAPSHOT_LEVEL = 9
"""zstd level: 12 % smaller than the default at under 2 ms for a real page of 130 kB."""

KEPT_HEADERS = ("content-type", "date", "etag", "last-modified", "server")
"""Response headers kept with a snapshot; cookies and the like are nobody's business."""

Enqueue = Callable[[Any, Sequence[Intent]], None]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the article's row, its revision number, and how many messages were new."""

    article_id: int
    revision: int
    alerts: int


class SqlIndex:
    """The :class:`~scraper.values.Index` over the archive."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_hash(self, text_hash: str) -> Sequence[KnownArticle]:
        """Articles whose normalised body hashes the same, earliest first."""
        statement = select(Article).where(Article.text_hash == text_hash).order_by(col(Article.id)).limit(20)
        return [_known(row) for row in self._session.exec(statement).all()] if text_hash else []


def known_for(db: Database, source: str, keys: Iterable[str], text_hash: str, *, baseline: bool = False) -> Known:
    """What the archive holds that bears on a parsed article.

    Args:
        db: The archive.
        source: The source's name.
        keys: Keys under which the article may be stored: its link's and its canonical address's.
        text_hash: Its body's hash, ``""`` to look for no copies.
        baseline: Whether its link came with the source's first poll.
    """
    with db.read() as session:
        statement = select(Article).where(col(Article.key).in_(list(keys))).order_by(col(Article.id))
        same = session.exec(statement).first()
        twins = [a for a in SqlIndex(session).by_hash(text_hash) if same is None or a.id != same.id]
        row = session.get(Source, source)
        return Known(
            same=_known(same, with_data=True) if same else None,
            twins=tuple(twins),
            baseline=baseline,
            added_at=row.added_at if row else None,
        )


def _known(row: Article, *, with_data: bool = False) -> KnownArticle:
    label: Label = row.label  # type: ignore[assignment]  # only Label values are ever written
    return KnownArticle(
        id=row.id or 0,
        source=row.source,
        key=row.key,
        url=row.url,
        content_hash=row.content_hash,
        seen_at=row.seen_at,
        state=row.state,
        revisions=row.revisions,
        rechecks=row.rechecks,
        copy_of=row.copy_of,
        label=label,
        score=row.score,
        parser_version=PARSER_VERSION,
        data=article_data(row) if with_data else None,
    )


def known_article(db: Database, article_id: int) -> KnownArticle:
    """A stored article with its latest state.

    Raises:
        NotFoundError: There is no such article.
    """
    with db.read() as session:
        row = session.get(Article, article_id)
        if row is None:
            raise NotFoundError(f"no article {article_id} in {db.url}; 'scraper list' shows what there is")
        return _known(row, with_data=True)


def article_ids(db: Database) -> list[int]:
    """All articles, oldest first."""
    with db.read() as session:
        return list(session.exec(select(Article.id).order_by(col(Article.id))).all())  # type: ignore[arg-type]  # stored rows have an id


def article_data(row: Article) -> ArticleData:
    """An article's latest state as a validated value."""
    return ArticleData.model_validate({name: getattr(row, name) for name in ArticleData.model_fields})


def apply(db: Database, outcome: Outcome, *, link_id: int | None = None, enqueue: Enqueue | None = None) -> Applied:
    """Write all that was decided about one article, or nothing: article, revision, judgement, snapshot, outbox.

    Args:
        db: The archive.
        outcome: What :func:`scraper.decide.decide` said.
        link_id: The link it was fetched for, marked as stored.
        enqueue: Called with the driver's connection and the intents before the commit, so that a task queue in
            the same database can defer jobs in this very transaction.
    """
    with db.write() as session:
        article = session.get_one(Article, outcome.same.id) if outcome.same else _new_article(session, outcome)
        _note_check(article, outcome)
        if outcome.change.kind in {"new", "substantive"}:
            _add_revision(session, article, outcome)
        if outcome.change.kind in {"substantive", "cosmetic"}:
            _set_state(article, outcome)
        session.flush()
        article_id = article.id or 0
        if link_id is not None:
            session.exec(
                update(Link).where(col(Link.id) == link_id).values(state="stored", article_id=article_id, error="")
            )
        alerts = outbox.enqueue(
            session, outcome.intents, outcome.now, source=outcome.source, about=article.key, article_id=article_id
        )
        if enqueue is not None:
            enqueue(session.connection().connection.driver_connection, outcome.intents)
        return Applied(article_id, article.revisions, alerts)


def _new_article(session: Session, outcome: Outcome) -> Article:
    article = Article(
        source=outcome.source,
        key=outcome.key,
        url=outcome.data.url,
        canonical_url=outcome.data.canonical_url,
        title="",
        lead="",
        text="",
        content_hash="",
        text_hash="",
        folded="",
        seen_at=outcome.now,
        checked_at=outcome.now,
        revisions=0,
    )
    _set_state(article, outcome)
    session.add(article)
    session.flush()
    if outcome.match:
        article.copy_of = outcome.match.article_id
        session.add(
            Copy(
                article_id=article.id or 0,
                of_id=outcome.match.article_id,
                kind=outcome.match.kind,
                score=outcome.match.score,
                found_at=outcome.now,
            )
        )
    return article


def _set_state(article: Article, outcome: Outcome) -> None:
    fields = outcome.data.model_dump()
    for name in ArticleData.model_fields:
        if name != "url":
            setattr(article, name, fields[name])
    article.content_hash, article.text_hash = outcome.content_hash, outcome.text_hash
    article.folded = folded(outcome.data)


def folded(data: ArticleData) -> str:
    """What the full-text index sees of an article."""
    return fold("\n".join((data.title, data.lead, data.place, data.section, *data.tags, data.text)))


def _note_check(article: Article, outcome: Outcome) -> None:
    article.checked_at, article.next_recheck_at = outcome.now, outcome.next_recheck_at
    article.rechecks += outcome.same is not None
    article.state, article.gone_since = "live", None
    if outcome.page is not None and outcome.change.kind != "collapsed":
        article.etag = outcome.page.validators.etag
        article.last_modified = outcome.page.validators.last_modified


def _add_revision(session: Session, article: Article, outcome: Outcome) -> None:
    article.revisions += 1
    if outcome.same is not None:
        article.changed_at = outcome.now
    session.add(
        Revision(
            article_id=article.id or 0,
            number=article.revisions,
            seen_at=outcome.now,
            kind=outcome.change.kind,
            changed=list(outcome.change.fields),
            content_hash=outcome.content_hash,
            data=outcome.data.model_dump(mode="json"),
        )
    )
    _judge(session, article, outcome.judgement, outcome.policy_version, outcome.now)
    if outcome.page is not None:
        session.add(_snapshot(article, outcome.page))


def _judge(session: Session, article: Article, judgement: Judged, policy_version: str, now: datetime) -> None:
    reasons = [asdict(reason) for reason in judgement.reasons]
    article.label, article.score, article.points = judgement.label, judgement.score, judgement.points
    article.reasons = reasons
    session.add(
        Judgement(
            article_id=article.id or 0,
            revision=article.revisions,
            judged_at=now,
            policy_version=policy_version,
            label=judgement.label,
            score=judgement.score,
            points=judgement.points,
            reasons=reasons,
        )
    )


def rejudge(db: Database, article_id: int, judgement: Judged, policy_version: str, now: datetime) -> None:
    """Write what the present rules say of a stored article. Nobody is alerted."""
    with db.write() as session:
        _judge(session, session.get_one(Article, article_id), judgement, policy_version, now)


def restate(db: Database, outcome: Outcome) -> None:
    """Write what the present parser reads from a stored page over the article and its newest revision.

    A better parser is no edit: no revision is added and nobody is alerted.
    """
    if outcome.same is None:
        raise NotFoundError(f"{outcome.data.url}: is not in the archive, so it cannot be parsed again")
    with db.write() as session:
        article = session.get_one(Article, outcome.same.id)
        _set_state(article, outcome)
        newest = select(Revision).where(Revision.article_id == article.id, Revision.number == article.revisions)
        revision = session.exec(newest).one()
        revision.data, revision.content_hash = outcome.data.model_dump(mode="json"), outcome.content_hash
        revision.parser_version = PARSER_VERSION
        _judge(session, article, outcome.judgement, outcome.policy_version, outcome.now)


def _snapshot(article: Article, page: Page) -> Snapshot:
    return Snapshot(
        article_id=article.id or 0,
        revision=article.revisions,
        url=page.final_url,
        fetched_at=page.fetched_at,
        status=page.status,
        headers={name: page.headers[name] for name in KEPT_HEADERS if name in page.headers},
        sha256=hashlib.sha256(page.body).hexdigest(),
        size=len(page.body),
        body=zstandard.ZstdCompressor(level=SNAPSHOT_LEVEL).compress(page.body),
    )


def snapshot_page(db: Database, article_id: int, revision: int | None = None) -> Page | None:
    """The page an article's revision was read from, the newest by default, ``None`` when it was not kept."""
    statement = select(Snapshot).where(Snapshot.article_id == article_id).order_by(col(Snapshot.revision).desc())
    if revision is not None:
        statement = statement.where(Snapshot.revision == revision)
    with db.read() as session:
        row = session.exec(statement).first()
    if row is None:
        return None
    body = zstandard.ZstdDecompressor().decompress(row.body, max_output_size=row.size)
    return Page(row.url, row.url, row.status, row.headers, body, row.fetched_at)


def due_rechecks(db: Database, sources: Iterable[str], now: datetime, limit: int = 200) -> list[Recheck]:
    """Stored articles of these sources that are due to be looked at again, the most overdue first."""
    statement = (
        select(Article)
        .where(col(Article.next_recheck_at) <= now, col(Article.source).in_(list(sources)))
        .order_by(col(Article.next_recheck_at))
        .limit(limit)
    )
    with db.read() as session:
        rows = session.exec(statement).all()
    return [
        Recheck(
            article_id=row.id or 0,
            source=row.source,
            link=FoundLink(row.url, row.key, row.title, published_at=row.published_at),
            since=row.published_at or row.seen_at,
            validators=Validators(row.etag, row.last_modified),
            gone_since=row.gone_since,
        )
        for row in rows
    ]


def next_recheck(db: Database, sources: Iterable[str]) -> datetime | None:
    """When the next stored article of these sources is to be looked at again."""
    with db.read() as session:
        statement = select(func.min(Article.next_recheck_at)).where(col(Article.source).in_(list(sources)))
        return session.exec(statement).one()


def still_there(db: Database, article_id: int, now: datetime, next_recheck_at: datetime | None) -> None:
    """A re-check found the article as it was."""
    values = {
        "checked_at": now,
        "next_recheck_at": next_recheck_at,
        "rechecks": Article.rechecks + 1,
        "state": "live",
        "gone_since": None,
    }
    with db.write() as session:
        session.exec(update(Article).where(col(Article.id) == article_id).values(**values))


def recheck_failed(db: Database, article_id: int, next_recheck_at: datetime | None) -> None:
    """A re-check got no answer worth keeping; the article stays as it is."""
    with db.write() as session:
        values = {"next_recheck_at": next_recheck_at}
        session.exec(update(Article).where(col(Article.id) == article_id).values(**values))


def gone(db: Database, article_id: int, now: datetime, *, removed: bool, next_recheck_at: datetime | None) -> None:
    """A re-check found the article missing: for the first time, or for good (``removed``)."""
    with db.write() as session:
        article = session.get_one(Article, article_id)
        article.checked_at, article.next_recheck_at = now, next_recheck_at
        article.gone_since = article.gone_since or now
        article.state = "removed" if removed else article.state
