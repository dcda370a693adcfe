"""A page to an article: the source's rules, then structured data, then what a reader sees; field by field.

Each layer is one module: :mod:`site`, :mod:`structured`, :mod:`generic` (over :mod:`body`, the finder). What they
give, with gaps filled from the listing, is put right in :mod:`tidy`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Literal
from zoneinfo import ZoneInfo

from scraper import markup, urls
from scraper.config import Source
from scraper.extract import generic, site, structured, tidy
from scraper.extract.reading import Reading, laid_over
from scraper.models import ArticleData
from scraper.values import Link

__all__ = ["parse_article"]

DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""In which a page of no known source prints its times."""
SHORT_TEXT = 200
"""Characters; a shorter body is reported, and the text of structured data is preferred to what the finder found."""

_EXPECTED = ("title", "lead", "authors", "published_at", "section")


def parse_article(
    html: str | bytes, url: str, source: Source | None = None, *, link: Link | None = None, content_type: str = ""
) -> ArticleData:
    """The article that a page holds. Never raises on bad HTML.

    Args:
        html: The page as fetched.
        url: Where it was fetched from.
        source: The outlet's rules; without them structured data and the generic finder are all there is.
        link: What the listing says of the article; fills what the page lacks.
        content_type: The Content-Type header, for pages that are not UTF-8.

    Returns:
        What was found; what was not is named in ``problems``, where each field came from in ``provenance``.
    """
    bounded = markup.bound(markup.decode(html, content_type) if isinstance(html, bytes) else html)
    problems = list(bounded.cuts)
    reading, provenance, page = _read(bounded, url, source)
    own = (*_own_names(url, source), *page.names)
    reading = tidy.filled_from(link, reading, provenance, problems)
    reading = tidy.with_plain_title(reading, own)
    reading = tidy.with_plain_lead(reading, source.article.lead_prefix if source else [], own)
    reading = tidy.without_sign_off(reading, own, loose=bool(source and source.article.author_in_last_paragraph))
    reading = tidy.with_dateline(reading, own)
    reading = tidy.with_sound_times(reading, problems)
    canonical = _canonical(url, page.canonical, source, problems)
    return _article(reading, url, canonical, source, provenance, problems)


def _read(bounded: markup.Bounded, url: str, source: Source | None) -> tuple[Reading, dict[str, str], structured.Page]:
    """The three layers laid over one another. Structured data is read first, as the rules strip the tree."""
    tree, own = markup.tree(bounded), _own_names(url, source)
    zone: ZoneInfo = source.zone if source else DEFAULT_ZONE
    order: Literal["dmy", "mdy"] = source.date_order if source else "dmy"
    data, page = structured.read(tree, url, zone, order, own)
    own = (*own, *page.names)
    rules = site.read(tree, url, source, own) if source else Reading()
    if source and source.article.tags:
        data = replace(data, tags=[])  # labels for readers are known to stand elsewhere; keywords are for engines
    # Rules that find headline and body know the page; guesses could then only add what is wrong.
    knows = rules.title and rules.paragraphs
    seen = Reading(place=generic.place_line(tree)) if knows else generic.read(tree, url, zone, order, own)
    if rules.images or seen.images:
        data = replace(data, images=[])  # og:image is the same picture in another size, without its caption
    if sum(map(len, seen.paragraphs)) < max(SHORT_TEXT, len(page.body) // 3):
        data = replace(data, paragraphs=page.body.split("\n\n") if page.body else [])
    return *laid_over((("site", rules), ("data", data), ("generic", seen))), page


def _own_names(url: str, source: Source | None) -> tuple[str, ...]:
    host = urls.host_of(url).removeprefix("www.")
    return (host, *((source.title, source.name, *source.hosts, *source.aliases) if source else ()))


def _canonical(url: str, given: str, source: Source | None, problems: list[str]) -> str:
    """The page's own address for itself, if it is on the same site and not its front page."""
    here = urls.canonical(url) or url
    if not given or given == here:
        return here
    same_site = source.owns(given) if source else _site(given) == _site(here)
    if same_site and given.split("://", 1)[-1].strip("/").count("/"):
        return given
    problems.append(f"canonical_url: the page names {given}, which is not this article's site; ignored")
    return here


def _site(url: str) -> str:
    """The host without the labels of mobile, AMP and "www" variants."""
    return urls.host_of(urls.without_variant(url)).removeprefix("www.") if urls.host_of(url) else ""


def _article(
    reading: Reading,
    url: str,
    canonical: str,
    source: Source | None,
    provenance: dict[str, str],
    problems: list[str],
) -> ArticleData:
    text = "\n\n".join(reading.paragraphs)
    problems += [f"{name}: not found" for name in _EXPECTED if not getattr(reading, name)]
    if len(text) < SHORT_TEXT:
        problems.append(f"text: only {len(text)} characters found" if text else "text: not found")
    found = {each.name: getattr(reading, each.name) for each in fields(reading) if getattr(reading, each.name)}
    # What tidying took from signatures and datelines was read as a reader would.
    layers = {"text" if name == "paragraphs" else name: provenance.get(name, "generic") for name in found}
    found.pop("paragraphs", None)
    found.setdefault("language", source.language if source else "")
    return ArticleData(
        url=urls.canonical(url) or url,
        canonical_url=canonical,
        text=text,
        problems=problems,
        provenance=layers,
        **found,
    )
