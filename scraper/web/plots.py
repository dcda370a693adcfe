"""Where the parts of a plot stand, in the units of its drawing; templates draw them, each with a table beside it.

Pure. Nothing here knows colours or words: classes of ``style.css`` colour, templates speak.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scraper.places import PRESENT
from scraper.values import POLICY

STEPS = 5
"""Shades of the tile map: more cannot be told apart."""

TILE_WIDTH, TILE_HEIGHT, GAP = 72, 34, 4

# Where each province lies: column and row, west to east and north to south, as near to the map as tiles can be.
_TILES = {
    "12": (1, 0), "15": (2, 0), "08": (3, 0), "04": (4, 0),
    "11": (0, 1), "14": (1, 1), "25": (2, 1), "19": (3, 1), "20": (4, 1),
    "01": (2, 2), "24": (3, 2), "22": (4, 2),
    "37": (2, 3), "33": (3, 3), "31": (4, 3),
    "38": (2, 4), "40": (2, 5), "42": (2, 6), "44": (3, 7), "46": (3, 8), "48": (4, 8), "51": (4, 9),
    "52": (4, 10), "66": (4, 11),
    "80": (1, 12), "75": (2, 12), "68": (3, 12), "56": (4, 12),
    "91": (0, 13), "82": (1, 13), "79": (2, 13),
    "92": (0, 14), "86": (1, 14), "96": (0, 15),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One label's part of one day: a rectangle."""

    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart: its bars from the ground up, and its counts."""

    on: date
    bars: tuple[Bar, ...]
    counts: Mapping[str, int]
    x: float
    width: float

    @property
    def total(self) -> int:
        """Stories of all labels."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Chart:
    """Days side by side. ``lines`` are the numbers of the scale and their heights."""

    days: tuple[Day, ...]
    lines: tuple[tuple[int, float], ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One province of the map; ``step`` is its shade, 0 for none to :data:`STEPS`."""

    code: str
    name: str
    count: int
    step: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One thing that befell a story, on the line of its life."""

    x: float
    kind: str
    at: datetime
    number: int


def chart(counts: Mapping[date, Mapping[str, int]], last: date, *, days: int = 30, height: float = 110) -> Chart:
    """Stories per day by label, up to a day and with it; days without any are there too.

    Args:
        counts: By day and label; labels that are no policy news are left out.
        last: The last day.
        days: How many.
        height: Of the highest bar.
    """
    shown = [last - timedelta(days=back) for back in reversed(range(days))]
    of_day: dict[date, dict[str, int]] = {
        day: {label: counts.get(day, {}).get(label, 0) for label in POLICY} for day in shown
    }
    top = _round_up(max((sum(each.values()) for each in of_day.values()), default=0))
    width = 20.0
    drawn = []
    for number, (day, parts) in enumerate(of_day.items()):
        x, y, bars = number * width, height, []
        for label, count in parts.items():
            tall = count / top * height
            y -= tall
            if count:
                bars.append(Bar(label, x + 2, round(y, 1), width - 4, round(tall, 1)))
        drawn.append(Day(day, tuple(bars), parts, x, width))
    lines = tuple((value, round(height - value / top * height, 1)) for value in (top // 2, top) if value)
    return Chart(tuple(drawn), lines, days * width, height)


def _round_up(most: int) -> int:
    """The top of the scale: 2, 4, 6, 10, 20, 40, ... so that half of it is a whole number."""
    if most <= 0:
        return 2
    power = int(10 ** math.floor(math.log10(most)))
    return next(step * power for step in (2, 4, 6, 10, 20) if step * power >= most)


def tiles(counts: Mapping[str, int]) -> list[Tile]:
    """All 34 provinces, each with its count and a shade by its part of the highest.

    Args:
        counts: Stories by province code.
    """
    most = max(counts.values(), default=0)
    return [
        Tile(
            code,
            name,
            counts.get(code, 0),
            math.ceil(counts.get(code, 0) / most * STEPS) if most else 0,
            _TILES[code][0] * (TILE_WIDTH + GAP),
            _TILES[code][1] * (TILE_HEIGHT + GAP),
        )
        for code, name in PRESENT.items()
    ]


def tile_map_size() -> tuple[int, int]:
    """Width and height of the tile map."""
    columns, rows = (max(place[axis] for place in _TILES.values()) + 1 for axis in (0, 1))
    return columns * (TILE_WIDTH + GAP) - GAP, rows * (TILE_HEIGHT + GAP) - GAP


def life(start: datetime, events: Sequence[tuple[datetime, str, int]], *, width: float = 600) -> list[Dot]:
    """A story's life on a line on which time is drawn out at the beginning, as most edits come early.

    Args:
        start: When the story came out, aware UTC.
        events: Moment, kind and number of each thing that befell it.
        width: Length of the line.
    """
    return [Dot(round(_along(start, at, events) * width, 1), kind, at, number) for at, kind, number in events]


def life_marks(
    start: datetime, events: Sequence[tuple[datetime, str, int]], *, width: float = 600
) -> list[tuple[str, float]]:
    """Ages written under that line, and where."""
    ages = {"1 h": 1, "6 h": 6, "1 d": 24, "3 d": 72, "7 d": 168, "30 d": 720, "1 y": 8760}
    placed = [(name, _along(start, start + timedelta(hours=hours), events)) for name, hours in ages.items()]
    return [(name, round(share * width, 1)) for name, share in placed if share <= 1]


def _along(start: datetime, at: datetime, events: Sequence[tuple[datetime, str, int]]) -> float:
    """How far along the line a moment lies, 0 to 1: by the logarithm of its age."""
    longest = max([timedelta(hours=1), *(moment - start for moment, _, _ in events)])
    return _age(at - start) / _age(longest)


def _age(passed: timedelta) -> float:
    return math.log1p(max(passed / timedelta(minutes=30), 0))


def shares(counts: Mapping[str, int]) -> list[tuple[str, int, float]]:
    """Names with their count and their share of the highest, for a row of bars."""
    most = max(counts.values(), default=1) or 1
    return [(name, count, count / most) for name, count in counts.items()]
