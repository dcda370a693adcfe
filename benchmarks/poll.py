"""CPU of polling a listing that shows nothing new: answered with 304, with the same bytes, with the same links.

Real section pages of four outlets, read by the source files that ship, in an archive that holds all their stories. One
poll is all that a due source costs: its row and rhythm, the host's turn, the request, the fetch log, what became of
articles since, how it stands and when it is due next, committed to the disk. The pages lie beside the checkout
(``vietnam/pages`` of ``../shared`` or ``$SCRAPER_SHARED``); without them nothing is measured, and that is said.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from benchmarks import extraction
from benchmarks.loopback import Mode, serving, story
from scraper import config, discover, jobs, polling, store
from scraper.config import Config, Source
from scraper.config.settings import FetchSettings, KeepSettings
from scraper.values import Page, SystemClock

OUTLETS = ("baochinhphu", "cafef", "tuoitre", "vnexpress")
POLLS, POLLS_SAMPLE = 200, 40
WAYS: Mapping[Mode, str] = {"tagged": "304", "plain": "same bytes", "varying": "same links"}
GOALS_MS: Mapping[str, float] = {"304": 0.9, "same bytes": 1.6, "same links": 3.2}


def run(*, sample: bool) -> dict[str, Any]:
    """Each outlet's list in each way; ``{"skipped": why}`` without the pages."""
    where = extraction.folder()
    if where is None:
        return {"skipped": "no pages at ../shared/vietnam/pages; set SCRAPER_SHARED"}
    rules, rows = config.load(None), []
    for name in OUTLETS:
        body = (where.parents[1] / "vietnam" / "pages" / name / f"{name}_list.html").read_bytes()
        body = body.replace(b"https://", b"http://")
        source = _source(rules.sources[name])
        found = {
            said: _polled(rules, source, body, mode, POLLS_SAMPLE if sample else POLLS) for mode, said in WAYS.items()
        }
        rows.append({"outlet": name, "kB": round(len(body) / 1000), "links": len(_links(source, body)), **found})
    return {"rows": rows, "median": {said: round(median(row[said] for row in rows), 2) for said in WAYS.values()}}


def _source(shipped: Source) -> Source:
    """The outlet with its first section page alone, over plain HTTP."""
    listing = next(rule for rule in shipped.listings if rule.kind == "html")
    plain = listing.model_copy(update={"url": listing.url.replace("https://", "http://")})
    return shipped.model_copy(update={"listings": [plain], "min_delay": timedelta()})


def _links(source: Source, body: bytes) -> dict[str, bytes]:
    """The stories that the page lists, by path, each with a page of its own."""
    url, now = source.listings[0].url, datetime.now(UTC)
    page = Page(url, url, 200, {"content-type": "text/html; charset=utf-8"}, body, now)
    listed = discover.links(page, source, source.listings[0], now).links
    return {urlsplit(link.url).path: story(link.title) for link in listed}


def _polled(rules: Config, source: Source, body: bytes, mode: Mode, polls: int) -> float:
    """Milliseconds of CPU a poll, the median of many."""
    path = urlsplit(source.listings[0].url).path or "/"
    with (
        serving(_links(source, body) | {path: body}, mode=mode) as site,
        tempfile.TemporaryDirectory(prefix="scraper-poll-") as folder,
    ):
        hosts = {urlsplit(source.listings[0].url).hostname or "", *source.hosts}
        fetching = FetchSettings(connect_to=dict.fromkeys(hosts, site.address(0)), min_delay=timedelta())
        settings = rules.settings.model_copy(update={"fetch": fetching, "keep": KeepSettings(min_free=0)})
        chosen = rules.model_copy(update={"settings": settings, "sources": {source.name: source}})
        with jobs.open_desk(chosen, Path(folder), SystemClock()) as desk:

            def once() -> float:
                started = time.process_time()
                done = polling.poll(source, store.standing(desk.db, source.name), desk, lambda _seen: None)
                assert not done.error, done.error
                return time.process_time() - started

            for _ in range(3):  # the first stores the stories
                once()
            return round(median(once() for _ in range(polls)) * 1000, 2)


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    if "skipped" in result:
        return f"skipped: {result['skipped']}"
    ways = list(WAYS.values())
    lines = [f"{'ms CPU a poll':14} {'page':>8} {'links':>6} " + " ".join(f"{way:>11}" for way in ways)]
    for row in result["rows"]:
        costs = " ".join(f"{row[way]:>11}" for way in ways)
        lines.append(f"{row['outlet']:14} {row['kB']:>5} kB {row['links']:>6} {costs}")
    costs = " ".join(f"{result['median'][way]:>11}" for way in ways)
    return "\n".join([*lines, f"{'median':30} {costs}", f"{'goal':30} " + " ".join(f"{GOALS_MS[w]:>11}" for w in ways)])
