"""A page to an article: own pages with their expected fields, then each trap of the field by itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scraper import bounds, markup
from scraper.config import ArticleRules, ListingRule, Source, load
from scraper.extract import parse_article
from scraper.extract.leads import opening
from scraper.extract.people import credits_in, is_sign_off
from scraper.values import Link

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "tests" / "pages").glob("*.html"))
SOURCES = load(ROOT / "config", {}).sources
URL = "https://bao.example/tin/mot-bai-123456.html"
RUN = "Huyện đã bàn giao công trình cho tổ quản lý của thôn, sớm hơn kế hoạch hai tháng, theo biên bản ngày 12/9."


def source(**rules: Any) -> Source:
    return Source(
        name="bao",
        title="Báo Ví dụ",
        hosts=["bao.example"],
        listings=[ListingRule(url="https://bao.example/")],
        article=ArticleRules(**rules),
    )


def page(body: str, head: str = "", ld: object = None) -> str:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    return f'<html lang="vi"><head>{head}{script}</head><body>{body}</body></html>'


def article(*paragraphs: str, title: str = "Một bài") -> str:
    inner = "".join(f"<p>{line}</p>" for line in paragraphs)
    return page(f"<h1>{title}</h1><div class=body>{inner}</div>")


# --- whole pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_page_of_each_make_gives_every_field(path: Path) -> None:
    """Each page written for the tests gives exactly the article beside it, its problems and its layers."""
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    rules = SOURCES[case["source"]] if case["source"] else None
    data = parse_article(path.read_bytes(), case["url"], rules)
    assert json.loads(data.model_dump_json()) == case["expected"]


# --- shipped sources ---------------------------------------------------------------------------------------


EXPECTED_SOURCES = {
    "baochinhphu", "baodantoc", "baodautu", "baotintuc", "cafef", "dantocmiennui", "dantri", "nhandan", "nld",
    "thanhnien", "tienphong", "tuoitre", "vietnamnet", "vietnamplus", "vnexpress", "xaydungchinhsach",
}  # fmt: skip


def test_every_shipped_source_loads() -> None:
    """The configuration as shipped is accepted, with the sixteen outlets that the project began with."""
    assert set(SOURCES) >= EXPECTED_SOURCES


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_shipped_selector_is_css(name: str) -> None:
    """No selector of a shipped source is a typing error."""
    tables = (SOURCES[name].article, SOURCES[name].links)
    selectors = [
        selector
        for table in tables
        for key, value in table
        if isinstance(value, list) and key != "lead_prefix"
        for selector in value
    ]
    assert [problem for selector in selectors if (problem := markup.selector_problem(selector))] == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_an_outlet_without_a_saved_page_is_polled_by_feed_where_it_has_one(name: str) -> None:
    """Unproved selectors stand behind a feed: it comes first in the list of listings."""
    kinds = [listing.kind for listing in SOURCES[name].listings]
    if SOURCES[name].evidence != "page" and "feed" in kinds:
        assert kinds[0] == "feed"


@pytest.mark.parametrize(
    ("name", "url", "key"),
    [
        ("dantocmiennui", "https://dantocmiennui.vn/mot-bai-post345.html", "dantocmiennui:345"),
        ("dantocmiennui", "https://dantocmiennui.baotintuc.vn/bai-doi-ten-post345.html", "dantocmiennui:345"),
        ("vietnamplus", "https://www.vietnamplus.vn/mot-bai-post1125289.vnp", "vietnamplus:1125289"),
        ("vietnamplus", "https://m.vietnamplus.vn/mot-bai-post1125289.vnp?utm_source=x", "vietnamplus:1125289"),
        ("tienphong", "https://tienphong.vn/mot-bai-post17.tpo", "tienphong:17"),
        ("baotintuc", "https://baotintuc.vn/dia-phuong/mot-bai-20261015093000123.htm", "baotintuc:20261015093000123"),
        ("baochinhphu", "https://baochinhphu.vn/mot-bai-10226030416274747.htm", "baochinhphu:10226030416274747"),
        ("tuoitre", "https://tuoitre.vn/mot-bai-2026030707011493.htm", "tuoitre:2026030707011493"),
        ("cafef", "https://cafef.vn/mot-bai-18826030622484142.chn", "cafef:18826030622484142"),
        ("vnexpress", "https://vnexpress.net/mot-bai-5047363.html", "vnexpress:5047363"),
        ("dantri", "https://dantri.com.vn/thoi-su/mot-bai-20260307080712345.htm", "dantri:20260307080712345"),
        ("vietnamnet", "https://vietnamnet.vn/mot-bai-2495001.html", "vietnamnet:2495001"),
        ("baodautu", "https://baodautu.vn/mot-bai-d512345.html", "baodautu:512345"),
    ],
)
def test_article_addresses_are_known_by_their_post_id(name: str, url: str, key: str) -> None:
    """An article is named by its post id, under any host, slug or variant of the outlet."""
    assert SOURCES[name].is_article(url)
    assert SOURCES[name].key(url) == key


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("dantocmiennui", "https://dantocmiennui.baotintuc.vn/chinh-sach"),
        ("nhandan", "https://nhandan.vn/tu-khoa/WorldCup-tag17202.html"),
        ("nhandan", "https://example.com/mot-bai-post1.html"),
        ("baotintuc", "https://baotintuc.vn/the-gioi-130ct0.htm"),
        ("baotintuc", "https://baotintuc.vn/tags/ukraine.htm"),
        ("baotintuc", "https://baotintuc.vn/video/mot-clip-20261015093000123.htm"),
        ("baochinhphu", "https://baochinhphu.vn/chinh-sach-va-cuoc-song/chinh-sach-moi.htm"),
        ("baochinhphu", "https://baochinhphu.vn/chu-de/mot-chu-de-102260304162747470.htm"),
        ("tuoitre", "https://tuoitre.vn/su-kien-e1999.htm"),
        ("tuoitre", "https://tuoitre.vn/video/clip-20260307075519174.htm"),
        ("vnexpress", "https://vnexpress.net/chu-de/mot-chu-de-28710"),
        ("vnexpress", "https://video.vnexpress.net/clip-5047363.html"),
        ("baodantoc", "https://baodantoc.vn/trang-dia-phuong-p1.htm"),
    ],
)
def test_sections_tags_topics_and_videos_are_no_articles(name: str, url: str) -> None:
    """Navigation never becomes an article link."""
    assert not SOURCES[name].is_article(url)


# --- layers ------------------------------------------------------------------------------------------------


def test_the_site_rule_wins_over_structured_data_and_both_over_the_visible_page() -> None:
    """A field comes from the first layer that has it, and provenance says which."""
    html = page(
        f"<h1 class=mine>Của trang</h1><div class=body><p>{RUN}</p><p>{RUN} Hai.</p></div><div class=sapo>Dẫn</div>",
        ld={"@type": "NewsArticle", "headline": "Của máy", "articleSection": "Mục của máy"},
    )
    with_rule = parse_article(html, URL, source(title=[".mine"]))
    without = parse_article(html, URL)
    assert (with_rule.title, with_rule.provenance["title"]) == ("Của trang", "site")
    assert (without.title, without.provenance["title"]) == ("Của máy", "data")
    assert (without.section, without.provenance["text"]) == ("Mục của máy", "generic")


def test_selectors_that_match_nothing_fall_back_to_the_finder() -> None:
    """After a change of layout the article is still read, and provenance tells that the rules failed."""
    data = parse_article(article(RUN, RUN + " Hai."), URL, source(title=[".gone"], body=[".gone"]))
    assert len(data.paragraphs) == 2
    assert data.provenance["text"] == "generic"


def test_the_listing_fills_what_the_page_lacks() -> None:
    """Title, lead and time of the listing stand in, marked as such."""
    moment = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    link = Link(url=URL, key="bao:1", title="Của danh sách", lead="(NLĐO)- Dẫn của danh sách", published_at=moment)
    data = parse_article(page(f"<div><p>{RUN}</p><p>{RUN} Hai.</p></div>"), URL, link=link)
    assert (data.title, data.lead, data.published_at) == ("Của danh sách", "Dẫn của danh sách", moment)
    assert {data.provenance[name] for name in ("title", "lead", "published_at")} == {"listing"}
    assert sum("taken from the listing" in problem for problem in data.problems) == 3


def test_the_listing_never_overrides_the_page() -> None:
    """What the page says of itself stands."""
    data = parse_article(article(RUN), URL, link=Link(url=URL, key="bao:1", title="Của danh sách"))
    assert data.title == "Một bài"


def test_an_empty_page_names_everything_as_missing() -> None:
    """Nothing found is said field by field."""
    data = parse_article("", URL)
    assert data.problems == [
        *(f"{name}: not found" for name in ("title", "lead", "authors", "published_at", "section")),
        "text: not found",
    ]
    assert data.provenance == {}


def test_article_body_of_json_is_used_only_when_the_page_shows_no_text() -> None:
    """Text drawn by script is taken from JSON-LD; visible paragraphs are preferred to it."""
    ld = {"@type": "NewsArticle", "headline": "H", "articleBody": f"<p>{RUN}</p><p>Đoạn hai.</p>"}
    assert parse_article(page("<h1>H</h1><div id=app></div>", ld=ld), URL).paragraphs == [RUN, "Đoạn hai."]
    shown = parse_article(page(f"<h1>H</h1><div><p>{RUN}</p><p>{RUN} Hai.</p></div>", ld=ld), URL)
    assert shown.paragraphs == [RUN, RUN + " Hai."]


# --- structured data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headline",
    [
        "Thủ tướng: “Việc này &amp; việc kia”",
        "Th&#7911; t&#432;&#7899;ng: “Vi&#7879;c n&#224;y &amp;amp; vi&#7879;c kia”",
        "Th&amp;#7911; t&amp;#432;&amp;#7899;ng: &ldquo;Vi&amp;#7879;c n&agrave;y &amp;amp;amp; vi&#7879;c kia&rdquo;",
        "<b>Thủ tướng</b>: “Việc này & việc kia”",
    ],
)
def test_entities_in_json_are_resolved_however_often_they_were_escaped(headline: str) -> None:
    """Headlines escaped once, twice or marked up read as meant."""
    data = parse_article(page("", ld={"@type": "NewsArticle", "headline": headline}), URL)
    assert data.title == "Thủ tướng: “Việc này & việc kia”"


NODE = {"@type": "NewsArticle", "headline": "Đúng bài"}


@pytest.mark.parametrize(
    "ld",
    [
        NODE,
        [NODE],
        [[{"@type": "WebSite"}, [NODE]]],
        {"@graph": [{"@type": "WebPage", "name": "x"}, NODE]},
        {"@type": "WebPage", "mainEntity": NODE},
        {**NODE, "@type": ["Article", "NewsArticle"]},
        {**NODE, "@type": "ReportageNewsArticle"},
        [{"@type": "ItemList", "itemListElement": [{**NODE, "headline": "Bài khác"}]}, NODE],
    ],
)
def test_the_article_is_found_in_any_nesting(ld: object) -> None:
    """Arrays, graphs, lists of lists and several types give the article; lists of other articles do not."""
    assert parse_article(page("", ld=ld), URL).title == "Đúng bài"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Tiêu đề","datePublished":"2026-03-07T08:00:00+07:00",}',
        '{"@type":"NewsArticle","headline":"Tiêu\n đề","datePublished":"2026-03-07T08:00:00+07:00"}',
        '<!-- {"@type":"NewsArticle","headline":"Tiêu đề","datePublished":"2026-03-07T08:00:00+07:00"} -->',
        '{"@type":"NewsArticle","headline":"Tiêu đề","datePublished":"2026-03-07T08:00:00+07:00","about": ["a" "b"]}',
        '{"@type":"NewsArticle","headline":"Tiêu đề","datePublished":"2026-03-07T08:00:00+07:00", "x": "cut off',
        '{"@type":"NewsArticle","headline":"Tiêu đề","datePublished":"2026-03-07T08:00:00+07:00"};',
    ],
)
def test_broken_json_still_gives_its_plain_fields(script: str) -> None:
    """Trailing commas, raw line breaks, comments and cut-off JSON do not lose title and time."""
    data = parse_article(page("", head=f'<script type="application/ld+json">{script}</script>'), URL)
    assert data.title == "Tiêu đề"
    assert data.published_at == datetime(2026, 3, 7, 1, 0, tzinfo=UTC)


def test_json_nested_beyond_reason_is_survived() -> None:
    """A script of a hundred thousand brackets costs no exception."""
    script = "[" * 100_000
    assert (
        parse_article(page("<h1>T</h1>", head=f'<script type="application/ld+json">{script}</script>'), URL).title
        == "T"
    )


def test_an_author_that_is_the_outlet_is_no_author() -> None:
    """Organisations, the publisher's own name and addresses in author fields are not people."""
    cases: list[object] = [
        {"@type": "Organization", "name": "Báo Ví dụ"},
        {"@type": "Person", "name": "Báo Ví dụ"},
        "",
        [],
    ]
    for author in cases:
        ld = {**NODE, "author": author, "publisher": {"@type": "Organization", "name": "Báo Ví dụ"}}
        assert parse_article(page("", ld=ld), URL).authors == []


def test_the_section_is_the_last_of_a_comma_joined_list() -> None:
    """Systems that join sections write the general one first."""
    head = '<meta property="article:section" content="Thể thao,World Cup,Tin tức">'
    assert parse_article(page("", head=head), URL).section == "Tin tức"


def test_the_section_is_the_last_crumb_that_is_not_the_article() -> None:
    """A breadcrumb, also one wrapped in a second list, gives the section when nothing else does."""
    crumbs = [{"@type": "ListItem", "item": {"name": name}} for name in ("Trang chủ", "Xã hội", "Đúng bài")]
    ld = [NODE, {"@type": "BreadcrumbList", "itemListElement": [crumbs]}]
    assert parse_article(page("", ld=ld), URL).section == "Xã hội"


@pytest.mark.parametrize(
    ("shown", "order", "expected"),
    [
        ("2026-03-07T08:52:11.000 +07:00", "dmy", (2026, 3, 7, 1, 52, 11)),
        ("9/14/2026 6:44:00 PM", "mdy", (2026, 9, 14, 11, 44, 0)),
        ("07-03-2026 - 00:01 AM", "dmy", (2026, 3, 6, 17, 1, 0)),
        ("07-03-2026 - 13:05 PM", "dmy", (2026, 3, 7, 6, 5, 0)),
        ("Thứ Hai, ngày 20/07/2026 - 06:31", "dmy", (2026, 7, 19, 23, 31, 0)),
    ],
)
def test_times_are_read_as_the_outlet_prints_them(shown: str, order: str, expected: tuple[int, ...]) -> None:
    """Dates in US order, 24-hour clocks with AM or PM, a space before the zone: all to aware UTC."""
    rules = source(date=[".d"]).model_copy(update={"date_order": order})
    data = parse_article(page(f"<span class=d>{shown}</span>"), URL, rules)
    assert data.published_at == datetime(*expected, tzinfo=UTC)  # type: ignore[misc,arg-type]  # six numbers


@pytest.mark.parametrize(
    ("modified", "kept"),
    [
        ("2026-03-07T07:41:20+07:00", None),
        ("2026-03-07T09:40:10+07:00", datetime(2026, 3, 7, 2, 40, 30, tzinfo=UTC)),
        ("2026-03-07T10:00:00+07:00", datetime(2026, 3, 7, 3, 0, tzinfo=UTC)),
    ],
)
def test_an_edit_before_publication_is_dropped(modified: str, kept: datetime | None) -> None:
    """An earlier hour is the hour of writing; within the same minute it is rounding."""
    ld = {**NODE, "datePublished": "2026-03-07T09:40:30+07:00", "dateModified": modified}
    data = parse_article(page("", ld=ld), URL)
    assert data.modified_at == kept
    assert any("before publication" in problem for problem in data.problems) == (kept is None)


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://bao.example/dung.html", "https://bao.example/dung.html"),
        ("/dung.html", "https://bao.example/dung.html"),
        ("https://m.bao.example/dung.html", "https://m.bao.example/dung.html"),
        ("https://khac.example/dung.html", URL),
        ("https://bao.example/", URL),
        ("javascript:alert(1)", URL),
    ],
)
def test_a_canonical_link_counts_only_on_the_same_site(canonical: str, expected: str) -> None:
    """A canonical link to another site or to the front page would fold strangers together."""
    data = parse_article(page("", head=f'<link rel="canonical" href="{canonical}">'), URL)
    assert data.canonical_url == expected


# --- title, lead -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Một bài | Báo Ví dụ", "Một bài"),
        ("Một bài - bao.example", "Một bài"),
        ("Một bài - Báo Ví dụ Kinh tế", "Một bài"),
        ("Hà Nội - Huế", "Hà Nội - Huế"),
        ("Giá vàng | Giá dầu", "Giá vàng | Giá dầu"),
    ],
)
def test_the_outlets_name_is_no_part_of_the_title(title: str, expected: str) -> None:
    """Only the outlet's own name is cut off a title, not what follows any dash."""
    assert (
        parse_article(page("", head=f'<meta property="og:title" content="{title}">'), URL, source()).title == expected
    )


@pytest.mark.parametrize(
    ("printed", "text", "place", "agency"),
    [
        ("(Chinhphu.vn) - Từ tháng 3", "Từ tháng 3", "", "Chinhphu.vn"),
        ("(NLĐO)- Sáng nay", "Sáng nay", "", ""),
        ("TTO - Sáng nay", "Sáng nay", "", ""),
        ("(Dân trí) – Sáng nay", "Sáng nay", "", "Dân trí"),
        ("(TTXVN) - Sáng nay", "Sáng nay", "", "TTXVN"),
        ("Hà Nội (TTXVN) - Sáng nay", "Hà Nội (TTXVN) - Sáng nay", "Hà Nội", "TTXVN"),
        ("TTXVN - Ngày 13/4, hội nghị", "Ngày 13/4, hội nghị", "", "TTXVN"),
        ("(Ảnh minh họa) - Sáng nay", "(Ảnh minh họa) - Sáng nay", "", ""),
        ("Covid-19 - bài học", "Covid-19 - bài học", "", ""),
        ("UBND - cơ quan", "UBND - cơ quan", "", ""),
    ],
)
def test_marks_before_a_lead_are_taken_off_and_read(printed: str, text: str, place: str, agency: str) -> None:
    """Outlet marks go, an agency is noted, and brackets that are neither stay."""
    found = opening(printed)
    assert (found.text, found.place, found.agency) == (text, place, agency)


def test_an_outlets_own_mark_is_not_its_agency() -> None:
    """The shipped prefix of a source is taken off without crediting anybody."""
    rules = source(lead=[".sapo"], lead_prefix=[r"\(Chinhphu\.vn\)\s*-\s*"])
    data = parse_article(page("<p class=sapo>(Chinhphu.vn) - Từ tháng 3.</p>"), URL, rules)
    assert (data.lead, data.agency) == ("Từ tháng 3.", "")


def test_the_dateline_stays_in_the_text_and_is_noted() -> None:
    """The first paragraph keeps its dateline; place and agency are read from it."""
    data = parse_article(article(f"Cao Bằng (TTXVN) - {RUN}", RUN), URL)
    assert data.text.startswith("Cao Bằng (TTXVN) - ")
    assert (data.place, data.agency) == ("Cao Bằng", "TTXVN")


def test_a_place_line_beside_the_headline_is_the_place() -> None:
    """A province's name alone in a line by the headline is where the story is from."""
    html = page(f"<div><h1>Một bài</h1><p>Lào Cai</p></div><div class=body><p>{RUN}</p><p>{RUN} Hai.</p></div>")
    assert parse_article(html, URL).place == "Lào Cai"


def test_a_lead_repeated_as_the_first_paragraph_is_said_once() -> None:
    """The body does not begin with the lead; the same words later in the body stay."""
    lead = "Ba năm thực hiện, một nghìn hộ có nước."
    html = page(
        f"<h1>T</h1><p class=sapo>(TTXVN) - {lead}</p><div class=b><p>{lead}</p><p>{RUN}</p><p>{lead}</p></div>"
    )
    data = parse_article(html, URL, source(lead=[".sapo"], body=[".b"], title=["h1"]))
    assert (data.lead, data.paragraphs) == (lead, [RUN, lead])


def test_a_cut_off_description_is_no_lead() -> None:
    """A meta description that is the body's beginning cut short adds nothing and is left out."""
    head = f'<meta property="og:description" content="{RUN[:60]}...">'
    data = parse_article(page(f"<h1>T</h1><div><p>{RUN}</p><p>{RUN} Hai.</p></div>", head=head), URL)
    assert data.lead == ""
    assert data.paragraphs[0] == RUN


# --- body --------------------------------------------------------------------------------------------------


BODY = {"title": ["h1"], "body": [".b"]}


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>Một</p><h2>Hai</h2><ul><li>ba</li><li>bốn</li></ul>", ["Một", "Hai", "ba", "bốn"]),
        ("<p>Một<br>hai</p>", ["Một hai"]),
        ("<p>Một<br><br>hai</p>", ["Một", "hai"]),
        ("<p>Một<br> \n <br>hai</p>", ["Một", "hai"]),
        ("Một<br>hai<p></p>", ["Một", "hai"]),
        ("<div>Một <b>đậm</b> chữ<p>Hai</p>ba</div>", ["Một đậm chữ", "Hai", "ba"]),
        ("<p>Một</p><script>no()</script><style>p{}</style><noscript>không</noscript>", ["Một"]),
        ("<p>Một</p><!-- bonewsrelation 12:00 --><iframe src=x>không</iframe>", ["Một"]),
        ("<figure><img src=a.jpg><figcaption>Chú thích</figcaption></figure><p>Một</p>", ["Một"]),
        ("<p>Một</p><p class='PhotoCMS_Caption'>Chú thích</p>", ["Một"]),
        ("<p>Một</p><div type=RelatedOneNews><a href=/x>Khác</a><p>Tóm tắt</p></div><p>Hai</p>", ["Một", "Hai"]),
        ("<p>Một</p><div><b>Xem thêm</b><ul><li><a href=/x>Khác</a></li></ul></div><p>Hai</p>", ["Một", "Hai"]),
        ("<p>Một</p><div class='box related-news'><a href=/x>Khác</a></div><p>Hai</p>", ["Một", "Hai"]),
        ("<p>Một</p><p>Xem thêm: <a href=/x>Bài khác hay lắm</a></p><p>Hai</p>", ["Một", "Hai"]),
        ("<p>Một</p><h3>Tin liên quan</h3><p>Khác</p><p>Nữa</p>", ["Một"]),
        ("<p>Một</p><p>Tin liên quan</p><p>Xem thêm</p>", ["Một"]),
        ("<p>Một <a href=/x>liên kết dài trong câu</a>.</p>", ["Một liên kết dài trong câu."]),
        ("<p>Một</p><p style='display: none'>ẩn</p>", ["Một"]),
        ("<table><tr><td>Năm</td><td>Hộ</td></tr><tr><td>2026</td><td>12</td></tr></table>", ["Năm | Hộ", "2026 | 12"]),
        ("<table><tr><td><p>Một</p><p>Hai</p></td><td><p>Ba</p></td></tr></table>", ["Một", "Hai", "Ba"]),
        ("<p>a\u00a0b\u200bc&nbsp; d</p>", ["a bc d"]),
    ],
)
def test_body_paragraphs(inner: str, expected: list[str]) -> None:
    """Blocks in order; boxes and subheads in, captions, scripts and related links out."""
    html = page(f"<h1>T</h1><div class=b>{inner}</div>")
    assert parse_article(html, URL, source(**BODY)).paragraphs == expected


def test_a_heading_like_a_related_box_inside_running_text_does_not_cut_the_body() -> None:
    """Text that goes on after "Xem thêm" is kept."""
    html = page(f"<h1>T</h1><div class=b><p>{RUN}</p><h3>Tin mới về lúa</h3><p>{RUN} Hai.</p></div>")
    assert parse_article(html, URL, source(**BODY)).paragraphs[-1] == f"{RUN} Hai."


def test_a_short_sentence_shows_that_the_article_goes_on() -> None:
    """Under "Tin liên quan" near the end, other headlines go and the article's own last sentence stays."""
    end = "Toàn bộ dự án sẽ xong trước mùa mưa."
    late = "<h3>Tin liên quan</h3><p><a href=/2>Một tin khác của báo</a></p>"
    html = page(
        f"<h1>T</h1><div class=b><p>{RUN}</p><p>{RUN} Hai.</p>{late}<p>Toàn bộ dự án sẽ xong trước mùa mưa.</p></div>"
    )
    paragraphs = parse_article(html, URL, source(**BODY)).paragraphs
    assert paragraphs[-1] == end
    assert "Một tin khác của báo" not in paragraphs


def test_the_first_body_with_text_is_taken() -> None:
    """An empty element of the same name, before or after, is passed over."""
    html = page("<h1>T</h1><div class=b></div><div class=b><p>Đúng</p></div><div class=b><p>Sai</p></div>")
    assert parse_article(html, URL, source(**BODY)).paragraphs == ["Đúng"]


def test_a_body_of_links_is_doubted() -> None:
    """A rule that hits a list of other stories is told of."""
    links = "".join(f"<p><a href=/{n}>{RUN}</a></p>" for n in range(3))
    problems = parse_article(page(f"<h1>T</h1><div class=b>{links}</div>"), URL, source(**BODY)).problems
    assert "text: mostly links; the body may be a list of other stories" in problems


def test_pictures_are_absolute_with_their_own_captions() -> None:
    """Lazy addresses are used, placeholders and pictures of related boxes are not."""
    html = page(
        "<h1>T</h1><div class=b><figure><img src='data:image/gif;base64,R0' data-src='/a.jpg'>"
        "<figcaption>Một</figcaption></figure><p>Chữ</p><img src='//cdn.example/b.jpg'>"
        "<div class=related><a href=/x><img src=/c.jpg>Khác</a></div></div>"
    )
    images = parse_article(html, URL, source(**BODY)).images
    assert [(image.url, image.caption) for image in images] == [
        ("https://bao.example/a.jpg", "Một"),
        ("https://cdn.example/b.jpg", ""),
    ]


def test_a_dangerous_picture_address_is_left_out() -> None:
    """Only addresses that may be fetched are kept."""
    html = page("<h1>T</h1><div class=b><img src='javascript:alert(1)'><p>Chữ</p></div>")
    assert parse_article(html, URL, source(**BODY)).images == []


# --- people ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "authors", "agency"),
    [
        ("Chu Hiệu", ["Chu Hiệu"], ""),
        ("Tâm Hằng/TTXVN", ["Tâm Hằng"], "TTXVN"),
        ("Tâm Hằng (TTXVN)", ["Tâm Hằng"], "TTXVN"),
        ("Tâm HằngTTXVN", ["Tâm Hằng"], "TTXVN"),
        ("Tâm Hằng (TTXVN/Vietnam+)", ["Tâm Hằng"], "TTXVN"),
        ("Thông tấn xã Việt Nam", [], "TTXVN"),
        ("(Theo TTXVN)", [], "TTXVN"),
        ("Theo TTXVN/Báo Tin tức", [], "TTXVN"),
        ("Văn Giáp/Bnews/vnanet.vn", ["Văn Giáp"], "Bnews"),
        ("Hà Thu (tổng hợp)", ["Hà Thu"], ""),
        ("Hà Thu (theo Reuters, CNN)", ["Hà Thu"], "Reuters"),
        ("Theo Hồ Hương", ["Hồ Hương"], ""),
        ("Theo Thanh Niên", [], "Thanh Niên"),
        ("Theo Nhịp sống thị trường", [], "Nhịp sống thị trường"),
        ("NHẬT XUÂN - NGHI VŨ", ["NHẬT XUÂN", "NGHI VŨ"], ""),
        ("NHẬT XUÂN và 1 tác giả khác", ["NHẬT XUÂN"], ""),
        ("Bài, ảnh: Lan Anh và Minh Đức", ["Lan Anh", "Minh Đức"], ""),
        ("Tin, ảnh: Lan Anh/TTXVN", ["Lan Anh"], "TTXVN"),
        ("TP", ["TP"], ""),
        ("PV", [], ""),
        ("Nhóm PV", [], ""),
        ("PV/TTXVN", [], "TTXVN"),
        ("Báo Ví dụ", [], ""),
        ("https://bao.example/tac-gia", [], ""),
        ("", [], ""),
        (RUN + RUN, [], ""),
    ],
)
def test_bylines_are_split_into_people_and_agency(byline: str, authors: list[str], agency: str) -> None:
    """Names are people, agencies and other papers are credits, labels and "PV" are nobody."""
    found = credits_in([byline], ["Báo Ví dụ"])
    assert (list(found.authors), found.agency) == (authors, agency)


def test_the_same_person_is_named_once() -> None:
    """Top and foot of the page name the same people in other letters."""
    assert credits_in(["Nhật Xuân", "NHẬT XUÂN"]).authors == ("Nhật Xuân",)


@pytest.mark.parametrize(
    ("line", "signed"),
    [
        ("Chu Hiệu", True),
        ("Hà Thu (tổng hợp)", True),
        ("(Theo TTXVN)", True),
        ("Theo VnExpress", True),
        ("Lan Anh - Minh Đức", True),
        ("Hà Nội, ngày 3/9", False),
        ("Hỗ trợ doanh nghiệp", False),
        ("Hai bên ký kết.", False),
        ("Ông nói: Không!", False),
        ("", False),
    ],
)
def test_a_signature_is_told_from_a_sentence_and_a_subhead(line: str, signed: bool) -> None:  # noqa: FBT001 - cases
    """A last line is a signature only when it is names and nothing else."""
    assert is_sign_off(line) == signed


def test_the_author_in_the_last_paragraph_leaves_the_body() -> None:
    """A signature is an author and no paragraph; a second line may credit the agency."""
    data = parse_article(article(RUN, RUN + " Hai.", "Chu Hiệu", "(Theo TTXVN)"), URL)
    assert (data.paragraphs, data.authors, data.agency) == ([RUN, RUN + " Hai."], ["Chu Hiệu"], "TTXVN")


def test_a_signature_repeating_a_known_author_is_dropped_too() -> None:
    """The author named above the text is not repeated below it."""
    html = page(f"<h1>T</h1><p class=a>Hoa</p><div class=b><p>{RUN}</p><p>Hoa</p></div>")
    data = parse_article(html, URL, source(**BODY, author=[".a"]))
    assert (data.authors, data.paragraphs) == (["Hoa"], [RUN])


def test_a_list_of_names_is_no_signature() -> None:
    """An article that ends in a list of winners keeps it."""
    names = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường"]
    assert parse_article(article(RUN, RUN + " Hai.", *names), URL).paragraphs[-3:] == names


# --- hostile input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<div>" * 12_000 + f"<p>{RUN}</p><p>{RUN}</p>", "nested deeper"),
        ("<p " + " ".join(f"a{i}=1" for i in range(5000)) + f">{RUN}{RUN}</p>", "attributes"),
        ("<option>" * (bounds.MAX_TAGS + 1), "page cut"),
    ],
)
def test_a_page_made_to_cost_time_is_bounded_and_says_so(html: str, said: str) -> None:
    """Deep nesting, masses of attributes and masses of tags are cut down and named in problems."""
    assert any(said in problem for problem in parse_article(html, URL).problems)


def test_markup_in_a_title_stays_text() -> None:
    """Escaped markup in a headline is what the page shows, and is for the renderer to escape again."""
    assert parse_article(page("<h1>&lt;script&gt;x&lt;/script&gt;</h1>"), URL).title == "<script>x</script>"


@example("<h1>Tin trong ngày</h1><p>Một đoạn.", "http://[x")
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)), st.text(max_size=60))
def test_parse_article_never_raises_on_noise(html: str | bytes, url: str) -> None:
    """Any page and any address give an article, if an empty one."""
    assert parse_article(html, url).problems


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(PAGES),
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 80),
            st.sampled_from(["", "<", "</div>", "<table>", '"', "\x00", "<!--", "{", "]"]),
        )
    ),
)
def test_parse_article_never_raises_on_mutated_pages(path: Path, edits: list[tuple[float, int, str]]) -> None:
    """Pages with pieces cut out and markup thrown in are read without an exception, with rules and without."""
    html = path.read_text(encoding="utf-8")
    for where, length, instead in edits:
        at = int(where * len(html))
        html = html[:at] + instead + html[at + length :]
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for rules in (SOURCES.get(case["source"] or ""), None):
        data = parse_article(html, case["url"], rules)
        assert not re.search(r"[\x00-\x08]", data.title + data.text)
