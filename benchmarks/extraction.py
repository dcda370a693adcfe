"""Our reading of news pages beside the best extractors, in one run: quality, and CPU as a multiple of parsing alone.

The pages with their truth and the harness that scores them are kept beside the checkout (``eval/extraction`` of
``../shared`` or ``$SCRAPER_SHARED``) and belong to others; nothing of them is copied here. Each engine runs in a
process of its own. Without the folder nothing is measured, and that is said.

Reported besides the harness's figures: our figures on either half of the pages (rules were chosen on one and confirmed
on the other), and the mean difference a page to the best configuration of trafilatura with the interval in which it
lies in 95 of 100 bootstrap samples.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SETS = ("aeb", "fundus_eval", "fundus_fixtures", "trafilatura_eval")
OURS = "benchmarks.engine:ours"
TRAFILATURA = ("trafilatura", "trafilatura_fast", "trafilatura_precision")
ENGINES = (OURS, *TRAFILATURA, "newspaper4k", "readability_lxml", "resiliparse")
SAMPLE = 20
"""Pages of each set with ``--sample``."""
ROUNDS = 2_000
"""Bootstrap samples."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A level that was set before the work began, and the best that others reach on the full sets."""

    bench: str
    key: str
    name: str
    level: float
    peer: str
    at_most: bool = False


GOALS = (
    Goal("aeb", "sh_F1", "shingle F1", 0.970, ".960-.964"),
    Goal("fundus_eval", "rg_F1", "ROUGE-Lsum F1", 0.955, ".943"),
    Goal("trafilatura_eval", "sn_F1", "segments F1", 0.930, ".925"),
    Goal("fundus_fixtures", "sh_F1", "shingle F1", 0.955, ".949"),
    Goal("trafilatura_eval", "title_exact", "title right", 0.85, ".72"),
    Goal("trafilatura_eval", "auth_exact", "authors right", 0.65, ".55"),
    Goal("trafilatura_eval", "noauth_ok", "no author where none is", 0.85, ".61-.71"),
    Goal("trafilatura_eval", "date_acc", "day right", 0.92, ".87"),
    Goal("aeb", "x_floor", "CPU, times the parse floor", 10.0, "41-62, resiliparse 3.2", at_most=True),
)


def folder() -> Path | None:
    """Where pages, truth and harness lie, if they are there."""
    shared = Path(os.environ.get("SCRAPER_SHARED") or ROOT.parent / "shared") / "eval" / "extraction"
    return shared if (shared / "bench.py").is_file() else None


def run(*, sample: bool) -> dict[str, Any]:
    """All engines on all sets; ``{"skipped": why}`` without the pages."""
    where = folder()
    if where is None:
        return {"skipped": "no pages at ../shared/eval/extraction; set SCRAPER_SHARED"}
    figures: dict[str, dict[str, Any]] = {}
    pages: dict[str, list[dict[str, Any]]] = {}
    for engine in ENGINES:
        print(f"{engine} ...", file=sys.stderr, flush=True)
        figures[engine], pages[engine] = _measure(where, engine, sample=sample)
    return {
        "sample": sample,
        "figures": {_short(engine): figures[engine] for engine in ENGINES},
        "goals": [_held(goal, figures) for goal in GOALS],
        "halves": [_halves(bench, pages[OURS]) for bench in SETS],
        "against_trafilatura": [_paired(bench, pages) for bench in SETS],
        "empty": [row["id"] for row in pages[OURS] if not row.get("text", "").strip() and _is_long(row)],
    }


def _measure(where: Path, engine: str, *, sample: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One engine's figures by set, and its scores page by page."""
    with tempfile.TemporaryDirectory() as scratch:
        out, pages = Path(scratch) / "out.json", Path(scratch) / "pages.jsonl"
        limit = ["--limit", str(SAMPLE)] if sample else []
        command = [sys.executable, str(where / "bench.py"), "--data", str(where), "--bench", *SETS, "--engine", engine]
        files = ["--out", str(out), "--pages", str(pages)]
        subprocess.run(  # noqa: S603 - the harness beside the checkout
            [*command, "--rouge", "--save-text", *files, *limit],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        rows = [json.loads(line) for line in pages.read_text(encoding="utf-8").splitlines()]
        measured = json.loads(out.read_text(encoding="utf-8"))
    return {bench: measured[bench]["engines"][engine] for bench in SETS}, rows


def _held(goal: Goal, figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    mine = figures[OURS][goal.bench].get(goal.key)
    others = {_short(engine): figures[engine][goal.bench].get(goal.key) for engine in ENGINES if engine != OURS}
    reached = mine is not None and (mine <= goal.level if goal.at_most else mine >= goal.level)
    return {
        "set": goal.bench,
        "measure": goal.name,
        "goal": goal.level,
        "ours": mine,
        "reached": reached,
        "full_set_peer": goal.peer,
        **others,
    }


def _score(row: Mapping[str, Any]) -> float:
    """One page's own score, by its set's measure."""
    if row["bench"] == "trafilatura_eval":
        hit, false, missed = row["sn"][:3]
    elif row["bench"] == "fundus_eval":
        return float(row["rg"][2])
    else:
        hit, false, missed = row["sh"]
    whole = 2 * hit + false + missed
    return 2 * hit / whole if whole else 1.0


def _halves(bench: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    mine = [row for row in rows if row["bench"] == bench]
    halves: tuple[list[float], list[float]] = ([], [])
    for row in mine:
        halves[int(hashlib.md5(row["id"].encode(), usedforsecurity=False).hexdigest(), 16) % 2].append(_score(row))
    return {"set": bench, "mean_A": _mean(halves[0]), "mean_B": _mean(halves[1]), "pages": len(mine)}


def _paired(bench: str, pages: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Our mean score a page less that of trafilatura's best configuration on these pages."""
    scores = {e: {row["id"]: _score(row) for row in pages[e] if row["bench"] == bench} for e in (OURS, *TRAFILATURA)}
    best = max(TRAFILATURA, key=lambda engine: statistics.mean(scores[engine].values()))
    differences = [scores[OURS][ident] - scores[best][ident] for ident in scores[OURS]]
    drawn = random.Random(0)
    means = sorted(statistics.mean(drawn.choices(differences, k=len(differences))) for _ in range(ROUNDS))
    return {
        "set": bench,
        "against": best,
        "difference": _mean(differences),
        "from": round(means[int(0.025 * ROUNDS)], 4),
        "to": round(means[int(0.975 * ROUNDS) - 1], 4),
    }


def _is_long(row: Mapping[str, Any]) -> bool:
    """Whether the page has a body to speak of: its words by the shingles missed, or two segments asked for."""
    if "sh" in row:
        return bool(sum(row["sh"][::2]) > 0)
    return bool(row["bench"] == "trafilatura_eval" and row["sn"][2] > 1)


def _mean(values: Sequence[float]) -> float:
    return round(statistics.mean(values), 4) if values else 0.0


def _short(engine: str) -> str:
    return "ours" if engine == OURS else engine


def table(result: Mapping[str, Any]) -> str:
    """The result for people."""
    if "skipped" in result:
        return f"extraction: skipped, {result['skipped']}"
    return "\n".join(_lines(result))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    names = [_short(engine) for engine in ENGINES]
    yield f"{'set':18} {'measure':28} {'goal':>6} " + " ".join(f"{name[:14]:>14}" for name in names)
    for row in result["goals"]:
        cells = " ".join(f"{_cell(row[name]):>14}" for name in names)
        mark = "" if row["reached"] else "  not reached"
        yield f"{row['set']:18} {row['measure']:28} {row['goal']:>6g} {cells}{mark}"
    yield ""
    for row in result["against_trafilatura"]:
        yield (
            f"{row['set']:18} a page against {row['against']:24} {row['difference']:+.4f} "
            f"(95 % within {row['from']:+.4f} and {row['to']:+.4f})"
        )
    for row in result["halves"]:
        halves = f"A {row['mean_A']:.4f}  B {row['mean_B']:.4f}  ({row['pages']} pages)"
        yield f"{row['set']:18} mean score on either half  {halves}"
    yield f"pages with a body that came back empty: {len(result['empty'])}"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}" if value < 2 else f"{value:.1f}"  # noqa: PLR2004 - shares and multiples
