"""From an outlet's address to a source file that reads it: patterns, learning, the file, the commands."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme
from fakes import NO_SHARED, NOON, ROOT, SHARED
from newsdesk import config_folder, listing, page, story
from servers import Reply, Route, Server

from scraper import onboard, text
from scraper.config import ListingRule, Source, load, load_families
from scraper.demo import outlets
from scraper.demo.newsroom import Newsroom
from scraper.demo.plan import Plan
from scraper.demo.run import DemoClock
from scraper.errors import BadAnswer, OnboardError
from scraper.extract import parse_article
from scraper.extract.selectors import Sample, learn
from scraper.onboard.draft import Draft, described, name_for
from scraper.onboard.listings import pattern_of
from scraper.values import Page

FAMILIES = load_families(ROOT / "config")
PLAN = Plan(3, days=3)
END = PLAN.end - timedelta(minutes=1)


def page_at(url: str, status: int, body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    if not 200 <= status < 300:
        raise BadAnswer(url, f"answered with status {status}", status=status)
    raw = body.encode() if isinstance(body, str) else body
    return Page(url, url, status, {"content-type": content_type}, raw, NOON)


def studied(get: Callable[[str], Page], asked: list[str] | None = None) -> onboard.Studied:
    return onboard.Studied(get, asked.append if asked is not None else lambda _: None, NOON)


# --- how addresses are made --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("addresses", "link", "ident"),
    [
        (
            [
                "https://a.vn/mot-bai-post123456.html",
                "https://a.vn/hai-post123457.html",
                "https://a.vn/b-post99887.html",
            ],
            r"-post[0-9]{5,}\.html(?:[?#]|$)",
            r"-post([0-9]{5,})\.html(?:[?#]|$)",
        ),
        (
            [f"https://a.vn/tin/bai-{n}-d{n}.html" for n in (51234, 51235, 51236)],
            r"-d[0-9]{5,}\.html(?:[?#]|$)",
            r"-d([0-9]{5,})\.html(?:[?#]|$)",
        ),
        (
            [f"https://a.vn/2026/0{n}/1{n}/mot-bai/" for n in (1, 2, 3)],
            "/20[0-9]{2}/[0-9]{1,2}/[0-9]{1,2}/[^/?#]+/?(?:[?#]|$)",
            "",
        ),
        (
            [f"https://a.vn/2026/0{n}/mot-bai/" for n in (1, 2, 3)],
            "/20[0-9]{2}/[0-9]{1,2}(?:/[0-9]{1,2})?/[^/?#]+/?(?:[?#]|$)",
            "",
        ),
        ([f"https://a.vn/tin/{n}/mot-bai" for n in (101, 102, 103)], "/tin/[0-9]+/[^/?#]+", "/tin/([0-9]+)/"),
    ],
)
def test_addresses_made_alike_give_a_pattern(addresses: list[str], link: str, ident: str) -> None:
    """A number at the end, a date in the path or a number of its own is what the addresses of an outlet share."""
    made = pattern_of(addresses)
    assert made is not None
    assert (made.link_pattern, made.id_pattern, made.alike, made.listed) == (link, ident, 3, 3)


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["https://a.vn/mot-bai-post123456.html"],
        ["https://a.vn/mot", "https://a.vn/hai", "https://a.vn/ba"],
        ["https://a.vn/mot-1234.html", "https://a.vn/hai", "https://a.vn/ba", "https://a.vn/bon"],
    ],
)
def test_addresses_with_nothing_in_common_give_none(addresses: list[str]) -> None:
    """Too few addresses, or words alone, tell nothing."""
    assert pattern_of(addresses) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.baotintuc.vn", "baotintuc"),
        ("dantocmiennui.baotintuc.vn", "dantocmiennui-baotintuc"),
        ("dantri.com.vn", "dantri"),
        ("tuoitre.vn", "tuoitre"),
        ("vov.vn", "vov"),
        ("localhost", "localhost"),
    ],
)
def test_a_file_is_named_after_the_host(host: str, name: str) -> None:
    """The name is what readers call the site."""
    assert name_for(host) == name


# --- learning ----------------------------------------------------------------------------------------------

PARAGRAPH = "Đoạn {n} của bài {i}: huyện giao các xã rà soát danh sách, cấp vốn cho từng hộ trước ngày {n}/4."


def made_page(i: int, *, lead: bool = True, box: bool = False) -> Sample:
    title = f"Tiêu đề bài số {i} dài đủ để nhận ra"
    paragraphs = "".join(f"<p>{PARAGRAPH.format(n=n, i=i)}</p>" for n in range(1, 6))
    sapo = f"<p class='story-sapo'>Tóm tắt của bài số {i}, hai dòng chữ nói điều chính.</p>" if lead else ""
    side = "<div class='ask-us'><p>Bạn đọc có câu hỏi về chính sách xin gửi thư về tòa soạn.</p></div>" if box else ""
    return Sample(
        f"<html lang=vi><head><title>{title} - Báo Ví dụ</title></head><body>"
        f"<div class=top><a href='/'>Trang chủ</a></div><h1 class='head-{i}000 story-head'>{title}</h1>"
        f"<span class=when>0{i}/03/2026 08:00</span>{sapo}<div class=story-text>{paragraphs}{side}</div>"
        "<ul class=more><li><a href='/x'>Một bài khác của báo trong cùng mục này hôm nay</a></li></ul></body></html>",
        f"https://bao.example/bai-{i}.html",
    )


def test_what_pages_have_in_common_becomes_selectors() -> None:
    """Each field's element is known by the name that all pages share, and by nothing that tells pages apart."""
    learnt = learn([made_page(i) for i in range(1, 6)])
    assert {name: [each.css for each in found] for name, found in learnt.items()} == {
        "title": ["h1.story-head"],
        "lead": ["p.story-sapo"],
        "body": ["div.story-text"],
        "date": ["span.when"],
    }
    assert (learnt["title"][0].found, learnt["title"][0].pages) == (5, 5)


def test_a_field_that_some_pages_lack_is_counted_where_it_is() -> None:
    """Pages without a standfirst say nothing against the selector of those with one."""
    learnt = learn([made_page(i, lead=i < 4) for i in range(1, 6)])
    assert [(each.css, each.found, each.pages) for each in learnt["lead"]] == [("p.story-sapo", 3, 3)]


def test_nothing_is_learnt_from_pages_without_text() -> None:
    """Pages that show no article teach nothing."""
    assert learn([Sample("<html><body><a href=/>x</a></body></html>", "https://bao.example/1")] * 3) == {}


# --- the newsroom ------------------------------------------------------------------------------------------

ADDRESSES = {
    "baovungcao": "http://baovungcao.example/chinh-sach",
    "bantinxua": "http://bantinxua.example/",
    "diaphuong": "http://diaphuong.example/feed/",
    "doisongmoi": "http://doisongmoi.example/feed.json",
    "kinhtexanh": "http://kinhtexanh.example/sitemap.xml",
    "thongtan": "http://thongtan.example/tin-moi/trang-1.htm",
    "tinchinhsach": "tinchinhsach.example/tin-moi",
    "tinnhanh": "http://tinnhanh.example/thoi-su",
}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(PLAN, DemoClock(END)) as room:
        yield room


def getter(room: Newsroom) -> Callable[[str], Page]:
    def get(url: str) -> Page:
        host = str(urlsplit(url).hostname)
        answer = room.get(host, url.split(host, 1)[1] or "/", {})
        return page_at(url, answer.status, answer.body, answer.content_type)

    return get


@pytest.fixture(scope="module")
def proposals(newsroom: Newsroom) -> dict[str, onboard.Proposal]:
    get = getter(newsroom)
    return {
        name: onboard.propose(url if "://" in url else f"http://{url}", studied(get), FAMILIES)
        for name, url in ADDRESSES.items()
    }


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_proposed_file_reads_every_article_of_the_outlet(
    name: str, newsroom: Newsroom, proposals: dict[str, onboard.Proposal]
) -> None:
    """Unedited, it takes all of the outlet's addresses for articles and reads title, lead, body and time as written."""
    source = proposals[name].source
    written = [a for a in PLAN.articles if a.outlet.name == name and a.online(END)]
    assert len(written) > 10
    for article in written:
        said = article.at(END).story
        body = getter(newsroom)(article.url).body
        data = parse_article(body, article.url, source)
        assert source.is_article(article.url)
        assert data.title == text.clean(said.title)
        assert data.lead == text.clean(said.lead)
        assert data.paragraphs == [text.clean(paragraph) for paragraph in said.paragraphs]
        assert data.published_at == article.published_at


@pytest.mark.parametrize(("name", "family"), [("baovungcao", "mcms"), ("tinchinhsach", "vccorp"), ("thongtan", "")])
def test_a_publishing_system_is_known_by_its_marks(
    name: str, family: str, proposals: dict[str, onboard.Proposal]
) -> None:
    """Outlets of a known system inherit its rules and need no selectors of their own."""
    proposal = proposals[name]
    assert proposal.source.family == family
    assert ("[article]" in proposal.text) == (not family)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_proposed_file_says_what_it_was_tried_on(name: str, proposals: dict[str, onboard.Proposal]) -> None:
    """The text is TOML that gives the very source that was tried, under a comment with the counts."""
    proposal = proposals[name]
    family = FAMILIES[proposal.source.family].rules if proposal.source.family else {}
    raw = {**family, **tomllib.loads(proposal.text), "name": proposal.name}
    assert Source.model_validate(raw).listings == proposal.source.listings
    tried = [trial for trial in proposal.trials if trial.article]
    assert 0 < len(tried) <= 10
    assert all(trial.whole for trial in tried)
    assert f"from {len(tried)} of its articles" in proposal.text.splitlines()[0]


def test_a_source_is_examined_layer_by_layer(newsroom: Newsroom) -> None:
    """For each field it is told what rules, data and page give, and which was taken."""
    source = outlets.sources(ROOT / "config")["thongtan"]
    examined = onboard.examine(source, getter(newsroom), NOON, lambda _: None, articles=2)
    assert [len(found.links) > 5 for found in examined.listings] == [True] * len(source.listings)
    assert len(examined.articles) == 2
    for trial, reports in examined.articles:
        assert trial.whole
        by_field = {report.field: report for report in reports}
        title = by_field["title"]
        assert title.site == title.data == title.shown != ""
        assert (title.taken, by_field["text"].data, by_field["text"].taken) == ("site", "", "site")


# --- what does not work ------------------------------------------------------------------------------------


def site(**pages: str) -> Callable[[str], Page]:
    def get(url: str) -> Page:
        body = pages.get(urlsplit(url).path.strip("/") or "home")
        return page_at(url, 200 if body is not None else 404, body or "")

    return get


def test_a_page_without_articles_is_refused_in_words() -> None:
    """What was tried is named, and what to try instead."""
    with pytest.raises(OnboardError, match=r"no articles found .*has no links.*address of a section"):
        onboard.propose("bao.example", studied(site(home="<html><body><p>Sắp ra mắt</p></body></html>")), FAMILIES)


def test_articles_that_cannot_be_had_are_told() -> None:
    """When every listed article answers 404, the first answer is quoted."""
    with pytest.raises(OnboardError, match=r"none of its articles could be had.*404"):
        onboard.propose("bao.example", studied(site(home=listing(1, 2, 3))), FAMILIES)


def test_an_address_that_is_none_is_refused() -> None:
    """A scheme that is not the web's is refused before anything is asked for."""
    asked: list[str] = []
    with pytest.raises(OnboardError, match="ftp"):
        onboard.propose("ftp://bao.example/", studied(site(), asked), FAMILIES)
    assert asked == []


def test_hostile_names_stay_text_in_the_file() -> None:
    """Quotes, line breaks and brackets in what an outlet calls itself cannot add a key."""
    name = 'Báo "Ví dụ"\n[article]\nbody = ["x"] \\ \x7f'
    draft = Draft("bao", name, ["bao.example"])
    draft.listings = [onboard.listings.Found(ListingRule(url="https://bao.example/"))]
    head = described("https://bao.example/\nenabled = false", NOON, {"title": 1}, 1, ["a\nreason = 'x'"])
    source = draft.source(head)
    assert (source.title, source.article.body, source.enabled) == (name, [], True)


def test_boxes_inside_the_text_are_left_out() -> None:
    """A box that stands among the paragraphs of some pages is stripped, and no paragraph with it."""
    samples = [made_page(i, box=i % 2 == 0) for i in range(1, 6)]
    learnt = learn(samples)
    assert learnt["body"][0].css == "div.story-text"


# --- the commands ------------------------------------------------------------------------------------------

PARAGRAPHS = [
    f"Đoạn {n}: Ủy ban nhân dân tỉnh Đắk Lắk giao các xã rà soát, cấp vốn giảm nghèo bền vững cho từng hộ nghèo."
    for n in range(1, 5)
]


def run(config: Path, data: Path, *words: str, **environ: str) -> tuple[int, str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")}
    command = [sys.executable, "-m", "scraper", "--config", str(config), "--data", str(data), *words]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**plain, **environ}, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_add_then_test_then_once(tmp_path: Path) -> None:
    """A user adds an outlet by its address, looks at it field by field, and polls it."""
    routes: dict[str, Route] = {"/chinh-sach": page(listing(1001, 1002, 1003)), "/robots.txt": Reply("", 404)}
    for n in (1001, 1002, 1003):
        routes[f"/bai-post{n}.html"] = page(story(n, f"Tỉnh giao vốn giảm nghèo cho xã số {n}", PARAGRAPHS))
    with Server(routes) as server:
        folder = config_folder(tmp_path / "config", server.address)
        (folder / "sources" / "bao.toml").unlink()

        def run_here(*words: str) -> tuple[int, str, str]:
            return run(folder, tmp_path / "data", *words)

        status, out, error = run_here("sources", "add", "http://bao.example/chinh-sach", "--json")
        assert status == 0, error
        added = json.loads(out)
        assert (added["source"], [row["error"] for row in added["articles"]]) == ("bao", ["", "", ""])
        assert Path(added["file"]).read_text(encoding="utf-8") == added["text"]
        status, _, error = run_here("sources", "add", "http://bao.example/chinh-sach")
        assert (status, "is there already" in error) == (2, True)
        status, out, _ = run_here("sources", "test", "bao", "--json")
        tried = json.loads(out)
        assert (status, tried["listings"][0]["links"], len(tried["articles"])) == (0, 3, 3)
        assert {row["field"]: row["taken"] for row in tried["articles"][0]["fields"]}["text"] == "site"
        status, out, _ = run_here("once", "bao", "--json")
        assert (status, json.loads(out)["sources"][0]["links"]) == (0, 3)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """With --dry-run the file is printed, and the folder stays as it was."""
    routes: dict[str, Route] = {"/chinh-sach": page(listing(1001, 1002)), "/robots.txt": Reply("", 404)}
    for n in (1001, 1002):
        routes[f"/bai-post{n}.html"] = page(story(n, f"Tỉnh giao vốn giảm nghèo cho xã số {n}", PARAGRAPHS))
    with Server(routes) as server:
        folder = config_folder(tmp_path / "config", server.address)
        before = sorted(path.name for path in (folder / "sources").iterdir())
        status, out, error = run(
            folder, tmp_path / "data", "sources", "add", "http://bao.example/chinh-sach", "--dry-run"
        )
    assert (status, error) == (0, "")
    assert 'hosts = ["bao.example"]' in out
    assert sorted(path.name for path in (folder / "sources").iterdir()) == before


# --- real pages --------------------------------------------------------------------------------------------

VIETNAM = SHARED / "vietnam"


def rows(name: str) -> list[dict[str, Any]]:
    file = VIETNAM / "truth" / name
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


LISTS, ARTICLES = rows("lists.jsonl"), rows("articles.jsonl")


def of_host(items: list[dict[str, Any]], host: str) -> list[dict[str, Any]]:
    return [row for row in items if urlsplit(row["url"]).hostname == host]


def squeezed(lines: list[str]) -> str:
    return "".join("".join(lines).split())


@pytest.mark.skipif(not LISTS, reason=NO_SHARED)
@pytest.mark.parametrize("host", ["baochinhphu.vn", "cafef.vn", "tuoitre.vn", "vnexpress.net"])
def test_a_real_outlet_is_added_from_its_section_page(host: str, tmp_path: Path) -> None:
    """A saved section page over loopback TLS, its links leading to saved articles: the file written reads them right.

    Few articles were saved, so that each answers under many of the listed addresses.
    """
    section, saved = of_host(LISTS, host)[0], of_host(ARTICLES, host)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    html = {"Content-Type": "text/html; charset=utf-8"}

    def reply(row: dict[str, Any]) -> Reply:
        return Reply((VIETNAM / "pages" / row["file"]).read_bytes(), headers=html)

    routes: dict[str, Route] = {
        urlsplit(url).path: reply(row) for url, row in zip(section["links"], cycle(saved), strict=False)
    }
    routes |= {urlsplit(row["url"]).path: reply(row) for row in [*saved, section]}
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "families").mkdir()
    for file in (*(ROOT / "config").glob("*.toml"), *(ROOT / "config" / "families").glob("*.toml")):
        (config / file.relative_to(ROOT / "config")).write_bytes(file.read_bytes())
    with Server(routes, tls=context) as server:
        status, out, error = run(
            config,
            tmp_path / "data",
            *("sources", "add", section["url"], "--json"),
            SCRAPER_FETCH__CONNECT_TO=f'{{"{host}" = "{server.address}"}}',
            SCRAPER_FETCH__CA_BUNDLE=str(tmp_path / "ca.pem"),
            SCRAPER_FETCH__MIN_DELAY="0s",
        )
    assert status == 0, error
    added = json.loads(out)
    assert len(added["articles"]) == min(10, len(section["links"]))
    source = load(config, {}).sources[added["source"]]
    assert source.family == ("" if host == "vnexpress.net" else "vccorp")
    assert all(source.is_article(url) for url in section["main"])
    for row in saved:
        data = parse_article((VIETNAM / "pages" / row["file"]).read_bytes(), row["url"], source)
        assert squeezed([data.title, data.lead]) == squeezed([row["title"], row["lead"]])
        assert squeezed(data.paragraphs) == squeezed(row["paragraphs"])
        assert data.published_at is not None
        printed = datetime.fromisoformat(row["published_at"]).astimezone(UTC)
        assert abs(data.published_at - printed) < timedelta(minutes=1)
