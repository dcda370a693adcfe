"""What one parsed article means."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fakes import BODY, NOON, article

from scraper import dedupe, revise
from scraper.config import Watch, load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide, health
from scraper.values import Candidate, Doubt, Health, Known, KnownArticle, Outcome

DAY = timedelta(days=1)
POLICY = load_policy()
FOG = "\n\n".join(f"Sáng {n}/3, sương mù dày đặc bao phủ thung lũng thứ {n} của vùng." for n in range(1, 6))


def rules(**rule: Any) -> Rules:
    asked = Watch.model_validate({"name": "r", "channels": ["desk"], **rule})
    return Rules(POLICY, (asked,), 2 * DAY, RecheckSettings(), {"bao": "Báo Ví dụ"})


def decided(known: Known | None = None, given: Rules | None = None, **fields: Any) -> Outcome:
    data = article(**fields)
    return decide(data, known or Known(added_at=NOON - DAY), given or rules(), NOON, source="bao", key="bao:1")


def stored(**fields: Any) -> KnownArticle:
    data = article(**fields)
    return KnownArticle(7, "bao", "bao:1", data.url, revise.hash_of(data), NOON - DAY / 2, data=data)


def candidate(**fields: Any) -> Candidate:
    data = article(**fields)
    at = NOON - timedelta(hours=2)
    return Candidate(7, "khac", data.text, data.lead, dedupe.sketch_of(data).text_hash, at, 7, "khac", at)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, True),
        ({"labels": ["implementation"]}, True),
        ({"labels": ["oversight"]}, False),
        ({"min_score": 0.99999}, False),
        ({"words": ["GIẢM NGHÈO"]}, True),
        ({"words": ["giam ngheo"]}, True),
        ({"words": ["giàm nghèo"]}, False),
        ({"words": ["cà phê", "vốn giảm nghèo"]}, True),
        ({"outlets": ["bao"]}, True),
        ({"outlets": ["khac"]}, False),
    ],
)
def test_a_watch_asks_for_what_it_says(rule: dict[str, Any], told: bool) -> None:  # noqa: FBT001 - a case
    """Labels, score, words with their accents, and outlets each restrict; empty lists do not."""
    assert bool(decided(given=rules(**rule)).intents) is told


@pytest.mark.parametrize(
    ("known", "published", "told"),
    [
        (Known(added_at=NOON - DAY), NOON - timedelta(hours=1), True),
        (Known(added_at=NOON - DAY), NOON - 3 * DAY, False),
        (Known(added_at=NOON - DAY), NOON - timedelta(hours=25), True),
        (Known(added_at=NOON - timedelta(hours=2), baseline=True), NOON - timedelta(hours=3), False),
        (Known(added_at=NOON - timedelta(hours=2), baseline=True), NOON - timedelta(hours=1), True),
        (Known(added_at=NOON - DAY), None, True),
        (Known(added_at=NOON - DAY, baseline=True), None, False),
    ],
)
def test_only_news_alerts(known: Known, published: Any, told: bool) -> None:  # noqa: FBT001 - a case
    """What was out before the watch began, or is too old, is stored and not told."""
    assert bool(decided(known, published_at=published).intents) is told


@pytest.mark.parametrize(("hours", "told"), [(1, True), (23, True), (25, False), (49, False)])
def test_age_is_counted_in_full(hours: int, told: bool) -> None:  # noqa: FBT001 - a case
    """A story of 25 hours ago is older than a day: days count, not only what is left of them."""
    of_a_day = replace(rules(), max_age=DAY)
    known = Known(added_at=NOON - 9 * DAY)
    assert bool(decided(known, of_a_day, published_at=NOON - timedelta(hours=hours)).intents) is told


@pytest.mark.parametrize("baseline", [True, False])
def test_a_date_to_come_is_no_pass(baseline: bool) -> None:  # noqa: FBT001 - a case
    """A story dated years ahead is news only as one without a date is: when it came after the first poll."""
    known = Known(added_at=NOON - timedelta(hours=2), baseline=baseline)
    assert bool(decided(known, published_at=NOON + 3650 * DAY).intents) is not baseline


@pytest.mark.parametrize("failing", [True, False])
def test_what_a_failing_source_shows_is_no_edit(failing: bool) -> None:  # noqa: FBT001 - a case
    """A body that is gone twice an hour apart is an edit, but not while the source's listings fail as well."""
    gone: dict[str, Any] = {"title": "Trang chủ", "lead": "", "text": "Đang cập nhật."}
    doubt = Doubt(revise.hash_of(article(**gone)), "broken", 1, NOON - 2 * timedelta(hours=1))
    known = Known(same=replace(stored(), doubt=doubt), added_at=NOON - DAY, failing=failing)
    assert decided(known, **gone).change.kind == ("held" if failing else "substantive")


@pytest.mark.parametrize(("watched", "asked"), [(DAY, ["new"]), (timedelta(hours=1), [])])
def test_a_copy_of_old_news_is_no_news(watched: timedelta, asked: list[str]) -> None:
    """A copy joins its story; a story from before the watch is not told by it, a later one if nobody told it yet."""
    outcome = decided(Known(candidates=(candidate(),), added_at=NOON - watched), title="Tên khác")
    assert outcome.place.match is not None
    assert outcome.place.match.story == 7
    assert [intent.event for intent in outcome.intents] == asked


def test_an_edit_into_policy_alerts() -> None:
    """A story that an edit turns into what a rule asks for is told then."""
    before = stored(title="Sương mù phủ thung lũng", lead="", text=FOG, section="Thời tiết")
    known = Known(same=before, added_at=NOON - DAY)
    outcome = decided(known, rules(labels=["implementation"]), text=f"{FOG}\n\n{BODY}")
    assert outcome.change.kind == "substantive"
    assert len(outcome.intents) == 1


@pytest.mark.parametrize(
    ("story_at", "asked"),
    [(NOON - DAY / 2, ["new"]), (NOON - DAY, ["new"]), (NOON - 2 * DAY, [])],
    ids=["since the watch began", "as it began", "before"],
)
def test_an_edit_of_a_copy_that_makes_it_policy_tells_the_story(story_at: datetime, asked: list[str]) -> None:
    """An edit of a copy is not told as one; it tells a story, if that is news, that nothing else made asked for."""
    before = replace(stored(title="Sương mù phủ thung lũng", lead="", text=FOG), copy_of=3, story_at=story_at)
    asking = rules(labels=["implementation"], events=["new", "edited"])
    outcome = decided(Known(same=before, added_at=NOON - DAY), asking, text=f"{FOG}\n\n{BODY}")
    assert outcome.change.kind == "substantive"
    assert [intent.event for intent in outcome.intents] == asked


@pytest.mark.parametrize(
    ("before", "failure", "after"),
    [
        (Health(), "", Health()),
        (Health(), "x", Health(1)),
        (Health(1), "x", Health(2)),
        (Health(2), "x", Health(3, NOON, NOON, "source_broken")),
        (Health(3, NOON - DAY), "x", Health(4, NOON - DAY)),
        (Health(9, NOON - DAY), "", Health(event="source_recovered")),
        (Health(2), "", Health()),
        (Health(9, NOON - 8 * DAY, NOON - 7 * DAY), "x", Health(10, NOON - 8 * DAY, NOON, "source_broken")),
        (Health(9, NOON - 8 * DAY, NOON - 6 * DAY), "x", Health(10, NOON - 8 * DAY, NOON - 6 * DAY)),
    ],
)
def test_trouble_is_told_once(before: Health, failure: str, after: Health) -> None:
    """The third failure in a row is told, the fourth is not, one that lasts is told weekly, and so is the recovery."""
    assert health(before, failure, 3, NOON, 7 * DAY) == after
