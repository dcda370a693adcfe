"""The generic finder: which anchors of an unknown section page are headlines.

Three signs together. The place: not inside navigation, header, footer, tag lists. The company: anchors that stand in
the same kind of place (same tags and classes above them) are judged as a group by the median length of their words,
so that a short headline among headlines counts and a long menu entry among short ones does not. The address: where
most headlines carry a post id or a date, those without are section and topic pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import median

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper import dates, markup, urls
from scraper.config import Source
from scraper.discover.collect import MAX_ANCHORS, Found, article_address

# --- thresholds and their reasons --------------------------------------------------------------------------
HEADLINE_WORDS = 5
"""Median words of a group of headlines; menus have 2 or 3, Vietnamese headlines 10 to 20 (four pages, March 2026)."""
MIN_WORDS = 3
"""A shorter text is never a headline, whatever its company: "Xem thêm", "12 bình luận" is two."""
PATTERN_DEPTH = 4
"""Levels above an anchor that name its kind of place. Deeper tells columns apart, not kinds."""
ITEM_DEPTH = 6
"""Levels an item may reach above its anchor when its lead and time are looked for."""
MOSTLY = 0.5
"""Share of headlines with an id or date in the address from which those without are left out."""

_CHROME_TAGS = frozenset({"nav", "footer"})
_CHROME_WORDS = frozenset(
    {"nav", "navbar", "navigation", "menu", "submenu", "megamenu", "footer", "breadcrumb", "breadcrumbs"}
    | {"tag", "tags", "pagination", "paging", "pager", "social", "share", "login"}
)
_HUBS = frozenset(  # first parts of an address that lead to lists, not to articles
    {"tag", "tags", "topic", "topics", "chu-de", "su-kien", "event", "events", "category", "categories", "author"}
    | {"tac-gia", "search", "tim-kiem", "video", "videos", "podcast", "rss", "page", "users", "user", "login"}
)
_ID = re.compile(r"[0-9]{5,}")
_DATED = re.compile(r"/20[0-9]{2}/(?:0?[1-9]|1[0-2])/")
_WORD = re.compile(r"\w+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_TIMES = ("time@datetime", "[data-publishtime]@data-publishtime", "[class*=time]@datetime")
_TIME_TEXTS = ("time", "[class*=time]", "[class*=date]")
_TIME_TITLES = ("[class*=time]@title", "[class*=date]@title")
_LEADS = ("[class*=sapo]", "[class*=desc]", "[class*=summary]", "[class*=excerpt]", "[class*=lead]", "p")


@dataclass(frozen=True, slots=True)
class _Anchor:
    node: LexborNode
    href: str
    url: str
    title: str
    in_heading: bool
    pattern: tuple[str, ...]

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.title))


def find(tree: LexborHTMLParser, source: Source, base: str, now: datetime) -> Iterator[Found]:
    """What looks like the articles of a section page, in page order, with title, lead and time where they show."""
    anchors = list(_anchors(tree, source, base))
    known: dict[int, bool] = {}
    outside = [anchor for anchor in anchors if not _in_chrome(anchor.node, known)]
    headlines = _headlines(outside or anchors, proved=bool(source.link_pattern))
    alone = _standing_alone([anchor for same in headlines.values() for anchor in same])
    for url, same in headlines.items():
        best = next((anchor for anchor in same if anchor.in_heading), same[0])
        item = _item_of(best.node, alone)
        yield Found(url, best.title, _lead_in(item, best.title), time_in(item, source, now))


def title_of(anchor: LexborNode) -> str:
    """The anchor's text, else its ``title``, else its picture's ``alt``."""
    text = markup.text_of(anchor)
    return text or markup.value(anchor, "a@title") or markup.value(anchor, "img@alt")


def time_in(item: LexborNode, source: Source, now: datetime) -> datetime | None:
    """The time that a listing's item shows, aware UTC: from an attribute made for programs, else from its text.

    A ``title`` in US order may stand beside a text in day order (VCCorp's CMS, March 2026), so it is read only for
    sources said to be so.
    """
    titles_first = source.listing_date_order == "mdy"
    shown = (*_TIME_TITLES, *_TIME_TEXTS) if titles_first else _TIME_TEXTS
    for selector in (*_TIMES, *shown):
        for text in markup.values(item, selector):
            moment = dates.parse(text, zone=source.zone, order=source.listing_date_order, now=now)
            if moment is not None:
                return moment
    return None


# --- which anchors -----------------------------------------------------------------------------------------


def _anchors(tree: LexborHTMLParser, source: Source, base: str) -> Iterator[_Anchor]:
    addresses: dict[str, str] = {}
    for node in tree.css("a[href]")[:MAX_ANCHORS]:
        href = node.attributes.get("href") or ""
        if href not in addresses:
            addresses[href] = article_address(href, source, base)
        url = addresses[href]
        if url and (source.link_pattern or not _is_hub(url)):
            above = _above(node, PATTERN_DEPTH)
            heading = any(parent.tag in _HEADINGS for parent in above[:2]) or bool(node.css(", ".join(_HEADINGS)))
            yield _Anchor(node, href, url, title_of(node), heading, tuple(_kind(n) for n in (node, *above)))


def _is_hub(url: str) -> bool:
    parts = [part for part in urls.path_of(url).lower().split("/") if part]
    return not parts or parts[0].partition(".")[0] in _HUBS


def _kind(node: LexborNode) -> str:
    """Tag and first class: later classes tell states (``hidden``) and columns apart."""
    classes = (node.attributes.get("class") or "").split()
    return f"{node.tag}.{classes[0]}" if classes else str(node.tag)


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Parent, grandparent and so on, below the body."""
    parent = node.parent
    while parent is not None and parent.tag != "body":
        yield parent
        parent = parent.parent


def _above(node: LexborNode, levels: int) -> list[LexborNode]:
    return list(islice(_ancestors(node), levels))


def _in_chrome(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether the anchor stands in navigation, a tag list, or the page's own header or footer.

    ``known`` holds the verdict of elements passed before, so that a deep page is not walked once for each anchor.
    """
    passed: list[int] = []
    verdict = False
    for parent in _ancestors(node):
        verdict = known.get(parent.mem_id, False)
        if parent.mem_id in known or parent.tag == "article":
            break
        passed.append(parent.mem_id)
        verdict = parent.tag in _CHROME_TAGS or _chrome_words(parent) or _is_page_header(parent)
        if verdict:
            break
    known.update(dict.fromkeys(passed, verdict))
    return verdict


def _is_page_header(node: LexborNode) -> bool:
    """Whether a header is the page's; weblogs give each article one of its own."""
    return node.tag == "header" and all(above.tag != "article" for above in _ancestors(node))


def _chrome_words(node: LexborNode) -> bool:
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return not _CHROME_WORDS.isdisjoint(re.split(r"[^a-z]+", names))


def _headlines(anchors: Sequence[_Anchor], *, proved: bool) -> dict[str, list[_Anchor]]:
    """Addresses in page order with the anchors that name them; ``proved`` when a pattern vouches for addresses."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for anchor in anchors:
        if anchor.title:
            groups[anchor.pattern].append(anchor.words)
    found: dict[str, list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        in_company = median(groups[anchor.pattern] or [0]) >= HEADLINE_WORDS
        if anchor.words >= MIN_WORDS and (in_company or proved):
            found[anchor.url].append(anchor)
    return dict(found) if proved else _of_one_make(found)


def _of_one_make(found: dict[str, list[_Anchor]]) -> dict[str, list[_Anchor]]:
    """Only the addresses with an id or date, where most have one."""
    marked = {url: anchors for url, anchors in found.items() if _is_marked(url)}
    return marked if found and len(marked) / len(found) >= MOSTLY else found


def _is_marked(url: str) -> bool:
    path = urls.path_of(url)
    return bool(_DATED.search(path) or _ID.search(path.rpartition("/")[2]))


# --- an item's lead and time -------------------------------------------------------------------------------


def _standing_alone(anchors: Sequence[_Anchor]) -> dict[int, str]:
    """Elements that hold links to one article only, by memory id; those with several map to ``""``."""
    alone: dict[int, str] = {}
    for anchor in anchors:
        for node in (anchor.node, *_above(anchor.node, ITEM_DEPTH)):
            if alone.setdefault(node.mem_id, anchor.url) != anchor.url:
                alone[node.mem_id] = ""
    return alone


def _item_of(node: LexborNode, alone: dict[int, str]) -> LexborNode:
    """The highest element around an anchor that holds no other article."""
    item = node
    for parent in _above(node, ITEM_DEPTH):
        if not alone.get(parent.mem_id):
            break
        item = parent
    return item


def _lead_in(item: LexborNode, title: str) -> str:
    """The first text made for a lead that says more than the title."""
    for selector in _LEADS:
        for text in markup.values(item, selector):
            if len(text) > len(title) / 2 and text != title and len(_WORD.findall(text)) > HEADLINE_WORDS:
                return text
    return ""
