"""The one pass over a page: elements, lines, and what the head declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import bounds, markup
from scraper.extract import walk
from scraper.extract.outline import MAX_PARTS, Outline, tidy


def outline(body: str, head: str = "", *, whole: bool = False) -> Outline:
    html = f"<html lang=vi><head>{head}</head><body>{body}</body></html>"
    return walk.read(markup.parse(html), whole=whole)


def texts(page: Outline) -> list[str]:
    return [line.text for line in page.lines]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>Một <b>đậm</b> chữ</p><p>Hai</p>", ["Một đậm chữ", "Hai"]),
        ("<div>Một<p>Hai</p>ba</div>", ["Một", "Hai", "ba"]),
        ("<p>Một<br>hai</p>", ["Một hai"]),
        ("<p>Một<br> <br>hai</p>", ["Một", "hai"]),
        ("<div>Một<br>hai</div>", ["Một", "hai"]),
        ("<table><tr><td>Một</td><td>Hai</td></tr></table>", ["Một", "Hai"]),
        ("<p>Một<script>x()</script><style>p{}</style><svg><text>vẽ</text></svg></p>", ["Một"]),
        ("<p>法律<ruby>律<rt>りつ</rt></ruby></p>", ["法律律"]),
        ("<p>Một <span style='display: none'>ẩn <i>nữa</i></span>hai</p>", ["Một hai"]),
        ("<p>Một <span hidden>ẩn</span>hai</p>", ["Một hai"]),
        ("  \n <p> \n </p>", []),
        ("", []),
    ],
)
def test_lines_end_where_blocks_do(body: str, lines: list[str]) -> None:
    """A line is the running text of one block; breaks, scripts and what is hidden are read as a browser would."""
    assert texts(outline(body)) == lines


def test_menus_and_the_page_footer_are_passed_over_unless_asked_for() -> None:
    """Navigation is no text of the page, a breadcrumb and an article's own footer are; all of it is with ``whole``."""
    body = (
        "<nav><a href=/>Trang chủ</a></nav><nav class=breadcrumb>Xã hội</nav>"
        "<article><p>Bài</p><footer>Theo TTXVN</footer></article><footer>Địa chỉ</footer><noscript>Chữ</noscript>"
    )
    assert texts(outline(body)) == ["Xã hội", "Bài", "Theo TTXVN"]
    assert texts(outline(body, whole=True)) == ["Trang chủ", "Xã hội", "Bài", "Theo TTXVN", "Địa chỉ", "Chữ"]


def test_a_line_knows_how_much_of_it_is_links_and_bold() -> None:
    """Letters of links and of bold text are counted, however deep they stand."""
    (line,) = outline("<p>Bốn <a href=/x><em>năm chữ</em></a> <strong>đậm</strong></p>").lines
    assert (line.size, line.linked, line.strong) == (15.0, 7.0, 3.0)
    assert not line.is_linked


def test_wide_letters_count_for_more() -> None:
    """A Chinese line of twenty characters is as much text as a Latin one of fifty."""
    (line,) = outline("<p>" + "字" * 20 + "</p>").lines
    assert line.size == 50.0


def test_elements_are_slices_of_lines_and_of_elements() -> None:
    """What an element holds is told by indexes: its lines, its size, the elements inside it."""
    page = outline("<div id=a><p>Một</p><p>Hai</p></div><p>Ba</p>")
    box = next(element for element in page.elements if element.get("id") == "a")
    assert [line.text for line in page.within(box)] == ["Một", "Hai"]
    assert page.size(box) == 6.0
    assert [element.tag for element in page.inside(box)] == ["p", "p"]
    assert [element.tag for element in page.inside(box)[0].above] == ["div", "body", "html"]


def test_the_text_of_an_inline_element_is_its_own() -> None:
    """A name inside a line is told from the words around it."""
    page = outline("<p>Bài của <span class=author>Lan <b>Anh</b></span>, 12/3</p>")
    name = next(element for element in page.elements if element.names.strip() == "author")
    assert page.text(name) == "Lan Anh"
    assert page.text(page.elements[-3]) == "Bài của Lan Anh, 12/3"


def test_a_line_can_be_read_without_some_elements() -> None:
    """Leaving an element out leaves the rest of the line, and a line without it is itself."""
    (line,) = outline("<p>Một <i class=x>hai</i> ba</p>").lines
    assert line.without(lambda element: element.names.strip() == "x").text == "Một ba"
    assert line.without(lambda element: element.tag == "u") is line


def test_the_head_is_told() -> None:
    """Meta tags by any of their names, links by rel, JSON-LD, title and language."""
    page = outline(
        "<script type='application/ld+json'>{}</script>",
        "<title>Tiêu đề</title><meta property='OG:Title' content=A><meta name=author content=B>"
        "<meta itemprop=datePublished content=C><link rel=Canonical href=/x>",
    )
    assert (page.title, page.language, page.scripts, page.links) == ("Tiêu đề", "vi", ["{}"], {"canonical": "/x"})
    assert page.metas == {"og:title": ["A"], "author": ["B"], "datepublished": ["C"]}


def test_hostile_numbers_are_bounded() -> None:
    """No more elements are looked at than the limit, and a line of endless parts does not tell them apart."""
    page = outline("<p>" + "<i>x</i> " * (walk.MAX_ELEMENTS // 20))
    inline = next(element for element in page.elements if element.tag == "i")
    assert len(page.lines[0].owners) > MAX_PARTS
    assert page.text(inline) == ""
    flood = walk.read(markup.tree(bounds.Bounded("<i>x</i>" * (walk.MAX_ELEMENTS + 10))))
    assert len(flood.elements) == walk.MAX_ELEMENTS
    assert flood.elements[0].end == len(flood.lines)


@given(st.text(alphabet="ab <>/pdivbrtale\"'=\n", max_size=300))
def test_every_line_lies_inside_its_block_and_all_blocks_around_it(html: str) -> None:
    """Whatever the markup, slices hold: a line's index is within each element around it, and sizes add up."""
    page = walk.read(markup.parse(html))
    for line in page.lines:
        assert tidy(line)
        assert all(each.start <= line.index < each.end for each in (line.element, *line.element.above))
    assert page.sizes[-1] == sum(line.size for line in page.lines)
    assert [element.order for element in page.elements] == list(range(len(page.elements)))
