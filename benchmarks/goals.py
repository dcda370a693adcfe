"""Every goal that was set for this program, in one table beside what was measured.

The levels were set before the work began: on quality and loss by what users need, on speed by what the best peers were
measured at. What a run left out, or could not measure for want of the pages and texts beside the checkout, is said to
be not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import growth, hostile, poll

Figure = float | int | bool


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is to be reached.

    Attributes:
        bench: The benchmark that measures it.
        what: In words.
        read: Finds the figure in the benchmark's result; a KeyError or IndexError says that it was not measured.
        level: What it is to be: at least, at most, or exactly.
        sense: ``>=``, ``<=`` or ``=``.
    """

    bench: str
    what: str
    read: Callable[[Any], Figure]
    sense: str
    level: Figure

    def held(self, figure: Figure) -> bool:
        """Whether a figure reaches it."""
        return {">=": figure >= self.level, "<=": figure <= self.level, "=": figure == self.level}[self.sense]


def _of(rows: Sequence[Mapping[str, Any]], name: str, is_: object) -> Mapping[str, Any]:
    return next(row for row in rows if row[name] == is_)


def _quality(result: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a benchmark's result
    return _of(result["quality"], "engine", "scraper")


def _percent(part: str, name: str) -> Callable[[Any], Figure]:
    return lambda result: float(result[part][name])


def _poll(way: str) -> Callable[[Any], Figure]:
    return lambda result: float(result["median"][way])


def _grown(name: str) -> Callable[[Any], Figure]:
    return lambda result: float(result["rows"][-1][name])


def _end_to_end(result: Any) -> float:  # noqa: ANN401 - a benchmark's result
    return float(_of(result["rows"], "who", "ours")["CPU ms an article"])


def _against_trafilatura(result: Any) -> float:  # noqa: ANN401 - a benchmark's result
    peer = _of(result["rows"], "who", "scrapy + trafilatura")["CPU ms an article"]
    return round(_end_to_end(result) / float(peer), 2)


def _worst_ratio(result: Any) -> float:  # noqa: ANN401 - a benchmark's result
    ratios = [row["ratio at equal median"] for rows in result["cadence"].values() for row in rows.values()]
    return round(max(ratios), 2)


def _growth(result: Any) -> float:  # noqa: ANN401 - a benchmark's result
    return float(result["soak"]["growth in the last two thirds"].rstrip("%"))


GOALS = (
    Goal("hostile", "worst page, s of CPU", lambda r: max(row["seconds"] for row in r), "<=", hostile.MAX_SECONDS),
    Goal("hostile", "worst page, MB", lambda r: max(row["megabytes"] for row in r), "<=", hostile.MAX_MEGABYTES),
    Goal("duplicates", "adjusted Rand index", lambda r: _quality(r)["ari"], ">=", 0.985),
    Goal("duplicates", "pairs joined that are one story", lambda r: _quality(r)["precision"], ">=", 0.99),
    Goal("duplicates", "worst kind of copy found", lambda r: min(_quality(r)["recall_by_kind"].values()), ">=", 0.95),
    Goal("duplicates", "follow-ups joined", lambda r: _quality(r)["follow_ups_joined"], "<=", 0.01),
    Goal("duplicates", "ms of CPU a text among 300,000", lambda r: r["cost"]["ms_a_text"], "<=", 3.3),
    Goal("duplicates", "groups the same after kills", lambda r: r["killed"]["identical"], "=", True),
    Goal("revisions", "noise called an edit, %", _percent("developed on", "false edits %"), "<=", 1),
    Goal("revisions", "edits found, %", _percent("developed on", "edits found %"), ">=", 99),
    Goal("revisions", "edits of the right kinds, %", _percent("developed on", "class right %"), ">=", 95),
    Goal("policy", "implementation, precision", lambda r: r["stories"]["precision"]["value"], ">=", 0.90),
    Goal("policy", "implementation, recall", lambda r: r["stories"]["recall"]["value"], ">=", 0.90),
    Goal("policy", "area under the curve", lambda r: r["stories"]["auc"], ">=", 0.97),
    Goal("policy", "documents, recall", lambda r: r["documents"]["recall"]["value"], ">=", 0.99),
    Goal("policy", "provinces, recall", lambda r: r["provinces"]["recall"]["value"], ">=", 0.98),
    Goal("policy", "ms of CPU a story", lambda r: _of(r["cpu"], "stage", "all of it")["ms"], "<=", 2),
    Goal("archive", "Today, p95 ms", lambda r: r["alone"]["Today"]["p95_ms"], "<=", 60),
    Goal("archive", "Search, p95 ms", lambda r: r["alone"]["Search"]["p95_ms"], "<=", 60),
    Goal("archive", "Story, p95 ms", lambda r: r["alone"]["Story"]["p95_ms"], "<=", 60),
    Goal("archive", "twenty readers, worst ms", lambda r: r["crowd"]["worst_ms"], "<=", 1000),
    Goal("rhythm", "adaptive against a fixed pause", _worst_ratio, "<=", 0.5),
    Goal("trust", "articles lost by kills", lambda r: r["kills"]["lost articles"], "=", 0),
    Goal("trust", "alerts lost by kills", lambda r: r["kills"]["lost alerts"], "=", 0),
    Goal("trust", "alerts repeated outside the window", lambda r: r["kills"]["repeats outside the window"], "=", 0),
    Goal("trust", "attacks not held off", lambda r: len(r["attacks"]["not held"]), "=", 0),
    Goal("trust", "MB under a hostile outlet", lambda r: r["siege"]["megabytes"], "<=", 400),
    Goal("trust", "alerts lost with every fault", lambda r: r["newsroom with every fault"]["alerts lost"], "=", 0),
    Goal("trust", "false alarms", lambda r: r["newsroom with every fault"]["false alarms"], "=", 0),
    Goal("trust", "growth in a soak, %", _growth, "<=", 5),
    Goal("fetch", "CPU a request, times a raw client", lambda r: _of(r["rows"], "who", "ours")["x_floor"], "<=", 3.3),
    Goal("fetch", "2,000 addresses at once, failures", lambda r: r["at once"]["failed"], "=", 0),
    Goal("end_to_end", "ms of CPU an article", _end_to_end, "<=", 10),
    Goal("end_to_end", "of Scrapy with trafilatura", _against_trafilatura, "<=", 0.33),
    *(Goal("poll", f"ms of CPU, {way}", _poll(way), "<=", level) for way, level in poll.GOALS_MS.items()),
    Goal("schedule", "p95 of starts' drift, ms", lambda r: r["steady"]["p95 drift, ms"], "<=", 50),
    Goal("schedule", "CPU while nothing is due", lambda r: r["idle"]["CPU"], "<=", 0.02),
    Goal("schedule", "all overdue queued, s", lambda r: r["restart"]["seconds"], "<=", 2),
    Goal("schedule", "scraper --help, ms of CPU", lambda r: r["command"]["scraper --help, ms of CPU"], "<=", 250),
    *(Goal("growth", name, _grown(name), "<=", level) for name, level in growth.GOALS.items()),
    Goal("growth", "snapshot of 134 kB, kB", lambda r: r["snapshots"]["snapshot of 134 kB, kB"], "<=", 20),
    Goal("growth", "daemon with 1,000 outlets, MB", lambda r: r["daemon"]["daemon, MB"], "<=", 250),
    Goal("workers", "two workers against one", lambda r: _of(r["rows"], "workers", 2)["against one"], ">=", 1.7),
)


def held(results: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each goal of the benchmarks that were run; ``measured`` is ``None`` where there was nothing to measure.

    Args:
        results: By name, as the benchmarks gave them.
    """
    for goal in GOALS:
        if goal.bench in results:
            try:
                figure = goal.read(results[goal.bench])
            except (KeyError, IndexError, StopIteration):
                figure = None
            met = None if figure is None else goal.held(figure)
            wanted = f"{goal.sense} {goal.level}"
            yield {"bench": goal.bench, "goal": goal.what, "measured": figure, "wanted": wanted, "met": met}
    for row in results.get("extraction", {}).get("goals", ()):
        sense = "<=" if row["measure"].startswith("CPU") else ">="
        measured = round(row["ours"], 4) if row["ours"] is not None else None
        what = f"{row['set']}: {row['measure']}"
        wanted = f"{sense} {row['goal']}"
        yield {"bench": "extraction", "goal": what, "measured": measured, "wanted": wanted, "met": row["reached"]}


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """As text, with the count at the end."""
    said = {True: "met", False: "MISSED", None: "not measured"}
    lines = [
        f"{row['bench']:11} {row['goal']:42} {_shown(row['measured']):>10}  {row['wanted']:>10}  {said[row['met']]}"
        for row in rows
    ]
    counts = [sum(row["met"] is kind for row in rows) for kind in (True, False, None)]
    return "\n".join([*lines, f"{counts[0]} met, {counts[1]} missed, {counts[2]} not measured"])


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return str(figure) if isinstance(figure, bool | int) else f"{figure:.4g}"
