"""The pages that show what there is: today, search, dossiers, sources, alerts, about."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from pydantic import BeforeValidator

from scraper import __version__, facts
from scraper.dossier import compile_dossier
from scraper.errors import NotFoundError
from scraper.models import PARSER_VERSION
from scraper.places import PRESENT
from scraper.store import archive, migrate
from scraper.store.answers import Filter, Item
from scraper.text import fold
from scraper.values import POLICY, Label
from scraper.vietnam import VIETNAM, midnight
from scraper.web import plots
from scraper.web.asking import MAX_ID, Asked, Day, address
from scraper.web.language import LANGUAGES, Language, language_of
from scraper.web.pages import Pages
from scraper.web.site import Site

SHOWN = 30
"""Stories on a page: about what a reader scans in one go."""

TODAY = 30
"""Stories of a day on the front page, the most probable first; the search has them all."""

EDITS = 15
"""Edits and removals of a day on the front page."""

CHART_DAYS = 30

DOSSIER = 40
"""Stories of a dossier on the page: each is read for figures, bodies and documents, 5 ms."""

PROVINCES = sorted(PRESENT.items(), key=lambda pair: fold(pair[1]))
"""Codes and names, as a list to choose from shows them."""

NoneIsPolicy = BeforeValidator(lambda value: value or "policy")
Show = Literal["policy", "implementation", "issuance", "oversight"]


def chart_of(site: Site, pages: Pages) -> Callable[[datetime, Language], Markup]:
    """Draws the last days' policy stories beside their table, at a minute and in a language, once for each.

    Past days hardly change, and counting them takes 30 ms.
    """

    @lru_cache(maxsize=len(LANGUAGES))
    def drawn(minute: datetime, language: Language) -> Markup:
        last = minute.astimezone(VIETNAM).date()
        since = midnight(last - timedelta(days=CHART_DAYS - 1))
        counts = archive.tallies.days(site.db, Filter(since=since, labels=POLICY))
        return pages.part("days.html", language, chart=plots.chart(counts, last, days=CHART_DAYS))

    return drawn


def router(site: Site, pages: Pages) -> APIRouter:
    """The routes of these pages."""
    routes, chart = APIRouter(), chart_of(site, pages)

    @routes.get("/")
    def today(request: Request, label: Annotated[Show, NoneIsPolicy] = "policy", day: Day = None) -> Response:
        return _today(request, site, pages, chart, POLICY if label == "policy" else (label,), day)

    @routes.get("/search")
    def search(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return _search(request, site, pages, asked)

    @routes.get("/dossier")
    def dossier(request: Request, about: Annotated[str, Query(max_length=200)] = "") -> Response:
        return _dossier(request, site, pages, about)

    @routes.get("/sources")
    def sources(request: Request) -> Response:
        return pages.render(request, "sources.html", sources=archive.sources(site.db))

    @routes.get("/alerts")
    def alerts(
        request: Request,
        state: Literal["waiting", "sent", "failed", ""] = "",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    ) -> Response:
        found = archive.alerts(site.db, state or None, limit=SHOWN + 1, before=before)
        older = address("/alerts", state=state, before=found[SHOWN - 1].id) if len(found) > SHOWN else ""
        return pages.render(
            request,
            "alerts.html",
            alerts=found[:SHOWN],
            state=state,
            older=older,
            counts=archive.alert_counts(site.db),
            watches=site.config().watches,
            watching=site.watching,
        )

    @routes.get("/about")
    def about(request: Request) -> Response:
        stats = archive.stats(site.db)
        return pages.render(request, "about.html", stats=stats, versions=_versions(stats.engine))

    return routes


def _today(
    request: Request,
    site: Site,
    pages: Pages,
    chart: Callable[[datetime, Language], Markup],
    labels: tuple[Label, ...],
    day: date | None,
) -> Response:
    now = site.clock.now()
    since, until = (midnight(day), midnight(day) + timedelta(days=1)) if day else (now - timedelta(days=1), now)
    wanted = Filter(labels=labels, since=since, until=until if day else None)
    items = archive.top(site.db, wanted, limit=TODAY + 1)
    last, seen_until = now.astimezone(VIETNAM).date(), until if day else now + timedelta(seconds=1)
    shown = day or last
    span = {"label": labels[0] if len(labels) == 1 else "policy", "since": since.astimezone(VIETNAM).date()}
    return pages.render(
        request,
        "today.html",
        items=items[:TODAY],
        more=address("/search", **span, until=day or "") if len(items) > TODAY else "",
        label=span["label"],
        day=day,
        before=shown - timedelta(days=1),
        following=day + timedelta(days=1) if day and day < last else None,
        edits=archive.edited(site.db, since, seen_until, Filter(labels=labels), limit=EDITS),
        removals=archive.removed(site.db, since, seen_until, Filter(labels=labels), limit=EDITS),
        trouble=archive.trouble(site.db),
        chart=chart(now.replace(second=0, microsecond=0), language_of(request)),
        empty=not items and not archive.newest(site.db, Filter(copies=True), limit=1),
    )


def _search(request: Request, site: Site, pages: Pages, asked: Asked) -> Response:
    items: list[Item] = []
    following = unknown = ""
    try:
        items, following = asked.listed(site.db, SHOWN)
    except NotFoundError as error:
        unknown = str(error)
    return pages.render(
        request,
        "search.html",
        asked=asked,
        items=items,
        older=asked.address("/search", after=following) if following else "",
        unknown=unknown,
        outlets=sorted(
            ((name, source.title) for name, source in site.config().sources.items()), key=lambda pair: fold(pair[1])
        ),
        provinces=PROVINCES,
        province_names=PRESENT,
    )


def _dossier(request: Request, site: Site, pages: Pages, about: str) -> Response:
    if not about.strip():
        lately = Filter(since=site.clock.now() - timedelta(days=30), labels=POLICY)
        named = archive.tallies.provinces(site.db, lately)
        return pages.render(
            request,
            "dossier.html",
            dossier=None,
            about="",
            why="",
            feed="",
            documents=archive.tallies.documents(site.db, lately, limit=20),
            provinces={code: sum(labels.values()) for code, labels in named.items()},
        )
    try:
        found = compile_dossier(site.db, about, most=DOSSIER)
    except NotFoundError as error:
        return pages.render(request, "dossier.html", 404, dossier=None, about=about, why=str(error), feed="")
    part = "province" if found.subject.kind == "place" else "document"
    codes = {name: code for code, name in PRESENT.items()}
    query = {part: found.subject.keys[0] if part == "province" else about}
    return pages.render(
        request,
        "dossier.html",
        dossier=found,
        about=about,
        why="",
        by_code={codes[name]: sum(labels.values()) for name, labels in found.provinces.items()},
        feed=address("/feeds/search.atom", **query),
        json_feed=address("/feeds/search.json", **query),
        listed=address("/search", **query),
    )


def _versions(engine: str) -> dict[str, str]:
    return {
        "Program": __version__,
        "Python": ".".join(map(str, sys.version_info[:3])),
        "Schema": migrate.HEAD,
        "Database": engine,
        "Parser": str(PARSER_VERSION),
        "Facts": str(facts.VERSION),
    }
