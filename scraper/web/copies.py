"""A story's articles held against the one that stands for it; the story's page and the command line show the same."""

from __future__ import annotations

from dataclasses import dataclass

from scraper import revise
from scraper.store import Database, archive
from scraper.store.answers import Sighting, Story

COPIES = 30
"""Copies that are compared with a story; a wire story has about twenty."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of a story, and how the copy of the two differs from the story."""

    sighting: Sighting
    found: revise.Differences


def compared(db: Database, story: Story) -> list[Copy]:
    """The story's other articles, earliest first; of a copy, the article that stands for its story."""
    if story.original is not None:
        original = archive.story(db, story.original.id)
        return [_held(original, story, story.original)] if original is not None else []
    found = ((archive.story(db, one.id), one) for one in story.sightings[:COPIES])
    return [_held(story, copy, one) for copy, one in found if copy is not None]


def _held(original: Story, copy: Story, sighting: Sighting) -> Copy:
    return Copy(sighting, revise.differences(original.as_data(), copy.as_data()))
