"""What a page shows a reader where no rule names it: the body by the finder, other fields by how pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from scraper import places
from scraper.extract import body, bylines, finder, frame, hints, outline, stamps, walk
from scraper.extract.frame import Frame
from scraper.extract.outline import Element, Line, Outline
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading, Site
from scraper.text import clean, fold

# --- thresholds and their reasons --------------------------------------------------------------------------
SHORT, MUCH = 250, 2.0
"""Letters of a body below which the page is looked at again, and how many times as much the second look must find."""
MIN_LEAD, MAX_LEAD = 30, 700
"""Letters of a standfirst."""
LEAD_LINES = 60
"""Lines below the headline among which it is looked for: shares, dates and pictures may stand between."""
BOLD = 0.9
"""Share of a paragraph in bold from which it is bold."""
ALIKE = 25
"""Letters that must agree before a line is taken to be what the page's description says."""
MAX_AUTHORS = 6
"""Bylines of one page that are looked at."""
MAX_LABEL = 60
"""Letters of a section's name, of a byline's label."""
HEADER_LINES = 12
"""Lines around the headline among which the place is looked for."""

_BOXES = frozenset({"nav", "aside", "figure", "figcaption", "footer", "dialog"})
_WORD = re.compile(r"[^\W_]+")
_HOME = {"trang chu", "home", "trang nhat", "startseite", "accueil", "inicio"}


@dataclass(slots=True)
class Shown:
    """Where a page shows its article.

    Attributes:
        page: The page's outline.
        headline: Index of the headline's line, if there is one.
        root: The element that holds the body, if there is one.
        content: What the root holds, without the standfirst.
        lead: The standfirst's line, if there is one.
        frame: Where date and byline may stand.
    """

    page: Outline
    headline: int | None
    root: Element | None
    content: body.Body
    lead: Line | None
    frame: Frame


def look(tree: LexborHTMLParser, page: Outline, url: str, description: str) -> Shown:
    """Find the article on the page.

    Args:
        tree: The parsed page.
        page: Its outline.
        url: Its address.
        description: What the page says of itself; a standfirst is often known by it.
    """
    headline, root, content = _body(page, url, loose=False)
    if content.size < SHORT:
        # A second look that leaves nothing out, if it finds far more.
        whole = walk.read(tree, whole=True)
        again = _body(whole, url, loose=True)
        if again[2].size >= max(MUCH * content.size, SHORT):
            page, (headline, root, content) = whole, again
    around = frame.around(page, headline, content.lines)
    lead = _standfirst(page, headline, content.lines, description)
    content.lines = [line for line in content.lines if lead is None or line.index != lead.index]
    return Shown(page, headline, root, content, lead, around)


def read(tree: LexborHTMLParser, page: Outline, url: str, site: Site, given: Reading) -> Reading:
    """Fields of the article from the visible page.

    Args:
        tree: The parsed page.
        page: Its outline.
        url: Its address.
        site: What is known of the outlet.
        given: What the page's structured data gives. Of date, section and authors only what it lacks is looked for.
    """
    shown = look(tree, page, url, given.lead)
    page, content, title = shown.page, shown.content, _title(shown.page, shown.headline)
    whole = any(" " in name for name in given.authors)
    people = credits_in(() if whole else bylines.shown(shown.frame)[:MAX_AUTHORS], site.names)
    return Reading(
        title=title,
        lead=outline.tidy(shown.lead) if shown.lead is not None else "",
        paragraphs=content.paragraphs,
        authors=list(people.authors),
        agency=people.agency,
        published_at=None if given.published_at else stamps.published(shown.frame, url, site),
        section="" if given.section else _section(page, title),
        place="" if given.place else place_line(page),
        images=content.images,
        mostly_links=content.mostly_links,
        box=_name_of(shown.root),
    )


def _name_of(root: Element | None) -> str:
    """An element as a selector would have it, such as ``div.detail-content``."""
    if root is None:
        return ""
    return ".".join((root.tag, *sorted((root.attributes.get("class") or "").split())))


def _title(page: Outline, headline: int | None) -> str:
    """The headline without its kicker, else the page's own title."""
    if headline is None:
        return clean(page.title)
    line = page.lines[headline]
    bare = line.without(lambda element: element is not line.element and hints.is_kicker(element.names))
    return outline.tidy(bare if bare.text else line)


def _body(page: Outline, url: str, *, loose: bool) -> tuple[int | None, Element | None, body.Body]:
    """Headline, body's element, and what it holds."""
    headline = finder.headline_of(page)
    root = finder.find(page, headline, loose=loose)
    if root is None:
        return headline, None, body.Body()
    return headline, root, body.read(page, root, url, known=False, loose=loose, headline=headline)


# --- the standfirst ----------------------------------------------------------------------------------------


def _standfirst(page: Outline, headline: int | None, text: list[Line], description: str) -> Line | None:
    """The line that is the standfirst, above the body or its first paragraph.

    Above the body it is known by what the page says of itself or by its name; in the body by its name, or by being
    bold where the next paragraph is not. A plain first paragraph that the description repeats stays in the body.
    """
    if not text:
        return None
    first = text[0].index
    said = _letters(description)[:200]
    named: Line | None = None
    start = headline + 1 if headline is not None else max(0, first - LEAD_LINES)
    for line in page.lines[start : min(first, start + LEAD_LINES)]:
        if not MIN_LEAD <= line.size <= MAX_LEAD or line.is_linked or _in_box(page, line):
            continue
        if _alike(_letters(line.text), said):
            return line
        if named is None and _is_named(page, line):
            named = line
    return named or _bold_opening(page, text)


def _bold_opening(page: Outline, text: list[Line]) -> Line | None:
    opening = text[0]
    if len(text) == 1 or not MIN_LEAD <= opening.size <= MAX_LEAD or opening.is_linked:
        return None
    bold = opening.strong >= BOLD * opening.size and text[1].strong < BOLD * text[1].size
    return opening if bold or _is_named(page, opening) else None


def _is_named(page: Outline, line: Line) -> bool:
    """Whether class or id of the line's block, or of a box around nothing more, are a standfirst's."""
    for element in (line.element, *islice(line.element.above, 2)):
        if element.names and hints.is_lead(element.names) and page.size(element) < 2 * line.size:
            return True
    return False


def _in_box(page: Outline, line: Line) -> bool:
    around = (line.element, *line.element.above)
    return any(each.tag in _BOXES or each.hidden or finder.is_small_form(page, each) for each in around)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def _alike(line: str, said: str) -> bool:
    shorter = min(len(line), len(said), 2 * ALIKE)
    return shorter >= ALIKE and line[:shorter] == said[:shorter]


# --- other fields ------------------------------------------------------------------------------------------


def place_line(page: Outline) -> str:
    """A line beside the headline that is a province's name and nothing else, as the place is printed."""
    heading = next((line for line in page.lines if line.tag == "h1"), None)
    if heading is None or heading.element.parent is None:
        return ""
    lines = page.within(heading.element.parent)[:HEADER_LINES]
    return next((text for line in lines if line.size <= MAX_LABEL and is_place(text := clean(line.text))), "")


def is_place(line: str) -> bool:
    """Whether the line is the name of one province and nothing else."""
    return [province.written for province in places.provinces(line)] == [line]


def _section(page: Outline, title: str) -> str:
    """The last crumb that is not the article."""
    crumbs = (element for element in page.elements if _is_breadcrumb(element.attributes) and page.size(element))
    box = next(crumbs, None)
    if box is None:
        return ""
    folded = {fold(title), *_HOME}
    labels = [clean(line.text) for line in page.within(box) if line.size <= MAX_LABEL]
    return next((label for label in reversed(labels) if label and fold(label) not in folded), "")


def _is_breadcrumb(attributes: dict[str, str | None]) -> bool:
    return any("breadcrumb" in (attributes.get(name) or "").lower() for name in ("class", "id") if name in attributes)
