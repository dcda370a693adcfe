"""Which element of an unknown page holds the article.

Every line of text gets a weight: running text counts for the article by its length, links and scraps of menus against
it. An element's sum then tells how much article it holds and how much else. The search starts at the element with the
most running text close below it and widens as long as an element around it holds clearly more, so that a body split
over sibling containers is taken whole. Once the headline is inside, or an ``<article>`` is left, far more is asked for:
what stands beyond is usually another story, comments or teasers.

Hints of class names only tilt the weights, and the sums see to it that a hint on an element which holds the bulk of
the text (VnExpress keeps its articles in ``div.sidebar-1``) changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from scraper.extract import hints
from scraper.extract.outline import HEADINGS, Element, Line, Outline, Verdicts

# --- thresholds and their reasons --------------------------------------------------------------------------
# Chosen on one half of 779 labelled pages and confirmed on the other (see benchmarks/extraction.py), November 2026.
RUNNING = 80
"""Letters from which a block is running text whatever it ends with."""
SENTENCE = 40
"""Letters from which a block that ends like a sentence is running text."""
HINTED = 0.2
"""What is left of the weight of running text inside an element whose name says it is not the article."""
SHORT_PARAGRAPH = 0.3
"""Weight a letter of a short ``<p>`` or ``<li>``: a line of dialogue or of a list, or a button."""
SCRAP = -15.0
"""Weight of a short text outside of paragraphs, headings and lists."""
LINKED, MAX_LINKED = -0.4, 80
"""Weight a letter of a block of links, and the letters counted at most."""
MIN_HEADLINE, MIN_SHARED = 10, 0.6
"""Letters of a headline, and the share of its words that the page's title repeats."""
TEASER_LINES = 8
"""Lines of a box with a linked heading, at most: heading, section, time, a sentence or two."""
LATER, STORY = 0.5, 400
"""Weight of what follows a further h1, once so many letters of running text stand between."""
UNDER_HEADLINE = 1.5
"""So much more running text around the headline is taken with all the scraps between: tables, lists, recipes."""
MAX_CAPTION = 400
"""Letters of a caption."""
NEAR, LEVELS = 0.5, 4
"""Each level farther from its text halves what a container gets of it; levels beyond get nothing."""
WIDER, MUCH_WIDER = 1.1, 2.0
"""An element around is taken instead when its sum is so many times as large: before and after the headline is in."""

_WORD = re.compile(r"\w+")
_SENTENCE_ENDS = frozenset('.!?…"”»:;。！？」)')
_OUTSIDE_TAGS = frozenset({"nav", "footer", "aside", "figure", "figcaption", "dialog", "caption"})
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "li", "dd"})
_NO_CONTAINERS = frozenset(
    {"p", "li", "ul", "ol", "dl", "dd", "dt", "blockquote", "pre", "tr", "tbody", "thead", "tfoot", *HEADINGS}
)


def headline_of(outline: Outline) -> int | None:
    """Index of the line that is the article's headline: the heading most of whose words stand in the page's title.

    A page may have several h1: its logo, the stories that load below. Without a likeness it is the first h1.
    """
    titles = [outline.title, *outline.metas.get("og:title", ()), *outline.metas.get("twitter:title", ())]
    said = {word for title in titles for word in _words(title)}
    firsts = [line for line in outline.lines if line.element.tag == "h1"]
    others = (line for line in outline.lines if line.element.tag in HEADINGS)
    best = _most_alike(firsts, said) or _most_alike(others, said)
    if best is None:
        return firsts[0].index if firsts else None
    return best.index


def _most_alike(headings: Iterable[Line], said: set[str]) -> Line | None:
    """The first of the headings that share most words with a title."""
    best, most = None, 0
    for line in headings:
        if line.size >= MIN_HEADLINE:
            words = _words(line.text)
            shared = len(words & said)
            if shared > most and shared >= MIN_SHARED * len(words):
                best, most = line, shared
    return best


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def find(outline: Outline, headline: int | None = None, *, loose: bool = False) -> Element | None:
    """The element most likely to hold the body, or ``None`` when the page has no running text.

    Args:
        outline: The page.
        headline: Index of the line that is the article's headline, if it is known.
        loose: Whether to take no hints from tags and names.
    """
    plain = [weight_of(line) for line in outline.lines]
    if loose:
        best = _densest(outline, plain)
        return _widened(best, plain, headline) if best is not None else None
    hinted = _Hints(outline, headline)
    best = _densest(outline, hinted.tilted(plain))
    return _widened(best, hinted.beside(best, plain), headline) if best is not None else None


class _Hints:
    """What tags and names say of the lines: which stand in something other than the article."""

    def __init__(self, outline: Outline, headline: int | None) -> None:
        self.outline = outline
        self.teasers = _teasers(outline)
        self.second = _second_story(outline, headline)
        # Whether an element or one around it is something else by tag or name.
        self.verdicts = Verdicts(lambda element: is_outside(outline, element), {})

    def tilted(self, weights: Sequence[float]) -> list[float]:
        """The weights with less for running text where a hint speaks against it."""
        return [
            weight if weight <= 0 else weight * self._tilt(index, line)
            for index, (line, weight) in enumerate(zip(self.outline.lines, weights, strict=True))
        ]

    def beside(self, best: Element, weights: Sequence[float]) -> list[float]:
        """The weights with nothing for running text in boxes beside the best element; boxes around it say nothing."""
        around = {id(best), *(id(element) for element in best.above)}
        found = []
        for index, (line, weight) in enumerate(zip(self.outline.lines, weights, strict=True)):
            if weight > 0 and not best.start <= index < best.end:
                boxed = index in self.teasers or (self.verdicts.of(line.element) and self._in_box(line.element, around))
                weight *= 0.0 if boxed else LATER if index >= self.second else 1.0  # noqa: PLW2901
            found.append(weight)
        return found

    def _tilt(self, index: int, line: Line) -> float:
        if index in self.teasers or self.verdicts.of(line.element):
            return HINTED
        return LATER if index >= self.second else 1.0

    def _in_box(self, element: Element, around: set[int]) -> bool:
        """Whether an element, or one around it short of those around the best, is something else."""
        for each in (element, *element.above):
            if id(each) in around:
                return False
            if is_outside(self.outline, each):
                return True
        return False


def _teasers(outline: Outline) -> set[int]:
    """Indexes of lines that stand with a linked heading in a box of their own: other stories, shown in short."""
    found: set[int] = set()
    for index, line in enumerate(outline.lines):
        if line.tag not in HEADINGS or not line.is_linked or index in found:
            continue
        box = line.element
        for around in line.element.above:
            if around.end - around.start > TEASER_LINES:
                break
            box = around
        found.update(range(box.start, box.end))
    return found


def _second_story(outline: Outline, headline: int | None) -> int:
    """Index of the first line of another story below: where a further h1 or ``<article>`` follows running text."""
    if headline is None:
        return len(outline.lines)
    text = 0.0
    for index in range(headline + 1, len(outline.lines)):
        line = outline.lines[index]
        if line.tag == "h1" and text >= STORY:
            return index
        if is_running(line):
            text += line.size
    return len(outline.lines)


def weight_of(line: Line) -> float:
    """How much a line speaks for its surroundings being an article; negative when it speaks against."""
    size, tag = line.size, line.element.tag
    if not size:
        return 0.0
    if line.is_linked:
        return LINKED * min(size, MAX_LINKED)
    if is_running(line):
        return (size - line.linked) * (1.0 if tag in _PARAGRAPHS else 0.8)
    if tag in {"p", "li"}:
        return SHORT_PARAGRAPH * (size - line.linked)
    return 0.0 if tag in HEADINGS or tag in _PARAGRAPHS else SCRAP


def is_running(line: Line) -> bool:
    """Whether the line is running text: long, or of some length and ending like a sentence; and not mostly links."""
    free = line.size - line.linked
    return not line.is_linked and (free >= RUNNING or (free >= SENTENCE and line.text[-1] in _SENTENCE_ENDS))


def is_outside(page: Outline, element: Element) -> bool:
    """Whether tag, names or editor's type say that the element is not the article's running text."""
    return (
        element.tag in _OUTSIDE_TAGS
        or is_small_form(page, element)
        or element.hidden
        or bool(element.names and hints.is_aside(element.names))
        or is_caption(page, element)
        or ("type" in element.attributes and hints.is_related_type(element.get("type")))
    )


def is_small_form(page: Outline, element: Element) -> bool:
    """Whether it is a form to fill in; one publishing system (ASP.NET) wraps the whole page in a form."""
    return element.tag == "form" and 2 * page.size(element) < page.sizes[-1]


def is_caption(page: Outline, element: Element) -> bool:
    """Whether the element is a picture's caption by its names; longer ones hold the text beside a picture too."""
    return bool(element.names) and hints.is_caption(element.names) and page.size(element) <= MAX_CAPTION


def _densest(outline: Outline, weights: Sequence[float]) -> Element | None:
    """The container with the most running text near below it."""
    scores: dict[int, float] = {}
    elements: dict[int, Element] = {}
    for line, weight in zip(outline.lines, weights, strict=True):
        if weight <= 0:
            continue
        element: Element | None = line.element
        while element is not None and element.tag in _NO_CONTAINERS:
            element = element.parent
        share = weight
        for _ in range(LEVELS):
            if element is None:
                break
            elements[id(element)] = element
            scores[id(element)] = scores.get(id(element), 0.0) + share
            share *= NEAR
            element = element.parent
    if not scores:
        return None
    return elements[max(scores, key=lambda key: scores[key])]


def _widened(best: Element, weights: Sequence[float], headline: int | None) -> Element:
    sums = list(accumulate(weights, initial=0.0))
    gains = list(accumulate((max(weight, 0.0) for weight in weights), initial=0.0))

    def total(element: Element) -> float:
        return sums[element.end] - sums[element.start]

    def gain(element: Element) -> float:
        return gains[element.end] - gains[element.start]

    chosen, whole = best, _holds(best, headline)
    inner = best
    for around in best.above:
        left = whole or inner.tag == "article"
        found = _holds(around, headline)
        wider = total(around) >= (MUCH_WIDER if left else WIDER) * total(chosen)
        if wider or (found and not whole and gain(around) >= UNDER_HEADLINE * gain(chosen)):
            chosen = around
        whole, inner = left or found, around
    return chosen


def _holds(element: Element, line: int | None) -> bool:
    return line is not None and element.start <= line < element.end
