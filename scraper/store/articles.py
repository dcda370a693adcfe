"""What the archive knows of an article, and the one transaction that writes what was decided about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func
from sqlmodel import Session, col, select, update

from scraper import dedupe, facts
from scraper.errors import NotFoundError
from scraper.models import PARSER_VERSION, Article, ArticleData, FetchRow, Happening, Judgement, Link, Revision, Source
from scraper.store import columns, layout, outbox, rechecks, snapshots, stories
from scraper.store.database import Database, insert_into, insert_row
from scraper.store.facts import note_mentions, write_mentions
from scraper.store.index import SqlIndex, write_shingles
from scraper.values import Fetched, Intent, Known, KnownArticle, Label, Mention, Outcome, Reason
from scraper.values import Judgement as Judged

FLAPS_TOLD = 3
"""Flaps that an article's time line shows; some pages flap for ever."""

Enqueue = Callable[[Any, Sequence[Intent]], None]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the article's row, its revision number, and how many messages were new."""

    article_id: int
    revision: int
    alerts: int


def known_for(
    db: Database, source: str, keys: Iterable[str], text: dedupe.Sketch, now: datetime, *, baseline: bool = False
) -> Known:
    """What the archive holds that bears on a parsed article.

    Args:
        db: The archive.
        source: The source's name.
        keys: Keys under which the article may be stored: its link's and its canonical address's.
        text: The article taken apart; copies are looked for when it is not stored yet.
        now: The present moment, aware UTC.
        baseline: Whether its link came with the source's first poll.
    """
    with db.read() as session:
        found = session.connection().execute(_NAMED, {"keys": list(keys)}).scalar()
        same = session.get(Article, found) if found is not None else None
        row = session.connection().execute(_STANDING, {"source": source}).first()
        return Known(
            same=_known(session, same) if same else None,
            candidates=() if same else dedupe.candidates(text, SqlIndex(session)),
            layout_changed=same is not None and layout.changed(session, source, now),
            failing=row is not None and row.failures > 0,
            baseline=baseline,
            added_at=row.added_at if row else None,
        )


_NAMED = select(func.min(Article.id)).where(col(Article.key).in_(bindparam("keys", expanding=True)))
_STANDING = select(Source.failures, Source.added_at).where(Source.name == bindparam("source"))


def _known(session: Session, row: Article) -> KnownArticle:
    label: Label = row.label  # type: ignore[assignment]  # only Label values are ever written
    states = select(Revision.content_hash).where(Revision.article_id == row.id, Revision.number < row.revisions)
    head = session.get(Article, row.copy_of) if row.copy_of is not None else None
    return KnownArticle(
        id=row.id or 0,
        source=row.source,
        key=row.key,
        url=row.url,
        content_hash=row.content_hash,
        seen_at=row.seen_at,
        state=row.state,
        gone_since=row.gone_since,
        revisions=row.revisions,
        rechecks=row.rechecks,
        changed_at=row.changed_at,
        copy_of=row.copy_of,
        story_at=head.told_at if head is not None else None,
        label=label,
        score=row.score,
        reader=row.reader,
        earlier=frozenset(session.exec(states).all()) if row.revisions > 1 else frozenset(),
        doubt=layout.doubt_of(row.doubt) if row.doubt else None,
        flaps=row.flaps,
        data=article_data(row),
    )


def known_article(db: Database, article_id: int) -> KnownArticle:
    """A stored article with its latest state.

    Raises:
        NotFoundError: There is no such article.
    """
    with db.read() as session:
        return _known(session, _row(session, db, article_id))


def _row(session: Session, db: Database, article_id: int) -> Article:
    row = session.get(Article, article_id)
    if row is None:
        raise NotFoundError(f"no article {article_id} in {db.url}; 'scraper list' shows what there is")
    return row


def known_judgement(db: Database, article_id: int) -> tuple[KnownArticle, Judged, str]:
    """A stored article, what was last said of it, and the version of the rules that said so.

    Raises:
        NotFoundError: There is no such article.
    """
    with db.read() as session:
        row = _row(session, db, article_id)
        newest = select(Judgement.policy_version).where(Judgement.article_id == article_id)
        version = session.exec(newest.order_by(col(Judgement.id).desc()).limit(1)).first() or ""
        known = _known(session, row)
        reasons = tuple(Reason(**reason) for reason in row.reasons)
        return known, Judged(known.label, row.points, row.score, reasons), version


def article_ids(db: Database) -> list[int]:
    """All articles, oldest first."""
    with db.read() as session:
        return list(session.exec(select(Article.id).order_by(col(Article.id))).all())  # type: ignore[arg-type]  # stored rows have an id


def article_data(row: Article) -> ArticleData:
    """An article's latest state as a validated value."""
    return ArticleData.model_validate({name: getattr(row, name) for name in ArticleData.model_fields})


def apply(
    db: Database,
    outcome: Outcome,
    *,
    link_id: int | None = None,
    fetched: Fetched | None = None,
    enqueue: Enqueue | None = None,
) -> Applied:
    """Write all that was decided about one article, or nothing: article, revision, judgement, snapshot, outbox.

    Args:
        db: The archive.
        outcome: What :func:`scraper.decide.decide` said.
        link_id: The link it was fetched for, marked as stored.
        fetched: The line of the fetch log about its page.
        enqueue: Called with the driver's connection and the intents before the commit, so that a task queue in
            the same database can defer jobs in this very transaction.
    """
    with db.write() as session:
        if outcome.same is None:
            article_id, key, number = _add(session, outcome), outcome.key, 1
        else:
            article = session.get_one(Article, outcome.same.id)
            _look_again(session, article, outcome)
            article_id, key, number = outcome.same.id, article.key, article.revisions
        if link_id is not None:
            stored = {"state": "stored", "article_id": article_id, "error": "", "tried_at": outcome.now}
            session.connection().execute(update(Link).where(col(Link.id) == link_id).values(**stored))
        if fetched is not None:
            session.connection().execute(insert_into(FetchRow), asdict(fetched))
        alerts = outbox.enqueue(
            session, outcome.intents, outcome.now, source=outcome.source, about=key, article_id=article_id
        )
        if enqueue is not None:
            enqueue(session.connection().connection.driver_connection, outcome.intents)
        return Applied(article_id, number, alerts)


def _add(session: Session, outcome: Outcome) -> int:
    """Store a new article by plain inserts and give its number."""
    connection = session.connection()
    row = {
        **columns.BLANK,
        **columns.state(outcome),
        **columns.looked(outcome),
        **columns.judged(outcome.judgement),
        "source": outcome.source,
        "key": outcome.key,
        "url": outcome.data.url,
        "seen_at": outcome.now,
        "facts_version": facts.VERSION,
        "copy_of": stories.head_of(outcome.place),
    }
    article_id = insert_row(connection, Article, row)
    write_shingles(connection, article_id, outcome.sample)
    stories.take_place(session, article_id, outcome.place, outcome.now)
    write_mentions(connection, article_id, outcome.mentions)
    _add_state(connection, article_id, 1, outcome)
    return article_id


def _look_again(session: Session, article: Article, outcome: Outcome) -> None:
    """Write what another look at a stored article found."""
    _note_check(session, article, outcome)
    if outcome.change.kind == "substantive":
        article.revisions += 1
        article.changed_at = outcome.now
        _set(article, columns.judged(outcome.judgement))
        _add_state(session.connection(), article.id or 0, article.revisions, outcome)
    if outcome.change.kind in {"substantive", "cosmetic"}:
        _set_state(session, article, outcome)
    if outcome.change.kind == "reread":
        _read_anew(session, article, outcome)
    if outcome.change.kind in {"substantive", "cosmetic", "reread"}:
        note_mentions(session, article, outcome.mentions)
    session.flush()


def _add_state(connection: Connection, article_id: int, number: int, outcome: Outcome) -> None:
    """Add an article's revision, with what was said of it and the page that it was read from."""
    connection.execute(insert_into(Revision), columns.revision_row(article_id, number, outcome))
    said = columns.judgement_row(article_id, number, outcome.judgement, outcome.policy_version, outcome.now)
    connection.execute(insert_into(Judgement), said)
    if outcome.page is not None:
        snapshots.keep(connection, outcome.source, article_id, number, outcome.page)


def _set(article: Article, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(article, name, value)


def _set_state(session: Session, article: Article, outcome: Outcome) -> None:
    indexed = outcome.old_sample if article.sketch_version == dedupe.VERSION else ()
    write_shingles(session.connection(), article.id or 0, outcome.sample, indexed)
    _set(article, columns.state(outcome))


def _note_check(session: Session, article: Article, outcome: Outcome) -> None:
    _set(article, columns.looked(outcome))
    if outcome.doubt is None:
        rechecks.came_back(session, article, outcome.now)
    _note_doubt(session, article, outcome)
    article.rechecks += 1


def _note_doubt(session: Session, article: Article, outcome: Outcome) -> None:
    doubt, article_id = outcome.doubt, article.id or 0
    if doubt is not None and doubt.looks == 1 and doubt.reason == "broken":
        note = f"held for another look: {', '.join(outcome.change.fields)} read as from another page"
        session.add(Happening(article_id=article_id, at=outcome.now, kind="held", note=note))
    if outcome.change.kind == "reread" and article.doubt is not None:
        note = "the outlet's layout changed; the same story is read from another place"
        session.add(Happening(article_id=article_id, at=outcome.now, kind="reread", note=note))
    if outcome.flapped:
        article.flaps += 1
        if article.flaps <= FLAPS_TOLD:
            note = "another look found the state before"
            session.add(Happening(article_id=article_id, at=outcome.now, kind="flapped", note=note))
    article.doubt = {**asdict(doubt), "since": doubt.since.isoformat()} if doubt else None


def _judge(session: Session, article: Article, judgement: Judged, policy_version: str, now: datetime) -> None:
    _set(article, columns.judged(judgement))
    said = columns.judgement_row(article.id or 0, article.revisions, judgement, policy_version, now)
    session.connection().execute(insert_into(Judgement), said)


def rejudge(db: Database, article_id: int, judgement: Judged, policy_version: str, now: datetime) -> None:
    """Write what the present rules say of a stored article. Nobody is alerted."""
    with db.write() as session:
        _judge(session, session.get_one(Article, article_id), judgement, policy_version, now)


def reread_facts(db: Database, article_id: int, found: Sequence[Mention]) -> None:
    """Write which documents and provinces a stored article names as read now."""
    with db.write() as session:
        note_mentions(session, session.get_one(Article, article_id), found)


def restate(db: Database, outcome: Outcome) -> None:
    """Write what the present parser reads from a stored page over the article and its newest revision.

    A better parser is no edit: no revision is added and nobody is alerted.
    """
    if outcome.same is None:
        raise NotFoundError(f"{outcome.data.url}: is not in the archive, so it cannot be parsed again")
    with db.write() as session:
        article = session.get_one(Article, outcome.same.id)
        _read_anew(session, article, outcome)
        note_mentions(session, article, outcome.mentions)


def _read_anew(session: Session, article: Article, outcome: Outcome) -> None:
    _set_state(session, article, outcome)
    article.doubt = None
    newest = select(Revision).where(Revision.article_id == article.id, Revision.number == article.revisions)
    revision = session.exec(newest).one()
    revision.data, revision.content_hash = outcome.data.model_dump(mode="json"), outcome.content_hash
    revision.parser_version = PARSER_VERSION
    _judge(session, article, outcome.judgement, outcome.policy_version, outcome.now)
