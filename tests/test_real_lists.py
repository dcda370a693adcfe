"""Saved section pages and a feed of real outlets, read with the shipped sources, against what a person read on them.

The pages and the truth lie beside the checkout and belong to their publishers; nothing of them is copied here.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import fakes
import pytest

from scraper import discover
from scraper.config import LinkRules, ListingRule, Source, load
from scraper.values import Link, Page

TRUTH = fakes.SHARED / "vietnam" / "truth" / "lists.jsonl"
PAGES = fakes.SHARED / "vietnam" / "pages"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

pytestmark = pytest.mark.skipif(not TRUTH.is_file(), reason=fakes.NO_SHARED)

ROWS: list[dict[str, Any]] = (
    [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()] if TRUTH.is_file() else []
)
each_page = pytest.mark.parametrize("row", ROWS, ids=[row["file"].split("/")[0] for row in ROWS])


def shipped(url: str) -> Source:
    source = load(fakes.ROOT / "config", {}).source_for(url)
    assert source is not None
    return source


def read(file: str, source: Source, url: str, kind: str = "html") -> tuple[Link, ...]:
    page = Page(url, url, 200, {"content-type": "text/html; charset=utf-8"}, (PAGES / file).read_bytes(), fakes.NOON)
    return discover.links(page, source, ListingRule.model_validate({"url": url, "kind": kind}), fakes.NOON).links


def with_selectors(row: dict[str, Any]) -> tuple[Link, ...]:
    return read(row["file"], shipped(row["url"]), row["url"])


@each_page
def test_the_sections_own_list_is_whole(row: dict[str, Any]) -> None:
    """Every article of the section's own list is found."""
    assert set(row["main"]) <= {link.url for link in with_selectors(row)}


@each_page
def test_nothing_but_articles_is_found(row: dict[str, Any]) -> None:
    """Neither navigation nor topics, tags or video hubs are taken for articles, and no article comes twice."""
    links = with_selectors(row)
    assert {link.url for link in links} <= set(row["links"])
    assert len({link.key for link in links}) == len(links)


@each_page
def test_each_link_has_a_title(row: dict[str, Any]) -> None:
    """A title of several words comes with every link."""
    assert [link.url for link in with_selectors(row) if len(link.title.split()) < 3] == []


@each_page
def test_page_order_is_kept(row: dict[str, Any]) -> None:
    """Links come in the order in which their addresses first stand in the page."""
    html = (PAGES / row["file"]).read_text(encoding="utf-8")
    first = [html.index(link.url.rpartition("/")[2]) for link in with_selectors(row)]
    highlights = first[: len(row["groups"]["highlights"])]
    assert highlights == sorted(highlights)


# What the page shows beside an item, found without a parser; where it stands seen from the item's headline.
SHOWN = {
    "baochinhphu": (r">(\d\d/\d\d/\d{4} \d\d:\d\d)<", "behind", 19),
    "cafef": (r'title="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"', "behind", 21),
    "vnexpress": (r'data-publishtime="(\d{10})"', "before", 41),
}


def moment(text: str) -> datetime:
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    form = "%Y-%m-%dT%H:%M:%S" if "T" in text else "%d/%m/%Y %H:%M"
    return datetime.strptime(text, form).replace(tzinfo=HANOI)


def shown_times(html: str, pattern: str, side: str) -> dict[str, datetime]:
    """The last part of an article's address to the time shown nearest to it on that side."""
    hrefs = [(m.start(), m[1]) for m in re.finditer(r'href="[^"]*?([^"/]+-\d{7,21}\.(?:htm|chn|html))"', html)]
    result = {}
    for found in re.finditer(pattern, html):
        nearest = [name for at, name in hrefs if (at < found.start()) == (side == "behind")]
        result[nearest[-1] if side == "behind" else nearest[0]] = moment(found[1])
    return result


@pytest.mark.parametrize("outlet", SHOWN)
def test_times_shown_beside_items(outlet: str) -> None:
    """Wherever the page shows a time beside a headline, the link has that time, and links without have none wrong."""
    row = next(row for row in ROWS if row["file"].startswith(outlet))
    pattern, side, count = SHOWN[outlet]
    times = shown_times((PAGES / row["file"]).read_text(encoding="utf-8"), pattern, side)
    links = {link.url.rpartition("/")[2]: link.published_at for link in with_selectors(row)}
    assert len(times) == count
    assert {name: links[name] for name in times} == times
    newest = max(times.values()) + timedelta(days=1)
    assert all(at < newest for at in links.values() if at is not None)


# Measured November 2026: recall of the section's own list and precision are 1.0 on each of the four pages, with and
# without the outlet's link pattern. The floors leave room for one link.
GENERIC_RECALL, GENERIC_PRECISION = 0.95, 0.95


@each_page
@pytest.mark.parametrize("knows", ["link pattern", "host alone"])
def test_generic_finder(row: dict[str, Any], knows: str) -> None:
    """Without selectors, and even knowing nothing but the host, the finder gets the section's own list."""
    source = shipped(row["url"]).model_copy(update={"links": LinkRules()})
    if knows == "host alone":
        source = source.model_copy(update={"link_pattern": "", "link_exclude": [], "id_pattern": ""})
    urls = {link.url for link in read(row["file"], source, row["url"])}
    assert len(urls & set(row["main"])) / len(row["main"]) >= GENERIC_RECALL
    assert len(urls & set(row["links"])) / len(urls) >= GENERIC_PRECISION


def test_vietnamplus_fragment() -> None:
    """Both items of the shortened list come with the post id as key, title and the time of the page."""
    url = "https://www.vietnamplus.vn/xahoi/"
    links = read("vietnamplus/vietnamplus_list_fragment.TRIMMED.html", shipped(url), url)
    assert [(link.key, link.published_at) for link in links] == [
        ("vietnamplus:1125289", datetime(2026, 7, 20, 19, 34, 51, tzinfo=HANOI)),
        ("vietnamplus:1125262", datetime(2026, 7, 20, 16, 56, 13, tzinfo=HANOI)),
    ]
    assert all(len(link.title.split()) > 5 for link in links)


def test_rss_file() -> None:
    """All items of the 2017 feed are read, in order, with times, titles, and leads free of markup."""
    url = "http://vnexpress.net/rss/tin-moi-nhat.rss"
    file = "rss/vnexpress_2017_tin-moi-nhat.xml"
    raw = (PAGES / file).read_text(encoding="utf-8")
    hosts = sorted(set(re.findall(r"//([a-z.]*vnexpress\.net)/", raw)))  # sections had hosts of their own then
    update = {"hosts": hosts, "link_pattern": r"-\d{7}\.html$", "link_exclude": []}
    source = Source.model_validate({**shipped("https://vnexpress.net/").model_dump(), **update})
    links = read(file, source, url, "feed")
    body = raw.split("<item>", 1)[1]
    assert [link.url for link in links] == re.findall(r"<link>\s*(\S+)\s*</link>", body)
    written = re.findall(r"<pubDate>(.*?)</pubDate>", body)
    assert [link.published_at for link in links] == [datetime.strptime(t, "%a, %d %b %Y %H:%M:%S %z") for t in written]
    assert all(link.title and link.lead and "<" not in link.lead for link in links)
