"""What an article shows to the model that corrects the rules, and the model's reasons.

The model adds to the points that the rules gave, so that it starts from the rules and moves as far as the analysts'
words carry it: the probability is the same curve of the points, and the reasons still add up to them. Features are
words of the headline and lead, words of the text's opening, what each rule gave, and the rules' points as a whole.

Only the opening is read: with the whole text the model was worse than the rules alone, with 150 syllables better
(logarithmic loss 0.29, 0.25 and 0.20 on 117 labelled stories, November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.text import syllables
from scraper.values import Reason

if TYPE_CHECKING:
    from scraper.config import Learned
    from scraper.config.policy import Calibration
    from scraper.models import ArticleData

FORM = 1
"""Changes with what :func:`features` makes of an article: weights fitted before are void then."""

OPENING = 150
"""Syllables of the text that are read, about its first two paragraphs."""

SHOWN = 5
"""Words that are a reason of their own; a story has some hundred, most of which weigh next to nothing."""

POINTS, BASE = "points", "base"
WORDS = ("head ", "text ")
"""How the features that are words begin."""

_READ = OPENING * 8
"""Characters that hold the opening: a syllable has seven at the most (``nghiêng``), and the space after it."""
_PLACES = {"section": "section", "title": "head", "lead": "head", "text": "text"}


def features(article: ArticleData, found: Sequence[Reason], calibration: Calibration) -> dict[str, float]:
    """What the model sees of an article.

    Args:
        article: As it was judged.
        found: The reasons that the rules gave.
        calibration: Of those rules.

    Returns:
        ``head`` or ``text`` and one or two syllables: 1. ``rule``, its name and its place: the points it gave.
        ``points``: how far the rules' points are from even. ``base``: 1.
    """
    return _features(_words(article), found, calibration)


def _features(words: Iterable[str], found: Sequence[Reason], calibration: Calibration) -> dict[str, float]:
    seen = dict.fromkeys(words, 1.0)
    for reason in found:
        key = f"rule {reason.rule} {_PLACES.get(reason.field, reason.field)}"
        seen[key] = seen.get(key, 0.0) + reason.weight
    return {**seen, POINTS: sum(reason.weight for reason in found) - calibration.middle, BASE: 1.0}


def reasons(learned: Learned, article: ArticleData, found: Sequence[Reason], calibration: Calibration) -> list[Reason]:
    """What the model adds to the rules' reasons: the words that weigh most one by one, all else in sums.

    Args:
        learned: The model.
        article: What is judged.
        found: The reasons that the rules gave.
        calibration: Of those rules.
    """
    places = _words(article)
    weighed = _weighed(learned, _features(places, found, calibration))
    words = sorted((key for key in weighed if key in places), key=lambda key: (-abs(weighed[key]), key))
    told = [Reason("learned", places[key], _written(article, key, places[key]), weighed[key]) for key in words[:SHOWN]]
    sums = {
        "learned: other words": [weighed[key] for key in words[SHOWN:]],
        "learned: weight of the rules": [
            weight for key, weight in weighed.items() if key.startswith(("rule ", POINTS))
        ],
        "learned: any story": [weighed.get(BASE, 0.0)],
    }
    return told + [Reason(name, "text", "", sum(weights)) for name, weights in sums.items() if any(weights)]


def _weighed(learned: Learned, seen: dict[str, float]) -> dict[str, float]:
    weights = learned.weights
    return {key: weights[key] * value for key, value in seen.items() if key in weights}


def _words(article: ArticleData) -> dict[str, str]:
    """Each feature that is words, with the field where they stand first."""
    found: dict[str, str] = {}
    for field, source in (("title", article.title), ("lead", article.lead), ("text", article.text)):
        begin = f"{_PLACES[field]} "
        words = syllables(source[:_READ])[:OPENING]
        for word in words:
            found.setdefault(begin + word, field)
        for pair in pairwise(words):
            found.setdefault(f"{begin}{pair[0]} {pair[1]}", field)
    return found


def _written(article: ArticleData, key: str, field: str) -> str:
    """The words as they stand in the article; in matching form where its spelling is another."""
    words = key.split(" ")[1:]
    pattern = r"\W+".join(re.escape(word) for word in words)
    match = re.search(rf"\b{pattern}\b", getattr(article, field)[:_READ], re.IGNORECASE)
    return match[0] if match else " ".join(words)
