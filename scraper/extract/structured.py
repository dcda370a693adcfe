"""What a page says of itself for machines: JSON-LD before microdata before OpenGraph and other meta tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper import dates, urls
from scraper.extract import jsonld
from scraper.extract.jsonld import Item
from scraper.extract.outline import Element, Outline
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading, Site
from scraper.models import Image
from scraper.text import clean, fold

MAX_VALUES = 20
"""Values of one meta tag or itemprop that are looked at."""

_PROPS = frozenset({"author", "headline", "datePublished", "dateCreated", "dateModified"})
_REPLY = re.compile(r"(?:Comment|Review)$")
_HOME = {"trang chu", "home", "trang nhat", "homepage", "startseite", "accueil", "inicio"}
_TITLE = ("og:title", "twitter:title", "title", "dc.title", "dcterms.title", "sailthru.title")
_LEAD = ("og:description", "description", "twitter:description")
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "article:published", "pubdate", "publishdate",
    "publish-date", "publish_date", "published_at", "published-date", "date", "dc.date.issued", "dc.date.created",
    "dcterms.created", "dcterms.date", "dc.date", "dcterms.issued", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article.published", "date.created", "datecreated", "creation_date",
    "its_publication",  # epoch, vnexpress
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "dcterms.modified", "last-modified")
_AUTHORS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
    "article:author_name", "article.author", "creator",
)  # fmt: skip
# Weblogs label their cards: twitter:label1 "Written by", twitter:data1 "Lan Anh".
_WRITTEN_BY = {"written by", "verfasst von", "geschrieben von", "escrito por", "ecrit par", "scritto da", "viet boi"}


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


def read(page: Outline, url: str, site: Site) -> tuple[Reading, Page]:
    """Fields of the article as structured data gives them."""
    items = list(jsonld.items(page.scripts))
    article = jsonld.article(items)
    micro = _microdata(page)
    names = tuple(filter(None, (_meta(page, ("og:site_name",)), jsonld.name(article.get("publisher")))))
    people = credits_in(_bylines(page, article, items, micro), (*site.names, *names))

    def time_of(*texts: str) -> datetime | None:
        found = (dates.parse(text, zone=site.zone, order=site.order) for text in texts if text)
        return next((moment for moment in found if moment), None)

    reading = Reading(
        title=jsonld.text(article.get("headline")) or _first(micro, "headline") or _meta(page, _TITLE),
        lead=jsonld.text(article.get("description")) or _meta(page, _LEAD),
        authors=list(people.authors) if site.known else _signed(page, people.authors),
        agency=people.agency,
        published_at=time_of(
            jsonld.text(article.get("datePublished")),
            *_metas(page, _PUBLISHED[:1]),
            _first(micro, "datePublished"),
            *_metas(page, _PUBLISHED[1:]),
            jsonld.text(article.get("dateCreated")),
            _first(micro, "dateCreated"),
        ),
        modified_at=time_of(
            jsonld.text(article.get("dateModified")), *_metas(page, _MODIFIED), _first(micro, "dateModified")
        ),
        section=_section(page, article, items),
        place=jsonld.name(article.get("contentLocation")) or jsonld.text(article.get("dateline")),
        language=_language(page, article),
        tags=_tags(page),
        images=_images(page, article, url),
    )
    return reading, Page(_canonical(page, url), names, jsonld.text(article.get("articleBody"), lines=True))


# --- fields ------------------------------------------------------------------------------------------------


def _bylines(page: Outline, article: Item, items: Sequence[Item], micro: dict[str, list[str]]) -> list[str]:
    named = jsonld.people(article.get("author"), items) or jsonld.people(article.get("creator"), items)
    if not named:
        named = micro.get("author", [])
    if not named:
        named = [text for text in _metas(page, _AUTHORS) if " " in text]
    if not named and fold(_meta(page, ("twitter:label1",))) in _WRITTEN_BY:
        named = list(_metas(page, ("twitter:data1",)))
    return [name for name in named if not name.lower().startswith(("http:", "https:"))]


def _signed(page: Outline, authors: Sequence[str]) -> list[str]:
    """The authors whose names the page shows: a publishing system names whoever typed the text.

    A page that shows nothing at all, as it is drawn by script, is believed.
    """
    shown = unicodedata.normalize("NFC", "\n".join(line.text for line in page.lines)).lower()
    return [name for name in authors if not shown or name.lower() in shown]


def _section(page: Outline, article: Item, items: Sequence[Item]) -> str:
    """The particular section: outlets of the mCMS family write "Thể thao,World Cup 2026,Tin tức", general first."""
    listed = jsonld.text(article.get("articleSection")) or _meta(page, ("article:section", "articlesection"))
    if listed:
        return listed.split(",")[-1].strip() if "," in listed else listed
    crumbs: Item = next((item for item in items if item.get("@type") == "BreadcrumbList"), {})
    names = [name for name in _crumbs(crumbs.get("itemListElement")) if fold(name) not in _HOME]
    title = fold(jsonld.text(article.get("headline")))
    return next((name for name in reversed(names) if fold(name) != title), "")


def _crumbs(value: object) -> list[str]:
    """Breadcrumb names in order; dantri wraps the list in a list (March 2026)."""
    if isinstance(value, list):
        return [name for item in value[:MAX_VALUES] for name in _crumbs(item)]
    if not isinstance(value, dict):
        return []
    name = jsonld.text(value.get("name")) or jsonld.name(value.get("item"))
    return [name] if name else []


def _language(page: Outline, article: Item) -> str:
    declared = page.language or jsonld.text(article.get("inLanguage")) or _meta(page, ("og:locale",))
    code = re.split(r"[-_]", declared.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


def _tags(page: Outline) -> list[str]:
    """Topic labels of meta tags: one a tag, or a comma-joined list."""
    found = list(_metas(page, ("article:tag",))) or list(_metas(page, ("news_keywords",)))
    labels = (clean(label) for text in found for label in text.split(","))
    return list({fold(label): label for label in labels if label}.values())


def _images(page: Outline, article: Item, url: str) -> list[Image]:
    image = article.get("image")
    first = image[0] if isinstance(image, list) and image else image
    address = jsonld.text(first.get("url")) if isinstance(first, dict) else jsonld.text(first)
    address = address or _meta(page, ("og:image",))
    address = urls.canonical(address, url) if address else ""
    return [Image(url=address)] if address else []


def _canonical(page: Outline, url: str) -> str:
    href = page.links.get("canonical") or _meta(page, ("og:url",))
    return urls.canonical(href, url) if href else ""


# --- meta and microdata ------------------------------------------------------------------------------------


def _metas(page: Outline, names: Iterable[str]) -> Iterator[str]:
    found = (jsonld.text(text) for name in names for text in page.metas.get(name, ())[:MAX_VALUES])
    return (text for text in found if text)


def _meta(page: Outline, names: Iterable[str]) -> str:
    return next(_metas(page, names), "")


def _microdata(page: Outline) -> dict[str, list[str]]:
    """The values of the article's own ``itemprop`` or ``property`` attributes: content or datetime, else the text."""
    found: dict[str, list[str]] = {}
    for element in page.elements:
        attributes = element.attributes
        if "itemprop" not in attributes and "property" not in attributes:
            continue
        prop = (attributes.get("itemprop") or attributes.get("property") or "").rpartition(":")[2]
        if prop not in _PROPS or len(found.get(prop, ())) > MAX_VALUES or _is_reply(element):
            continue
        if prop == "author":
            inner = (each for each in page.inside(element) if each.attributes.get("itemprop") == "name")
            element = next(inner, element)  # noqa: PLW2901 - the name stands for the person
        value = clean(element.get("content") or element.get("datetime") or page.text(element))
        if value:
            found.setdefault(prop, []).append(value)
    return found


def _is_reply(element: Element) -> bool:
    """Whether it belongs to a comment or a review, which have authors and dates of their own."""
    return any(_REPLY.search(around.get("itemtype")) for around in (element, *element.above) if around.attributes)


def _first(micro: dict[str, list[str]], name: str) -> str:
    return next(iter(micro.get(name, ())), "")
