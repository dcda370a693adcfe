"""Frozen values handed between stages, and the Protocols at the seams.

A stage takes values and gives values; only ``fetch`` and ``store`` touch the world.
"""

from scraper.values.decided import (
    Change,
    Edit,
    Intent,
    Judgement,
    Match,
    Mention,
    Message,
    Outcome,
    Place,
    Reason,
    Relation,
    RelationKind,
    strongest,
)
from scraper.values.known import (
    Candidate,
    Doubt,
    DoubtReason,
    Fetched,
    Health,
    Known,
    KnownArticle,
    Pending,
    Reading,
    Recheck,
    Shared,
)
from scraper.values.names import FIGURE_EDITS, LABELS, POLICY, EditKind, EventName, Label
from scraper.values.pages import Link, Listed, NotModified, Page, Validators
from scraper.values.seams import Clock, HostBook, HostClock, Index, SystemClock

__all__ = [
    "FIGURE_EDITS",
    "LABELS",
    "POLICY",
    "Candidate",
    "Change",
    "Clock",
    "Doubt",
    "DoubtReason",
    "Edit",
    "EditKind",
    "EventName",
    "Fetched",
    "Health",
    "HostBook",
    "HostClock",
    "Index",
    "Intent",
    "Judgement",
    "Known",
    "KnownArticle",
    "Label",
    "Link",
    "Listed",
    "Match",
    "Mention",
    "Message",
    "NotModified",
    "Outcome",
    "Page",
    "Pending",
    "Place",
    "Reading",
    "Reason",
    "Recheck",
    "Relation",
    "RelationKind",
    "Shared",
    "SystemClock",
    "Validators",
    "strongest",
]
