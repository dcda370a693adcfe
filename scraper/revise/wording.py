"""Edits as one plain English sentence, for a message or a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scraper.revise.classify import cut
from scraper.values import Edit

LENGTH = 200
"""Letters of the sentence; what does not fit is counted."""
TITLE = 60
"""Letters of each headline."""
WORDS = 40
"""Letters of each figure or name."""
ABOUT = 40
"""Letters of what a figure stands for."""

_FIGURES = ("money", "number", "date", "name", "place", "document")
_COUNTED = {
    "quotation": ("quotation changed", "quotations changed"),
    "wording": ("passage reworded", "passages reworded"),
    "paragraph added": ("paragraph added", "paragraphs added"),
    "paragraph removed": ("paragraph removed", "paragraphs removed"),
    "paragraph moved": ("paragraph moved", "paragraphs moved"),
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def sentence(edits: Sequence[Edit]) -> str:
    """The edits in one sentence: ``Tăng trưởng: 8% -> 7,5%; one paragraph removed``; ``""`` for none.

    Notices, headline, lead and figures come first, then the counts of what has no short form. What does not fit is
    counted: ``and 3 more changes``.
    """
    said = list(_pieces(edits))
    total = sum(number for _, number in said)
    shown: list[str] = []
    told = 0
    for text, number in said:
        rest = total - told - number
        ending = _more(rest) if rest else ""
        if shown and len("; ".join([*shown, text])) + len(ending) > LENGTH:
            break
        shown.append(text)
        told += number
    return "; ".join(shown) + (_more(total - told) if told < total else "")


def _more(number: int) -> str:
    return f" and {number} more change{'s' if number > 1 else ''}"


def _pieces(edits: Sequence[Edit]) -> Iterator[tuple[str, int]]:
    """Texts, each with how many edits it tells."""
    notices = sum(edit.kind == "correction notice" for edit in edits)
    if notices:
        yield "correction notice added" if notices == 1 else f"{count(notices)} correction notices added", notices
    same = Counter(map(_told_as, edits))
    for kinds in (("headline",), ("lead",), _FIGURES, ("author",)):
        for edit in edits:
            if edit.kind in kinds and (number := same.pop(_told_as(edit), 0)):
                yield _said(edit), number
    for kind, names in _COUNTED.items():
        number = sum(edit.kind == kind for edit in edits)
        if number:
            yield f"{count(number)} {names[number > 1]}", number


def _told_as(edit: Edit) -> tuple[str, str, str]:
    """Edits that read alike are told once."""
    return edit.kind, edit.before, edit.after


def _said(edit: Edit) -> str:
    if edit.kind == "headline":
        return f'headline: "{cut(edit.before, TITLE)}" -> "{cut(edit.after, TITLE)}"'
    if edit.kind == "lead":
        return _lead(edit)
    return _change((edit.kind in _FIGURES and cut(edit.about, ABOUT)) or edit.kind, edit.before, edit.after)


def _lead(edit: Edit) -> str:
    if not edit.before or not edit.after:
        return "lead removed" if edit.before else "lead added"
    if len(edit.before) > WORDS or len(edit.after) > WORDS:
        return "lead reworded"
    return _change("lead", edit.before, edit.after)


def _change(what: str, before: str, after: str) -> str:
    if before and after:
        return f"{what}: {cut(before, WORDS)} -> {cut(after, WORDS)}"
    return f"{what} {'removed' if before else 'added'}: {cut(before or after, WORDS)}"


def count(number: int) -> str:
    """A number as a word up to ten."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
