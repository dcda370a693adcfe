"""Learning: a model is used when it is better than the rules, and only then."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from fakes import ROOT, article
from hypothesis import given
from hypothesis import strategies as st
from lessons import WANTED, row, told, words

from scraper import learned
from scraper.config import Learned, load_policy
from scraper.flag import judge
from scraper.learn import BARS, Figures, Labelled, Share, fit, measured
from scraper.learn.fit import Fitted, not_righter
from scraper.learn.logistic import odds, solve
from scraper.learn.measures import auc, gain, wilson
from scraper.values import Label

POLICY = load_policy(ROOT / "config")


@cache
def fitted() -> Fitted:
    """What eighty words teach."""
    return fit(words(80), POLICY)


def taught() -> Learned:
    learned = fitted().learned
    assert learned is not None
    return learned


def by_lot(numbers: Iterable[int], seed: int) -> list[int]:
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed} {number}".encode()).digest())


# --- what is used ------------------------------------------------------------------------------------------


def test_words_that_no_rule_knows_are_learned() -> None:
    """Where the rules see nothing, the model finds the stories that the analysts want, and is used."""
    found = fitted()
    assert found.model is not None
    assert found.rules.recall.value == 0
    assert found.model.recall.value > 0.9
    assert found.model.precision.value > 0.9
    assert found.model.log_loss < found.rules.log_loss
    assert found.why_not == ()
    assert found.better


@pytest.mark.parametrize("seed", range(6))
def test_chance_is_not_learned(seed: int) -> None:
    """Labels drawn by lot are not learned, also by a model that could know each story by its words."""
    drawn = set(by_lot(range(80), seed)[:30])
    rows = [
        row(number, wanted=number % 2 == 0, label="implementation" if number in drawn else "none")
        for number in range(80)
    ]
    found = fit(rows, POLICY)
    assert not found.better
    assert found.why_not


def test_rules_that_are_right_are_kept() -> None:
    """Where the rules judge all stories as the analysts do, there is nothing to learn and that is said."""
    rows = []
    for number in range(60):
        carried_out = number % 2 == 0
        data = article(url=f"https://bao.example/{number}") if carried_out else told(number, wanted=False)
        rows.append(Labelled(f"bao:{number}", data, judge(data, POLICY).label))
    found = fit(rows, POLICY)
    assert found.rules.labels.value == 1
    assert not found.better


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "0 stories"),
        (words(39), "39 stories"),
        ([row(n, wanted=n < 9) for n in range(50)], "9 of them implementation"),
        ([row(n, wanted=n > 5) for n in range(50)], "6 of them another label"),
    ],
)
def test_too_few_words_are_not_fitted(rows: list[Labelled], says: str) -> None:
    """Below the bars nothing is fitted, and it is said what is missing."""
    found = fit(rows, POLICY)
    assert (found.model, found.learned, found.better) == (None, None, False)
    assert any(says in reason for reason in found.why_not)


@pytest.mark.parametrize(
    ("found", "wrong", "better"),
    [(8, 2, True), (9, 2, True), (7, 2, True), (6, 0, False), (8, 3, True), (8, 5, False)],
)
def test_a_model_may_be_one_story_worse(found: int, wrong: int, better: bool) -> None:  # noqa: FBT001 - a column
    """Of ten stories the rules find eight and take two others for such: one more of each is borne, two are not."""

    def figures(right: int, false: int, auc: float) -> Figures:
        truths: list[Label] = ["implementation" if number < 10 else "none" for number in range(30)]
        called = {*range(right), *range(10, 10 + false)}
        labels: list[Label] = ["implementation" if number in called else "none" for number in range(30)]
        return replace(measured(truths, [0.0] * 30, labels), auc=Share(auc, auc - 0.2, 1))

    rules = figures(8, 2, 0.8)
    assert (not list(not_righter(rules, figures(found, wrong, 0.9), BARS))) is better
    assert list(not_righter(rules, figures(found, wrong, 0.8), BARS))
    assert list(not_righter(figures(8, 2, 0.6), figures(found, wrong, 0.65), BARS))


def test_the_same_words_teach_the_same() -> None:
    """Neither chance nor the order of the words has a part in what is learned."""
    rows = words(80)
    assert fit([rows[number] for number in by_lot(range(80), 3)], POLICY) == fitted()


# --- how it is used ----------------------------------------------------------------------------------------


def test_a_story_never_seen_is_judged_by_what_was_learned() -> None:
    """A new story of a learned kind is implementation, and its reasons name the words as they stand."""
    data = told(203, wanted=True)
    assert judge(data, POLICY).label == "none"
    found = judge(data, POLICY.taught(taught()))
    assert found.label == "implementation"
    assert found.score > 0.5
    said = [reason.matched for reason in found.reasons if reason.rule == "learned"]
    assert len(said) == learned.SHOWN
    assert all(words in f"{data.title} {data.lead} {data.text}" for words in said)
    assert any(part in words for words in said for name in WANTED for part in name.split())


@given(st.integers(0, 400), st.booleans(), st.booleans())
def test_reasons_add_up_to_the_points(number: int, wanted: bool, ruled: bool) -> None:  # noqa: FBT001 - drawn
    """With a model too, points are the sum of the reasons, the score is their curve, no rule's reason is lost."""
    data = told(number, wanted=wanted)
    if ruled:
        data = article(title=data.title, text=f"{data.text}\n\n{article().text}")
    alone, found = judge(data, POLICY), judge(data, POLICY.taught(taught()))
    assert found.points == pytest.approx(sum(reason.weight for reason in found.reasons))
    curve = odds((found.points - POLICY.calibration.middle) / POLICY.calibration.scale)
    assert found.score == pytest.approx(curve)
    assert found.reasons[: len(alone.reasons)] == alone.reasons
    assert len(found.reasons) <= len(alone.reasons) + learned.SHOWN + 3


def test_every_weight_is_told() -> None:
    """What the reasons of the model add is what its weights give on the features."""
    data = article(title="Trao tay rong sụn ở bến đò")
    alone = judge(data, POLICY)
    seen = learned.features(data, alone.reasons, POLICY.calibration)
    given_ = sum(taught().weights.get(name, 0.0) * value for name, value in seen.items())
    assert judge(data, POLICY.taught(taught())).points == pytest.approx(alone.points + given_)


def test_a_model_of_other_rules_is_not_used() -> None:
    """When the rules change, what was learned under the old ones is left out; the version says which judged."""
    assert POLICY.taught(taught()).version == f"{POLICY.version}+{taught().version}"
    changed = POLICY.model_copy(update={"version": "other"})
    assert changed.taught(taught()) is changed
    data = told(203, wanted=True)
    assert judge(data, changed.taught(taught())) == judge(data, POLICY)


def test_what_was_learned_outweighs_a_decisive_rule() -> None:
    """What the rules take for issuance beyond doubt is implementation when the words for that weigh still more."""
    data = article(
        title="Quy định mới về hỗ trợ tiền ăn cho học sinh bán trú",
        lead="Chính phủ vừa ban hành Nghị định 66/2025/NĐ-CP quy định chính sách, có hiệu lực thi hành từ ngày 1/5.",
    )
    alone = judge(data, POLICY)
    assert alone.label == "issuance"
    for points, label in ((0.0, "issuance"), (60.0, "implementation"), (-60.0, "issuance")):
        weights = taught().model_copy(update={"weights": {learned.BASE: points}})
        found = judge(data, POLICY.taught(weights))
        assert found.label == label
        assert found.points == pytest.approx(alone.points + points)


@pytest.mark.parametrize("data", [article(title="", lead="", text="", section=""), article(text="\u0301 ... !" * 99)])
def test_an_odd_text_is_judged(data: object) -> None:
    """A text without words has reasons that add up as well."""
    found = judge(data, POLICY.taught(taught()))  # type: ignore[arg-type]
    assert found.points == pytest.approx(sum(reason.weight for reason in found.reasons))


# --- the arithmetic ----------------------------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.booleans(), st.floats(-9, 9)), min_size=1
)


@given(ROWS)
def test_the_solver_ends_where_no_weight_pulls(rows: list[tuple[list[float], bool, float]]) -> None:
    """At the answer the slope of loss and penalty is none in every weight."""
    penalties = [0.5, 2.0, 30.0]
    offsets = [offset for *_, offset in rows]
    truths = [truth for _, truth, _ in rows]
    found = solve([(range(3), values) for values, *_ in rows], truths, offsets, penalties)
    for column, penalty in enumerate(penalties):
        slope = penalty * found[column]
        size = penalty
        for values, truth, offset in rows:
            margin = offset + sum(a * b for a, b in zip(found, values, strict=True))
            slope += (odds(margin) - truth) * values[column]
            size += values[column] ** 2 / 4
        assert abs(slope) < 0.01 * math.sqrt(size)


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3))))
def test_auc_counts_pairs(cases: list[tuple[bool, int]]) -> None:
    """The area is the share of pairs in the right order, ties counted half, and lies in its interval."""
    above = [margin for truth, margin in cases if truth]
    below = [margin for truth, margin in cases if not truth]
    found = auc([truth for truth, _ in cases], [margin for _, margin in cases])
    pairs = [(a > b) + (a == b) / 2 for a in above for b in below]
    assert found.value == pytest.approx(sum(pairs) / len(pairs) if pairs else 0.5)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_intervals() -> None:
    """Wilson's interval of 8 in 10 as the tables have it; of none in none all is possible."""
    found = wilson(8, 10)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.8, 0.490, 0.943)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)
    assert gain([1.0, 2.0], [2.0, 4.0]) == (1.5, 0.5)


def test_figures() -> None:
    """Precision and recall are of implementation, labels of all four."""
    truths: list[Label] = ["implementation", "implementation", "issuance", "none"]
    labels: list[Label] = ["implementation", "issuance", "issuance", "implementation"]
    found = measured(truths, [2.0, -1.0, -2.0, 1.0], labels)
    assert isinstance(found, Figures)
    assert (found.precision.value, found.recall.value, found.labels.value, found.auc.value) == (0.5, 0.5, 0.5, 0.75)
    losses = [math.log1p(math.exp(-2)), math.log1p(math.exp(1)), math.log1p(math.exp(-2)), math.log1p(math.exp(1))]
    assert found.log_loss == pytest.approx(sum(losses) / 4)
