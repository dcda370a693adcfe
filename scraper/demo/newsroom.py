"""The newsroom's server: every outlet's site and the desk's webhook on one loopback port, told apart by Host."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import parse_qs, urlsplit

from scraper.demo import pages
from scraper.demo.outlets import OUTLETS, Outlet
from scraper.demo.plan import Plan, Posting, State
from scraper.values import Clock

HOOK = "hook.example"
"""The host on which the newsroom takes the alerts it is sent."""

RETRY_AFTER = 1800
_TAGGED = {"vungcao", "chinhsach"}
"""Outlets whose lists carry an ETag and hold no noise, so that an unchanged one is a 304."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``None`` for a status means that the connection is dropped."""

    status: int | None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Newsroom:
    """A context manager: the site answers while it is open.

    Attributes:
        alerts: JSON documents that the webhook took, in order.
        requests: How many requests were answered.
    """

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self.plan, self._clock = plan, clock
        self.alerts: list[dict[str, object]] = []
        self.requests = 0
        self._hosts = {outlet.host: outlet for outlet in OUTLETS}
        self._lock = threading.Lock()
        self._server = _Server(self)

    def __enter__(self) -> Newsroom:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def connect_to(self) -> dict[str, str]:
        """For ``fetch.connect_to``: every host of the newsroom at its loopback address."""
        address = f"127.0.0.1:{self._server.server_port}"
        return dict.fromkeys((*self._hosts, HOOK), address)

    def answer(self, method: str, host: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """What the newsroom says to one request."""
        with self._lock:
            self.requests += 1
            number = self.requests
        if host == HOOK:
            return self._hook(method, body)
        outlet = self._hosts.get(host)
        if outlet is None or method != "GET":
            return Answer(404, "no such site")
        return self._outage(outlet) or self._site(outlet, target, headers, Random(f"{target}{number}"))

    def _hook(self, method: str, body: bytes) -> Answer:
        down, up = self.plan.hook_down
        if method != "POST" or down <= self._clock.now() < up:
            return Answer(503, "down")
        with self._lock:
            self.alerts.append(json.loads(body))
        return Answer(200, "{}")

    def _outage(self, outlet: Outlet) -> Answer | None:
        now = self._clock.now()
        for outage in self.plan.outages:
            if outage.outlet == outlet.name and outage.start <= now < outage.end:
                return Answer(503, "busy", {"Retry-After": str(RETRY_AFTER)}) if outage.refuses else Answer(None)
        return None

    def _site(self, outlet: Outlet, target: str, headers: dict[str, str], noise: Random) -> Answer:
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            delay = "Crawl-delay: 2\n" if outlet.name == "vungcao" else ""
            return Answer(200, f"User-agent: *\nDisallow: /tim-kiem\n{delay}", {"Content-Type": "text/plain"})
        posting = self.plan.by_url.get(outlet.home + target) or self.plan.by_url.get(outlet.home + parts.path)
        if posting is not None:
            return self._article(posting, noise)
        return self._index(outlet, parts.path, parts.query, headers, noise)

    def _article(self, posting: Posting, noise: Random) -> Answer:
        now = self._clock.now()
        state = posting.at(now)
        if state is None:
            return Answer(404, "not yet")
        if posting.removed_at and posting.removed_at <= now:
            return Answer(410 if posting.number % 2 else 404, "gone")
        return Answer(200, pages.article(posting, state, now, noise, new_layout=self._relaid(posting.outlet)))

    def _relaid(self, outlet: Outlet) -> bool:
        return outlet.make == "ribbon" and self._clock.now() >= self.plan.layout_change

    def _index(self, outlet: Outlet, path: str, query: str, headers: dict[str, str], noise: Random) -> Answer:
        shown = self._shown(outlet)
        xml = {"Content-Type": "application/xml; charset=utf-8"}
        if outlet.make == "weblog" and path == "/feed/":
            return Answer(200, pages.feed(outlet, shown[: pages.PER_PAGE * 2]), xml)
        if outlet.make == "sitemap" and path == "/sitemap.xml":
            return Answer(200, pages.sitemap_index(outlet, self._clock.now()), xml)
        if outlet.make == "sitemap" and path == "/sitemaps/news.xml":
            return Answer(200, pages.news_sitemap(shown[: pages.PER_PAGE * 4]), xml)
        number = _page_number(outlet, path, query)
        if number is None:
            return Answer(404, "no such page")
        return self._list(outlet, shown, number, headers, noise)

    def _list(
        self, outlet: Outlet, shown: list[tuple[Posting, State]], number: int, headers: dict[str, str], noise: Random
    ) -> Answer:
        here = shown[(number - 1) * pages.PER_PAGE : number * pages.PER_PAGE]
        if not here:
            return Answer(404, "no such page")
        following = _page_path(outlet, number + 1) if len(shown) > number * pages.PER_PAGE else ""
        tagged = outlet.name in _TAGGED
        body = pages.listing(outlet, here, following, Random(0) if tagged else noise, new_layout=self._relaid(outlet))
        if not tagged:
            return Answer(200, body)
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return Answer(304, "", {"ETag": tag})
        return Answer(200, body, {"ETag": tag})

    def _shown(self, outlet: Outlet) -> list[tuple[Posting, State]]:
        """What the outlet's lists hold now, newest first."""
        now = self._clock.now()
        here = [
            (posting, state)
            for posting in self.plan.postings
            if posting.outlet is outlet
            and (state := posting.at(now)) is not None
            and not (posting.removed_at and posting.removed_at <= now)
        ]
        return sorted(here, key=lambda pair: (pair[0].published_at, pair[0].number), reverse=True)


_PATHS = {
    "mcms": "/chinh-sach",
    "vccorp": "/chinh-sach-va-cuoc-song.htm",
    "ribbon": "/thoi-su",
    "webforms": "/chinh-phu-voi-nguoi-dan-589ct472/trang-1.htm",
    "tables": "/danhsach.php",
}


def _page_path(outlet: Outlet, number: int) -> str:
    first = _PATHS[outlet.make]
    return first if number == 1 else f"{first}?trang={number}"


def _page_number(outlet: Outlet, path: str, query: str) -> int | None:
    if path != _PATHS.get(outlet.make):
        return None
    given = parse_qs(query).get("trang", ["1"])[0]
    return int(given) if given.isdecimal() and int(given) > 0 else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.newsroom = newsroom


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._reply("GET")

    def do_POST(self) -> None:
        self._reply("POST")

    def _reply(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        host = (self.headers.get("Host") or "").split(":")[0].lower()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.newsroom.answer(method, host, self.path, headers, body)
        if answer.status is None:
            self.close_connection = True
            return
        self._send(answer, gzipped="gzip" in headers.get("accept-encoding", "") and len(answer.body) > 500)

    def _send(self, answer: Answer, *, gzipped: bool) -> None:
        raw = answer.body.encode()
        raw = gzip.compress(raw, 1) if gzipped else raw
        self.send_response(answer.status or 200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            self.send_header(name, value)
        if gzipped:
            self.send_header("Content-Encoding", "gzip")
        if answer.status != 304:  # noqa: PLR2004 - Not Modified has no body
            self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if answer.status != 304:  # noqa: PLR2004
            self.wfile.write(raw)

    def log_message(self, *_args: object) -> None:
        """Stay quiet: the terminal belongs to the demo."""
