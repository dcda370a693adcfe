"""How a copy at another outlet differs from the story: for a person to see that it is one, and what the desk did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from rapidfuzz.distance import Indel, LCSseq

from scraper.models import ArticleData
from scraper.revise import noise
from scraper.revise.diff import opcodes
from scraper.revise.words import Codes, Passage
from scraper.text import syllables

ALIKE = 0.6
"""Similarity of two sentences from which one is the other reworded; unrelated ones reach 0.35."""
MAX_COMPARED = 40_000
"""Pairs of sentences that are compared; two articles of 200 sentences each."""


@dataclass(frozen=True, slots=True)
class Differences:
    """A story and its copy side by side. Texts are paragraphs, or the sentences of one that fared differently.

    Attributes:
        title_changed: Whether the copy has another headline.
        lead_changed: Whether it has another lead.
        shared: What stands in both word for word, as the copy prints it.
        cut: What only the original has.
        added: What only the copy has.
        reworded: What the copy says in other words: the original's and the copy's.
        sentence: All that in English: ``2 paragraphs cut, 1 added, other headline``.
        share: Part of the copy's words that stand in the original, 0 to 1.
    """

    title_changed: bool
    lead_changed: bool
    shared: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    reworded: tuple[tuple[str, str], ...] = ()
    sentence: str = ""
    share: float = 0.0


@dataclass(slots=True)
class _Sentence:
    """A sentence, the paragraph it stands in, and the other outlet's sentence that it is."""

    passage: Passage
    paragraph: int
    twin: int = -1
    equal: bool = field(default=False)


def differences(original: ArticleData, copy: ArticleData) -> Differences:
    """How a copy differs from the story it was taken from, by sentences: outlets cut paragraphs as they like."""
    codes = Codes()
    ours, theirs = (_sentences(data, codes) for data in (original, copy))
    _match(ours, theirs)
    lead = syllables(copy.lead) != syllables(original.lead)
    title = syllables(copy.title) != syllables(original.title)
    cut = tuple(_grouped(ours, lambda each: each.twin < 0))
    added = tuple(_grouped(theirs, lambda each: each.twin < 0))
    reworded = tuple(
        (ours[each.twin].passage.text, each.passage.text) for each in theirs if each.twin >= 0 and not each.equal
    )
    return Differences(
        title_changed=title,
        lead_changed=lead,
        shared=tuple(_grouped(theirs, lambda each: each.equal)),
        cut=cut,
        added=added,
        reworded=reworded,
        sentence=_said(len(cut), len(added), len(reworded), title=title, lead=lead),
        share=_share(ours, theirs),
    )


def _sentences(data: ArticleData, codes: Codes) -> list[_Sentence]:
    paragraphs = noise.without(data.paragraphs)
    pairs = ((at, text) for at, paragraph in enumerate(paragraphs) for text in noise.sentences(paragraph))
    found = (_Sentence(Passage.of(text, codes), at) for at, text in pairs)
    return [each for each in found if each.passage.words]


def _match(ours: list[_Sentence], theirs: list[_Sentence]) -> None:
    """Twins in the same order first, then those that stand elsewhere, then reworded ones."""
    for block in opcodes([each.passage.key for each in ours], [each.passage.key for each in theirs]):
        if block.same:
            for i, j in zip(range(block.start, block.end), range(block.new_start, block.new_end), strict=True):
                _pair(ours, theirs, i, j, equal=True)
    places = {each.passage.key: at for at, each in reversed(list(enumerate(ours))) if each.twin < 0}
    for j, each in enumerate(theirs):
        if each.twin < 0 and each.passage.key in places:
            _pair(ours, theirs, places.pop(each.passage.key), j, equal=True)
    for _, i, j in sorted(_alike(ours, theirs)):
        if ours[i].twin < 0 and theirs[j].twin < 0:
            _pair(ours, theirs, i, j, equal=False)


def _alike(ours: list[_Sentence], theirs: list[_Sentence]) -> Iterator[tuple[float, int, int]]:
    left = [at for at, each in enumerate(ours) if each.twin < 0]
    right = [at for at, each in enumerate(theirs) if each.twin < 0]
    if not left or len(left) * len(right) > MAX_COMPARED:
        return
    for i in left:
        for j in right:
            score = Indel.normalized_similarity(ours[i].passage.coded, theirs[j].passage.coded, score_cutoff=ALIKE)
            if score:
                yield -score, i, j


def _pair(ours: list[_Sentence], theirs: list[_Sentence], i: int, j: int, *, equal: bool) -> None:
    ours[i].twin, theirs[j].twin = j, i
    ours[i].equal = theirs[j].equal = equal


def _grouped(all_: Sequence[_Sentence], wanted: Callable[[_Sentence], bool]) -> Iterator[str]:
    """The wanted sentences; those that stand together in a paragraph are one text."""
    chosen = [(each.paragraph, wanted(each), each.passage.text) for each in all_]
    for (_, is_wanted), group in groupby(chosen, key=lambda item: item[:2]):
        if is_wanted:
            yield " ".join(text for *_, text in group)


def _said(cut: int, added: int, reworded: int, *, title: bool, lead: bool) -> str:
    counts = [(cut, "cut"), (added, "added"), (reworded, "reworded")]
    told = [(number, how) for number, how in counts if number]
    parts = [f"{number} {how}" for number, how in told]
    if told:
        first, how = told[0]
        parts[0] = f"{first} paragraph{'s' if first > 1 else ''} {how}"
    parts += [text for text, said in (("other headline", title), ("other lead", lead)) if said]
    return ", ".join(parts) or "word for word the same"


def _share(ours: list[_Sentence], theirs: list[_Sentence]) -> float:
    """Words of shared sentences, and of reworded ones those that stand in both, over all of the copy's."""
    whole = sum(len(each.passage.words) for each in theirs)
    held = 0
    for each in theirs:
        if each.equal:
            held += len(each.passage.words)
        elif each.twin >= 0:
            held += LCSseq.similarity(ours[each.twin].passage.coded, each.passage.coded)
    return held / whole if whole else 0.0
