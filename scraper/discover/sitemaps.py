"""Sitemaps: lists of addresses, news sitemaps, indexes of sitemaps, plain text; also as ``.gz``."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError, iterparse

from scraper import dates, urls
from scraper.config import Source
from scraper.discover import xml
from scraper.discover.collect import Found, collect, looks_like, none_found, plain, wrong_kind
from scraper.errors import ListingError
from scraper.values import Listed, Page

MAX_BYTES = 50_000_000
"""After inflating; the sitemap protocol's own limit."""
MAX_TAGS = 1_500_000
"""Signs "<"; about 1 microsecond and 60 bytes each. The 50,000 addresses that are allowed make up to a million."""
MAX_SITEMAPS = 50
"""Sitemaps taken from an index, newest first: four years of monthly ones. The protocol allows 50,000."""

_CAUSE = "not a sitemap"
_NEVER = datetime.min.replace(tzinfo=UTC)
# "/sitemaps/news-2026-3.xml" (mCMS family, 2026): without lastmod the month in the address tells the newest.
_MONTH = re.compile(r"(20[0-9]{2})[-_/]?(1[0-2]|0?[1-9])(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Entry:
    loc: str
    changed_at: datetime | None = None
    published_at: datetime | None = None
    title: str = ""

    @property
    def newest(self) -> datetime:
        return self.published_at or self.changed_at or _NEVER


def read(page: Page, source: Source, _now: datetime) -> Listed:
    """The source's articles in a sitemap, newest first where it gives times, or the sitemaps of an index.

    ``published_at`` is a news sitemap's publication date. ``lastmod`` orders, but is no time of publication.

    Raises:
        ListingError: ``not a sitemap``, ``blocked``, ``empty`` or ``layout``.
    """
    text = xml.text_of(page, _CAUSE, MAX_BYTES)
    root, entries = _parsed(text, page, source) if text.startswith("<") else ("urlset", _lines(text, page))
    if not entries:
        raise ListingError(page.url, "empty", "the sitemap is empty; try another sitemap or a feed of the outlet")
    if root == "sitemapindex":
        return Listed((), _sitemaps(entries, page, source))
    newest_first = sorted(entries, key=lambda entry: entry.newest, reverse=True)
    found = [Found(entry.loc, title=entry.title, published_at=entry.published_at) for entry in newest_first]
    links = collect(found, source, page.final_url)
    if not links:
        raise none_found(page, source, len(found))
    return Listed(links)


def _parsed(text: str, page: Page, source: Source) -> tuple[str, list[_Entry]]:
    """The root's name and what stands below it."""
    if looks_like(text) in {"an HTML page", "a feed"}:
        raise wrong_kind(page, text, _CAUSE)
    xml.refuse_entities(text, page, _CAUSE, doctype=True)
    xml.refuse_many_tags(text, page, _CAUSE, MAX_TAGS)
    root, entries = "", []
    try:
        for event, element in iterparse(io.BytesIO(text.encode()), ("start", "end")):  # noqa: S314 - no DOCTYPE here
            name = _local(element)
            root = root or name
            if root not in {"urlset", "sitemapindex"}:
                raise wrong_kind(page, text, _CAUSE)
            if event == "end" and name in {"url", "sitemap"}:
                entries.append(_entry(element, source))
                element.clear()
    except ParseError as error:
        raise ListingError(page.url, _CAUSE, f"broken XML ({error}); it may do at the next poll") from error
    return root, [entry for entry in entries if entry.loc]


def _entry(element: Element, source: Source) -> _Entry:
    facts = {_local(child): child for child in element}
    news = {_local(child): child for child in facts.get("news", ())}

    def time(found: Element | None) -> datetime | None:
        text = _text(found)
        return dates.parse(text, zone=source.zone, order=source.listing_date_order) if text else None

    return _Entry(
        loc=_text(facts.get("loc")),
        changed_at=time(facts.get("lastmod")),
        published_at=time(news.get("publication_date")),
        title=plain(_text(news.get("title"))),
    )


def _local(element: Element) -> str:
    """The name without its namespace, which outlets write in several ways."""
    return element.tag.rpartition("}")[2]


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _lines(text: str, page: Page) -> list[_Entry]:
    """A plain-text sitemap: one address a line."""
    lines = [line.strip() for line in text.splitlines()]
    entries = [_Entry(line) for line in lines if line.startswith(("http://", "https://"))]
    if not entries:
        raise wrong_kind(page, text, _CAUSE)
    return entries


def _sitemaps(entries: list[_Entry], page: Page, source: Source) -> tuple[str, ...]:
    """The addresses of an index on the source's own hosts, newest first, itself left out."""
    own = {urls.canonical(page.url), urls.canonical(page.final_url)}
    newest_first = sorted(entries, key=_age, reverse=True)
    addresses = dict.fromkeys(urls.canonical(entry.loc, page.final_url) for entry in newest_first)
    more = [url for url in addresses if url and url not in own and source.owns(url)]
    if not more:
        raise none_found(page, source, len(entries))
    return tuple(more[:MAX_SITEMAPS])


def _age(entry: _Entry) -> tuple[datetime, int]:
    month = _MONTH.search(entry.loc)
    return entry.newest, int(month[1]) * 12 + int(month[2]) if month else 0
