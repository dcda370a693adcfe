"""Provinces in running text."""

from __future__ import annotations

import json
import os
import tomllib
import unicodedata
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from scraper.places import ALIASES, FORMER, PRESENT, districts, provinces

SHARED = Path(os.environ.get("SCRAPER_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def test_the_table_is_whole() -> None:
    """34 provinces stand for the 63 of before: 11 unchanged, 23 merged from 52."""
    former = [name for names in FORMER.values() for name in names]
    renamed = "Thừa Thiên Huế"
    assert len(PRESENT) == len(set(PRESENT.values())) == 34
    assert len(former) == len(set(former))
    assert len({*PRESENT.values(), *former} - {renamed}) == 63
    assert {*FORMER, *ALIASES} <= set(PRESENT.values())


@pytest.mark.skipif(not SHARED.exists(), reason="needs the list kept beside the checkout in ../shared")
def test_the_table_agrees_with_the_resolution() -> None:
    """Every name and alias of the list made from Resolution 202/2025/QH15 is found, under the right province."""
    table = json.loads((SHARED / "vietnam/provinces.json").read_text(encoding="utf-8"))
    present = {old: new for new, olds in table["merged"].items() for old in olds}
    present |= {name: name for name in table["unchanged"]}
    wanted = {**present, **{alias: present[name] for alias, name in table["aliases"].items()}}
    found = {name: [province.name for province in provinces(name)] for name in wanted}
    assert found == {name: [province] for name, province in wanted.items()}


@pytest.mark.parametrize("name", [*PRESENT.values(), *(old for olds in FORMER.values() for old in olds)])
@pytest.mark.parametrize("form", ["Tại tỉnh {}, dân vui.", "CÔNG AN TỈNH {}", "{}: dân vui", "(ở {})"])
def test_every_name_is_found(name: str, form: str) -> None:
    """Each present and former name is found in a sentence, in capitals, as a dateline and in brackets."""
    if name == "Hồ Chí Minh":
        name = "TP Hồ Chí Minh"
    text = form.format(name.upper() if form.isupper() or "CÔNG" in form else name)
    (found,) = provinces(text)
    assert text[slice(*found.span)] == found.written
    assert PRESENT[found.code] == found.name


@pytest.mark.parametrize(
    ("text", "code", "written"),
    [
        ("huyện Đà Bắc, tỉnh Hoà Bình", "25", "Hoà Bình"),
        ("UBND tỉnh Ðắk Lắk", "66", "Ðắk Lắk"),
        ("người dân Đắc Lắc", "66", "Đắc Lắc"),
        ("Thừa Thiên - Huế", "46", "Thừa Thiên - Huế"),
        ("Bà Rịa–Vũng Tàu", "79", "Bà Rịa–Vũng Tàu"),
        ("ở TPHCM.", "79", "TPHCM"),
        ("TP. Hồ Chí Minh", "79", "Hồ Chí Minh"),
        ("Hồ Chí Minh", "79", "Hồ Chí Minh"),
        ("thành phố Huế", "46", "Huế"),
        ("tỉnh Hà Nam", "37", "Hà Nam"),
        ("hồ Hòa Bình", "25", "Hòa Bình"),
        ("TP Thái Bình", "33", "Thái Bình"),
    ],
)
def test_spellings(text: str, code: str, written: str) -> None:
    """Other spellings, former names and short names lead to the present-day code."""
    (found,) = provinces(text)
    assert (found.code, found.written) == (code, written)


@pytest.mark.parametrize(
    "text",
    [
        "mong muốn hòa bình và ổn định",
        "giải Nobel Hòa bình",
        "giải Nobel Hòa Bình",
        "khu vực châu Á - Thái Bình Dương",
        "ông Trương Hòa Bình",
        "bà Nguyễn Thị Huế",
        "chị Huế",
        "nghệ sĩ Trần Long An",
        "đường Hà Giang",
        "phường Tây Ninh",
        "Công ty Hòa Bình",
        "tư tưởng Hồ Chí Minh",
        "Đoàn Thanh niên Cộng sản Hồ Chí Minh",
        "chiến thắng Điện Biên Phủ",
        "tỉnh Hà Nam (Trung Quốc)",
        "tỉnh Hà Nam của Trung Quốc",
        "báo Sài Gòn Giải Phóng",
        "hà nội",
        "XHà Nội, Hà Nộix",
        "",
    ],
)
def test_what_is_no_province(text: str) -> None:
    """Peace, an ocean, people, streets, wards, companies, battles and Henan are not provinces."""
    assert provinces(text) == []


def test_several_in_order() -> None:
    """All names of a list are found, the city of three names too when it stands among others."""
    text = "Hà Nội, Hồ Chí Minh, Đà Nẵng và Quảng Nam - Quảng Ngãi"
    assert [found.code for found in provinces(text)] == ["01", "79", "48", "48", "51"]
    assert [found.code for found in provinces("Hồ Chí Minh và Hà Nội")] == ["79", "01"]


@given(st.text(alphabet="HàÀ\u0300 NộiHuếĐồng -–,.TP", max_size=60), st.booleans())
def test_spans_point_into_the_text_given(noise: str, decomposed: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever stands around, nothing raises and every span holds the name as written."""
    text = f"{noise} tỉnh Hòa Bình {noise}"
    text = unicodedata.normalize("NFD", text) if decomposed else text
    assert all(text[slice(*found.span)] == found.written for found in provinces(text))


def _cases(kind: str) -> list[ParameterSet]:
    """The cases of one file."""
    table = tomllib.loads((Path(__file__).parent / f"cases/{kind}.toml").read_text(encoding="utf-8"))
    return [pytest.param(case["text"], case["names"]) for case in table["case"]]


@pytest.mark.parametrize(("text", "names"), _cases("provinces"))
def test_provinces_in_context(text: str, names: list[str]) -> None:
    """Each text names these present-day provinces, in this order."""
    assert [found.name for found in provinces(text)] == names


@pytest.mark.parametrize(("text", "names"), _cases("districts"))
def test_districts_in_context(text: str, names: list[str]) -> None:
    """Each text names these smaller units, in this order."""
    assert [found.name for found in districts(text)] == names


@given(st.text(alphabet="HàÀ\u0300 huyện các xã,và-Q.1'", max_size=60))
def test_district_spans(noise: str) -> None:
    """Whatever the text, every span holds the unit as written."""
    text = unicodedata.normalize("NFD", f"{noise} các huyện Bảo Lâm và Hà Quảng {noise}")
    assert all(text[slice(*found.span)] == found.written for found in districts(text))
