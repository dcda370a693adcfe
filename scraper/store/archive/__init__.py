"""What readers ask of the archive: the newest stories, one story with its history, sources, alerts, figures.

Every function opens its own short read session and returns frozen values; none changes anything. A list never
loads bodies, and no list costs one query per row.
"""

from scraper.store.answers import (
    EVERYTHING,
    Alert,
    Cursor,
    Fetch,
    Filter,
    FullItem,
    Happening,
    Item,
    Judged,
    Related,
    Revision,
    Sighting,
    Snapshot,
    SourceState,
    Stats,
    Story,
)
from scraper.store.archive.history import find, revision, story
from scraper.store.archive.lists import best, count, newest, search, walk
from scraper.store.archive.overview import alerts, sources, stats
from scraper.store.archive.wanted import terms

__all__ = [
    "EVERYTHING",
    "Alert",
    "Cursor",
    "Fetch",
    "Filter",
    "FullItem",
    "Happening",
    "Item",
    "Judged",
    "Related",
    "Revision",
    "Sighting",
    "Snapshot",
    "SourceState",
    "Stats",
    "Story",
    "alerts",
    "best",
    "count",
    "find",
    "newest",
    "revision",
    "search",
    "sources",
    "stats",
    "story",
    "terms",
    "walk",
]
