"""What readers ask of the archive: the newest stories, one story with its history, sources, alerts, figures.

Every function opens its own short read session and returns frozen values; none changes anything. A list never
loads bodies, and no list costs one query per row.
"""

from scraper.store.answers import (
    EVERYTHING,
    Alert,
    Cursor,
    Edited,
    Fetch,
    Filter,
    FullItem,
    Happening,
    Item,
    Judged,
    KeptPage,
    Past,
    Related,
    Revision,
    Sighting,
    Snapshot,
    SourceState,
    Stats,
    Story,
)
from scraper.store.archive.bulk import Extent, items, numbers, pages, pages_extent, pasts
from scraper.store.archive.history import find, revision, story
from scraper.store.archive.lists import best, count, newest, search, walk
from scraper.store.archive.overview import alerts, sources, stats
from scraper.store.archive.wanted import terms

__all__ = [
    "EVERYTHING",
    "Alert",
    "Cursor",
    "Edited",
    "Extent",
    "Fetch",
    "Filter",
    "FullItem",
    "Happening",
    "Item",
    "Judged",
    "KeptPage",
    "Past",
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
    "items",
    "newest",
    "numbers",
    "pages",
    "pages_extent",
    "pasts",
    "revision",
    "search",
    "sources",
    "stats",
    "story",
    "terms",
    "walk",
]
