"""One Markdown document of articles, and text that Markdown shows as it is (CommonMark 0.31, and GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from scraper.export.stories import Story
from scraper.text import clean
from scraper.urls import link
from scraper.vietnam import local

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|&~$]")
# What makes a line a list, a rule, a second heading line or a definition.
_START = re.compile(r"(?:[-+=:](?=[\s=:+-]|$)|\d{1,9}(?=[.)](?:\s|$)))")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line, and within a heading or a table too."""
    line = _SIGNS.sub(r"\\\g<0>", clean(text))
    start = _START.match(line)
    if start is None:
        return line
    return f"{start.group()}\\{line[start.end() :]}" if start.group().isdigit() else f"\\{line}"


def write_markdown(found: Iterable[Story], out: TextIO, outlet: Callable[[str], str] = str) -> int:
    """A heading for each article in the order given, and under it all that readers ask for; returns how many articles.

    Args:
        found: The articles.
        out: Where to.
        outlet: A source's name to its title.
    """
    out.write("# Stories of the archive\n\nIn the order in which they were stored; times are in Asia/Ho_Chi_Minh.\n")
    number = 0
    for number, story in enumerate(found, 1):  # noqa: B007 - the last number is the answer
        out.writelines(f"\n{block}\n" for block in _blocks(story, outlet))
    if not number:
        out.write("\nThere is none.\n")
    return number


def _blocks(story: Story, outlet: Callable[[str], str]) -> Iterator[str]:
    item = story.item
    yield f"## {plain(item.title) or '(no title)'}"
    label = item.label if item.label != "none" else "no policy"
    said = [plain(outlet(item.source)), local(item.at), f"{label} {item.score:.2f}"]
    yield " · ".join([*said, *_link("original", item.url)])
    if item.reasons:
        yield "Why: " + "; ".join(_reasons(story))
    if lead := plain(item.lead):
        yield f"**{lead}**"
    yield from filter(None, map(plain, item.text.split("\n\n")))
    yield "\n".join(f"- {line}" for line in _facts(story))


def _reasons(story: Story) -> Iterator[str]:
    for reason in sorted(story.item.reasons, key=lambda reason: -abs(reason.weight)):
        yield f"{plain(reason.matched) or plain(reason.rule)} ({plain(reason.field)}, {reason.weight:+.2g})"


def _facts(story: Story) -> Iterator[str]:
    item, past = story.item, story.past
    yield f"Number {item.id}, first seen {local(item.seen_at)}"
    if past.original:
        yield f"A copy of number {past.original.id}: {plain(past.original.title)}"
    if item.copies:
        yield f"Copies: {item.copies}"
    for edit in past.edits:
        yield f"Edited, seen {local(edit.seen_at)}: {plain(edit.summary or ', '.join(edit.changed)) or edit.kind}"
    if item.state == "removed":
        yield f"Removed by the outlet; missing since {local(item.gone_since)}"
    for name, named in (("Documents", story.documents), ("Provinces", story.provinces)):
        if named:
            yield f"{name}: {'; '.join(map(plain, named))}"


def _link(words: str, url: str) -> list[str]:
    """A link to an address that may be linked to, else nothing."""
    if not (address := link(url)):
        return []
    return [f"[{words}](<{_ENTITY.sub('&amp;', address).replace('<', '%3C').replace('>', '%3E')}>)"]
