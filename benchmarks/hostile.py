"""CPU and memory that pages made to cost take, each read in a process of its own, with a source's rules and without.

The limits are those a reader of untrusted pages needs: two seconds of CPU and 300 MB a page. What a page loses to them
is named in its ``problems``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scraper.config import load
from scraper.extract import parse_article

ROOT = Path(__file__).resolve().parents[1]
MAX_SECONDS, MAX_MEGABYTES = 2.0, 300
TIMEOUT = 120
"""Seconds until a page counts as never ending."""
SAMPLE = 8
"""Pages with ``--sample``."""
URL = "https://tuoitre.vn/mot-bai-2026030707011493.htm"
SOURCE = "tuoitre"

TEXT = "Huyện đã bàn giao công trình cho tổ quản lý của thôn, sớm hơn kế hoạch hai tháng. " * 4
ARTICLE = '<h1 class=detail-title data-role=title>T</h1><div class="detail-content afcbc-body" data-role=content>'


def _each(count: int, form: str) -> str:
    return "".join(form.format(n=n) for n in range(count))


PAGES: dict[str, Callable[[], str]] = {
    "nested divs": lambda: "<div>" * 200_000 + TEXT,
    "nested divs, few": lambda: "<div>" * 11_999 + TEXT,
    "nested paragraphs": lambda: f"<div><p>{TEXT}</p>" * 5_900,
    "nested divs in an SVG title": lambda: "<svg><title>" + "<div>" * 200_000,
    "nested divs behind a false comment": lambda: "<!-->" + "<div>" * 200_000 + "-->",
    "nested lists": lambda: "<ul><li>một đường dẫn" * 11_000,
    "nested tables": lambda: "<table><tr><td>một đường dẫn" * 8_000,
    "nested links": lambda: "<div><a href=/x>một đường dẫn dài</a>" * 11_000,
    "open bold": lambda: "<p>" + _each(1_000, "<b c={n}>") + "</p>" + "<p>x" * 20_000,
    "open bold, few": lambda: "<p>" + _each(41, "<b c={n}>") + "</p>" + "<p>x" * 5_900,
    "open italics, false ends": lambda: "<p>" + _each(1_000, "<i c={n}></b>") + "</p>" + "<p>x" * 20_000,
    "attributes": lambda: "<p " + _each(100_000, "a{n}=1 ") + ">x",
    "attributes behind a quoted end": lambda: '<p b=">" ' + _each(100_000, "a{n} ") + ">x",
    "attributes on every tag": lambda: (f"<p {_each(250, 'a{n} ')}>x") * 5_000,
    "options": lambda: "<option>" * 100_000,
    "one line": lambda: "<p>" + "Một câu. " * 1_000_000,
    "twenty megabytes": lambda: f"<div><p>{TEXT}</p>" * 60_000,
    "links": lambda: "<a href=/x>một đường dẫn dài hơn</a> " * 40_000,
    "spans": lambda: "<p>" + "<span class=x>a</span> " * 40_000,
    "breaks": lambda: "<p>" + "x<br>" * 40_000,
    "pictures": lambda: (
        f"<article><p>{TEXT}</p>" + _each(20_000, "<figure><img src=/{n}.jpg><figcaption>x</figcaption>")
    ),
    "class names": lambda: _each(5_000, '<div class="a{n} ' + "comment-" * 30 + '">một dòng'),
    "headlines": lambda: _each(20_000, "<h1>Một tiêu đề dài số {n}</h1>") + TEXT,
    "times": lambda: _each(20_000, "<time>{n} may 2020</time>") + TEXT,
    "bylines": lambda: _each(20_000, "<div class=author>Lan Anh {n}") + TEXT,
    "meta tags": lambda: _each(40_000, '<meta name=author content="Lan Anh {n}">') + TEXT,
    "deep JSON": lambda: '<script type="application/ld+json">' + '{"a":[' * 500_000 + "</script>",
    "wide JSON": lambda: '<script type="application/ld+json">[' + '{"@type":"Person"},' * 200_000 + "{}]</script>",
    "less-than signs": lambda: "<" * 8_000_000,
    "tag beginnings": lambda: "<a" * 4_000_000,
    "open quotes": lambda: '<a b="' * 1_300_000,
    "open comments": lambda: "<!--" * 2_000_000,
    "entities": lambda: "&amp;" * 1_600_000,
    "NULs": lambda: "\x00" * 4_000_000 + TEXT,
    "article of captions": lambda: ARTICLE + "<p class=PhotoCMS_Caption>x</p>" * 40_000,
    "article of boxes": lambda: ARTICLE + "<div class=related><a href=/x>y</a>" * 40_000,
    "article of dates": lambda: ARTICLE + "<span class=date>1/1/2026</span>" * 40_000,
    "article of cells": lambda: ARTICLE + "<table><tr>" + "<td>1" * 40_000,
    "article of related lists": lambda: ARTICLE + ("<div>Tin liên quan <a href=/x>y</a>" * 200 + "</div>" * 200) * 50,
}


def run(*, sample: bool) -> list[dict[str, Any]]:
    """One row a page: seconds of CPU and megabytes at worst of the two readings, and what was cut."""
    names = list(PAGES)[:SAMPLE] if sample else list(PAGES)
    return [_worst(name) for name in names]


def _worst(name: str) -> dict[str, Any]:
    with_rules, without = (_alone(name, rules=rules) for rules in (True, False))
    return {
        "page": name,
        "chars": without["chars"],
        "seconds": max(with_rules["seconds"], without["seconds"]),
        "megabytes": max(with_rules["megabytes"], without["megabytes"]),
        "cut": without["cut"],
    }


def _alone(name: str, *, rules: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", __spec__.name, name, *(["--rules"] if rules else [])]
    try:
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=TIMEOUT)  # noqa: S603 - this file
    except subprocess.TimeoutExpired:
        return {"chars": 0, "seconds": float(TIMEOUT), "megabytes": 0, "cut": "never ended"}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _read(name: str, *, rules: bool) -> dict[str, Any]:
    source = load(ROOT / "config", {}).sources[SOURCE] if rules else None
    html = PAGES[name]()
    parse_article("<p>warm</p>", URL, source)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    data = parse_article(html, URL, source)
    seconds = time.process_time() - start
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    cut = "; ".join(problem for problem in data.problems if "dropped" in problem or "cut" in problem)
    return {"chars": len(html), "seconds": round(seconds, 2), "megabytes": used // 1024, "cut": cut}


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as aligned text, with those over the limits named at the end."""
    lines = [
        f"{row['page']:36} {row['chars'] / 1e6:5.1f} M {row['seconds']:6.2f} s {row['megabytes']:4} MB  {row['cut']}"
        for row in rows
    ]
    over = [row["page"] for row in rows if row["seconds"] > MAX_SECONDS or row["megabytes"] > MAX_MEGABYTES]
    said = f"over {MAX_SECONDS:.0f} s or {MAX_MEGABYTES} MB: {', '.join(over) or 'none'}"
    return "\n".join([*lines, said])


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1], rules="--rules" in sys.argv)))
