"""Articles as rows of JSON types, for JSON Lines and CSV.

:data:`KEYS` is the one place that says what a row holds; keys are added, never renamed or taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scraper.export.stories import Progress, Story, stories
from scraper.store.archive import EVERYTHING, EditNote, Filter
from scraper.store.database import Database
from scraper.values import Reason

Row = dict[str, Any]

KEYS = {
    "id": "number within this archive",
    "key": "names the article within its outlet, as <source>:<post id or address>",
    "source": "the source's name in the configuration",
    "url": "address it was fetched from",
    "canonical_url": "address the page gives as its own",
    "title": "headline",
    "lead": "standfirst",
    "text": "paragraphs, joined by a blank line",
    "authors": "people, as signed",
    "agency": "agency credited",
    "section": "section's label as printed",
    "place": "place line",
    "language": "ISO 639-1 code",
    "tags": "topic labels",
    "images": "objects with url and caption",
    "published_at": "as the page says; ISO 8601 in UTC, like all times, null when unknown",
    "modified_at": "last edit the page admits to",
    "seen_at": "first fetched",
    "checked_at": "last looked at",
    "changed_at": "last edit seen here",
    "gone_since": "first found removed",
    "state": "live or removed",
    "revisions": "states kept; 1 means never edited",
    "label": "implementation, issuance, oversight or none",
    "score": "probability of implementation, 0 to 1",
    "points": "sum of the reasons' weights",
    "reasons": "objects with rule, field, matched and weight",
    "copy_of": "id of the story this is a copy of, else null",
    "copies": "number of copies of this story",
    "problems": "what is missing or doubtful, one sentence each",
    "documents": "documents named, by canonical number or name",
    "provinces": "provinces named, by their names of today",
    "edits": "objects with number, seen_at, kind, changed and summary, one for each state after the first",
}

_BESIDE = {"documents", "provinces", "edits"}


def rows(db: Database, wanted: Filter = EVERYTHING, *, progress: Progress | None = None) -> Iterator[Row]:
    """Every wanted article as JSON types under :data:`KEYS`, in the order stored.

    Args:
        db: The archive; it may be written to meanwhile.
        wanted: Which articles.
        progress: Called after each batch with how many are done and how many there were at the start.
    """
    return (_row(story) for story in stories(db, wanted, progress))


def _row(story: Story) -> Row:
    own = {name: _json_value(getattr(story.item, name)) for name in KEYS if name not in _BESIDE}
    beside = {"documents": story.documents, "provinces": story.provinces, "edits": _json_value(story.past.edits)}
    return own | beside


def _json_value(value: Any) -> Any:  # noqa: ANN401 - any field of an article
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_json_value(part) for part in value]
    if isinstance(value, Reason | EditNote):
        return {name: _json_value(part) for name, part in asdict(value).items()}
    return value
