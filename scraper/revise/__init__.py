"""What changed between two states of an article, and how to show it. Pure.

:mod:`noise` drops what is not the story, :mod:`align` finds each paragraph's other state, :mod:`classify` says what was
edited in it with the help of :mod:`figures`, :mod:`wording` puts it in a sentence. :mod:`diff` shows an edit word by
word, :mod:`copies` tells a copy from its story.
"""

from __future__ import annotations

from scraper.revise.compare import COLLAPSED, SUBSTANCE, between, compare, hash_of, word_diffs
from scraper.revise.copies import Differences, differences
from scraper.revise.diff import Block, Part, opcodes, word_diff
from scraper.revise.wording import sentence

__all__ = [
    "COLLAPSED",
    "SUBSTANCE",
    "Block",
    "Differences",
    "Part",
    "between",
    "compare",
    "differences",
    "hash_of",
    "opcodes",
    "sentence",
    "word_diff",
    "word_diffs",
]
