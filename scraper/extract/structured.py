"""What a page says of itself for machines: JSON-LD, microdata, OpenGraph and other meta tags.

Outlets write it carelessly: entities inside JSON, twice escaped on tuoitre ("&amp;#7871;", March 2026), a
BreadcrumbList that is a list of lists (dantri), an author who is the newspaper (vnexpress) or "" (vietnamplus),
raw line breaks and trailing commas.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from scraper import dates, markup, urls
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading
from scraper.models import Image
from scraper.text import clean, fold

MAX_SCRIPT = 1_000_000
"""Characters of one JSON-LD script that are looked at."""
MAX_NODES = 5_000
"""Objects of one page's JSON-LD that are walked."""
MAX_ESCAPES = 3
"""How often text may have been escaped; twice has been seen."""

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|NewsStory)$")
_NOT_OURS = frozenset({"itemlistelement", "haspart", "ispartof", "mentions", "comment", "citation", "publisher"})
_MARKS = re.compile(r"</?(?:p|b|i|em|strong|br|span|div|u|a|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_FLAT = re.compile(
    r'"(headline|description|datePublished|dateModified|articleSection|articleBody)"\s*:\s*"((?:[^"\\]|\\.)*+)"'
)
_HOME = {"trang chu", "home", "trang nhat", "homepage"}

_TITLE = ("meta[property='og:title']", "meta[name='twitter:title']", "meta[name=title]")
_LEAD = ("meta[property='og:description']", "meta[name=description]", "meta[name='twitter:description']")
_PUBLISHED = (
    "meta[property='article:published_time']",
    "meta[itemprop=datePublished]",
    "meta[name=pubdate]",
    "meta[name='article:published_time']",
    "meta[name=publish-date]",
    "meta[name='dc.date.issued']",
    "meta[name=its_publication]",  # epoch, vnexpress
)
_MODIFIED = (
    "meta[property='article:modified_time']",
    "meta[property='og:updated_time']",
    "meta[itemprop=dateModified]",
    "meta[name=lastmod]",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says about itself that is no field of the article.

    Attributes:
        canonical: The address the page gives as its own, absolute; ``""`` if none.
        names: The outlet's names as the page writes them.
        body: ``articleBody`` of JSON-LD, for pages whose text is nowhere else.
    """

    canonical: str = ""
    names: tuple[str, ...] = ()
    body: str = ""


def read(
    tree: LexborHTMLParser, url: str, zone: ZoneInfo, order: Literal["dmy", "mdy"], own: tuple[str, ...]
) -> tuple[Reading, Page]:
    """Fields of the article as structured data gives them, JSON-LD before microdata before meta tags."""
    items = list(_items(tree))
    article = next((item for item in items if _is_article(item)), {})
    names = tuple(filter(None, (_meta(tree, "meta[property='og:site_name']"), _name(article.get("publisher")))))
    people = credits_in(_bylines(tree, article), (*own, *names))

    def time_of(*texts: str) -> datetime | None:
        found = (dates.parse(text, zone=zone, order=order) for text in texts if text)
        return next((moment for moment in found if moment), None)

    reading = Reading(
        title=_text(article.get("headline")) or _micro(tree, "headline") or _first_meta(tree, _TITLE),
        lead=_text(article.get("description")) or _first_meta(tree, _LEAD),
        authors=list(people.authors),
        agency=people.agency,
        published_at=time_of(
            _text(article.get("datePublished")), *_metas(tree, _PUBLISHED), _micro(tree, "datePublished")
        ),
        modified_at=time_of(_text(article.get("dateModified")), *_metas(tree, _MODIFIED), _micro(tree, "dateModified")),
        section=_section(tree, article, items),
        place=_name(article.get("contentLocation")) or _text(article.get("dateline")),
        language=_language(tree, article),
        tags=_tags(tree),
        images=_images(tree, article, url),
    )
    return reading, Page(_canonical(tree, url), names, _text(article.get("articleBody"), lines=True))


# --- JSON-LD -----------------------------------------------------------------------------------------------


def _items(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every object of every JSON-LD script, outer before inner; lists in other articles are not entered."""
    todo: list[object] = [_loaded(script.text()) for script in tree.css("script[type='application/ld+json' i]")]
    for _ in range(MAX_NODES):
        if not todo:
            return
        item = todo.pop(0)
        if isinstance(item, dict):
            yield item
            todo += [value for key, value in item.items() if key.lower() not in _NOT_OURS]
        elif isinstance(item, list):
            todo += item


def _loaded(script: str) -> object:
    text = script[:MAX_SCRIPT].strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(text)


def _salvaged(text: str) -> dict[str, Any]:
    """The plain fields of an article's JSON that is beyond repair."""
    if "Article" not in text:
        return {}
    found: dict[str, Any] = {"@type": "NewsArticle"}
    for key, value in _FLAT.findall(text):
        found.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    return found


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _name(value: object) -> str:
    """The name of a person, an organisation or a place, given as an object, a string or a list of these."""
    if isinstance(value, list):
        return next(filter(None, map(_name, value)), "")
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _people(value: object) -> Iterator[str]:
    """The names of persons; organisations are outlets."""
    for item in value if isinstance(value, list) else [value]:
        kinds = item.get("@type") if isinstance(item, dict) else ""
        if "Organization" not in str(kinds):
            yield _text(item.get("name")) if isinstance(item, dict) else _text(item)


def _text(value: object, *, lines: bool = False) -> str:
    """Text as meant: entities resolved as often as they were escaped, simple markup removed."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if not isinstance(value, str | int | float):
        return ""
    text = str(value)
    for _ in range(MAX_ESCAPES):
        text, before = html.unescape(text), text
        if text == before:
            break
    text = _MARKS.sub("\n" if lines else " " if "<br" in text.lower() else "", text)
    return "\n\n".join(filter(None, map(clean, text.splitlines()))) if lines else clean(text)


# --- fields ------------------------------------------------------------------------------------------------


def _bylines(tree: LexborHTMLParser, article: dict[str, Any]) -> list[str]:
    named = [name for name in _people(article.get("author")) if name]
    if not named:
        named = markup.values(tree, "[itemprop=author] [itemprop=name]") or markup.values(tree, "a[rel=author]")
    if not named:
        named = [text for text in _metas(tree, ("meta[property='article:author']", "meta[name=author]")) if " " in text]
    return [name for name in named if not name.lower().startswith(("http:", "https:"))]


def _section(tree: LexborHTMLParser, article: dict[str, Any], items: list[dict[str, Any]]) -> str:
    """The particular section: outlets of the mCMS family write "Thể thao,World Cup 2026,Tin tức", general first."""
    section = _text(article.get("articleSection"))
    listed = section or _meta(tree, "meta[property='article:section']") or _meta(tree, "meta[itemprop=articleSection]")
    if listed:
        return listed.split(",")[-1].strip() if "," in listed else listed
    crumbs = next((item for item in items if item.get("@type") == "BreadcrumbList"), {})
    names = [name for name in _crumbs(crumbs.get("itemListElement")) if fold(name) not in _HOME]
    title = fold(_text(article.get("headline")))
    return next((name for name in reversed(names) if fold(name) != title), "")


def _crumbs(value: object) -> list[str]:
    """Breadcrumb names in order; dantri wraps the list in a list (March 2026)."""
    if isinstance(value, list):
        return [name for item in value[:20] for name in _crumbs(item)]
    if not isinstance(value, dict):
        return []
    name = _text(value.get("name")) or _name(value.get("item"))
    return [name] if name else []


def _language(tree: LexborHTMLParser, article: dict[str, Any]) -> str:
    declared = (
        markup.value(tree, "html@lang") or _text(article.get("inLanguage")) or _meta(tree, "meta[property='og:locale']")
    )
    code = re.split(r"[-_]", declared.lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


def _tags(tree: LexborHTMLParser) -> list[str]:
    """Topic labels of meta tags: one a tag, or a comma-joined list."""
    found = _metas(tree, ("meta[property='article:tag']",)) or _metas(tree, ("meta[name=news_keywords]",))
    labels = (clean(label) for text in found for label in text.split(","))
    return list({fold(label): label for label in labels if label}.values())


def _images(tree: LexborHTMLParser, article: dict[str, Any], url: str) -> list[Image]:
    image = article.get("image")
    first = image[0] if isinstance(image, list) and image else image
    address = _text(first.get("url")) if isinstance(first, dict) else _text(first)
    address = address or _meta(tree, "meta[property='og:image']")
    address = urls.canonical(address, url) if address else ""
    return [Image(url=address)] if address else []


def _canonical(tree: LexborHTMLParser, url: str) -> str:
    href = markup.value(tree, "link[rel=canonical]@href") or _meta(tree, "meta[property='og:url']")
    return urls.canonical(href, url) if href else ""


# --- meta and microdata ------------------------------------------------------------------------------------


def _metas(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> list[str]:
    found = (_text(text) for selector in selectors for text in markup.values(tree, f"{selector}@content"))
    return [text for text in found if text]


def _meta(tree: LexborHTMLParser, selector: str) -> str:
    return next(iter(_metas(tree, (selector,))), "")


def _first_meta(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> str:
    return next((text for selector in selectors if (text := _meta(tree, selector))), "")


def _micro(tree: LexborHTMLParser, name: str) -> str:
    """An ``itemprop`` of the page: its content or datetime attribute, else its text."""
    selector = f"[itemprop={name}]"
    given = (markup.value(tree, f"{selector}@{attribute}") for attribute in ("content", "datetime"))
    return next(filter(None, given), "") or markup.value(tree, selector)
