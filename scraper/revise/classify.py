"""What was edited within a paragraph, a lead or a headline.

Rules that a reader of the results should know: a figure's kind wins, also in a quotation; a change of other words
inside quotation marks is ``quotation``; what stands around a changed figure and changed too is ``wording`` besides.
Words that come or go together with figures, such as a whole clause, are ``wording`` alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scraper.revise import figures
from scraper.revise.diff import Block, opcodes
from scraper.revise.figures import RANKS, Figure
from scraper.revise.noise import sentences
from scraper.revise.notices import is_notice
from scraper.revise.words import Codes, Passage
from scraper.values import Edit, EditKind

SHOWN = 160
"""Letters of ``before`` and ``after``; longer words are cut to their beginning."""
GAP = " … "
"""Between reworded places of one passage."""
LONG = 4_000
"""Words of a passage that is not taken apart: a page without paragraphs, or one made to cost."""
CLAUSE = 3
"""Words around a figure on one side alone, up to which it is the figure that came or went and not a clause."""
ABSORBED = 3
"""Changed words right behind a changed name that belong to it: "Phát triển nông thôn"."""
ABOUT = 5
"""Words before a figure that say what it stands for."""
CLAUSE_ABOUT = 8
"""Words of a clause that is shown whole instead."""

_BREAK = re.compile(r"[.!?;:,“”\"()…]\s|[“”\"()]")
_WORDS = re.compile(r"\w+")
_MEASURED = re.compile(rf"(?:%|{figures.UNIT})$")
# Words between a figure and what it is of.
_FILLERS = frozenset(
    "đạt là còn lên xuống khoảng gần hơn với có ở mức tới đến trên dưới được cho của và từ thêm bằng trong về tại "  # noqa: SIM905
    "chỉ đã sẽ cùng theo số các những mỗi vào ước tính chừng này do bởi hỗ trợ khi nay như vẫn nên bị phải "
    "đang cần mới đó ra vẫn không hằng mà thì sau trước".split()
)


@dataclass(slots=True)
class _Side:
    """One state of a passage with its figures."""

    passage: Passage
    figure_of: list[int]
    """For each word the number of its figure, -1 for none."""
    figures: list[Figure]
    quotes: list[tuple[int, int]]

    @classmethod
    def of(cls, passage: Passage) -> _Side:
        found = figures.find(passage.text)
        figure_of = [-1] * len(passage.spans)
        for number, figure in enumerate(found):
            for at in _within(passage.spans, figure.start, figure.end):
                if figure_of[at] < 0:
                    figure_of[at] = number
        return cls(passage, figure_of, found, figures.quotes(passage.text))

    def crosses(self, at: int) -> bool:
        """Whether a figure holds the words on both sides of a place."""
        return 0 < at < len(self.figure_of) and self.figure_of[at - 1] == self.figure_of[at] >= 0

    def held(self, start: int, end: int) -> dict[int, list[int]]:
        """The figures in some words, in order: the number of each and its words."""
        held: dict[int, list[int]] = {}
        for at in range(start, end):
            if self.figure_of[at] >= 0:
                held.setdefault(self.figure_of[at], []).append(at)
        return held

    def loose(self, start: int, end: int) -> list[int]:
        """Words that belong to no figure."""
        return [at for at in range(start, end) if self.figure_of[at] < 0]

    def text(self, start: int, end: int) -> str:
        spans = self.passage.spans[start:end]
        return self.passage.text[spans[0][0] : spans[-1][1]] if spans else ""

    def is_quoted(self, words: Sequence[int]) -> bool:
        """Whether most of some words stand in quotation marks."""
        inside = sum(any(a <= self.passage.spans[at][0] < b for a, b in self.quotes) for at in words)
        return 2 * inside > len(words)


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[int]:
    """Words that a span of the text touches; found by halving, as a text may have thousands of either."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if spans[middle][1] <= start else (low, middle)
    while low < len(spans) and spans[low][0] < end:
        yield low
        low += 1


# --- one passage -------------------------------------------------------------------------------------------


def within(before: Passage, after: Passage, field: str, codes: Codes) -> list[Edit]:
    """The edits between two states of one passage, in the order of the text."""
    fresh = _new_notices(before, after)
    if fresh:
        rest = [sentence for sentence in sentences(after.text) if sentence not in fresh]
        after = Passage.of(" ".join(rest), codes)
    notices = [Edit("correction notice", field, after=cut(notice)) for notice in fresh]
    if before.key == after.key:
        return notices
    if max(len(before.words), len(after.words)) > LONG:
        return [Edit("wording", field, cut(before.text), cut(after.text)), *notices]
    old, new = _Side.of(before), _Side.of(after)
    edits: list[Edit] = []
    for hunk in _hunks(old, new):
        edits += _edits(old, new, hunk, field)
    return [*_merged(edits), *notices]


def _new_notices(before: Passage, after: Passage) -> list[str]:
    known = set(sentences(before.text))
    parts = sentences(after.text)
    return [part for part in parts if part not in known and is_notice(part)] if len(parts) > 1 else []


def _hunks(old: _Side, new: _Side) -> list[Block]:
    """What differs, widened to whole figures; hunks that then meet are one."""
    result: list[Block] = []
    blocks = opcodes(old.passage.words, new.passage.words)
    for number, block in enumerate(blocks):
        if block.same:
            continue
        hunk = _widened(old, new, blocks, number)
        last = result[-1] if result else None
        if last and last.end >= hunk.start and last.new_end >= hunk.new_start:
            result.pop()
            hunk = Block(False, last.start, hunk.end, last.new_start, hunk.new_end)
        result.append(hunk)
    return result


def _widened(old: _Side, new: _Side, blocks: Sequence[Block], number: int) -> Block:
    """A differing block with all words of the figures that its borders cut, as far as the equal words reach."""
    _, start, end, new_start, new_end = blocks[number]
    room = start - blocks[number - 1].start if number else 0
    while room and (old.crosses(start) or new.crosses(new_start)):
        start, new_start, room = start - 1, new_start - 1, room - 1
    room = blocks[number + 1].end - end if number + 1 < len(blocks) else 0
    while room and (old.crosses(end) or new.crosses(new_end)):
        end, new_end, room = end + 1, new_end + 1, room - 1
    return Block(False, start, end, new_start, new_end)


def _edits(old: _Side, new: _Side, hunk: Block, field: str) -> Iterator[Edit]:
    _, i, j, k, m = hunk
    old_held, new_held = old.held(i, j), new.held(k, m)
    pairs, gone, came = _paired(old, new, *_unequal(old, old_held, new, new_held))
    loose_old, loose_new = old.loose(i, j), new.loose(k, m)
    told = bool(pairs or gone or came)
    if len(loose_old) <= CLAUSE and len(loose_new) <= CLAUSE:
        lone = [_figure_edit(old, number, new, -1, field) for number in gone if not old.figures[number].weak]
        lone += [_figure_edit(old, -1, new, number, field) for number in came if not new.figures[number].weak]
        loose_old, loose_new = ([], []) if lone else (loose_old, loose_new)
        yield from lone
    for a, b in pairs:
        edit = _figure_edit(old, a, new, b, field)
        if edit.kind == "name":
            loose_old, loose_new = _absorbed(old_held[a], loose_old), _absorbed(new_held[b], loose_new)
        yield edit
    words = [old.passage.words[at] for at in loose_old], [new.passage.words[at] for at in loose_new]
    if words[0] != words[1] or not told:
        yield _wording(old, loose_old or list(range(i, j)), new, loose_new or list(range(k, m)), field)


def _unequal(
    old: _Side, old_held: Mapping[int, list[int]], new: _Side, new_held: Mapping[int, list[int]]
) -> tuple[list[int], list[int]]:
    """Numbers of the figures of either side, without those that stand in both."""
    twins: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, places in list(new_held.items())[::-1]:
        twins[tuple(new.passage.words[at] for at in places)].append(number)
    gone: list[int] = []
    met: set[int] = set()
    for number, places in old_held.items():
        same = twins.get(tuple(old.passage.words[at] for at in places))
        if same:
            met.add(same.pop())
        else:
            gone.append(number)
    return gone, [number for number in new_held if number not in met]


def _paired(
    old: _Side, new: _Side, gone: list[int], came: list[int]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Figures of one kind in their order; then, when one is left on either side, those two whatever they are."""
    pairs: list[tuple[int, int]] = []
    for kind in RANKS:
        ours = [number for number in gone if old.figures[number].kind == kind]
        theirs = [number for number in came if new.figures[number].kind == kind]
        pairs += zip(ours, theirs, strict=False)
    met_old, met_new = {a for a, _ in pairs}, {b for _, b in pairs}
    left = [number for number in gone if number not in met_old]
    right = [number for number in came if number not in met_new]
    if len(left) == len(right) == 1 and not (old.figures[left[0]].weak and new.figures[right[0]].weak):
        return [*pairs, (left[0], right[0])], [], []
    return pairs, left, right


def _figure_edit(old: _Side, gone: int, new: _Side, came: int, field: str) -> Edit:
    ours = old.figures[gone] if gone >= 0 else None
    theirs = new.figures[came] if came >= 0 else None
    kinds = [figure.kind for figure in (ours, theirs) if figure]
    kind = min(kinds, key=RANKS.index)
    before = old.passage.text[ours.start : ours.end].strip() if ours else ""
    after = new.passage.text[theirs.start : theirs.end].strip() if theirs else ""
    about = _about(new.passage.text, theirs) if theirs else _about(old.passage.text, ours) if ours else ""
    return Edit(kind, field, cut(before), cut(after), about)


def _absorbed(name: Sequence[int], loose: list[int]) -> list[int]:
    """The loose words without the few right behind a name."""
    behind = range(name[-1] + 1, name[-1] + 1 + ABSORBED)
    return [at for at in loose if at not in behind]


def _wording(old: _Side, gone: Sequence[int], new: _Side, came: Sequence[int], field: str) -> Edit:
    sides = [side.is_quoted(words) for side, words in ((old, gone), (new, came)) if words]
    kind: EditKind = "quotation" if sides and all(sides) else "wording"
    before = old.text(gone[0], gone[-1] + 1) if gone else ""
    after = new.text(came[0], came[-1] + 1) if came else ""
    return Edit(kind, field, cut(before), cut(after))


def _merged(edits: Sequence[Edit]) -> list[Edit]:
    """One edit for each run of reworded places of a passage: a reader sees one."""
    result: list[Edit] = []
    for edit in edits:
        last = result[-1] if result else None
        if last and last.kind == edit.kind and edit.kind in {"wording", "quotation"}:
            before, after = (_gapped(last.before, edit.before), _gapped(last.after, edit.after))
            result[-1] = Edit(edit.kind, edit.field, before, after)
        else:
            result.append(edit)
    return result


def _gapped(first: str, second: str) -> str:
    return cut(GAP.join(filter(None, (first, second))))


def cut(text: str, length: int = SHOWN) -> str:
    """The text, or its beginning up to a word with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1].rsplit(' ', 1)[0]}…"


# --- what a figure stands for ------------------------------------------------------------------------------


def _about(text: str, figure: Figure | None) -> str:
    """The few words before a figure in its clause, or what a bare number counts, from behind it."""
    if figure is None or figure.kind in {"document", "place"}:
        return ""
    if figure.kind == "number" and not _MEASURED.search(text, figure.start, figure.end):
        behind = _WORDS.findall(_clause_after(text, figure.end))[:2]
        if behind and behind[0].lower() not in _FILLERS and not any(map(str.isdigit, "".join(behind))):
            return " ".join(_unfilled(behind))
    before = _WORDS.findall(_clause_before(text, figure.start))
    figures_end = max((at + 1 for at, word in enumerate(before) if any(map(str.isdigit, word))), default=0)
    before = before[figures_end:]
    return " ".join(_unfilled(before if len(before) <= CLAUSE_ABOUT else before[-ABOUT:]))


def _unfilled(words: list[str]) -> list[str]:
    """The words without fillers at either end."""
    start, end = 0, len(words)
    while start < end and words[start].lower() in _FILLERS:
        start += 1
    while start < end and words[end - 1].lower() in _FILLERS:
        end -= 1
    return words[start:end]


def _clause_before(text: str, end: int) -> str:
    window = text[max(0, end - 80) : end]
    if end > len(window):
        window = window.partition(" ")[2]
    return _BREAK.split(window)[-1]


def _clause_after(text: str, start: int) -> str:
    return _BREAK.split(text[start : start + 60] + " ")[0].rstrip(".,;:!? ")
