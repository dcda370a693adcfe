"""CPU an article from address to archive, beside Scrapy with two extractors, over one loopback site of real pages.

Ours fetches (robots.txt, pace, checked addresses), parses, extracts, looks for copies, judges, keeps the page and
stores all of it in SQLite with full synchronisation; the peers fetch, extract and append a line to a file. Each runs
in a process of its own, which reports its CPU from the first request to the last article, imports left out.

The pages lie beside the checkout (``eval/extraction`` and ``vietnam/pages`` of ``../shared`` or ``$SCRAPER_SHARED``)
and belong to others; without them nothing is measured, and that is said.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import extraction
from benchmarks.loopback import ROOT, Site, serving
from scraper import config, jobs, store
from scraper.config import ListingRule, Source
from scraper.config.settings import FetchSettings, KeepSettings
from scraper.crew import PoolCrew
from scraper.pipeline import Seen
from scraper.values import SystemClock

HOSTS = 50
SAMPLE = 150
"""Pages with ``--sample``."""

GOAL_MS, GOAL_RATIO = 10.0, 1 / 3
PEERS = ("scrapy + trafilatura", "scrapy + selectolax")


def run(*, sample: bool) -> dict[str, Any]:
    """Ours and both peers over the same site; ``{"skipped": why}`` without the pages."""
    where = extraction.folder()
    if where is None:
        return {"skipped": "no pages at ../shared/eval/extraction; set SCRAPER_SHARED"}
    found = [body for _, body in bodies(where)]
    found = found[:: max(1, len(found) // SAMPLE)] if sample else found
    pages = {f"/{number}.html": body for number, body in enumerate(found)}
    with serving(pages | _listings(len(pages)), HOSTS) as site:
        rows = [{"who": who, **_measured(who, site, len(pages))} for who in ("ours", *PEERS)]
    size = sum(map(len, found)) / len(found)
    return {"pages": len(pages), "mean page, kB": round(size / 1000), "rows": rows}


def bodies(where: Path) -> Iterator[tuple[str, bytes]]:
    """The pages, outlet by outlet, with the outlet."""
    found: list[tuple[str, Path]] = []
    for name in extraction.SETS:
        for line in (where / name / "truth.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((urlsplit(row["url"]).netloc, where / name / row["html_path"]))
    for outlet, file in sorted(found):
        yield outlet, gzip.decompress(file.read_bytes())
    for file in sorted((where.parents[1] / "vietnam" / "pages").glob("*/*article*.html")):
        yield file.parent.name, file.read_bytes()


def _listings(pages: int) -> dict[str, bytes]:
    """One list for each host, of pages that follow each other."""
    found, share = {}, -(-pages // HOSTS)
    for host in range(HOSTS):
        own = range(host * share, min((host + 1) * share, pages))
        items = (f"<li><a href=/{page}.html>Tin số {page} trong ngày</a>" for page in own)
        found[f"/list-{host}"] = f"<!doctype html><title>Tin</title><ul>{''.join(items)}</ul>".encode()
    return found


def _measured(who: str, site: Site, pages: int) -> dict[str, Any]:
    """CPU milliseconds a page of a process that crawls the site, and how many pages it got something of."""
    task = {"who": who, "port": site.port, "hosts": site.hosts, "pages": pages}
    command = [sys.executable, "-m", "benchmarks.end_to_end", json.dumps(task)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    found = json.loads(done.stdout.splitlines()[-1])
    return {"CPU ms an article": round(found["cpu"] / pages * 1000, 2), "articles": found["articles"]}


# --- the processes that are measured -----------------------------------------------------------------------


def ours(site: Site, folder: Path) -> dict[str, Any]:
    """Visit every source once, as the daemon does: a pool of threads across hosts, each host one page after another."""
    sources = {f"o{host}": _source(host) for host in range(site.hosts)}
    chosen = config.load(None)
    fetching = FetchSettings(connect_to=site.connect_to(), min_delay=timedelta())
    settings = chosen.settings.model_copy(update={"fetch": fetching, "keep": KeepSettings(min_free=0)})
    told: list[Any] = []
    clock = SystemClock()
    crew = PoolCrew(fetching.workers, clock.now, lambda key, why: told.append((key, why)))
    with jobs.open_desk(chosen.model_copy(update={"settings": settings, "sources": sources}), folder, clock) as desk:
        started = time.process_time()
        jobs.start_visits(jobs.manned(desk, crew), crew, told.append)
        crew.wait()
        cpu = time.process_time() - started
        stored = len(store.article_ids(desk.db))
    assert stored, [seen.error for seen in told if isinstance(seen, Seen)][:3] or told[:3]
    return {"cpu": cpu, "articles": stored}


def _source(host: int) -> Source:
    return Source(
        name=f"o{host}",
        title=f"Báo {host}",
        hosts=[f"o{host}.example"],
        id_pattern=r"/(\d+)\.html$",
        link_pattern=r"/\d+\.html$",
        listings=[ListingRule(url=f"http://o{host}.example/list-{host}")],
    )


def scrapy(site: Site, folder: Path, extractor: str) -> dict[str, Any]:
    """The same pages by Scrapy, with as many requests at once; robots.txt, cookies, logs and console are off."""
    from scrapy import Request, Spider  # noqa: PLC0415 - heavy, and of no concern to ours
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415

    extract = {"trafilatura": _trafilatura, "selectolax": _selectolax}[extractor]()
    found = {"cpu": 0.0, "articles": 0}
    out = (folder / "articles.jsonl").open("w", encoding="utf-8")

    class Pages(Spider):
        name = "pages"

        async def start(self) -> Any:  # noqa: ANN401 - Scrapy's
            found["cpu"] = time.process_time()
            for host in range(site.hosts):
                yield Request(f"http://{site.address(host)}/list-{host}")

        def parse(self, response: Any) -> Any:  # noqa: ANN401 - Scrapy's
            for href in response.css("li a::attr(href)").getall():
                yield response.follow(href, self.article)

        def article(self, response: Any) -> None:  # noqa: ANN401 - Scrapy's
            title, text = extract(response.text, response.url)
            found["articles"] += bool(text)
            out.write(json.dumps({"url": response.url, "title": title, "text": text}, ensure_ascii=False) + "\n")

        def closed(self, _reason: str) -> None:
            found["cpu"] = time.process_time() - found["cpu"]

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": False,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_ENABLED": False,
            "CONCURRENT_REQUESTS": FetchSettings().workers,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(Pages)
    process.start()
    out.close()
    return found


def _trafilatura() -> Any:  # noqa: ANN401 - a function
    from trafilatura import bare_extraction  # noqa: PLC0415 - heavy

    def extract(html: str, url: str) -> tuple[str, str]:
        document = bare_extraction(html, url=url, with_metadata=True)
        return (document.title or "", document.text or "") if document else ("", "")

    return extract


def _selectolax() -> Any:  # noqa: ANN401 - a function
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - beside the other

    def extract(html: str, _url: str) -> tuple[str, str]:
        tree = LexborHTMLParser(html)
        title = tree.css_first("h1") or tree.css_first("title")
        return title.text() if title else "", "\n\n".join(node.text() for node in tree.css("p"))

    return extract


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    if "skipped" in result:
        return f"skipped: {result['skipped']}"
    lines = [f"{result['pages']} real pages of {result['mean page, kB']} kB on {HOSTS} hosts"]
    lines += [f"{'':22} {'CPU ms an article':>18} {'articles':>9}"]
    lines += [f"{row['who']:22} {row['CPU ms an article']:>18} {row['articles']:>9}" for row in result["rows"]]
    return "\n".join(lines)


def _main(task: Mapping[str, Any]) -> None:
    site = Site(task["port"], task["hosts"])
    with tempfile.TemporaryDirectory(prefix="scraper-end-to-end-") as folder:
        who = task["who"]
        found = ours(site, Path(folder)) if who == "ours" else scrapy(site, Path(folder), who.rpartition(" ")[2])
        print(json.dumps(found))


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
