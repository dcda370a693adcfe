"""What readers ask of the archive: the newest stories, one story with its history, sources, alerts, figures.

Every function opens its own short read session and returns frozen values; none changes anything. A list never
loads bodies, and no list costs one query per row.
"""

from scraper.store.answers import (
    EVERYTHING,
    Alert,
    Cursor,
    EditNote,
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
from scraper.store.archive import tallies
from scraper.store.archive.bulk import Extent, numbers, pages, pages_extent, pasts
from scraper.store.archive.days import edited, removed
from scraper.store.archive.history import articles, find, revision, story
from scraper.store.archive.lists import best, changed, count, newest, search, top, walk
from scraper.store.archive.overview import alert_counts, alerts, poll_times, queues, sources, stats, trace, trouble
from scraper.store.archive.service import service
from scraper.store.archive.words import terms

__all__ = [
    "EVERYTHING",
    "Alert",
    "Cursor",
    "EditNote",
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
    "alert_counts",
    "alerts",
    "articles",
    "best",
    "changed",
    "count",
    "edited",
    "find",
    "newest",
    "numbers",
    "pages",
    "pages_extent",
    "pasts",
    "poll_times",
    "queues",
    "removed",
    "revision",
    "search",
    "service",
    "sources",
    "stats",
    "story",
    "tallies",
    "terms",
    "top",
    "trace",
    "trouble",
    "walk",
]
