"""What changed between two states of an article, and how to show it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from scraper.models import ArticleData
from scraper.text import content_hash
from scraper.values import Change, Edit, KnownArticle

Part = tuple[Literal["same", "removed", "added"], str]

SUBSTANCE = ("title", "lead", "text")
"""Fields whose words are the story; a change in any other field alone is cosmetic."""

COLLAPSED = 0.2
"""A body that shrinks below this share of its length is taken for a broken page: desks cut paragraphs, not stories."""

MAX_PAIRS = 30_000
"""Pairs of equal words (or paragraphs) of two states that are still compared; beyond, old and new are shown whole.

A page that repeats one word makes the comparison cubic: 5,000 characters of it took 104 s. Real texts of about
1,000 syllables have 2,000 such pairs with each other and up to 14,000 with themselves.
"""

_TRIM = ("authors", "agency", "section", "tags", "images", "published_at", "place")
_TOKEN = re.compile(r"\s*\S+|\s+")  # a word with the space before it, so that changed words stand together


def hash_of(data: ArticleData) -> str:
    """The content hash that tells revisions apart."""
    return content_hash(data.title, data.lead, data.text)


def compare(before: KnownArticle | None, data: ArticleData) -> Change:
    """How an article just parsed differs from its last stored state.

    Words in title, lead or text make a substantive change; spacing, case, punctuation, tone placement and all
    other fields make a cosmetic one.
    """
    if before is None:
        return Change("new")
    if before.data is None:
        return Change("unchanged" if before.content_hash == hash_of(data) else "substantive")
    differing = tuple(f for f in (*SUBSTANCE, *_TRIM) if getattr(before.data, f) != getattr(data, f))
    if len(data.text) < COLLAPSED * len(before.data.text):
        return Change("collapsed", ("text",))
    if before.content_hash == hash_of(data):
        return Change("cosmetic", differing) if differing else Change("unchanged")
    return Change("substantive", differing)


def word_diff(old: str, new: str) -> list[Part]:
    """The two texts as one run of same, removed and added parts, word by word.

    Joining the ``same`` and ``removed`` parts gives ``old`` back, ``same`` and ``added`` give ``new``. What stands
    between the first and the last difference is shown whole where comparing it would cost seconds.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    start, end = before[:head], before[len(before) - tail :]
    middle = _compared(before[head : len(before) - tail], after[head : len(after) - tail])
    parts: list[Part] = [("same", "".join(start)), *middle, ("same", "".join(end))]
    return [part for part in parts if part[1]]


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words two texts begin with alike."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(before), len(after)))


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    if equal_pairs(before, after) > MAX_PAIRS:
        yield from (("removed", "".join(before)), ("added", "".join(after)))
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(before[i:j])
        else:
            yield from (("removed", "".join(before[i:j])), ("added", "".join(after[k:m])))


def equal_pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal words two texts have: what comparing them costs."""
    ours, theirs = Counter(before), Counter(after)
    return sum(number * theirs[part] for part, number in ours.items())


def sentence(edits: Sequence[Edit]) -> str:
    """What was changed."""
    return "; ".join(edit.kind for edit in edits)
