"""What every reader of listings shares: the rules by which a found address becomes a link of the source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scraper import markup, urls
from scraper.config import Source
from scraper.errors import ListingError
from scraper.text import clean
from scraper.values import Link, Page

# --- limits and their reasons ------------------------------------------------------------------------------
MAX_LINKS = 5_000
"""Links of one listing. Section pages have up to 60, feeds up to 500, a month's sitemap some thousands."""
MAX_ANCHORS = 10_000
"""Anchors of a page that are looked at (about 0.1 ms each); the fullest real section page has 500."""
MAX_TITLE = 500
"""Characters; a longer "title" is a whole box of text."""
MAX_LEAD = 1_000
"""Characters; feeds that put the whole article in the description are cut here."""


@dataclass(frozen=True, slots=True)
class Found:
    """An address as it stands in a listing, not yet checked.

    Attributes:
        href: Absolute, or relative to the listing's base.
        published_at: Aware UTC.
    """

    href: str
    title: str = ""
    lead: str = ""
    published_at: datetime | None = None


def collect(found: Iterable[Found], source: Source, base: str) -> tuple[Link, ...]:
    """The source's articles among the addresses found, each once, in listing order.

    The first address of an article wins; later ones fill in what it lacks, since a picture's link has no title.
    """
    addresses: dict[str, str] = {}
    kept: dict[str, Link] = {}
    for one in found:
        if one.href not in addresses:
            addresses[one.href] = article_address(one.href, source, base)
        url = addresses[one.href]
        if not url:
            continue
        lead = _without_prefix(_cut(one.lead, MAX_LEAD), source)
        link = Link(url, source.key(url), _cut(one.title, MAX_TITLE), lead, one.published_at)
        if link.key in kept:
            kept[link.key] = _filled(kept[link.key], link)
        elif len(kept) < MAX_LINKS:
            kept[link.key] = link
    return tuple(kept.values())


def article_address(href: str, source: Source, base: str) -> str:
    """The canonical address when it may be an article of the source, else ``""``."""
    url = urls.canonical(href, base) if href.strip() else ""
    return url if url and source.is_article(url) else ""


def _cut(text: str, limit: int) -> str:
    """Cleaned and shortened."""
    return clean(text)[:limit]


def _without_prefix(lead: str, source: Source) -> str:
    """The lead without the outlet's name before it, such as "(Chinhphu.vn) - "."""
    for pattern in source.article.lead_prefix:
        lead = re.sub(rf"^(?:{pattern})", "", lead)
    return lead


def _filled(first: Link, later: Link) -> Link:
    return replace(
        first,
        title=first.title or later.title,
        lead=first.lead or later.lead,
        published_at=first.published_at or later.published_at,
    )


def plain(text: str) -> str:
    """Text that may hold markup or entities (a feed's title or summary), as a reader sees it."""
    if "<" not in text and "&" not in text:
        return clean(text)
    body = markup.parse(text).body
    return markup.text_of(body) if body is not None else ""


# --- why a listing gave nothing ----------------------------------------------------------------------------

# Seen on Cloudflare's and similar walls and in laodong's cookie challenge (July 2026).
_CHALLENGE = re.compile(
    r"<title>\s*(?:just a moment|attention required|access denied|please wait)|cf-chl-|challenge-platform"
    r"|g-recaptcha|h-captcha|_incapsula_|ddos protection|document\.cookie\s*=[^;]{1,200};?[^<]{0,200}location",
    re.IGNORECASE,
)
_CHALLENGE_CHARS = 100_000
"""Walls are small pages; a script of the same make inside a large one says nothing."""

_ROOTS = (
    ("a feed", re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)),
    ("a sitemap", re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)),
    ("an HTML page", re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)),
)
_ROOT_WINDOW = 2_000
_KINDS = {"a feed": "feed", "a sitemap": "sitemap", "an HTML page": "html"}


def looks_like(text: str) -> str:
    """``a feed``, ``a sitemap``, ``an HTML page`` or ``""``, by the first element that tells."""
    head = text[:_ROOT_WINDOW]
    hits = [(match.start(), name) for name, pattern in _ROOTS if (match := pattern.search(head))]
    return min(hits)[1] if hits else ""


def is_challenge(text: str) -> bool:
    """Whether the page asks the visitor to prove that they are human."""
    return len(text) <= _CHALLENGE_CHARS and _CHALLENGE.search(text) is not None


def wrong_kind(page: Page, text: str, cause: str) -> ListingError:
    """The error for an answer that is not what the source file says it is."""
    if is_challenge(text):
        return ListingError(page.url, "blocked", "a page that challenges programs came instead of the listing")
    what = looks_like(text)
    hint = f'is {what}; write kind = "{_KINDS[what]}"' if what else "is neither feed, sitemap nor page; look at it"
    return ListingError(page.url, cause, hint)


def none_found(page: Page, source: Source, looked_at: int) -> ListingError:
    """The error for a listing with addresses of which none is an article of the source."""
    return ListingError(
        page.url,
        "layout",
        f"{looked_at} addresses, none an article of {source.name}; "
        f"compare hosts, link_pattern and link_exclude in sources/{source.name}.toml with the page",
    )
