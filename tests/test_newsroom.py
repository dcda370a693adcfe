"""The built-in newsroom: its stories, its plan, its pages and its truth."""

from __future__ import annotations

import gzip
import http.client
import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import discover, extract, text
from scraper.demo import desk, grammar, outlets, plan, sites
from scraper.demo.newsroom import Newsroom
from scraper.demo.stories import LABELS, Story, Writer, topics, words_of
from scraper.values import Label, Link, Page

CONFIG = Path(__file__).parents[1] / "config"
SOURCES = outlets.sources(CONFIG)
PLAN = plan.Plan(1)
NOON = PLAN.start + timedelta(hours=30)


class StillClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOON)


@pytest.fixture
def newsroom(clock: StillClock) -> Iterator[Newsroom]:
    with Newsroom(PLAN, clock) as opened:
        yield opened


def site_of(name: str, drawn: plan.Plan = PLAN) -> sites.Site:
    return sites.Site(outlets.BY_NAME[name], drawn)


def body_of(article: plan.Article, moment: datetime, request: int = 1) -> str:
    path = urlsplit(article.url).path
    return site_of(article.outlet.name).answer(path, {}, moment, request).body


def shared(one: Story, other: Story) -> float:
    mine, yours = words_of(one), words_of(other)
    return len(mine & yours) / min(len(mine), len(yours))


def originals(drawn: plan.Plan) -> list[plan.Article]:
    return [a for a in drawn.articles if a.copy_of is None and not a.story.bulletin]


def ask(
    newsroom: Newsroom, host: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    address, _, port = newsroom.connect_to()[host].partition(":")
    connection = http.client.HTTPConnection(address, int(port), timeout=10)
    try:
        connection.request("POST" if body is not None else "GET", path, body, {"Host": host, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


# --- stories -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "allowed"),
    [
        ("[sáng|chiều] nay", {"Sáng nay", "Chiều nay"}),
        ("[một [to|nhỏ]|hai] xã", {"Một to xã", "Một nhỏ xã", "Hai xã"}),
        ("{n:1500-1500} hộ", {"1.500 hộ"}),
        ("năm {y:2024-2024}", {"Năm 2024"}),
        ("{p:3-3}%", {"3%"}),
        ("ở {tinh}", {"Ở Cao Bằng"}),
    ],
)
def test_a_template_is_filled(template: str, allowed: set[str]) -> None:
    """Choices are made, also nested ones, and slots and numbers are filled as Vietnamese papers write them."""
    rng = Random(1)  # noqa: S311 - seeded on purpose
    assert {grammar.expand(template, {"tinh": "Cao Bằng"}, rng) for _ in range(40)} == allowed


@pytest.mark.parametrize("label", LABELS)
def test_every_topic_can_be_written(label: Label) -> None:
    """Each topic gives finished sentences in NFC, five to fourteen paragraphs, and a headline."""
    writer = Writer(Random(3))  # noqa: S311 - seeded on purpose
    for topic in topics(label):
        story = writer.write(label, topic, NOON)
        whole = "\n".join(
            [story.title, story.other_title, story.lead, story.other_lead, *story.paragraphs, story.update]
        )
        assert story.label == label
        assert not set(whole) & set("{}[]|")
        assert whole == unicodedata.normalize("NFC", whole)
        assert 5 <= len(story.paragraphs) <= 14


@pytest.mark.parametrize("seed", range(1, 6))
def test_originals_are_distinct(seed: int) -> None:
    """No two originals share half of their 4-syllable shingles, a follow-up and what it continues included."""
    bodies = [words_of(article.story) for article in originals(plan.Plan(seed))]
    assert max(len(a & b) / min(len(a), len(b)) for a, b in combinations(bodies, 2)) < 0.5


def test_no_two_originals_are_the_same_text() -> None:
    """Bulletins differ in numbers alone, but they do differ."""
    bodies = [article.story.paragraphs for article in PLAN.articles if article.copy_of is None]
    assert len(set(bodies)) == len(bodies)


@pytest.mark.parametrize("seed", range(1, 6))
def test_copies_stay_close(seed: int) -> None:
    """A copy shares more than half of its original's shingles, however the desk changed it."""
    copies = [article for article in plan.Plan(seed).articles if article.copy_of]
    assert len(copies) >= 30
    assert min(shared(a.story, a.copy_of.story) for a in copies if a.copy_of) > 0.5


# --- plan --------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_newsroom() -> None:
    """Plans and pages repeat with the seed and differ without it."""
    again, other = plan.Plan(1), plan.Plan(2)
    assert PLAN.events == again.events
    assert PLAN.truth(PLAN.end) == again.truth(again.end)
    assert {e.url for e in PLAN.events} != {e.url for e in other.events}
    path = urlsplit(PLAN.articles[0].url).path
    name = PLAN.articles[0].outlet.name
    assert site_of(name).answer(path, {}, NOON, 3) == site_of(name, again).answer(path, {}, NOON, 3)


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_plan_can_be_followed(seed: int) -> None:
    """What a monitor is measured by stands long enough: outages, corrections and removals leave time to be seen."""
    drawn = plan.Plan(seed)
    quiet = drawn.end - plan.QUIET
    assert all(event.at < quiet for event in drawn.events)
    assert all(sum(a.backlog for a in drawn.articles if a.outlet is o) == plan.BACKLOG for o in outlets.OUTLETS)
    for article in drawn.articles:
        later = [version.at - article.published_at for version in article.versions[1:]]
        assert all(wait >= timedelta(minutes=40) for wait in later)
        assert [v.at for v in article.versions] == sorted(v.at for v in article.versions)
        assert article.removed_at is None or article.removed_at - article.published_at >= timedelta(hours=2)
    for outage in drawn.outages:
        hidden = [a for a in drawn.articles if a.outlet.host == outage.host and outage.covers(a.published_at)]
        assert len(hidden) <= 10


def test_addresses_are_unique_and_reserved() -> None:
    """Every article has an address of its own, under a host of the reserved domain, that its source takes."""
    urls = [article.url for article in PLAN.articles]
    assert len(set(urls)) == len(urls)
    for article in PLAN.articles:
        assert urlsplit(article.url).hostname == article.outlet.host
        assert article.outlet.host.endswith(".example")
        assert SOURCES[article.outlet.name].is_article(article.url)
    keys = {SOURCES[article.outlet.name].key(article.url) for article in PLAN.articles}
    assert len(keys) == len(urls)


def test_a_plan_holds_every_kind_of_thing() -> None:
    """Each label, each kind of copy and of correction, follow-ups and both kinds of removal occur in some seed."""
    truths = [drawn.truth(drawn.end) for drawn in map(plan.Plan, range(1, 6))]
    published = [p for truth in truths for p in truth.published]
    assert {p.label for p in published} == set(LABELS)
    assert {p.copy_kind for p in published} == {"", *desk.COPY_KINDS}
    assert len({edit.kind for truth in truths for edit in truth.edits}) == 5
    assert {removal.status for truth in truths for removal in truth.removals} == {404, 410}
    for truth in truths:
        assert 60 <= sum(not p.copy_of and not p.backlog for p in truth.published) <= 125
        assert any(p.follows for p in truth.published)


def test_truth_ends_at_the_moment_asked_for() -> None:
    """Nothing later than the moment is told, and the order is that of time."""
    truth = PLAN.truth(NOON)
    assert all(p.published_at <= NOON for p in truth.published)
    assert all(edit.at <= NOON for edit in truth.edits)
    assert all(removal.at <= NOON for removal in truth.removals)
    assert [p.published_at for p in truth.published] == sorted(p.published_at for p in truth.published)
    assert len(truth.published) < len(PLAN.truth(PLAN.end).published)


def test_edits_name_what_changed_and_how_long_it_stood() -> None:
    """An edit's fields are those that differ between the two states, and it stands until the next one."""
    by_url = {article.url: article for article in PLAN.articles}
    edits = PLAN.truth(PLAN.end).edits
    assert edits
    for edit in edits:
        article = by_url[edit.url]
        before, after = article.at(edit.at - timedelta(minutes=1)).story, article.at(edit.at).story
        assert ("title" in edit.fields) == (before.title != after.title)
        assert ("text" in edit.fields) == (before.paragraphs != after.paragraphs)
        assert ("lead" in edit.fields) == (before.lead != after.lead)
        assert edit.stands_until is None or edit.stands_until > edit.at


def test_events_lead_through_the_plan(newsroom: Newsroom) -> None:
    """Going from one event to the next meets each of them once."""
    at, met = PLAN.start, 0
    while (following := newsroom.next_event_at(at)) is not None:
        met += len(newsroom.events_between(at, following))
        at = following
    assert met == len(PLAN.events)
    assert str(PLAN.events[0]).startswith(PLAN.events[0].host)


# --- pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(outlets.BY_NAME))
def test_pages_carry_what_the_truth_says(name: str) -> None:
    """In every state, also after the change of layout, a page reads back as the story that was laid into it."""
    for article in (a for a in PLAN.articles if a.outlet.name == name):
        for moment in {*(version.at for version in article.versions), PLAN.end}:
            if article.online(moment):
                story = article.at(moment).story
                data = extract.parse_article(body_of(article, moment), article.url, SOURCES[name])
                assert (data.title, data.lead) == (text.clean(story.title), text.clean(story.lead))
                assert data.paragraphs == [text.clean(paragraph) for paragraph in story.paragraphs]
                assert data.published_at == article.published_at
                assert data.canonical_url == article.url


@pytest.mark.parametrize("name", sorted(outlets.BY_NAME))
def test_noise_is_not_content(name: str) -> None:
    """Two answers for one unchanged article differ in bytes, and say the same."""
    article = next(a for a in PLAN.articles if a.outlet.name == name and a.online(NOON))
    first, second = body_of(article, NOON, 1), body_of(article, NOON, 2)
    assert first != second
    read = [extract.parse_article(page, article.url, SOURCES[name]) for page in (first, second)]
    assert read[0].text == read[1].text
    assert all(paragraph[:40] in read[0].text for paragraph in article.at(NOON).story.paragraphs)


def listed(name: str, moment: datetime) -> dict[str, Link]:
    """Every link that a monitor finds by following the source's listings three pages deep."""
    found: dict[str, Link] = {}
    for rule in SOURCES[name].listings:
        waiting, seen = [rule.url], set[str]()
        while waiting and len(seen) < 3:
            url = waiting.pop(0)
            seen.add(url)
            result = discover.links(listing_page(name, url, moment), SOURCES[name], rule, moment)
            found.update({link.key: link for link in result.links})
            waiting += [more for more in result.more if more not in seen]
    return found


def listing_page(name: str, url: str, moment: datetime) -> Page:
    answer = site_of(name).answer(urlsplit(url).path, {}, moment, 1)
    assert answer.status == 200, url
    return Page(url, url, 200, {"content-type": answer.content_type}, answer.body.encode(), moment)


@pytest.mark.parametrize("hours", [0, 20, 52, 70, 96])
@pytest.mark.parametrize("name", sorted(outlets.BY_NAME))
def test_listings_hold_the_news_and_nothing_else(name: str, hours: int) -> None:
    """All that is online and less than 30 hours old is listed; navigation, topics, videos and removed ones are not."""
    moment = PLAN.start + timedelta(hours=hours)
    source, found = SOURCES[name], listed(name, moment)
    online = {source.key(a.url): a for a in PLAN.articles if a.outlet.name == name and a.online(moment)}
    recent = {key for key, a in online.items() if moment - a.published_at < timedelta(hours=30)}
    assert recent <= set(found) <= set(online)


def test_a_changed_layout_keeps_its_metadata() -> None:
    """From the third day one outlet's old classes are gone while JSON-LD and meta still tell title and time."""
    name = PLAN.layout_outlet.name
    article = next(a for a in PLAN.articles if a.outlet.name == name and a.online(PLAN.layout_at))
    before, after = body_of(article, PLAN.layout_at - timedelta(minutes=1)), body_of(article, PLAN.layout_at)
    assert "fck_detail" in before
    assert "fck_detail" not in after
    assert "NewsArticle" in after
    assert article.published_at.astimezone(grammar.HANOI).isoformat() in after


def test_removed_and_unpublished_articles() -> None:
    """A removed article answers 404 or 410 from its moment on, one that is not yet out 404."""
    for article in (a for a in PLAN.articles if a.removed_at):
        assert article.removed_at is not None
        path, site = urlsplit(article.url).path, site_of(article.outlet.name)
        before = article.published_at - timedelta(minutes=1)
        assert site.answer(path, {}, before, 1).status == 404
        assert site.answer(path, {}, article.published_at, 1).status == 200
        assert site.answer(path, {}, article.removed_at, 1).status == article.status


@given(path=st.text(max_size=60), etag=st.text(max_size=20), name=st.sampled_from(sorted(outlets.BY_NAME)))
def test_any_request_is_answered(path: str, etag: str, name: str) -> None:
    """No path or header makes a site fail."""
    headers = {"if-none-match": etag, "if-modified-since": etag}
    assert site_of(name).answer(f"/{path}", headers, NOON, 1).status in {200, 304, 404, 410}


# --- server ------------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_only(newsroom: Newsroom) -> None:
    """Every host of the newsroom is reached at 127.0.0.1, and requests are counted."""
    assert set(newsroom.connect_to()) == {*outlets.BY_HOST, plan.HOOK}
    assert all(address.startswith("127.0.0.1:") for address in newsroom.connect_to().values())
    ask(newsroom, "bantinxua.example", "/")
    assert newsroom.requests == newsroom.asked["bantinxua.example"] == 1


@pytest.mark.parametrize(("host", "path"), [("baovungcao.example", "/tin-tuc"), ("doisongmoi.example", "/feed.json")])
def test_an_unchanged_listing_answers_304_to_its_etag(newsroom: Newsroom, host: str, path: str) -> None:
    """The ETag tells the content, not the noise around it."""
    _, headers, _ = ask(newsroom, host, path)
    status, _, body = ask(newsroom, host, path, {"If-None-Match": headers["etag"]})
    assert (status, body) == (304, b"")
    assert ask(newsroom, host, path, {"If-None-Match": '"other"'})[0] == 200


def test_a_feed_answers_304_until_something_changes(newsroom: Newsroom, clock: StillClock) -> None:
    """Last-Modified is when the outlet last published, corrected or removed anything."""
    host = "diaphuong.example"
    clock.moment = PLAN.start
    _, headers, _ = ask(newsroom, host, "/feed/")
    given_back = {"If-Modified-Since": headers["last-modified"]}
    assert ask(newsroom, host, "/feed/", given_back)[0] == 304
    clock.moment = next(event.at for event in PLAN.events if event.host == host)
    assert ask(newsroom, host, "/feed/", given_back)[0] == 200
    assert ask(newsroom, host, "/feed/", {"If-Modified-Since": "yesterday"})[0] == 200


def test_bodies_are_gzipped_for_who_asks(newsroom: Newsroom) -> None:
    """Some outlets compress, and only when the client accepts it."""
    _, headers, body = ask(newsroom, "tinnhanh.example", "/thoi-su", {"Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert b"item-news" in gzip.decompress(body)
    assert "content-encoding" not in ask(newsroom, "tinnhanh.example", "/thoi-su")[1]
    assert "content-encoding" not in ask(newsroom, "bantinxua.example", "/", {"Accept-Encoding": "gzip"})[1]


def test_an_outage_answers_503_with_retry_after(newsroom: Newsroom, clock: StillClock) -> None:
    """During its outage a host answers 503 and says when to come back, which is never after its end."""
    outage = PLAN.outages[0]
    clock.moment = outage.end - timedelta(minutes=10)
    status, headers, _ = ask(newsroom, outage.host, "/tin-moi/trang-1.htm")
    assert (status, headers["retry-after"]) == (503, "600")
    clock.moment = outage.start
    assert ask(newsroom, outage.host, "/tin-moi/trang-1.htm")[1]["retry-after"] == "1800"
    clock.moment = outage.end
    assert ask(newsroom, outage.host, "/tin-moi/trang-1.htm")[0] == 200


def test_an_outage_drops_connections(newsroom: Newsroom, clock: StillClock) -> None:
    """The other outage hangs up without an answer."""
    outage = PLAN.outages[1]
    clock.moment = outage.start
    with pytest.raises(http.client.RemoteDisconnected):
        ask(newsroom, outage.host, "/sitemap.xml")


def test_robots_and_unknown_addresses(newsroom: Newsroom) -> None:
    """One robots.txt asks for a delay, one outlet has none, and unknown paths and hosts are 404."""
    assert b"Crawl-delay: 5\nDisallow: /tim-kiem" in ask(newsroom, "thongtan.example", "/robots.txt")[2]
    assert ask(newsroom, "bantinxua.example", "/robots.txt")[0] == 404
    assert ask(newsroom, "bantinxua.example", "/khong-co")[0] == 404
    assert ask(newsroom, "baovungcao.example", "/tin-tuc/trang-90")[0] == 404
    assert ask(newsroom, "baovungcao.example", "/tin-tuc", {"Host": "other.example"})[0] == 404


def test_a_webhook_is_recorded_with_its_key(newsroom: Newsroom) -> None:
    """A delivery keeps its body, its idempotency key and the newsroom's time."""
    body = json.dumps({"event": "new", "url": "http://a.example/"}).encode()
    assert ask(newsroom, plan.HOOK, "/alerts", {"Idempotency-Key": "k1"}, body)[0] == 204
    (delivery,) = newsroom.deliveries
    assert (delivery.key, delivery.body["event"], delivery.at, delivery.taken) == ("k1", "new", NOON, True)
    assert newsroom.alerts == [delivery.body]


def test_a_webhook_is_refused_while_the_receiver_is_down(newsroom: Newsroom, clock: StillClock) -> None:
    """A delivery in the planned window gets 503 with Retry-After and does not count as taken."""
    clock.moment = PLAN.outages[2].start
    status, headers, _ = ask(newsroom, plan.HOOK, "/alerts", body=b"{}")
    assert (status, headers["retry-after"]) == (503, "1800")
    assert [delivery.taken for delivery in newsroom.deliveries] == [False]
    assert newsroom.alerts == []


@pytest.mark.parametrize(("path", "body", "status"), [("/alerts", b"{", 400), ("/", b"{}", 404)])
def test_a_bad_webhook_is_refused(newsroom: Newsroom, path: str, body: bytes, status: int) -> None:
    """What is not JSON or goes elsewhere is not recorded."""
    assert ask(newsroom, plan.HOOK, path, body=body)[0] == status
    assert newsroom.deliveries == []


def test_sources_fit_the_outlets() -> None:
    """Each outlet has a source that names its host and lists what the site offers."""
    assert set(SOURCES) == set(outlets.BY_NAME)
    for name, source in SOURCES.items():
        outlet = outlets.BY_NAME[name]
        assert (source.hosts, source.title) == ([outlet.host], outlet.title)
        assert {urlsplit(rule.url).path for rule in source.listings} == set(outlet.listings)
