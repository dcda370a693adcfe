"""What a poll reads and writes: sources that are due, listings' validators, links that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as core
from sqlalchemy import Connection, bindparam
from sqlmodel import Session, SQLModel, col, func, select, update

from scraper.config import ListingRule
from scraper.models import Article, FetchRow, Link, Listing, Source
from scraper.rhythm import Rhythm
from scraper.store import outbox
from scraper.store.database import Database, insert_into
from scraper.values import Fetched, Health, Intent, Pending, Validators
from scraper.values import Link as FoundLink

RELEARN = timedelta(days=1)
"""A rhythm of four weeks changes little within a day."""

PICK = 200
"""Links fetched in one poll at most: a first poll stays bounded, the rest follow at the next one."""


@dataclass(frozen=True, slots=True)
class KnownListing:
    """What was remembered of a listing address; ``checked_at`` is when it last changed, ``None`` when it is new."""

    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    addresses_hash: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a source between polls; see :class:`scraper.models.Source`."""

    name: str
    added_at: datetime
    next_check_at: datetime
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    last_links: int
    failures: int
    trouble_since: datetime | None
    told_at: datetime | None
    last_error: str
    quiet_since: datetime | None
    rhythm: list[float] | None
    rhythm_at: datetime | None

    def stale(self, now: datetime) -> bool:
        """Whether the rhythm is to be learned anew."""
        return self.rhythm_at is None or not timedelta() <= now - self.rhythm_at < RELEARN


@dataclass(frozen=True, slots=True)
class Tried:
    """Links that were fetched, those of them that failed, and why the last one did."""

    links: int
    failed: int
    error: str


def ensure_sources(db: Database, names: Iterable[str], now: datetime) -> None:
    """Give every source a row; a new one is due at once."""
    with db.write() as session:
        known = set(session.exec(select(Source.name)).all())
        session.add_all(Source(name=name, added_at=now, next_check_at=now) for name in names if name not in known)


def due_sources(db: Database, now: datetime) -> list[str]:
    """The sources that are to be polled now, the most overdue first; those that are switched off among them."""
    with db.look() as connection:
        return list(connection.execute(_DUE, {"now": now}).scalars())


def with_rechecks(db: Database, now: datetime) -> list[str]:
    """The sources that have stored articles which are due to be looked at again, by name."""
    with db.look() as connection:
        return sorted(connection.execute(_TO_RECHECK, {"now": now}).scalars())


def with_links(db: Database, now: datetime) -> list[str]:
    """The sources that have links which wait and are due, by name."""
    with db.look() as connection:
        return sorted(connection.execute(_TO_FETCH, {"now": now}).scalars())


def upcoming(db: Database, now: datetime) -> datetime | None:
    """When the next poll or re-check falls due that is not due yet; of a source that is switched off too."""
    with db.look() as connection:
        moments = [connection.execute(next_one, {"now": now}).scalar() for next_one in _UPCOMING]
    return min((moment for moment in moments if moment is not None), default=None)


def next_due(db: Database, names: Iterable[str]) -> datetime | None:
    """When the next of these sources is to be polled."""
    with db.look() as connection:
        return connection.execute(_NEXT, {"names": list(names)}).scalar()


def standing(db: Database, name: str) -> Standing:
    """What is remembered of one source."""
    with db.look() as connection:
        return Standing(*connection.execute(_STANDING, {"name": name}).one())


def known_listing(db: Database, url: str) -> KnownListing:
    """What was remembered of a listing address; empty when it is new."""
    with db.look() as connection:
        row = connection.execute(_LISTING, {"url": url}).first()
    if row is None:
        return KnownListing()
    return KnownListing(Validators(row.etag, row.last_modified), row.body_hash, row.addresses_hash, row.checked_at)


def listing_unchanged(db: Database, url: str, validators: Validators, body_hash: str) -> None:
    """Remember what the next request for a listing is asked with, whose page is new and whose addresses are not."""
    values = {"etag": validators.etag, "last_modified": validators.last_modified, "body_hash": body_hash}
    with db.note() as connection:
        connection.execute(_SAME_LISTING, {"of": url, **values})


def unseen(db: Database, links: Sequence[FoundLink]) -> int:
    """How many of these links the archive has not seen in any listing."""
    with db.read() as session:
        return len(links) - len(_known_links(session, [link.key for link in links]))


def record_listing(
    db: Database,
    source: str,
    listing: ListingRule,
    remembered: KnownListing,
    links: Sequence[FoundLink],
    now: datetime,
    *,
    enqueue: Callable[[Any, str, Sequence[int]], None] | None = None,
) -> int:
    """Remember a listing's links and, in the same transaction, the validators that vouch for them.

    What a listing holds when it is read for the first time is the baseline: it was news before anybody watched.

    Args:
        db: The archive.
        source: The source's name.
        listing: Which of its listings.
        remembered: What the next request is to be asked with.
        links: What it shows.
        now: The present moment, aware UTC.
        enqueue: Called with the driver's connection, the source and the new links' numbers before the commit, so that
            a task queue in the same database takes them up or not with everything else.

    Returns:
        How many links were new.
    """
    with db.write() as session:
        baseline = session.get(Listing, listing.url) is None
        known = _known_links(session, [link.key for link in links])
        fresh = [link for link in links if link.key not in known]
        rows = [_row(source, link, now, listing.kind, baseline=baseline) for link in fresh]
        session.add_all(rows)
        for link in links:
            if link.key in known:
                _fill_gaps(known[link.key], link, listing.kind)
        session.merge(
            Listing(
                url=listing.url,
                source=source,
                etag=remembered.validators.etag,
                last_modified=remembered.validators.last_modified,
                body_hash=remembered.body_hash,
                addresses_hash=remembered.addresses_hash,
                checked_at=now,
            )
        )
        if enqueue is not None and rows:
            session.flush()
            enqueue(session.connection().connection.driver_connection, source, [row.id or 0 for row in rows])
    return len(fresh)


def _known_links(session: Session, keys: Sequence[str]) -> dict[str, Link]:
    rows = session.exec(select(Link).where(col(Link.key).in_(keys))).all()
    return {row.key: row for row in rows}


def _row(source: str, link: FoundLink, now: datetime, kind: str, *, baseline: bool) -> Link:
    return Link(
        source=source,
        key=link.key,
        url=link.url,
        title=link.title,
        lead=link.lead,
        published_at=link.published_at,
        first_seen_at=now,
        baseline=baseline,
        next_try_at=now,
        found_in=kind,
    )


def _fill_gaps(row: Link, link: FoundLink, kind: str) -> None:
    if kind not in (kinds := row.found_in.split()):
        row.found_in = " ".join(sorted([*kinds, kind]))
    row.title = row.title or link.title
    row.lead = row.lead or link.lead
    row.published_at = row.published_at or link.published_at


def pick(db: Database, source: str, now: datetime, limit: int = PICK) -> list[Pending]:
    """The source's links that wait and are due, in the order in which they were found."""
    with db.look() as connection:
        rows = connection.execute(_PICK, {"of": source, "now": now, "limit": limit}).all()
    return [_pending(row) for row in rows]


def _pending(row: Any) -> Pending:  # noqa: ANN401 - a row or an object of the table
    link = FoundLink(row.url, row.key, row.title, row.lead, row.published_at)
    return Pending(row.id or 0, link, row.tries, row.baseline)


def waiting(db: Database, link_id: int) -> Pending | None:
    """A link that waits to be fetched, due or not; ``None`` when it was fetched or given up meanwhile."""
    with db.read() as session:
        row = session.get(Link, link_id)
    return _pending(row) if row is not None and row.state == "waiting" else None


def tried(db: Database, source: str, since: datetime | None) -> Tried:
    """How the source's links fared that were fetched since a moment, or ever."""
    asked = {"of": source, "since": since or _EVER}
    with db.look() as connection:
        links, failures = connection.execute(_TRIED, asked).one()
        return Tried(links, failures, connection.execute(_LATEST_ERROR, asked).scalar() or "" if failures else "")


def link_failed(db: Database, link_id: int, error: str, now: datetime, next_try_at: datetime | None) -> None:
    """Count a failure on the link; without a next try it is given up, and stays visible as such."""
    values: dict[str, object] = {"tries": Link.tries + 1, "error": error, "tried_at": now}
    values |= {"next_try_at": next_try_at} if next_try_at else {"state": "failed"}
    with db.write() as session:
        session.exec(update(Link).where(col(Link.id) == link_id).values(**values))


def finish_poll(  # noqa: PLR0913 - one row's worth of facts
    db: Database,
    before: Standing,
    *,
    now: datetime,
    next_check_at: datetime,
    health: Health,
    links: int,
    new: int,
    error: str,
    intents: Iterable[Intent],
    quiet_since: datetime | None = None,
    rhythm: Rhythm | None = None,
    fetched: Sequence[Fetched] = (),
) -> None:
    """Write how a poll went, its lines of the fetch log, and what is to be told, in one transaction.

    Where nothing is to be told it does not wait for the disk: after a power cut the source is polled again.
    """
    values = {
        "next_check_at": next_check_at,
        "last_polled_at": now,
        "failures": health.failures,
        "trouble_since": health.trouble_since,
        "told_at": health.told_at,
        "last_error": error,
        "quiet_since": quiet_since,
    }
    if before.stale(now):
        values |= {"rhythm": list(rhythm.rates) if rhythm else None, "rhythm_at": now}
    if not error:
        values |= {"last_ok_at": now, "last_links": links or before.last_links}
    if new:
        values |= {"last_new_at": now}
    told = list(intents)
    if not told:
        with db.note() as connection:
            _note_poll(connection, before.name, values, fetched)
        return
    with db.write() as session:
        _note_poll(session.connection(), before.name, values, fetched)
        outbox.enqueue(session, told, now, source=before.name)


def _note_poll(connection: Connection, source: str, values: Mapping[str, Any], fetched: Sequence[Fetched]) -> None:
    connection.execute(_THE_SOURCE, {"of": source, **values})
    if fetched:
        connection.execute(insert_into(FetchRow), [asdict(line) for line in fetched])


def log_fetches(db: Database, entries: Sequence[Fetched]) -> None:
    """Append to the fetch log."""
    if entries:
        with db.note() as connection:
            connection.execute(insert_into(FetchRow), [asdict(entry) for entry in entries])


def put_off(db: Database, source: str, until: datetime) -> None:
    """Poll a source later, as nothing could be learned of it."""
    with db.write() as session:
        session.exec(update(Source).where(col(Source.name) == source).values(next_check_at=until))


def poll_now(db: Database, names: Iterable[str], now: datetime) -> None:
    """Make these sources due."""
    with db.write() as session:
        session.exec(update(Source).where(col(Source.name).in_(list(names))).values(next_check_at=now))


def last_errors(db: Database) -> Mapping[str, str]:
    """Each source's last error, ``""`` where its last poll went well."""
    with db.read() as session:
        return dict(session.exec(select(Source.name, Source.last_error)).all())


# --- what is asked at every poll ---------------------------------------------------------------------------

_SOURCES, _LISTINGS, _LINKS = (SQLModel.metadata.tables[name] for name in ("source", "listing", "link"))
_EVER = datetime.min.replace(tzinfo=UTC)

# Made once, as making a statement costs as much as running it.
_STANDING = core.select(*(_SOURCES.c[part.name] for part in fields(Standing))).where(
    _SOURCES.c.name == bindparam("name")
)
_LISTING = core.select(_LISTINGS).where(_LISTINGS.c.url == bindparam("url"))
_SAME_LISTING = update(_LISTINGS).where(_LISTINGS.c.url == bindparam("of"))
_THE_SOURCE = update(_SOURCES).where(_SOURCES.c.name == bindparam("of"))
_PICK = (
    core.select(_LINKS)
    .where(_LINKS.c.source == bindparam("of"), _LINKS.c.state == "waiting", _LINKS.c.next_try_at <= bindparam("now"))
    .order_by(_LINKS.c.id)
    .limit(bindparam("limit"))
)
_ARTICLES = Article.metadata.tables["article"]
_DUE = (
    core.select(_SOURCES.c.name).where(_SOURCES.c.next_check_at <= bindparam("now")).order_by(_SOURCES.c.next_check_at)
)
_NEXT = core.select(func.min(_SOURCES.c.next_check_at)).where(_SOURCES.c.name.in_(bindparam("names", expanding=True)))
_TO_RECHECK = core.select(_ARTICLES.c.source).where(_ARTICLES.c.next_recheck_at <= bindparam("now")).distinct()
_TO_FETCH = (
    core.select(_LINKS.c.source).where(_LINKS.c.state == "waiting", _LINKS.c.next_try_at <= bindparam("now")).distinct()
)
_UPCOMING = [
    core.select(func.min(moment)).where(moment > bindparam("now"))
    for moment in (_SOURCES.c.next_check_at, _ARTICLES.c.next_recheck_at)
]
_FETCHED = (_LINKS.c.source == bindparam("of"), _LINKS.c.tried_at > bindparam("since"))
_TRIED = core.select(func.count(), func.count().filter(_LINKS.c.error != "")).where(*_FETCHED)
_LATEST_ERROR = (
    core.select(_LINKS.c.error).where(*_FETCHED, _LINKS.c.error != "").order_by(_LINKS.c.tried_at.desc()).limit(1)
)
