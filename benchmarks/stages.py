"""CPU an article of each pure stage, as a multiple of parsing its HTML with lexbor alone (the floor).

The pages are the demo newsroom's own, so the figure needs nothing but this checkout.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from selectolax.lexbor import LexborHTMLParser

from scraper import dedupe, extract, flag, revise
from scraper.config import find_folder, load_policy
from scraper.demo.newsroom import Newsroom
from scraper.demo.outlets import BY_HOST, sources
from scraper.demo.plan import Plan
from scraper.demo.run import DemoClock
from scraper.urls import host_of

PAGES = 100


def run(rounds: int) -> list[dict[str, float | str]]:
    """One row a stage: microseconds of CPU a page (best of the rounds), and how many times the floor that is."""
    pages = _pages()
    watched, policy = sources(find_folder()), load_policy()
    read = [extract.parse_article(html, url, watched[BY_HOST[host_of(url)].name]) for url, html in pages]
    stages: dict[str, Callable[[], object]] = {
        "floor: lexbor parse": lambda: [LexborHTMLParser(html) for _, html in pages],
        "extract, site rules": lambda: [
            extract.parse_article(html, url, watched[BY_HOST[host_of(url)].name]) for url, html in pages
        ],
        "extract, no rules": lambda: [extract.parse_article(html, url) for url, html in pages],
        "judge": lambda: [flag.judge(data, policy) for data in read],
        "hashes": lambda: [(revise.hash_of(data), dedupe.sketch_of(data).sample) for data in read],
    }
    costs = {name: min(_cpu(stage) for _ in range(rounds)) / len(pages) * 1e6 for name, stage in stages.items()}
    floor = costs["floor: lexbor parse"]
    return [{"stage": name, "us": round(cost, 1), "x_floor": round(cost / floor, 1)} for name, cost in costs.items()]


def _pages() -> list[tuple[str, str]]:
    plan = Plan(1, days=2)
    end = plan.end - timedelta(minutes=1)
    with Newsroom(plan, DemoClock(end)) as newsroom:
        found = []
        for published in plan.truth(end).published[:PAGES]:
            host = host_of(published.url)
            answer = newsroom.get(host, published.url.split(host, 1)[1], {})
            found.append((published.url, _text(answer.body)))
        return [(url, html) for url, html in found if html]


def _text(body: bytes | str) -> str:
    return body if isinstance(body, str) else body.decode()


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def table(rows: Sequence[dict[str, float | str]]) -> str:
    """The rows for people."""
    lines = [f"{'stage':24} {'us CPU a page':>14} {'x floor':>8}"]
    return "\n".join([*lines, *(f"{row['stage']:24} {row['us']:>14} {row['x_floor']:>8}" for row in rows)])
