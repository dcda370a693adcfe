"""CSS selectors for an unknown outlet's fields, learnt from several of its articles.

On each page the generic layer says which element shows a field. What those elements have in common, by attribute,
class, id or the element around them, and nothing else on the page has before them, is a selector.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from scraper import bounds, dates, markup
from scraper.extract import body, generic, layers, structured, walk
from scraper.extract.finder import is_running
from scraper.extract.outline import Element, Line, Outline
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading, Site
from scraper.extract.site import matches
from scraper.text import fold

# --- thresholds and their reasons --------------------------------------------------------------------------
MIN_SHARE = 0.6
"""Share of the pages that show a field on which a selector must find it."""
MAX_WRONG = 0.1
"""Share of the pages on which it may find something else."""
HARDLY_MORE = 1.2
"""Text of a named element around the body's, as a multiple, up to which it serves as well."""
A_MINUTE = timedelta(minutes=1)
MAX_SELECTORS = 2
"""Selectors of one field; the second is for pages of another make."""
MAX_BYLINE = 90
"""Letters of an element that shows a date or a byline and little else."""
MAX_AROUND = 3
"""Elements around one that may lend it a name."""

_IDENT = re.compile(r"-?[A-Za-z_][\w-]*")
# Names that tell pages, states or builds apart instead of makes.
_UNSTABLE = re.compile(
    r"[0-9]{3,}|^(?:post|page|hentry|type|status|category|tag|format|author|is|has|js|css|sc)-|active|open|loaded"
)
_MEANT = ("itemprop", "data-role", "data-slot", "property", "data-testid")


@dataclass(frozen=True, slots=True)
class Sample:
    """One article page of the outlet."""

    html: str
    url: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """A selector and on how many of the pages that show the field it finds it."""

    css: str
    found: int
    pages: int


@dataclass(slots=True)
class _Seen:
    """One page with the elements that show its fields."""

    tree: LexborHTMLParser
    page: Outline
    shown: dict[str, Element] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    left_out: list[Element] = field(default_factory=list)
    dated: bool = False


def learn(samples: Sequence[Sample]) -> dict[str, list[Learnt]]:
    """Selectors by the keys of ``[article]``, best first; a field that no selector finds surely is left out.

    Args:
        samples: Several articles of one outlet, five or more if they are to be had.
    """
    pages = [seen for sample in samples if (seen := _see(sample)) is not None]
    learnt = {name: _common(pages, name) for name in ("title", "lead", "body", "date", "author", "section")}
    if learnt["body"]:
        learnt["strip"] = _boxes(pages)
    return {name: found for name, found in learnt.items() if found}


# --- one page ----------------------------------------------------------------------------------------------


def _see(sample: Sample) -> _Seen | None:
    tree = markup.tree(bounds.bound(sample.html))
    page = walk.read(tree)
    site = layers.site_of(page, sample.url, None)
    data, _ = structured.read(page, sample.url, site)
    shown = generic.look(tree, page, sample.url, data.lead)
    if shown.root is None or not shown.content.lines:
        return None
    seen = _Seen(tree, shown.page)
    reading = generic.read(tree, page, sample.url, site, Reading(lead=data.lead))
    seen.shown["body"] = root = _named_around(shown.page, _around_all(shown.root, shown.content.lines))
    if shown.headline is not None:
        seen.shown["title"] = _whole(shown.page.lines[shown.headline])
    if shown.lead is not None and shown.lead.index not in range(root.start, root.end):
        seen.shown["lead"] = _whole(shown.lead)
    near = [element for element in shown.frame.near if not _holds(element, root)]
    for name, says in _tests(reading, data, site, shown.page).items():
        element = _smallest(shown.page, near, says)
        if element is not None:
            seen.shown[name] = element
    seen.kept = {line.index for line in shown.content.lines}
    known = body.read(shown.page, root, sample.url, known=True).lines
    seen.left_out = [line.element for line in known if line.index not in seen.kept and line is not shown.lead]
    return seen


def _around_all(root: Element, lines: Sequence[Line]) -> Element:
    """The smallest element inside the root that holds all running text of the article."""
    running = [line for line in lines if is_running(line)]
    if not running:
        return root
    first, last = running[0].index, running[-1].index
    around = (element for element in running[0].element.above if element.start <= first and last < element.end)
    return next(around, root)


def _named_around(page: Outline, root: Element) -> Element:
    """The body's element, or the nearest around it that has a name and holds hardly more."""
    around = (element for element in (root, *root.above) if page.size(element) <= HARDLY_MORE * page.size(root))
    return next((element for element in around if any(_names(element))), root)


def _tests(reading: Reading, data: Reading, site: Site, page: Outline) -> dict[str, Callable[[Element], bool]]:
    """For each field how an element is known that shows what was read."""
    published = data.published_at or reading.published_at
    authors = [fold(name) for name in data.authors or reading.authors]
    section = fold(data.section or reading.section)

    def shows_date(element: Element) -> bool:
        for text in filter(None, (element.get("datetime"), page.text(element))):
            moment = dates.parse(text[:MAX_BYLINE], zone=site.zone, order=site.order)
            if moment is not None and published is not None and abs(moment - published) < A_MINUTE:
                return True
        return False

    def shows_authors(element: Element) -> bool:
        named = credits_in([page.text(element)], site.names).authors if authors else ()
        return bool(named) and [fold(name) for name in named] == authors

    def shows_section(element: Element) -> bool:
        return bool(section) and fold(page.text(element)) == section

    return {"date": shows_date, "author": shows_authors, "section": shows_section}


def _smallest(page: Outline, near: Iterable[Element], says: Callable[[Element], bool]) -> Element | None:
    """The innermost of the first elements that pass a test."""
    first: Element | None = None
    for element in near:
        if page.size(element) > MAX_BYLINE and element.block is None:
            continue
        if first is not None and element.order > first.last:
            break
        if says(element):
            first = element
    return first


def _holds(element: Element, root: Element) -> bool:
    """Whether an element stands inside the body or around it."""
    return root.order <= element.order <= root.last or element.order < root.order <= element.last


def _whole(line: Line) -> Element:
    """The outermost element that holds the line and nothing else, if it has a name, else the line's own."""
    best = line.element
    for around in islice(line.element.above, MAX_AROUND):
        if around.end - around.start > 1 or around.tag in {"a", "header", "body"}:
            break
        if not any(_names(best)) and any(_names(around)):
            best = around
    return best


# --- what pages have in common -----------------------------------------------------------------------------


def _common(pages: Sequence[_Seen], name: str) -> list[Learnt]:
    having = [seen for seen in pages if name in seen.shown]
    if not having:
        return []
    votes = Counter(css for seen in having for css in dict.fromkeys(_candidates(seen.shown[name], name)))
    ranked = sorted(votes, key=lambda css: (-votes[css], _rank(css)))
    chosen: list[Learnt] = []
    open_pages = list(having)
    for css in ranked[:60]:
        right = [seen for seen in open_pages if _finds(seen, css, name) is True]
        wrong = sum(_finds(seen, css, name) is False for seen in pages)
        enough = MIN_SHARE * len(having) if not chosen else 1
        if len(right) >= max(enough, 1) and wrong <= MAX_WRONG * len(pages):
            chosen.append(Learnt(css, len(right), len(having)))
            open_pages = [seen for seen in open_pages if seen not in right]
        if not open_pages or len(chosen) == MAX_SELECTORS:
            break
    return chosen


def _finds(seen: _Seen, css: str, name: str) -> bool | None:
    """Whether the selector's first match shows the field (``False``: something else); ``None`` without a match."""
    nodes = markup.select(seen.tree, [css])
    elements = [element for node in nodes[:3] if (element := seen.page.element(node)) is not None]
    if name == "section":
        elements.reverse()
    first = next((element for element in elements if seen.page.size(element) or element.get("datetime")), None)
    if first is None:
        return None
    target = seen.shown.get(name)
    if target is None:
        # "Theo TTXVN" where other pages have the author is no author, and no mistake.
        return None if name == "author" and not credits_in([seen.page.text(first)]).authors else False
    return first is target or (name != "body" and seen.page.text(first) == seen.page.text(target))


def _candidates(element: Element, name: str) -> Iterator[str]:
    """Selectors that match an element: its own names, then names around it, then its tag."""
    ending = "@datetime" if name == "date" and element.get("datetime") else ""
    own = list(_names(element))
    for css in own:
        yield css + ending
    for around in islice(element.above, MAX_AROUND):
        for css in islice(_names(around), 3):
            yield f"{css} {own[0] if own else element.tag}{ending}"
            if own:
                yield f"{css} {element.tag}{ending}"
    if element.tag in {"h1", "article", "time", "main"}:
        yield element.tag + ending


def _names(element: Element) -> Iterator[str]:
    for attribute in _MEANT:
        value = element.get(attribute)
        if value and _IDENT.fullmatch(value):
            yield f"{element.tag}[{attribute}={value}]"
    for name in element.get("class").split():
        if _IDENT.fullmatch(name) and not _UNSTABLE.search(name):
            yield f"{element.tag}.{name}"
    ident = element.get("id")
    if ident and _IDENT.fullmatch(ident) and not _UNSTABLE.search(ident):
        yield f"{element.tag}#{ident}"


def _rank(css: str) -> tuple[int, int, int, int]:
    """What is made for machines before classes, few parts before many, short before long."""
    meant = not any(f"[{attribute}=" in css for attribute in _MEANT)
    bare = not any(mark in css for mark in ".#[")
    return int(bare), css.count(" "), int(meant), len(css)


def _boxes(pages: Sequence[_Seen]) -> list[Learnt]:
    """Selectors of boxes inside the body that the article is better without, and that never hold any of it."""
    seen_in: dict[str, set[int]] = defaultdict(set)
    for index, seen in enumerate(pages):
        root = seen.shown["body"]
        for element in seen.left_out:
            for each in (element, *element.above):
                if each is root:
                    break
                for css in _names(each):
                    seen_in[css].add(index)
    chosen: list[Learnt] = []
    for css in sorted(seen_in, key=lambda css: (-len(seen_in[css]), _rank(css))):
        clean = not any(_holds_text(seen, css) for seen in pages)
        if clean and not any(seen_in[css] <= seen_in[other.css] for other in chosen):
            chosen.append(Learnt(css, len(seen_in[css]), len(pages)))
    return chosen[:6]


def _holds_text(seen: _Seen, css: str) -> bool:
    root = seen.shown["body"]
    for element in matches(seen.tree, seen.page, [css]):
        if root.order < element.order <= root.last:
            lines = range(element.start, element.end)
            if any(index in seen.kept for index in lines):
                return True
    return False
