"""A paragraph as words that can be compared, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scraper.text import match_form

# Numbers are one word with their separators, letters another: "10km" is "10 km", "1,2" is not "1" and "2".
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*+|[^\W\d_]+")
_SEPARATORS = re.compile(r"\D+")


class Codes:
    """One character for each word, so that rapidfuzz compares strings and not lists; shared by texts compared."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}

    def encode(self, words: Iterable[str]) -> str:
        """The words as a string of as many characters."""
        numbers = self._of
        return "".join(chr(numbers.setdefault(word, len(numbers)) % 0x110000) for word in words)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a title or a lead.

    Attributes:
        text: As printed.
        words: In matching form, numbers without their separators' shape ("1,2" and "1.2" are one).
        spans: Where each word stands in the text.
        coded: The words, one character each.
        key: Equal for passages with the same words.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    coded: str
    key: str

    @classmethod
    def of(cls, text: str, codes: Codes) -> Passage:
        """A cleaned text as a passage."""
        found = list(_WORD.finditer(text))
        words = tuple(_form(match.group()) for match in found)
        return cls(text, words, tuple(match.span() for match in found), codes.encode(words), " ".join(words))

    @classmethod
    def joined(cls, passages: Sequence[Passage]) -> Passage:
        """Passages one after another as one."""
        spans: list[tuple[int, int]] = []
        start = 0
        for passage in passages:
            spans += ((a + start, b + start) for a, b in passage.spans)
            start += len(passage.text) + 1
        return cls(
            " ".join(passage.text for passage in passages),
            tuple(word for passage in passages for word in passage.words),
            tuple(spans),
            "".join(passage.coded for passage in passages),
            " ".join(passage.key for passage in passages),
        )


@lru_cache(8_192)  # as flag's
def _form(word: str) -> str:
    return _SEPARATORS.sub(" ", word) if word[0].isdigit() else match_form(word)
