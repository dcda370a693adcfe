"""A story's articles held against the one that stands for it; the story's page and the command line show the same."""

from __future__ import annotations

from dataclasses import dataclass

from scraper import revise
from scraper.store import Database, archive
from scraper.store.answers import FullItem, Sighting, Story

COPIES = 30
"""Copies that are compared with a story; a wire story has about twenty."""

SHOWN = 6
"""Copies that a page compares: 2 ms each; of the others it gives the title."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of a story, and how the copy of the two differs from the story."""

    sighting: Sighting
    found: revise.Differences


def compared(db: Database, story: Story, most: int = COPIES) -> list[Copy]:
    """The story's other articles, earliest first, so many at most; of a copy, the article that stands for its story."""
    sightings = (story.original,) if story.original is not None else story.sightings[:most]
    others = {item.id: item for item in archive.articles(db, [one.id for one in sightings])}
    pairs = ((others[one.id], one) for one in sightings if one.id in others)
    if story.original is not None:
        return [_held(original, story, one) for original, one in pairs]
    return [_held(story, copy, one) for copy, one in pairs]


def _held(original: FullItem, copy: FullItem, sighting: Sighting) -> Copy:
    return Copy(sighting, revise.differences(original.as_data(), copy.as_data()))
