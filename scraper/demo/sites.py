"""What each outlet answers to each path at one moment: the newsroom without its sockets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.demo import pages
from scraper.demo.grammar import HANOI
from scraper.demo.outlets import Outlet
from scraper.demo.plan import Article, Plan

NEWS_SITEMAP = timedelta(days=2)
"""How far back a news sitemap reaches, as Google's rules for them say."""

_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_CHROME = ("/video", "/chu-de/", "/tag", "/the-thao", "/phap-luat", "/the-gioi", "/van-hoa", "/lien-he", "/tim-kiem")
"""Paths that navigation points at: pages that exist, and hold no article."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer before it is compressed and sent; status 0 means to hang up without one."""

    status: int
    body: str = ""
    content_type: str = _HTML
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """One outlet's site."""

    def __init__(self, outlet: Outlet, plan: Plan) -> None:
        self._outlet = outlet
        self._plan = plan
        self._articles = [article for article in plan.articles if article.outlet is outlet]
        self._by_path = {article.url.split(outlet.host, 1)[1]: article for article in self._articles}

    def answer(self, path: str, headers: Mapping[str, str], moment: datetime, request: int) -> Answer:
        """What the site says.

        Args:
            path: Without the query, which this site's pages do not depend on.
            headers: Of the request, names in lower case.
            moment: Aware UTC.
            request: How many times this path was asked for, which moves the noise.
        """
        if path == "/robots.txt":
            return Answer(200, self._outlet.robots, _TEXT) if self._outlet.robots else Answer(404, "none", _TEXT)
        article = self._by_path.get(path) or self._by_path.get(path.removesuffix("amp/"))
        if article is not None:
            return self._article(article, headers, moment, request)
        number, listing = _page_of(path)
        if listing in self._outlet.listings:
            return self._listing(listing, number, headers, moment, request)
        if self._outlet.make == "sitemap" and path.startswith("/sitemaps/"):
            return self._sitemap(path, moment)
        if path.startswith(_CHROME):
            return Answer(200, f"<html><title>{self._outlet.title}</title><p>Trang này không có bài.</p></html>")
        return Answer(404, "<html><title>404</title><p>Không tìm thấy trang.</p></html>")

    # --- articles ------------------------------------------------------------------------------------------

    def _article(self, article: Article, headers: Mapping[str, str], moment: datetime, request: int) -> Answer:
        if article.published_at > moment:
            return Answer(404, "<html><title>404</title></html>")
        if not article.online(moment):
            return Answer(article.status, "<html><title>Bài đã gỡ</title><p>Bài viết không còn.</p></html>")
        given = self._validators([article], article.at(moment).at, moment)
        if _unchanged(given, headers):
            return Answer(304, headers=given)
        noise = pages.noise(article.url, request, self._online(moment), moment)
        template = f"{self._layout(moment)}_article.html"
        page = pages.render(template, self._outlet, a=pages.item(article, moment), noise=noise)
        return Answer(200, page, headers=given)

    def _online(self, moment: datetime) -> list[Article]:
        """What readers can see, newest first."""
        online = [article for article in self._articles if article.online(moment)]
        return sorted(online, key=lambda article: (article.published_at, article.number), reverse=True)

    def _layout(self, moment: datetime) -> str:
        renewed = self._outlet is self._plan.layout_outlet and moment >= self._plan.layout_at
        return f"{self._outlet.make}_new" if renewed else self._outlet.make

    # --- listings ------------------------------------------------------------------------------------------

    def _listing(self, path: str, number: int, headers: Mapping[str, str], moment: datetime, request: int) -> Answer:
        listed = [a for a in self._online(moment) if self._stands_in(a, path)]
        size = self._outlet.page_size
        shown = listed[(number - 1) * size : number * size]
        if not shown and number > 1:
            return Answer(404, "<html><title>404</title></html>")
        given = self._validators(shown, self._changed_at(moment), moment)
        if _unchanged(given, headers):
            return Answer(304, headers=given)
        items = [pages.item(article, moment) for article in shown]
        if path.endswith((".xml", ".rss", ".json", "/feed/")):
            return self._feed(path, items, moment, given)
        more = _page_path(path, number + 1) if len(listed) > number * size else ""
        noise = pages.noise(path, request, listed, moment)
        page = pages.render(f"{self._layout(moment)}_listing.html", self._outlet, items=items, noise=noise, next=more)
        return Answer(200, page, headers=given)

    def _stands_in(self, article: Article, path: str) -> bool:
        kind = self._outlet.listings[path]
        return kind == "all" or (article.story.group == "policy") == (kind == "policy")

    def _feed(self, path: str, items: Sequence[pages.Item], moment: datetime, given: Mapping[str, str]) -> Answer:
        if path.endswith(".json"):
            return Answer(200, pages.json_feed(self._outlet, items), "application/feed+json", given)
        if self._outlet.make == "sitemap":
            return Answer(200, self._sitemap_index(moment), _XML)
        tracking = "?utm_source=rss&utm_medium=feed" if self._outlet.make == "wordpress" else ""
        feed = pages.render("rss.xml", self._outlet, items=items, tracking=tracking)
        return Answer(200, feed, "application/rss+xml; charset=utf-8", given)

    def _sitemap_index(self, moment: datetime) -> str:
        local = moment.astimezone(HANOI)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0)
        month = day.replace(day=1)
        last = (month - timedelta(days=1)).replace(day=1)
        maps = [
            ("/sitemaps/news.xml", local),
            (f"/sitemaps/{month:%Y-%m}.xml", day),
            (f"/sitemaps/{last:%Y-%m}.xml", month),
        ]
        return pages.render("sitemap_index.xml", self._outlet, maps=maps)

    def _sitemap(self, path: str, moment: datetime) -> Answer:
        online = self._online(moment)
        news = path == "/sitemaps/news.xml"
        if news:
            shown = [article for article in online if moment - article.published_at <= NEWS_SITEMAP]
        else:
            shown = [a for a in online if f"/sitemaps/{a.published_at.astimezone(HANOI):%Y-%m}.xml" == path]
        if not shown and not re.fullmatch(r"/sitemaps/\d{4}-\d{2}\.xml", path):
            return Answer(404, "none", _TEXT)
        items = [pages.item(article, moment) for article in shown]
        return Answer(200, pages.render("sitemap_urls.xml", self._outlet, items=items, news=news), _XML)

    # --- unchanged pages -----------------------------------------------------------------------------------

    def _changed_at(self, moment: datetime) -> datetime:
        """When anything on the site last changed."""
        times = [version.at for article in self._articles for version in article.versions]
        times += [article.removed_at for article in self._articles if article.removed_at]
        return max(at for at in times if at <= moment)

    def _validators(self, shown: Sequence[Article], changed: datetime, moment: datetime) -> dict[str, str]:
        """Headers that tell the content, without the noise around it."""
        if self._outlet.validators == "modified":
            return {"Last-Modified": pages.http_date(changed)}
        if self._outlet.validators == "etag":
            states = " ".join(f"{article.url} {article.at(moment).at}" for article in shown)
            return {"ETag": f'"{hashlib.sha256(states.encode()).hexdigest()[:16]}"'}
        return {}


def _unchanged(given: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether the validators that the client sent still hold (RFC 9110, section 13.1)."""
    if "ETag" in given:
        return given["ETag"] in headers.get("if-none-match", "")
    if "Last-Modified" not in given or "if-modified-since" not in headers:
        return False
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
    except ValueError:
        return False
    return parsedate_to_datetime(given["Last-Modified"]) <= since.replace(tzinfo=since.tzinfo or UTC)


def _page_of(path: str) -> tuple[int, str]:
    """Which page of which listing a path means: ``/x/trang-2.htm`` or ``/x/trang-2`` is page 2 of the first."""
    found = re.fullmatch(r"(.*/)trang-(\d{1,4})(\.htm)?", path)
    if not found:
        return 1, path
    if found[3]:
        return max(1, int(found[2])), f"{found[1]}trang-1.htm"
    return max(1, int(found[2])), found[1].rstrip("/") or "/"


def _page_path(listing: str, number: int) -> str:
    if listing.endswith("trang-1.htm"):
        return listing.replace("trang-1", f"trang-{number}")
    return f"{listing.rstrip('/')}/trang-{number}"
