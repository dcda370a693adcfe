"""Which story an article belongs to, from what an index finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper.dedupe import thresholds as limit
from scraper.dedupe.likeness import Likeness, adds_facts, is_copy, likeness
from scraper.dedupe.sketch import Sketch, sketch
from scraper.values import Candidate, Index, Known, Match, Place, Relation, RelationKind


def candidates(text: Sketch, index: Index) -> tuple[Candidate, ...]:
    """The articles worth comparing with a text, likeliest first; where some are word for word the same, only those."""
    if not text.text_hash:
        return ()
    if twins := index.twins(text.text_hash):
        return tuple(twins[: limit.CANDIDATES])
    size = len(text.sample)
    estimates = [(found.common / min(size, found.size), found.article_id) for found in index.sharing(text.sample)]
    likely = sorted((share, -id_) for share, id_ in estimates if share >= limit.MIN_ESTIMATE)
    return tuple(index.stored([-id_ for _, id_ in reversed(likely[-limit.CANDIDATES :])]))


@dataclass(frozen=True, slots=True)
class _Compared:
    candidate: Candidate
    text: Sketch
    found: Likeness
    same_outlet: bool
    copy: bool
    """By the rule for its outlet and time."""
    alike: bool
    """By the rule across outlets."""


def place(text: Sketch, known: Known, source: str, at: datetime, *, agencies: frozenset[str] = frozenset()) -> Place:
    """Where an article stands among the stories.

    It joins the story of its best match and never joins two stories into one: round-ups would chain them (adjusted
    Rand .953 instead of .99). Its other matches are kept as relations.

    Args:
        text: The article.
        known: What the archive holds that bears on it.
        source: Its outlet's source.
        at: When it was published, or else seen; aware UTC.
        agencies: Sources that are a news agency's own; their text stands for a story rather than a copy's.
    """
    compared = [_compare(text, one, source, at) for one in known.candidates]
    followed = {one.candidate.story for one in compared if one.same_outlet and one.alike and not one.copy}
    apart = {one.candidate.story for one in compared if _kept_apart(one.candidate, known)}
    copies = [one for one in compared if one.copy and one.candidate.story not in followed | apart]
    best = max(copies, key=lambda one: (one.found.score, -one.candidate.id), default=None)
    if known.together is not None:
        match = Match(known.together.story, "chosen", best.found.score if best else 0.0)
        return Place(match, tuple(_relations(compared, match.story)))
    if best is None:
        return Place(None, tuple(_relations(compared, None)))
    story = best.candidate.story
    members = [one.text for one in compared if one.candidate.story == story]
    match = Match(
        story=story,
        kind="exact" if best.candidate.text_hash == text.text_hash else "near",
        score=round(best.found.jaccard, 4),
        adds_facts=adds_facts(text, members),
        leads=leads((source, at), (best.candidate.story_source, best.candidate.story_at), agencies),
    )
    return Place(match, tuple(_relations(compared, story)))


def leads(one: tuple[str, datetime], other: tuple[str, datetime], agencies: frozenset[str]) -> bool:
    """Whether the first of two (source, time) stands for their story: an agency's own text, else the earlier."""
    return (one[0] not in agencies, one[1]) < (other[0] not in agencies, other[1])


def _kept_apart(one: Candidate, known: Known) -> bool:
    return one.id in known.apart or one.story in known.apart


def _compare(text: Sketch, one: Candidate, source: str, at: datetime) -> _Compared:
    theirs = sketch(one.text, one.lead)
    found = likeness(text, theirs)
    twin = one.text_hash == text.text_hash
    same_outlet, gap = source == one.source, abs(at - one.at)
    copy = twin or is_copy(found, same_outlet=same_outlet, gap=gap)
    return _Compared(one, theirs, found, same_outlet, copy, copy or is_copy(found))


def _relations(compared: Sequence[_Compared], story: int | None) -> Iterable[Relation]:
    """One relation to each other story that shares as much as a copy would, the closest article of each."""
    by_story: dict[int, _Compared] = {}
    for one in sorted((c for c in compared if c.alike), key=lambda c: c.found.score):
        by_story[one.candidate.story] = one
    for other, one in by_story.items():
        if other != story:
            kind: RelationKind = "follow-up" if one.same_outlet else "overlap"
            yield Relation(one.candidate.id, kind, round(one.found.jaccard, 4))
