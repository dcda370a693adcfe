"""Legal citations in running text."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.documents import Citation, citations


@pytest.mark.parametrize(
    ("text", "number", "kind", "body", "year"),
    [
        ("Nghị định 28/2022/NĐ-CP về tín dụng", "28/2022/NĐ-CP", "Nghị định", "CP", 2022),
        ("Quyết định số 1719/QĐ-TTg ngày 14/10/2021", "1719/QĐ-TTg", "Quyết định", "TTg", 2021),
        ("Quyết định 1719/QĐ-TTg, ngày 14-10-2021", "1719/QĐ-TTg", "Quyết định", "TTg", 2021),
        ("Quyết định 522/QĐ-UBND năm 2020", "522/QĐ-UBND", "Quyết định", "UBND", 2020),
        ("Nghị quyết 88/2019/QH14", "88/2019/QH14", "Nghị quyết", "QH14", 2019),
        ("Luật số 31/2024/QH15", "31/2024/QH15", "Luật", "QH15", 2024),
        ("Bộ luật 45/2019/QH14", "45/2019/QH14", "Bộ luật", "QH14", 2019),
        ("văn kiện 31/2024/QH15", "31/2024/QH15", "Văn bản", "QH15", 2024),
        ("Nghị quyết 1211/2016/UBTVQH13", "1211/2016/UBTVQH13", "Nghị quyết", "UBTVQH13", 2016),
        ("Chỉ thị 27-CT/TW", "27-CT/TW", "Chỉ thị", "TW", None),
        ("Nghị quyết số 21-NQ/TƯ, ngày 22-11-2012", "21-NQ/TW", "Nghị quyết", "TW", 2012),
        ("Quy định 41-QĐ/TW", "41-QĐ/TW", "Quy định", "TW", None),
        ("Quyết định 99-QĐ/TW", "99-QĐ/TW", "Quyết định", "TW", None),
        ("Hướng dẫn 36 - HD/BTCTW", "36-HD/BTCTW", "Hướng dẫn", "BTCTW", None),
        ("Chương trình 03-CTr/TU", "03-CTr/TU", "Chương trình", "TU", None),
        ("01/2021/TTLT-BTP-BNV", "01/2021/TTLT-BTP-BNV", "Thông tư liên tịch", "BTP-BNV", 2021),
        ("10/2026/VBHN-NĐ-BNV", "10/2026/VBHN-NĐ-BNV", "Văn bản hợp nhất", "BNV", 2026),
        ("công văn 1234/UBND-KGVX", "1234/UBND-KGVX", "Công văn", "UBND", None),
        ("văn bản số 422/UBND-GD&ĐT", "422/UBND-GD&ĐT", "Công văn", "UBND", None),
        ("Công văn số 77/EVN-KH", "77/EVN-KH", "Công văn", "EVN", None),
        ("Thông tư 5/2023/TT-BGDĐT", "05/2023/TT-BGDĐT", "Thông tư", "BGDĐT", 2023),
        ("Nghị quyết 30c/NQ-CP", "30c/NQ-CP", "Nghị quyết", "CP", None),
        ("Công điện 02/CĐ-TTG", "02/CĐ-TTg", "Công điện", "TTg", None),
        ("Lệnh 13/2022/L-CTN", "13/2022/L-CTN", "Lệnh", "CTN", 2022),
    ],
)
def test_forms(text: str, number: str, kind: str, body: str, year: int | None) -> None:
    """Each form of number is read with its type, body and year."""
    (found,) = citations(text)
    assert (found.number, found.type, found.body, found.year) == (number, kind, body, year)


@pytest.mark.parametrize(
    "written",
    [
        "28/2022/NĐ-CP",
        "28/2022/NÐ-CP",
        "28/2022/NƉ-CP",
        "28/2022/NĐ–CP",
        "28/2022/NĐ‑CP",
        "28 / 2022 / NĐ - CP",
        "28/2022/ NĐ-CP",
        "28/2022/NĐ/CP",
        "28/2022/NĐCP",
        "28/2022/ND-CP",
    ],
)
def test_spellings_of_one_number(written: str) -> None:
    """Spaces, dashes and the three letters that look like Đ lead to one number, at its place in the text."""
    text = f"Theo {written} - Trung ương nói"
    start = text.index(written)
    expected = Citation("28/2022/NĐ-CP", "Nghị định", "CP", 2022, (start, start + len(written)), written)
    assert citations(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "bản án số 12/2020/HS-ST",
        "bản án 05/2019/DS-GĐT",
        "QCVN 01:2021/BYT",
        "QCVN 41/2019/QĐ-BGTVT",
        "TCVN 5574:2018",
        "TCVN 7/2020/TT-BXD",
        "ngày 12/3/2024",
        "tháng 12/2022",
        "giá 5.000/m2, 2.800 tỷ đồng",
        "chạy 80 km/h",
        "tỷ lệ 15/63",
        "máy bay Boeing 737-MAX/8",
        "xe 51F-123.45",
        "điện thoại 0912/345-678",
        "trang x.vn/28/2022/NĐ-CP",
        "24/7",
        "10/2020/XYZ-ABC",
    ],
)
def test_what_is_no_document(text: str) -> None:
    """Judgments, standards, dates, money, speeds, models and addresses are not documents."""
    assert citations(text) == []


def test_several_in_order() -> None:
    """State and party numbers come in the order of the text, and again when named again."""
    text = "Theo 27-CT/TW, 28/2022/NĐ-CP; 60/NQ-CP và lại 27-CT/TW."
    assert [found.number for found in citations(text)] == ["27-CT/TW", "28/2022/NĐ-CP", "60/NQ-CP", "27-CT/TW"]


@given(st.text(alphabet="0129/-–. NĐÐQTWCPđbàệ\u0301\u0323", max_size=60), st.booleans())
def test_spans_point_into_the_text_given(noise: str, decomposed: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever stands around, nothing raises and every span holds what was written."""
    text = f"{noise} Nghị định số 28/2022/NĐ-CP {noise}"
    text = unicodedata.normalize("NFD", text) if decomposed else text
    assert all(text[slice(*found.span)] == found.written for found in citations(text))


CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases/citations.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    """Every form, slip, short name and decoy of the case file is read as it says."""
    found = citations(case["text"])
    assert [citation.number for citation in found] == [
        wanted if isinstance(wanted, str) else wanted["number"] for wanted in case["documents"]
    ]
    for wanted, citation in zip(case["documents"], found, strict=True):
        if not isinstance(wanted, str):
            assert {name: getattr(citation, name) for name in wanted} == wanted


def test_cases_are_many_and_a_third_are_decoys() -> None:
    """The case file is large enough for what is said of it."""
    assert len(CASES) >= 300
    assert sum(not case["documents"] for case in CASES) * 3 >= len(CASES)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định 28/2022/NĐ-CP và Nghị định 28/2018/NĐ-CP; Nghị định 28", ["28/2018/NĐ-CP"]),
        ("Nghị định 28; sau là Nghị định 28/2022/NĐ-CP", ["28/2022/NĐ-CP"]),
        ("Nghị quyết 28/NQ-CP và Nghị định 28", ["Nghị định 28"]),
        ("Luật Đất đai 2013 và Luật Đất đai số 31/2024/QH15; Luật Đất đai 2013", ["Luật Đất đai 2013"] * 2),
        ("Luật Đất đai số 31/2024/QH15, Luật Nhà ở 2023, Luật Nhà ở", ["Luật Nhà ở 2023"]),
    ],
)
def test_short_names_are_tied(text: str, numbers: list[str]) -> None:
    """A short name gets the number of its own type that stands before it, else any the text gives, else none."""
    assert [citation.number for citation in citations(text) if citation.name] == numbers


@pytest.mark.parametrize(
    "unit", ["1", "1/", "28/2022/", "Nghị định ", "28-", "Luật ", "luật đất đai ", "số 1 ", "(", "Đ-"]
)
def test_long_repetitions_are_read_to_the_end(unit: str) -> None:
    """However often one thing is repeated, the text is read through, with spans that lie in it."""
    text = unit * (100_000 // len(unit))
    assert all(0 <= start < end <= len(text) for start, end in (citation.span for citation in citations(text)))


_PIECES = [
    "Nghị định ",
    "Luật Đất đai ",
    "28",
    "/2022",
    "/NĐ-CP",
    " số ",
    "2024",
    "Chương trình ",
    "135",
    ", ",
    " và ",
    "QH15",
    "/",
    "-",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_any_mix_of_pieces_is_read(text: str) -> None:
    """Whatever is joined, citations come in order, hold what stands in their span and have a key."""
    found = citations(text)
    assert [citation.span for citation in found] == sorted(citation.span for citation in found)
    assert all(citation.number and text[slice(*citation.span)] == citation.written for citation in found)
