"""Atom (RFC 4287) and JSON Feed 1.1 of any search and any watch.

An entry's id is made of the article's key alone, so that it stays the same on any machine; an edit moves ``updated``
on, and readers show the story again. A feed holds the newest stories and those edited last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Query, Request, Response

from scraper.config import Watch
from scraper.decide.matching import Reading, matched
from scraper.store import archive
from scraper.store.answers import Filter, FullItem, Item
from scraper.text import clean
from scraper.urls import link
from scraper.values import Judgement, Label
from scraper.web.answering import tagged
from scraper.web.asking import Asked
from scraper.web.site import Site
from scraper.web.view import short

ENTRIES = 50
WATCHED = timedelta(days=14)
"""How far back a watch's feed looks."""

READ = 400
"""Of those days, the newest stories that are held against the watch: 0.5 ms each."""

_FORBIDDEN = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_ATOM = "http://www.w3.org/2005/Atom"


def router(site: Site) -> APIRouter:
    """The routes of feeds."""
    routes = APIRouter(prefix="/feeds")

    @routes.get("/search.atom")
    def search_atom(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return atom(request, site, _title(asked), asked.address("/search"), of_search(site, asked))

    @routes.get("/search.json")
    def search_json(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return json_feed(request, site, _title(asked), asked.address("/search"), of_search(site, asked))

    @routes.get("/watch.atom")
    def watch_atom(request: Request, name: Annotated[str, Query(max_length=200)]) -> Response:
        watch = site.config().watch(name)
        return atom(request, site, watch.name, "/alerts#watches", of_watch(site, watch))

    @routes.get("/watch.json")
    def watch_json(request: Request, name: Annotated[str, Query(max_length=200)]) -> Response:
        watch = site.config().watch(name)
        return json_feed(request, site, watch.name, "/alerts#watches", of_watch(site, watch))

    return routes


def of_search(site: Site, asked: Asked) -> list[Item]:
    """The newest stories of a search and those edited last, by their last change."""
    wanted = asked.filter(site.db)
    found = {item.id: item for item in archive.newest(site.db, wanted, limit=ENTRIES)}
    found |= {item.id: item for item in archive.changed(site.db, wanted, limit=ENTRIES)}
    return sorted(found.values(), key=lambda item: (updated(item), item.id), reverse=True)[:ENTRIES]


def of_watch(site: Site, watch: Watch) -> list[FullItem]:
    """The stories of the last days that a watch asks for."""
    wanted = Filter(
        labels=tuple(watch.labels),
        sources=tuple(watch.outlets),
        min_score=watch.min_score,
        since=site.clock.now() - WATCHED,
    )
    newest = archive.newest(site.db, wanted, limit=READ)
    items = archive.articles(site.db, [item.id for item in newest])
    chosen = [item for item in items if _wants(watch, item)]
    return sorted(chosen, key=lambda item: (updated(item), item.id), reverse=True)[:ENTRIES]


def _wants(watch: Watch, item: FullItem) -> bool:
    label: Label = item.label  # type: ignore[assignment]  # only Label values are ever written
    judgement = Judgement(label, item.points, item.score)
    return matched(watch, Reading(item.as_data()), judgement, item.source) is not None


def updated(item: Item) -> datetime:
    """When an entry changed last: its last edit, else when it came out."""
    return max(item.changed_at, item.at) if item.changed_at else item.at


def entry_id(item: Item) -> str:
    """The same for an article on any machine and for good."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'scraper:{item.key}')}"


def atom(request: Request, site: Site, title: str, page: str, items: Sequence[Item]) -> Response:
    """The items as an Atom feed."""
    base = str(request.base_url).rstrip("/")
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'scraper-feed:{request.url.path}?{request.url.query}')}")
    _add(feed, "title", title)
    _add(feed, "updated", _time(max(map(updated, items), default=datetime.fromtimestamp(0, UTC))))
    _add(feed, "link", rel="self", href=str(request.url), type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=base + page, type="text/html")
    _add(_add(feed, "author"), "name", "scraper")
    for item in items:
        _entry(_add(feed, "entry"), item, site.outlet(item.source), base)
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return tagged(request, body, "application/atom+xml; charset=utf-8")


def _entry(entry: ET.Element, item: Item, outlet: str, base: str) -> None:
    _add(entry, "id", entry_id(item))
    _add(entry, "title", item.title or "(no title)")
    _add(entry, "updated", _time(updated(item)))
    _add(entry, "published", _time(item.at))
    _add(entry, "link", rel="alternate", href=f"{base}/stories/{item.id}", type="text/html")
    if original := link(item.url):
        _add(entry, "link", rel="related", href=original)
    _add(_add(entry, "author"), "name", outlet)
    _add(entry, "category", term=item.label)
    _add(entry, "summary", _summary(item))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}", {key: _plain(value) for key, value in attributes.items()})
    if text:
        child.text = _plain(text)
    return child


def json_feed(request: Request, site: Site, title: str, page: str, items: Sequence[Item]) -> Response:
    """The items as a JSON Feed."""
    base = str(request.base_url).rstrip("/")
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _plain(title),
        "home_page_url": base + page,
        "feed_url": str(request.url),
        "language": "vi",
        "items": [_item(item, site.outlet(item.source), base) for item in items],
    }
    return tagged(request, json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json; charset=utf-8")


def _item(item: Item, outlet: str, base: str) -> dict[str, Any]:
    original = link(item.url)
    return {
        "id": entry_id(item),
        "url": f"{base}/stories/{item.id}",
        **({"external_url": original} if original else {}),
        "title": _plain(item.title) or "(no title)",
        "content_text": _plain(_summary(item)),
        "date_published": _time(item.at),
        "date_modified": _time(updated(item)),
        "authors": [{"name": _plain(outlet)}],
        "tags": [item.label],
    }


def _summary(item: Item) -> str:
    """The lead, and what the archive knows beside it."""
    marks = [f"edited {item.revisions - 1}x"] * (item.revisions > 1) + ["removed"] * (item.state == "removed")
    marks += [f"{item.copies} copies"] * (item.copies > 0)
    known = f"{item.label}, {item.score:.2f}" + (f" ({', '.join(marks)})" if marks else "")
    return " · ".join(part for part in (short(item.lead, 1000), known) if part)


def _title(asked: Asked) -> str:
    parts = [asked.q, *asked.label, *asked.source, *asked.province, *asked.document]
    return "Thực thi chính sách" + (f": {', '.join(part for part in parts if part.strip())}" if parts else "")


def _plain(text: str) -> str:
    """Text without the characters that XML forbids (XML 1.0, 2.2), nor any that steer."""
    return _FORBIDDEN.sub("", clean(text))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
