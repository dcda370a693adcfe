"""Fit a model that corrects the rules, and find out by cross-validation whether it does.

The model is of implementation against the rest; the other labels stay with the rules: models of theirs took more right
labels away than they gave (0.88 of 117 stories right instead of 0.91, November 2026).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper import flag
from scraper.config import Learned, Policy
from scraper.learn.bars import BARS, Bars
from scraper.learn.logistic import loss, solve
from scraper.learn.measures import Figures, gain, measured
from scraper.learned import BASE, FORM, POINTS, WORDS, features
from scraper.models import ArticleData
from scraper.values import Judgement, Label

EVEN = 0.5
"""Area under the curve of a judge that tosses a coin."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A story and what an analyst said of it; ``key`` names it, whatever its text."""

    key: str
    article: ArticleData
    label: Label


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model, and what it is worth on stories that it did not see.

    Attributes:
        rules: Figures of the rules alone.
        model: Figures of the model by cross-validation, ``None`` when there are too few words for one.
        learned: The model fitted to all words.
        why_not: Why it should not be used, one sentence each.
    """

    rules: Figures
    model: Figures | None
    learned: Learned | None
    why_not: tuple[str, ...]

    @property
    def better(self) -> bool:
        """Whether the model should be used."""
        return self.learned is not None and not self.why_not


@dataclass(frozen=True, slots=True)
class _Case:
    """A labelled story as the rules judged it."""

    labelled: Labelled
    judged: Judgement
    seen: dict[str, float]

    @property
    def truth(self) -> bool:
        return self.labelled.label == "implementation"


def fit(rows: Iterable[Labelled], policy: Policy, bars: Bars = BARS) -> Fitted:
    """Fit a model and hold it against the rules. The order of the rows does not matter, and nothing is random.

    Args:
        rows: One for each story: copies on both sides of a fold would tell the answers.
        policy: The rules alone.
        bars: What a model has to pass.
    """
    cases = [_case(row, policy) for row in sorted(rows, key=lambda row: (_order(row.key), row.key))]
    truths = [case.labelled.label for case in cases]
    before = [_margin(case.judged, policy) for case in cases]
    rules = measured(truths, before, [case.judged.label for case in cases])
    few = tuple(_few(cases, bars))
    if few:
        return Fitted(rules, None, None, few)
    parts = _parts(cases, bars.folds)
    judged = _unseen(cases, parts, policy, bars)
    after = [_margin(judgement, policy) for judgement in judged]
    model = measured(truths, after, [judgement.label for judgement in judged])
    anew = [_margin(judgement, policy) for judgement in _unseen(cases, parts, policy, bars, calibrate=True)]
    surer = _not_surer(_losses(cases, before), _losses(cases, after), _losses(cases, anew), bars)
    why_not = (*surer, *not_righter(rules, model, bars))
    return Fitted(rules, model, _model(cases, policy, bars), why_not)


# --- whether it is better ----------------------------------------------------------------------------------


def _few(cases: Sequence[_Case], bars: Bars) -> Iterable[str]:
    yes = sum(case.truth for case in cases)
    for count, bar, what in (
        (len(cases), bars.rows, "stories with a word"),
        (yes, bars.implementation, "of them implementation"),
        (len(cases) - yes, bars.others, "of them another label"),
    ):
        if count < bar:
            yield f"too few: {count} {what}, {bar} are needed"


def _losses(cases: Sequence[_Case], margins: Sequence[float]) -> list[float]:
    return [loss(margin, case.truth) for case, margin in zip(cases, margins, strict=True)]


def _not_surer(rules: list[float], model: list[float], anew: list[float], bars: Bars) -> Iterable[str]:
    mean, error = gain(model, rules)
    if mean <= bars.errors * error:
        yield f"its logarithmic loss is lower by {mean:.3f}, within chance ({bars.errors:g} errors of {error:.3f})"
    if gain(model, anew)[0] <= 0:
        yield "its words teach nothing: the rules' points calibrated anew have no higher logarithmic loss"


def not_righter(rules: Figures, model: Figures, bars: Bars) -> Iterable[str]:
    """Why a model's answers are no better than the rules', one sentence each."""
    if model.auc.value <= rules.auc.value:
        yield f"it tells implementation from the rest no better: AUC {model.auc.value:.3f}, rules {rules.auc.value:.3f}"
    if model.auc.low <= EVEN:
        yield f"what it tells apart is within chance: AUC {model.auc.value:.3f}, at the least {model.auc.low:.3f}"
    if model.right < rules.right - bars.stories:
        yield f"it misses {rules.right - model.right} stories of implementation that the rules find"
    allowed = (rules.right - bars.stories) / max(1, rules.called)
    if model.precision.value < min(allowed, rules.precision.value):
        ours, theirs = model.precision.value, rules.precision.value
        yield f"more of what it finds is wrong: precision {ours:.3f}, rules {theirs:.3f}"


# --- cross-validation --------------------------------------------------------------------------------------


def _case(row: Labelled, policy: Policy) -> _Case:
    judged = flag.judge(row.article, policy)
    return _Case(row, judged, features(row.article, judged.reasons, policy.calibration))


def _order(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=8).digest()


def _margin(judged: Judgement, policy: Policy) -> float:
    return (judged.points - policy.calibration.middle) / policy.calibration.scale


def _parts(cases: Sequence[_Case], folds: int) -> list[int]:
    """The fold of each case: dealt out in turn among those of one label."""
    dealt: Counter[Label] = Counter()
    parts = []
    for case in cases:
        parts.append(dealt[case.labelled.label] % folds)
        dealt[case.labelled.label] += 1
    return parts


def _unseen(
    cases: Sequence[_Case], parts: Sequence[int], policy: Policy, bars: Bars, *, calibrate: bool = False
) -> list[Judgement]:
    """Each case as judged by a model that was made, from the choice of words on, without its fold."""
    found: dict[int, Judgement] = {}
    for part in sorted(set(parts)):
        others = [case for case, own in zip(cases, parts, strict=True) if own != part]
        taught = policy.taught(_model(others, policy, bars, calibrate=calibrate))
        for number, own in enumerate(parts):
            if own == part:
                found[number] = flag.judge(cases[number].labelled.article, taught)
    return [found[number] for number in range(len(cases))]


# --- one model ---------------------------------------------------------------------------------------------


def _model(cases: Sequence[_Case], policy: Policy, bars: Bars, *, calibrate: bool = False) -> Learned:
    """Weights fitted to the cases; ``calibrate`` leaves words and single rules out."""
    scale = policy.calibration.scale
    names = [POINTS, BASE] if calibrate else _chosen(cases, bars)
    columns = {name: number for number, name in enumerate(names)}
    rows = []
    for case in cases:
        known = [(columns[name], value / _unit(name, scale)) for name, value in case.seen.items() if name in columns]
        rows.append(([column for column, _ in known], [value for _, value in known]))
    offsets = [_margin(case.judged, policy) for case in cases]
    found = solve(rows, [case.truth for case in cases], offsets, [bars.penalty(name) for name in names])
    # The solver's weights are log odds; a point is a scale's share of them.
    points = {name: weight * scale / _unit(name, scale) for name, weight in zip(names, found, strict=True)}
    weights = {name: rounded for name, weight in points.items() if (rounded := round(weight, 4))}
    digest = hashlib.blake2b(repr(sorted(weights.items())).encode(), digest_size=4).hexdigest()
    return Learned(version=digest, form=FORM, policy_version=policy.version, rows=len(cases), weights=weights)


def _unit(name: str, scale: float) -> float:
    """What counts as one of a feature: a word, or points worth one of log odds."""
    return scale if name == POINTS or name.startswith("rule ") else 1.0


def _chosen(cases: Sequence[_Case], bars: Bars) -> list[str]:
    """All features but words, and of the words those that tell the labels apart best, in a fixed order."""
    total, yes = Counter[str](), Counter[str]()
    for case in cases:
        total.update(case.seen.keys())
        if case.truth:
            yes.update(case.seen.keys())
    share = sum(case.truth for case in cases) / len(cases)

    def apart(word: str) -> float:
        """The chi statistic of word and label."""
        often = total[word] / len(cases)
        spread = math.sqrt(total[word] * (1 - often))
        return abs(yes[word] - share * total[word]) / spread if spread else 0.0

    words = [name for name in total if name.startswith(WORDS) and total[name] >= bars.least]
    best = sorted(words, key=lambda word: (-apart(word), word))[: bars.words]
    return sorted([*best, *(name for name in total if not name.startswith(WORDS))])
