"""How values are put for readers: times, reasons, edits, links. Pure; the templates call these as filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from scraper import revise
from scraper.store.answers import Revision, Story
from scraper.values import Reason, strongest

MAX_LABEL = 200
"""Characters of a scraped title or cause that a list shows; the story page shows it whole."""

MAX_REASONS = 4
"""Matched words on a story's one line of why."""

MAX_PASSAGES = 500
"""Runs of equal and of edited paragraphs that an edit shows; a text that is taken apart further is shown as one."""

_FIELD_WORDS = {"title": "headline"}


@dataclass(frozen=True, slots=True)
class Passage:
    """Some paragraphs of an edited field: ``skipped`` of them unchanged, or the word diff of the rest."""

    skipped: int = 0
    parts: tuple[revise.Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision, and what it changed in each field."""

    revision: Revision
    fields: Mapping[str, tuple[Passage, ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a story's time line.

    Attributes:
        kind: ``first seen``, ``revision``, ``copy``, or what a happening is called.
        number: The revision's or the copy's.
        source: The copy's.
        match: What kind of copy it is.
    """

    at: datetime
    kind: str
    note: str = ""
    number: int = 0
    source: str = ""
    match: str = ""
    edits: tuple[Mapping[str, str], ...] = ()

    @property
    def what(self) -> str:
        """In English."""
        if self.kind == "copy":
            return f"copy {self.number} at {self.source} ({self.match})"
        return f"revision {self.number}" if self.kind == "revision" else self.kind


def timeline(story: Story, copies: Mapping[int, str]) -> list[Moment]:
    """What befell a story, earliest first: states, absences, copies.

    Args:
        story: The article with its history.
        copies: By a copy's number, how it differs; of one that is not compared its title is told.
    """
    found = [Moment(story.seen_at, "first seen")]
    found += [
        Moment(
            state.seen_at,
            "revision",
            state.summary or ", ".join(state.changed),
            number=state.number,
            edits=state.edits,
        )
        for state in story.history
        if state.number > 1
    ]
    found += [Moment(each.at, each.kind, each.note) for each in story.happenings]
    found += [
        Moment(copy.at, "copy", copies.get(copy.id, copy.title), number=copy.id, source=copy.source, match=copy.kind)
        for copy in story.sightings
    ]
    return sorted(found, key=lambda moment: moment.at)


def why(reasons: Sequence[Reason]) -> list[tuple[str, list[str]]]:
    """The strongest reasons as the article words them, each word once, by where they stand."""
    first: dict[str, str] = {}
    for reason in strongest(reasons):
        first.setdefault(short(reason.matched, 60), where(reason.field))
    result: dict[str, list[str]] = {}
    for words, field in list(first.items())[:MAX_REASONS]:
        result.setdefault(field, []).append(words)
    return list(result.items())


def where(field: str) -> str:
    """A field's name as readers call it."""
    return _FIELD_WORDS.get(field, field)


def short(text: str, length: int = MAX_LABEL) -> str:
    """The text, cut with an ellipsis when it is longer than a list bears."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


def edits(story: Story, most: int) -> list[Edit]:
    """What each revision after the first changed, newest first, so many at most."""
    pairs = list(pairwise(story.history))[-most:]
    return [Edit(after, changes(before, after)) for before, after in reversed(pairs)]


def changes(before: Revision, after: Revision) -> dict[str, tuple[Passage, ...]]:
    """How each field became another."""
    states = {field: (before.data.get(field, ""), after.data.get(field, "")) for field in revise.SUBSTANCE}
    return {field: tuple(passages(old, new)) for field, (old, new) in states.items() if old != new}


def passages(old: str, new: str) -> Iterator[Passage]:
    """How one text became another, in order.

    Paragraphs are matched first, then words within those that differ: shorter to read, and to compute.
    """
    before, after = old.split("\n\n"), new.split("\n\n")
    blocks = revise.opcodes(before, after)
    if len(blocks) > MAX_PASSAGES:
        yield _compared(old, new)
        return
    for same, i, j, k, m in blocks:
        if same:
            yield Passage(skipped=j - i)
        elif j - i == m - k:
            yield from (_compared(a, b) for a, b in zip(before[i:j], after[k:m], strict=True))
        else:
            yield _compared("\n\n".join(before[i:j]), "\n\n".join(after[k:m]))


def _compared(old: str, new: str) -> Passage:
    return Passage(parts=tuple(revise.word_diff(old, new)))
