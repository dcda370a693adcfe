"""JSON-LD of a page: its objects however they are nested, and its plain fields where the JSON is beyond repair.

Outlets write it carelessly: entities inside JSON, twice escaped on tuoitre ("&amp;#7871;", March 2026), a
BreadcrumbList that is a list of lists (dantri), raw line breaks, trailing commas, authors by reference alone.
"""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scraper.text import clean

Item = dict[str, Any]

MAX_SCRIPT = 1_000_000
"""Characters of one JSON-LD script that are looked at."""
MAX_NODES = 5_000
"""Objects of one page's JSON-LD that are walked."""
MAX_ESCAPES = 3
"""How often text may have been escaped; twice has been seen."""
MAX_PEOPLE = 20
"""Authors of one article that are looked at."""

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|NewsStory)$")
_PAGE = re.compile(r"^(?:WebPage|ItemPage|Recipe|CreativeWork|WebPageElement)$")
_NOT_OURS = frozenset({"itemlistelement", "haspart", "ispartof", "mentions", "comment", "citation", "publisher"})
_MARKS = re.compile(r"</?(?:p|b|i|em|strong|br|span|div|u|a|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_DATED = re.compile(
    r"\"(?:datePublished|published_?at|publicationDate|publish_?date|firstPublished\w*|created_?at|pubDate)\"\s*:\s*"
    r"\"((?:19|20)[0-9]{2}-[^\"]{4,30})\"",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r'"(headline|description|datePublished|dateModified|articleSection|articleBody)"\s*:\s*"((?:[^"\\]|\\.)*+)"'
)


def items(scripts: Iterable[str]) -> Iterator[Item]:
    """Every object of every script, outer before inner; lists of other articles are not entered."""
    todo: deque[object] = deque(map(_loaded, scripts))
    for _ in range(MAX_NODES):
        if not todo:
            return
        item = todo.popleft()
        if isinstance(item, dict):
            yield item
            todo += [value for key, value in item.items() if key.lower() not in _NOT_OURS]
        elif isinstance(item, list):
            todo += item


def _loaded(script: str) -> object:
    source = script[:MAX_SCRIPT].strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for attempt in (source, _TRAILING_COMMA.sub("", source)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(source)


def _salvaged(source: str) -> Item:
    """The plain fields of an article's JSON that is beyond repair."""
    if "Article" not in source:
        return {}
    found: Item = {"@type": "NewsArticle"}
    for key, value in _FLAT.findall(source):
        found.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    return found


def article(found: Sequence[Item]) -> Item:
    """The article among a page's objects, else the page itself if it is dated, else an empty object."""
    for kind in (_ARTICLE, _PAGE):
        for item in found:
            if any(kind.search(each) for each in kinds(item)) and (kind is _ARTICLE or item.get("datePublished")):
                return item
    return {}


def kinds(item: Item) -> list[str]:
    """The types of an object."""
    given = item.get("@type")
    return [kind for kind in (given if isinstance(given, list) else [given]) if isinstance(kind, str)]


def name(value: object) -> str:
    """The name of a person, an organisation or a place, given as an object, a string or a list of these."""
    if isinstance(value, list):
        return next(filter(None, map(name, value[:MAX_PEOPLE])), "")
    return text(value.get("name")) if isinstance(value, dict) else text(value)


def people(value: object, found: Sequence[Item] = ()) -> list[str]:
    """The names of persons; organisations are outlets. A reference is looked up among the page's objects."""
    if isinstance(value, list):
        return [each for item in value[:MAX_PEOPLE] for each in people(item, found)]
    if not isinstance(value, dict):
        return [text(value)] if text(value) else []
    if any("Organization" in kind for kind in kinds(value)):
        return []
    if "name" in value:
        return people(value["name"], found)
    ident = value.get("@id")
    named = (item for item in found if ident and item.get("@id") == ident and "name" in item)
    return [each for item in list(named)[:1] for each in people(item, ())]


def text(value: object, *, lines: bool = False) -> str:
    """Text as meant: entities resolved as often as they were escaped, simple markup removed."""
    if isinstance(value, list):
        return text(value[0], lines=lines) if value else ""
    if not isinstance(value, str | int | float):
        return ""
    plain = str(value)
    for _ in range(MAX_ESCAPES):
        plain, before = html.unescape(plain), plain
        if plain == before:
            break
    if "<" in plain:
        plain = _MARKS.sub("\n" if lines else " " if "<br" in plain.lower() else "", plain)
    return "\n\n".join(filter(None, map(clean, plain.splitlines()))) if lines else clean(plain)


def loose_date(page: str) -> str:
    """A time of publication in whatever script of the page, for pages that give none where it belongs; else ``""``."""
    found = _DATED.search(page)
    return found[1] if found else ""
