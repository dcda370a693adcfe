"""CPU a request: ours beside a raw socket client, httpx and Scrapy; and 2,000 addresses asked at once.

One host, one request after another, a page of the size of a real one, in gzip. Every client runs in a process of its
own, which reports the CPU of its requests alone. The floor is what asyncio costs at the least: a connection that is
kept, a request written, headers split at their colons, as much body read as announced, and inflated.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from typing import Any

import httpx

from benchmarks.loopback import ROOT, Site, serving
from scraper.config.settings import FetchSettings
from scraper.errors import FetchError
from scraper.fetch import Fetcher
from scraper.values import SystemClock

REQUESTS, REQUESTS_SAMPLE = 2_000, 250
AT_ONCE, AT_ONCE_HOSTS = 2_000, 50
ROUNDS, ROUNDS_SAMPLE = 5, 3
GOAL = 3.3
CLIENTS = ("raw asyncio", "ours", "httpx, async", "httpx, sync", "scrapy")


def page() -> bytes:
    """A page of 50 kB that packs as pages do, about 5 to 1."""
    words = ("chính", "sách", "vào", "cuộc", "sống", "của", "người", "dân", "tại", "các", "địa", "phương", "trong")
    items = (
        f"<p class=item-{n * 7919 % 997}>{words[n % 13]} {words[n * n % 13]} {n * 104_729 % 99_991}</p>\n"
        for n in range(1_200)
    )
    return f"<!doctype html><title>Trang</title>{''.join(items)}".encode()


def run(*, sample: bool) -> dict[str, Any]:
    """Every client over the same page, five rounds; and the burst.

    The machine's speed changes by the minute, so each figure is the median of the rounds, and each ratio the median of
    the rounds' ratios.
    """
    requests = REQUESTS_SAMPLE if sample else REQUESTS
    body = page()
    with serving({"/page.html": body}, mode="plain") as site:
        rounds = [
            {who: _measured(who, site, requests) for who in CLIENTS} for _ in range(ROUNDS_SAMPLE if sample else ROUNDS)
        ]
    rows = [
        {
            "who": who,
            "us": round(median(costs[who] for costs in rounds) * 1e6),
            "x_floor": round(median(costs[who] / costs[CLIENTS[0]] for costs in rounds), 2),
        }
        for who in CLIENTS
    ]
    return {
        "requests": requests,
        "page, kB": round(len(body) / 1000),
        "in gzip, kB": round(len(gzip.compress(body, 6)) / 1000),
        "rows": rows,
        "at once": burst(),
    }


def _measured(who: str, site: Site, requests: int) -> float:
    task = json.dumps({"who": who, "port": site.port, "requests": requests})
    command = [sys.executable, "-m", "benchmarks.fetch", task]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return float(done.stdout.splitlines()[-1]) / requests


def burst() -> dict[str, int]:
    """Ask for 2,000 addresses at 50 hosts from as many threads at once, each host once at a time; count what fails."""
    pages = {f"/{number}": page()[:2_000] for number in range(AT_ONCE)}
    clock = SystemClock()
    with serving(pages, AT_ONCE_HOSTS, delay=0.002) as site:
        settings = FetchSettings(connect_to=site.connect_to(), min_delay=timedelta(), retries=0, robots=False)
        with Fetcher(settings, clock) as fetcher, ThreadPoolExecutor(AT_ONCE) as pool:

            def got(number: int) -> bool:
                try:
                    fetcher.get(f"http://o{number % AT_ONCE_HOSTS}.example/{number}")
                except FetchError:
                    return False
                return True

            found = list(pool.map(got, range(AT_ONCE)))
    return {"asked": len(found), "failed": found.count(False)}


# --- the clients, each in a process of its own -------------------------------------------------------------


def _raw(site: Site, requests: int) -> float:
    async def ask() -> float:
        host, port = site.address(0).split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        request = b"GET /page.html HTTP/1.1\r\nHost: o0.example\r\nAccept-Encoding: gzip\r\n\r\n"

        async def once() -> bytes:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")[1:-2]
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            return gzip.decompress(await reader.readexactly(int(headers["content-length"])))

        await once()
        started = time.process_time()
        for _ in range(requests):
            await once()
        cpu = time.process_time() - started
        writer.close()
        return cpu

    return asyncio.run(ask())


def _ours(site: Site, requests: int) -> float:
    settings = FetchSettings(connect_to=site.connect_to(), min_delay=timedelta())
    with Fetcher(settings, SystemClock()) as fetcher:
        return _timed(lambda: fetcher.get("http://o0.example/page.html"), requests)


def _httpx_sync(site: Site, requests: int) -> float:
    with httpx.Client(headers={"Accept-Encoding": "gzip"}) as client:
        return _timed(lambda: client.get(f"http://{site.address(0)}/page.html").content, requests)


def _httpx_async(site: Site, requests: int) -> float:
    async def ask() -> float:
        async with httpx.AsyncClient(headers={"Accept-Encoding": "gzip"}) as client:
            await client.get(f"http://{site.address(0)}/page.html")
            started = time.process_time()
            for _ in range(requests):
                (await client.get(f"http://{site.address(0)}/page.html")).content  # noqa: B018 - it is decoded
            return time.process_time() - started

    return asyncio.run(ask())


def _scrapy(site: Site, requests: int) -> float:
    from scrapy import Request, Spider  # noqa: PLC0415 - heavy, and of no concern to the others
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415

    found: list[float] = []

    class Pages(Spider):
        name = "pages"

        async def start(self) -> Any:  # noqa: ANN401 - Scrapy's
            yield Request(f"http://{site.address(0)}/page.html", dont_filter=True)

        def parse(self, response: Any) -> Any:  # noqa: ANN401 - Scrapy's
            assert response.body
            found.append(time.process_time())
            if len(found) <= requests:
                yield Request(response.url, dont_filter=True)

    settings = {
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
    }
    process = CrawlerProcess(settings)
    process.crawl(Pages)
    process.start()
    return found[-1] - found[0]


def _timed(once: Callable[[], object], requests: int) -> float:
    once()
    started = time.process_time()
    for _ in range(requests):
        once()
    return time.process_time() - started


_RUN: dict[str, Callable[[Site, int], float]] = dict(
    zip(CLIENTS, (_raw, _ours, _httpx_async, _httpx_sync, _scrapy), strict=True)
)


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    lines = [f"a page of {result['page, kB']} kB, {result['in gzip, kB']} in gzip; {result['requests']} requests"]
    lines += [f"{'':14} {'us CPU a request':>17} {'x floor':>8}"]
    lines += [f"{row['who']:14} {row['us']:>17} {row['x_floor']:>8}" for row in result["rows"]]
    at_once = result["at once"]
    return "\n".join(
        [*lines, f"{at_once['asked']} addresses at once, {AT_ONCE_HOSTS} hosts: {at_once['failed']} failed"]
    )


if __name__ == "__main__":
    chosen = json.loads(sys.argv[1])
    print(_RUN[chosen["who"]](Site(chosen["port"], 1), chosen["requests"]))
