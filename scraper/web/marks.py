"""A story's text with the documents and figures in it marked, and the story as others cite it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scraper.facts import Facts, read_as
from scraper.store.answers import Story
from scraper.text import clean, fold
from scraper.urls import link
from scraper.vietnam import VIETNAM, day, local


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a paragraph; ``about`` is the document they name, or what the figure measures."""

    text: str
    kind: Literal["", "document", "figure"] = ""
    about: str = ""


def paragraphs(story: Story, facts: Facts) -> list[list[Run]]:
    """The body's paragraphs, each in runs of plain words, documents and figures."""
    start = len(read_as(story.as_data())) - len(story.text)
    found = [(span, Run("", "document", each.number)) for each in facts.documents for span in (each.span,)]
    found += [(each.span, Run("", "figure", each.measures)) for each in facts.figures]
    spans = _apart(
        ((a - start, b - start), run) for (a, b), run in sorted(found, key=lambda pair: pair[0]) if a >= start
    )
    return [list(_runs(story.text, begin, end, spans)) for begin, end in _bounds(story.text)]


Marked = tuple[tuple[int, int], Run]


def _apart(found: Iterator[Marked]) -> list[Marked]:
    """Marks that do not overlap; of two that do, the first."""
    kept: list[Marked] = []
    for span, run in found:
        if not kept or span[0] >= kept[-1][0][1]:
            kept.append((span, run))
    return kept


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    cuts = [(-2, 0), *(match.span() for match in re.finditer("\n\n", text)), (len(text), len(text) + 2)]
    for (_, begin), (end, _) in pairwise(cuts):
        if text[begin:end].strip():
            yield begin, end


def _runs(text: str, begin: int, end: int, spans: list[Marked]) -> Iterator[Run]:
    at = begin
    for (first, last), run in spans:
        if begin <= first and last <= end:
            if at < first:
                yield Run(text[at:first])
            yield Run(text[first:last], run.kind, run.about)
            at = last
    if at < end:
        yield Run(text[at:end])


def citation(story: Story, outlet: str, permalink: str, archived: str = "archived") -> str:
    """The story as a reference in running text; times are Vietnam's.

    Args:
        story: The story.
        outlet: Its outlet's title.
        permalink: Where it is read here.
        archived: That word in the reader's language.
    """
    people = ", ".join(story.authors) or story.agency
    parts = [people, f"“{story.title}”", outlet, day(story.at)]
    parts += [
        link(story.url),
        f"{archived} {local(story.checked_at)} (UTC+7): {permalink}",
    ]
    return clean(". ".join(part for part in parts if part))


def bibtex(story: Story, outlet: str, permalink: str) -> str:
    """The story as a BibTeX entry; braces keep letters as they are, and no field can end early."""
    at = story.at.astimezone(VIETNAM)
    fields = {
        "author": " and ".join(f"{{{_plain(name)}}}" for name in story.authors) or f"{{{_plain(outlet)}}}",
        "title": f"{{{_plain(story.title)}}}",
        "journal": _plain(outlet),
        "year": f"{at:%Y}",
        "month": f"{at.month}",
        "day": f"{at.day}",
        "url": link(story.url).replace("{", "%7B").replace("}", "%7D"),
        "urldate": f"{story.checked_at.astimezone(VIETNAM):%Y-%m-%d}",
        "note": f"Revision {story.revisions}, {permalink}",
    }
    name = re.sub(r"[^a-z0-9]", "", fold(story.source)) or "story"
    lines = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return "\n".join([f"@article{{{name}{at:%Y}{story.id},", *lines, "}"])


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash ",
        "{": r"\{",
        "}": r"\}",
        "%": r"\%",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "$": r"\$",
        "~": r"\textasciitilde ",
        "^": r"\textasciicircum ",
    }
)


def _plain(text: str) -> str:
    return clean(text).translate(_TEX)
