"""Which paragraph of the newer state is which of the older one, though it was edited, moved, split or joined."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel, LCSseq

from scraper.revise.words import Passage

# --- thresholds and their reasons --------------------------------------------------------------------------
ALIKE = 0.5
"""Similarity (twice the shared words over all words, order kept) of two states of one paragraph. Unrelated Vietnamese
paragraphs reach 0.3, an edit that rewrites half of one leaves 0.5."""
IN_PLACE = 0.4
"""The same where each stands alone between the same neighbours."""
HELD = 0.8
"""Share of a paragraph's words that stand in another when one was split or two were joined."""
MIN_HELD = 6
"""Words from which that share says anything."""
GAIN = 0.6
"""Share of a piece's words that must be found in what its neighbour leaves of the other state."""
MAX_COMPARED = 10_000
"""Pairs of paragraphs that are compared, 5 us each; a longer text is compared near the diagonal."""


@dataclass(slots=True)
class Alignment:
    """How two texts' paragraphs belong together.

    Attributes:
        before: The older paragraphs; what the newer text splits stands joined.
        after: The newer ones, likewise.
        pairs: Indices of states of one paragraph, in the order of the newer text.
        removed: Indices of older paragraphs without a newer state.
        added: Indices of newer paragraphs without an older state.
        moved: Indices of newer paragraphs that stand elsewhere than they stood.
    """

    before: list[Passage]
    after: list[Passage]
    pairs: list[tuple[int, int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)


def align(before: Sequence[Passage], after: Sequence[Passage]) -> Alignment:
    """Match two states' paragraphs: equal ones first, then like ones, then pieces of split or joined ones."""
    new_of = _equal(before, after)
    new_of |= _alike(before, after, new_of)
    new_of |= _in_place(before, after, new_of)
    result = _rejoined(before, after, new_of)
    result.moved = _out_of_order(result.pairs)
    return result


def _equal(before: Sequence[Passage], after: Sequence[Passage]) -> dict[int, int]:
    """Older to newer index of paragraphs that are word for word the same."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, passage in reversed(list(enumerate(after))):
        places[passage.key].append(at)
    return {at: places[passage.key].pop() for at, passage in enumerate(before) if places.get(passage.key)}


def _alike(before: Sequence[Passage], after: Sequence[Passage], known: dict[int, int]) -> dict[int, int]:
    """The most similar pairs among the others."""
    taken = set(known.values())
    old = [at for at in range(len(before)) if at not in known]
    new = [at for at in range(len(after)) if at not in taken]
    found: list[tuple[float, int, int, int]] = []
    for i, j in _compared(old, new):
        score = _likeness(before[i], after[j])
        if score:
            found.append((-score, abs(i - j), i, j))
    result: dict[int, int] = {}
    for _, _, i, j in sorted(found):
        if i not in result and j not in taken:
            result[i] = j
            taken.add(j)
    return result


def _compared(old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
    if not old or not new:
        return
    reach = len(new) if len(old) * len(new) <= MAX_COMPARED else max(MAX_COMPARED // (2 * len(old)), 1)
    for rank, i in enumerate(old):
        middle = rank * len(new) // len(old)
        yield from ((i, j) for j in new[max(middle - reach, 0) : middle + reach + 1])


def _likeness(old: Passage, new: Passage) -> float:
    """How much two paragraphs look like states of one, 0 when they do not."""
    shorter, longer = sorted((len(old.coded), len(new.coded)))
    if not shorter:
        return 0.0
    similar = Indel.normalized_similarity(old.coded, new.coded, score_cutoff=ALIKE) if 3 * shorter >= longer else 0.0
    if similar >= ALIKE or shorter < MIN_HELD:
        return similar
    return ALIKE if LCSseq.similarity(old.coded, new.coded) >= HELD * shorter else 0.0


def _in_place(before: Sequence[Passage], after: Sequence[Passage], known: dict[int, int]) -> dict[int, int]:
    """Paragraphs left over, each alone between two that are matched with each other's neighbours."""
    taken = set(known.values())
    result: dict[int, int] = {}
    for i in range(len(before)):
        j = known[i - 1] + 1 if i - 1 in known else 0 if i == 0 else -1
        if i in known or j < 0 or j in taken or j >= len(after):
            continue
        follows = known.get(i + 1, -1) == j + 1 or (i + 1 == len(before) and j + 1 == len(after))
        if follows and Indel.normalized_similarity(before[i].coded, after[j].coded) >= IN_PLACE:
            result[i] = j
    return result


def _rejoined(before: Sequence[Passage], after: Sequence[Passage], new_of: dict[int, int]) -> Alignment:
    """The alignment, with pieces of a paragraph that was split, on either side, put together again."""
    old_of = {new: old for old, new in new_of.items()}
    new_groups = _groups(after, before, old_of)
    old_groups = _groups(before, after, new_of)
    result = Alignment(
        [_joined(before, group) for group in old_groups], [_joined(after, group) for group in new_groups]
    )
    old_at = {at: number for number, group in enumerate(old_groups) for at in group}
    matched: set[int] = set()
    for number, group in enumerate(new_groups):
        old = next((old_at[old_of[at]] for at in group if at in old_of and old_at[old_of[at]] not in matched), None)
        if old is None:
            result.added.append(number)
        else:
            matched.add(old)
            result.pairs.append((old, number))
    result.removed = [number for number in range(len(old_groups)) if number not in matched]
    return result


def _groups(pieces: Sequence[Passage], others: Sequence[Passage], other_of: dict[int, int]) -> list[list[int]]:
    """Indices of the pieces, those together that are parts of one paragraph of the other state."""
    groups: list[list[int]] = []
    whole = -1
    for at, piece in enumerate(pieces):
        partner = other_of.get(at, -1)
        if groups and partner < 0 <= whole and _completes(pieces, groups[-1], [at], piece, others[whole]):
            groups[-1].append(at)
        elif groups and whole < 0 <= partner and _completes(pieces, [at], groups[-1], None, others[partner]):
            groups[-1].append(at)
            whole = partner
        else:
            groups.append([at])
            whole = partner
    return groups


def _completes(
    pieces: Sequence[Passage], held: list[int], more: list[int], piece: Passage | None, whole: Passage
) -> bool:
    """Whether some pieces stand in what others leave of a whole."""
    order = sorted([*held, *more])
    size = len(piece.coded) if piece else sum(len(pieces[at].coded) for at in more)
    alone = LCSseq.similarity("".join(pieces[at].coded for at in held), whole.coded)
    together = LCSseq.similarity("".join(pieces[at].coded for at in order), whole.coded)
    return size > 0 and together - alone >= GAIN * size


def _joined(passages: Sequence[Passage], group: Sequence[int]) -> Passage:
    if len(group) == 1:
        return passages[group[0]]
    return Passage.joined([passages[at] for at in group])


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Newer indices outside a longest run of pairs that keeps the older order."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for at, (old, _) in enumerate(pairs):
        place = bisect_left(ends, old)
        before.append(tails[place - 1] if place else -1)
        ends[place : place + 1], tails[place : place + 1] = [old], [at]
    kept: set[int] = set()
    at = tails[-1] if tails else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return {new for at, (_, new) in enumerate(pairs) if at not in kept}
