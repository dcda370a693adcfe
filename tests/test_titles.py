"""Which words of a title are the headline, and which lines announce other stories."""

from __future__ import annotations

import pytest

from scraper import bounds, markup
from scraper.extract import related, titles, walk


@pytest.mark.parametrize(
    ("given", "shown", "expected"),
    [
        ("Nước sạch về bản vùng cao", "Nước sạch về bản", "Nước sạch về bản"),
        ("Nước sạch về bản", "", "Nước sạch về bản"),
        ("", "Nước sạch về bản", ""),
        ("Nước sạch về bản", "Tin mới trong ngày hôm nay", "Nước sạch về bản"),
        ("Nước sạch về bản", "Xã hội Nước sạch về bản", "Nước sạch về bản"),
        ("| Nước sạch về bản", "Tin khác", "Nước sạch về bản"),
    ],
)
def test_the_printed_headline_is_preferred(given: str, shown: str, expected: str) -> None:
    """A title written for search engines gives way to the printed one, but not to another story's or a kicker."""
    assert titles.printed(given, shown) == expected


@pytest.mark.parametrize(
    ("title", "own", "expected"),
    [
        ("Một bài | Báo Ví dụ", ["Báo Ví dụ"], "Một bài"),
        ("Một bài | Báo Ví dụ", ["Báo.Ví]dụ", "Báo Ví dụ"], "Một bài"),  # a name that is no host
        ("Một bài - VnVidu Kinh doanh", ["vnvidu.example"], "Một bài"),
        ("Một bài | baovidu.example", ["baovidu.example"], "Một bài"),
        ("Một bài - 12/05/2020", ["Báo Ví dụ"], "Một bài"),
        ("Một bài - Báo Ví dụ | Báo Ví dụ", ["Báo Ví dụ"], "Một bài"),
        ("Báo Ví dụ | Một bài", ["Báo Ví dụ"], "Một bài"),
        ("Giá vàng | Giá dầu", ["Báo Ví dụ"], "Giá vàng | Giá dầu"),
        ("Hà Nội - Huế", ["Báo Ví dụ"], "Hà Nội - Huế"),
        ("Bão số 3 - Vov đưa tin", ["vov.vn"], "Bão số 3 - Vov đưa tin"),
    ],
)
def test_only_the_outlets_own_name_is_cut_off(title: str, own: list[str], expected: str) -> None:
    """Names, hosts and dates at the ends go; what else follows a dash is the editor's."""
    assert titles.plain(title, own) == expected


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Nước sạch về bản", "Nước sạch về bản vùng cao", False),
        ("Nước sạch về bản", "Bão số ba vào bờ", True),
        ("Nước sạch về bản", "", False),
    ],
)
def test_titles_of_different_stories_differ(one: str, other: str, differ: bool) -> None:  # noqa: FBT001 - cases
    """Two titles of one story share at least half of the shorter one's words."""
    assert titles.differ(one, other) is differ


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Tin liên quan", True),
        (">> Xem thêm:", True),
        ("READ MORE", True),
        ("Mehr zum Thema", True),
        ("À lire aussi", True),
        ("Xem thêm những gì huyện đã làm để đưa nước sạch về các bản xa nhất trong ba năm qua.", False),
        ("Người dân đọc báo", False),
    ],
)
def test_headings_over_other_stories_are_known(line: str, heading: bool) -> None:  # noqa: FBT001 - cases
    """In every language in use here, whatever the case and marks around; a sentence that begins so is none."""
    assert related.is_heading(line) is heading


TEXT = "Huyện đã bàn giao công trình cho tổ quản lý của thôn, sớm hơn kế hoạch hai tháng, theo biên bản ký sáng nay."


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([TEXT, "Tin liên quan", "Một bài khác"], [TEXT]),
        ([TEXT, "Tin liên quan", TEXT], [TEXT, TEXT]),
        ([TEXT, "<a>Xem thêm: Một bài khác</a>", TEXT], [TEXT, TEXT]),
        ([TEXT, "Xem thêm gì ở bản", TEXT], [TEXT, "Xem thêm gì ở bản", TEXT]),
    ],
)
def test_a_trailing_heading_takes_what_stands_under_it(lines: list[str], kept: list[str]) -> None:
    """Under the last heading nothing is kept; inside the text only the heading itself goes."""
    page = walk.read(markup.tree(bounds.bound("".join(f"<p>{line}</p>" for line in lines))))
    assert [line.text for line in related.without(page.lines)] == kept
