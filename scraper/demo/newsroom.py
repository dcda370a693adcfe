"""The newsroom as a server on loopback: every outlet told apart by the Host header, and a receiver of webhooks.

Pages depend on the clock that is passed in, so that days pass as fast as the clock is moved.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from scraper.demo.outlets import BY_HOST, OUTLETS
from scraper.demo.plan import HOOK, Plan
from scraper.demo.sites import Answer, Site
from scraper.demo.truth import Event, FaultKind, Truth
from scraper.values import Clock

RETRY_AFTER = timedelta(minutes=30)
"""What a host that answers 503 asks for at most; less when it knows to be back sooner."""

MAX_BODY = 1_000_000
"""Bytes of a webhook's body that are read."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook that came in.

    Attributes:
        at: Newsroom time, aware UTC.
        key: Its ``Idempotency-Key`` header.
        taken: Whether it was answered with success; otherwise the receiver was down.
    """

    at: datetime
    key: str
    body: Mapping[str, Any]
    taken: bool


class Newsroom:
    """Eight outlets and a webhook receiver on one loopback port; a context manager.

    Attributes:
        plan: What happens when.
        deliveries: Every webhook that came to ``http://hook.example/alerts``, in order.
        asked: Requests by host.
    """

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self.plan = plan
        self.deliveries: list[Delivery] = []
        self.asked: Counter[str] = Counter()
        self._clock = clock
        self._sites = {outlet.host: Site(outlet, plan) for outlet in OUTLETS}
        self._asked_for: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return sum(self.asked.values())

    @property
    def alerts(self) -> list[Mapping[str, Any]]:
        """The bodies of the webhooks that were taken, in order."""
        return [delivery.body for delivery in self.deliveries if delivery.taken]

    def connect_to(self) -> dict[str, str]:
        """For ``fetch.connect_to``: every host of the newsroom and where it listens."""
        address = f"127.0.0.1:{self._server.server_address[1]}"
        return dict.fromkeys([*BY_HOST, HOOK], address)

    def truth(self, until: datetime) -> Truth:
        """All that happened up to and including that moment (aware UTC)."""
        return self.plan.truth(until)

    def next_event_at(self, after: datetime) -> datetime | None:
        """When the next thing happens, so that a stepped clock can go there; ``None`` when nothing more does."""
        return next((event.at for event in self.plan.events if event.at > after), None)

    def events_between(self, after: datetime, until: datetime) -> list[Event]:
        """What happens later than ``after`` and no later than ``until``, in order."""
        return [event for event in self.plan.events if after < event.at <= until]

    # --- answering -----------------------------------------------------------------------------------------

    def get(self, host: str, target: str, headers: Mapping[str, str]) -> Answer:
        """What a host answers to GET; header names in lower case."""
        now, path = self._clock.now(), urlsplit(target).path
        with self._lock:
            self.asked[host] += 1
            self._asked_for[host, path] += 1
            count = self._asked_for[host, path]
        site = self._sites.get(host)
        if site is None:
            return Answer(404, "no such host", "text/plain")
        return self._down(host, now) or site.answer(path, headers, now, count)

    def post(self, host: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Takes a webhook, or answers 503 while the receiver is down."""
        now = self._clock.now()
        if host != HOOK or urlsplit(target).path != "/alerts":
            return Answer(404, "POST alerts to http://hook.example/alerts", "text/plain")
        try:
            facts = json.loads(body)
        except ValueError:
            return Answer(400, "the body is not JSON", "text/plain")
        down = self._down(host, now)
        with self._lock:
            self.asked[host] += 1
            self.deliveries.append(Delivery(now, headers.get("idempotency-key", ""), facts, taken=down is None))
        return down or Answer(204)

    def _down(self, host: str, now: datetime) -> Answer | None:
        outage = next((o for o in self.plan.outages if o.host == host and o.covers(now)), None)
        if outage is None:
            return None
        if outage.kind != "503":
            return _BROKEN[outage.kind]
        seconds = max(1, int(min(RETRY_AFTER, outage.end - now).total_seconds()))
        return Answer(503, "busy, come back later", "text/plain", {"Retry-After": str(seconds)})


_BROKEN: Mapping[FaultKind, Answer] = {
    "drop": Answer(0),
    "challenge": Answer(503, "<html><title>Just a moment...</title><p>Đang kiểm tra trình duyệt.</p></html>"),
    "refused": Answer(403, "<html><title>403</title><p>Không có quyền truy cập.</p></html>"),
    "blank": Answer(200, ""),
    "bare": Answer(
        200, "<html><title>Trang chủ</title><nav><a href='/'>Trang chủ</a></nav><p>Đang cập nhật.</p></html>"
    ),
}
"""What a host answers to everything in its outage, by kind."""


class _Server(ThreadingHTTPServer):
    """Loopback only; forgets handler threads, which end with their connections."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.newsroom = newsroom


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Answer for the host that was asked."""
        self._send(self.server.newsroom.get(self._host(), self.path, self._lower()))

    def do_POST(self) -> None:
        """Take a webhook."""
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), MAX_BODY)) if length.isdecimal() else b""
        self._send(self.server.newsroom.post(self._host(), self.path, self._lower(), body))

    def handle(self) -> None:
        """Serve one connection until it ends; a client that was killed is no fault of ours."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, *args: object) -> None:
        """Say nothing: the terminal is the demo's."""

    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].lower()

    def _lower(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _send(self, answer: Answer) -> None:
        if not answer.status:
            self.close_connection = True
            return
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if body and self._compresses():
            body = gzip.compress(body, compresslevel=1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        if body:
            self.send_header("Content-Type", answer.content_type)
        if answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _compresses(self) -> bool:
        outlet = BY_HOST.get(self._host())
        return outlet is not None and outlet.gzip and "gzip" in self.headers.get("Accept-Encoding", "")
