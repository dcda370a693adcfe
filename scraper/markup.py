"""Bytes of a page to a decoded, bounded, parsed tree: what ``discover`` and ``extract`` share.

:mod:`scraper.bounds` sees to it that no page costs more than it may.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from scraper.bounds import Bounded, bound
from scraper.text import clean

MAX_VALUE = 10_000
"""Characters of one field. A selector that hits every one of many nested elements must not copy the page each time."""

_META_WINDOW = 4_096
"""Where a charset declaration is looked for; the standard says 1,024 bytes, some outlets put scripts before it."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,512}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

_UNSEEN = frozenset({"script", "style", "noscript", "template", "-comment", "-doctype"})
BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details div dl dt fieldset figcaption figure "  # noqa: SIM905
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section select summary table tbody td "
    "tfoot th thead tr ul".split()
)


# --- bytes to text -----------------------------------------------------------------------------------------


def decode(body: bytes, content_type: str = "") -> str:
    """The text of an HTTP body.

    Tried in order: byte order mark, strict UTF-8, the header's charset, the page's own, windows-1252. Nothing is
    guessed: outlets declare charsets falsely, and a detector fails on one bad byte.

    Args:
        body: Inflated bytes.
        content_type: The Content-Type header, if any.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(body, content_type)


def _declared(body: bytes, content_type: str) -> str:
    in_header = _CHARSET.search(content_type)
    in_page = _META_CHARSET.search(body[:_META_WINDOW])
    names = [in_header[1] if in_header else "", in_page[1].decode("ascii", "ignore") if in_page else ""]
    for name in filter(None, names):
        try:
            codec = codecs.lookup(name)
            if codec.name == "utf-8":  # strict UTF-8 failed; a page cut in the middle of a letter is UTF-8 still
                return body.decode("utf-8", errors="replace")
            return body.decode(codec.name)
        except (LookupError, UnicodeError):
            continue
    return body.decode("windows-1252", errors="replace")


# --- text to tree ------------------------------------------------------------------------------------------


def tree(bounded: Bounded) -> LexborHTMLParser:
    """The parsed page. Never raises on bad HTML; an empty page gives an empty body."""
    return LexborHTMLParser(bounded.html, options=LexborDocumentOptions.WO_EVENTS)


def parse(html: str | bytes, content_type: str = "") -> LexborHTMLParser:
    """A page as fetched, decoded, bounded and parsed."""
    return tree(bound(decode(html, content_type) if isinstance(html, bytes) else html))


# --- tree to values ----------------------------------------------------------------------------------------


def raw_text(node: LexborNode) -> Iterator[str]:
    """The pieces of text a reader sees, with a newline where a block begins or ends and for ``<br>``."""
    todo: list[LexborNode | str] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif item.tag == "-text":
            yield (item.text_content or "").replace("\n", " ")
        elif item.tag == "br":
            yield "\n"
        elif item.tag not in _UNSEEN:
            inner = list(item.iter(include_text=True))
            todo += ["\n", *reversed(inner), "\n"] if item.tag in BLOCKS else reversed(inner)


def text_of(node: LexborNode) -> str:
    """Visible text on one line, cleaned; scripts, styles and templates are not text."""
    return clean("".join(raw_text(node)))


def selector_problem(selector: str) -> str | None:
    """Why a configured selector (with or without ``@attribute``) cannot be used, or ``None``."""
    try:
        LexborHTMLParser("").css(_split(selector)[0])
    except SelectolaxError:
        return f"{selector!r} is not a CSS selector that lexbor understands"
    return None


def select(node: LexborNode | LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    """The matches of the first selector that has any, in page order; a selector that is no CSS matches nothing."""
    for selector in selectors:
        try:
            found = node.css(_split(selector)[0])
        except SelectolaxError:
            continue
        if found:
            return found
    return []


def value(node: LexborNode | LexborHTMLParser, selector: str) -> str:
    """Cleaned text of the first match that has any, or its attribute for ``selector@attribute``; else ``""``."""
    return next(_values(node, selector), "")


def values(node: LexborNode | LexborHTMLParser, selector: str) -> list[str]:
    """As :func:`value`, of every match that has text."""
    return list(_values(node, selector))


def _values(node: LexborNode | LexborHTMLParser, selector: str) -> Iterator[str]:
    attribute = _split(selector)[1]
    for match in select(node, [selector]):
        text = (match.attributes.get(attribute) or "")[:MAX_VALUE] if attribute else _beginning(match)
        if cleaned := clean(text):
            yield cleaned


def _beginning(node: LexborNode) -> str:
    pieces: list[str] = []
    room = MAX_VALUE
    for piece in raw_text(node):
        pieces.append(piece[:room])
        room -= len(piece)
        if room <= 0:
            break
    return "".join(pieces)


def _split(selector: str) -> tuple[str, str]:
    """``"time@datetime"`` to ``("time", "datetime")``; ``@attribute`` alone reads the node itself."""
    css, at, attribute = selector.rpartition("@")
    if not at or not re.fullmatch(r"[\w:-]+", attribute):
        return selector, ""
    return css or "*", attribute
