"""How good judgements are against the analysts' words, with intervals of 95 %."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.learn.logistic import loss
from scraper.values import Label

Z = 1.959964
"""Standard errors of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1 and its interval of 95 %; 0 to 1 where nothing was counted."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What judgements were worth.

    Attributes:
        right: Stories of implementation that were called so; ``called`` is how many were called so at all.
        auc: Probability that a story of implementation scores above another one.
        labels: Share of stories whose label of four is right.
        log_loss: Mean logarithmic loss of the score, in nats.
    """

    rows: int
    implementation: int
    called: int
    right: int
    precision: Share
    recall: Share
    auc: Share
    labels: Share
    log_loss: float


def measured(truths: Sequence[Label], margins: Sequence[float], labels: Sequence[Label]) -> Figures:
    """Hold judgements against the truth.

    Args:
        truths: What the analysts said.
        margins: Log odds of implementation, by the score.
        labels: What was judged; precision and recall are of these.
    """
    positive = [truth == "implementation" for truth in truths]
    called = sum(label == "implementation" for label in labels)
    right = sum(label == "implementation" and truth for label, truth in zip(labels, positive, strict=True))
    agreeing = sum(truth == label for truth, label in zip(truths, labels, strict=True))
    losses = [loss(margin, truth) for margin, truth in zip(margins, positive, strict=True)]
    return Figures(
        rows=len(truths),
        implementation=sum(positive),
        called=called,
        right=right,
        precision=wilson(right, called),
        recall=wilson(right, sum(positive)),
        auc=auc(positive, margins),
        labels=wilson(agreeing, len(truths)),
        log_loss=sum(losses) / len(losses) if losses else 0.0,
    )


def wilson(hits: int, of: int) -> Share:
    """A share with its interval (Wilson, 1927)."""
    if not of:
        return Share(0.0, 0.0, 1.0)
    value, spread = hits / of, Z * Z / of
    middle = (value + spread / 2) / (1 + spread)
    half = Z * math.sqrt(value * (1 - value) / of + spread / of / 4) / (1 + spread)
    return Share(value, max(0.0, middle - half), min(1.0, middle + half))


def auc(positive: Sequence[bool], margins: Sequence[float]) -> Share:
    """Area under the curve, ties counted half, with its interval (Hanley and McNeil, 1982)."""
    above = sorted(margin for margin, truth in zip(margins, positive, strict=True) if truth)
    below = sorted(margin for margin, truth in zip(margins, positive, strict=True) if not truth)
    if not above or not below:
        return Share(0.5, 0.0, 1.0)
    beaten = sum((bisect_left(below, margin) + bisect_right(below, margin)) / 2 for margin in above)
    value = beaten / len(above) / len(below)
    one, two = value / (2 - value), 2 * value * value / (1 + value)
    spread = value * (1 - value) + (len(above) - 1) * (one - value**2) + (len(below) - 1) * (two - value**2)
    half = Z * math.sqrt(max(0.0, spread) / len(above) / len(below))
    return Share(value, max(0.0, value - half), min(1.0, value + half))


def gain(better: Sequence[float], worse: Sequence[float]) -> tuple[float, float]:
    """By how much paired losses are lower on the mean, and the standard error of that."""
    count = len(better)
    saved = [b - a for a, b in zip(better, worse, strict=True)]
    mean = sum(saved) / count
    spread = sum((each - mean) ** 2 for each in saved) / max(1, count - 1)
    return mean, math.sqrt(spread / count)
