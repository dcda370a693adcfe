"""Fold copies: word for word the same body at another outlet, or most of it.

A text is taken apart into shingles (``sketch``); an index that holds a sample of them finds the articles worth reading
(``match.candidates``); those are compared (``likeness``), and the article joins the story of its best match or is a
story of its own (``match.place``). What the index is, a dictionary or a table, is not known here.

Series whose articles differ in little but a few numbers (answer keys of one examination, notices of one fund) are a
limit: within one outlet they are kept apart, across two outlets the wrong one of a series may be taken for the copy.
"""

from scraper.dedupe.likeness import Likeness, adds_facts, is_copy, likeness
from scraper.dedupe.match import candidates, leads, place
from scraper.dedupe.memory import MemoryIndex, group
from scraper.dedupe.sketch import VERSION, Sketch, sketch, sketch_of

__all__ = [
    "VERSION",
    "Likeness",
    "MemoryIndex",
    "Sketch",
    "adds_facts",
    "candidates",
    "group",
    "is_copy",
    "leads",
    "likeness",
    "place",
    "sketch",
    "sketch_of",
]
