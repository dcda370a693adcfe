"""What of a text decides whether it is a copy: its syllables, its shingles, and the few of them that are indexed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from scraper.dedupe.thresholds import MAX_LETTERS, MAX_SAMPLED, MIN_SAMPLED, MIN_SYLLABLES, SAMPLED_BITS, SHINGLE
from scraper.models import ArticleData
from scraper.text import syllables, words_hash

VERSION = 1
"""Stored with each indexed article; a change of hash, sampling or normalisation needs a new one."""

RECENT = 64
"""Texts kept taken apart, about 5 MB: an article's copies, and the fetch that finds it unchanged, come close behind."""

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Sketch:
    """One text, taken apart.

    Attributes:
        text_hash: Equal for bodies that are word for word the same; ``""`` for a text too short to fold.
        syllables: Words in matching form.
        shingles: The hash of each run of four syllables, 32 bits, in order.
    """

    text_hash: str
    syllables: Sequence[str]
    shingles: Sequence[int]

    @cached_property
    def distinct(self) -> frozenset[int]:
        """The shingles, each once."""
        return frozenset(self.shingles)

    @cached_property
    def sample(self) -> tuple[int, ...]:
        """The hashes to index and to look up, 29 bits each, ascending; empty for a text too short to fold."""
        if not self.text_hash:
            return ()
        low = (1 << SAMPLED_BITS) - 1
        chosen = sorted(shingle >> SAMPLED_BITS for shingle in self.distinct if not shingle & low)
        if len(chosen) < MIN_SAMPLED:
            by_low_bits = sorted(self.distinct, key=lambda shingle: (shingle & low, shingle))
            chosen = sorted({shingle >> SAMPLED_BITS for shingle in by_low_bits[:MIN_SAMPLED]})
        return tuple(chosen[:MAX_SAMPLED])

    @cached_property
    def figures(self) -> dict[str, set[str]]:
        """Runs of three words of which one is no mere word, by the same run with every digit as 0."""
        words, found = self.syllables, dict[str, set[str]]()
        held = (at for at, word in enumerate(words) if not word.isalpha())
        starts = {start for at in held for start in range(max(at - 2, 0), min(at + 1, len(words) - 2))}
        for start in starts:
            run = " ".join(words[start : start + 3])
            found.setdefault(_DIGIT.sub("0", run), set()).add(run)
        return found


def sketch(text: str, lead: str = "") -> Sketch:
    """Take a body apart, with the lead before it: some outlets print as a lead what others open the body with."""
    return _sketch(text[:MAX_LETTERS], lead[:MAX_LETTERS])


@lru_cache(maxsize=RECENT)
def _sketch(text: str, lead: str) -> Sketch:
    body = syllables(text)
    words = [*syllables(lead), *body]
    return Sketch(words_hash(body) if len(body) >= MIN_SYLLABLES else "", words, _hashes(words))


def sketch_of(data: ArticleData) -> Sketch:
    """Take an article apart."""
    return sketch(data.text, data.lead)


def _hashes(words: Sequence[str]) -> list[int]:
    """CRC-32 of each shingle: as even as a cryptographic hash on these texts, at a fifth of the cost."""
    encoded = [word.encode() for word in words]
    runs = zip(*(encoded[at:] for at in range(SHINGLE)), strict=False)
    return [zlib.crc32(b" ".join(run)) for run in runs]
