"""How values are put for readers: times, reasons, edits, links. Pure; the templates call these as filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from scraper import revise, urls
from scraper.store.answers import Revision, Story
from scraper.values import Reason

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

MAX_LABEL = 200
"""Characters of a scraped title or cause that a list shows; the story page shows it whole."""

MAX_REASONS = 4
"""Matched words on a story's one line of why."""

MAX_EDITS = 20
"""Edits a story page compares: a page that changes with every look must not cost seconds to show."""

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
    """One line of a story's time line."""

    at: datetime
    what: str
    note: str = ""


def timeline(story: Story, copies: Mapping[int, str]) -> list[Moment]:
    """What befell a story, earliest first: states, absences, copies.

    Args:
        story: The article with its history.
        copies: By a copy's number, how it differs; of one that is not compared its title is told.
    """
    found = [Moment(story.seen_at, "first seen")]
    found += [
        Moment(state.seen_at, f"revision {state.number}", state.summary or ", ".join(state.changed))
        for state in story.history
        if state.number > 1
    ]
    found += [Moment(each.at, each.kind, each.note) for each in story.happenings]
    found += [
        Moment(copy.at, f"copy {copy.id} at {copy.source} ({copy.kind})", copies.get(copy.id, copy.title))
        for copy in story.sightings
    ]
    return sorted(found, key=lambda moment: moment.at)


def bars(months: Mapping[str, int]) -> list[tuple[str, int, float]]:
    """Months with their count and their share of the highest, for a row of bars."""
    most = max(months.values(), default=1)
    return [(month, count, count / most) for month, count in months.items()]


def local(moment: datetime | None) -> str:
    """A moment as day, month, year and time in Vietnam; a dash when there is none."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "–"


def brief(moment: datetime | None) -> str:
    """A moment of these days as day, month and time in Vietnam; a dash when there is none."""
    return moment.astimezone(VIETNAM).strftime("%d/%m %H:%M") if moment else "–"


def why(reasons: Sequence[Reason]) -> list[tuple[str, list[str]]]:
    """The strongest reasons as the article words them, each word once, by where they stand."""
    strongest = sorted((r for r in reasons if r.weight > 0 and r.matched), key=lambda reason: -reason.weight)
    first: dict[str, str] = {}
    for reason in strongest:
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


def safe_url(url: str) -> str:
    """The address when it is one to link to, else ``""``: no script, no user name, http or https only."""
    return url if urls.refusal(url) is None else ""


def edits(story: Story) -> list[Edit]:
    """What each revision after the first changed, newest first, :data:`MAX_EDITS` at most."""
    pairs = list(pairwise(story.history))[-MAX_EDITS:]
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
