"""Pictures of an article, with the captions printed under them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from scraper import urls
from scraper.extract import hints
from scraper.extract.outline import Element, Outline
from scraper.models import Image

MAX_PICTURES = 200
"""Pictures of one article that are kept."""
MAX_FIGURE = 200
"""Elements of a figure that are looked at for its caption."""
MAX_FIGURE_DEPTH = 6
"""Elements between a picture and the one that holds its caption, at most."""

_ADDRESSES = ("data-original", "data-src", "data-lazy-src", "src")
_OUTSIDE_TAGS = frozenset({"nav", "footer", "aside", "dialog", "form"})


def inside(page: Outline, root: Element, url: str, dropped: Iterable[Element] = ()) -> list[Image]:
    """Pictures of an element, without those of menus and boxes; each address once, in page order.

    Args:
        page: The page.
        root: The element.
        url: The page's address.
        dropped: Elements inside that a rule of the source leaves out.
    """
    boxes = {id(element) for element in dropped}
    found: dict[str, Image] = {}
    for picture in page.inside(root):
        if picture.tag != "img" or _in_box(page, picture, root, boxes):
            continue
        address = next(filter(None, (_address(picture, name, url) for name in _ADDRESSES)), "")
        if address and address not in found:
            found[address] = Image(url=address, caption=_caption_of(page, picture))
        if len(found) == MAX_PICTURES:
            break
    return list(found.values())


def _address(picture: Element, attribute: str, url: str) -> str:
    value = picture.get(attribute)
    return "" if not value or value.startswith("data:") else urls.canonical(value, url)


def _in_box(page: Outline, picture: Element, root: Element, boxes: set[int]) -> bool:
    for around in picture.above:
        if around is root:
            return False
        if around.tag in _OUTSIDE_TAGS or id(around) in boxes or hints.is_related_type(around.get("type")):
            return True
        if around.names and hints.is_aside(around.names) and any(line.linked for line in page.within(around)):
            return True
    return False


def _caption_of(page: Outline, picture: Element) -> str:
    """The caption in the same figure, or in the table row under the picture (older editors)."""
    for around in islice(picture.above, MAX_FIGURE_DEPTH):
        within = page.inside(around)[:MAX_FIGURE]
        if around.tag != "figure" and sum(element.tag == "img" for element in within) > 1:
            return ""
        caption = next((element for element in within if _is_caption(element) and page.text(element)), None)
        if caption is not None or around.tag == "figure":
            return page.text(caption) if caption is not None else ""
    return ""


def _is_caption(element: Element) -> bool:
    return element.tag == "figcaption" or "caption" in element.names
