"""What pages made to cost become before they are parsed, and that other pages stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

from scraper import bounds, markup
from scraper.bounds import bound


def test_real_markup_is_left_alone() -> None:
    """A page within the limits reaches the parser unchanged and without complaints."""
    page = "<!DOCTYPE html><p>a<p>b<ul>" + "<li>x" * 2000 + "</ul><table>" + "<tr><td>1" * 2000 + "</table>"
    assert bound(page) == bounds.Bounded(page)


def test_deep_nesting_is_flattened_and_keeps_its_text() -> None:
    """Tags nested deeper than the limit go, their text and all that follows stays."""
    bounded = bound("<div>" * 8000 + "deep" + "</div>" * 8000 + "<p>after</p>")
    body = markup.tree(bounded).body
    assert body is not None
    assert markup.text_of(body) == "deep after"
    assert bounded.html.count("<div>") == bounded.html.count("</div>") == bounds.MAX_DEPTH
    assert "nested deeper" in bounded.cuts[0]


def test_too_many_attributes_are_dropped_with_their_tag_kept() -> None:
    """A tag with thousands of attributes keeps none, so that the parser is not slowed."""
    attributes = " ".join(f'a{i}="1"' for i in range(5000))
    bounded = bound(f"<p {attributes}>text</p>")
    assert bounded.html == "<p>text</p>"
    assert "attributes" in bounded.cuts[0]


def test_formatting_that_would_be_opened_anew_in_every_paragraph_is_bounded() -> None:
    """Two hundred open bold tags and five thousand paragraphs make paragraphs, not a million elements."""
    bounded = bound("<p>" + "".join(f"<b c={i}>" for i in range(200)) + "</p>" + "<p>x" * 5000)
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
    tree = markup.tree(bound(f"<p>{page}</p>" + "<p>x" * 5000))
    assert len(tree.css("i")) <= bounds.MAX_COPIES / 10
    assert len(tree.css("p")) > 5000


@pytest.mark.parametrize(
    "page",
    ["<!-->{}-->", "<!--->{}-->", "<!--x--!>{}-->", "<svg><title>{}</title></svg>", '<a =">{}">', "<a b=x'>{}'>"],
)
def test_no_trick_hides_deep_nesting(page: str) -> None:
    """Tags where only the parser sees tags are counted."""
    tree = markup.tree(bound(page.format("<div>" * 15_000)))
    node: LexborNode | None = next(iter(reversed(tree.css("div"))), None)
    depth = 0
    while node is not None:
        node, depth = node.parent, depth + 1
    assert depth <= bounds.MAX_DEPTH + 10


@pytest.mark.parametrize(
    "before", ['b=">"', "b='>'", 'a="x" b="<>"', "b = '>\"'", 'a=\'"\' b=">"', '""=x b=">"', "a=b='c' b='>'"]
)
def test_attributes_are_dropped_behind_an_end_that_is_none(before: str) -> None:
    """A quoted ">" does not end the tag, for the bound as for the parser."""
    flood = " ".join(f"a{i}" for i in range(50_000))
    tree = markup.tree(bound(f"<p {before} {flood}>text</p><p>after"))
    assert all(len(node.attributes) <= bounds.MAX_ATTRIBUTES for node in tree.css("p"))
    assert "after" in markup.text_of(tree.css("p")[-1])


def test_a_flood_that_holds_other_tags_takes_none_of_them_away() -> None:
    """What looks like a tag in a script and runs on into the page is ended early; the page stays."""
    words = " ".join(f"w{i}" for i in range(5000))
    tree = markup.tree(bound(f"<script>if (a<b && c='{words}</script><p>text</p><p title='x'>after</p>"))
    assert [markup.text_of(node) for node in tree.css("p")] == ["text", "after"]


def test_one_large_attribute_is_no_attack() -> None:
    """Image data in an attribute is long and stays."""
    page = f'<img src="data:image/png;base64,{"A" * 100_000}">'
    assert bound(page).html == page


def test_too_many_tags_cut_the_page() -> None:
    """A page of endless start tags ends at the limit."""
    bounded = bound("<option>" * (bounds.MAX_TAGS + 10))
    assert bounded.html.count("<option>") == bounds.MAX_TAGS
    assert f"{bounds.MAX_TAGS:,} tags" in bounded.cuts[0]


def test_too_large_a_page_is_cut() -> None:
    """A page over the size limit ends there."""
    bounded = bound("x" * (bounds.MAX_CHARS + 1))
    assert len(bounded.html) == bounds.MAX_CHARS
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
    assert bound(page).cuts == ()


@pytest.mark.parametrize(
    "page", ["<!--" * 10_000, "<script>" * 10_000, '<a ="' * 10_000, "<" * 10_000, "<a " + "= " * 9000]
)
def test_unfinished_markup_is_taken_in_one_pass(page: str) -> None:
    """Unterminated comments, scripts, quotes and tags are read without going over them again and again."""
    assert markup.tree(bound(page)).html is not None


@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<td>", "x", "<!--", "-->", "<br>"])))
def test_small_markup_is_never_changed(pieces: list[str]) -> None:
    """Whatever the order of tags, a page within the limits passes unchanged."""
    page = "".join(pieces)
    assert bound(page) == bounds.Bounded(page)
