"""How alike two texts are, and whether that makes one a copy of the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from scraper.dedupe import thresholds as limit
from scraper.dedupe.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shares of two texts that stand in both, each 0 to 1.

    Attributes:
        contained: Of the shorter text's shingles.
        shared: Of the longer text's.
        jaccard: Of the shingles of either.
        opening: Of the opening of either text that stands anywhere in the other, the lower of the two.
        figures: Of the runs of words alike but for digits, those alike with them; 1 when there are too few to say.
            Both are 0 for texts that share too little to be copies.
    """

    contained: float
    shared: float
    jaccard: float
    opening: float
    figures: float

    @property
    def score(self) -> float:
        """One figure to choose the best match by: high when much of both is shared."""
        return self.contained * self.shared


def likeness(one: Sketch, other: Sketch) -> Likeness:
    """Compare two texts."""
    both = len(one.distinct & other.distinct)
    sizes = sorted((len(one.distinct), len(other.distinct)))
    contained, shared = both / max(sizes[0], 1), both / max(sizes[1], 1)
    jaccard = both / max(sum(sizes) - both, 1)
    if contained < limit.CONTAINED or shared < limit.SHARED:
        return Likeness(contained, shared, jaccard, 0.0, 0.0)
    opening = min(_opening(one, other), _opening(other, one))
    return Likeness(contained, shared, jaccard, opening, _figures(one, other))


def _opening(one: Sketch, other: Sketch) -> float:
    first = one.shingles[: limit.OPENING - limit.SHINGLE + 1]
    return sum(shingle in other.distinct for shingle in first) / len(first)


def _figures(one: Sketch, other: Sketch) -> float:
    ours, theirs = one.figures, other.figures
    alike = ours.keys() & theirs.keys()
    if len(alike) < limit.MIN_FIGURES:
        return 1.0
    return sum(not ours[masked].isdisjoint(theirs[masked]) for masked in alike) / len(alike)


def is_copy(found: Likeness, *, same_outlet: bool = False, gap: timedelta = timedelta()) -> bool:
    """Whether two texts this alike are one story.

    Args:
        found: How alike they are.
        same_outlet: Whether one outlet published both.
        gap: How far apart they were published.
    """
    if same_outlet or gap > limit.STALE:
        return found.jaccard >= limit.IDENTICAL and found.figures >= limit.IDENTICAL_FIGURES
    late = gap > limit.LATE
    if found.contained < (limit.LATE_CONTAINED if late else limit.CONTAINED):
        return False
    if found.shared < limit.SHARED or found.figures < limit.FIGURES_AGREE:
        return False
    nearly_all = found.contained >= limit.NEARLY_ALL[0] and found.shared >= limit.NEARLY_ALL[1]
    return nearly_all or found.opening >= (limit.LATE_OPENING if late else limit.OPENING_COVERED)


def new_syllables(text: Sketch, known: Iterable[Sketch]) -> int:
    """How many syllables of a text stand in no shingle that one of the others has."""
    held = frozenset[int]().union(*(other.distinct for other in known))
    covered = 0  # the first position that no shared shingle has reached yet
    new = 0
    for at, shingle in enumerate(text.shingles):
        if shingle in held:
            new += max(at - covered, 0)
            covered = at + limit.SHINGLE
    return new + max(len(text.syllables) - covered, 0)


def adds_facts(text: Sketch, known: Iterable[Sketch]) -> bool:
    """Whether a copy has so much of its own that readers of the story want to know."""
    new = new_syllables(text, known)
    return new >= limit.ADDS_SYLLABLES or new >= limit.ADDS_SHARE * len(text.syllables)
