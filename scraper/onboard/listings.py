"""Where an outlet lists its news, and what the addresses of its articles have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from scraper import discover, markup, urls
from scraper.config import ListingRule, Source
from scraper.errors import FetchError, ListingError
from scraper.values import Link, Page

Get = Callable[[str], Page]

# --- thresholds and their reasons --------------------------------------------------------------------------
MAX_FEEDS, MAX_SITEMAPS = 4, 3
"""Feeds and sitemaps that are asked for: each costs the outlet a request."""
MAX_LEVELS = 3
"""Levels of a sitemap's index that are followed."""
MIN_SHARE = 0.6
"""Share of the listed addresses that must be made alike before that becomes the outlet's pattern."""
MIN_ADDRESSES = 3
"""Addresses from which a pattern can be told."""
_USUAL_FEEDS = ("/rss", "/feed", "/rss.xml", "/home.rss")
"""Where feeds are when a page names none (eight of the outlets in config/sources/)."""

_DECLARED = ("link[type*=rss]@href", "link[type*=atom]@href", "link[type*='feed+json']@href")
_LINKED = ("a[href*='.rss']@href", "a[href*='/rss/']@href", "a[href*='/feed']@href")
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# The end of an article's address: what stands before the number, the number, what stands behind it.
_NUMBERED = re.compile(r"(?P<before>[-_/.]?[A-Za-z]{0,6})(?P<number>[0-9]{4,})(?P<after>(?:\.[A-Za-z]{2,5})?/?)$")
_DATED = re.compile(r"/20[0-9]{2}/[0-9]{1,2}(?P<day>/[0-9]{1,2})?/[^/]+/?$")
_INSIDE = re.compile(r"(?P<before>/(?:[a-z-]+/)?)(?P<number>[0-9]{2,})/[^/]+/?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A listing that was tried.

    Attributes:
        rule: The listing as a source file has it.
        links: The articles it lists; empty where it gives none.
        why: What is wrong with it, in words; ``""`` when it works.
    """

    rule: ListingRule
    links: tuple[Link, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """How the addresses of an outlet's articles are made.

    Attributes:
        link_pattern: Matches every article's address.
        id_pattern: Group 1 is the post id; ``""`` where addresses have none.
        alike: How many of the listed addresses are so.
        listed: Of how many.
    """

    link_pattern: str
    id_pattern: str
    alike: int
    listed: int


def read(page: Page, get: Get, source: Source, rule: ListingRule, now: datetime) -> Found:
    """The articles that a page of the outlet lists; a sitemap's index is followed to its newest part."""
    try:
        listed = discover.links(page, source, rule, now)
        for _ in range(MAX_LEVELS):
            if listed.links or not listed.more:
                break
            listed = discover.links(get(listed.more[0]), source, rule, now)
    except (FetchError, ListingError) as error:
        return Found(rule, why=str(error))
    return Found(rule, listed.links, "" if listed.links else "lists no articles")


def try_out(get: Get, source: Source, rule: ListingRule, now: datetime) -> Found:
    """Fetch one listing and read it."""
    try:
        page = get(rule.url)
    except FetchError as error:
        return Found(rule, why=str(error))
    return read(page, get, source, rule, now)


def feeds(page: Page, get: Get, source: Source, now: datetime) -> list[Found]:
    """The feeds that a page names, else those at the usual addresses; only those that list articles."""
    tree = markup.parse(page.body, page.content_type)
    named = [href for selector in (*_DECLARED, *_LINKED) for href in markup.values(tree, selector)]
    addresses = _own(named, page, source) or _own(_USUAL_FEEDS, page, source)
    tried = (try_out(get, source, ListingRule(url=url, kind="feed"), now) for url in islice(addresses, MAX_FEEDS))
    return [found for found in tried if found.links]


def sitemaps(page: Page, get: Get, source: Source) -> list[ListingRule]:
    """The sitemaps that robots.txt names, else the usual one if it is there."""
    home = f"{urlsplit(page.final_url).scheme}://{urlsplit(page.final_url).netloc}"
    named = _own(_SITEMAP_LINE.findall(_text(get, f"{home}/robots.txt")), page, source)
    if not named and "<" in _text(get, f"{home}/sitemap.xml"):
        named = [f"{home}/sitemap.xml"]
    return [ListingRule(url=url, kind="sitemap") for url in named[:MAX_SITEMAPS]]


def _text(get: Get, url: str) -> str:
    try:
        return markup.decode(get(url).body)
    except FetchError:
        return ""  # most outlets have neither file, and that is no fault


def _own(hrefs: Iterable[str], page: Page, source: Source) -> list[str]:
    """Absolute addresses on the outlet's own hosts, each once."""
    found = (urls.canonical(href, page.final_url) for href in hrefs)
    return list(dict.fromkeys(url for url in found if url and source.owns(url)))


# --- how addresses are made --------------------------------------------------------------------------------


def pattern_of(addresses: Sequence[str]) -> Made | None:
    """What most of the addresses have in common: a number at the end, else a date in the path.

    ``None`` where they have nothing in common; the generic finder then tells headlines from menus.
    """
    if len(addresses) < MIN_ADDRESSES:
        return None
    paths = [urlsplit(address).path for address in addresses]
    return _numbered(paths) or _dated(paths) or _inside(paths)


def _numbered(paths: Sequence[str]) -> Made | None:
    ends = [found for path in paths if (found := _NUMBERED.search(path))]
    shapes = Counter((found["before"], found["after"]) for found in ends)
    if not shapes:
        return None
    (before, after), count = shapes.most_common(1)[0]
    if count < MIN_SHARE * len(paths):
        return None
    digits = min(len(found["number"]) for found in ends if (found["before"], found["after"]) == (before, after))
    number, tail = f"[0-9]{{{digits},}}", rf"{_plain(after)}(?:[?#]|$)"
    start = _plain(before)
    return Made(f"{start}{number}{tail}", f"{start}({number}){tail}", count, len(paths))


def _plain(text: str) -> str:
    """Text as a regular expression that a person can read: only what must be escaped is."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _dated(paths: Sequence[str]) -> Made | None:
    found = [match for path in paths if (match := _DATED.search(path))]
    if len(found) < MIN_SHARE * len(paths):
        return None
    day = "/[0-9]{1,2}" if all(match["day"] for match in found) else "(?:/[0-9]{1,2})?"
    return Made(rf"/20[0-9]{{2}}/[0-9]{{1,2}}{day}/[^/?#]+/?(?:[?#]|$)", "", len(found), len(paths))


def _inside(paths: Sequence[str]) -> Made | None:
    """A number in a part of its own before the words: "/tin/12345/mot-bai"."""
    found = [match for path in paths if (match := _INSIDE.search(path))]
    fixed = Counter(match["before"] for match in found).most_common(1)
    if not fixed or fixed[0][1] < MIN_SHARE * len(paths):
        return None
    before = _plain(fixed[0][0])
    return Made(rf"{before}[0-9]+/[^/?#]+", rf"{before}([0-9]+)/", fixed[0][1], len(paths))


def matching(links: Iterable[Link], made: Made | None) -> Iterator[Link]:
    """The links whose addresses are made so."""
    return (link for link in links if made is None or re.search(made.link_pattern, link.url))
