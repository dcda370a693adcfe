"""A page to an article: the source's rules, then structured data, then what a reader sees; field by field.

Each layer is one module: :mod:`site`, :mod:`structured`, :mod:`generic` (over :mod:`finder`, which finds the body). All
read the page's :mod:`outline`. :mod:`layers` lays them over one another; what they give, with gaps filled from the
listing, is put right in :mod:`tidy`.
"""

from __future__ import annotations

from dataclasses import fields

from scraper import bounds, markup, urls
from scraper.config import Source
from scraper.extract import layers, tidy, titles
from scraper.extract.layers import SHORT_TEXT, Layers
from scraper.extract.notices import missing_notice
from scraper.extract.reading import Reading
from scraper.models import PARSER_VERSION, ArticleData
from scraper.values import Link

__all__ = ["SHORT_TEXT", "Layers", "Reading", "missing_notice", "parse_article", "read_layers", "reader"]

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
    bounded = _bounded(html, content_type)
    problems = list(bounded.cuts)
    found = layers.read(bounded, url, source)
    reading, provenance = found.combined()
    own = found.site.names
    reading = tidy.filled_from(link, reading, provenance, problems)
    reading = tidy.with_plain_title(reading, own)
    reading = tidy.with_plain_lead(reading, source.article.lead_prefix if source else [], own)
    reading = tidy.without_sign_off(reading, own, loose=bool(source and source.article.author_in_last_paragraph))
    reading = tidy.with_dateline(reading, own)
    reading = tidy.with_sound_times(reading, problems)
    canonical = _canonical(url, found.page.canonical, source, problems)
    problems += _doubts(reading, found)
    return _article(reading, url, canonical, source, provenance, problems)


def reader(source: Source | None) -> str:
    """Names the parser and the rules that read an outlet's articles: where it differs, so may what is read."""
    return f"{PARSER_VERSION}/{source.article_rules if source else ''}"


def read_layers(html: str | bytes, url: str, source: Source | None, *, content_type: str = "") -> Layers:
    """What each layer reads off a page by itself, for those who write a source's rules."""
    return layers.read(_bounded(html, content_type), url, source, everything=True)


def _bounded(html: str | bytes, content_type: str) -> bounds.Bounded:
    return bounds.bound(markup.decode(html, content_type) if isinstance(html, bytes) else html)


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


def _doubts(reading: Reading, found: Layers) -> list[str]:
    """What is missing in a reading, or speaks against it."""
    doubts = [f"{name}: not found" for name in _EXPECTED if not getattr(reading, name)]
    length = sum(map(len, reading.paragraphs)) + 2 * max(len(reading.paragraphs) - 1, 0)
    if length < SHORT_TEXT:
        doubts.append(f"text: only {length} characters found" if length else "text: not found")
    if 0 < length < len(reading.lead):
        doubts.append("text: shorter than the lead")
    if reading.mostly_links:
        doubts.append("text: mostly links; the body may be a list of other stories")
    shown = found.rules.title or found.shown.title
    if titles.differ(found.data.title, shown):
        doubts.append(f"title: the page prints {shown!r} and tells machines {found.data.title!r}")
    return doubts


def _article(
    reading: Reading,
    url: str,
    canonical: str,
    source: Source | None,
    provenance: dict[str, str],
    problems: list[str],
) -> ArticleData:
    found = {each.name: getattr(reading, each.name) for each in fields(reading) if getattr(reading, each.name)}
    found.pop("mostly_links", None)
    box = found.pop("box", "")
    # What tidying took from signatures and datelines was read as a reader would.
    origins = {"text" if name == "paragraphs" else name: provenance.get(name, "generic") for name in found}
    found.pop("paragraphs", None)
    origins |= {"box": box} if box else {}
    found.setdefault("language", source.language if source else "")
    return ArticleData(
        url=urls.canonical(url) or url,
        canonical_url=canonical,
        text="\n\n".join(reading.paragraphs),
        problems=problems,
        provenance=origins,
        **found,
    )
