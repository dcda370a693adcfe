"""A page as plain objects: its elements, its text as lines, and what its head declares; :mod:`walk` makes it.

A *line* is the running text of one block, from one block border to the next. Lines stand in page order, and those
inside an element are one slice of them, so that sums over an element are differences of running sums.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.text import clean

MAX_PARTS = 200
"""Texts that a line is made of; of a longer one its inline elements' texts are not told apart. Paragraphs have ten."""
WIDE_LETTER = 2.5
"""Letters of an alphabet that one Chinese, Japanese or Korean character counts for, when lengths are compared."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


class Element:
    """An element of the page.

    Attributes:
        tag: Lower case.
        attributes: As written; a name without a value maps to ``None``.
        parent: The element around it, ``None`` for the root.
        block: The nearest element around it that breaks lines, ``None`` when it does so itself.
        start: Index of the first line inside it.
        end: Index after the last.
        order: Its place among the elements of the page.
        last: The place of the last element inside it.
        hidden: Whether it is marked as not shown, itself and not a block around it.
        in_link: Whether its text is a link's.
        in_bold: Whether its text is bold.
    """

    # Most elements have none of these, and there are a thousand to a page: no slots, as only class attributes can
    # serve as defaults.
    hidden = False
    in_link = False
    in_bold = False
    _names: str | None = None

    def __init__(
        self, node: LexborNode, tag: str, parent: Element | None, block: Element | None, start: int, order: int
    ) -> None:
        self.tag = tag
        self.attributes: dict[str, str | None] = node.attributes
        self.parent = parent
        self.block = block
        self.start = self.end = start
        self.order = self.last = order

    @property
    def names(self) -> str:
        """Class and id, lower case, joined by a space; ``""`` without either."""
        if self._names is None:  # a cached property of Python 3.11 takes a lock
            classes, ident = self.attributes.get("class"), self.attributes.get("id")
            self._names = f"{classes or ''} {ident or ''}".lower() if classes or ident else ""
        return self._names

    def get(self, name: str) -> str:
        """An attribute's value, ``""`` without one."""
        return self.attributes.get(name) or ""

    @property
    def above(self) -> Iterator[Element]:
        """The elements around it, nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


class Verdicts:
    """Whether something holds of an element or of one around it, each element judged once.

    Attributes:
        judge: What is asked of one element.
        known: What is known already, by ``id()`` of the element.
    """

    __slots__ = ("judge", "known")

    def __init__(self, judge: Callable[[Element], bool], known: dict[int, bool]) -> None:
        self.judge = judge
        self.known = known

    def of(self, element: Element) -> bool:
        """The verdict on the element."""
        passed: list[Element] = []
        verdict = False
        for each in (element, *element.above):
            if id(each) in self.known:
                verdict = self.known[id(each)]
                break
            passed.append(each)
        for each in reversed(passed):
            verdict = verdict or self.judge(each)
            self.known[id(each)] = verdict
        return verdict


class Line:
    """The running text of one block.

    Attributes:
        element: The block.
        index: Its place among the lines of the page.
        text: Cleaned of white space only; :func:`scraper.text.clean` is for what is kept.
        size: Its length, in letters of an alphabet.
        linked: How much of that is the text of links.
        strong: How much of that is in bold.
        parts: What it was put together from: texts, each followed by the element it stands in, which is the block or
            an inline one inside it. One list, as the collector's work grows with their number.
    """

    __slots__ = ("element", "index", "linked", "parts", "size", "strong", "text")

    def __init__(self, element: Element, index: int) -> None:
        self.element = element
        self.index = index
        self.parts: list[str | Element] = []
        self.linked = self.strong = self.size = 0.0
        self.text = ""

    def add(self, text: str, owner: Element) -> None:
        """Append a text of an element."""
        self.parts += (text, owner)
        if owner.in_link:
            self.linked += len(text.strip())
        if owner.in_bold:
            self.strong += len(text.strip())

    def close(self) -> None:
        """Make the text and its size from the parts."""
        self.text = text = " ".join("".join(self.texts).split())
        self.size = float(len(text))
        if text and not text.isascii() and (wide := len(_WIDE.findall(text))):
            self.size += (WIDE_LETTER - 1) * wide
            self.linked *= self.size / len(text)
            self.strong *= self.size / len(text)

    @property
    def texts(self) -> list[str]:
        """The texts that it was put together from."""
        return self.parts[::2]  # type: ignore[return-value]  # texts and elements take turns

    @property
    def owners(self) -> list[Element]:
        """The element of each text."""
        return self.parts[1::2]  # type: ignore[return-value]

    @property
    def last_said(self) -> str:
        """The last text that is no white space or is a line break; ``""`` if there is none."""
        texts: Iterator[str] = (self.parts[at] for at in range(len(self.parts) - 2, -1, -2))  # type: ignore[misc]
        return next((text for text in texts if text == "\n" or not text.isspace()), "")

    def without(self, left_out: Callable[[Element], bool]) -> Line:
        """The line without the texts whose elements are left out; itself if there are none."""
        owners = self.owners
        if not any(map(left_out, owners)):
            return self
        rest = Line(self.element, self.index)
        for text, owner in zip(self.texts, owners, strict=True):
            if not left_out(owner):
                rest.add(text, owner)
        rest.close()
        return rest

    @property
    def tag(self) -> str:
        """The tag of its block."""
        return self.element.tag

    @property
    def is_linked(self) -> bool:
        """Whether it is mostly a link, or several."""
        return self.linked > 0.5 * self.size


@dataclass(slots=True)
class Outline:
    """A page as plain objects.

    Attributes:
        elements: In page order, without scripts and the like, :data:`MAX_ELEMENTS` at most.
        lines: In page order, without empty ones.
        metas: Content of the meta tags by lower-case ``property``, ``name`` or ``itemprop``.
        scripts: Texts of the JSON-LD scripts.
        links: ``href`` of the link tags of the head by lower-case ``rel``.
        title: Of the head.
        language: As declared.
        sizes: Letters of all lines before each line, and at the end of all of them.
        by_id: The elements by the memory id of their lexbor nodes.
    """

    elements: list[Element] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    metas: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    title: str = ""
    language: str = ""
    sizes: list[float] = field(default_factory=lambda: [0.0])
    by_id: dict[int, Element] = field(default_factory=dict)

    def element(self, node: LexborNode) -> Element | None:
        """The element of a lexbor node of the same tree."""
        return self.by_id.get(node.mem_id)

    def within(self, element: Element) -> list[Line]:
        """The lines inside an element."""
        return self.lines[element.start : element.end]

    def text(self, element: Element) -> str:
        """What a reader sees of an element, on one line."""
        if element.block is None:
            return clean(" ".join(line.text for line in self.within(element)))
        inside = range(element.order, element.last + 1)
        lines = self.lines[max(element.start - 1, 0) : element.end + 1]
        short = (line for line in lines if len(line.parts) <= 2 * MAX_PARTS)
        parts = (part for line in short for part in zip(line.texts, line.owners, strict=True))
        return clean("".join(text for text, owner in parts if owner.order in inside))

    def size(self, element: Element) -> float:
        """Letters inside an element."""
        return self.sizes[element.end] - self.sizes[element.start]

    def inside(self, element: Element) -> list[Element]:
        """The elements inside an element, in page order, without itself."""
        return self.elements[element.order + 1 : element.last + 1]


def tidy(line: Line) -> str:
    """The line's text as it is stored."""
    return clean(line.text)
