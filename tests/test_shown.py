"""Date and byline of an unknown page by what it shows, and what its structured data is believed of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scraper.extract import parse_article
from scraper.models import ArticleData

RUN = "Huyện đã bàn giao công trình số {n} cho tổ quản lý của thôn, sớm hơn kế hoạch hai tháng, theo biên bản."
BODY = "<div class=t>" + "".join(f"<p>{RUN.format(n=n)}</p>" for n in range(1, 9)) + "</div>"
TITLE = "Huyện vùng cao bàn giao công trình nước sạch"
H1 = f"<h1>{TITLE}</h1>"
URL = "https://bao.example/mot-bai-1234567.html"


def parsed(body: str, *, head: str = "", url: str = URL, language: str = "vi") -> ArticleData:
    return parse_article(
        f"<html lang={language}><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>", url
    )


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


# --- bylines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        (f"{H1}<p class=author>Hoàng Lan Anh</p>{BODY}", ["Hoàng Lan Anh"]),
        (f"{H1}<span class='article-author-name'>Lan Anh - Minh Đức</span>{BODY}", ["Lan Anh", "Minh Đức"]),
        (f"{H1}<a href='/tac-gia/lan-anh-12.html'>Lan Anh</a>{BODY}", ["Lan Anh"]),
        (f"{H1}<a rel=author href=/x>Lan Anh</a>{BODY}", ["Lan Anh"]),
        (f"{H1}<div class=byline>By <a class=author href=/x>Anna Lee</a></div>{BODY}", ["Anna Lee"]),
        (f"{H1}<div>Von Anna Lee | 12.05.2020</div>{BODY}", ["Anna Lee"]),
        (f"{H1}<div>ByAnna Lee</div>{BODY}", ["Anna Lee"]),
        (f"{H1}<div>Veröffentlicht am 12. Mai 2020 von Anna Lee</div>{BODY}", ["Anna Lee"]),
        (f"{H1}<div>Par Anna Lee, le 12 mai 2020</div>{BODY}", ["Anna Lee"]),
        (f"{H1}<div>Tác giả: Lan Anh</div>{BODY}", ["Lan Anh"]),
        (f"{H1}<div>Tác giả:</div><div>Lan Anh</div>{BODY}", ["Lan Anh"]),
        (f"{H1}<div>12.05.2020 | By Anna Le Clerc | Travel</div>{BODY}", ["Anna Le Clerc"]),
        (f"{H1}<div>Lan Anh - Thứ ba, 12/05/2020 09:30</div>{BODY}", ["Lan Anh"]),
        (f"{H1}{BODY}<div class=author>Lan Anh</div>", ["Lan Anh"]),
        (f"{H1}<div>Hà Nội 12/05/2020</div>{BODY}", []),
        (f"{H1}<div>Thứ ba, 12/05/2020 09:30</div>{BODY}", []),
        (f"{H1}<div class='author-bio'>Lan Anh viết về giáo dục</div>{BODY}", []),
        (f"{H1}<div class=author>Redaktion</div>{BODY}", []),
        (f"{H1}<div class=author>PV</div>{BODY}", []),
        (f"{H1}<div>By far the largest of its kind</div>{BODY}", []),
        (f"{H1}{BODY}<div id=comments><div class=author>Bạn đọc Nam</div><p>Hay lắm, cảm ơn báo.</p></div>", []),
        (f"{H1}{BODY}<footer><p>Tác giả: Lan Anh</p></footer>", []),
        (f"{H1}{BODY}<div class=related-news><h3>Bài khác</h3><span class=author>Lan Anh</span></div>", []),
        (f"{H1}{BODY}", []),
    ],
)
def test_a_byline_is_read_where_a_reader_sees_one(body: str, authors: list[str]) -> None:
    """A person named beside headline or body is the author; houses, commenters and other stories' authors are not."""
    assert parsed(body).authors == authors


@pytest.mark.parametrize(
    ("given", "shown", "authors"),
    [
        (["Lan Anh"], "<p>Lan Anh</p>", ["Lan Anh"]),
        (["Lan Anh"], "", []),
        (["Lan"], "<p class=author>Hoàng Lan Anh</p>", ["Hoàng Lan Anh"]),
        (["quantri"], "<p class=author>Lan Anh</p>", ["Lan Anh"]),
        (["Báo Ví dụ"], "<p>Báo Ví dụ</p>", []),
    ],
)
def test_an_unknown_outlets_authors_must_be_shown(given: list[str], shown: str, authors: list[str]) -> None:
    """Publishing systems name whoever typed the text: of an unknown outlet only names that the page prints count."""
    head = ld(author=[{"@type": "Person", "name": name} for name in given], publisher={"name": "Báo Ví dụ"})
    assert parsed(H1 + shown + BODY, head=head).authors == authors


def test_a_page_drawn_by_script_is_believed_about_its_author() -> None:
    """Where nothing is shown, nothing speaks against the name that is given."""
    assert parsed("", head=ld(author={"name": "Lan Anh"})).authors == ["Lan Anh"]


def test_microdata_of_a_comment_names_no_author() -> None:
    """A comment has an author of its own, marked in the same way."""
    comment = "<div itemscope itemtype='https://schema.org/Comment'><span itemprop=author>Lan Anh</span></div>"
    article = "<span itemprop=author>Minh Đức</span>"
    assert parsed(H1 + article + BODY + comment).authors == ["Minh Đức"]
    assert parsed(H1 + BODY + comment).authors == []


# --- times -------------------------------------------------------------------------------------------------

MAY = datetime(2020, 5, 12, 2, 30, tzinfo=UTC)
OTHER = "01/01/2019 08:00"


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<time datetime='2020-05-12T09:30:00+07:00'>hôm nay</time>{BODY}",
        f"{H1}<time>12/05/2020 09:30</time>{BODY}",
        f"{H1}<span>Thứ ba, 12/5/2020, 09:30 (GMT+7)</span>{BODY}",
        f"<div>12/05/2020 09:30</div>{H1}{BODY}",
        f"{H1}{BODY}<p>Cập nhật 12/05/2020 09:30</p>",
        f"{H1}<div class=date>12/05/2020 09:30</div>{BODY}<footer>{OTHER}</footer>",
        f"<footer>{OTHER}</footer><header>{OTHER}</header><main>{H1}<div>12/05/2020 09:30</div>{BODY}</main>",
        f"<aside><time>{OTHER}</time></aside>{H1}<p>12/05/2020 09:30</p>{BODY}<p>© {OTHER}</p>",
        f"{H1}<div>12/05/2020 09:30</div>{BODY}<div id=comments><time>{OTHER}</time><p>Hay lắm.</p></div>",
    ],
)
def test_the_date_is_read_where_a_reader_sees_it(body: str) -> None:
    """A time beside headline or body counts; one in a footer, an aside, a comment or a notice of rights does not."""
    assert parsed(body).published_at == MAY


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}{BODY}<footer>{OTHER}</footer>",
        f"{H1}{BODY}<p>© {OTHER} Báo Ví dụ</p>",
        f"{H1}{BODY}<div id=comments><time>{OTHER}</time><p>Hay lắm.</p></div>",
        f"{H1}{BODY}",
    ],
)
def test_a_date_elsewhere_is_no_date(body: str) -> None:
    """No date is better than the footer's, and it is named as missing."""
    data = parsed(body)
    assert data.published_at is None
    assert "published_at: not found" in data.problems


def test_the_address_tells_which_of_several_dates_is_the_articles() -> None:
    """An address that bears the day picks the date shown for that day, or is the date where none is shown."""
    url = "https://bao.example/2020/05/12/mot-bai.html"
    both = f"{H1}<time>{OTHER}</time><time>12/05/2020 09:30</time>{BODY}"
    assert parsed(both, url=url).published_at == MAY
    assert parsed(H1 + BODY, url=url).published_at == datetime(2020, 5, 11, 17, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_unknown_country_has_no_zone(language: str) -> None:
    """A time without a zone on a page that is not Vietnamese is taken as UTC."""
    data = parsed(f"{H1}<div>12.05.2020 09:30</div>{BODY}", language=language)
    assert data.published_at == datetime(2020, 5, 12, 9, 30, tzinfo=UTC)


def test_structured_data_wins_over_what_is_shown() -> None:
    """A time with seconds and zone in structured data is better than the printed one."""
    head = ld(datePublished="2020-05-12T09:30:41+07:00")
    data = parsed(f"{H1}<div>12/05/2020 09:30</div>{BODY}", head=head)
    assert (data.published_at, data.provenance["published_at"]) == (MAY.replace(second=41), "data")


def test_a_date_in_a_script_of_the_page_is_the_last_resort() -> None:
    """Pages that print no date often keep it in the state their script starts from."""
    script = '<script>window.state = {"datePublished": "2020-05-12T09:30:00+07:00"}</script>'
    assert parsed(H1 + BODY, head=script).published_at == MAY
