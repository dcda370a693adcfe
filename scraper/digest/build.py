"""What a digest holds, and how a day's stories are grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper import store
from scraper.places import PRESENT
from scraper.store import Database, archive
from scraper.store.answers import Edited, Filter, Item, Removed, Trouble
from scraper.values import POLICY, Mention

MOST = 400
"""Stories of a day that are looked at, the most probable first; sixteen outlets bring about a hundred."""

SHOWN = 12
"""Stories of one group, and edits and removals, that are told; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Stories about one document or of one province, the most probable first.

    Attributes:
        title: The document's number or name, the province's name; ``""`` for the rest.
        more: How many stories are not told.
    """

    kind: Literal["document", "province", "rest"]
    title: str
    stories: tuple[Item, ...]
    more: int

    @property
    def total(self) -> int:
        """All stories of the group."""
        return len(self.stories) + self.more


@dataclass(frozen=True, slots=True)
class Digest:
    """A time's policy news; ``since`` and ``until`` are aware UTC. Every story stands in one group."""

    since: datetime
    until: datetime
    total: int
    groups: tuple[Group, ...]
    edits: tuple[Edited, ...]
    more_edits: int
    removals: tuple[Removed, ...]
    more_removals: int
    trouble: tuple[Trouble, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.groups or self.edits or self.removals or self.trouble)


def compile_digest(db: Database, since: datetime, until: datetime) -> Digest:
    """The policy stories that came out from one moment until before another, and what else happened then.

    Args:
        db: The archive.
        since: Aware UTC.
        until: Aware UTC.
    """
    stories = archive.top(db, Filter(labels=POLICY, since=since, until=until), limit=MOST)
    policy = Filter(labels=POLICY)
    edits, removals = _latest(archive.edited(db, since, until, policy)), archive.removed(db, since, until, policy)
    return Digest(
        since,
        until,
        len(stories),
        tuple(_groups(db, stories)),
        tuple(edits[:SHOWN]),
        len(edits[SHOWN:]),
        tuple(removals[:SHOWN]),
        len(removals[SHOWN:]),
        tuple(archive.trouble(db)),
    )


def _latest(edits: Sequence[Edited]) -> list[Edited]:
    """Of each story the latest edit."""
    first = {edit.article_id: edit for edit in reversed(edits)}
    return sorted(first.values(), key=lambda edit: edit.at, reverse=True)


def _groups(db: Database, stories: Sequence[Item]) -> Iterator[Group]:
    """By document where several name one, else by province, else together; the largest groups of a kind first."""
    ids = [story.id for story in stories]
    documents, places = (store.mentions_of(db, ids, kind) for kind in ("document", "place"))
    left = {story.id: story for story in stories}
    for key in _shared(documents):
        naming = [number for number in left if key in {mention.key for mention in documents[number]}]
        if len(naming) > 1:
            yield _group("document", key, [left.pop(number) for number in naming])
    by_province: dict[str, list[Item]] = {}
    for number in [number for number in left if places.get(number)]:
        chief = max(places[number], key=lambda mention: mention.count)
        by_province.setdefault(PRESENT[chief.key], []).append(left.pop(number))
    for name, found in sorted(by_province.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield _group("province", name, found)
    if left:
        yield _group("rest", "", list(left.values()))


def _shared(named: Mapping[int, Sequence[Mention]]) -> list[str]:
    """Documents that at least two stories name, those of most stories first."""
    counted = Counter(key for mentions in named.values() for key in {mention.key for mention in mentions})
    return [key for key, number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])) if number > 1]


def _group(kind: Literal["document", "province", "rest"], title: str, stories: list[Item]) -> Group:
    return Group(kind, title, tuple(stories[:SHOWN]), len(stories[SHOWN:]))
