"""What an archive costs as it grows to 10,000, 100,000 and a million articles: room, inserts, look-ups, lists, memory.

Articles are generated (:mod:`benchmarks.generated`) and written by the statements of ``store``, search index,
revisions, judgements, mentions and shingles included: thousands at once, and the last thousand before each size, which
are timed, in transactions of 50. Shingles are drawn at random, an eighth of an article's words, as five hundred stories
told over and over would share theirs as no outlets do. At each size a hundred articles are then stored one by one by
``store.apply``, and stay. Snapshots are measured on real pages, where those lie beside the checkout. Last, the daemon
watches a thousand outlets over the largest archive, and its peak of memory is read.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from benchmarks import end_to_end, extraction, generated
from benchmarks.generated import NOW, Base, Maker, Rows
from benchmarks.loopback import ROOT, Site, serving, story
from scraper import config, dedupe, store
from scraper.decide import Rules, decide
from scraper.models import Article, ArticleData
from scraper.store import Database, archive, snapshots
from scraper.store.archive import Filter
from scraper.store.index import SqlIndex

SIZES, SIZES_SAMPLE = (10_000, 100_000, 1_000_000), (2_000, 10_000)
BATCH, TIMED, AT_ONCE = 50, 1_000, 10_000
SAMPLED = 1 / 8
SINGLY = 100
USUAL, USUAL_LENGTH = 2_000, 3_000
ASKED = 200
WORDS = ("giảm nghèo", "dak lak", '"nhà ở xã hội"', "người", "nghị định", "hồ sơ số 5123", "cu kuin", "khong co tu nay")
OUTLETS, WATCHED = 1_000, timedelta(seconds=90)
GOALS = {
    "insert, us": 500.0,
    "probe p95, ms": 0.2,
    "Today p95, ms": 5.0,
    "search p95, ms": 25.0,
    "kB an article": 10.0,
}
"""Of the largest archive."""


def run(*, sample: bool) -> dict[str, Any]:
    """Grow an archive and measure it at each size, and the daemon over the last."""
    sizes = SIZES_SAMPLE if sample else SIZES
    with tempfile.TemporaryDirectory(prefix="scraper-growth-") as name:
        folder = Path(name)
        db, rows = store.open_archive(folder / "data"), list[dict[str, Any]]()
        grower = _Grower(db, sizes[-1])
        for size in sizes:
            insert = grower.grow(size)
            print(f"{size:,} articles", file=sys.stderr, flush=True)
            rows.append({"articles": size, "insert, us": insert, **_measured(db, size, grower.until)})
        db.close()
        memory = daemon(folder, outlets=OUTLETS, watched=WATCHED / 3 if sample else WATCHED)
    return {"rows": rows, "of usual length": usual(), "snapshots": pages(), "daemon": memory}


def usual() -> dict[str, Any]:
    """A small archive of stories as long as an outlet's."""
    with tempfile.TemporaryDirectory(prefix="scraper-growth-") as name:
        db = store.open_archive(Path(name))
        insert = _Grower(db, USUAL, usual=True).grow(USUAL)
        with db.look() as connection:
            letters = connection.execute(sql("SELECT avg(length(text)) FROM article")).scalar_one()
            found = {"letters": round(letters), "insert, us": insert, "kB an article": _room(connection, USUAL)}
        db.close()
    return found


class _Grower:
    """Writes an archive in steps."""

    def __init__(self, db: Database, most: int, *, usual: bool = False) -> None:
        self._db, self._rng = db, random.Random(1)
        rules = config.load(None)
        sources = list(rules.sources)
        store.ensure_sources(db, sources, NOW - timedelta(days=generated.DAYS))
        stories = generated.stories(self._rng, rules)
        self._maker = Maker(self._rng, _of_usual_length(stories) if usual else stories, sources)
        self._moments = generated.moments(self._rng, most)
        self.until = self._moments[0]  # when the last article was seen

    def grow(self, size: int) -> int:
        """Write articles until there are so many; gives the microseconds of CPU of an insert at the end.

        All but the last :data:`TIMED` are written thousands at once: fifty at a time dirty a page of the index a row.
        """
        with self._db.look() as connection:
            have = connection.execute(sql("SELECT coalesce(max(id), 0) FROM article")).scalar_one()
            connection.execute(sql("PRAGMA cache_size=-500000"))
        for start in range(have, size - TIMED, AT_ONCE):
            self._rows(start, min(start + AT_ONCE, size - TIMED)).write(self._db)
        self._db.close()  # the connection with the large cache
        spent = 0.0
        for start in range(size - TIMED, size, BATCH):
            rows = self._rows(start, start + BATCH)
            began = time.process_time()
            rows.write(self._db)
            spent += time.process_time() - began
        store.compact(self._db)
        self.until = self._moments[size - 1]
        return round(spent / TIMED * 1e6)

    def _rows(self, start: int, end: int) -> Rows:
        rows = Rows()
        for number in range(start, end):
            self._maker.article(number + 1, self._moments[number], rows, snapshot=False)
            self._index(rows)
        return rows

    def _index(self, rows: Rows) -> None:
        article = rows.tables[Article][-1]
        hashes = [self._rng.getrandbits(29) for _ in range(int(article["text"].count(" ") * SAMPLED))]
        article |= {"sampled": len(hashes), "sketch_version": dedupe.VERSION}
        rows.shingles[article["id"]] = hashes


def _of_usual_length(bases: Sequence[Base]) -> list[Base]:
    """Stories as long as an outlet's: of 125 real ones in ``eval/policy`` the mean is 3,485 letters."""
    found = []
    for at, base in enumerate(bases):
        paragraphs, more = list(base.paragraphs), at
        while sum(map(len, paragraphs)) < USUAL_LENGTH:
            more += 1
            paragraphs += bases[more % len(bases)].paragraphs
        found.append(replace(base, paragraphs=tuple(paragraphs)))
    return found


def _measured(db: Database, size: int, now: datetime) -> dict[str, Any]:
    rng = random.Random(size)
    applied = _one_by_one(db, size, now)
    with db.read() as session:
        connection, index = session.connection(), SqlIndex(session)
        url = sql("SELECT id FROM article WHERE key = :key")
        probes = _waits(lambda: connection.execute(url, {"key": f"bao:{rng.randint(1, size)}"}).scalar())
        hashes = list(connection.execute(sql("SELECT text_hash FROM article LIMIT 500")).scalars())
        twins = _waits(lambda: index.twins(rng.choice(hashes)))
        near = _waits(lambda: index.sharing([rng.getrandbits(29) for _ in range(45)]))
        letters = connection.execute(sql("SELECT avg(length(text)) FROM article WHERE id < 1000")).scalar_one()
        room = _room(connection, size)
    today = _waits(lambda: archive.top(db, _one_day(rng, now), limit=60))
    search = _waits(lambda: archive.search(db, rng.choice(WORDS), limit=50))
    return {
        "stored singly, us": applied,
        "probe p95, ms": _p95(probes + twins),
        "near copies p95, ms": _p95(near),
        "Today p95, ms": _p95(today),
        "search p95, ms": _p95(search),
        "letters": round(letters),
        "kB an article": room,
    }


def _room(connection: Connection, articles: int) -> float:
    page, pages_used = (connection.execute(sql(f"PRAGMA {name}")).scalar_one() for name in ("page_size", "page_count"))
    return round(float(page * pages_used) / articles / 1000, 2)


def _one_day(rng: random.Random, now: datetime) -> Filter:
    since = now.replace(hour=0) - timedelta(days=rng.randrange(30))
    return Filter(since=since, until=since + timedelta(days=1))


def _waits(once: Callable[[], object]) -> list[float]:
    once()
    found = []
    for _ in range(ASKED):
        began = time.perf_counter()
        once()
        found.append(time.perf_counter() - began)
    return found


def _p95(waits: list[float]) -> float:
    return round(quantiles(waits, n=20)[-1] * 1000, 3)


def _one_by_one(db: Database, size: int, now: datetime) -> int:
    """Microseconds of CPU of ``store.apply`` for a new article, page left out."""
    rules = Rules.of(config.load(None), None)
    rng, spent = random.Random(size), 0.0
    base = archive.articles(db, range(1, 100))
    for number in range(SINGLY):
        lines = [line for item in rng.sample(base, 3) for line in item.text.split("\n\n")]
        rng.shuffle(lines)
        url = f"https://bao.example/rieng-{size}-{number}"
        data = ArticleData(url=url, title=base[0].title, text="\n\n".join(lines[:8]), published_at=now)
        known = store.known_for(db, "tuoitre", [url], dedupe.sketch_of(data), now)
        outcome = decide(data, known, rules, now, source="tuoitre", key=url)
        began = time.process_time()
        store.apply(db, outcome)
        spent += time.process_time() - began
    return round(spent / SINGLY * 1e6)


def pages() -> dict[str, Any]:
    """How small real pages are kept of outlets that have several, in the order in which an outlet's would come."""
    where = extraction.folder()
    if where is None:
        return {"skipped": "no pages at ../shared/eval/extraction; set SCRAPER_SHARED"}
    size = alone = kept = count = 0
    for _, found in groupby(end_to_end.bodies(where), key=lambda page: page[0]):
        bodies, base = [body for _, body in found], b""
        for body in bodies if len(bodies) > 1 else ():
            with_base = bool(base) and snapshots.alike(body, base)
            small = snapshots.packed(body, base if with_base else None)
            size, kept, count = size + len(body), kept + len(small), count + 1
            alone += len(snapshots.packed(body)) if with_base else len(small)
            base = base if with_base else body
    return {
        "pages": count,
        "times smaller, alone": round(size / alone, 2),
        "times smaller, as kept": round(size / kept, 2),
        "snapshot of 134 kB, kB": round(134 * kept / size, 1),
    }


# --- the daemon --------------------------------------------------------------------------------------------


def daemon(folder: Path, *, outlets: int, watched: timedelta) -> dict[str, Any]:
    """Let the daemon watch so many outlets over the archive in ``folder/data``; its peak of memory, and what it did."""
    stories = {f"/{number}.html": story(f"Tin {number} về chính sách") for number in range(outlets * 2)}
    listings = {
        f"/list-{n}": f"<ul><li><a href=/{n}.html>Tin số {n} trong ngày hôm nay</a>".encode() for n in range(outlets)
    }
    with serving(stories | listings, 1) as site:
        _configure(folder / "config", site, outlets)
        command = [sys.executable, "-m", "scraper", "--config", str(folder / "config"), "--data", str(folder / "data")]
        log = (folder / "log.jsonl").open("w")
        with subprocess.Popen([*command, "run"], cwd=ROOT, stdout=log, stderr=log) as process:  # noqa: S603 - ourselves
            peak, end = 0, time.monotonic() + watched.total_seconds()
            while time.monotonic() < end and process.poll() is None:
                time.sleep(0.5)
                peak = max(peak, _peak(process.pid))
            process.send_signal(signal.SIGTERM)
            process.wait()
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines() if line.startswith("{")]
    polled = len({line["source"] for line in lines if line.get("event") in {"poll", "polled"}})
    return {"outlets": outlets, "polled": polled, "daemon, MB": round(peak / 1e6), "status": process.returncode}


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int((status.partition("VmHWM:")[2].split() or ["0"])[0]) * 1024


def _configure(folder: Path, site: Site, outlets: int) -> None:
    (folder / "sources").mkdir(parents=True)
    (folder / "policy.toml").write_bytes((ROOT / "config" / "policy.toml").read_bytes())
    hosts = ", ".join(f'"o{n}.example" = "{site.address(0)}"' for n in range(outlets))
    (folder / "settings.toml").write_text(
        f'[fetch]\nconnect_to = {{ {hosts} }}\nmin_delay = "0s"\n[web]\nport = 0\n[keep]\nmin_free = 0\n'
    )
    for n in range(outlets):
        (folder / "sources" / f"o{n}.toml").write_text(
            f'title = "Báo {n}"\nhosts = ["o{n}.example"]\nid_pattern = \'/(\\d+)\\.html$\'\n'
            f"link_pattern = '/\\d+\\.html$'\nlistings = [{{ url = \"http://o{n}.example/list-{n}\" }}]\n",
            encoding="utf-8",
        )


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    columns = [name for name in result["rows"][0] if name != "articles"]
    lines = [f"{'articles':>10} " + " ".join(f"{name:>20}" for name in columns)]
    lines += [f"{row['articles']:>10,} " + " ".join(f"{row[name]:>20,}" for name in columns) for row in result["rows"]]
    lines.append(f"{'goal':>10} " + " ".join(f"{GOALS.get(name, ''):>20}" for name in columns))
    for name in ("of usual length", "snapshots", "daemon"):
        lines.append(f"{name}: " + ", ".join(f"{what} {figure}" for what, figure in result[name].items()))
    return "\n".join(lines)
