"""Which articles are copies of one story, on texts made to order and on the labelled ones beside the checkout."""

from __future__ import annotations

import gzip
import json
import random
from datetime import timedelta

import pytest
from fakes import NO_SHARED, NOON, SHARED
from hypothesis import given
from hypothesis import strategies as st
from newswire import OTHER, WIRE, WORDS, story, text

from scraper import dedupe
from scraper.dedupe import thresholds
from scraper.dedupe.likeness import adds_facts, new_syllables
from scraper.values import Candidate, Known

HOUR = timedelta(hours=1)
DATA = SHARED / "eval" / "dedup" / "dev.jsonl.gz"
BULLETIN = (
    "Giá vàng miếng tại {city} sáng {day} được niêm yết {buy},{a} triệu đồng mỗi lượng mua vào và {sell},{b} triệu "
    "đồng mỗi lượng bán ra, tăng {c} nghìn đồng so với hôm trước. Giá vàng nhẫn ở mức {d},{a} triệu đồng mua vào, "
    "{e},{b} triệu đồng bán ra. Giá vàng thế giới giao ngay ở mức {f} USD mỗi ounce, thấp hơn giá trong nước {g},{a} "
    "triệu đồng mỗi lượng. Các chuyên gia khuyên người mua thận trọng khi giá còn biến động mạnh trong tuần tới."
)


def bulletin(n: int) -> str:
    rng = random.Random(n)  # noqa: S311 - the same figures each time
    figures = {name: rng.randint(11, 99) for name in ("buy", "sell", *"abcdefg")}
    return BULLETIN.format(city="Hà Nội", day=f"{n + 3}/3", **figures)


@pytest.mark.parametrize(
    ("copy", "same"),
    [
        (WIRE, True),
        (WIRE[:5], True),
        (WIRE[:-1] + OTHER[:1], True),
        (["Theo phóng viên tại hiện trường, sự việc diễn ra như sau.", *WIRE], True),
        ([*WIRE, *OTHER[:4]], True),
        ([p.replace("nước", "sông") for p in WIRE], True),
        ([p.upper() for p in WIRE], True),
        ([WIRE[n] for n in (4, 5, 6, 7, 0, 1, 2, 3)], True),
        ([*OTHER[:6], *WIRE[:2]], False),
        ([*OTHER, *WIRE], False),
        (OTHER, False),
    ],
    ids=[
        "same",
        "cut",
        "one other",
        "framed",
        "extended",
        "reworded",
        "case",
        "turned",
        "background",
        "quoted",
        "other",
    ],
)
def test_a_copy_keeps_most_of_its_story(copy: list[str], same: bool) -> None:  # noqa: FBT001 - a case
    """Cut, framed, extended, reworded or turned around it stays that story; a few of its paragraphs make no copy."""
    first, second = dedupe.group([text(WIRE), text(copy)])
    assert (first == second) is same


def test_bulletins_that_differ_in_figures_are_stories_of_their_own() -> None:
    """The gold price of ten days is ten stories, and its copy at another outlet is found among them."""
    texts = [bulletin(n) for n in range(10)]
    copy = texts[4].replace("thận trọng", "hết sức thận trọng")
    assert dedupe.group([*texts, copy]) == [*range(10), 4]


def test_boilerplate_hides_no_copy() -> None:
    """Among hundreds of articles with the same words in them a copy still finds its story."""
    notice = story(99, 2)
    texts = [text([*story(n, 4), *notice]) for n in range(100, 100 + 2 * thresholds.HITS)]
    groups = dedupe.group([*texts, text([*story(150, 4), notice[0]])])
    assert groups == [*range(len(texts)), 50]


def test_a_round_up_joins_no_two_stories() -> None:
    """An article made of two stories joins neither to the other."""
    groups = dedupe.group([text(WIRE), text(OTHER), text([*WIRE, *OTHER]), text(WIRE[:6]), text(OTHER[:6])])
    assert groups[0] != groups[1]
    assert groups[3] == groups[0]
    assert groups[4] == groups[1]


def test_short_texts_never_fold() -> None:
    """Captions and notices are alike without being copies."""
    assert dedupe.group(["Ngắn.", "Ngắn.", "", ""]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("outlets", "hours", "second", "same"),
    [
        ("ab", 1, WIRE[:5], True),
        ("aa", 1, WIRE[:5], False),
        ("aa", 1, [*WIRE[:7], WIRE[7][:60]], True),
        ("ab", 30, [*OTHER[:3], *WIRE[:5]], False),
        ("ab", 1, [*OTHER[:1], *WIRE[:5]], True),
        ("ab", 24 * 40, WIRE[:6], False),
        ("ab", 24 * 40, WIRE, True),
    ],
    ids=["two outlets", "one outlet", "one outlet, same", "next day", "same hour", "after a month", "again in full"],
)
def test_outlet_and_time_tell_copies_from_follow_ups(
    outlets: str,
    hours: int,
    second: list[str],
    same: bool,  # noqa: FBT001 - a case
) -> None:
    """Within one outlet, or long after, only near identity is a copy."""
    groups = dedupe.group([text(WIRE), text(second)], outlets=outlets, times=[NOON, NOON + hours * HOUR])
    assert (groups[0] == groups[1]) is same


def candidate(id_: int, outlet: str, paragraphs: list[str], *, at: int = 0, story_: int | None = None) -> Candidate:
    body = text(paragraphs)
    head = outlet if story_ is None else "x"
    moment = NOON + at * HOUR
    return Candidate(id_, outlet, body, "", dedupe.sketch(body).text_hash, moment, story_ or id_, head, moment)


def test_other_matches_are_kept_as_relations() -> None:
    """The best match is the story; the outlet's own earlier article is followed up; the rest overlap."""
    known = Known(
        candidates=(candidate(1, "a", WIRE), candidate(2, "b", WIRE[:6], at=1), candidate(3, "c", WIRE[1:], at=2))
    )
    place = dedupe.place(dedupe.sketch(text(WIRE[:7])), known, "b", NOON + 3 * HOUR)
    assert place.match is not None
    assert place.match.story == 1
    assert {(one.article_id, one.kind) for one in place.relations} == {(2, "follow-up"), (3, "overlap")}


def test_an_outlet_that_follows_up_its_own_copy_does_not_copy_the_story_again() -> None:
    """What an outlet writes over its own copy of a story is a follow-up of it, though another outlet's would join."""
    known = Known(candidates=(candidate(1, "a", WIRE), candidate(2, "b", WIRE, story_=1)))
    second = dedupe.sketch(text([*WIRE[:6], *OTHER[:2]]))
    assert dedupe.place(second, known, "c", NOON).match is not None
    assert dedupe.place(second, known, "b", NOON).match is None


@pytest.mark.parametrize(
    ("source", "hours", "leads"),
    [("b", 1, False), ("b", -1, True), ("wire", 1, True), ("wire", -1, True)],
)
def test_the_agencys_own_text_or_else_the_earliest_stands_for_a_story(source: str, hours: int, leads: bool) -> None:  # noqa: FBT001 - a case
    """A copy that came first, or from the agency, takes the lead."""
    known = Known(candidates=(candidate(1, "a", WIRE),))
    at = NOON + hours * HOUR
    match = dedupe.place(dedupe.sketch(text(WIRE)), known, source, at, agencies=frozenset({"wire"})).match
    assert match is not None
    assert match.leads is leads


def test_a_persons_choice_wins() -> None:
    """What was split stays apart, and what was joined stays together, however alike the texts are."""
    one, other = candidate(1, "a", WIRE), candidate(2, "c", OTHER)
    copy = dedupe.sketch(text(WIRE))
    apart = dedupe.place(copy, Known(candidates=(one,), apart=frozenset({1})), "b", NOON)
    joined = dedupe.place(copy, Known(candidates=(one,), together=other), "b", NOON)
    assert apart.match is None
    assert joined.match is not None
    assert (joined.match.story, joined.match.kind) == (2, "chosen")


@pytest.mark.parametrize(
    ("copy", "adds"),
    [
        (WIRE, False),
        (WIRE[:4], False),
        ([*WIRE, OTHER[0]], False),
        ([*WIRE, *OTHER[:3]], True),
        ([*WIRE[:2], *OTHER[:1]], True),
        ([p.replace("nước", "sông") for p in WIRE], False),
    ],
    ids=["same", "cut", "one paragraph of 270 words", "three paragraphs", "a third of a brief", "reworded"],
)
def test_much_new_text_adds_facts(copy: list[str], adds: bool) -> None:  # noqa: FBT001 - a case
    """Three tenths or eighty words that the story does not have are told; rewording is not."""
    assert adds_facts(dedupe.sketch(text(copy)), [dedupe.sketch(text(WIRE))]) is adds


def test_what_another_copy_had_is_not_new() -> None:
    """New text is new to the story, not to its first article."""
    copy, wire, other = (dedupe.sketch(text(p)) for p in ([*WIRE, *OTHER], WIRE, [*WIRE[:3], *OTHER]))
    assert new_syllables(copy, [wire]) == 240
    assert new_syllables(copy, [wire, other]) == 0


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    """Shares lie between nothing and all, a text is wholly like itself, and comparing has no direction."""
    first, second = dedupe.sketch(one), dedupe.sketch(other)
    found = dedupe.likeness(first, second)
    assert found == dedupe.likeness(second, first)
    assert all(
        0 <= share <= 1 for share in (found.contained, found.shared, found.jaccard, found.opening, found.figures)
    )
    assert not first.shingles or dedupe.likeness(first, first).jaccard == 1
    assert 0 <= new_syllables(first, [second]) <= len(first.syllables)
    assert new_syllables(first, [first]) == (len(first.syllables) if not first.shingles else 0)


@given(st.lists(st.sampled_from(WORDS), min_size=40, max_size=3000))
def test_a_sample_is_bounded_and_not_empty(words: list[str]) -> None:
    """Whatever a page holds, it is indexed under a few hashes of 29 bits, and never under none."""
    sample = dedupe.sketch(" ".join(words)).sample
    assert 1 <= len(sample) <= thresholds.MAX_SAMPLED
    assert all(0 <= hash_ < 2**29 for hash_ in sample)
    assert list(sample) == sorted(set(sample))


def test_a_text_without_end_is_cut() -> None:
    """Of four million letters no more is looked at than a long article has."""
    sketch = dedupe.sketch("a b c d e f g h " * 250_000)
    assert len(sketch.syllables) == thresholds.MAX_LETTERS / 2


def test_hashes_are_literal() -> None:
    """An index written by one version of the program is read by the next: new hashes need a new version."""
    words = " ".join(f"từ{n}" for n in range(60))
    assert dedupe.VERSION == 1
    assert dedupe.sketch(words).sample[:3] == (10242658, 67445977, 159774271)


@pytest.mark.skipif(not DATA.exists(), reason=NO_SHARED)
def test_labelled_texts_are_grouped() -> None:
    """On the first 1,500 labelled texts, copies join and hard negatives stay out as well as on all of them."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = sorted(map(json.loads, file), key=lambda row: float(row["ts"]))[:1500]
    rows = [row for row in rows if row["k"] != "roundup"]
    groups = dedupe.group([row["x"] for row in rows])
    pairs = [(i, j) for i in range(len(rows)) for j in range(i)]
    joined = {pair for pair in pairs if groups[pair[0]] == groups[pair[1]]}
    true = {pair for pair in pairs if rows[pair[0]]["c"] == rows[pair[1]]["c"]}
    assert len(true) > 200
    assert len(joined & true) >= 0.98 * len(true)
    assert len(joined & true) >= 0.98 * len(joined)
