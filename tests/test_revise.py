"""What changed between two states of an article."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fakes import BODY, NOON, article
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import pairs, revisions
from scraper import revise
from scraper.models import ArticleData
from scraper.revise import noise
from scraper.values import Edit, KnownArticle

ONE = (
    "Sáng 12/3, UBND tỉnh Sơn La họp báo. Tăng trưởng đạt 8%, thu ngân sách 1,2 tỷ đồng, có 312 hộ thoát nghèo "
    "theo Nghị định 28/2022 của Chính phủ."
)
TWO = "Theo ông Lò Văn Thành, Giám đốc Sở Tài chính, nhiều công trình ở xã Tân Lập đã được bàn giao sớm hơn kế hoạch."
THREE = "“Chúng tôi không chạy theo con số, mà chú trọng đời sống của bà con vùng cao”, ông Thành nói tại buổi họp."
FOUR = "Lãnh đạo tỉnh đề nghị các huyện rà soát những công trình chậm tiến độ, nhất là đường liên xã và trường học."
STORY = [ONE, TWO, THREE, FOUR]
NEW = "Ở huyện vùng biên, việc cấp nước sạch cho các bản xa vẫn gặp trở ngại do nguồn nước cạn vào mùa khô."


def stored(**fields: Any) -> KnownArticle:
    data = article(**fields)
    return KnownArticle(7, "bao", "bao:1", data.url, revise.hash_of(data), NOON - timedelta(hours=9), data=data)


def told(*paragraphs: str, **fields: Any) -> ArticleData:
    return article(**{"title": "Kinh tế tỉnh tăng trưởng khá", "text": "\n\n".join(paragraphs), **fields})


def change(after: ArticleData, before: ArticleData | None = None) -> Any:
    old = before or told(*STORY)
    return revise.compare(KnownArticle(7, "bao", "bao:1", old.url, revise.hash_of(old), NOON, data=old), after)


def swapped(old: str, new: str) -> list[str]:
    assert sum(text.count(old) for text in STORY) == 1
    return [text.replace(old, new) for text in STORY]


# --- what kind of change -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "unchanged"),
        ({"tags": ["mới"]}, "cosmetic"),
        ({"section": "Khác"}, "cosmetic"),
        ({"title": "HUYỆN VÙNG CAO giải ngân vốn giảm nghèo."}, "cosmetic"),
        ({"text": BODY.replace("hòa", "hoà") + "  "}, "cosmetic"),
        ({"text": BODY + "\n\nXem thêm: Hộ nghèo vay vốn"}, "cosmetic"),
        ({"title": "Huyện vùng cao chậm giải ngân vốn giảm nghèo"}, "substantive"),
        ({"text": BODY.replace("tháng 3", "tháng 9")}, "substantive"),
        ({"text": "Đang tải."}, "collapsed"),
        ({"text": ""}, "collapsed"),
    ],
)
def test_kinds_of_change(fields: dict[str, Any], kind: str) -> None:
    """Words make an edit, typography and noise do not, and a page that lost its text is broken, not edited."""
    assert revise.compare(stored(), article(**fields)).kind == kind


def test_new_when_nothing_was_stored() -> None:
    """The first state of an article is no change."""
    assert revise.compare(None, article()).kind == "new"


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (["Lan Anh", "Minh Hà"], ["MINH HÀ", "Lan Anh"], []),
        (["Lan Anh"], ["Lan Anh", "Minh Hà"], ["author"]),
        (["Lan Anh"], [], ["author"]),
        ([], ["Lan Anh"], ["author"]),
    ],
)
def test_authors_are_a_set(before: list[str], after: list[str], kinds: list[str]) -> None:
    """Other people are an edit, another order or capitals are none."""
    found = change(told(*STORY, authors=after), told(*STORY, authors=before))
    assert [edit.kind for edit in found.edits] == kinds
    assert found.kind == ("substantive" if kinds else "cosmetic")


# --- classes of edits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("8%", "7,5%", Edit("number", "text", "8%", "7,5%", "Tăng trưởng")),
        ("312 hộ", "321 hộ", Edit("number", "text", "312", "321", "hộ thoát")),
        ("12/3", "13/3", Edit("date", "text", "Sáng 12/3", "Sáng 13/3")),
        ("1,2 tỷ đồng", "1,3 tỷ đồng", Edit("money", "text", "1,2 tỷ đồng", "1,3 tỷ đồng", "thu ngân sách")),
        ("tỷ đồng", "triệu đồng", Edit("money", "text", "1,2 tỷ đồng", "1,2 triệu đồng", "thu ngân sách")),
        ("28/2022", "27/2022", Edit("document", "text", "Nghị định 28/2022", "Nghị định 27/2022")),
        (
            "Nghị định 28/2022",
            "Nghị quyết 28/2022",
            Edit("document", "text", "Nghị định 28/2022", "Nghị quyết 28/2022"),
        ),
        ("Thành,", "Thịnh,", Edit("name", "text", "ông Lò Văn Thành", "ông Lò Văn Thịnh")),
        ("Sở Tài chính", "Sở Công Thương", Edit("name", "text", "Sở Tài chính", "Sở Công Thương", "Giám đốc")),
        ("tỉnh Sơn La", "tỉnh Lai Châu", Edit("place", "text", "tỉnh Sơn La", "tỉnh Lai Châu")),
        ("xã Tân Lập", "xã Tân Hợp", Edit("place", "text", "xã Tân Lập", "xã Tân Hợp")),
        ("chú trọng", "quan tâm", Edit("quotation", "text", "chú trọng", "quan tâm")),
        ("sớm hơn", "chậm hơn", Edit("wording", "text", "sớm", "chậm")),
    ],
)
def test_a_changed_figure_is_named(old: str, new: str, edit: Edit) -> None:
    """What changed within a paragraph is called by its kind, whole, with the words that say what it is."""
    found = change(told(*swapped(old, new)))
    kept = [each if edit.about else Edit(each.kind, each.field, each.before, each.after) for each in found.edits]
    assert kept == [edit]


def test_a_figure_in_a_quotation_is_a_figure() -> None:
    """The figure's kind wins inside quotation marks."""
    before, after = told("“Cả xã còn 12 hộ nghèo”, ông nói.", *STORY), told("“Cả xã còn 15 hộ nghèo”, ông nói.", *STORY)
    assert [edit.kind for edit in change(after, before).edits] == ["number"]


@pytest.mark.parametrize(
    ("paragraphs", "kinds"),
    [
        ([ONE, TWO, NEW, THREE, FOUR], ["paragraph added"]),
        ([ONE, TWO, FOUR], ["paragraph removed"]),
        ([FOUR, ONE, TWO, THREE], ["paragraph moved"]),
        ([ONE, TWO, NEW, FOUR], ["paragraph removed", "paragraph added"]),
        ([*STORY, "Đính chính: Bản tin trước ghi nhầm số hộ."], ["correction notice"]),
        (["Bài viết đã được cập nhật về số hộ thoát nghèo.", *STORY], ["correction notice"]),
        ([ONE, TWO, THREE, f"{FOUR} Tòa soạn xin lỗi bạn đọc về sai sót này."], ["correction notice"]),
        ([*STORY, "Editor's note: An earlier version gave another figure."], ["correction notice"]),
        (["This article has been updated.", *STORY], ["correction notice"]),
        ([*ONE.split(". ", 1), TWO, THREE, FOUR], []),
        ([f"{ONE} {TWO}", THREE, FOUR], []),
        ([*ONE.replace("312", "321").split(". ", 1), TWO, THREE, FOUR], ["number"]),
        ([f"{ONE} {TWO}".replace("Tân Lập", "Tân Hợp"), THREE, FOUR], ["place"]),
    ],
)
def test_paragraphs_that_come_go_and_move(paragraphs: list[str], kinds: list[str]) -> None:
    """Paragraphs are matched whatever became of them; splitting or joining them is no edit."""
    assert [edit.kind for edit in change(told(*paragraphs)).edits] == kinds


def test_headline_lead_and_body_count_apart() -> None:
    """A figure that changes everywhere is an edit of each."""
    before = told(*STORY, title="Tỉnh tăng trưởng 8%", lead="Tăng trưởng 8% trong quý đầu.")
    after = told(*swapped("8%", "7%"), title="Tỉnh tăng trưởng 7%", lead="Tăng trưởng 7% trong quý đầu.")
    found = change(after, before)
    assert [edit.kind for edit in found.edits] == ["headline", "lead", "number"]
    assert found.edits[1] == Edit("lead", "lead", "8%", "7%", "Tăng trưởng")


# --- noise -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Xem thêm: Hộ nghèo vay vốn", ">> Giá lúa tăng trở lại", "Đọc thêm", "Tin liên quan", "Quảng cáo",
        "1.234 lượt xem", "Bình luận (5)", "Chia sẻ 12", "Thích 3 Chia sẻ", "Theo dõi Báo Ví dụ trên Google News",
        "Read more: Farmers sell rice", "Advertisement", "5 comments", "1,234 views", "Cập nhật lúc 10:32",
        "Last updated: 12 March 2026, 10:32", "Thứ Năm, 12/03/2026 10:32 (GMT+7)", "Facebook Zalo Sao chép liên kết",
        "Bà con phơi ngô. Ảnh: Minh Hà", "Từ khóa: giảm nghèo, nhà ở", "#giamngheo #nhao", "***", "",
        "Nghe đọc bài 0:00 / 3:21", "Hãy là người đầu tiên bình luận",
    ],
)  # fmt: skip
def test_noise_is_no_edit(line: str) -> None:
    """Furniture of a page makes no edit as a line of its own, anywhere, or at the end of a paragraph."""
    for text in ([line, *STORY], [ONE, line, TWO, THREE, FOUR], [*STORY, line], [ONE, f"{TWO} {line}", THREE, FOUR]):
        assert change(told(*text)).kind in {"unchanged", "cosmetic"}


@pytest.mark.parametrize(
    "line",
    [
        "Xem thêm nhiều hiện vật, du khách được nghe kể chuyện.",
        "Quảng cáo sai sự thật bị phạt 30 triệu đồng.",
        "Chia sẻ với báo chí, ông Thành cho biết tỉnh đã chuẩn bị vốn.",
        "Theo dõi trên mạng xã hội, bà con biết giá nông sản từng ngày.",
        "Bình luận về việc này, chuyên gia nói thị trường còn khó khăn.",
        "Cập nhật lúc 10 giờ, đã có 12 người được đưa đến nơi an toàn.",
        "Tin liên quan đến vụ cháy lan nhanh trên mạng.",
        "Mỗi video có hàng nghìn lượt xem và bình luận.",
        "Đính chính: Bản tin trước ghi nhầm.",
    ],
)
def test_a_sentence_that_holds_such_words_is_an_edit(line: str) -> None:
    """Only lines that are nothing but furniture are noise."""
    assert not noise.is_noise(line)
    assert change(told(*STORY, line)).kind == "substantive"
    assert change(told(ONE, f"{TWO} {line}", THREE, FOUR)).kind == "substantive"


def test_links_under_a_label_are_noise() -> None:
    """Headlines under "Tin liên quan" go with it; the paragraph after them stays."""
    assert noise.without([ONE, "Tin liên quan", "Giá lúa tăng 5% ở đồng bằng", "Vốn vay cho hộ nghèo", TWO]) == [
        ONE,
        TWO,
    ]


def test_a_lead_found_as_first_paragraph_is_no_edit() -> None:
    """A layout that stops marking the lead moves it into the body."""
    before, after = told(*STORY, lead=NEW), told(NEW, *STORY, lead="")
    assert change(after, before).kind == "cosmetic"
    assert change(before, after).kind == "cosmetic"


# --- in words ----------------------------------------------------------------------------------------------

REMOVED, ADDED = Edit("paragraph removed", "text", "a"), Edit("paragraph added", "text", after="b")


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([], ""),
        (
            [Edit("number", "text", "8%", "7,5%", "Tăng trưởng"), REMOVED],
            "Tăng trưởng: 8% -> 7,5%; one paragraph removed",
        ),
        ([ADDED, ADDED], "two paragraphs added"),
        ([Edit("headline", "title", "Cũ", "Mới")], 'headline: "Cũ" -> "Mới"'),
        ([Edit("number", "text", after="35", about="hộ")], "hộ added: 35"),
        ([Edit("author", "authors", "Lan Anh", "")], "author removed: Lan Anh"),
        ([Edit("lead", "lead", "x" * 50, "y" * 50)], "lead reworded"),
        ([Edit("wording", "text", "a", "b")], "one passage reworded"),
        ([REMOVED, Edit("correction notice", "text", after="x")], "correction notice added; one paragraph removed"),
    ],
)
def test_edits_in_a_sentence(edits: list[Edit], said: str) -> None:
    """Figures with what they stand for, the rest counted."""
    assert revise.sentence(edits) == said


def test_what_was_read_as_a_signature_is_told_from_people() -> None:
    """A label below the text is no author, a notice there is a notice."""
    before = told(*STORY, authors=["Lan Anh"])
    assert change(told(*STORY, authors=["QUẢNG CÁO", "Lan Anh"]), before).kind == "cosmetic"
    found = change(told(*STORY, authors=["ĐÍNH CHÍNH", "Lan Anh"]), before)
    assert [edit.kind for edit in found.edits] == ["correction notice"]


def test_many_edits_are_counted() -> None:
    """What does not fit into some 200 letters is a number at the end."""
    said = revise.sentence(
        [Edit("money", "text", f"{n} tỷ đồng", f"{n + 50} tỷ đồng", "ngân sách chi") for n in range(30)]
    )
    assert len(said) <= 230
    shown = said.count("->")
    assert said.endswith(f"and {30 - shown} more changes")


# --- word by word ------------------------------------------------------------------------------------------

TEXTS = st.text(alphabet="ab \n") | st.text(alphabet="ạbđ ơ\n\u00a0“.") | st.text()


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts(old: str, new: str) -> None:
    """Same and removed parts make the old text, same and added parts the new one."""
    parts = revise.word_diff(old, new)
    assert "".join(words for kind, words in parts if kind != "added") == old
    assert "".join(words for kind, words in parts if kind != "removed") == new
    assert all(words for _, words in parts)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("a b c", "a x c", [("same", "a"), ("removed", " b"), ("added", " x"), ("same", " c")]),
        ("a b một c d", "a x một y d", [("same", "a"), ("removed", " b một c"), ("added", " x một y"), ("same", " d")]),
        ("", "a", [("added", "a")]),
    ],
)
def test_a_diff_reads_well(old: str, new: str, parts: list[revise.Part]) -> None:
    """A single equal word between two changes is shown as changed with them."""
    assert revise.word_diff(old, new) == parts


def test_a_diff_too_large_to_compare_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where comparing would need too much memory, old and new stand whole between what they share."""
    monkeypatch.setattr("scraper.revise.diff.MAX_CELLS", 100)
    parts = revise.word_diff("x " + "a b " * 20 + "y", "x " + "b a c " * 20 + "y")
    assert [kind for kind, _ in parts] == ["same", "removed", "added", "same"]


# --- copies ------------------------------------------------------------------------------------------------


def test_a_copy_beside_its_story() -> None:
    """What a desk cut, added and reworded is told by paragraph, however it splits them."""
    copy = told(*ONE.split(". ", 1), TWO.replace("sớm hơn kế hoạch", "trước hạn"), NEW, FOUR, title="Tên khác")
    found = revise.differences(told(*STORY), copy)
    assert (found.title_changed, found.lead_changed) == (True, False)
    assert (found.cut, found.added) == ((THREE,), (NEW,))
    assert [new for _, new in found.reworded] == [copy.paragraphs[2]]
    assert found.shared[-1] == FOUR
    assert found.sentence == "1 paragraph cut, 1 added, 1 reworded, other headline"
    assert 0.6 < found.share < 0.9


def test_a_copy_word_for_word() -> None:
    """An exact copy, joined into fewer paragraphs, shares everything."""
    found = revise.differences(told(*STORY), told(f"{ONE} {TWO}", THREE, FOUR))
    assert (found.share, found.sentence, found.cut, found.added) == (1.0, "word for word the same", (), ())


# --- whatever comes ----------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [*STORY, NEW, "Xem thêm: x", "12/3", "“", "8%", ">> ", "Quảng cáo", "Ảnh: A", "ngày 5", "\n\n"]
)
BODIES = st.lists(PIECES | st.text(max_size=20), max_size=8).map("\n\n".join) | st.text()


@settings(max_examples=150)
@given(BODIES, BODIES, st.text(max_size=30), st.text(max_size=30))
def test_any_two_states_can_be_compared(old: str, new: str, title: str, lead: str) -> None:
    """No text makes comparing fail, a state is the same as itself, and edits can always be put in words."""
    before, after = article(text=old, title=title), article(text=new, lead=lead)
    found = change(after, before)
    assert found.kind in ({"substantive", "collapsed"} if found.edits else {"cosmetic", "unchanged", "collapsed"})
    assert len(revise.sentence(found.edits)) <= 2 * 200
    assert change(before, before).kind == "unchanged"
    assert 0 <= revise.differences(before, after).share <= 1


@pytest.mark.parametrize(
    "line", ["1" * 290, "1.1-" * 70, "lượt xem " * 30, ">> " * 90, "“" * 5000, "( " * 4000, "Đ" * 290]
)
def test_hostile_lines_are_read(line: str) -> None:
    """Lines made to send an expression back and forth are read like any other."""
    before = told(*STORY, line)
    assert change(before).kind in {"cosmetic", "unchanged", "substantive"}
    assert change(told(*STORY, line.replace("1", "2")), before).kind in {"cosmetic", "unchanged", "substantive"}


def test_the_benchmark_holds_on_a_slice() -> None:
    """Of some forty pairs of pages that were read whole, no noise is an edit, every edit is found and named right."""
    chosen = pairs.build(revisions.SEED, held=False)[5::13]
    whole = [pair for pair in chosen if not revisions.is_misread(revisions.compared(pair)[1], pair.printed)]
    result = revisions.judged(whole)
    assert result["pairs"] >= 38
    assert result["noise pairs"] >= 10
    assert result["false edits %"] <= 1, result["failures"]
    assert result["edits found %"] >= 99, result["failures"]
    assert result["class right %"] >= 95, result["failures"]
