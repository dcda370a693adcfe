"""What a page may cost: it is brought within limits before lexbor sees it.

The parser's cost is not linear in hostile input: 160 kB of nested ``<div>`` take 2.4 s, 20,000 different attributes on
one tag 0.5 s, 21 kB of formatting that is left open 374 MB. (``<option>`` was another case; parsing without mutation
events cured it: 0.7 s to 0.001 s, November 2026.) Which tags the parser will see cannot be told for sure without
parsing, so formatting and attributes are bounded wherever they stand, and what a scan of the tags may miss is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

MAX_CHARS = 4_000_000
"""A page is cut here. The largest article page seen had 0.9 million."""
MAX_DEPTH = 256
"""Tags nested deeper are dropped, their text stays. Real pages reach about 40."""
MAX_TAGS = 50_000
"""A page is cut at the start tag after this one: some 2 s of lexbor at worst. Real pages have up to 6 thousand."""
MAX_TAG_CHARS = 4_096
"""A longer tag is looked at closely; image data in an attribute is common, so length alone cuts nothing."""
MAX_ATTRIBUTES = 256
"""A tag with more keeps none of them."""
FEW_TAGS = 12_000
"""Fewer tags cost 0.2 s at worst, however deep they are nested. Neither may more be hidden in comments and scripts."""
LARGE = 80_000
"""A shorter page has no room for the 40,000 different attributes, of a character each, that take 2 s on one tag."""
MAX_LOOKS = 4
"""Times a page's length that is looked at for masses of attributes; tags inside tags make it more."""
MAX_COPIES = 500_000
"""Formatting elements at worst, 190 MB. The parser opens each one that is not closed anew in every paragraph that
follows: 200 of them and 5,000 paragraphs, 21 kB, make a million and 374 MB."""

# A tag as the standard cuts it: a ">" inside a quoted value does not end it; a quote that begins no value is a name.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]++))?"""
_TAG = re.compile(rf"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|{_ATTRIBUTE})*+)>?)")
_COMMENT_END = re.compile(r"--!?>")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_RAW = frozenset({"script", "style", "textarea", "title", "noframes", "xmp", "iframe", "noembed"})
_VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()  # noqa: SIM905 - a word list
)
# Their end tags may be left out, so that they say nothing about depth.
_OPTIONAL_END = frozenset(
    "p li dt dd tr td th thead tbody tfoot option optgroup colgroup html head body".split()  # noqa: SIM905
)

_FORMATTING = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
# One with its text and its end, which no parser can be made to leave open; else its name in any tag.
_FORMATTED = re.compile(
    rf"""<(?=/?[bceginstuf])(?:({"|".join(_FORMATTING)})(?:\s+[\w-]+(?:=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=`]+))?)*\s*>"""
    rf"""[^<]*+</\1\s*>|(/?)(?:{"|".join(_FORMATTING)})(?=[\s/>]))""",
    re.IGNORECASE,
)
# With attributes; without them the parser keeps three of a kind. Written out for speed.
_FORMATTING_TAG = re.compile(
    r"<(?:[bisuBISU]|[eE][mM]|[fF][oO][nN][tT]|[bB][iI][gG]|[tT][tT]|[cC][oO][dD][eE]|[nN][oO][bB][rR]"
    r"|[sS](?:[mM][aA][lL]{2}|[tT][rR](?:[iI][kK][eE]|[oO][nN][gG])))[\s/]"
)
_LONG_TAG = re.compile(rf"<[a-zA-Z][^>]{{{MAX_TAG_CHARS}}}")
# Its first ">" is inside a quoted value.
_QUOTED_END = re.compile(
    r"""<[a-zA-Z][^<>"'=]*+(?:(?:=\s*+(?:"[^">]*+"|'[^'>]*+'|(?![\s"'])[^\s>]*+)|["'])[^<>"'=]*+)*+=\s*+["']"""
)


@dataclass(frozen=True, slots=True)
class Bounded:
    """HTML that is safe to parse.

    Attributes:
        html: The page within the limits above.
        cuts: What was taken away, one short English sentence each; empty for a real page.
    """

    html: str
    cuts: tuple[str, ...] = ()


def bound(html: str) -> Bounded:
    """The page within the limits of this module, in one linear pass.

    Most pages are within them by a count alone; only the others are looked at tag by tag.
    """
    cuts: list[str] = []
    text = html.replace("\x00", "") if "\x00" in html else html
    if len(text) > MAX_CHARS:
        cuts.append(f"page cut after {MAX_CHARS:,} characters")
        text = text[:MAX_CHARS]
    if _copies(text) > MAX_COPIES:
        plain = _FORMATTED.sub(lambda found: found[0] if found[1] else f"<{found[2]}span", text)
        if plain != text:
            cuts.append("formatting around other tags dropped")
            text = plain
    text, floods = _without_floods(text)
    cuts += floods
    if text.count("<") <= FEW_TAGS:
        return Bounded(text, tuple(cuts))
    scan = _Scan(text)
    return Bounded(scan.run(), (*cuts, *scan.cuts))


def _copies(html: str) -> int:
    """How many formatting elements the parser can be made to open: those with attributes, and three of each bare."""
    return html.count("<") * (sum(1 for _ in _FORMATTING_TAG.finditer(html)) + 3 * len(_FORMATTING))


def _without_floods(html: str) -> tuple[str, list[str]]:
    """The page without masses of attributes, wherever they stand, and what was taken away.

    What only looks like a tag, in a script, may hold other tags: then it is ended early instead.
    """
    starts = {found.start() for found in _LONG_TAG.finditer(html)}
    if len(html) > LARGE:
        starts.update(found.start() for found in _QUOTED_END.finditer(html))
    kept: list[str] = []
    cuts: dict[str, None] = {}
    at = looked_at = 0
    for start in sorted(starts):
        if start < at or (tag := _TAG.match(html, start)) is None:
            continue
        looked_at += tag.end() - start
        if looked_at > MAX_LOOKS * len(html):
            cuts[f"page cut after {start:,} characters, in tags inside tags"] = None
            return "".join([*kept, html[at:start]]), list(cuts)
        if _has_too_many(tag[4] or ""):
            kept += [html[at : tag.end(3)], ">"]
            at = tag.end(3) if "<" in tag[4] else tag.end()
            if html.rfind("<script", 0, start) <= html.rfind("</script", 0, start):
                cuts[f"attributes of a tag with more than {MAX_ATTRIBUTES} dropped"] = None
    return ("".join([*kept, html[at:]]) if kept else html), list(cuts)


def _has_too_many(attributes: str) -> bool:
    return len(attributes) > MAX_TAG_CHARS and len(_QUOTED.sub(" ", attributes).split()) > MAX_ATTRIBUTES


class _Scan:
    """One pass over the tags of a page with the open elements, roughly as the parser will have them."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.cuts: dict[str, None] = {}
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._hidden = 0
        self._kept: list[str] = []
        self._from = 0

    def run(self) -> str:
        """The page without what is over the limits."""
        at, tags = 0, 0
        while found := _TAG.search(self.html, at):
            at = found.end()
            comment, closing, name, _ = found.groups()
            if comment:
                at = self._after(_COMMENT_END, found.start() + 2)
            elif closing:
                self._close(name.lower(), found)
            else:
                tags += 1
                self._start(name.lower(), found)
                if name.lower() in _RAW:
                    at = self._after(_RAW_END[name.lower()], at)
            if self._hidden > FEW_TAGS:
                self.cuts[f"page cut where comments and scripts hold more than {FEW_TAGS:,} tags"] = None
                return self._result(found.start())
            if tags > MAX_TAGS:
                self.cuts[f"page cut after {MAX_TAGS:,} tags"] = None
                return self._result(found.start())
        return self._result(len(self.html))

    def _start(self, name: str, found: re.Match[str]) -> None:
        if name not in _VOID and name not in _OPTIONAL_END and name not in _RAW:
            self._open.append(name)
            self._counts[name] += 1
            if len(self._open) > MAX_DEPTH:
                self._drop(found, f"tags nested deeper than {MAX_DEPTH} dropped")

    def _close(self, name: str, found: re.Match[str]) -> None:
        if not self._counts[name]:
            return
        while (last := self._open.pop()) != name:
            self._counts[last] -= 1
        self._counts[name] -= 1
        if len(self._open) >= MAX_DEPTH:  # its start tag was dropped
            self._drop(found)

    def _drop(self, found: re.Match[str], why: str = "") -> None:
        self._kept.append(self.html[self._from : found.start()])
        self._from = found.end()
        if why:
            self.cuts[why] = None

    def _after(self, end: re.Pattern[str], at: int) -> int:
        """Where a comment or script ends. Inside SVG the parser may see tags where none should be: they are counted."""
        found = end.search(self.html, at)
        after = found.end() if found else len(self.html)
        self._hidden += self.html.count("<", at, after)
        return after

    def _result(self, end: int) -> str:
        return "".join([*self._kept, self.html[self._from : end]])


_RAW_END = {name: re.compile(rf"(?=</{name}[\s/>])", re.IGNORECASE) for name in _RAW}
