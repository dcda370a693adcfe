"""Fold copies: the same address, or word for word the same body at another outlet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from scraper.text import syllables, text_hash
from scraper.values import Known, KnownArticle, Match

MIN_SYLLABLES = 40
"""Shorter bodies never fold: captions, notices and pages that failed to parse are alike without being copies."""


class MemoryIndex:
    """An :class:`~scraper.values.Index` over a plain dictionary."""

    def __init__(self) -> None:
        self._by_hash: dict[str, list[KnownArticle]] = {}

    def add(self, hash_: str, article: KnownArticle) -> None:
        """Remember an article under its text hash."""
        self._by_hash.setdefault(hash_, []).append(article)

    def by_hash(self, text_hash: str) -> Sequence[KnownArticle]:
        """Articles whose normalised body hashes the same, earliest first."""
        return self._by_hash.get(text_hash, ())


def probe(text: str) -> str:
    """The hash to look an article up by; ``""`` when its body is too short to be told from others."""
    return text_hash(text) if len(syllables(text)) >= MIN_SYLLABLES else ""


def match(text: str, known: Known) -> Match | None:
    """The story that an article with this body is a copy of, if the archive holds it.

    The earliest article with the body is the story; copies of copies point to it as well.
    """
    if known.same is not None or not probe(text):
        return None
    original = next(iter(known.twins), None)
    return Match(original.copy_of or original.id, "exact", 1.0) if original else None


def group(
    texts: Sequence[str], outlets: Sequence[str] | None = None, times: Sequence[datetime] | None = None
) -> list[int]:
    """Number the stories among texts in arrival order; equal numbers are copies of one story.

    Args:
        texts: Bodies in the order in which they arrived.
        outlets: Where each came from; without it every pair counts as from two outlets.
        times: When each was published; not needed for exact copies.
    """
    del outlets, times  # exact copies are copies wherever and whenever they appear
    index = MemoryIndex()
    numbers: list[int] = []
    for number, text in enumerate(texts):
        hash_ = probe(text)
        found = match(text, Known(twins=tuple(index.by_hash(hash_)))) if hash_ else None
        numbers.append(found.article_id if found else number)
        if hash_ and not found:
            index.add(hash_, _entry(number, hash_))
    return numbers


def _entry(number: int, hash_: str) -> KnownArticle:
    never = datetime.min.replace(tzinfo=UTC)
    return KnownArticle(id=number, source="", key=str(number), url="", content_hash=hash_, seen_at=never)
