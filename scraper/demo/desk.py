"""What desks do to a story: take it over from another paper, or correct it after publication."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from scraper.demo.stories import Story

MIN_PARAGRAPHS = 5
"""Nothing is cut from a body this short: what is left would be a brief, not a copy."""

ADDS_FACTS = "adds facts"
"""The kind of copy that is told although its story was."""

_REWORDED = {
    "cho biết": "cho hay",
    "người dân": "bà con nhân dân",
    "hiện nay": "lúc này",
    "bắt đầu": "khởi sự",
    "trong khi": "còn",
    "nhiều": "không ít",
    "khẳng định": "nhấn mạnh",
    "đề nghị": "kiến nghị",
    "giúp": "tạo điều kiện để",
}
_FIGURE = re.compile(r"(?<![\d.,/])([1-9]\d?)(?![\d.,/]| *(?:giờ|phút))")
"""A small whole number that is no part of a date, a decimal, a document number or a time of day."""


# --- taking a story over -----------------------------------------------------------------------------------


def _exact(story: Story, _rng: Random) -> Story:
    return story


def _trimmed(story: Story, rng: Random) -> Story:
    cut = min(rng.randint(1, 2), max(0, len(story.paragraphs) - MIN_PARAGRAPHS))
    return replace(story, paragraphs=story.paragraphs[: len(story.paragraphs) - cut])


def _retitled(story: Story, _rng: Random) -> Story:
    return replace(story, title=story.other_title)


def _new_lead(story: Story, _rng: Random) -> Story:
    return replace(story, title=story.other_title, lead=story.other_lead)


def _dateline(story: Story, _rng: Random) -> Story:
    first, *rest = story.paragraphs
    return replace(story, paragraphs=(f"{story.place} - {first}", *rest))


def _desk_edit(story: Story, rng: Random) -> Story:
    """Other words here and there, and one paragraph fewer where there are enough."""
    paragraphs = [_reword(paragraph) for paragraph in story.paragraphs]
    if len(paragraphs) > MIN_PARAGRAPHS:
        del paragraphs[rng.randrange(2, len(paragraphs))]
    return replace(story, paragraphs=tuple(paragraphs))


def _reword(paragraph: str) -> str:
    for old, new in _REWORDED.items():
        paragraph = re.sub(rf"\b{old}\b", new, paragraph, count=1)
    return paragraph


def _own_reporting(story: Story, _rng: Random) -> Story:
    """The story with what the paper found out for itself, under its own headline."""
    return replace(story, title=story.other_title, paragraphs=(*story.paragraphs, *story.own_reporting))


COPY_KINDS: dict[str, Callable[[Story, Random], Story]] = {
    "exact": _exact,
    "trimmed": _trimmed,
    "retitled": _retitled,
    "new lead": _new_lead,
    "dateline": _dateline,
    "desk edit": _desk_edit,
    ADDS_FACTS: _own_reporting,
}
"""How a story reads at the outlet that took it over."""


# --- correcting it -----------------------------------------------------------------------------------------


def _figure(story: Story, rng: Random) -> Story:
    """Another number in the first paragraph that has one which may change."""
    for place, paragraph in enumerate(story.paragraphs):
        changed = _FIGURE.sub(lambda found: str(int(found[1]) + rng.randint(1, 9)), paragraph, count=1)
        if changed != paragraph:
            return replace(story, paragraphs=(*story.paragraphs[:place], changed, *story.paragraphs[place + 1 :]))
    return story


def _added(story: Story, _rng: Random) -> Story:
    kept = tuple(paragraph for paragraph in story.paragraphs if paragraph != story.update)
    return replace(story, paragraphs=(*kept, story.update))


def _removed(story: Story, rng: Random) -> Story:
    if len(story.paragraphs) <= MIN_PARAGRAPHS:
        return story
    cut = rng.randrange(1, len(story.paragraphs))
    return replace(story, paragraphs=story.paragraphs[:cut] + story.paragraphs[cut + 1 :])


_CORRECTIONS: dict[str, Callable[[Story, Random], Story]] = {
    "headline": _retitled,
    "figure": _figure,
    "lead": lambda story, _rng: replace(story, lead=story.other_lead),
    "paragraph added": _added,
    "paragraph removed": _removed,
}


def corrected(story: Story, rng: Random) -> tuple[str, Story]:
    """A correction of the story and what kind it is; always one that changes something."""
    kinds = rng.sample(list(_CORRECTIONS), len(_CORRECTIONS))
    attempts = ((kind, _CORRECTIONS[kind](story, rng)) for kind in kinds)
    return next((kind, new) for kind, new in attempts if changed_fields(story, new))


def changed_fields(old: Story, new: Story) -> tuple[str, ...]:
    """Which of ``title``, ``lead`` and ``text`` differ."""
    pairs = {
        "title": (old.title, new.title),
        "lead": (old.lead, new.lead),
        "text": (old.paragraphs, new.paragraphs),
    }
    return tuple(name for name, (before, after) in pairs.items() if before != after)
