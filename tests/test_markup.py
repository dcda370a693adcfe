"""Bytes of a page to a decoded, bounded, parsed tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import markup

WORDS = "Cao Bằng giảm nghèo"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WORDS.encode(), ""),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=windows-1258"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), ""),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "text/html"),
        (WORDS.encode(), "text/html; charset=iso-8859-1"),
        (b"<meta charset=iso-8859-1>" + WORDS.encode(), ""),
    ],
)
def test_utf8_and_byte_order_marks_win_over_false_declarations(body: bytes, content_type: str) -> None:
    """A page that is valid UTF-8 or carries a byte order mark is read so, whatever it or its header claims."""
    assert markup.decode(body, content_type).endswith(WORDS)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("café".encode("latin-1"), "text/html; charset=ISO-8859-1", "café"),
        (b"<meta charset='windows-1252'>caf\xe9", "", "<meta charset='windows-1252'>café"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">\xcd', "", None),
        (b"caf\xe9", "", "café"),
        (b"caf\xe9", "text/html; charset=no-such-thing", "café"),
        (b"caf\xe9", "text/html; charset=zip", "café"),
        (b"\x81", "", "\ufffd"),
    ],
)
def test_other_charsets_come_from_header_then_page_then_windows_1252(
    body: bytes, content_type: str, expected: str | None
) -> None:
    """What is not UTF-8 is read by the header's charset, the page's, else windows-1252, and never fails."""
    text = markup.decode(body, content_type)
    assert text == expected if expected is not None else text.endswith("м")


def test_a_page_cut_inside_a_letter_stays_utf8() -> None:
    """A truncated UTF-8 body that declares itself UTF-8 loses one letter and not all of them."""
    body = WORDS.encode()[:-2]
    assert markup.decode(body, "text/html; charset=utf-8").startswith("Cao Bằng giảm ngh")


def test_nul_and_lone_surrogates_do_not_empty_the_page() -> None:
    """Characters that cannot be encoded are left out instead of losing everything."""
    body = markup.parse("<p>a\x00b\ud800c</p>").body
    assert body is not None
    assert markup.text_of(body) == "abc"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_parse_never_raises(page: bytes | str) -> None:
    """Any input gives a tree."""
    assert markup.parse(page).html is not None


def test_text_of_is_what_a_reader_sees() -> None:
    """Scripts, styles, comments and templates are not text; blocks and breaks part words, inline tags do not."""
    page = (
        "<div><h2>Một</h2><p>H<b>ai</b><br>ba<!-- no --></p><script>no()</script><style>no{}</style>"
        "<template>no</template><noscript>no</noscript><ul><li>bốn</li><li>năm</li></ul></div>"
    )
    node = markup.select(markup.parse(page), ["div"])[0]
    assert markup.text_of(node) == "Một Hai ba bốn năm"
    lines = "".join(markup.raw_text(node)).split("\n")
    assert [line for line in lines if line] == ["Một", "Hai", "ba", "bốn", "năm"]


PAGE = '<h1></h1><h1 class=t>Tin</h1><time datetime="2026-03-07">hôm qua</time><a href="/x">A</a><a href="/y">B</a>'


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("h1", ["Tin"]),
        ("time@datetime", ["2026-03-07"]),
        ("a@href", ["/x", "/y"]),
        ("a[href='/y']", ["B"]),
        ("p", []),
        ("a@title", []),
        ("h1[", []),
        ("", []),
    ],
)
def test_values_reads_text_or_an_attribute(selector: str, expected: list[str]) -> None:
    """A selector gives the texts, or with @attribute the attributes, of its matches; a broken one gives nothing."""
    tree = markup.parse(PAGE)
    assert markup.values(tree, selector) == expected
    assert markup.value(tree, selector) == (expected[0] if expected else "")


def test_a_value_is_no_longer_than_a_field() -> None:
    """Text and attributes are cut at the limit for one field, so that nested matches do not copy the page each."""
    tree = markup.parse(f"<div title='{'x' * 20_000}'>{'y' * 20_000}</div>")
    assert 9_900 < len(markup.value(tree, "div")) <= markup.MAX_VALUE
    assert markup.value(tree, "div@title") == "x" * markup.MAX_VALUE


def test_select_takes_the_first_selector_with_matches() -> None:
    """Later selectors are for pages where the earlier match nothing."""
    found = markup.select(markup.parse(PAGE), ["p", "[broken", "a", "h1"])
    assert [node.tag for node in found] == ["a", "a"]


@pytest.mark.parametrize(
    ("selector", "wrong"), [("div > p", False), ("time@datetime", False), ("div[", True), ("", True)]
)
def test_selector_problem_names_what_cannot_be_used(selector: str, wrong: bool) -> None:  # noqa: FBT001 - a table of cases
    """A configured selector that lexbor cannot read is told before it is used."""
    assert (markup.selector_problem(selector) is not None) == wrong
