"""How an article just parsed differs from its last stored state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scraper.models import ArticleData
from scraper.revise import classify, noise
from scraper.revise.align import Alignment, align
from scraper.revise.classify import GAP, cut
from scraper.revise.diff import Part, word_diff
from scraper.revise.notices import is_notice
from scraper.revise.words import Codes, Passage
from scraper.text import clean, content_hash, syllables
from scraper.values import Change, Edit, KnownArticle

SUBSTANCE = ("title", "lead", "text")
"""Fields whose words are the story; a change in any other field but the authors is cosmetic."""

COLLAPSED = 0.2
"""A body that shrinks below this share of its length is taken for a broken page: desks cut paragraphs, not stories."""

MAX_EDITS = 200
"""Edits of one change; what is rewritten from end to end needs no longer list."""

_TRIM = ("authors", "agency", "section", "tags", "images", "published_at", "place")


def hash_of(data: ArticleData) -> str:
    """The content hash that tells revisions apart."""
    return content_hash(data.title, data.lead, data.text)


def compare(before: KnownArticle | None, data: ArticleData) -> Change:
    """How an article just parsed differs from its last stored state.

    Other words in title, lead or text, and other authors, make a substantive change. Spacing, case, punctuation, tone
    placement, the cut of paragraphs, all other fields, and what is no part of the story (:mod:`noise`, and lines put as
    headlines that come or go) make a cosmetic one, even where the hashes differ.
    """
    if before is None:
        return Change("new")
    if before.data is None:
        return Change("unchanged" if before.content_hash == hash_of(data) else "substantive")
    old = before.data
    differing = tuple(name for name in (*SUBSTANCE, *_TRIM) if getattr(old, name) != getattr(data, name))
    if not differing:
        return Change("unchanged")
    edits = between(old, data)
    if len(data.text) < COLLAPSED * len(old.text):
        return Change("collapsed", ("text",), edits)
    return Change("substantive" if edits else "cosmetic", differing, edits)


def between(old: ArticleData, new: ArticleData) -> tuple[Edit, ...]:
    """What was edited between two states, in the order of the article; :data:`MAX_EDITS` at most."""
    return tuple(_edits(old, new))[:MAX_EDITS]


def _edits(old: ArticleData, new: ArticleData) -> Iterator[Edit]:
    """Headline, lead, body, authors."""
    codes = Codes()
    if syllables(old.title) != syllables(new.title):
        yield Edit("headline", "title", cut(clean(old.title)), cut(clean(new.title)))
    leads = clean(old.lead), clean(new.lead)
    if old.lead == new.lead and old.text == new.text:
        yield from _authors(old.authors, new.authors)
        return
    before, after = (noise.without(data.paragraphs) for data in (old, new))
    if bool(leads[0]) != bool(leads[1]) and _is_found_again(leads, before, after):
        before, after = [*filter(None, leads[:1]), *before], [*filter(None, leads[1:]), *after]
        leads = "", ""
    yield from _lead(*leads, codes)
    yield from _body([Passage.of(text, codes) for text in before], [Passage.of(text, codes) for text in after], codes)
    yield from _authors(old.authors, new.authors)


def _is_found_again(leads: tuple[str, str], before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a lead that came or went stands as the other state's first paragraph: a new layout, not a new lead."""
    lead, first = (leads[0], after[:1]) if leads[0] else (leads[1], before[:1])
    return bool(first) and syllables(lead) == syllables(first[0])


def _lead(before: str, after: str, codes: Codes) -> Iterator[Edit]:
    """One edit of the lead, with the figure that changed if it is all that did; and a notice that came with it."""
    old, new = (Passage.of(noise.without_tail(text), codes) for text in (before, after))
    if old.key == new.key:
        return
    found = classify.within(old, new, "lead", codes)
    edits = [edit for edit in found if edit.kind != "correction notice"]
    if len(edits) == 1 and GAP not in edits[0].before + edits[0].after:
        yield Edit("lead", "lead", edits[0].before, edits[0].after, edits[0].about)
    elif edits:
        yield Edit("lead", "lead", cut(before), cut(after))
    yield from (edit for edit in found if edit.kind == "correction notice")


def _body(before: Sequence[Passage], after: Sequence[Passage], codes: Codes) -> Iterator[Edit]:
    """In the order of the newer text; what was removed stands where it stood, before what replaces it."""
    if [passage.words for passage in before] == [passage.words for passage in after]:
        return
    if " ".join(passage.key for passage in before) == " ".join(passage.key for passage in after):
        return
    found = align(before, after)
    old_of = {new: old for old, new in found.pairs}
    removed = sorted(found.removed, reverse=True)
    for at, limit in enumerate(_limits(found)):
        while removed and removed[-1] < limit:
            yield from _removed(found, removed.pop())
        passage, old = found.after[at], old_of.get(at)
        if old is None:
            yield from _added(passage)
            continue
        if at in found.moved:
            yield Edit("paragraph moved", "text", cut(found.before[old].text), cut(passage.text))
        yield from classify.within(found.before[old], passage, "text", codes)
    for left in reversed(removed):
        yield from _removed(found, left)


def _limits(found: Alignment) -> list[int]:
    """For each newer paragraph the older one that its place stands before: the next that did not move."""
    limit = len(found.before)
    limits: list[int] = []
    old_of = {new: old for old, new in found.pairs}
    for at in reversed(range(len(found.after))):
        limit = old_of[at] if at in old_of and at not in found.moved else limit
        limits.append(limit)
    return limits[::-1]


def _removed(found: Alignment, at: int) -> Iterator[Edit]:
    text = found.before[at].text
    if not noise.is_title(text):
        yield Edit("paragraph removed", "text", before=cut(text))


def _added(passage: Passage) -> Iterator[Edit]:
    if is_notice(passage.text):
        yield Edit("correction notice", "text", after=cut(passage.text))
    elif not noise.is_title(passage.text):
        yield Edit("paragraph added", "text", after=cut(passage.text))


def _authors(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    """Other people; a label that was read as a signature ("QUẢNG CÁO") is none, and a notice is a notice."""
    before, after = ([name for name in map(clean, names) if not noise.is_noise(name)] for names in (before, after))
    notices = [name for name in after if is_notice(name) and name not in before]
    yield from (Edit("correction notice", "authors", after=cut(name)) for name in notices)
    old, new = ({" ".join(syllables(name)) for name in names if not is_notice(name)} for names in (before, after))
    if old != new:
        yield Edit("author", "authors", cut(", ".join(before)), cut(", ".join(after)))


def word_diffs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Part]]:
    """How each field that differs became another, word by word, of two states as they are stored."""
    states = {name: (before.get(name, ""), after.get(name, "")) for name in SUBSTANCE}
    return {name: word_diff(old, new) for name, (old, new) in states.items() if old != new}
