"""What a source's own selectors give."""

from __future__ import annotations

from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper import dates, markup
from scraper.config import Source
from scraper.extract import body
from scraper.extract.people import credits_in
from scraper.extract.reading import Reading
from scraper.models import Image
from scraper.text import clean, fold


def read(tree: LexborHTMLParser, url: str, source: Source, own: tuple[str, ...]) -> Reading:
    """Fields of the article by the source's selectors; the tree loses what ``strip`` names.

    Several matches of ``section`` are a breadcrumb, general first: the last one counts.
    """
    rules = source.article
    people = credits_in(_texts(tree, rules.author), own)
    agency = credits_in([f"({text})" for text in _texts(tree, rules.agency)], own).agency
    pictures = _lead_pictures(tree, rules.caption, url)
    content = _body(tree, source, url)
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
        images=list({image.url: image for image in reversed([*pictures, *content.images])}.values())[::-1],
    )


def _body(tree: LexborHTMLParser, source: Source, url: str) -> body.Body:
    found = _body_node(tree, source.article.body)
    if found is None:
        return body.Body()
    for selector in [*source.article.strip, *source.article.author, *source.article.agency]:
        for node in markup.select(found, [selector]):
            if node.mem_id != found.mem_id:
                node.decompose()
    return body.read(found, url)


def _body_node(tree: LexborHTMLParser, selectors: list[str]) -> LexborNode | None:
    """The first match with text: tuoitre has a second, empty element of the same name (March 2026)."""
    matches = (node for selector in selectors for node in markup.select(tree, [selector]))
    return next((node for node in matches if markup.text_of(node)), None)


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


def _lead_pictures(tree: LexborHTMLParser, selectors: list[str], url: str) -> list[Image]:
    """Pictures above the body, known by their captions."""
    figures = (node.parent for node in markup.select(tree, selectors))
    return [image for figure in figures if figure is not None for image in body.images_in(figure, url)]
