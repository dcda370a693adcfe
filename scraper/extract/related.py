"""Lines that announce other stories, and what stands under them."""

from __future__ import annotations

from collections.abc import Iterator

from scraper.extract.outline import Element, Line
from scraper.text import fold

MAX_HEADING = 60
"""Letters of a heading such as "Tin liên quan"; longer is a subhead that happens to begin so."""
RUNNING_ON = 80
"""Letters of a line under such a heading that show the article to go on."""
SENTENCE = 30
"""Letters of a line that ends as a sentence and is no link, which show the same; other stories stand as headlines."""
MOSTLY = 0.5
"""Share of links from which the lines under such a heading are other stories."""

_BOXES = frozenset({"div", "ul", "ol", "section", "table", "p"})
_STRICT = tuple(
    "tin lien quan|xem them|doc them|tham khao them|bai lien quan|tin cung chuyen muc|co the ban quan tam|tin moi|"  # noqa: SIM905
    "tin khac|bai viet lien quan|tin cung chu de|moi ban doc|cung chuyen muc|doc tiep|related|read more|read also|"
    "also read|more from|more on this|see also|don't miss|you may also like|recommended|most read|most popular|"
    "lesen sie auch|lesen sie mehr|lesen sie hier|mehr zum thema|mehr dazu|auch interessant|ahnliche beitrage|"
    "weitere beitrage|weitere artikel|das konnte|empfohlene|zum thema|passend zum|lire aussi|a lire aussi|"
    "sur le meme|voir aussi|en savoir plus|lee tambien|lea tambien|ver tambien|mas informacion|te puede interesar|"
    "noticias relacionadas|leia tambem|leia mais|veja tambem|leggi anche|potrebbe interessarti|czytaj tez|"
    "czytaj takze|czytaj wiecej|zobacz tez|zobacz takze|lees ook|las ocksa|les ogsa|laes ogsa|ilgili haber".split("|")
)


def announces(line: str) -> bool:
    """Whether a line begins as a heading over other stories does, in one of a dozen languages."""
    return fold(line[:MAX_HEADING]).strip(" :>»-|[(").startswith(_STRICT)


def is_heading(line: str) -> bool:
    """Whether a line is such a heading and nothing else: "Tin liên quan", "Xem thêm", "Mehr zum Thema"."""
    return len(line) <= MAX_HEADING and announces(line)


def is_box(element: Element, lines: list[Line]) -> bool:
    """Whether an element is a box of links under such a heading."""
    if element.tag not in _BOXES or not lines or not announces(lines[0].text):
        return False
    under = sum(line.size for line in lines[1:])
    return sum(line.linked for line in lines) >= MOSTLY * under


def without(lines: list[Line]) -> list[Line]:
    """Without headings over other stories: a trailing one goes with all under it, one inside the text by itself.

    A trailing one is one under which no running text comes.
    """
    for at, line in enumerate(lines):
        if is_heading(line.text) and not any(_runs_on(after) for after in lines[at + 1 :]):
            return list(_without_bare(lines[:at]))
    return list(_without_bare(lines))


def _without_bare(lines: list[Line]) -> Iterator[Line]:
    """Without headings and the links that stand right under them."""
    under = False
    for line in lines:
        under = _is_bare(line) or (under and line.is_linked)
        if not under:
            yield line


def _runs_on(line: Line) -> bool:
    ends = line.text.rstrip("\"'”’)] ").endswith((".", "!", "?", "…"))
    return line.size >= RUNNING_ON or (line.size >= SENTENCE and ends and not line.is_linked)


def _is_bare(line: Line) -> bool:
    """Whether the line is such a heading word for word, or one with its links."""
    if (line.size > MAX_HEADING and not line.is_linked) or not announces(line.text):
        return False
    bare = fold(line.text).strip(" :>»-|[]().…")
    return bare in _STRICT or line.is_linked or (len(bare) <= MAX_HEADING and line.text.rstrip().endswith(":"))
