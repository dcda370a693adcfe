"""What a page shows a reader, where no rule and no structured data names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from scraper import dates, markup, places
from scraper.extract import body
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading
from scraper.text import fold

_DATES = ("time[datetime]@datetime", "time", "[class*=publish]", "[class*=date]", "[class*=time]", "[id*=date]")
_AUTHORS = ("[rel=author]", "[class*=byline]", ".author-name", "[class*=author]", "[id*=author]")
_LEADS = (".sapo", "[class*=sapo]", "h2.lead", "p.lead", ".standfirst", ".chapeau", ".summary")
_SECTIONS = ("[class*=breadcrumb] a", "[class*=breadcrumb] li", "a[rel=category]")
_MAX_DATE = 80
"""Characters of an element that holds a date and nothing else."""
_HEADER_LINES = 12
"""Lines of the headline's box that are looked at; where the box is the whole page, menus come first."""
_MAX_LABEL = 60
"""Characters of a section's name."""


def read(
    tree: LexborHTMLParser, url: str, zone: ZoneInfo, order: Literal["dmy", "mdy"], own: tuple[str, ...]
) -> Reading:
    """Fields of the article from the visible page."""
    node = body.find(tree)
    content = body.read(node, url) if node is not None else body.Body()
    title = markup.value(tree, "h1") or markup.value(tree, "title")
    people = credits_in(_short(tree, _AUTHORS, _MAX_DATE)[:3], own)
    return Reading(
        title=title,
        lead=next(iter(_short(tree, _LEADS, 1000)), ""),
        paragraphs=content.paragraphs,
        authors=list(people.authors),
        agency=people.agency,
        published_at=_date(tree, zone, order),
        section=_section(tree, title),
        place=place_line(tree),
        images=content.images,
    )


def place_line(tree: LexborHTMLParser) -> str:
    """A line beside the headline that is a province's name and nothing else, as the place is printed."""
    heading = next(iter(tree.css("h1")), None)
    if heading is None or heading.parent is None:
        return ""
    lines = (line for line in markup.lines_of(heading.parent)[:_HEADER_LINES] if len(line) <= _MAX_LABEL)
    return next((line for line in lines if is_place(line)), "")


def is_place(line: str) -> bool:
    """Whether the line is the name of one province and nothing else."""
    return [province.written for province in places.provinces(line)] == [line]


def _short(tree: LexborHTMLParser, selectors: Iterable[str], limit: int) -> list[str]:
    """Texts of the first selector that matches something short enough to be the field alone."""
    found = ([text for text in markup.values(tree, selector) if len(text) <= limit] for selector in selectors)
    return next(filter(None, found), [])


def _date(tree: LexborHTMLParser, zone: ZoneInfo, order: Literal["dmy", "mdy"]) -> datetime | None:
    texts = (text for selector in _DATES for text in markup.values(tree, selector)[:20] if len(text) <= _MAX_DATE)
    return next(filter(None, (dates.parse(text, zone=zone, order=order) for text in texts)), None)


def _section(tree: LexborHTMLParser, title: str) -> str:
    names = [
        name for name in _short(tree, _SECTIONS, _MAX_LABEL) if fold(name) not in {fold(title), "trang chu", "home"}
    ]
    return names[-1] if names else ""
