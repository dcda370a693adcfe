"""What a source's own selectors give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from scraper import dates, markup
from scraper.config import Source
from scraper.extract import body, pictures
from scraper.extract.outline import Element, Outline
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading
from scraper.models import Image
from scraper.text import clean, fold


def read(tree: LexborHTMLParser, page: Outline, url: str, source: Source, own: Sequence[str]) -> Reading:
    """Fields of the article by the source's selectors.

    Several matches of ``section`` are a breadcrumb, general first: the last one counts.

    Args:
        tree: The parsed page.
        page: Its outline.
        url: Its address.
        source: The outlet.
        own: Names of the outlet itself.
    """
    rules = source.article
    people = credits_in(_texts(tree, rules.author), own)
    agency = credits_in([f"({text})" for text in _texts(tree, rules.agency)], own).agency
    above = _lead_pictures(tree, page, rules.caption, url)
    content = _body(tree, page, source, url)
    return Reading(
        title=_first(tree, rules.title),
        lead=_first(tree, rules.lead),
        paragraphs=content.paragraphs,
        authors=list(people.authors),
        agency=agency or people.agency,
        published_at=_time(tree, rules.date, source),
        modified_at=_time(tree, rules.modified, source),
        section=next(iter(reversed(_texts(tree, rules.section))), ""),
        place=_first(tree, rules.place),
        tags=_labels(_texts(tree, rules.tags)),
        images=list({image.url: image for image in reversed([*above, *content.images])}.values())[::-1],
        mostly_links=content.mostly_links,
    )


def _body(tree: LexborHTMLParser, page: Outline, source: Source, url: str) -> body.Body:
    rules = source.article
    root = _body_element(tree, page, rules.body)
    if root is None:
        return body.Body()
    dropped = [found for css in (*rules.strip, *rules.author, *rules.agency) for found in matches(tree, page, [css])]
    return body.read(page, root, url, known=True, dropped=dropped)


def _body_element(tree: LexborHTMLParser, page: Outline, selectors: Sequence[str]) -> Element | None:
    """The first match with text: tuoitre has a second, empty element of the same name (March 2026)."""
    found = (element for selector in selectors for element in matches(tree, page, [selector]))
    return next((element for element in found if page.size(element)), None)


def matches(tree: LexborHTMLParser, page: Outline, selectors: Sequence[str]) -> list[Element]:
    """The matches of the first selector that has any, in page order; those inside scripts and the like are left out."""
    found = (page.element(node) for node in markup.select(tree, selectors))
    return [element for element in found if element is not None]


def _texts(tree: LexborHTMLParser, selectors: list[str]) -> list[str]:
    """The text of each match of the first selector that has text."""
    return next((found for selector in selectors if (found := markup.values(tree, selector))), [])


def _first(tree: LexborHTMLParser, selectors: list[str]) -> str:
    return next(iter(_texts(tree, selectors)), "")


def _time(tree: LexborHTMLParser, selectors: list[str], source: Source) -> datetime | None:
    texts = (text for selector in selectors for text in markup.values(tree, selector))
    found = (dates.parse(text, zone=source.zone, order=source.date_order) for text in texts)
    return next((moment for moment in found if moment), None)


def _labels(labels: list[str]) -> list[str]:
    """Labels in page order without the commas that baotintuc and cafef print inside the links."""
    bare = (clean(label).strip(" ,;#") for label in labels)
    return list({fold(label): label for label in reversed([*bare]) if label}.values())[::-1]


def _lead_pictures(tree: LexborHTMLParser, page: Outline, selectors: list[str], url: str) -> list[Image]:
    """Pictures above the body, known by their captions."""
    figures = (caption.parent for caption in matches(tree, page, selectors))
    return [image for figure in figures if figure is not None for image in pictures.inside(page, figure, url)]
