"""What changed between two states of an article, and how to show it."""

from __future__ import annotations

import difflib
import re
from typing import Literal

from scraper.models import ArticleData
from scraper.text import content_hash
from scraper.values import Change, KnownArticle

Part = tuple[Literal["same", "removed", "added"], str]

SUBSTANCE = ("title", "lead", "text")
"""Fields whose words are the story; a change in any other field alone is cosmetic."""

COLLAPSED = 0.2
"""A body that shrinks below this share of its length is taken for a broken page: desks cut paragraphs, not stories."""

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

    Joining the ``same`` and ``removed`` parts gives ``old`` back, ``same`` and ``added`` give ``new``.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(before[i:j])))
            continue
        if i < j:
            parts.append(("removed", "".join(before[i:j])))
        if k < m:
            parts.append(("added", "".join(after[k:m])))
    return parts
