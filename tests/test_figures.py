"""Figures taken apart: value, unit, what they measure, target or result."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.figures import MOST, Figure, figures


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("8%", 8.0, "%"),
        ("8 %", 8.0, "%"),
        ("8 phần trăm", 8.0, "%"),
        ("4,24%", 4.24, "%"),
        ("0.5%", 0.5, "%"),
        ("1,5 điểm phần trăm", 1.5, "điểm phần trăm"),
        ("44 triệu đồng", 44e6, "đồng"),
        ("44 triệu đồng/người/năm", 44e6, "đồng/người/năm"),
        ("500 đồng", 500.0, "đồng"),
        ("2.800 tỷ đồng", 2.8e12, "đồng"),
        ("2.800 tỉ đồng", 2.8e12, "đồng"),
        ("1.234,5 tỷ đồng", 1.2345e12, "đồng"),
        ("21 nghìn tỷ đồng", 21e12, "đồng"),
        ("30.000 tỷ đồng", 30e12, "đồng"),
        ("1 tỷ 200 triệu đồng", 1.2e9, "đồng"),
        ("350 nghìn đồng/tháng", 350e3, "đồng/tháng"),
        ("350 ngàn đồng", 350e3, "đồng"),
        ("500.000đ", 500e3, "đồng"),
        ("3 triệu USD", 3e6, "USD"),
        ("2 triệu đô la Mỹ", 2e6, "đô la mỹ"),
        ("12.345 hộ", 12345.0, "hộ"),
        ("312 hộ nghèo", 312.0, "hộ nghèo"),
        ("1.918 hộ cận nghèo", 1918.0, "hộ cận nghèo"),
        ("1,5 triệu lượt khách", 1.5e6, "lượt khách"),
        ("3 vạn người", 3e4, "người"),
        ("20 nghìn lao động", 2e4, "lao động"),
        ("17 xã", 17.0, "xã"),
        ("11,63 tiêu chí", 11.63, "tiêu chí"),
        ("120 căn nhà", 120.0, "căn nhà"),
        ("5 dự án", 5.0, "dự án"),
        ("300.000 thẻ BHYT", 300e3, "thẻ bhyt"),
        ("3,2 ha", 3.2, "ha"),
        ("25 km", 25.0, "km"),
        ("120 km2", 120.0, "km2"),
        ("36m2", 36.0, "m2"),
        ("7,2 tấn/ha", 7.2, "tấn/ha"),
        ("150 MW", 150.0, "MW"),
        ("42 kg", 42.0, "kg"),
    ],
)
def test_value_and_unit(text: str, value: float, unit: str) -> None:
    """Decimal commas, thousands' dots and words for scales are multiplied out; the unit stands as written."""
    (figure,) = figures(text)
    assert figure.value == pytest.approx(value)
    assert (figure.unit, figure.high) == (unit, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("giảm 3 - 5%", 3.0, 5.0),
        ("giảm 3-5%", 3.0, 5.0),
        ("từ 3 đến 5%", 3.0, 5.0),
        ("10 đến 12 tỷ đồng", 10e9, 12e9),
        ("40 – 50 triệu đồng", 40e6, 50e6),
        ("2,5 tới 3 ha", 2.5, 3.0),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    """A range is one figure with both ends in the same unit."""
    (figure,) = figures(text)
    assert (figure.value, figure.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("Tỷ lệ hộ nghèo giảm còn 8 %", "Tỷ lệ hộ nghèo"),
        ("Đến nay, tỷ lệ hộ nghèo còn 4,2%", "tỷ lệ hộ nghèo"),
        ("thu nhập bình quân đầu người đạt 44 triệu đồng/người/năm", "thu nhập bình quân đầu người"),
        ("với tổng kinh phí hơn 12 tỷ đồng", "tổng kinh phí"),
        ("tổng vốn 2.800 tỷ đồng", "tổng vốn"),
        ("giải ngân được 96 tỷ đồng", "giải ngân"),
        ("mức hỗ trợ là 60 triệu đồng/hộ", "mức hỗ trợ"),
        ("17 xã đạt chuẩn nông thôn mới", "đạt chuẩn nông thôn mới"),
        ("Tuần qua 312 hộ nghèo nhận nhà mới, xã vui", "nhận nhà mới"),
        ("5 dự án", ""),
    ],
)
def test_what_is_measured(text: str, measures: str) -> None:
    """What a figure measures is told in the sentence's own words: before a rate or a sum, after things counted."""
    assert figures(text)[0].measures == measures


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("Huyện phấn đấu giảm 3% hộ nghèo", "target"),
        ("Mục tiêu đến năm 2030 có 80% số xã đạt chuẩn", "target"),
        ("Kế hoạch năm nay trồng 500 ha rừng", "target"),
        ("Tỉnh dự kiến chi 20 tỷ đồng", "target"),
        ("Xã đã trao 12 căn nhà", "result"),
        ("Đến nay giải ngân đạt 96%", "result"),
        ("Tỷ lệ hộ nghèo giảm còn 8%", "result"),
        ("Từ Chương trình mục tiêu quốc gia, xã đã xây 12 căn nhà", "result"),
        ("Kế hoạch là 500 ha, nhưng xã đã trồng 620 ha", "result"),
        ("20 tỷ đồng", ""),
    ],
)
def test_targets_and_results(text: str, aim: str) -> None:
    """What is aimed at is told from what was reached, by the words before it in the sentence."""
    assert figures(text)[-1].aim == aim


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("thu nhập tăng 12%", "up"),
        ("tăng thêm 2 điểm phần trăm", "up"),
        ("hộ nghèo giảm khoảng 4%", "down"),
        ("hộ nghèo giảm còn 4%", ""),
        ("tăng lên 12 triệu đồng", ""),
    ],
)
def test_rises_and_falls(text: str, change: str) -> None:
    """The size of a rise or fall is told from the level reached by it."""
    assert figures(text)[0].change == change


@pytest.mark.parametrize("word", ["khoảng", "gần", "hơn", "trên", "Gần"])
def test_about(word: str) -> None:
    """A figure that is about right says so."""
    assert figures(f"{word} 300 hộ")[0].approx
    assert not figures("có 300 hộ")[0].approx


@pytest.mark.parametrize(
    "text",
    [
        "ngày 15/8/2025",
        "năm 2024 người dân",
        "từ 2021 đến 2025",
        "giai đoạn 2021-2025",
        "lúc 8 giờ",
        "Nghị định 28/2022/NĐ-CP",
        "Nghị định 28",
        "Điều 5, khoản 2",
        "số 15 Nguyễn Trãi",
        "lần thứ 3",
        "thứ 5",
        "điện thoại 024.3825.1234",
        "thắng 3-0",
        "Quốc lộ 1A",
        "QCVN 01-1:2018/BYT",
        "",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    """Dates, years, hours, documents, articles, addresses, ranks and scores are no figures."""
    assert figures(text) == []


def _lies_in(text: str, found: list[Figure]) -> bool:
    spans = [figure.span for figure in found]
    apart = all(before[1] <= after[0] for before, after in pairwise(spans))
    return apart and all(text[slice(*figure.span)] == figure.written for figure in found)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Whatever the text, spans are in order, apart, and hold what was written."""
    assert _lies_in(text, figures(text))


_PIECES = [
    "giảm ",
    "tỷ lệ ",
    "28",
    ".000",
    ",5",
    " tỷ",
    " đồng",
    "/người",
    "%",
    " hộ",
    " - ",
    "\n",
    ". ",
    "đến năm 2030 ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_any_mix_of_pieces_is_read(text: str) -> None:
    """However numbers, scales and units are joined, spans are in order, apart, and hold what was written."""
    assert _lies_in(text, figures(text))


@pytest.mark.parametrize("unit", ["1", "1.", "1.000.", "8% ", "1 tỷ ", "tỷ lệ ", "1 - "])
def test_long_repetitions_are_read_to_the_end(unit: str) -> None:
    """However often one thing is repeated, the text is read through."""
    text = unit * (60_000 // len(unit))
    found = figures(text)
    assert _lies_in(text, found)
    assert len(found) <= MOST
