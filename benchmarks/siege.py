"""One outlet that does everything a hostile server can, polled by a process of its own: what it holds, what it stores.

The limit of memory is the daemon's. The outlet also has one sound story in each listing that can be read, which must be
stored all the same.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scraper import jobs, store
from scraper.config import Config, Settings, Source, load_policy
from scraper.crew import SoloCrew
from scraper.store import archive
from scraper.values import SystemClock

HOST = "bao.example"
MAX_MEGABYTES = 400
TIMEOUT = 300
"""Seconds after which the siege counts as lost."""

TEXT = "".join(
    f"<p>Đoạn {n}: các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ theo kế hoạch.</p>" for n in range(6)
)
SOUND = f"<html><title>Bài lành</title><article><h1>Bài lành</h1><div class=body>{TEXT}</div></article></html>"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))


LISTINGS = [
    "/list/links",
    "/list/million",
    "/list/bomb",
    "/list/matryoshka",
    "/list/deep",
    "/list/drip",
    "/list/sound",
    "/feed/entities",
    "/feed/items",
    "/map/urls",
    "/map/loop",
    "/on/1",
]


def _links(count: int) -> str:
    return "".join(f"<li><a href='/bai-post{n}.html'>Tiêu đề của bài báo số {n} hôm nay</a></li>" for n in range(count))


def _bomb() -> bytes:
    return gzip.compress(b"\x00" * 300_000_000, 9)


def pages() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Path: body and headers of each answer; built once, as some are large."""
    packed = {"Content-Encoding": "gzip"}
    html = {"Content-Type": "text/html; charset=utf-8"}
    bomb, item = _bomb(), f"<item><link>http://{HOST}/bai-post1.html</link></item>"
    found: dict[str, tuple[bytes, dict[str, str]]] = {
        "/robots.txt": (b"User-agent: *\n" + b"Disallow: /x*y\n" * 60_000, {}),
        "/list/links": (f"<ul>{_links(70_000)}</ul>".encode(), html),
        "/list/million": (
            gzip.compress(f"<ul>{'<li><a href=/bai-post1.html>x</a>' * 1_000_000}</ul>".encode()),
            html | packed,
        ),
        "/list/bomb": (bomb, html | packed),
        "/list/matryoshka": (gzip.compress(bomb), html | packed),
        "/list/deep": (b"<div>" * 900_000, html),
        "/feed/entities": (f"<?xml version='1.0'?><!DOCTYPE r [{ENTITIES}]><rss>&a11;</rss>".encode(), {}),
        "/feed/items": (f"<rss><channel>{item * 70_000}</channel></rss>".encode(), {}),
        "/map/urls": (f"<urlset>{'<url><loc>/bai-post1.html</loc></url>' * 110_000}</urlset>".encode(), {}),
        "/map/loop": (
            b"<sitemapindex>"
            + b"<sitemap><loc>http://bao.example/map/loop</loc></sitemap>" * 60_000
            + b"</sitemapindex>",
            {},
        ),
        "/list/sound": (_links(12).encode(), html),
    }
    hostile: list[tuple[bytes, dict[str, str]]] = [
        (bomb, html | packed),
        (b"<option>" * 500_000, html),
        (("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x").encode(), html),
        (b"<b>" * 1_000_000 + b"<p>x" * 300_000, html),
        (("<article><p>" + "Một câu. " * 450_000).encode(), html),
        (b"<table><tr><td>" * 300_000, html),
        (b'<script type="application/ld+json">' + b'{"a":[' * 700_000 + b"</script>", html),
        (b"\x00" * 4_900_000, html),
    ]
    for number, answer in enumerate(hostile, 1):
        found[f"/bai-post{number}.html"] = answer
    found["/bai-post0.html"] = (SOUND.encode(), html)
    return found


class _Handler(BaseHTTPRequestHandler):
    answers: Mapping[str, tuple[bytes, dict[str, str]]]
    done: threading.Event

    def do_GET(self) -> None:
        """Answer, or drip, or lead on and on."""
        if self.path.startswith("/on/"):
            self._send(302, b"", {"Location": f"/on/{int(self.path[4:]) + 1}"})
        elif self.path in {"/list/drip", "/bai-post9.html"}:
            self._drip()
        elif self.path == "/bai-post10.html":
            self._send(302, b"", {"Location": "/on/1"})
        elif self.path in self.answers:
            self._send(200, *self.answers[self.path])
        else:
            self._send(404, b"none", {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _drip(self) -> None:
        self._send(200, b"", {"Transfer-Encoding": "chunked"})
        while not self.done.wait(0.2):
            try:
                self.wfile.write(b"1\r\nx\r\n")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _peak() -> int:
    """The most memory this program has held, in megabytes; ``getrusage`` would count its parent's as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def besieged(address: str, data: Path) -> dict[str, Any]:
    """Poll the hostile outlet once, in this process, and say what it cost and what was stored."""
    settings = Settings.model_validate(
        {
            "fetch": {"connect_to": {HOST: address}, "min_delay": "0s", "retries": 0, "deadline": "3s"},
            "keep": {"min_free": 0},
            "trouble": {"channels": []},
        }
    )
    kinds = {"list": "html", "feed": "feed", "map": "sitemap"}
    listings = [
        {"url": f"http://{HOST}{path}", "kind": kinds.get(path[1:].partition("/")[0], "html")} for path in LISTINGS
    ]
    source = Source.model_validate(
        {
            "name": "bao",
            "title": "Báo",
            "hosts": [HOST],
            "id_pattern": r"-post(\d+)\.html$",
            "link_pattern": r"-post\d+\.html$",
            "listings": listings,
        }
    )
    config = Config(folder=data, settings=settings, policy=load_policy(), sources={"bao": source}, watches=[])
    before, told = _peak(), list[jobs.Report]()
    with jobs.open_desk(config, data, SystemClock()) as desk:
        started = time.process_time()
        jobs.start_visits(desk, SoloCrew(), told.append)
        titles = [item.title for item in archive.newest(desk.db)]
        damage = store.check(desk.db)
    return {
        "polled": len(listings),
        "megabytes": _peak(),
        "megabytes before": before,
        "seconds of CPU": round(time.process_time() - started, 1),
        "sound stories stored": titles.count("Bài lành"),
        "damage": [str(one) for one in damage],
    }


def run() -> dict[str, Any]:
    """Serve the hostile outlet here and let a process of its own poll it."""
    _Handler.answers, _Handler.done = pages(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory(prefix="scraper-siege-") as data:
            command = [sys.executable, "-m", "benchmarks.siege", f"127.0.0.1:{server.server_port}", data]
            root = Path(__file__).resolve().parents[1]
            done = subprocess.run(command, cwd=root, capture_output=True, timeout=TIMEOUT, check=True)  # noqa: S603 - ourselves
    finally:
        _Handler.done.set()
        server.shutdown()
        server.server_close()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    print(json.dumps(besieged(sys.argv[1], Path(sys.argv[2]))))
