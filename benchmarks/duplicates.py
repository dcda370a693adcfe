"""Near copies: how well labelled texts are grouped, beside two MinHash libraries, and what one costs among 300,000.

The labelled texts are looked for beside the checkout (``../shared/eval/dedup`` or ``$SCRAPER_SHARED``). The archive is
filled with their shingles under other hashes, round after round, so that it has their lengths and their boilerplate;
then the texts themselves come one by one, each in a transaction of its own: probe, compare, insert, commit.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import text as sql
from sqlmodel import insert, select, update

from benchmarks.extraction import ROOT
from scraper import dedupe, store
from scraper.dedupe.memory import NEVER
from scraper.models import Article
from scraper.store.index import SqlIndex, write_shingles
from scraper.store.stories import take_place
from scraper.text import shingles, syllables
from scraper.values import Candidate, Known, Shared

DATA = Path(os.environ.get("SCRAPER_SHARED") or ROOT.parent / "shared") / "eval" / "dedup" / "dev.jsonl.gz"
STORED, STORED_SAMPLE = 300_000, 30_000
TEXTS, TEXTS_SAMPLE = 13_836, 1_000
KILLED_AFTER = 700
"""Texts after which the process is killed without warning, and again after as many."""

Rows = list[dict[str, Any]]


def run(*, sample: bool) -> dict[str, Any]:
    """Quality of the groups and of two peers', cost among many, groups after kills."""
    if not DATA.exists():
        return {"skipped": f"needs the labelled texts in {DATA}"}
    rows = _rows()
    some = rows[: TEXTS_SAMPLE if sample else TEXTS]
    return {
        "quality": [_quality(name, engine, some) for name, engine in ENGINES.items()],
        "cost": _cost([row["x"] for row in some], STORED_SAMPLE if sample else STORED),
        "killed": _killed(),
    }


def _rows() -> Rows:
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        return sorted(map(json.loads, file), key=lambda row: float(row["ts"]))


# --- quality -----------------------------------------------------------------------------------------------


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dedup_score", DATA.with_name("score.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quality(name: str, engine: Callable[[Sequence[str]], list[int]], rows: Rows) -> dict[str, Any]:
    start = time.process_time()
    groups = engine([row["x"] for row in rows])
    cost = (time.process_time() - start) * 1000 / len(rows)
    found = _scorer().score(rows, groups)
    return {"engine": name, **found, "follow_ups_joined": _joined(rows, groups, "neg_followup"), "ms": round(cost, 2)}


def _joined(rows: Rows, groups: Sequence[int], kind: str) -> float:
    """Share of the texts of a kind that share a group with another story."""
    stories: dict[int, set[object]] = {}
    for row, group in zip(rows, groups, strict=True):
        if row["k"] != "roundup":
            stories.setdefault(group, set()).add(row["c"])
    wrong = [len(stories[group]) > 1 for row, group in zip(rows, groups, strict=True) if row["k"] == kind]
    return round(sum(wrong) / max(len(wrong), 1), 4)


def _datasketch(texts: Sequence[str]) -> list[int]:
    """Datasketch's LSH over 128 permutations of the same shingles, joined to the first match at Jaccard .5."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - installed for benchmarks only

    index, groups = MinHashLSH(threshold=0.5, num_perm=128), list[int]()
    for number, body in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in set(shingles(syllables(body)))])
        found = [int(key) for key in index.query(sketch)]
        groups.append(groups[min(found)] if found else number)
        index.insert(str(number), sketch)
    return groups


def _rensa(texts: Sequence[str]) -> list[int]:
    """The same with rensa."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    index, groups = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), list[int]()
    sketches: list[Any] = []
    for number, body in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(list(set(shingles(syllables(body)))))
        found = [key for key in index.query(sketch) if sketches[key].jaccard(sketch) >= 0.5]  # noqa: PLR2004
        groups.append(groups[min(found)] if found else number)
        index.insert(number, sketch)
        sketches.append(sketch)
    return groups


ENGINES: dict[str, Callable[[Sequence[str]], list[int]]] = {
    "scraper": dedupe.group,
    "datasketch": _datasketch,
    "rensa": _rensa,
}


# --- cost --------------------------------------------------------------------------------------------------


def _cost(texts: Sequence[str], stored: int) -> dict[str, Any]:
    samples = [dedupe.sketch(body).sample for body in texts]
    with tempfile.TemporaryDirectory(prefix="scraper-duplicates-") as folder:
        db, floor = store.open_archive(Path(folder) / "archive"), Floor(Path(folder) / "floor.db")
        size = _fill(db, samples, stored)
        _fill_shingles(floor.connection, samples, stored)
        ids = [_store(db, number, body) for number, body in enumerate(texts)]
        costs = [_add(db, id_, body) for id_, body in zip(ids, texts, strict=True)]
        floors = [floor.add(number, body) for number, body in enumerate(texts)]
        db.close()
    costs.sort()
    return {
        "stored": stored,
        "texts": len(texts),
        "ms_a_text": round(sum(costs) / len(costs), 2),
        "p99_ms": round(costs[int(len(costs) * 0.99)], 1),
        "floor_ms": round(sum(floors) / len(floors), 2),
        "index_bytes_a_text": round(size / stored),
    }


def _fill(db: store.Database, samples: Sequence[Sequence[int]], stored: int) -> int:
    """Store articles without text and their shingles under hashes of their own; the index's size in bytes."""
    connection = db.engine.raw_connection().driver_connection
    assert connection is not None
    columns = [column.name for column in Article.__table__.columns if not column.nullable and column.name != "id"]
    plain = {"authors": "[]", "tags": "[]", "images": "[]", "problems": "[]", "reasons": "[]", "provenance": "{}"}
    plain |= {"seen_at": "2026-01-01", "checked_at": "2026-01-01", "text_hash": "filled"}
    row = {name: plain.get(name, "") for name in columns}
    rows = (row | {"key": f"fill:{n}", "sampled": len(samples[n % len(samples)])} for n in range(stored))
    named = ", ".join(f":{name}" for name in columns)
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO article ({', '.join(columns)}) VALUES ({named})", rows)  # noqa: S608
    connection.execute("COMMIT")
    before = _pages(connection)
    _fill_shingles(connection, samples, stored)
    return _pages(connection) - before


def _fill_shingles(connection: Any, samples: Sequence[Sequence[int]], stored: int) -> None:  # noqa: ANN401 - the driver's
    rng, number = random.Random(1), 0
    while number < stored:
        other = rng.getrandbits(29)
        connection.execute("BEGIN")
        for sample in samples[: stored - number]:
            number += 1
            pairs = ((hash_ ^ other, number) for hash_ in sample)
            connection.executemany("INSERT OR IGNORE INTO shingle VALUES (?, ?)", pairs)
        connection.execute("COMMIT")


class Floor:
    """The same work with nothing between it and SQLite: no sessions, no models, texts and shingles only."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA cache_size=-32000",
            "CREATE TABLE shingle (hash INT, article_id INT, PRIMARY KEY (hash, article_id)) WITHOUT ROWID",
            "CREATE TABLE article (id INTEGER PRIMARY KEY, body TEXT, text_hash TEXT, story INT)",
            "CREATE INDEX by_text ON article (text_hash)",
        ):
            self.connection.execute(statement)

    def add(self, number: int, body: str) -> float:
        """Milliseconds of CPU to find a text's story and to store its place and its shingles."""
        start = time.process_time()
        text = dedupe.sketch(body)
        place = dedupe.place(text, Known(candidates=dedupe.candidates(text, self)), f"s{number}", NEVER)
        id_ = FIRST + number
        self.connection.execute("BEGIN IMMEDIATE")
        row = (id_, body, text.text_hash, place.match.story if place.match else id_)
        self.connection.execute("INSERT INTO article VALUES (?, ?, ?, ?)", row)
        self.connection.executemany("INSERT INTO shingle VALUES (?, ?)", [(hash_, id_) for hash_ in text.sample])
        self.connection.execute("COMMIT")
        return (time.process_time() - start) * 1000

    def twins(self, text_hash: str) -> list[Candidate]:
        """As :class:`scraper.values.Index`."""
        query = "SELECT * FROM article WHERE text_hash = ? ORDER BY id LIMIT 10"
        return [self._candidate(row) for row in self.connection.execute(query, (text_hash,))]

    def sharing(self, hashes: Sequence[int]) -> list[Shared]:
        """As :class:`scraper.values.Index`."""
        common = Counter[int]()
        for hash_ in hashes:
            query = "SELECT article_id FROM shingle WHERE hash = ? ORDER BY article_id DESC LIMIT 100"
            common.update(row[0] for row in self.connection.execute(query, (hash_,)))
        return [Shared(id_, number, len(hashes)) for id_, number in common.most_common(40) if id_ >= FIRST]

    def stored(self, ids: Sequence[int]) -> list[Candidate]:
        """As :class:`scraper.values.Index`."""
        found = (self.connection.execute("SELECT * FROM article WHERE id = ?", (id_,)).fetchone() for id_ in ids)
        return [self._candidate(row) for row in found]

    @staticmethod
    def _candidate(row: tuple[int, str, str, int]) -> Candidate:
        id_, body, text_hash, story = row
        return Candidate(id_, f"s{id_}", body, "", text_hash, NEVER, story, f"s{story}", NEVER)


FIRST = 10_000_000
"""Number of the first text in the floor's table, above those that fill it."""


def _pages(connection: Any) -> int:  # noqa: ANN401 - the driver's
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


_INSERT = insert(Article.__table__)
_UPDATE = update(Article.__table__).where(Article.__table__.c.id == bindparam("article"))
_UPDATE = _UPDATE.values(copy_of=bindparam("copy_of"))
_EMPTY: dict[str, Any] = Article(
    **dict.fromkeys(("source", "key", "url", "canonical_url", "title", "lead", "text"), ""),
    **dict.fromkeys(("content_hash", "text_hash", "folded"), ""),
    **dict.fromkeys(("published_at", "seen_at", "checked_at"), NEVER),
).model_dump(exclude={"id"})


def _store(db: store.Database, number: int, body: str) -> int:
    """Store an article without a place among the stories: its own cost, whatever copies it has."""
    text, source = dedupe.sketch(body), f"s{number}"
    row = {"source": source, "key": f"{source}:", "text": body, "text_hash": text.text_hash}
    with db.write() as session:
        added = session.connection().execute(_INSERT, {**_EMPTY, **row, "sampled": len(text.sample)})
        return int(added.inserted_primary_key[0])


def _add(db: store.Database, article_id: int, body: str) -> float:
    """Milliseconds of CPU to find an article's story and to store its place and its shingles, with the commit."""
    start = time.process_time()
    text, source = dedupe.sketch(body), f"s{article_id}"
    with db.read() as session:
        known = Known(candidates=dedupe.candidates(text, SqlIndex(session, before=article_id)))
    place = dedupe.place(text, known, source, NEVER)
    with db.write() as session:
        if place.match is not None:
            session.connection().execute(_UPDATE, {"article": article_id, "copy_of": place.match.story})
        write_shingles(session.connection(), article_id, text.sample)
        take_place(session, article_id, place, NEVER)
    return (time.process_time() - start) * 1000


# --- kills -------------------------------------------------------------------------------------------------


def _killed() -> dict[str, Any]:
    """Whether the groups are those of an undisturbed run when the process is killed twice on its way."""
    texts = [row["x"] for row in _rows()[: 3 * KILLED_AFTER]]
    with tempfile.TemporaryDirectory(prefix="scraper-killed-") as folder:
        codes = [
            subprocess.run([sys.executable, "-m", "benchmarks.duplicates", folder], check=False).returncode  # noqa: S603
            for _ in range(3)
        ]
        db = store.open_archive(Path(folder))
        with db.read() as session:
            rows = session.exec(select(Article.id, Article.copy_of).order_by(sql("id"))).all()
        db.close()
    groups = [(head or id_ or 0) - 1 for id_, head in rows]
    return {"texts": len(groups), "exits": codes, "identical": groups == dedupe.group(texts)}


def _go_on(folder: Path) -> None:
    """Add the texts that are not stored yet, and be killed after some."""
    db = store.open_archive(folder)
    with db.read() as session:
        done = session.connection().execute(sql("SELECT COUNT(*) FROM article")).scalar_one()
    for number, row in enumerate(_rows()[: 3 * KILLED_AFTER]):
        if number == done + KILLED_AFTER and number < 3 * KILLED_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        if number >= done:
            _add(db, _store(db, number, row["x"]), row["x"])


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    if "skipped" in result:
        return str(result["skipped"])
    lines = [f"{'engine':12} {'rand':>7} {'prec.':>7} {'recall':>7} {'worst kind':>18} {'follow-ups':>11} {'ms':>6}"]
    for row in result["quality"]:
        kind, least = min(row["recall_by_kind"].items(), key=lambda pair: pair[1])
        worst = f"{kind} {least:.3f}"
        lines.append(
            f"{row['engine']:12} {row['ari']:>7.4f} {row['precision']:>7.4f} {row['recall']:>7.4f} {worst:>18} "
            f"{row['follow_ups_joined']:>11.2%} {row['ms']:>6}"
        )
    cost, killed = result["cost"], result["killed"]
    lines.append(
        f"among {cost['stored']} stored: {cost['ms_a_text']} ms CPU a text, p99 {cost['p99_ms']} ms "
        f"(plain sqlite3: {cost['floor_ms']} ms), index {cost['index_bytes_a_text']} bytes a text"
    )
    lines.append(f"after two kills: groups of {killed['texts']} texts identical: {killed['identical']}")
    return "\n".join(lines)


if __name__ == "__main__":
    _go_on(Path(sys.argv[1]))
