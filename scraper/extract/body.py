"""What an article's element holds: paragraphs and pictures, without what else stands in it.

An element that a source's rule names is trusted: only boxes, captions and the like are left out. One that the finder
chose is also freed of scraps at its borders: bylines, dates, buttons, links to other stories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from scraper import dates
from scraper.extract import hints, outline, pictures, related
from scraper.extract.finder import is_caption, is_outside, is_running, weight_of
from scraper.extract.outline import HEADINGS, Element, Line, Outline, Verdicts
from scraper.models import Image

# --- thresholds and their reasons --------------------------------------------------------------------------
BULK = 0.6
"""Share of the running text from which elements of one name are the article whatever they are called."""
MAX_STAMP = 60
"""Letters of a line that holds a time of publication and little else."""

_CELLS = frozenset({"td", "th"})


@dataclass(slots=True)
class Body:
    """What a body element holds, in page order."""

    lines: list[Line] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """The texts as they are stored; the cells of a row of figures are one."""
        return [text for text in _paragraphs(self.lines) if text]

    @property
    def size(self) -> float:
        """Letters of all lines."""
        return sum(line.size for line in self.lines)

    @property
    def mostly_links(self) -> bool:
        """Whether more than half of the text is links."""
        return 2 * sum(line.linked for line in self.lines) > self.size


def read(
    page: Outline,
    root: Element,
    url: str,
    *,
    known: bool,
    loose: bool = False,
    dropped: Collection[Element] = (),
    headline: int | None = None,
) -> Body:
    """Paragraphs and pictures of a body element.

    Subheads, lists, quotations and information boxes are paragraphs; captions, boxes of other stories, forms and
    scripts are not. A heading such as "Tin liên quan" ends the body unless running text follows it.

    Args:
        page: The page.
        root: The element.
        url: The page's address, for those of pictures.
        known: Whether a rule of the source named the element.
        loose: Whether everything in the element counts, whatever it is called.
        dropped: Elements inside that a rule of the source leaves out.
        headline: Index of the line that is the headline, which is no paragraph.
    """
    outside = _Outside(page, root, known=known, dropped=dropped)
    title = page.lines[headline] if headline is not None else None
    within = (line for line in page.within(root) if line is not title)
    inside = within if loose else (line.without(outside.holds) for line in within)
    lines = [line for line in inside if line.text]
    if not known:
        lines = _trimmed(_without_scraps(lines))
    return Body(related.without(lines), pictures.inside(page, root, url, dropped))


class _Outside:
    """Which elements inside a body are not the article's; each is judged once."""

    def __init__(self, page: Outline, root: Element, *, known: bool, dropped: Collection[Element]) -> None:
        self.known = known
        left_out = {id(element): True for element in dropped if element is not root}
        self.verdicts = Verdicts(self._is_left_out, {id(root): False} | left_out)
        self.page = page
        self.root = root
        self.bulk = self._names_of_the_bulk()

    def holds(self, element: Element) -> bool:
        """Whether the element, or one around it below the root, is left out."""
        return self.verdicts.of(element)

    def _names_of_the_bulk(self) -> set[tuple[str, str]]:
        """Tag and names of elements that hold most of the text together: they are the article, hint or no hint."""
        held: Counter[tuple[str, str]] = Counter()
        whole = 0.0
        for line in self.page.within(self.root):
            if not line.text or not is_running(line):
                continue
            whole += line.size
            for each in (line.element, *line.element.above):
                if each is self.root:
                    break
                if is_outside(self.page, each):
                    held[each.tag, each.names] += int(line.size)
        return {names for names, size in held.items() if size > BULK * whole}

    def _is_left_out(self, element: Element) -> bool:
        if (element.tag, element.names) in self.bulk:
            return False
        if not self.known:
            return is_outside(self.page, element)
        if element.tag in {"form", "dialog", "nav", "aside", "footer", "figure", "figcaption", "caption"}:
            return element.tag != "form"
        return element.hidden or self._is_box(element) or is_caption(self.page, element) or self._is_stamp(element)

    def _is_box(self, element: Element) -> bool:
        """Whether a known body's element is a box of links by its names, the editor's type or its heading."""
        if "type" in element.attributes and hints.is_related_type(element.get("type")):
            return True
        lines = self.page.within(element)
        linked = any(line.linked for line in lines)
        named = element.tag != "p" and hints.is_aside(element.names)
        return linked and (named or related.is_box(element, lines))

    def _is_stamp(self, element: Element) -> bool:
        """Whether the element holds the time of publication and nothing else."""
        named = element.tag == "time" or (element.names and hints.is_stamp(element.names))
        return bool(named) and len(self.page.text(element)) <= MAX_STAMP


# --- lines to paragraphs -----------------------------------------------------------------------------------


def _without_scraps(lines: list[Line]) -> list[Line]:
    """Without links that stand alone and short texts outside of paragraphs, unless running text is their neighbour."""
    running = {id(line.element) for line in lines if is_running(line)}

    def stays(line: Line) -> bool:
        return weight_of(line) >= 0 or (not line.is_linked and (line.tag in _CELLS or id(line.element) in running))

    return [line for line in lines if stays(line)]


def _trimmed(lines: list[Line]) -> list[Line]:
    """From the first line that is the article's to the last one."""
    start, end = 0, len(lines)
    while start < end and (
        (_is_border(lines[start]) and lines[start].tag not in {"h2", "h3"}) or _is_dated(lines[start])
    ):
        start += 1
    while start < end and (_is_border(lines[end - 1]) or lines[end - 1].tag in HEADINGS):
        end -= 1
    return lines[start:end]


def _is_dated(line: Line) -> bool:
    """Whether the line is a date with a word or two: "Ngày 12/11/2026 - 16:45", "Von Lan Anh | 12.05.2020"."""
    return line.size <= MAX_STAMP and line.tag not in HEADINGS and dates.names_a_day(line.text)


def _is_border(line: Line) -> bool:
    return weight_of(line) <= 0 and line.tag not in {"li", *_CELLS, "blockquote", "pre"}


def _paragraphs(lines: list[Line]) -> Iterator[str]:
    """The texts; the cells of a row of figures are one line."""
    row: Element | None = None
    cells: list[Line] = []
    for line in [*lines, None]:
        here = line.element.parent if line is not None and line.tag in _CELLS else None
        if cells and here is not row:
            yield from _row(cells)
            cells = []
        row = here
        if row is not None and line is not None:
            cells.append(line)
        elif line is not None:
            yield outline.tidy(line)


def _row(cells: list[Line]) -> Iterator[str]:
    """A row of figures as one line; in old layouts a cell holds paragraphs, and then each is one."""
    texts = [outline.tidy(line) for line in cells]
    whole = len({id(line.element) for line in cells}) == len(cells)
    yield from [" | ".join(texts)] if whole and len(texts) > 1 else texts
