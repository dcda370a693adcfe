"""Section pages: by the source's selectors, else by the generic finder; and where the listing goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper import dates, markup, urls
from scraper.config import Source
from scraper.discover import generic
from scraper.discover.collect import (
    MAX_ANCHORS,
    Found,
    article_address,
    collect,
    is_challenge,
    looks_like,
    none_found,
    wrong_kind,
)
from scraper.errors import ListingError
from scraper.values import Listed, Page

_NEXT = ("link[rel=next]", "a[rel=next]")


def read(page: Page, source: Source, now: datetime) -> Listed:
    """The source's articles on a section page in page order, and the next page's address if there is one.

    Where the source's selectors give nothing, the generic finder stands behind them.

    Raises:
        ListingError: ``empty``, ``blocked`` or ``layout``.
    """
    text = markup.decode(page.body, page.content_type)
    if not text.strip():
        raise ListingError(page.url, "empty", "the answer is empty; if that lasts, look at the address in a browser")
    if looks_like(text) in {"a feed", "a sitemap"}:
        raise wrong_kind(page, text, "layout")
    tree = markup.parse(text)
    base = _base(tree, page)
    links = collect(_by_rule(tree, source, base, now), source, base)
    links = links or collect(generic.find(tree, source, base, now), source, base)
    own = {source.key(urls.canonical(url)) for url in (page.url, page.final_url)}
    links = tuple(link for link in links if link.key not in own)
    if not links:
        raise _nothing(tree, text, page, source)
    return Listed(links, _more(tree, source, page, base))


def _base(tree: LexborHTMLParser, page: Page) -> str:
    href = markup.value(tree, "base@href")
    try:
        return urljoin(page.final_url, href)
    except ValueError:
        return page.final_url


def _nothing(tree: LexborHTMLParser, text: str, page: Page, source: Source) -> ListingError:
    if is_challenge(text):
        return wrong_kind(page, text, "blocked")
    anchors = tree.css("a[href]")
    if not anchors:
        why = "the page has no links (filled by scripts?); use a feed or sitemap of the outlet"
        return ListingError(page.url, "empty", why)
    return none_found(page, source, len(anchors))


# --- the source's own selectors ----------------------------------------------------------------------------


def _by_rule(tree: LexborHTMLParser, source: Source, base: str, now: datetime) -> Iterator[Found]:
    rules = source.links
    excluded = {node.mem_id for css in rules.exclude for top in markup.select(tree, [css]) for node in top.css("*")}
    items = markup.select(tree, rules.item or rules.link)
    for item in items[:MAX_ANCHORS]:
        if item.mem_id in excluded:
            continue
        anchors = markup.select(item, rules.link or ["a"]) if rules.item else [item]
        wanted = (node for node in anchors if node.mem_id not in excluded)
        anchor = next((node for node in wanted if article_address(_href(node), source, base)), None)
        if anchor is not None:
            yield _item(item, anchor, source, now)


def _item(item: LexborNode, anchor: LexborNode, source: Source, now: datetime) -> Found:
    rules = source.links
    return Found(
        href=_href(anchor),
        title=_first(item, rules.title) or generic.title_of(anchor),
        lead=_first(item, rules.lead),
        published_at=_time(item, source, now),
    )


def _href(anchor: LexborNode) -> str:
    return anchor.attributes.get("href") or ""


def _first(item: LexborNode, selectors: Sequence[str]) -> str:
    return next((text for selector in selectors if (text := markup.value(item, selector))), "")


def _time(item: LexborNode, source: Source, now: datetime) -> datetime | None:
    if not source.links.date:
        return generic.time_in(item, source, now)
    texts = (markup.value(item, selector) for selector in source.links.date)
    read = (dates.parse(text, zone=source.zone, order=source.listing_date_order, now=now) for text in texts)
    return next((moment for moment in read if moment is not None), None)


# --- where the listing goes on -----------------------------------------------------------------------------


def _more(tree: LexborHTMLParser, source: Source, page: Page, base: str) -> tuple[str, ...]:
    """The next page: ``next_url`` counted on from this page, else what the page itself calls next."""
    rules = source.links
    if rules.next_url:
        found = [_counted_on(rules.next_url, page)]
    else:
        found = [_href(node) for node in markup.select(tree, rules.next or _NEXT)]
    own = {urls.canonical(page.url), urls.canonical(page.final_url), ""}
    addresses = (urls.canonical(href, base) for href in found)
    return tuple(url for url in addresses if url not in own and source.owns(url))[:1]


def _counted_on(template: str, page: Page) -> str:
    """The template one page further than this address ends with; the listing itself is page 1."""
    before, _, after = template.partition("{page}")
    here = re.search(rf"{re.escape(before)}([0-9]{{1,6}}){re.escape(after)}$", page.final_url)
    if here is None:
        return f"{before}2{after}"
    return f"{page.final_url[: here.start()]}{before}{int(here[1]) + 1}{after}"
