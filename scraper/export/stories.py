"""Articles with what befell them and what they name, read from the archive batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scraper import store
from scraper.places import PRESENT
from scraper.store import archive
from scraper.store.archive import Filter, FullItem, Past
from scraper.store.database import Database

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it is exported.

    Attributes:
        documents: Documents named, by canonical number or name, each once.
        provinces: Provinces named, by their names of today, each once.
    """

    item: FullItem
    past: Past
    documents: list[str]
    provinces: list[str]


def stories(db: Database, wanted: Filter, progress: Progress | None = None) -> Iterator[Story]:
    """Every wanted article in the order stored; the archive may be written to meanwhile.

    Args:
        db: The archive.
        wanted: Which articles.
        progress: Called after each batch; how many there are is counted at the start.
    """
    total = archive.count(db, wanted) if progress else 0
    done = 0
    for batch in archive.walk(db, wanted):
        yield from told(db, batch)
        done += len(batch)
        if progress:
            progress(done, max(done, total))


def told(db: Database, batch: Sequence[FullItem]) -> Iterator[Story]:
    """Some articles with what belongs to them, in a few queries."""
    ids = [item.id for item in batch]
    documents, places = (store.mentions_of(db, ids, kind) for kind in ("document", "place"))
    pasts = archive.pasts(db, ids)
    for item in batch:
        named = _once(mention.key for mention in documents.get(item.id, ()))
        where = _once(PRESENT[mention.key] for mention in places.get(item.id, ()))
        yield Story(item, pasts[item.id], named, where)


def _once(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
