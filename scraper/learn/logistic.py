"""Logistic regression with an offset and a penalty for each weight, for a few hundred rows, without a numeric library.

Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) with backtracking. The loss is
strictly convex, so there is one answer; it is reached in the same steps whenever the rows come in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import TypeAlias

Row: TypeAlias = tuple[Sequence[int], Sequence[float]]
"""The columns in which a row is not 0, and its values there."""

STEPS = 200
CLOSE = 1e-3
"""The largest slope that counts as none; the loss of one story is about 0.2."""

_MEMORY = 8
_TRIES = 30
_ENOUGH = 1e-4


def odds(margin: float) -> float:
    """Log odds to probability."""
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, margin))))


def loss(margin: float, truth: bool) -> float:  # noqa: FBT001 - a label, not an option
    """Logarithmic loss of log odds, in nats."""
    wrong = -margin if truth else margin
    return max(wrong, 0.0) + math.log1p(math.exp(-abs(wrong)))


def solve(
    rows: Sequence[Row], truths: Sequence[bool], offsets: Sequence[float], penalties: Sequence[float]
) -> list[float]:
    """The weights that make the labels likeliest.

    Args:
        rows: Features of each row.
        truths: Label of each row.
        offsets: Log odds of each row before any weight.
        penalties: Of each column's squared weight (halved), all positive.
    """
    problem = _Problem.of(rows, truths, offsets, penalties)
    at = [0.0] * len(penalties)
    value, slope = problem.value(at), problem.slope(at)
    past: list[tuple[list[float], list[float]]] = []
    for _ in range(STEPS):
        if max(map(abs, slope), default=0.0) < CLOSE:
            break
        way = _downhill(slope, past)
        steepness, length = _dot(way, slope), 1.0
        for _ in range(_TRIES):
            there = [a + length * w for a, w in zip(at, way, strict=True)]
            if (found := problem.value(there)) <= value + _ENOUGH * length * steepness:
                break
            length /= 2
        else:
            break
        ahead = problem.slope(there)
        past = [*past, (_minus(there, at), _minus(ahead, slope))][-_MEMORY:]
        at, value, slope = there, found, ahead
    return [a * scale for a, scale in zip(at, problem.scales, strict=True)]


@dataclass(frozen=True, slots=True)
class _Problem:
    """The loss in columns scaled to like curvature, which a few steps then suffice for."""

    rows: list[Row]
    columns: list[Row]
    truths: Sequence[bool]
    offsets: Sequence[float]
    penalties: list[float]
    scales: list[float]

    @classmethod
    def of(
        cls, rows: Sequence[Row], truths: Sequence[bool], offsets: Sequence[float], penalties: Sequence[float]
    ) -> _Problem:
        curvature = list(penalties)
        for indices, values in rows:
            for column, value in zip(indices, values, strict=True):
                curvature[column] += value * value / 4
        scales = [1 / math.sqrt(each) for each in curvature]
        scaled: list[Row] = []
        across: list[tuple[list[int], list[float]]] = [([], []) for _ in penalties]
        for number, (indices, values) in enumerate(rows):
            fitted = [value * scales[column] for column, value in zip(indices, values, strict=True)]
            scaled.append((indices, fitted))
            for column, value in zip(indices, fitted, strict=True):
                across[column][0].append(number)
                across[column][1].append(value)
        held = [penalty * scale * scale for penalty, scale in zip(penalties, scales, strict=True)]
        return cls(scaled, list(across), truths, offsets, held, scales)

    def margins(self, at: list[float]) -> list[float]:
        get = at.__getitem__
        return [
            offset + sum(map(mul, map(get, indices), values))
            for offset, (indices, values) in zip(self.offsets, self.rows, strict=True)
        ]

    def value(self, at: list[float]) -> float:
        held = sum(penalty * a * a for penalty, a in zip(self.penalties, at, strict=True)) / 2
        return held + sum(map(loss, self.margins(at), self.truths))

    def slope(self, at: list[float]) -> list[float]:
        errors = [odds(margin) - truth for margin, truth in zip(self.margins(at), self.truths, strict=True)]
        get = errors.__getitem__
        return [
            penalty * a + sum(map(mul, map(get, indices), values))
            for penalty, a, (indices, values) in zip(self.penalties, at, self.columns, strict=True)
        ]


def _downhill(slope: list[float], past: list[tuple[list[float], list[float]]]) -> list[float]:
    """The quasi-Newton direction."""
    way, shares = [-each for each in slope], []
    for step, turn in reversed(past):
        share = _dot(step, way) / _dot(step, turn)
        shares.append(share)
        way = [w - share * t for w, t in zip(way, turn, strict=True)]
    if past:
        step, turn = past[-1]
        size = _dot(step, turn) / _dot(turn, turn)
        way = [size * w for w in way]
    for (step, turn), share in zip(past, reversed(shares), strict=True):
        back = _dot(turn, way) / _dot(step, turn)
        way = [w + (share - back) * s for w, s in zip(way, step, strict=True)]
    return way


def _dot(one: list[float], other: list[float]) -> float:
    return float(sum(map(mul, one, other)))


def _minus(one: list[float], other: list[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]
