"""One source poll and one article: the stages in order, nothing else.

listing -> fetch -> discover -> pick -> fetch -> extract -> known -> decide -> apply
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from scraper import dedupe, discover, extract, reread, revise, schedule, store, urls
from scraper.config import ListingRule, Source
from scraper.decide import decide, story_event
from scraper.desk import Desk
from scraper.errors import AddressRefused, FetchError, Gone, ListingError, RobotsDenied
from scraper.models import ArticleData
from scraper.rhythm import Rhythm
from scraper.store import KnownListing
from scraper.values import (
    Fetched,
    Intent,
    KnownArticle,
    Link,
    Listed,
    NotModified,
    Outcome,
    Page,
    Pending,
    Recheck,
    Validators,
)

Kind = Literal["article", "recheck"]

GAP_PAGES = 7
"""While a listing shows nothing known, this many times ``schedule.max_pages`` are read: a night's sleep of the machine
is caught up with, a site that gave all its articles new addresses is not walked to its end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one article: ``stored``, ``copy``, ``edited``, ``unchanged``, ``removed`` or ``failed``.

    Attributes:
        changed: What an edit changed, in a sentence.
        alerts: Messages that it caused.
    """

    source: str
    url: str
    result: Literal["stored", "copy", "edited", "unchanged", "missing", "removed", "failed"]
    article_id: int | None = None
    title: str = ""
    label: str = ""
    score: float = 0.0
    changed: str = ""
    alerts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of a source's listings gave.

    Attributes:
        unreached: Whether there were errors, and all of them because nothing was reached.
        gaps: Listings none of whose stories was known, so that others may have come and gone since the last poll.
        lines: What the fetch log is to say of the listings' first pages; written with how the poll went.
    """

    source: str
    links: int = 0
    new: int = 0
    errors: tuple[str, ...] = ()
    unreached: bool = False
    gaps: tuple[str, ...] = ()
    lines: tuple[Fetched, ...] = ()


# --- listings ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    links: int = 0
    new: int = 0
    errors: list[FetchError | ListingError] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    lines: list[Fetched] = field(default_factory=list)


def poll(source: Source, desk: Desk, *, rhythm: Rhythm | None = None) -> Polled:
    """Read every listing of a source and remember the links; a listing that fails does not stop the others.

    Args:
        source: Which.
        desk: What to work with.
        rhythm: The source's, to say how much a gap may have swallowed.
    """
    tally = _Tally()
    for listing in source.listings:
        try:
            _read_listing(source, listing, desk, tally, rhythm)
        except (FetchError, ListingError) as error:
            tally.errors.append(error)
            tally.lines.append(_line(desk, source.name, "listing", listing.url, error))
    unreached = bool(tally.errors) and all(getattr(error, "outage", False) for error in tally.errors)
    errors = tuple(map(str, tally.errors))
    return Polled(source.name, tally.links, tally.new, errors, unreached, tuple(tally.gaps), tuple(tally.lines))


def _read_listing(source: Source, listing: ListingRule, desk: Desk, tally: _Tally, rhythm: Rhythm | None) -> None:
    known = store.known_listing(desk.db, listing.url)
    answer = desk.fetcher.get(listing.url, validators=known.validators, min_delay=source.min_delay)
    tally.lines.append(_line(desk, source.name, "listing", listing.url, answer))
    if isinstance(answer, NotModified):
        return
    body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
    if body_hash == known.body_hash:
        return
    addresses = discover.addresses_hash(answer.body)
    if addresses and addresses == known.addresses_hash:
        store.listing_unchanged(desk.db, listing.url, answer.validators, body_hash)
        return
    followed = _follow(source, listing, answer, desk, first_time=known.checked_at is None)
    if followed.gap and known.checked_at is not None:
        tally.gaps.append(_gap(listing, followed.links, known.checked_at, desk.clock.now(), rhythm))
    desk.claim(listing.url)
    remembered = KnownListing()
    if followed.complete:
        remembered = KnownListing(answer.validators, body_hash, addresses if followed.own else "")
    tally.links += len(followed.links)
    tally.new += store.record_listing(
        desk.db,
        source.name,
        listing,
        remembered,
        followed.links,
        desk.clock.now(),
        enqueue=desk.queue.articles if desk.queue else None,
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """Links of a listing and of its further pages.

    Attributes:
        complete: False when a further page could not be had: the listing must then be read anew at the next poll even
            if its first page has not changed.
        gap: Whether none of the links was known.
        own: Whether the first page held links of its own. A sitemap of sitemaps holds none: its addresses stay the same
            while what they lead to changes.
    """

    links: list[Link]
    complete: bool
    gap: bool
    own: bool


def _follow(source: Source, listing: ListingRule, first: Page, desk: Desk, *, first_time: bool) -> _Followed:
    """Read on as long as the last page held something new; while nothing known has come, further back than else."""
    listed = discover.links(first, source, listing, desk.clock.now())
    links, own = {link.key: link for link in listed.links}, bool(listed.links)
    waiting, visited = list(listed.more), {first.url, first.final_url}
    gap = not first_time and len(links) == store.unseen(desk.db, listed.links) > 0
    while waiting and len(visited) < _most_pages(desk, gap=gap) + 2 and _worth_more(listed, desk):
        url = waiting.pop(0)
        if url in visited or not source.owns(url):
            continue
        visited.add(url)
        if desk.stopping():
            return _Followed(list(links.values()), complete=False, gap=False, own=own)
        try:
            listed = _next_page(source, listing, url, desk)
        except FetchError as error:
            store.log_fetches(desk.db, [_line(desk, source.name, "listing", url, error)])
            return _Followed(list(links.values()), complete=False, gap=False, own=own)
        gap = gap and store.unseen(desk.db, listed.links) == len(listed.links)
        links = {link.key: link for link in listed.links} | links
        waiting += listed.more
    return _Followed(list(links.values()), complete=True, gap=gap, own=own)


def _most_pages(desk: Desk, *, gap: bool) -> int:
    most = desk.config.settings.schedule.max_pages
    return most * GAP_PAGES if gap else most


def _gap(listing: ListingRule, links: Sequence[Link], last: datetime, now: datetime, rhythm: Rhythm | None) -> str:
    """That stories may have come and gone between two polls, and how many."""
    oldest = min((link.published_at for link in links if link.published_at), default=None)
    told = f"{listing.url} shows nothing that the poll of {last:%Y-%m-%d %H:%M} UTC showed"
    if oldest is None or not last < oldest <= now:
        return f"{told}; stories may have come and gone unseen in between: poll it more often, or add a feed or sitemap"
    missed = f"some {rhythm.expected(last, oldest):.0f} stories" if rhythm else "an unknown number of stories"
    return (
        f"{told} and reaches back to {oldest:%Y-%m-%d %H:%M} UTC: {missed} may have come and gone unseen in between; "
        "poll it more often, or add a feed or sitemap"
    )


def _worth_more(listed: Listed, desk: Desk) -> bool:
    return not listed.links or store.unseen(desk.db, listed.links) > 0


def _next_page(source: Source, listing: ListingRule, url: str, desk: Desk) -> Listed:
    page = desk.fetcher.get(url, min_delay=source.min_delay)
    if isinstance(page, NotModified):
        return Listed(())
    store.log_fetches(desk.db, [_line(desk, source.name, "listing", url, page)])
    try:
        return discover.links(page, source, listing, desk.clock.now())
    except ListingError:
        return Listed(())  # the page after the last one is often empty


# --- articles ----------------------------------------------------------------------------------------------


def new_articles(source: Source, desk: Desk) -> Iterator[Seen]:
    """Fetch, read and store the source's waiting links, one at a time."""
    for pending in store.pick(desk.db, source.name, desk.clock.now()):
        if desk.stopping():
            return
        yield new_article(source, pending, desk)


def new_article(source: Source, pending: Pending, desk: Desk) -> Seen:
    """Fetch, read and store one link; a failure is counted on it and returned as a value."""
    try:
        page = _fetch(source, "article", pending.link.url, Validators(), desk)
        if isinstance(page, NotModified):
            raise Gone(pending.link.url, "answered 304 to a plain request", status=304)
        return _take(source, "article", pending.link, page, desk, pending=pending)
    except FetchError as error:
        now, final = desk.clock.now(), isinstance(error, RobotsDenied | AddressRefused)
        next_try = None if final else schedule.link_retry(pending.tries + 1, now, error.retry_at)
        store.link_failed(desk.db, pending.id, str(error), now, next_try)
        return Seen(source.name, pending.link.url, "failed", title=pending.link.title, error=str(error))


def rechecks(source: Source, desk: Desk) -> Iterator[Seen]:
    """Look again at the source's stored articles that are due, one at a time."""
    for item in store.due_rechecks(desk.db, [source.name], desk.clock.now()):
        if desk.stopping():
            return
        yield recheck(source, item, desk)


def recheck(source: Source, item: Recheck, desk: Desk) -> Seen:
    """Look again at one stored article: unchanged, edited, missing, or removed when missing twice."""
    plan = desk.rules.recheck
    try:
        page = _fetch(source, "recheck", item.link.url, item.validators, desk)
        if not isinstance(page, NotModified):
            return _take(source, "recheck", item.link, page, desk)
    except Gone as gone:
        return _missing(source, item, gone, desk)
    except FetchError as error:
        store.recheck_failed(desk.db, item.article_id, schedule.recheck_retry(plan, item.published, desk.clock.now()))
        return Seen(source.name, item.link.url, "failed", item.article_id, error=str(error))
    now = desk.clock.now()
    again = schedule.next_recheck(plan, item.published, item.changed_at, item.link.key, now)
    store.still_there(desk.db, item.article_id, now, again)
    return Seen(source.name, item.link.url, "unchanged", item.article_id)


def _missing(source: Source, item: Recheck, gone: Gone, desk: Desk) -> Seen:
    """Missing for the first time, or removed when it is missing again an hour later."""
    now = desk.clock.now()
    removed = item.gone_since is not None and now - item.gone_since >= schedule.GONE_CONFIRM
    usual = schedule.next_recheck(desk.rules.recheck, item.published, item.changed_at, item.link.key, now)
    intents: tuple[Intent, ...] = ()
    if removed and not item.removed:
        article = store.known_article(desk.db, item.article_id)
        mark = item.gone_since.isoformat() if item.gone_since else ""
        intents = story_event("removed", article, desk.rules, now, mark=mark)
    store.gone(
        desk.db,
        item.article_id,
        now,
        why=str(gone),
        removed=removed,
        next_recheck_at=usual if removed else now + schedule.GONE_CONFIRM,
        intents=intents,
    )
    found: Literal["removed", "missing", "unchanged"] = "removed" if removed else "missing"
    if item.removed:
        found = "unchanged"
    return Seen(source.name, item.link.url, found, item.article_id, item.link.title)


def _take(source: Source, kind: Kind, link: Link, page: Page, desk: Desk, *, pending: Pending | None = None) -> Seen:
    """Read and store a page that was fetched; the line of the fetch log goes with it."""
    line = _line(desk, source.name, kind, link.url, page)
    try:
        data = _read(source, link, page)
    except FetchError:
        store.log_fetches(desk.db, [line])
        raise
    keys = [link.key, *([source.key(data.canonical_url)] if source.owns(data.canonical_url) else [])]
    baseline = pending.baseline if pending else False
    text, reader = dedupe.sketch_of(data), extract.reader(source)
    with desk.deciding.taken(source.name, desk.stopping), desk.db.deciding():
        now = desk.clock.now()
        known = store.known_for(desk.db, source.name, keys, text, now, baseline=baseline)
        if known.same is not None and known.same.reader != reader:
            known = replace(known, same=_read_alike(source, known.same, desk))
        outcome = decide(
            data, known, desk.rules, now, source=source.name, key=link.key, text=text, reader=reader, page=page
        )
        desk.claim(link.url)
        applied = store.apply(
            desk.db,
            outcome,
            link_id=pending.id if pending else None,
            fetched=line,
            enqueue=desk.queue.messages if desk.queue else None,
        )
    return _seen(outcome, applied)


def _read_alike(source: Source, same: KnownArticle, desk: Desk) -> KnownArticle:
    """What is stored of an article, read by the present parser and rules if its page was kept."""
    return store.known_article(desk.db, same.id) if reread.reparse(source, same.id, desk) is not None else same


def _read(source: Source, link: Link, page: Page) -> ArticleData:
    if not source.owns(page.final_url) or (urlsplit(page.final_url).path in {"", "/"} and page.final_url != link.url):
        why = f"leads to {page.final_url}, which is not an article of {source.name}"
        raise Gone(link.url, why, status=page.status)
    url = urls.canonical(page.final_url)
    data = extract.parse_article(page.body, url, source, link=link, content_type=page.content_type)
    if notice := extract.missing_notice(data):
        raise Gone(link.url, f"answers with a page that says {notice!r}", status=page.status)
    if not data.text and not data.lead:
        raise FetchError(link.url, "no text could be read from the page; see 'scraper parse " + link.url + "'")
    return data


def _seen(outcome: Outcome, applied: store.Applied) -> Seen:
    results = {"new": "copy" if outcome.place.match else "stored", "substantive": "edited"}
    return Seen(
        outcome.source,
        outcome.data.url,
        results.get(outcome.change.kind, "unchanged"),  # type: ignore[arg-type]  # all four are results
        applied.article_id,
        outcome.data.title,
        outcome.judgement.label,
        outcome.judgement.score,
        revise.sentence(outcome.change.edits) if outcome.change.kind == "substantive" else "",
        applied.alerts,
    )


def _fetch(source: Source, kind: Kind, url: str, validators: Validators, desk: Desk) -> Page | NotModified:
    """Fetch an article; an answer that holds no page is put down in the fetch log."""
    try:
        page = desk.fetcher.get(url, validators=validators, min_delay=source.min_delay)
    except FetchError as error:
        store.log_fetches(desk.db, [_line(desk, source.name, kind, url, error)])
        raise
    if isinstance(page, NotModified):
        store.log_fetches(desk.db, [_line(desk, source.name, kind, url, page)])
    return page


def _line(
    desk: Desk,
    source: str,
    kind: Literal["listing", "article", "recheck"],
    url: str,
    came: Page | NotModified | Exception,
) -> Fetched:
    """What the fetch log says of one request."""
    now = desk.clock.now()
    if isinstance(came, Exception):
        return Fetched(now, source, kind, url, type(came).__name__, error=str(came))
    if isinstance(came, NotModified):
        return Fetched(now, source, kind, url, "304", seconds=came.seconds)
    return Fetched(now, source, kind, url, str(came.status), len(came.body), came.seconds)
