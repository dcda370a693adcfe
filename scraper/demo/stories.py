"""The newsroom's own stories: Vietnamese news of every kind that papers print, written by a seeded grammar.

No two originals share most of their words, except bulletins (weather, gold), whose text is one template with other
numbers, as in real papers. All text is invented; persons, communes, companies and documents do not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from scraper import text
from scraper.demo.grammar import HANOI, cast, expand, phrases
from scraper.values import Label

MOST_SHARED = 0.25
"""Share of 4-syllable shingles that an original may have in common with an earlier one; above it is rewritten.
A copy with a new lead and a cut ending still shares more than half."""

MOST_REPEATED = 0.42
"""The same for a follow-up, which repeats background from the story before."""

LONG = 8
"""From this many paragraphs on, a story gives its follow-up two paragraphs of background instead of one."""

ATTEMPTS = 30
"""How often a story is rewritten before the most distinct version is taken."""

LABELS: tuple[Label, ...] = ("implementation", "issuance", "oversight", "none")
_FILES = dict(zip(LABELS, ("implementation", "issuance", "oversight", "other"), strict=True))


@dataclass(frozen=True, slots=True)
class Story:
    """One story as written, before any outlet lays it out.

    Attributes:
        topic: The grammar's table, such as ``giam-ngheo``.
        label: What the story is, by construction.
        group: The kind of section it stands in: ``policy``, ``sport``, ``crime``, ...
        bulletin: Whether other stories of the topic differ in numbers and names alone.
        other_title: A second headline for it, for desks that write their own.
        other_lead: A second lead.
        update: A paragraph that could be added later.
        own_reporting: Paragraphs that a paper which takes the story over could add.
        slots: The cast, so that a follow-up can be about the same people and places.
    """

    topic: str
    label: Label
    group: str
    bulletin: bool
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    place: str
    author: str
    tags: tuple[str, ...]
    caption: str
    other_title: str
    other_lead: str
    update: str
    own_reporting: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]


def topics(label: Label) -> list[str]:
    """The topics that stories of a label may have."""
    return [topic for topic in phrases(_FILES[label]) if topic != "common"]


class Writer:
    """Writes stories one after another, preferring the phrases it has used least."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: Counter[str] = Counter()
        self._written: list[set[str]] = []

    def write(self, label: Label, topic: str, at: datetime) -> Story:
        """A new story of the topic, distinct from all written before."""
        return self._most_distinct(lambda: self._draft(label, topic, cast(self._rng, at)), MOST_SHARED)

    def follow_up(self, story: Story, at: datetime) -> Story:
        """A later story about the same people and places that repeats one or two paragraphs as background."""
        local = at.astimezone(HANOI)
        slots = {**dict(story.slots), "ngay": f"{local.day}/{local.month}"}
        background = story.paragraphs[1:3] if len(story.paragraphs) >= LONG else story.paragraphs[1:2]

        def draft() -> Story:
            fresh = self._draft(story.label, story.topic, slots)
            return replace(fresh, paragraphs=(*fresh.paragraphs, *background))

        return self._most_distinct(draft, MOST_REPEATED)

    def _most_distinct(self, draft: Callable[[], Story], limit: float) -> Story:
        drafts: list[tuple[float, Story]] = []
        while len(drafts) < ATTEMPTS:
            story = draft()
            drafts.append((self._shared(story), story))
            if story.bulletin or drafts[-1][0] <= limit:
                break
        chosen = min(drafts, key=lambda pair: pair[0])[1]
        self._written.append(words_of(chosen))
        return chosen

    def _draft(self, label: Label, topic: str, slots: dict[str, str]) -> Story:
        table = phrases(_FILES[label])[topic]
        names = phrases("names")
        bulletin = table.get("bulletin", False)
        titles, leads = self._two(table["titles"], slots), self._two(table["leads"], slots)
        author = self._rng.choice(names["but_danh"])
        return Story(
            topic=topic,
            label=label,
            group=table.get("section", "policy"),
            bulletin=bulletin,
            title=titles[0],
            lead=leads[0],
            paragraphs=self._bulletin(table, slots) if bulletin else self._paragraphs(label, table, slots),
            place=slots["tinh"],
            author=author,
            tags=(*table["tags"], slots["tinh"]),
            caption=f"{self._rng.choice(names['canh'])} tại {slots['xa']}. (Ảnh: {author})",
            other_title=titles[1],
            other_lead=leads[1],
            update=expand(self._rng.choice(names["cap_nhat"]), slots, self._rng),
            own_reporting=tuple(expand(template, slots, self._rng) for template in self._rng.sample(names["them"], 3)),
            slots=tuple(slots.items()),
        )

    def _two(self, templates: list[str], slots: dict[str, str]) -> list[str]:
        picked = self._pick(templates, 2) if len(templates) > 1 else templates * 2
        return [expand(template, slots, self._rng) for template in picked]

    def _bulletin(self, table: dict[str, Any], slots: dict[str, str]) -> tuple[str, ...]:
        return tuple(expand(template, slots, self._rng) for template in table["body"])

    def _paragraphs(self, label: Label, table: dict[str, Any], slots: dict[str, str]) -> tuple[str, ...]:
        common = phrases(_FILES[label]).get("common", {"body": [], "closing": []})
        opening = self._pick(table["opening"], 1) if "opening" in table else [table["body"][0]]
        own = table["body"] if "opening" in table else table["body"][1:]
        middle = self._pick(own, min(len(own), self._rng.randint(5, 7)))
        middle += self._pick(common["body"], min(len(common["body"]), self._rng.randint(4, 8)))
        self._rng.shuffle(middle)
        sentences = [expand(template, slots, self._rng) for template in (*opening, *middle)]
        closing = [expand(template, slots, self._rng) for template in self._pick(common["closing"], 1)]
        return (*self._grouped(sentences), *closing)

    def _grouped(self, sentences: list[str]) -> list[str]:
        """Paragraphs of one or two sentences, between five and eleven of them."""
        joins = min(len(sentences) - 5, self._rng.randint(len(sentences) // 4, len(sentences) // 3))
        paragraphs = list(sentences)
        for _ in range(joins):
            at = self._rng.randrange(len(paragraphs) - 1)
            paragraphs[at : at + 2] = [f"{paragraphs[at]} {paragraphs[at + 1]}"]
        return paragraphs

    def _pick(self, templates: list[str], count: int) -> list[str]:
        ranked = sorted(templates, key=lambda template: (self._used[template], self._rng.random()))
        self._used.update(ranked[:count])
        return ranked[:count]

    def _shared(self, story: Story) -> float:
        own = words_of(story)
        return max((len(own & other) / min(len(own), len(other)) for other in self._written), default=0.0)


def words_of(story: Story) -> set[str]:
    """The 4-syllable shingles of a story's body."""
    return set(text.shingles(text.syllables(" ".join(story.paragraphs))))
