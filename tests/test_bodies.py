"""Public bodies, what they do, and officials with their titles."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.bodies import Body, Official, bodies, officials


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("UBND tỉnh Cao Bằng họp", "UBND tỉnh Cao Bằng"),
        ("Ủy ban nhân dân tỉnh Cao Bằng họp", "UBND tỉnh Cao Bằng"),
        ("Uỷ ban nhân dân huyện Bảo Lạc họp", "UBND huyện Bảo Lạc"),
        ("UBND TP. Huế họp", "UBND thành phố Huế"),
        ("UBND tỉnh họp", "UBND tỉnh"),
        ("UBND xã Sơn Lộ họp", "UBND xã Sơn Lộ"),
        ("HĐND tỉnh Lào Cai họp", "HĐND tỉnh Lào Cai"),
        ("Hội đồng nhân dân phường Tân An họp", "HĐND phường Tân An"),
        ("Tỉnh ủy Cao Bằng họp", "Tỉnh ủy Cao Bằng"),
        ("Bộ Y tế họp", "Bộ Y tế"),
        ("Bộ GD&ĐT họp", "Bộ Giáo dục và Đào tạo"),
        ("Bộ Nông nghiệp và Môi trường họp", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ LĐ-TB&XH họp", "Bộ Lao động - Thương binh và Xã hội"),
        ("Sở Nội vụ họp", "Sở Nội vụ"),
        ("Sở Y tế tỉnh Lào Cai họp", "Sở Y tế tỉnh Lào Cai"),
        ("Thủ tướng họp", "Thủ tướng Chính phủ"),
        ("Thủ tướng Chính phủ họp", "Thủ tướng Chính phủ"),
        ("Chính phủ họp", "Chính phủ"),
        ("Thanh tra Chính phủ họp", "Thanh tra Chính phủ"),
        ("Kiểm toán Nhà nước họp", "Kiểm toán Nhà nước"),
        ("Quốc hội họp", "Quốc hội"),
        ("Ủy ban Thường vụ Quốc hội họp", "Ủy ban Thường vụ Quốc hội"),
        ("Ngân hàng Chính sách xã hội họp", "Ngân hàng Chính sách xã hội"),
        ("BHXH Việt Nam họp", "Bảo hiểm xã hội Việt Nam"),
        ("MTTQ huyện họp", "Mặt trận Tổ quốc huyện"),
        ("Hội Nông dân xã họp", "Hội Nông dân xã"),
        ("Ban Dân tộc tỉnh họp", "Ban Dân tộc tỉnh"),
        ("UBND tỉnh Cao Bằng Nguyễn Văn A", "UBND tỉnh Cao Bằng"),
        ("UBND tỉnh Nguyễn Văn A", "UBND tỉnh"),
    ],
)
def test_one_name_for_all_spellings(text: str, name: str) -> None:
    """A body has one name however it is written, and ends before the name of its official."""
    assert [body.name for body in bodies(text)] == [name]


@pytest.mark.parametrize("text", ["bộ bàn ghế", "sở thích", "Bộ phim mới", "người dân họp", "hội nông dân", ""])
def test_what_is_no_body(text: str) -> None:
    """Everyday words that look alike are no bodies."""
    assert bodies(text) == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("UBND tỉnh ban hành kế hoạch", "issuing"),
        ("UBND tỉnh vừa ban hành kế hoạch", "issuing"),
        ("Thủ tướng Chính phủ ký Quyết định", "issuing"),
        ("HĐND tỉnh thông qua nghị quyết", "issuing"),
        ("theo Nghị định 28 của Chính phủ", "issuing"),
        ("thực hiện Quyết định số 22 của UBND tỉnh", "issuing"),
        ("Sở Nội vụ phối hợp với các huyện", "carrying out"),
        ("UBND huyện Bảo Lạc giao các xã", "carrying out"),
        ("Ngân hàng Chính sách xã hội giải ngân 12 tỷ đồng", "carrying out"),
        ("Hội Nông dân xã vận động bà con", "carrying out"),
        ("Bộ Y tế cho biết", ""),
        ("Chính phủ họp", ""),
    ],
)
def test_roles(text: str, role: str) -> None:
    """The words around a body say whether it issues or carries out."""
    assert [body.role for body in bodies(text)] == [role]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("Phó Chủ tịch UBND tỉnh Nguyễn Văn A cho biết", "Nguyễn Văn A", "Phó Chủ tịch UBND tỉnh"),
        ("Phó Chủ tịch UBND tỉnh Cao Bằng Nguyễn Văn A nói", "Nguyễn Văn A", "Phó Chủ tịch UBND tỉnh Cao Bằng"),
        ("Bộ trưởng Bộ Y tế Trần Thị B", "Trần Thị B", "Bộ trưởng Bộ Y tế"),
        ("Thủ tướng Chính phủ Phạm Văn E ký", "Phạm Văn E", "Thủ tướng Chính phủ"),
        ("Bí thư Huyện ủy Hoàng Văn C dự", "Hoàng Văn C", "Bí thư Huyện ủy"),
        ("Chủ tịch UBND tỉnh ông Lê Văn D", "Lê Văn D", "Chủ tịch UBND tỉnh"),
        ("ông Trần Văn B, Giám đốc Sở Y tế, cho biết", "Trần Văn B", "Giám đốc Sở Y tế"),
        ("Ông Trần Văn B - Giám đốc Sở Y tế cho biết", "Trần Văn B", "Giám đốc Sở Y tế"),
        ("bà Lò Thị C (Chủ tịch Hội Phụ nữ xã)", "Lò Thị C", "Chủ tịch Hội Phụ nữ xã"),
        ("đồng chí Giàng A Páo, Bí thư Đảng ủy xã, nói", "Giàng A Páo", "Bí thư Đảng ủy xã"),
        ("bà Y Thanh Hà, Phó Bí thư Tỉnh ủy", "Y Thanh Hà", "Phó Bí thư Tỉnh ủy"),
        ("Hầu A Lử, Trưởng thôn; ông Hầu A Lử, Trưởng thôn", "Hầu A Lử", "Trưởng thôn"),
        ("Chánh Văn phòng UBND tỉnh Vũ Văn H", "Vũ Văn H", "Chánh Văn phòng UBND tỉnh"),
        ("Cục trưởng Cục Bảo trợ xã hội Đỗ Văn K", "Đỗ Văn K", "Cục trưởng Cục Bảo trợ xã hội"),
    ],
)
def test_officials(text: str, name: str, title: str) -> None:
    """A name and an office are read together, whichever stands first; titles stay as given."""
    assert [(official.name, official.title) for official in officials(text)] == [(name, title)]


@pytest.mark.parametrize(
    "text",
    ["Chủ tịch UBND tỉnh Cao Bằng yêu cầu", "Giám đốc Sở Y tế Hà Nội", "ông Nguyễn Văn A nuôi bò", "Nguyễn Văn A", ""],
)
def test_who_is_no_official(text: str) -> None:
    """A province is no person, and a person without an office is not listed."""
    assert officials(text) == []


def _lies_in(text: str, found: Sequence[Body] | Sequence[Official]) -> bool:
    spans = [each.span for each in found]
    return spans == sorted(spans) and all(text[slice(*each.span)] == each.written for each in found)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Whatever the text, spans are in order and hold what was written."""
    assert _lies_in(text, bodies(text))
    assert _lies_in(text, officials(text))


_PIECES = [
    "UBND ",
    "tỉnh ",
    "Cao Bằng ",
    "Chủ tịch ",
    "ông ",
    "Nguyễn ",
    "Văn ",
    "A",
    ", ",
    "Bộ ",
    "Y tế ",
    "của ",
    "ban hành ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_any_mix_of_pieces_is_read(text: str) -> None:
    """However names and offices are joined, spans hold what was written."""
    assert _lies_in(text, bodies(text))
    assert _lies_in(text, officials(text))


@pytest.mark.parametrize("unit", ["Chủ tịch ", "Nguyễn ", "UBND tỉnh ", "ông Nguyễn Văn ", "a ", "của "])
def test_long_repetitions_are_read_to_the_end(unit: str) -> None:
    """However often one thing is repeated, the text is read through."""
    text = unit * (40_000 // len(unit))
    assert _lies_in(text, bodies(text))
    assert _lies_in(text, officials(text))
