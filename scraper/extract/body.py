"""Paragraphs and pictures of an article's body, and a plain finder of the body where no rule names it.

The finder gives every block of running text its length, counts it for the enclosing elements with less weight the
farther they are, takes the best, and widens to a parent that holds clearly more text of the same kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper import markup, urls
from scraper.models import Image
from scraper.text import clean, fold

MIN_BLOCK = 40
"""Characters of a block that counts as running text; menus and buttons are shorter."""
MAX_LINK_SHARE = 0.5
"""A block with more of its text in links is navigation."""
WIDEN = 1.3
"""A parent is taken instead when it holds this much more text: some bodies are split in two (baotintuc, July 2026)."""
MAX_STAMP = 40
"""Characters of "Thứ Hai, ngày 20/07/2026 - 06:31 GMT+7"."""
MAX_FIGURE_DEPTH = 6
"""Elements between a picture and the one that holds its caption, at most."""
MAX_CAPTION = 400
"""Characters of a caption; a longer element with such a class holds the text beside a picture too."""
MAX_HEADING = 60
"""Characters of a heading such as "Tin liên quan"; longer is a subhead that happens to begin so."""

_SKIPPED = frozenset(
    "script style noscript template iframe form button select textarea nav aside footer video audio object embed "  # noqa: SIM905 - a word list
    "svg canvas dialog menu input".split()
)
_LINES = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd blockquote pre".split())  # noqa: SIM905
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|relate-?news|relatednews\w*|tin-?lien-?quan|lien-?quan|tin-?khac|read-?more|"
    r"readmore\w*|xem-?them|doc-?them|recommend\w*|share|sharing|social|social-\w+|comment\w*|breadcrumbs?|"
    r"banner|ads?|advert\w*|adsbygoogle|newsletter|subscribe|tags?|keywords?|popup|author-?box)(?:$|[\s_-])",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?:^|[\s_-])(?:date|datetime|time|pubdate|publish\w*|ngay)(?:$|[\s_-])", re.IGNORECASE)
_RELATED_TYPE = re.compile(r"^Related", re.IGNORECASE)  # <div type="RelatedOneNews"> of VCCorp's editor
_CAPTION = re.compile(r"caption|(?:^|\s)(?:image|pic|photo)(?:$|\s)|chu-?thich", re.IGNORECASE)
_RELATED_HEADINGS = tuple(
    "tin lien quan,xem them,doc them,tham khao them,bai lien quan,tin cung chuyen muc,co the ban quan tam,tin moi,"  # noqa: SIM905
    "tin khac,bai viet lien quan,tin cung chu de,moi ban doc,cung chuyen muc,doc tiep,related".split(",")
)
_IMAGE_ATTRIBUTES = ("data-original", "data-src", "data-lazy-src", "src")


@dataclass(slots=True)
class Body:
    """What a body element holds, in page order."""

    paragraphs: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


# --- reading a body ----------------------------------------------------------------------------------------


def read(node: LexborNode, url: str) -> Body:
    """Paragraphs and pictures of a body element.

    Subheads, lists, quotations and information boxes are paragraphs; captions, related boxes, forms and scripts are
    not. A heading such as "Tin liên quan" ends the body unless running text follows it.
    """
    paragraphs = [line for raw in "".join(_pieces(node)).split("\n\n") if (line := clean(raw))]
    return Body(_before_related(paragraphs), images_in(node, url))


def _pieces(node: LexborNode) -> Iterator[str]:
    """Text with a blank line at the borders of blocks; one ``<br>`` inside a paragraph is a space, two are a border."""
    todo: list[LexborNode | str] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif item.tag == "-text":
            yield (item.text_content or "").replace("\n", " ")
        elif item.tag == "br":
            yield "\n" if _in_line(item) else "\n\n"
        elif item.tag and not item.tag.startswith("-") and not (item is not node and _left_out(item)):
            todo += _inside(item)


def _inside(node: LexborNode) -> list[LexborNode | str]:
    """What is to be read of an element, last first."""
    if _is_related(node):
        return []
    if _is_data_row(node):
        return [f"\n\n{' | '.join(cell for cell in map(markup.text_of, node.iter()) if cell)}\n\n"]
    inner = [child for child in node.iter(include_text=True) if not _blank_between_breaks(child)]
    border = ["\n\n"] if markup.is_block(node) else []
    return [*border, *reversed(inner), *border]


def _is_data_row(node: LexborNode) -> bool:
    """Whether it is a row of figures; in old layouts a cell holds the whole article."""
    return node.tag == "tr" and len(list(node.iter())) > 1 and not node.css("p, div, table, li, br, h2, h3")


def _in_line(node: LexborNode) -> bool:
    """Whether the element stands inside a paragraph, directly or in bold and the like."""
    parent = node.parent
    while parent is not None and not markup.is_block(parent):
        parent = parent.parent
    return parent is not None and parent.tag in _LINES


def _blank_between_breaks(node: LexborNode) -> bool:
    """White space that only separates two ``<br>`` in the source."""
    return bool(node.tag == "-text" and not (node.text_content or "").strip() and node.prev and node.prev.tag == "br")


def _left_out(node: LexborNode) -> bool:
    return (
        node.tag in _SKIPPED
        or node.tag in {"figure", "figcaption", "caption"}
        or _is_aside(node)
        or _is_caption(node)
        or _is_stamp(node)
        or "display:none" in (node.attributes.get("style") or "").replace(" ", "").lower()
    )


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"


def _is_aside(node: LexborNode) -> bool:
    """Whether class, id or editor type say that the element is not the article's own text."""
    if _RELATED_TYPE.match(node.attributes.get("type") or ""):
        return True
    return bool(_ASIDE.search(_names(node))) and node.tag != "p" and _link_chars(node) > 0


def _is_stamp(node: LexborNode) -> bool:
    """Whether the element holds the time of publication and nothing else."""
    named = node.tag == "time" or _STAMP.search(_names(node))
    return bool(named) and len(markup.text_of(node)) <= MAX_STAMP


def _is_caption(node: LexborNode) -> bool:
    return (
        node.tag in {"p", "div", "span", "td", "em"}
        and bool(_CAPTION.search(node.attributes.get("class") or ""))
        and (len(markup.text_of(node)) < MAX_CAPTION)
    )


def _is_related(node: LexborNode) -> bool:
    """Whether the element is a box of links under a heading such as "Tin liên quan"."""
    if node.tag not in {"div", "ul", "ol", "section", "table", "p"} or not _announces(_first_line(node)):
        return False
    return _link_chars(node) >= MAX_LINK_SHARE * len("".join(markup.lines_of(node)[1:])) and bool(node.css("a"))


def is_related_heading(line: str) -> bool:
    """Whether a line announces other articles: "Tin liên quan", "Xem thêm", "Có thể bạn quan tâm"."""
    return len(line) <= MAX_HEADING and _announces(line)


def _announces(line: str) -> bool:
    return fold(line[:MAX_HEADING]).strip(" :>»-|").startswith(_RELATED_HEADINGS)


def _first_line(node: LexborNode) -> str:
    """The first words of an element, up to the first break."""
    line = ""
    for piece in markup.raw_text(node):
        if piece == "\n" and line.strip():
            break
        line += piece
    return clean(line)


def _before_related(paragraphs: list[str]) -> list[str]:
    """Without trailing related headings and what stands under them, as long as that is not running text."""
    for at, line in enumerate(paragraphs):
        if is_related_heading(line) and all(len(after) < 2 * MIN_BLOCK for after in paragraphs[at + 1 :]):
            return paragraphs[:at]
    return paragraphs


def _link_chars(node: LexborNode) -> int:
    return sum(len(markup.text_of(link)) for link in node.css("a"))


# --- pictures ----------------------------------------------------------------------------------------------


def images_in(node: LexborNode, url: str) -> list[Image]:
    """Pictures with the captions printed under them; each address once, in page order."""
    found: dict[str, Image] = {}
    for picture in node.css("img"):
        if _in_aside(picture, node):
            continue
        address = next(filter(None, (_address(picture, name, url) for name in _IMAGE_ATTRIBUTES)), "")
        if address and address not in found:
            found[address] = Image(url=address, caption=_caption_of(picture))
    return list(found.values())


def _address(picture: LexborNode, attribute: str, url: str) -> str:
    value = picture.attributes.get(attribute) or ""
    return "" if not value or value.startswith("data:") else urls.canonical(value, url)


def _in_aside(node: LexborNode, within: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != within.mem_id:
        if parent.tag in _SKIPPED or _is_aside(parent):
            return True
        parent = parent.parent
    return False


def _caption_of(picture: LexborNode) -> str:
    """The caption in the same figure, or in the table row under the picture (older editors)."""
    parent = picture.parent
    for _ in range(MAX_FIGURE_DEPTH):
        if parent is None or (parent.tag != "figure" and len(parent.css("img")) > 1):
            return ""
        caption = markup.value(parent, "figcaption") or markup.value(parent, "[class*=caption], [class*=Caption]")
        if caption or parent.tag == "figure":
            return caption
        parent = parent.parent
    return ""


# --- finding a body ----------------------------------------------------------------------------------------


def find(tree: LexborHTMLParser) -> LexborNode | None:
    """The element most likely to hold the body, or ``None`` when the page has no running text."""
    if tree.body is None:
        return None
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for block in tree.body.css("p, h2, h3, li, blockquote, pre, td, div"):
        weight = _weight(block)
        ancestor = block if block.tag in {"div", "td"} else block.parent
        for share in (1.0, 0.5, 0.2):
            if not weight or ancestor is None or ancestor.tag in {"html", None}:
                break
            nodes[ancestor.mem_id] = ancestor
            scores[ancestor.mem_id] = scores.get(ancestor.mem_id, 0.0) + share * weight
            ancestor = ancestor.parent
    if not scores:
        return None
    return _widened(nodes[max(scores, key=lambda key: scores[key])])


def _weight(block: LexborNode) -> float:
    """Characters of the block's own running text; nothing for navigation, captions and boxes."""
    own = _own_text(block)
    if len(own) < MIN_BLOCK or _outside(block):
        return 0.0
    links = _link_chars(block)
    return 0.0 if links > MAX_LINK_SHARE * len(own) else float(len(own) - links + 20 * own.count(","))


def _own_text(block: LexborNode) -> str:
    """Text of the block that is not in a block of its own."""
    if block.tag in {"p", "h2", "h3", "pre"}:
        return markup.text_of(block)
    parts = (
        child.text_content or "" if child.tag == "-text" else markup.text_of(child)
        for child in block.iter(include_text=True)
        if child.tag and not markup.is_block(child) and not child.tag.startswith("-c")
    )
    return clean(" ".join(parts))


def _outside(block: LexborNode) -> bool:
    node: LexborNode | None = block
    while node is not None and node.tag != "body":
        if node.tag in _SKIPPED - {"form"} or node.tag in {"header", "figcaption"} or _is_named_aside(node):
            return True
        node = node.parent
    return False


def _is_named_aside(node: LexborNode) -> bool:
    return bool(_ASIDE.search(_names(node))) or bool(_RELATED_TYPE.match(node.attributes.get("type") or ""))


def _widened(node: LexborNode) -> LexborNode:
    best, size = node, _running(node)
    parent = node.parent
    for _ in range(2):
        if parent is None or parent.tag in {"body", "html", "form"}:
            break
        if (wider := _running(parent)) > WIDEN * size:
            best, size = parent, wider
        parent = parent.parent
    return best


def _running(node: LexborNode) -> float:
    return sum(_weight(block) for block in node.css("p, li, blockquote"))
