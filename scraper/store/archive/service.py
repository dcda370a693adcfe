"""How well each source is served, by day: what was found, how soon it was stored and told, what was asked for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import Connection, select

from scraper.store.answers import Delay, Service
from scraper.store.archive import tables
from scraper.store.database import Database
from scraper.vietnam import VIETNAM

_REFUSED, _HELD = "RobotsDenied", "HostHeld"
"""Outcomes in the fetch log: the class of the error."""


@dataclass(slots=True)
class _Day:
    fetches: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    stored: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    stories: int = 0


def service(db: Database, since: datetime) -> list[Service]:
    """Each source's days in Vietnam since a moment (aware UTC), the latest first; days without requests are left out.

    What a source's first poll found is left out: it was news before anybody watched.
    """
    days: defaultdict[tuple[str, str], _Day] = defaultdict(_Day)
    with db.read() as session:
        connection = session.connection()
        _count_fetches(connection, since, days)
        _count_links(connection, since, days)
        _time_articles(connection, since, days)
        _time_alerts(connection, since, days)
    found = [_service(source, day, figures) for (source, day), figures in days.items() if figures.fetches.total()]
    return sorted(found, key=lambda one: (one.day, one.source), reverse=True)


def _local_day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d}"


_Days = defaultdict[tuple[str, str], _Day]


def _count_fetches(connection: Connection, since: datetime, days: _Days) -> None:
    fetch = tables.fetch.c
    for source, at, outcome in connection.execute(
        select(fetch.source, fetch.at, fetch.outcome).where(fetch.at >= since, fetch.outcome != "ListingError")
    ):
        days[source, _local_day(at)].fetches[outcome] += 1


def _count_links(connection: Connection, since: datetime, days: _Days) -> None:
    link = tables.link.c
    for source, seen, kinds in connection.execute(
        select(link.source, link.first_seen_at, link.found_in).where(
            link.first_seen_at >= since, link.baseline.is_(False)
        )
    ):
        days[source, _local_day(seen)].kinds[kinds] += 1


def _time_articles(connection: Connection, since: datetime, days: _Days) -> None:
    article, link = tables.article, tables.link
    query = (
        select(article.c.source, article.c.published_at, article.c.seen_at)
        .join(link, link.c.article_id == article.c.id)
        .where(article.c.seen_at >= since, link.c.baseline.is_(False))
    )
    for source, published, seen in connection.execute(query):
        day = days[source, _local_day(seen)]
        day.stories += 1
        if published is not None and timedelta() <= seen - published <= timedelta(days=1):
            day.stored.append((seen - published).total_seconds())


def _time_alerts(connection: Connection, since: datetime, days: _Days) -> None:
    outbox, article = tables.outbox, tables.article
    query = (
        select(article.c.source, article.c.seen_at, outbox.c.created_at, outbox.c.sent_at)
        .join(article, article.c.id == outbox.c.article_id)
        .where(outbox.c.created_at >= since, outbox.c.state == "sent", outbox.c.digest == "", outbox.c.event == "new")
    )
    for source, seen, created, sent in connection.execute(query):
        days[source, _local_day(seen)].told.append((sent - created).total_seconds())


def _service(source: str, day: str, figures: _Day) -> Service:
    asked = figures.fetches.total() - figures.fetches[_REFUSED] - figures.fetches[_HELD]
    return Service(
        source=source,
        day=day,
        stories=figures.stories,
        requests=asked,
        not_modified=figures.fetches["304"],
        robots_denied=figures.fetches[_REFUSED],
        held=figures.fetches[_HELD],
        recall=recall(figures.kinds),
        stored=_delay(figures.stored),
        told=_delay(figures.told),
    )


def _delay(seconds: Sequence[float]) -> Delay | None:
    if not seconds:
        return None
    ranked = sorted(seconds)
    return Delay(ranked[(len(ranked) - 1) // 2], ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))])


def recall(kinds: Counter[str]) -> float | None:
    """What share of an outlet's stories was found, estimated from what two kinds of listings both showed.

    Two kinds that show much the same miss little together. Chapman's estimate (1951) of how many stories there are,
    N = (a + 1)(b + 1) / (both + 1) - 1, holds if one kind does not choose what the other does; listings that choose
    alike make it too good. Of several pairs the one that gives the lowest share counts.

    Args:
        kinds: Stories by the kinds of listings that showed them, such as ``feed html``.

    Returns:
        0 to 1; ``None`` when only one kind of listing is read, or none showed anything.
    """
    names = sorted({name for shown in kinds for name in shown.split()})
    whole, shares = kinds.total(), list[float]()
    for one, other in combinations(names, 2):
        a, b = (sum(count for shown, count in kinds.items() if name in shown.split()) for name in (one, other))
        both = sum(count for shown, count in kinds.items() if {one, other} <= set(shown.split()))
        shares.append(min(1.0, whole / ((a + 1) * (b + 1) / (both + 1) - 1)))
    return min(shares, default=None)
