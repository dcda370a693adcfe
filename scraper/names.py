"""The words that stages tell each other: labels, events, kinds of edits."""

from __future__ import annotations

from typing import Literal

Label = Literal["implementation", "issuance", "oversight", "none"]
LABELS: tuple[Label, ...] = ("implementation", "issuance", "oversight", "none")
POLICY: tuple[Label, ...] = ("implementation", "issuance", "oversight")
"""The labels that are policy news of some kind."""
EventName = Literal[
    "new",
    "adds_facts",
    "edited",
    "removed",
    "returned",
    "source_broken",
    "source_recovered",
    "source_gap",
    "digest",
    "daily",
]
EditKind = Literal[
    "headline",
    "lead",
    "number",
    "date",
    "money",
    "name",
    "place",
    "document",
    "quotation",
    "wording",
    "paragraph added",
    "paragraph removed",
    "paragraph moved",
    "correction notice",
    "author",
]
FIGURE_EDITS: tuple[EditKind, ...] = ("headline", "number", "date", "money", "name", "place", "document", "author")
"""Edits that are short enough to be told as they stood and as they stand."""
