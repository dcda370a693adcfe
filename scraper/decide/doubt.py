"""Changes that wait for another look before they count as edits.

A headline test, two servers that disagree, and a new page layout all look like edits at first sight. What is kept while
a change waits is the state before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from scraper import dedupe
from scraper.models import ArticleData
from scraper.schedule import CONFIRM
from scraper.values import Change, Doubt, DoubtReason, Known, KnownArticle

LITTLE_LEFT = 1 / 3
"""Share of the shorter of two states' shingles that must stand in the other: desks rewrite stories, but a body of
which less is left was more likely read from another part of the page."""

ALL_THERE = 0.7
"""Share of a stored text's shingles that a new layout must show for its reading to replace the one before."""

MOST_FLAPS = 3
"""Looks that an article which flaps may need beyond the usual: it must be able to change for good."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change after all is said: as it is to be taken, what waits, and whether what had waited proved nothing."""

    change: Change
    doubt: Doubt | None = None
    flapped: bool = False


def weigh(change: Change, data: ArticleData, content_hash: str, known: Known, reader: str, now: datetime) -> Weighed:
    """Take a change at once, or let it wait until enough fetches in a row agree on it.

    Args:
        change: What :func:`scraper.revise.compare` said.
        data: The state that was fetched.
        content_hash: Its hash.
        known: What the archive holds of it.
        reader: The parser and rules that read it; what others read differently is no edit.
        now: The present moment, aware UTC.
    """
    same = known.same
    if same is None:
        return Weighed(change)
    if same.reader != reader:
        return Weighed(Change("reread", change.fields))
    reason = _reason(change, data, content_hash, same)
    waited = same.doubt
    flapped = waited is not None and waited.reason != "broken" and content_hash != waited.content_hash
    if reason is None:
        return Weighed(change, flapped=flapped)
    doubt = Doubt(content_hash, reason, 1, now)
    if waited is not None and waited.content_hash == content_hash:
        doubt = replace(doubt, looks=waited.looks + 1, since=waited.since)
    if not _settled(doubt, same.flaps, now):
        return Weighed(Change("held", change.fields, change.edits), doubt, flapped)
    if reason != "broken" or not (known.layout_changed or known.failing):
        return Weighed(Change("substantive", change.fields, change.edits))
    if known.layout_changed and _is_all_there(same.data, data):
        return Weighed(Change("reread", change.fields))
    return Weighed(Change("held", change.fields, change.edits), doubt)


def _reason(change: Change, data: ArticleData, content_hash: str, same: KnownArticle) -> DoubtReason | None:
    if change.kind == "collapsed":
        return "broken"
    if change.kind != "substantive" or same.data is None:
        return None
    if content_hash in same.earlier:
        return "back again"
    if any(edit.field == "text" for edit in change.edits) and _read_elsewhere(same.data, data):
        return "broken"
    return "headline" if {edit.kind for edit in change.edits} == {"headline"} else None


def _read_elsewhere(before: ArticleData, data: ArticleData) -> bool:
    if any(before.provenance.get(name) != data.provenance.get(name) for name in ("text", "box")):
        return True
    old, new = dedupe.sketch(before.text), dedupe.sketch(data.text)
    return bool(old.text_hash and new.text_hash) and dedupe.likeness(old, new).contained < LITTLE_LEFT


def _is_all_there(before: ArticleData | None, data: ArticleData) -> bool:
    """Whether a new layout shows the story that is stored: what it shows instead must not take its place."""
    old, new = dedupe.sketch(before.text if before else ""), dedupe.sketch(data.text)
    return len(old.distinct & new.distinct) >= ALL_THERE * len(old.distinct) > 0


def _settled(doubt: Doubt, flaps: int, now: datetime) -> bool:
    looks, apart = CONFIRM[doubt.reason]
    needed = looks + (0 if doubt.reason == "broken" else min(flaps, MOST_FLAPS))
    return doubt.looks >= needed and now - doubt.since >= apart * (looks - 1)
