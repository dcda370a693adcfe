"""The words that stages tell each other: labels, events, kinds of edits."""

from __future__ import annotations

from typing import Literal

Label = Literal["implementation", "issuance", "oversight", "none"]
LABELS: tuple[Label, ...] = ("implementation", "issuance", "oversight", "none")
EventName = Literal[
    "new", "adds_facts", "edited", "removed", "returned", "source_broken", "source_recovered", "digest", "daily"
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
