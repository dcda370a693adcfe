"""What readers wait for, and what a page costs, in an archive of 100,000 articles: alone, and twenty at once.

The pages are served as the daemon serves them, by a process of its own that tells its CPU time; the requests come over
loopback. While twenty read at once, a thread of that process judges and stores article after article without a pause,
which no daemon does for long. The floor of the same run is ``/healthz``, which asks the archive nothing.
"""

from __future__ import annotations

import http.client
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from benchmarks import generated
from benchmarks.generated import NOW
from scraper import config, dedupe, store
from scraper.decide import Rules, decide
from scraper.models import ArticleData
from scraper.store import Database
from scraper.web import Site, open_page

ARTICLES, ARTICLES_SAMPLE = 100_000, 5_000
REQUESTS, REQUESTS_SAMPLE = 300, 60
READERS, EACH = 20, 15
GOAL_CPU, GOAL_P95, GOAL_WORST, GOAL_SIZE = 0.020, 0.060, 1.0, 120_000
DAY = timedelta(days=1)

WORDS = (
    "giảm nghèo", "dak lak", '"nhà ở xã hội"', "người", "nghị định", "hồ sơ số 51234", "giải ngân vốn đầu tư công",
    "cu kuin", "bóng đá", "khong co tu nay",
)  # fmt: skip
FACETS = (
    "", "label=policy", "label=oversight", "source=vnexpress", "province=66", "document=28/2025/NĐ-CP", "edited=1",
    "removed=1", "since=2026-06-01&until=2026-06-30", "label=implementation&province=01",
)  # fmt: skip


class _Clock:
    def now(self) -> Any:  # noqa: ANN401 - a datetime
        return NOW

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def run(*, sample: bool) -> dict[str, Any]:
    """Fill an archive, serve it, and read it."""
    articles, requests = (ARTICLES_SAMPLE, REQUESTS_SAMPLE) if sample else (ARTICLES, REQUESTS)
    with tempfile.TemporaryDirectory(prefix="scraper-bench-") as folder:
        generated.fill(Path(folder), articles).close()
        with _served(Path(folder)) as (address, ask):
            rng = random.Random(1)
            pages = {name: [make(rng, articles) for _ in range(requests)] for name, make in PAGES.items()}
            alone = {name: _alone(address, ask, paths) for name, paths in pages.items()}
            mixed = [path for name in GOALS for path in pages[name]]
            rng.shuffle(mixed)
            crowd = _crowd(address, ask, mixed)
    return {"articles": articles, "alone": alone, "crowd": crowd}


# --- what is asked for -------------------------------------------------------------------------------------


def _today(rng: random.Random, _articles: int) -> str:
    day = f"{(NOW - DAY * rng.randrange(30)):%Y-%m-%d}"
    return rng.choice(("/", "/", f"/?day={day}", "/?label=oversight"))


def _search(rng: random.Random, _articles: int) -> str:
    """Half words alone, a quarter facets alone, a quarter both; one in five is a page deep in the archive."""
    kind = rng.randrange(4)
    parts = [f"q={quote_plus(rng.choice(WORDS))}"] if kind else []
    parts += [quote_plus(rng.choice(FACETS), safe="=&/")] if kind in {0, 1} else []
    if rng.randrange(5) == 0:
        moment = NOW - DAY * rng.uniform(0, generated.DAYS)
        parts += [f"after={int(moment.timestamp() * 1e6)}-{rng.randrange(100_000)}"]
    return "/search?" + "&".join(parts)


def _story(rng: random.Random, articles: int) -> str:
    return f"/stories/{rng.randint(1, articles)}"


PAGES: dict[str, Callable[[random.Random, int], str]] = {
    "floor (/healthz)": lambda *_: "/healthz",
    "Today": _today,
    "Search": _search,
    "Story": _story,
    "Sources": lambda *_: "/sources",
    "API, 50 stories": lambda *_: "/api/v1/stories",
    "Atom feed": lambda *_: "/feeds/search.atom?label=policy",
    "Dossier of a document": lambda rng, _: f"/dossier?about={rng.randint(1, 400)}/2025/N%C4%90-CP",
}
GOALS = ("Today", "Search", "Story")


# --- how it is measured ------------------------------------------------------------------------------------


def _alone(address: tuple[str, int], ask: Callable[[str], float], paths: list[str]) -> dict[str, float]:
    """One reader after another: CPU of the serving process a page, waiting time, weight."""
    connection = http.client.HTTPConnection(*address)
    for path in paths[:5]:
        _get(connection, path)
    before, waits, sizes = ask("cpu"), list[float](), list[int]()
    for path in paths:
        waited, size = _get(connection, path)
        waits.append(waited)
        sizes.append(size)
    cpu = (ask("cpu") - before) / len(paths)
    connection.close()
    return {
        "cpu_ms": round(cpu * 1000, 1),
        "median_ms": round(statistics.median(waits) * 1000, 1),
        "p95_ms": round(statistics.quantiles(waits, n=20)[-1] * 1000, 1),
        "largest_kb": round(max(sizes) / 1000, 1),
    }


def _crowd(address: tuple[str, int], ask: Callable[[str], float], paths: list[str]) -> dict[str, float]:
    """Twenty readers at once, each a page after a page, while the daemon's thread writes."""
    ask("write")
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(lambda reader: _reader(address, paths[reader::READERS][:EACH]), range(READERS)))
    written = ask("stop")
    waits = [wait for one in found for wait in one]
    return {
        "readers": READERS,
        "pages": len(waits),
        "written": int(written),
        "median_ms": round(statistics.median(waits) * 1000),
        "p95_ms": round(statistics.quantiles(waits, n=20)[-1] * 1000),
        "worst_ms": round(max(waits) * 1000),
    }


def _reader(address: tuple[str, int], paths: list[str]) -> list[float]:
    connection = http.client.HTTPConnection(*address)
    waits = [_get(connection, path)[0] for path in paths]
    connection.close()
    return waits


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[float, int]:
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "vi"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in {200, 404}, (path, answer.status)
    return time.perf_counter() - started, len(body)


# --- the process that serves -------------------------------------------------------------------------------


@contextmanager
def _served(folder: Path) -> Iterator[tuple[tuple[str, int], Callable[[str], float]]]:
    """The pages in a process of their own: its address, and a way to ask it for its CPU time."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    port = ours.recv()

    def ask(what: str) -> float:
        ours.send(what)
        return float(ours.recv())

    try:
        yield ("127.0.0.1", port), ask
    finally:
        ours.send("end")
        process.join(30)


def _serve(folder: Path, pipe: Connection) -> None:
    rules = config.load(None)
    settings = rules.settings.model_copy(update={"web": rules.settings.web.model_copy(update={"port": 0})})
    chosen = rules.model_copy(update={"settings": settings})
    db = store.open_archive(folder)
    server = open_page(Site(db, folder, lambda: chosen, _Clock(), lambda: {"ok": True}))
    server.start()
    pipe.send(int(server.address.rstrip("/").rpartition(":")[2]))
    writer = _Writer(db, chosen)
    while (asked := pipe.recv()) != "end":
        if asked == "write":
            writer.start()
        pipe.send(writer.stop() if asked == "stop" else time.process_time())
    server.stop()
    db.close()


class _Writer:
    """Judges and stores one article after another until stopped."""

    def __init__(self, db: Database, rules: config.Config) -> None:
        self._db, self._rules = db, Rules.of(rules, None)
        self._source = next(iter(rules.sources))
        self._stopping = threading.Event()
        self._written = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> int:
        """How many articles were written."""
        self._stopping.set()
        self._thread.join()
        return self._written

    def _run(self) -> None:
        rng = random.Random(2)
        base = store.archive.articles(self._db, range(1, 200))
        for number in count():
            if self._stopping.is_set():
                return
            paragraphs = [line for item in rng.sample(base, 3) for line in item.text.split("\n\n")]
            rng.shuffle(paragraphs)
            text = "\n\n".join(paragraphs[:8])
            data = ArticleData(
                url=f"https://bao.example/moi-{number}", title=base[0].title, text=text, published_at=NOW
            )
            key = f"{self._source}:moi-{number}"
            known = store.known_for(self._db, self._source, [key], dedupe.sketch_of(data), NOW)
            outcome = decide(data, known, self._rules, NOW, source=self._source, key=key)
            store.apply(self._db, outcome)
            self._written += 1


def table(result: dict[str, Any]) -> str:
    """The figures for people, with the goals."""
    lines = [f"{result['articles']:,} articles{'':10} {'CPU':>9} {'median':>9} {'p95':>9} {'largest':>10}   goals"]
    for name, row in result["alone"].items():
        met = (
            row["cpu_ms"] <= GOAL_CPU * 1000
            and row["p95_ms"] <= GOAL_P95 * 1000
            and row["largest_kb"] <= GOAL_SIZE / 1000
        )
        goal = f"20 ms, 60 ms, 120 kB: {'met' if met else 'MISSED'}" if name in GOALS else ""
        figures = f"{row['cpu_ms']:>6} ms {row['median_ms']:>6} ms {row['p95_ms']:>6} ms {row['largest_kb']:>7} kB"
        lines.append(f"{name:24} {figures}   {goal}")
    crowd = result["crowd"]
    lines.append(
        f"\n{crowd['readers']} readers at once, {crowd['pages']} pages, {crowd['written']} articles stored meanwhile: "
        f"median {crowd['median_ms']} ms, p95 {crowd['p95_ms']} ms, worst {crowd['worst_ms']} ms "
        f"(goal 1,000 ms: {'met' if crowd['worst_ms'] <= GOAL_WORST * 1000 else 'MISSED'})"
    )
    return "\n".join(lines)
