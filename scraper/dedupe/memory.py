"""The index in memory, and grouping a list of texts with it as the daemon would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from scraper.dedupe import thresholds as limit
from scraper.dedupe.match import candidates, place
from scraper.dedupe.sketch import Sketch, sketch
from scraper.values import Candidate, Known, Shared

NEVER = datetime.min.replace(tzinfo=UTC)


class MemoryIndex:
    """An :class:`~scraper.values.Index` over plain dictionaries."""

    def __init__(self) -> None:
        self._articles: dict[int, Candidate] = {}
        self._sizes: dict[int, int] = {}
        self._by_text: dict[str, list[int]] = {}
        self._by_hash: dict[int, list[int]] = {}

    def add(self, article: Candidate, text: Sketch) -> None:
        """Index an article; ids must rise."""
        self._articles[article.id] = article
        self._sizes[article.id] = len(text.sample)
        if text.text_hash:
            self._by_text.setdefault(text.text_hash, []).append(article.id)
        for hash_ in text.sample:
            self._by_hash.setdefault(hash_, []).append(article.id)

    def twins(self, text_hash: str) -> Sequence[Candidate]:
        """Articles whose normalised body hashes the same, earliest first."""
        return self.stored(self._by_text.get(text_hash, ())[: limit.CANDIDATES])

    def sharing(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Articles that were indexed under some of these hashes, those with the most first."""
        common = Counter[int]()
        for hash_ in hashes:
            common.update(self._by_hash.get(hash_, ())[-limit.HITS :])
        found = sorted(common.items(), key=lambda pair: (-pair[1], -pair[0]))[: limit.PROBED]
        return [Shared(id_, number, self._sizes[id_]) for id_, number in found]

    def stored(self, ids: Sequence[int]) -> Sequence[Candidate]:
        """These articles, in this order."""
        return [self._articles[id_] for id_ in ids]


def group(
    texts: Sequence[str], outlets: Sequence[str] | None = None, times: Sequence[datetime] | None = None
) -> list[int]:
    """Number the stories among texts in arrival order; equal numbers are copies of one story.

    Args:
        texts: Bodies in the order in which they arrived.
        outlets: Where each came from; without it every pair counts as from two outlets.
        times: When each was published, aware; without it all count as published together.
    """
    index = MemoryIndex()
    numbers: list[int] = []
    for number, body in enumerate(texts):
        text = sketch(body)
        outlet, at = outlets[number] if outlets else str(number), times[number] if times else NEVER
        found = place(text, Known(candidates=candidates(text, index)), outlet, at).match
        numbers.append(found.story if found else number)
        index.add(Candidate(number, outlet, body, "", text.text_hash, at, numbers[-1], outlet, at), text)
    return numbers
