"""Bytes of a page to a decoded, bounded, parsed tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

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


def test_real_markup_is_left_alone() -> None:
    """A page within the limits reaches the parser unchanged and without complaints."""
    page = "<!DOCTYPE html><p>a<p>b<ul>" + "<li>x" * 2000 + "</ul><table>" + "<tr><td>1" * 2000 + "</table>"
    assert markup.bound(page) == markup.Bounded(page)


def test_deep_nesting_is_flattened_and_keeps_its_text() -> None:
    """Tags nested deeper than the limit go, their text and all that follows stays."""
    bounded = markup.bound("<div>" * 8000 + "deep" + "</div>" * 8000 + "<p>after</p>")
    body = markup.tree(bounded).body
    assert body is not None
    assert markup.text_of(body) == "deep after"
    assert bounded.html.count("<div>") == bounded.html.count("</div>") == markup.MAX_DEPTH
    assert "nested deeper" in bounded.cuts[0]


def test_too_many_attributes_are_dropped_with_their_tag_kept() -> None:
    """A tag with thousands of attributes keeps none, so that the parser is not slowed."""
    attributes = " ".join(f'a{i}="1"' for i in range(5000))
    bounded = markup.bound(f"<p {attributes}>text</p>")
    assert bounded.html == "<p>text</p>"
    assert "attributes" in bounded.cuts[0]


def test_formatting_that_would_be_opened_anew_in_every_paragraph_is_bounded() -> None:
    """Two hundred open bold tags and five thousand paragraphs make paragraphs, not a million elements."""
    bounded = markup.bound("<p>" + "".join(f"<b c={i}>" for i in range(200)) + "</p>" + "<p>x" * 5000)
    tree = markup.tree(bounded)
    assert len(tree.css("p")) == 5001
    assert len(tree.css("b")) == 0
    assert "formatting" in bounded.cuts[0]


HIDDEN = "".join(f"<i c={i}>" for i in range(300))


@pytest.mark.parametrize(
    "page",
    [
        "".join(f"<i c={i}></b>" for i in range(300)),
        "".join(f"<i c={i}><table><td></i></table>" for i in range(300)),
        "".join(f"<i c={i}><svg><![CDATA[ > </i> ]]></svg>" for i in range(300)),
        "".join(f"<i c={i}><select></i></select>" for i in range(300)),
        f"<!-->{HIDDEN}-->",
        f"<!--->{HIDDEN}-->",
        f"<svg><title>{HIDDEN}</title></svg>",
        f'<a =">{HIDDEN}">',
    ],
)
def test_no_trick_leaves_formatting_open(page: str) -> None:
    """Ends where the parser ignores them and starts where a scan would not see them do not get round the bound."""
    tree = markup.tree(markup.bound(f"<p>{page}</p>" + "<p>x" * 5000))
    assert len(tree.css("i")) <= markup.MAX_COPIES / 10
    assert len(tree.css("p")) > 5000


@pytest.mark.parametrize(
    "page",
    ["<!-->{}-->", "<!--->{}-->", "<!--x--!>{}-->", "<svg><title>{}</title></svg>", '<a =">{}">', "<a b=x'>{}'>"],
)
def test_no_trick_hides_deep_nesting(page: str) -> None:
    """Tags where only the parser sees tags are counted."""
    tree = markup.tree(markup.bound(page.format("<div>" * 15_000)))
    node: LexborNode | None = next(iter(reversed(tree.css("div"))), None)
    depth = 0
    while node is not None:
        node, depth = node.parent, depth + 1
    assert depth <= markup.MAX_DEPTH + 10


@pytest.mark.parametrize(
    "before", ['b=">"', "b='>'", 'a="x" b="<>"', "b = '>\"'", 'a=\'"\' b=">"', '""=x b=">"', "a=b='c' b='>'"]
)
def test_attributes_are_dropped_behind_an_end_that_is_none(before: str) -> None:
    """A quoted ">" does not end the tag, for the bound as for the parser."""
    flood = " ".join(f"a{i}" for i in range(50_000))
    tree = markup.tree(markup.bound(f"<p {before} {flood}>text</p><p>after"))
    assert all(len(node.attributes) <= markup.MAX_ATTRIBUTES for node in tree.css("p"))
    assert "after" in markup.text_of(tree.css("p")[-1])


def test_a_flood_that_holds_other_tags_takes_none_of_them_away() -> None:
    """What looks like a tag in a script and runs on into the page is ended early; the page stays."""
    words = " ".join(f"w{i}" for i in range(5000))
    tree = markup.tree(markup.bound(f"<script>if (a<b && c='{words}</script><p>text</p><p title='x'>after</p>"))
    assert [markup.text_of(node) for node in tree.css("p")] == ["text", "after"]


def test_one_large_attribute_is_no_attack() -> None:
    """Image data in an attribute is long and stays."""
    page = f'<img src="data:image/png;base64,{"A" * 100_000}">'
    assert markup.bound(page).html == page


def test_too_many_tags_cut_the_page() -> None:
    """A page of endless start tags ends at the limit."""
    bounded = markup.bound("<option>" * (markup.MAX_TAGS + 10))
    assert bounded.html.count("<option>") == markup.MAX_TAGS
    assert f"{markup.MAX_TAGS:,} tags" in bounded.cuts[0]


def test_too_large_a_page_is_cut() -> None:
    """A page over the size limit ends there."""
    bounded = markup.bound("x" * (markup.MAX_CHARS + 1))
    assert len(bounded.html) == markup.MAX_CHARS
    assert bounded.cuts


@pytest.mark.parametrize(
    "page",
    [
        "<script>" + "'<div>'" * 1000 + "</script>",
        "<!--" + "<div>" * 1000 + "-->",
        '<p title="' + "<div>" * 300 + '">x</p>',
        "<textarea>" + "<div>" * 1000 + "</textarea>",
    ],
)
def test_tags_in_scripts_comments_and_quotes_do_not_count(page: str) -> None:
    """What the parser would not take for a tag is not counted as one."""
    assert markup.bound(page).cuts == ()


@pytest.mark.parametrize(
    "page", ["<!--" * 10_000, "<script>" * 10_000, '<a ="' * 10_000, "<" * 10_000, "<a " + "= " * 9000]
)
def test_unfinished_markup_is_taken_in_one_pass(page: str) -> None:
    """Unterminated comments, scripts, quotes and tags are read without going over them again and again."""
    assert markup.tree(markup.bound(page)).html is not None


def test_nul_and_lone_surrogates_do_not_empty_the_page() -> None:
    """Characters that cannot be encoded are left out instead of losing everything."""
    body = markup.parse("<p>a\x00b\ud800c</p>").body
    assert body is not None
    assert markup.text_of(body) == "abc"


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_parse_never_raises(page: bytes | str) -> None:
    """Any input gives a tree."""
    assert markup.parse(page).html is not None


@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<td>", "x", "<!--", "-->", "<br>"])))
def test_small_markup_is_never_changed(pieces: list[str]) -> None:
    """Whatever the order of tags, a page within the limits passes unchanged."""
    page = "".join(pieces)
    assert markup.bound(page) == markup.Bounded(page)


def test_text_of_is_what_a_reader_sees() -> None:
    """Scripts, styles, comments and templates are not text; blocks and breaks part words, inline tags do not."""
    page = (
        "<div><h2>Một</h2><p>H<b>ai</b><br>ba<!-- no --></p><script>no()</script><style>no{}</style>"
        "<template>no</template><noscript>no</noscript><ul><li>bốn</li><li>năm</li></ul></div>"
    )
    node = markup.select(markup.parse(page), ["div"])[0]
    assert markup.text_of(node) == "Một Hai ba bốn năm"
    assert markup.lines_of(node) == ["Một", "Hai", "ba", "bốn", "năm"]


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
