"""Where the parts of a plot stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.places import PRESENT
from scraper.values import POLICY
from scraper.web import plots

LAST = date(2026, 3, 2)
START = datetime(2026, 3, 2, 5, tzinfo=UTC)
COUNTS = st.dictionaries(st.sampled_from(POLICY), st.integers(0, 10_000))


@given(st.dictionaries(st.dates(LAST - timedelta(days=40), LAST), COUNTS))
def test_bars_stand_on_each_other_within_the_chart(counts: dict[date, dict[str, int]]) -> None:
    """Each day's bars stack from the ground without gaps, as high as its stories, and none leaves the drawing."""
    chart = plots.chart(counts, LAST, days=30)
    assert [day.on for day in chart.days] == [LAST - timedelta(days=back) for back in range(29, -1, -1)]
    top = max(value for value, _ in chart.lines)
    for day in chart.days:
        assert dict(day.counts) == {label: counts.get(day.on, {}).get(label, 0) for label in POLICY}
        ground = chart.height
        for bar in day.bars:
            assert bar.y + bar.height == pytest.approx(ground, abs=0.2)
            assert day.x <= bar.x <= bar.x + bar.width <= day.x + day.width
            ground = bar.y
        assert ground == pytest.approx(chart.height - day.total / top * chart.height, abs=0.4)
        assert ground >= -0.4


@pytest.mark.parametrize(
    ("most", "scale"), [(0, 2), (1, 2), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (21, 40), (99, 100), (101, 200)]
)
def test_the_scale_ends_on_a_round_number(most: int, scale: int) -> None:
    """The scale's end is the next of 2, 4, 6, 10, 20, 40, ..., and its middle is drawn too."""
    chart = plots.chart({LAST: {"implementation": most}}, LAST)
    assert [value for value, _ in chart.lines] == [scale // 2, scale]


def test_every_province_has_a_tile_of_its_own() -> None:
    """The map has all 34 provinces, no two on one place, and is as large as its tiles reach."""
    tiles = plots.tiles({})
    width, height = plots.tile_map_size()
    assert {tile.code: tile.name for tile in tiles} == PRESENT
    assert len({(tile.x, tile.y) for tile in tiles}) == len(PRESENT)
    assert max(tile.x for tile in tiles) + plots.TILE_WIDTH == width
    assert max(tile.y for tile in tiles) + plots.TILE_HEIGHT == height


@given(st.dictionaries(st.sampled_from(list(PRESENT)), st.integers(0, 10**6)))
def test_shades_follow_the_counts(counts: dict[str, int]) -> None:
    """None is unshaded only without stories, the highest has the darkest shade, and more is never lighter."""
    tiles = sorted(plots.tiles(counts), key=lambda tile: tile.count)
    assert all((tile.step == 0) == (tile.count == 0) for tile in tiles)
    assert [tile.step for tile in tiles] == sorted(tile.step for tile in tiles)
    assert tiles[-1].step == (plots.STEPS if tiles[-1].count else 0)


def test_the_map_is_like_the_country() -> None:
    """Provinces lie to each other as on a map: Cao Bằng in the north, Cà Mau in the south, Điện Biên west of Hà Nội."""
    at = {tile.name: (tile.x, tile.y) for tile in plots.tiles({})}
    assert at["Cao Bằng"][1] == 0
    assert at["Cà Mau"][1] == max(y for _, y in at.values())
    assert at["Điện Biên"][0] < at["Hà Nội"][0] < at["Quảng Ninh"][0]
    down = ["Hà Nội", "Thanh Hóa", "Nghệ An", "Quảng Trị", "Huế", "Quảng Ngãi", "Đắk Lắk", "Đồng Nai", "Cà Mau"]
    assert [at[name][1] for name in down] == sorted({at[name][1] for name in down})


@given(st.lists(st.timedeltas(timedelta(), timedelta(days=400)), max_size=20))
def test_a_life_goes_from_left_to_right(ages: list[timedelta]) -> None:
    """Later is further right, all lies on the line, and early hours have more room than late ones."""
    events = [(START + age, "revision", number) for number, age in enumerate(sorted(ages))]
    dots = plots.life(START, events, width=600)
    assert [dot.x for dot in dots] == sorted(dot.x for dot in dots)
    assert all(0 <= dot.x <= 600 for dot in dots)
    marks = plots.life_marks(START, events, width=600)
    assert [x for _, x in marks] == sorted(x for _, x in marks)


def test_what_came_before_the_story_is_drawn_at_its_beginning() -> None:
    """A copy that an outlet dates before the story stands at the line's beginning, not beside the drawing."""
    assert plots.life(START, [(START - timedelta(days=1), "copy", 2)])[0].x == 0
