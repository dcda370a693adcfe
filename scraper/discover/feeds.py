"""Feeds: RSS, Atom and RDF through feedparser, JSON Feed by ourselves."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from scraper import dates
from scraper.config import Source
from scraper.discover import xml
from scraper.discover.collect import MAX_LEAD, MAX_LINKS, Found, collect, looks_like, none_found, plain, wrong_kind
from scraper.errors import ListingError
from scraper.values import Listed, Page

MAX_BYTES = 3_000_000
"""After inflating. feedparser needs 1 to 2 s a megabyte; the largest feed seen has 0.6 MB."""
MAX_TAGS = 200_000
"""Signs "<"; feedparser needs up to 25 microseconds for each. 500 items with 200 tags of markup make 100,000."""
MAX_ATTRIBUTES = 256
"""Of one tag; feedparser's time grows with their square (30,000 on one tag: 6.5 s, November 2026)."""
MAX_SUMMARY = 20_000
"""Characters of a summary that are read: 20 times what is kept, as markup may stand before the text."""

_CAUSE = "not a feed"
_TAG = re.compile(r"""<[a-zA-Z_:](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+""")
_HAS_ZONE = re.compile(r"(?:[+-][0-9]{2}:?[0-9]{2}|\b[A-Z]{1,4})\s*$")


def read(page: Page, source: Source, now: datetime) -> Listed:
    """The source's articles in a feed, in feed order.

    Raises:
        ListingError: ``not a feed``, ``blocked``, ``empty`` or ``layout``.
    """
    text = xml.text_of(page, _CAUSE, MAX_BYTES)
    found = _json(text, page, source, now) if text.startswith("{") else _xml(text, page, source, now)
    if not found:
        raise ListingError(page.url, "empty", "the feed has no items; try a section page or a sitemap of the outlet")
    links = collect(found, source, page.final_url)
    if not links:
        raise none_found(page, source, len(found))
    return Listed(links)


def _xml(text: str, page: Page, source: Source, now: datetime) -> list[Found]:
    if looks_like(text) != "a feed":
        raise wrong_kind(page, text, _CAUSE)
    xml.refuse_entities(text, page, _CAUSE, doctype=False)
    _refuse_costly(text, page)
    return [_item(entry, source, now) for entry in _parsed(text, page)[:MAX_LINKS]]


def _parsed(text: str, page: Page) -> list[Mapping[str, Any]]:
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode()),  # never a string: feedparser would fetch or open what looks like an address
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": page.final_url,
            },
            resolve_relative_uris=False,  # only concerns markup inside summaries, which is stripped
            sanitize_html=False,
        )
    except (AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Seen when fuzzed: a chapter without a start, a polygon with an odd number of coordinates.
        why = f"feedparser cannot read it ({type(error).__name__}: {error}); it may do at the next poll"
        raise ListingError(page.url, _CAUSE, why) from error
    return list(parsed.entries)


def _refuse_costly(text: str, page: Page) -> None:
    """Refuse what would keep feedparser busy for long."""
    xml.refuse_many_tags(text, page, _CAUSE, MAX_TAGS)
    if any(tag.group().count("=") > MAX_ATTRIBUTES for tag in _TAG.finditer(text)):
        raise ListingError(page.url, _CAUSE, f"has a tag with more than {MAX_ATTRIBUTES} attributes; look at it")


def _item(entry: Mapping[str, Any], source: Source, now: datetime) -> Found:
    """An entry; feedparser has already taken a permalink ``guid`` for a missing link and joined ``xml:base``."""
    return Found(
        href=entry.get("feedburner_origlink") or entry.get("link") or "",
        title=plain(entry.get("title") or ""),
        lead=_lead(entry.get("summary") or ""),
        published_at=_time(entry, "published", source, now) or _time(entry, "updated", source, now),
    )


def _time(entry: Mapping[str, Any], name: str, source: Source, now: datetime) -> datetime | None:
    """Our own reading first, as feedparser takes a time without a zone for UTC."""
    if name not in entry:
        return None
    raw = str(entry[name])
    own = dates.parse(raw, zone=source.zone, order=source.listing_date_order, now=now)
    theirs = entry.get(f"{name}_parsed")
    if own is None and theirs and _HAS_ZONE.search(raw) and theirs.tm_year in dates.YEARS:
        return datetime.fromtimestamp(calendar.timegm(theirs), UTC)
    return own


def _lead(summary: str) -> str:
    return plain(summary[:MAX_SUMMARY])[:MAX_LEAD]


def _json(text: str, page: Page, source: Source, now: datetime) -> list[Found]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListingError(page.url, _CAUSE, f"broken JSON ({error}); it may do at the next poll") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ListingError(page.url, _CAUSE, "is JSON, but no JSON Feed: it has no list of items; look at the address")
    return [_json_item(item, source, now) for item in items[:MAX_LINKS] if isinstance(item, dict)]


def _json_item(item: dict[str, Any], source: Source, now: datetime) -> Found:
    def first(*names: str) -> str:
        return next((value for name in names if isinstance(value := item.get(name), str) and value.strip()), "")

    when = first("date_published", "date_modified")
    return Found(
        href=first("url", "external_url", "id"),
        title=plain(first("title")),
        lead=_lead(first("summary", "content_text", "content_html")),
        published_at=dates.parse(when, zone=source.zone, order=source.listing_date_order, now=now),
    )
