"""Legal citations: the documents, laws and programmes that a text names, each under one key."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from scraper.documents.citation import Citation
from scraper.documents.named import Named, named
from scraper.documents.numbered import numbered
from scraper.documents.tables import LETTER_HEADS, TYPES
from scraper.text import composed

__all__ = ["LETTER_HEADS", "TYPES", "Citation", "citations"]

# "Luật Đất đai (Luật số 31/2024/QH15)", "Luật Đất đai năm 2024 số 31/2024/QH15".
_JOINT = re.compile(r"[\s(,]*(?:(?:Bộ luật|Luật|Pháp lệnh|của Quốc hội)\s+)?(?:số:?\s+)?", re.IGNORECASE)
_BY_TITLE = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})
_ROUND = frozenset({"Chương trình", "Đề án", "Kế hoạch"})
"""Named after the number of the decision or resolution that began them."""


def citations(text: str) -> list[Citation]:
    """Every document named in the text, in order; one named twice comes twice.

    A short name gets the number that the same text gives for it; a law's bare title counts only when tied so.
    """
    plain, origins = composed(text)
    whole = numbered(text, plain, origins)
    names = [item for item in named(plain) if not _within(item, whole, origins)]
    laws, names = _laws_tied(names, whole, plain, origins)
    tied = [_tied(item, whole, laws, origins) for item in names]
    found = [_citation(item, number, text, origins) for item, number in zip(names, tied, strict=True) if number]
    found += [item for item in whole if not any(_holds(name, item.span) for name in found)]
    return sorted(found, key=lambda citation: citation.span)


def _holds(citation: Citation, span: tuple[int, int]) -> bool:
    return citation.span[0] <= span[0] and span[1] <= citation.span[1]


def _within(item: Named, whole: Sequence[Citation], origins: Sequence[int]) -> bool:
    """Whether the name's number is the start of a whole number."""
    end = origins[item.end]
    return any(citation.span[0] < end <= citation.span[1] for citation in whole)


def _laws_tied(
    names: Sequence[Named], whole: Sequence[Citation], plain: str, origins: Sequence[int]
) -> tuple[dict[str, set[str]], list[Named]]:
    """By title and by full name, the numbers that stand right behind a law's name; and the names without one there."""
    tied: defaultdict[str, set[str]] = defaultdict(set)
    starts = {citation.span[0]: citation.number for citation in whole}
    apart: list[Named] = []
    for item in names:
        joint = _JOINT.match(plain, item.end)
        number = starts.get(origins[joint.end()]) if joint else None
        if item.type in _BY_TITLE and number and "QH" in number:
            tied[item.key].add(number)
            tied[item.name].add(number)
        else:
            apart.append(item)
    return tied, apart


def _tied(item: Named, whole: Sequence[Citation], laws: dict[str, set[str]], origins: Sequence[int]) -> str:
    """The document's key: its number if the words or the text give it, else its name; empty if it is none alone."""
    if item.number:
        return item.number
    if item.key.isdigit() or item.key[:-1].isdigit():
        alike = [citation for citation in whole if _same(item, citation)]
        before = [citation for citation in alike if citation.span[0] < origins[item.start]]
        return (before[-1] if before else alike[0]).number if alike else item.name
    numbers = laws.get(item.name) or (laws.get(item.key) if item.year is None else None) or set()
    if len(numbers) == 1:
        return next(iter(numbers))
    return item.name if item.sure else ""


def _same(item: Named, citation: Citation) -> bool:
    bare = re.split(r"[/-]", citation.number)[0].lstrip("0")
    if bare != item.key or (item.year and citation.year and item.year != citation.year):
        return False
    return citation.type == item.type or (item.type in _ROUND and citation.type in {"Quyết định", "Nghị quyết"})


def _citation(item: Named, number: str, text: str, origins: Sequence[int]) -> Citation:
    start, end = origins[item.start], origins[item.end]
    return Citation(number, item.type, item.body, item.year, (start, end), text[start:end], item.name)
