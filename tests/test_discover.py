"""Listings of every kind to links, and in words why there are none."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import discover
from scraper.config import ListingRule, Source
from scraper.discover import addresses_hash, collect, feeds, sitemaps, xml
from scraper.errors import ListingError
from scraper.values import Link, Listed, Page

LISTING = "https://bao.example/chinh-sach"
AT_EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 08:00 in Hà Nội


def listed(body: str | bytes, kind: str = "html", url: str = LISTING, **fields: Any) -> Listed:
    source = fakes.source(**fields)
    rule = ListingRule.model_validate({"url": LISTING, "kind": kind})
    return discover.links(fakes.page(body, url), source, rule, fakes.NOON)


def found(body: str | bytes, kind: str = "html", **fields: Any) -> tuple[Link, ...]:
    return listed(body, kind, **fields).links


def cause_of(body: str | bytes, kind: str = "html", **fields: Any) -> str:
    with pytest.raises(ListingError) as caught:
        listed(body, kind, **fields)
    assert LISTING in str(caught.value)
    return caught.value.cause


def address(number: int) -> str:
    return f"https://bao.example/tin-so-{number}-post{number}.html"


# --- section pages by the source's selectors ---------------------------------------------------------------

SECTION = """
<html><head><link rel="next" href="/chinh-sach?trang=2"></head><body>
<div class="hot"><article><a href="/hop-thu-post9.html">Thư bạn đọc gửi về tòa soạn trong tuần</a></article></div>
<article>
  <a class="thumb" href="/giao-dat-post1.html?utm_source=zalo"><img alt="Ảnh giao đất"></a>
  <h3><a href="giao-dat-post1.html#binh-luan">Giao đất cho   hộ nghèo</a></h3>
  <p class="sapo">Tỉnh đã <b>giao đất</b>.</p><time datetime="2026-03-02T08:00:00+07:00">sáng nay</time>
</article>
<article><h3><a href="https://m.bao.example/ten-moi-post1.html">Đã đổi tên</a></h3></article>
<article><h3><a href="/cho-vay-post2.html" title="Cho vay vốn">&nbsp;</a></h3><time>02/03/2026 08:00</time></article>
<article><h3><a href="/the/giam-ngheo">Giảm nghèo</a></h3></article>
<article><h3><a href="https://khac.example/la-post3.html">Báo khác</a></h3></article>
<article><h3><a href="/anh-post4.html"><img src="x" alt="Ảnh: chợ phiên"></a></h3></article>
</body></html>
"""
RULES = {"item": ["article"], "link": ["h3 a"], "lead": [".sapo"], "date": ["time@datetime", "time"]}


def test_selectors_read_each_item() -> None:
    """Links come canonical, keyed, in page order, with title, lead and time of their own item."""
    links = found(SECTION, links={**RULES, "exclude": [".hot"]})
    assert links == (
        Link(
            "https://bao.example/giao-dat-post1.html", "bao:1", "Giao đất cho hộ nghèo", "Tỉnh đã giao đất.", AT_EIGHT
        ),
        Link("https://bao.example/cho-vay-post2.html", "bao:2", "Cho vay vốn", "", AT_EIGHT),
        Link("https://bao.example/anh-post4.html", "bao:4", "Ảnh: chợ phiên"),
    )


def test_later_link_fills_what_the_first_lacks() -> None:
    """A picture's link without a title takes title and lead from the headline's link behind it."""
    links = found(
        '<a class="p" href="/a-post1.html"></a><p class="p"><a href="/a-post1.html">Một tin</a><i>Lời dẫn</i></p>',
        links={"item": [".p"], "link": ["a"], "lead": ["i"]},
    )
    assert links == (Link("https://bao.example/a-post1.html", "bao:1", "Một tin", "Lời dẫn"),)


def test_selectors_without_item() -> None:
    """Without an item selector each link stands for itself."""
    assert [link.key for link in found(SECTION, links={"link": ["h3 a"]})] == ["bao:1", "bao:2", "bao:4"]


def test_base_href_counts() -> None:
    """Relative links are joined to the page's base element."""
    body = '<base href="/luu-tru/"><article><h3><a href="a-post1.html">Một tin cũ</a></h3></article>'
    assert found(body, links=RULES)[0].url == "https://bao.example/luu-tru/a-post1.html"


@pytest.mark.parametrize(
    ("shown", "fields"),
    [
        ('<time datetime="2026-03-02T08:00:00+07:00">x</time>', {}),
        ('<time datetime="2026-03-02 08:00">x</time>', {}),
        ('<i data-publishtime="1772413200"></i>', {}),
        ('<span class="box-time">02/03/2026 - 08:00</span>', {}),
        ('<span class="box-time">4 giờ trước</span>', {}),
        ('<span class="box-time" title="3/2/2026 8:00:00 AM">02/03/2026</span>', {"listing_date_order": "mdy"}),
        ('<span class="box-time" title="3/2/2026 8:00:00 AM">02/03/2026 08:00</span>', {}),
    ],
)
def test_time_of_an_item(shown: str, fields: dict[str, Any]) -> None:
    """Without date selectors the time is taken from what usually holds it, in the source's zone and order."""
    body = f'<article><h3><a href="/a-post1.html">Một tin</a></h3>{shown}</article>'
    rules = {"item": ["article"], "link": ["h3 a"]}
    assert found(body, links=rules, **fields)[0].published_at == AT_EIGHT


def test_leads_lose_the_outlets_name() -> None:
    """The prefix that the outlet sets before its leads is taken off, as on article pages."""
    body = SECTION.replace("Tỉnh đã", "(Báo Ví dụ) - Tỉnh đã")
    links = found(body, links=RULES, article={"lead_prefix": [r"\(Báo Ví dụ\)\s*-\s*"]})
    assert {link.key: link.lead for link in links}["bao:1"] == "Tỉnh đã giao đất."


def test_generic_finder_stands_behind_the_selectors() -> None:
    """Selectors that match nothing any more do not lose the listing."""
    assert [link.key for link in found(SECTION, links={"item": ["div.gone"]})] == ["bao:9", "bao:1", "bao:2", "bao:4"]


# --- where a listing goes on -------------------------------------------------------------------------------


def test_next_page_is_what_the_page_says() -> None:
    """The link marked as next is followed, and one that leads to another site or back to itself is not."""
    assert listed(SECTION).more == ("https://bao.example/chinh-sach?trang=2",)
    for href in ("https://khac.example/trang-2", "/chinh-sach", "javascript:next()"):
        assert listed(SECTION.replace("/chinh-sach?trang=2", href)).more == ()


def test_next_page_by_selector() -> None:
    """The source's selector for the next page comes before the marks of the page."""
    body = SECTION + '<ul><li class="sau"><a href="/chinh-sach/trang-2">Sau</a></li></ul>'
    assert listed(body, links={"next": [".sau a@href"]}).more == ("https://bao.example/chinh-sach/trang-2",)


@pytest.mark.parametrize(
    ("here", "template", "expected"),
    [
        ("/chinh-sach", "https://bao.example/chinh-sach/trang-{page}", "/chinh-sach/trang-2"),
        ("/chinh-sach/trang-2", "https://bao.example/chinh-sach/trang-{page}", "/chinh-sach/trang-3"),
        ("/chinh-sach/trang-1.htm", "/trang-{page}.htm", "/chinh-sach/trang-2.htm"),
        ("/chinh-sach-p9.htm", "-p{page}.htm", "/chinh-sach-p10.htm"),
        ("/chinh-sach", "?page={page}", "/chinh-sach?page=2"),
        ("/chinh-sach?page=2", "?page={page}", "/chinh-sach?page=3"),
    ],
)
def test_next_page_by_template(here: str, template: str, expected: str) -> None:
    """A template counts on from the page at hand, whatever section it belongs to."""
    more = listed(SECTION, url=f"https://bao.example{here}", links={"next_url": template}).more
    assert more == (f"https://bao.example{expected}",)


@pytest.mark.parametrize("kind", ["html", "feed", "sitemap"])
def test_last_page_may_hold_nothing(kind: str) -> None:
    """Only the listing itself must hold links; what it led to may not."""
    body = {"html": "<p>Hết</p>", "feed": "<rss><channel></channel></rss>", "sitemap": "<urlset></urlset>"}[kind]
    assert listed(body, kind, url=f"{LISTING}?trang=9") == Listed(())


# --- the generic finder ------------------------------------------------------------------------------------

WEBLOG = """
<header class="site">
  <a href="/gioi-thieu-ve-to-soan-va-lien-he-quang-cao/">Giới thiệu về tòa soạn và liên hệ</a></header>
<ul class="main-menu">
  <li><a href="/2026/03/menu-co-ca-bai-rat-dang-doc/">Bài rất đáng đọc nằm trong trình đơn</a></li></ul>
<main>
<article><header>
  <h2><a href="/2026/03/xa-vung-cao-cap-von-cho-ho-ngheo/">Xã vùng cao cấp vốn cho hộ nghèo</a></h2></header>
  <span class="entry-date">02/03/2026 08:00</span>
  <div class="entry-summary">Hai trăm hộ đã nhận đủ tiền ngay trong tháng Hai, sớm hơn kế hoạch.</div>
  <a href="/2026/03/xa-vung-cao-cap-von-cho-ho-ngheo/">Đọc tiếp</a></article>
<article><header><h2><a href="/2026/03/duong-vao-ban/">Đường vào bản</a></h2></header></article>
<article><header>
  <h2><a href="/2026/02/huyen-giao-dat-san-xuat-dot-hai/">Huyện giao đất sản xuất đợt hai</a></h2></header>
  <a class="tag" href="/tag/dat-dai/">Đất đai của đồng bào vùng cao biên giới</a></article>
</main>
<div class="tags"><a href="/2026/03/the-nhung-khong-phai-bai/">Một thẻ dài như một cái tít bài báo</a></div>
<footer><a href="/2026/03/ban-quyen-va-dieu-khoan-su-dung/">Bản quyền và điều khoản sử dụng trang</a></footer>
"""
BARE: dict[str, Any] = {"id_pattern": "", "link_pattern": ""}


def test_generic_finder_on_a_weblog() -> None:
    """Headlines are found with lead and time, a short one among them too; menus, tags and footers are not."""
    links = found(WEBLOG, **BARE)
    assert [link.title for link in links] == [
        "Xã vùng cao cấp vốn cho hộ nghèo",
        "Đường vào bản",
        "Huyện giao đất sản xuất đợt hai",
    ]
    assert links[0].published_at == AT_EIGHT
    assert links[0].lead.startswith("Hai trăm hộ")
    assert links[1].published_at is None
    assert links[1].lead == ""


def test_generic_finder_leaves_out_pages_without_an_id_among_those_with() -> None:
    """Where headlines carry post ids, a long link to a section or topic does not count as one."""
    body = "".join(f'<p><a href="/tin-so-{n}-{n}00000.htm">Tin số {n} hôm nay của huyện</a></p>' for n in range(1, 6))
    topic = '<p><a href="/chuyen-doi-so-ho-kinh-doanh-e199.htm">Chuyển đổi số hộ kinh doanh</a></p>'
    assert [link.title[:8] for link in found(topic + body, **BARE)] == [f"Tin số {n}" for n in range(1, 6)]


def test_generic_finder_in_an_old_table_layout() -> None:
    """Links in table cells without classes are found by their company and length alone."""
    menu = "<tr>" + "".join(f'<td><a href="/muc{n}.asp">Mục {n}</a></td>' for n in range(6)) + "</tr>"
    rows = "".join(
        f'<tr><td><a href="xem.asp?id={n}"><img></a></td>'
        f'<td><b><a href="xem.asp?id={n}">Tin dài số {n} của tỉnh ta</a></b></td></tr>'
        for n in range(3)
    )
    links = found(f"<table>{menu}</table><table>{rows}</table>", **BARE)
    assert [link.url for link in links] == [f"https://bao.example/xem.asp?id={n}" for n in range(3)]


def test_page_that_is_one_big_menu_by_name() -> None:
    """A wrapper called menu around the whole page does not hide all of it."""
    assert len(found(f'<div class="has menu">{WEBLOG}</div>', **BARE)) >= 3


def test_pattern_vouches_for_short_titles() -> None:
    """With a link pattern, a link outside the menu needs no company to count."""
    assert [link.key for link in found('<p><a href="/a-post1.html">Giá xăng giảm</a></p>')] == ["bao:1"]


def test_links_and_text_of_a_page_are_bounded() -> None:
    """A page with more links than any real one has gives a bounded number, and bounded titles."""
    many = "".join(f'<h3><a href="/a-post{n}.html">{"rất dài " * 200}</a></h3>' for n in range(collect.MAX_LINKS + 5))
    links = collect.collect(
        (collect.Found(f"/a-post{n}.html") for n in range(collect.MAX_LINKS + 5)), fakes.source(), LISTING
    )
    assert len(links) == collect.MAX_LINKS
    assert max(len(link.title) for link in found(many[:100_000])) <= collect.MAX_TITLE


def test_anchors_that_are_looked_at_are_bounded() -> None:
    """Of a page with more items than any real one has only the first so many are looked at."""
    item = "<div class=tin><a href='{}'>Một tiêu đề đủ dài của bài</a></div>"
    idle = item.format("/chuyen-muc") * collect.MAX_ANCHORS
    body = item.format("/a-post1.html") + idle + item.format("/a-post2.html")
    assert [link.key for link in found(body, links={"item": [".tin"], "link": ["a"]})] == ["bao:1"]


# --- why a page gave nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("<html><body><div id=app></div></body></html>", "empty"),
        ('<html><body><a href="/ve-chung-toi">Về chúng tôi</a></body></html>', "layout"),
        ("<html><title>Just a moment...</title><body>Checking</body></html>", "blocked"),
        ("<html><script>document.cookie = 'D1N=ab12'; window.location.reload()</script></html>", "blocked"),
        ("<rss><channel><item><link>https://bao.example/a-post1.html</link></item></channel></rss>", "layout"),
    ],
)
def test_cause_of_a_page_without_links(body: str, cause: str) -> None:
    """Each way in which a section page can fail has its own cause."""
    assert cause_of(body) == cause


def test_wrong_kind_is_named() -> None:
    """An answer of another kind says what to write in the source file."""
    page = "<!DOCTYPE html><html><body><a href='/x'>x</a></body></html>"
    for body, kind, hint in [
        ("<rss><channel/></rss>", "html", 'kind = "feed"'),
        ("<urlset></urlset>", "feed", 'kind = "sitemap"'),
        ("<rss><channel/></rss>", "sitemap", 'kind = "feed"'),
        (page, "feed", 'kind = "html"'),
        (page, "sitemap", 'kind = "html"'),
    ]:
        with pytest.raises(ListingError, match=hint):
            listed(body, kind)


# --- feeds -------------------------------------------------------------------------------------------------


def rss(*items: str, before: str = "") -> str:
    joined = "".join(f"<item>{item}</item>" for item in items)
    return f'{before}<rss version="2.0"><channel><link>https://bao.example/</link>{joined}</channel></rss>'


def item(number: int, more: str = "") -> str:
    return f"<title>Tin {number}</title><link>\n{address(number)}\n</link>{more}"


def test_rss() -> None:
    """Items come in feed order with title, lead stripped of markup, and time."""
    lead = (
        "<description><![CDATA[<a href='x'><img src='y'></a></br>Vốn đã về &amp; đến <b>tay</b> dân.]]></description>"
    )
    body = rss(item(1, lead + "<pubDate>Mon, 02 Mar 2026 08:00:00 +0700</pubDate>"), item(2), item(1))
    assert found(body, "feed") == (
        Link(address(1), "bao:1", "Tin 1", "Vốn đã về & đến tay dân.", AT_EIGHT),
        Link(address(2), "bao:2", "Tin 2"),
    )


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("Mon, 02 Mar 2026 08:00:00 +0700", "dmy"),
        ("Mon, 02 Mar 2026 01:00:00 GMT", "dmy"),
        ("Mon, 02 Mar 26 08:00:00 +0700", "dmy"),
        ("2026-03-02T08:00:00", "dmy"),
        ("02/03/2026 08:00", "dmy"),
        ("3/2/2026 8:00:00 AM", "mdy"),
    ],
)
def test_times_in_feeds(written: str, order: str) -> None:
    """A time without a zone is the outlet's, and numbers are read in the order said of its listings."""
    body = rss(item(1, f"<pubDate>{written}</pubDate>"))
    assert found(body, "feed", listing_date_order=order)[0].published_at == AT_EIGHT


def test_feed_time_that_is_none() -> None:
    """A time that cannot be read leaves the item without one."""
    assert found(rss(item(1, "<pubDate>hôm nọ</pubDate>")), "feed")[0].published_at is None


def test_guid_and_relative_links() -> None:
    """A permalink guid stands for a missing link, another guid does not, and relative links are joined."""
    links = found(
        rss(
            f"<title>Một</title><guid>{address(1)}</guid>",
            f'<title>Hai</title><guid isPermaLink="false">{address(2)}</guid>',
            "<title>Ba</title><link>/tin-so-3-post3.html</link>",
            "<title>Không có địa chỉ</title>",
        ),
        "feed",
    )
    assert [link.key for link in links] == ["bao:1", "bao:3"]


def test_atom() -> None:
    """Atom's alternate link under xml:base, its markup titles and its update time are read."""
    body = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bao.example/a/">
    <entry><title type="html">Vốn &lt;b&gt;vay&lt;/b&gt;</title><link rel="edit" href="sua-post8.html"/>
    <link href="b-post1.html"/><updated>2026-03-02T08:00:00+07:00</updated>
    <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Lời <i>dẫn</i></div></summary></entry></feed>"""
    assert found(body, "feed") == (Link("https://bao.example/a/b-post1.html", "bao:1", "Vốn vay", "Lời dẫn", AT_EIGHT),)


RDF = f"""<?xml version="1.0" encoding="utf-16"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <item rdf:about="{address(1)}"><title>Đắk Lắk</title><link>{address(1)}</link>
 <dc:date>2026-03-02T08:00:00+07:00</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(
    "body",
    [
        RDF.encode("utf-16"),
        RDF.encode("utf-16-le"),
        b"\xff\xfe" + RDF.encode("utf-16-le"),
        RDF.encode("utf-16-be"),
        RDF.encode(),
        b"\xef\xbb\xbf" + RDF.encode(),
        b"\n  " + RDF.encode(),
        gzip.compress(RDF.encode()),
        RDF.replace("Lắk", "\x02Lắk").encode(),
    ],
)
def test_rdf_in_odd_encodings(body: bytes) -> None:
    """What the bytes are counts, not what the declaration claims; control characters do not cost the feed."""
    assert found(body, "feed") == (Link(address(1), "bao:1", "Đắk Lắk", "", AT_EIGHT),)


def test_feed_in_a_declared_eight_bit_encoding() -> None:
    """A feed that is not UTF-8 is read as it declares."""
    body = rss("<title>H\xe9ros</title><link>https://bao.example/a-post1.html</link>")
    declared = ('<?xml version="1.0" encoding="ISO-8859-1"?>' + body).encode("latin-1")
    assert found(declared, "feed")[0].title == "Héros"


def test_json_feed() -> None:
    """JSON Feed is read with the same rules, and a lone surrogate in a title becomes storable."""
    entry = {
        "id": "1",
        "url": "/tin-so-1-post1.html",
        "title": "Tin \ud800",
        "date_published": "2026-03-02T08:00:00+07:00",
    }
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{**entry, "content_html": "<p>Lời dẫn</p>"}, 3, {"id": 7}],
        }
    )
    assert found(body, "feed") == (Link(address(1), "bao:1", "Tin", "Lời dẫn", AT_EIGHT),)


def test_broken_feed_is_read_as_far_as_it_goes() -> None:
    """A bare ampersand, an impossible character and a missing end do not lose the items before."""
    body = rss(item(1), "<title>A & B &#xD800; &#99999999999999; &nope;</title><link>/b-post2.html</link>")
    assert [link.key for link in found(body[:-20], "feed")] == ["bao:1", "bao:2"]


ENTITIES = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("", "empty"),
        (rss(), "empty"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "empty"),
        (rss("<title>x</title><link>https://khac.example/a-post1.html</link>"), "layout"),
        ("không phải nguồn tin", "not a feed"),
        ('{"tin": 1}', "not a feed"),
        ('{"items": ' + "[" * 100_000, "not a feed"),
        ("<html><title>Just a moment...</title></html>", "blocked"),
        (rss(item(1), before=ENTITIES), "not a feed"),
        (rss(item(1), before=ENTITIES).encode("utf-16"), "not a feed"),
        (rss(item(1), before=ENTITIES).encode("utf-16-be"), "not a feed"),
        (rss(item(1), before="<!doctype rss [<!entity a 'x'>]>"), "not a feed"),
        (gzip.compress(rss(item(1)).encode())[:-9], "not a feed"),
        (b"\x1f\x8b" + rss(item(1)).encode(), "not a feed"),
        (gzip.compress(b" " * (feeds.MAX_BYTES + 1)), "not a feed"),
        (rss("<title>x" * feeds.MAX_TAGS), "not a feed"),
        (rss("<a " + " ".join(f'a{n}=">"' for n in range(300)) + "/>"), "not a feed"),
        (
            rss('<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>'),
            "not a feed",
        ),
    ],
)
def test_cause_of_a_feed_without_links(body: str | bytes, cause: str) -> None:
    """Feeds that are empty, foreign, hostile or none are refused with the cause, never with another error."""
    assert cause_of(body, "feed") == cause


def test_harmless_doctype_of_old_rss() -> None:
    """RSS 0.91's document type declares no entity and is let through."""
    before = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss.dtd">'
    assert [link.key for link in found(rss(item(1), before=before), "feed")] == ["bao:1"]


# --- sitemaps ----------------------------------------------------------------------------------------------

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*entries: str) -> str:
    joined = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>{joined}</urlset>'


def index(*entries: tuple[str, str]) -> str:
    joined = "".join(f"<sitemap><loc>{loc}</loc>{lastmod}</sitemap>" for loc, lastmod in entries)
    return f"<sitemapindex {NAMESPACES}>{joined}</sitemapindex>"


def test_sitemap() -> None:
    """Articles come newest first with the news sitemap's title and time; an image's address is not theirs."""
    body = urlset(
        f"<loc> {address(1)} </loc><lastmod>2026-03-01</lastmod>",
        f"<loc>{address(2)}</loc><image:image><image:loc>{address(9)}</image:loc></image:image>"
        "<news:news><news:publication><news:name>Báo</news:name></news:publication>"
        "<news:title>Tin &amp;amp; ảnh</news:title>"
        "<news:publication_date>2026-03-02T08:00:00+07:00</news:publication_date></news:news>",
        "<loc>https://bao.example/chuyen-muc</loc>",
        "<loc>https://khac.example/a-post3.html</loc>",
        "<lastmod>2026-03-01</lastmod>",
    )
    expected = (Link(address(2), "bao:2", "Tin & ảnh", "", AT_EIGHT), Link(address(1), "bao:1"))
    assert found(body, "sitemap") == expected
    assert found(gzip.compress(body.encode()), "sitemap") == expected


def test_sitemap_as_plain_text() -> None:
    """One address a line is a sitemap too."""
    assert [link.key for link in found(f"\ufeff{address(1)}\r\n\r\n{address(2)}\n", "sitemap")] == ["bao:1", "bao:2"]


def test_sitemap_index() -> None:
    """Its sitemaps come newest first, each once, on the source's hosts, the index itself left out."""
    at = "https://bao.example/sitemaps/"
    result = listed(
        index(
            (LISTING, ""),
            (f"{at}news-2026-2.xml", ""),
            (f"{at}news-2025-12.xml", ""),
            (f"{at}news-2026-10.xml", ""),
            (f"{at}news-2026-10.xml#again", ""),
            (f"{at}hom-nay.xml", "<lastmod>2026-03-02</lastmod>"),
            ("https://khac.example/s.xml", ""),
            ("http://127.0.0.1/s.xml", ""),
            ("file:///etc/passwd", ""),
        ),
        "sitemap",
    )
    names = ["hom-nay.xml", "news-2026-10.xml", "news-2026-2.xml", "news-2025-12.xml"]
    assert result == Listed((), tuple(at + name for name in names))


def test_sitemap_index_is_bounded() -> None:
    """Of an index with thousands of sitemaps the newest are taken."""
    many = [(f"https://bao.example/s{n}.xml", f"<lastmod>2026-01-{n % 28 + 1:02}</lastmod>") for n in range(3000)]
    more = listed(index(*many), "sitemap").more
    assert len(more) == sitemaps.MAX_SITEMAPS
    assert more[0] == "https://bao.example/s27.xml"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("", "empty"),
        (urlset(), "empty"),
        (urlset("<loc>https://bao.example/chuyen-muc</loc>"), "layout"),
        (index((LISTING, "")), "layout"),
        ("không phải sơ đồ", "not a sitemap"),
        ("<danhsach><url/></danhsach>", "not a sitemap"),
        (urlset(f"<loc>{address(1)}</loc>")[:-20], "not a sitemap"),
        (urlset(f"<loc>{address(1)}&b</loc>"), "not a sitemap"),
        (
            f"<!DOCTYPE urlset SYSTEM 'file:///etc/passwd'><urlset><url><loc>{address(1)}</loc></url></urlset>",
            "not a sitemap",
        ),
        (
            ('<!DOCTYPE urlset [<!ENTITY a "x">]>' + urlset(f"<loc>{address(1)}</loc>")).encode("utf-16"),
            "not a sitemap",
        ),
        (gzip.compress(b" " * (sitemaps.MAX_BYTES + 1), 1), "not a sitemap"),
        ("<urlset>" + "<a>" * (sitemaps.MAX_TAGS + 1), "not a sitemap"),
        ("<html><title>Just a moment...</title></html>", "blocked"),
    ],
)
def test_cause_of_a_sitemap_without_links(body: str | bytes, cause: str) -> None:
    """Sitemaps that are empty, foreign, broken, hostile or none are refused with the cause."""
    assert cause_of(body, "sitemap") == cause


def test_a_gzip_bomb_is_not_inflated() -> None:
    """A sitemap that is itself gzip takes no more memory than its limit, whatever it would inflate to."""
    bomb = fakes.page(gzip.compress(bytes(200_000_000), 1))
    tracemalloc.start()
    with pytest.raises(ListingError, match="more than"):
        xml.text_of(bomb, "not a sitemap", 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


# --- whatever comes ----------------------------------------------------------------------------------------

SEEDS = [
    SECTION,
    WEBLOG,
    rss(item(1, "<pubDate>Mon, 02 Mar 2026 08:00:00 +0700</pubDate>")),
    RDF,
    urlset("<loc>x</loc>"),
]
PIECES = ["<", ">", "&", '"', "&#x", "]]>", "<![CDATA[", "<!--", "<?", "\x00", "\ud800", "//[", "<item>", '<a href="']


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 30))
        text = text[:at] + draw(st.sampled_from(PIECES)) + text[at + length :]
    return text.encode("utf-8", "surrogatepass")


@given(st.one_of(st.binary(max_size=300), spoiled()), st.sampled_from(["html", "feed", "sitemap"]))
def test_nothing_but_links_or_a_listing_error(body: bytes, kind: str) -> None:
    """Whatever a server sends, the answer is storable links of the source, each key once, or a ListingError."""
    source: Source = fakes.source(**BARE)
    rule = ListingRule.model_validate({"url": LISTING, "kind": kind})
    page: Page = fakes.page(body)
    try:
        links = discover.links(page, source, rule, fakes.NOON).links
    except ListingError:
        return
    assert len({link.key for link in links}) == len(links)
    for link in links:
        assert source.owns(link.url)
        f"{link.title}{link.lead}".encode()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('<a href="/a">Một</a> 12 giờ', '<a href="/a">Một</a> 13 giờ', True),
        ('<a href="/a">Một</a>', "<A HREF='/a' class=x>Một</A>", False),  # read anew, to be on the safe side
        ('<a href="/a"><a href="/b">', '<a href="/b"><a href="/a">', False),
        ("<a href=/a>", "<a href=/a><a href=/a>", False),
        ("<a href = /a?x=1>", "<a href = /a?x=2>", False),
        (
            "<link>https://bao.vn/1</link><pubDate>1</pubDate>",
            "<link>https://bao.vn/1</link><pubDate>2</pubDate>",
            True,
        ),
        ("<loc>https://bao.vn/1</loc>", "<loc>https://bao.vn/2</loc>", False),
        ('{"url": "https:\\/\\/bao.vn\\/1"}', '{"url": "https:\\/\\/bao.vn\\/2"}', False),
    ],
)
def test_addresses_tell_whether_a_list_moved(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a case's answer
    """Two pages are alike exactly when the same addresses stand on them in the same order."""
    assert (addresses_hash(one.encode()) == addresses_hash(other.encode())) is same


@pytest.mark.parametrize("body", [b"", b"no address here", '<a href="/a">'.encode("utf-16")])
def test_a_page_without_addresses_vouches_for_nothing(body: bytes) -> None:
    """What shows no address is read each time."""
    assert addresses_hash(body) == ""
