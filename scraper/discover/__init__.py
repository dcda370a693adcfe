"""A listing as fetched to the links it holds: section pages, feeds and sitemaps. Pure: no network, no archive."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from scraper import markup, urls
from scraper.config import ListingRule, Source
from scraper.discover import feeds, html, sitemaps
from scraper.discover.addresses import addresses_hash
from scraper.discover.collect import looks_like
from scraper.errors import ListingError
from scraper.values import Listed, Page

__all__ = ["addresses_hash", "kind_of", "links"]

_READERS = {"html": html.read, "feed": feeds.read, "sitemap": sitemaps.read}


def links(page: Page, source: Source, listing: ListingRule, now: datetime) -> Listed:
    """The articles that a listing names, and where the listing goes on.

    A page that is not the listing's own address was followed from it (the next page, a sitemap of an index): the
    last of these may well hold nothing, and then gives nothing.

    Args:
        page: The listing, or an address from an earlier ``more`` of it.
        source: Whose articles are looked for, and how.
        listing: What the address is said to be.
        now: What "3 giờ trước" counts from, aware UTC.

    Raises:
        ListingError: No link where some are expected; ``cause`` says why.
    """
    try:
        return _READERS[listing.kind](page, source, now)
    except ListingError as error:
        followed = urls.canonical(page.url) != urls.canonical(listing.url)
        if followed and error.cause in {"empty", "layout"}:
            return Listed(())
        raise


def kind_of(page: Page) -> Literal["html", "feed", "sitemap"]:
    """What a page is as a listing, by its first element."""
    kinds: dict[str, Literal["feed", "sitemap"]] = {"a feed": "feed", "a sitemap": "sitemap"}
    text = markup.decode(page.body, page.content_type)
    return kinds.get(looks_like(text), "feed" if text.lstrip().startswith("{") else "html")
