"""Where on an unknown page an article's date and byline may stand: around its headline and its body."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from scraper.extract import hints
from scraper.extract.outline import Element, Line, Outline

# --- thresholds and their reasons --------------------------------------------------------------------------
ABOVE, BELOW = 12, 8
"""Lines above the headline and below the body's last."""
UNDER = 25
"""Lines below the headline: shares, the standfirst and a picture's caption stand between."""
CLOSE = 6
"""Lines right above the body, for pages whose headline is not known for sure."""

_BOXES = frozenset({"footer", "aside", "nav", "dialog"})
_OWN_BOXES = re.compile(r"meta|byline|author|autor|intro|publish|date|datum|info|header|title|teaser|sidebar")


@dataclass(frozen=True, slots=True)
class Frame:
    """An article's place on its page.

    Attributes:
        page: The page.
        top: Index of the headline's line; of the body's first where there is none above it.
        first: Index of the body's first line; the number of lines when there is no body.
        last: Index of the body's last line.
    """

    page: Outline
    top: int
    first: int
    last: int

    @property
    def under_headline(self) -> list[Line]:
        """The lines between headline and body."""
        return self.page.lines[self.top : min(self.top + UNDER, max(self.first, self.top + 2))]

    @property
    def above(self) -> list[Line]:
        """The lines right above the body, and those above the headline, nearest first."""
        lines = self.page.lines
        closest = lines[max(self.first - CLOSE, 0) : self.first]
        return [*reversed(closest), *reversed(lines[max(self.top - ABOVE, 0) : self.top])]

    @property
    def below(self) -> list[Line]:
        """The body's last line and those below it."""
        return self.page.lines[self.last : self.last + 1 + BELOW]

    @property
    def near(self) -> list[Element]:
        """The elements that begin around the article."""
        elements = self.page.elements
        start = bisect_left(elements, self.top - ABOVE, key=lambda element: element.start)
        return elements[start : bisect_right(elements, self.last + BELOW, key=lambda element: element.start)]

    def is_elsewhere(self, element: Element) -> bool:
        """Whether it stands in a footer, a comment or a box of other stories, and not in a box that holds the body.

        A byline's box is the article's own.
        """
        for each in (element, *element.above):
            if each.start <= self.first < each.end:
                return False
            if each.tag in _BOXES or (each.names and hints.is_aside(each.names) and not _OWN_BOXES.search(each.names)):
                return True
        return False


def around(page: Outline, headline: int | None, text: list[Line]) -> Frame:
    """The frame of an article.

    Args:
        page: The page.
        headline: Index of the headline's line, if known.
        text: The body's lines.
    """
    first = text[0].index if text else len(page.lines)
    last = text[-1].index if text else len(page.lines)
    top = headline if headline is not None and headline < first else first
    return Frame(page, top, first, last)
