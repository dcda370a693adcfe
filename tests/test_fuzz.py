"""Damaged input: whatever is done to a document that was sound, nothing comes out but what its reader promises.

A few inputs a run; ``make fuzz`` tries thousands, here and in every other property test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import Reader, keep, site_over

from scraper import markup, store
from scraper.config import load
from scraper.errors import ConfigError
from scraper.extract import parse_article
from scraper.fetch.robots import LONGEST_DELAY, Rules, parse
from scraper.models import ArticleData

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
PIECES = (
    "",
    "\x00",
    "\ufeff",
    "\ud800",
    "'",
    '"',
    "\\",
    "{",
    "]",
    "<",
    "&#0;",
    "\n",
    "=",
    "#",
    "9" * 400,
    "1e999",
    "null",
    "-1",
)


@st.composite
def damaged(draw: st.DrawFn, document: str) -> str:
    """A document with passages cut, doubled, or replaced by pieces that have led readers astray."""
    for _ in range(draw(st.integers(0, 6))):
        at, length = draw(st.integers(0, len(document))), draw(st.integers(0, 40))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(document[at : at + length] * 2), st.text(max_size=8)))
        document = document[:at] + piece + document[at + length :]
    return document


# --- structured data ---------------------------------------------------------------------------------------

LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": ["NewsArticle", "Thing"],
                "headline": "Huyện vùng cao giải ngân vốn giảm nghèo",
                "description": "Đến nay, toàn huyện đã cấp vốn.",
                "articleBody": "Đoạn một của bài.\n\nĐoạn hai của bài.",
                "author": [{"@type": "Person", "name": "Lan Anh"}, "Minh Đức"],
                "datePublished": "2026-03-02T08:00:00+07:00",
                "dateModified": 1772413200000,
                "image": {"@list": [{"url": "/a.jpg", "caption": "Ảnh"}]},
                "mainEntityOfPage": {"@id": "https://bao.example/a-post1.html"},
                "publisher": {"name": "Báo"},
                "keywords": "giảm nghèo, chính sách",
            }
        ],
    },
    ensure_ascii=False,
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "headline", "author", "name", "image", "url", "datePublished", "keywords"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)


def sound(data: ArticleData) -> bool:
    """What holds of every article read: times aware, text storable, people and tags named once and not at length."""
    times = [moment for moment in (data.published_at, data.modified_at) if moment]
    data.model_dump_json().encode()
    return all(moment.tzinfo == UTC for moment in times) and len(data.authors) == len(set(data.authors))


@SLOW
@given(
    st.one_of(
        damaged(LINKED), values.map(json.dumps), values.map(lambda v: json.dumps({"@type": "NewsArticle", "author": v}))
    )
)
def test_structured_data(script: str) -> None:
    """Any JSON-LD, broken or of odd shape, gives an article whose fields are sound."""
    html = f"<title>T</title><script type='application/ld+json'>{script}</script><p>Một đoạn văn của bài báo này.</p>"
    assert sound(parse_article(html, "https://bao.example/a-post1.html"))


# --- encodings ---------------------------------------------------------------------------------------------

NAMES = (
    "utf-8",
    "utf-16",
    "windows-1258",
    "iso-8859-1",
    "latin1",
    "utf-7",
    "hz",
    "x-user-defined",
    "hex",
    "rot13",
    "\x00",
    "",
)


@SLOW
@given(
    damaged("<html><meta charset=utf-8><title>Đắk Lắk</title><p>Các xã rà soát danh sách.</p>"),
    st.sampled_from(NAMES),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "windows-1258", "latin-1"]),
    st.one_of(st.sampled_from(NAMES), st.text(max_size=10)),
)
def test_encodings(html: str, meta: str, real: str, header: str) -> None:
    """A page in any encoding that says it is in any other is read as text without a control character."""
    body = html.replace("utf-8", meta).encode(real, "replace")
    text = markup.parse(body, f"text/html; charset={header}").html or ""
    text.encode()
    assert sound(parse_article(body, "https://bao.example/a-post1.html", content_type=f"text/html; charset={header}"))


# --- robots.txt --------------------------------------------------------------------------------------------

ROBOTS = """User-agent: *
Crawl-delay: 5
Disallow: /admin
Allow: /admin/tin*$
Request-rate: 1/5
Sitemap: /s.xml

User-agent: scraper
Disallow:
"""


@SLOW
@given(damaged(ROBOTS), st.text(max_size=30))
def test_robots(text: str, path: str) -> None:
    """Any robots.txt gives an answer for any address, and a delay that is neither negative nor without end."""
    rules = Rules(parse(text.encode("utf-8", "surrogatepass")), "scraper", datetime(2026, 3, 2, tzinfo=UTC))
    assert rules.allow(f"https://bao.example/{path}".encode("utf-8", "replace").decode()) in (True, False)
    assert 0 <= rules.delay <= LONGEST_DELAY


# --- configuration -----------------------------------------------------------------------------------------

FILES = ("settings.toml", "watches.toml", "policy.toml", "sources/tuoitre.toml", "families/vccorp.toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration that ships, with one source, to be damaged one file at a time."""
    made = tmp_path_factory.mktemp("config")
    for name in FILES:
        if (ROOT / "config" / name).is_file():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_bytes((ROOT / "config" / name).read_bytes())
    return made


@settings(SLOW, max_examples=25)
@given(st.data())
def test_configuration(folder: Path, data: st.DataObject) -> None:
    """A damaged file is read, or refused with sentences that name the file; never anything else."""
    present = [name for name in FILES if (folder / name).is_file()]
    path = folder / data.draw(st.sampled_from(present))
    good = path.read_bytes()
    path.write_bytes(data.draw(damaged(good.decode())).encode("utf-8", "surrogatepass"))
    problems = refused(folder)
    path.write_bytes(good)
    assert all(".toml" in problem for problem in problems)


def refused(folder: Path) -> list[str]:
    """What a configuration is refused for; nothing when it is read."""
    try:
        load(folder, {})
    except ConfigError as error:
        return error.problems or ["refused without a word"]
    return []


# --- questions to the API ----------------------------------------------------------------------------------

PARAMETERS = (
    "q",
    "label",
    "source",
    "place",
    "document",
    "since",
    "until",
    "cursor",
    "limit",
    "order",
    "score",
    "copies",
    "edited",
)
ANSWERS = {200, 400, 404, 409, 422}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader of an archive of two stories."""
    where = tmp_path_factory.mktemp("asked")
    db = store.open_archive(where)
    store.ensure_sources(db, ["bao"], NOON)
    for number in (1, 2):
        keep(db, f"bao:{number}", url=f"https://bao.example/{number}", title=f"Bài {number}")
    yield Reader(site_over(db, where))
    db.close()


words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["-1", "9" * 30, "1e9", "2026-02-30", "'", '"', "%", "implementation", "\x00"]),
)


@SLOW
@given(
    st.sampled_from(["/api/v1/stories", "/search", "/feeds/search.atom", "/feeds/search.json", "/api/v1/changes", "/"]),
    st.dictionaries(st.sampled_from(PARAMETERS), words, max_size=4),
)
def test_questions(asked: Reader, path: str, question: dict[str, Any]) -> None:
    """Any question is answered or refused, by the API, the pages and the feeds alike."""
    encoded = {name: value.encode("utf-8", "replace").decode() for name, value in question.items()}
    assert asked.client.get(path, params=encoded).status_code in ANSWERS
