"""Which element of an unknown page holds the article: the failures of other extractors, one page each."""

from __future__ import annotations

import pytest

from scraper.extract import parse_article
from scraper.models import ArticleData

RUN = "Huyện đã bàn giao công trình số {n} cho tổ quản lý của thôn, sớm hơn kế hoạch hai tháng, theo biên bản."
OTHER = "Đội tuyển thắng trận thứ {n} của mùa giải trên sân nhà, trước hàng nghìn khán giả đến cổ vũ từ sớm."
URL = "https://bao.example/mot-bai-1234567.html"
TITLE = "Huyện vùng cao bàn giao công trình nước sạch"


def runs(start: int, end: int, words: str = RUN) -> str:
    return "".join(f"<p>{words.format(n=n)}</p>" for n in range(start, end))


def paragraphs(start: int, end: int, words: str = RUN) -> list[str]:
    return [words.format(n=n) for n in range(start, end)]


def parsed(body: str, head: str = "") -> ArticleData:
    return parse_article(
        f"<html lang=vi><head><title>{TITLE} - Báo Ví dụ</title>{head}</head><body>{body}</body></html>", URL
    )


HEADLINE = f"<h1>{TITLE}</h1>"
CARD = "<div class=c><h3><a href='/khac'>Một bài khác của báo trong ngày</a></h3><p>{text}</p></div>"

PAGES = {
    "split over siblings": f"{HEADLINE}<div class=t><div id=a>{runs(1, 4)}</div><div id=b>{runs(4, 9)}</div></div>",
    "split by a box of links": (
        f"{HEADLINE}<div class=t><div id=a>{runs(1, 3)}<ul class=k>"
        "<li><a href=/x>Một bài khác của báo trong ngày hôm nay</a></li>"
        "<li><a href=/y>Một bài nữa của báo trong ngày hôm nay</a></li></ul></div>"
        f"<div id=b>{runs(3, 9)}</div></div>"
    ),
    "inside a sidebar by name": f"{HEADLINE}<div class='sidebar-1'><article>{runs(1, 9)}</article></div>",
    "marked as paid by name": f"{HEADLINE}<div class=text>{runs(1, 9).replace('<p>', '<p class=paywall>')}</div>",
    "in a weblog that writes tags into classes": (
        f"<article class='post tag-sport tag-share'>{HEADLINE}{runs(1, 9)}</article>"
    ),
    "followed by comments twice as long": (
        f"{HEADLINE}<div class=t>{runs(1, 9)}</div><div id=comments>{runs(1, 20, OTHER)}</div>"
    ),
    "followed by teasers twice as long": (
        f"<div class=page>{HEADLINE}<div class=t>{runs(1, 9)}</div>"
        + "".join(CARD.format(text=OTHER.format(n=n)) for n in range(16))
        + "</div>"
    ),
    "followed by the next story": (
        f"<main><article>{HEADLINE}{runs(1, 9)}</article><article><h1>Trận thắng thứ mười hai</h1>{runs(1, 14, OTHER)}"
        "</article></main>"
    ),
    "under a cookie banner of more words": (
        f"<div class=page>{HEADLINE}<div class=t>{runs(1, 9)}</div></div>"
        f"<div class='cookie-consent'>{runs(1, 30, OTHER)}</div>"
    ),
    "in a page that is one form": (
        f"<form id=form1><div class=m><a href=/>Trang chủ</a></div>{HEADLINE}<div class=t>{runs(1, 9)}</div></form>"
    ),
    "in table cells with breaks": (
        "<table><tr><td><a href=/a>Mục một</a><br><a href=/b>Mục hai</a></td><td>"
        f"{HEADLINE}{'<br><br>'.join(paragraphs(1, 9))}</td></tr></table>"
    ),
    "behind a gallery's name": f"<div class=gallery>{HEADLINE}<div class=t>{runs(1, 9)}</div></div>",
    "for browsers without scripts": f"<noscript>{HEADLINE}<div>{runs(1, 9)}</div></noscript>",
    "in the menu": f"<nav>{HEADLINE}<div>{runs(1, 9)}</div></nav>",
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES.keys())
def test_the_whole_body_and_nothing_else_is_found(body: str) -> None:
    """Wherever the body stands and whatever stands beside it, it comes out whole and alone."""
    data = parsed(body)
    assert data.title == TITLE
    assert data.paragraphs == paragraphs(1, 9)


LEAD = "Gần một nghìn hộ ở vùng cao có nước sạch sau ba năm thực hiện chương trình."


@pytest.mark.parametrize(
    ("body", "head", "lead"),
    [
        (f"{HEADLINE}<h2 class=sapo>{LEAD}</h2><div>{runs(1, 9)}</div>", "", LEAD),
        (f"{HEADLINE}<p class='article-intro'>{LEAD}</p><div>{runs(1, 9)}</div>", "", LEAD),
        (f"{HEADLINE}<div>{LEAD}</div><div>{runs(1, 9)}</div>", f"<meta name=description content='{LEAD}'>", LEAD),
        (f"{HEADLINE}<div><p><b>{LEAD}</b></p>{runs(1, 9)}</div>", "", LEAD),
        (f"{HEADLINE}<div><p class=lead>{LEAD}</p>{runs(1, 9)}</div>", "", LEAD),
        (f"{HEADLINE}<div>{runs(1, 9)}</div>", f"<meta name=description content='{LEAD}'>", ""),
        (f"{HEADLINE}<p class=sapo><a href=/x>{LEAD}</a></p><div>{runs(1, 9)}</div>", "", ""),
    ],
)
def test_the_standfirst_is_kept_once(body: str, head: str, lead: str) -> None:
    """A standfirst above the body or bold at its beginning is the lead; what only search engines are told is none."""
    data = parsed(body, head)
    assert (data.lead, data.paragraphs) == (lead, paragraphs(1, 9))


def test_a_plain_first_paragraph_that_the_description_repeats_stays_in_the_body() -> None:
    """The first sentence given to search engines is no standfirst."""
    data = parsed(f"{HEADLINE}<div>{runs(1, 9)}</div>", f"<meta name=description content='{RUN.format(n=1)}'>")
    assert (data.lead, data.paragraphs) == ("", paragraphs(1, 9))


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        ("<p>Ảnh: Lan Anh</p>", ["Ảnh: Lan Anh"]),
        ("<figure><img src=a.jpg><figcaption>Chú thích</figcaption></figure>", []),
        ("<div class='photo-box'><img src=a.jpg>Chú thích ngắn</div>", []),
        (
            "<div class=newsletter>Đăng ký nhận bản tin mỗi sáng của chúng tôi, hoàn toàn miễn phí.</div>",
            [],
        ),
        ("<p>Xem thêm: <a href=/x>Bài khác hay lắm</a></p>", []),
        ("<h3>Read more:</h3>", []),
        ("<p>“Có.”</p>", ["“Có.”"]),
        ("<h2>Cả thôn cùng góp sức</h2>", ["Cả thôn cùng góp sức"]),
        ("<ul><li>Ba triệu đồng</li><li>Năm ngày công</li></ul>", ["Ba triệu đồng", "Năm ngày công"]),
        ("<div><a href=/x>Một liên kết đứng một mình</a></div>", []),
        ("<div>Chia sẻ</div>", []),
    ],
)
def test_what_stands_among_the_paragraphs_is_told_apart(inner: str, kept: list[str]) -> None:
    """Subheads, lists and short paragraphs are text; captions, boxes, buttons and links to other stories are not."""
    data = parsed(f"{HEADLINE}<div class=t>{runs(1, 5)}{inner}{runs(5, 9)}</div>")
    assert data.paragraphs == [*paragraphs(1, 5), *kept, *paragraphs(5, 9)]


def test_scraps_around_the_text_go() -> None:
    """A date line above, buttons and headings without text below are not the article's."""
    scraps = "<div>Ngày 12/11/2026 - 16:45</div>", "<div>Chia sẻ</div><h3>Bình luận</h3>"
    data = parsed(f"{HEADLINE}<div class=t>{scraps[0]}{runs(1, 9)}{scraps[1]}</div>")
    assert data.paragraphs == paragraphs(1, 9)


def test_a_page_without_running_text_gives_none() -> None:
    """Menus and buttons are no article."""
    data = parsed("<ul><li><a href=/a>Mục một</a></li><li><a href=/b>Mục hai</a></li></ul>")
    assert (data.text, "text: not found" in data.problems) == ("", True)


@pytest.mark.parametrize(
    ("body", "head", "problem"),
    [
        (
            f"{HEADLINE}<h2 class=sapo>{LEAD * 3}</h2><div><p>{RUN.format(n=1)}</p></div>",
            "",
            "text: shorter than the lead",
        ),
        (
            f"{HEADLINE}<div>{runs(1, 9)}</div>",
            "<meta property='og:title' content='Đội tuyển thắng lớn'>",
            f"title: the page prints '{TITLE}' and tells machines 'Đội tuyển thắng lớn'",
        ),
    ],
)
def test_doubts_are_told(body: str, head: str, problem: str) -> None:
    """What speaks against a reading stands among its problems."""
    assert problem in parsed(body, head).problems
