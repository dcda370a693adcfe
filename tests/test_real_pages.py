"""Saved pages of real outlets, read with the shipped sources, against what a person read on them.

The pages and the truth lie beside the checkout and belong to their publishers; nothing of them is copied here.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.config import Source, load
from scraper.extract import parse_article
from scraper.models import ArticleData

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SCRAPER_SHARED", ROOT.parent / "shared"))
TRUTH = SHARED / "vietnam" / "truth" / "articles.jsonl"
PAGES = SHARED / "vietnam" / "pages"
SEED = SHARED / "seed" / "article.txt"

needs_pages = pytest.mark.skipif(not TRUTH.is_file(), reason=f"no saved pages at {SHARED}; set SCRAPER_SHARED")
needs_seed = pytest.mark.skipif(not SEED.is_file(), reason=f"no seed article at {SHARED}; set SCRAPER_SHARED")

ROWS: list[dict[str, Any]] = (
    [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()] if TRUTH.is_file() else []
)
FIELDS = ["title", "lead", "authors", "agency", "place", "section", "tags", "captions", "paragraphs"]


def source_for(url: str) -> Source:
    found = load(ROOT / "config", {}).source_for(url)
    assert found is not None
    return found


def parsed(row: dict[str, Any]) -> ArticleData:
    return parse_article((PAGES / row["file"]).read_bytes(), row["url"], source_for(row["url"]))


def squeezed(value: Any) -> Any:
    """Without white space: pages were re-indented when they were saved."""
    if isinstance(value, list):
        return [squeezed(item) for item in value]
    return re.sub(r"\s+", "", value or "")


def field_of(data: ArticleData, name: str) -> Any:
    if name == "captions":
        return [image.caption for image in data.images if image.caption]
    return getattr(data, name)


def minute(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(second=0, microsecond=0) if moment else None


@needs_pages
@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_every_field_is_as_a_reader_reads_it(row: dict[str, Any], name: str) -> None:
    """Each text field of a saved article equals the truth, white space aside."""
    assert squeezed(field_of(parsed(row), name)) == squeezed(row[name])


@needs_pages
@pytest.mark.parametrize("name", ["published_at", "modified_at"])
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_times_are_right_to_the_minute(row: dict[str, Any], name: str) -> None:
    """Times of publication and edit equal the truth to the minute, in UTC."""
    expected = datetime.fromisoformat(row[name]) if row[name] else None
    assert minute(getattr(parsed(row), name)) == minute(expected)


@needs_pages
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_only_what_the_page_lacks_is_a_problem(row: dict[str, Any]) -> None:
    """A saved page is complete but for its author, and then that is named."""
    assert parsed(row).problems == ([] if row["authors"] else ["authors: not found"])


@needs_pages
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_without_rules_the_generic_layers_find_the_article(row: dict[str, Any]) -> None:
    """An unknown outlet's page gives the same title, lead, time and body from structured data and the finder."""
    data = parse_article((PAGES / row["file"]).read_bytes(), row["url"])
    assert squeezed([data.title, data.lead, data.paragraphs]) == squeezed(
        [row["title"], row["lead"], row["paragraphs"]]
    )
    assert minute(data.published_at) == minute(datetime.fromisoformat(row["published_at"]))


@needs_pages
def test_the_shortened_baotintuc_page_is_read_whole() -> None:
    """Body in two halves, named entities, author and agency in one line, related list left out."""
    url = "https://baotintuc.vn/the-gioi/ukraine-co-thu-tuong-moi-20260716171712046.htm"
    data = parse_article((PAGES / "baotintuc/baotintuc_article.TRIMMED.html").read_bytes(), url, source_for(url))
    assert (data.authors, data.agency, data.section) == (["Tâm Hằng"], "TTXVN", "Thế giới")
    assert data.published_at == datetime(2026, 7, 16, 10, 17, tzinfo=UTC)
    assert [len(data.paragraphs), len(data.tags), len(data.images)] == [3, 2, 1]
    assert data.images[0].caption.endswith("AFP/TTXVN")
    assert data.problems == []


@needs_pages
def test_the_shortened_nhandan_page_is_read_whole() -> None:
    """Information box in, author line and related articles out, the particular section of the breadcrumb."""
    url = "https://nhandan.vn/danh-bai-argentina-tay-ban-nha-vo-dich-world-cup-lan-thu-hai-post976641.html"
    data = parse_article((PAGES / "nhandan/nhandan_article.TRIMMED.html").read_bytes(), url, source_for(url))
    assert (data.authors, data.section, data.tags) == (["TP"], "Tin tức", ["World Cup", "World Cup 2026"])
    assert data.published_at == datetime(2026, 7, 19, 23, 31, 56, tzinfo=UTC)
    assert [len(data.paragraphs), len(data.images)] == [5, 1]
    assert data.paragraphs[0] == "Bàn thắng"
    assert data.problems == []


def seed_page(parts: list[str]) -> str:
    """The seed's text in the markup of the mCMS family, with what surrounds an article there."""
    section, title, place, lead, caption, *body, author, related, more = map(escape, parts)
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    return f"""<!DOCTYPE html><html lang="vi"><head><title>{title}</title>
<meta property="article:published_time" content="2023-04-13T15:04:00+07:00"></head>
<body class="detail-normal"><nav><a href="/chinh-sach">Chính sách</a></nav><div class="article">
<div class="breadcrumb breadcrumb-detail"><h2 class="main"><a href="/thuc-thi-chinh-sach">{section}</a></h2></div>
<div class="article__header"><h1 class="article__title cms-title">{title}</h1><span class="location">{place}</span>
<div class="article__sapo cms-desc">{lead}</div></div>
<time class="time" datetime="2023-04-13T15:04:00+07:00">13/04/2023 15:04</time>
<figure class="article__avatar"><img src="/i/bang-khen.jpg"><figcaption>{caption}</figcaption></figure>
<div class="article__body zce-content-body cms-body" itemprop="articleBody">{paragraphs}
<div class="article__author"><span class="name">{author}</span></div></div>
<div class="article-footer"><div class="related-news"><h3>{related}</h3><article class="story">
<h2 class="story__heading"><a class="cms-link" href="/khac-post1.html">Một tin khác của cùng chuyên mục</a></h2>
</article></div><a href="/chinh-sach">{more}</a></div></div></body></html>"""


@needs_seed
@pytest.mark.parametrize("known", [True, False], ids=["dantocmiennui", "no rules"])
def test_the_seed_article_comes_out_whole(known: bool) -> None:  # noqa: FBT001 - with and without rules
    """The article that started the project is read field by field, and nothing of what surrounds it."""
    parts = [part.strip() for part in SEED.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    section, title, place, lead, caption, *body, author, _, _ = parts
    url = "https://dantocmiennui.baotintuc.vn/cao-bang-trien-khai-hieu-qua-cac-phong-trao-post1.html"
    data = parse_article(seed_page(parts), url, source_for(url) if known else None)
    assert (data.title, data.lead, data.place) == (title, lead, place)
    assert data.paragraphs == body
    assert (data.authors, data.agency) == ([author], "TTXVN")
    assert data.published_at == datetime(2023, 4, 13, 8, 4, tzinfo=UTC)
    assert not {"Tin liên quan", "Xem thêm"} & set(data.paragraphs)
    if known:
        assert data.section == section
        assert [image.caption for image in data.images] == [caption]
        assert data.problems == []


MARKUP = (
    "",
    "<",
    ">",
    "</div>",
    "</article>",
    "<table>",
    "<p",
    "<script>",
    '"',
    "\x00",
    "<!--",
    "{",
    "]",
    "&#xd800;",
    "<b>",
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4000), st.sampled_from(MARKUP)), max_size=12)


@needs_pages
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(ROWS or [{}]), EDITS, st.booleans())
def test_no_damage_to_a_real_page_raises(
    row: dict[str, Any],
    edits: list[tuple[float, int, str]],
    cut: bool,  # noqa: FBT001 - drawn
) -> None:
    """Real pages with pieces cut out and markup thrown in, cut off anywhere, give an article or name what lacks."""
    page = (PAGES / row["file"]).read_bytes()
    for where, length, instead in edits:
        at = int(where * len(page))
        page = page[:at] + instead.encode() + page[at + length :]
    if cut and edits:
        page = page[: int(edits[0][0] * len(page))]
    for rules in (source_for(row["url"]), None):
        data = parse_article(page, row["url"], rules)
        assert data.text or "text: not found" in data.problems
        assert data.title or "title: not found" in data.problems
        assert not re.search(r"[\x00-\x08\ud800-\udfff]", data.title + data.lead + data.text)
