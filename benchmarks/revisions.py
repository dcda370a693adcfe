"""How well edits are told from noise and named, over pairs of pages parsed as the daemon does; and what diffs cost.

The goals: noise called an edit in at most 1 % of the pairs, 99 % of the edits found, 95 % with the very set of kinds.
"Other seeds" are the same written stories among other grammar's stories, layouts and places of noise; "held out" has
stories and noise of its own that nothing was tuned on. What the extractor loses of a page counts against the result
too, and is counted: "misread".
"""

from __future__ import annotations

import difflib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from benchmarks import pairs as made
from benchmarks.noisy import Sheet
from benchmarks.pairs import Pair
from scraper import revise
from scraper.extract import parse_article
from scraper.models import ArticleData
from scraper.text import match_form, syllables
from scraper.values import Change, KnownArticle

SEED, OTHER_SEEDS, HELD_SEEDS = 1, range(100, 104), range(20260712, 20260716)
SAMPLE = 6
"""With ``--sample`` every sixth pair is read."""
ROUNDS = 20
NOISE = "no edit"
ENDLESS = "4,000 words, two alternating"
"""Not given to difflib, which took 442 s on it (November 2026)."""

_VOCABULARY = ("tỉnh", "xã", "hộ", "vốn", "nhà", "dân", "đường", "trường", "năm", "nghèo", "vay", "cán", "bộ", "công")


def run(*, sample: bool) -> dict[str, Any]:
    """Shares of right answers, each failure by name, and milliseconds of CPU a diff."""
    step = SAMPLE if sample else 1
    return {
        "developed on": judged(made.build(SEED, held=False)[::step]),
        "other seeds": judged(pair for seed in OTHER_SEEDS for pair in made.build(seed, held=False)[::step]),
        "held out": judged(pair for seed in HELD_SEEDS for pair in made.build(seed, held=True)[::step]),
        "cpu": [_cost(name, *texts, rounds=1 if sample else ROUNDS) for name, texts in _texts().items()],
    }


# --- right or wrong ----------------------------------------------------------------------------------------


def compared(pair: Pair) -> tuple[Change, ArticleData]:
    """What the program says changed between two pages, and what it read off the newer one."""
    before, after = (parse_article(html, pair.url, pair.source) for html in (pair.before, pair.after))
    seen = KnownArticle(1, "s", "k", pair.url, revise.hash_of(before), datetime.now(UTC), data=before)
    return revise.compare(seen, after), after


def is_misread(data: ArticleData, printed: Sheet) -> bool:
    """Whether the extractor lost a paragraph, the lead or an author of what a page says, or made one up."""
    held = " ".join(syllables(data.text))
    whole = all(" ".join(syllables(text)) in held for text in printed.paragraphs)
    people = {match_form(name) for name in data.authors} == {match_form(name) for name in printed.authors}
    return not whole or not people or syllables(data.lead) != syllables(printed.lead)


def judged(pairs: Iterable[Pair]) -> dict[str, Any]:
    """The figures over some pairs, in percent, with what failed."""
    noise, edits, false, found, right = 0, 0, 0, 0, 0
    kinds: dict[str, Counter[str]] = {}
    failures: list[dict[str, Any]] = []
    for pair in pairs:
        change, after = compared(pair)
        said = frozenset(edit.kind for edit in change.edits)
        substantive = change.kind == "substantive"
        if pair.kinds:
            edits, found, right = edits + 1, found + substantive, right + (said == pair.kinds)
        else:
            noise, false = noise + 1, false + (change.kind not in {"cosmetic", "unchanged"})
        for kind in pair.kinds or {NOISE}:
            tally = kinds.setdefault(kind, Counter())
            tally["pairs"] += 1
            tally["right"] += kind in said if pair.kinds else not substantive
        if said != pair.kinds or (not pair.kinds and substantive):
            failures.append(
                {
                    "pair": pair.name,
                    "expected": sorted(pair.kinds),
                    "misread": is_misread(after, pair.printed),
                    "said": sorted(said) or change.kind,
                    "sentence": revise.sentence(change.edits),
                }
            )
    return {
        "pairs": noise + edits,
        "noise pairs": noise,
        "false edits %": _percent(false, noise),
        "edits found %": _percent(found, edits),
        "class right %": _percent(right, edits),
        "misread": sum(failure["misread"] for failure in failures),
        "kinds": {kind: dict(tally) for kind, tally in sorted(kinds.items())},
        "failures": failures,
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


# --- what it costs -----------------------------------------------------------------------------------------


def _texts() -> dict[str, tuple[str, str]]:
    rng = Random(SEED)
    words = [rng.choice(_VOCABULARY) + rng.choice(("", "", "", ".", ",")) for _ in range(4_000)]
    edited = list(words[:1_000])
    for at in range(50, 1_000, 100):
        edited[at : at + 3] = ["bốn", "năm"]
    shuffled = list(words)
    rng.shuffle(shuffled)
    every_other = [word if at % 2 else f"{word}x" for at, word in enumerate(words)]
    return {
        "1,000 words, ten edits": (" ".join(words[:1_000]), " ".join(edited)),
        "4,000 words, every other one changed": (" ".join(words), " ".join(every_other)),
        ENDLESS: (" ".join(["a", "b"] * 2_000), " ".join(["b", "a", "a"] * 1_333)),
        "4,000 words in another order": (" ".join(words), " ".join(shuffled)),
        "4,000 words, all others": (" ".join(words), " ".join(f"{word}x" for word in words)),
    }


def _cost(name: str, old: str, new: str, *, rounds: int) -> dict[str, Any]:
    ours = min(_cpu(lambda: revise.word_diff(old, new)) for _ in range(rounds))
    before, after = old.split(), new.split()
    if name == ENDLESS:
        return {"texts": name, "ms": round(ours * 1e3, 2), "difflib ms": None}
    peer = _cpu(lambda: difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes())
    return {"texts": name, "ms": round(ours * 1e3, 2), "difflib ms": round(peer * 1e3, 2)}


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def table(result: Mapping[str, Any]) -> str:
    """The figures for people; failures are listed with ``--json``."""
    lines: list[str] = []
    for name in ("developed on", "other seeds", "held out"):
        part = result[name]
        lines.append(
            f"{name + ':':14}{part['pairs']} pairs ({part['noise pairs']} noise); "
            f"false edits {part['false edits %']} %, found {part['edits found %']} %, "
            f"class right {part['class right %']} %; {len(part['failures'])} failures, {part['misread']} misread"
        )
    kinds: Mapping[str, Mapping[str, int]] = result["developed on"]["kinds"]
    lines += [f"  {kind:20}{_of(tally)}" for kind, tally in kinds.items()]
    costs: Sequence[Mapping[str, Any]] = result["cpu"]
    lines.append(f"{'diff, ms of CPU':40}{'ours':>8}{'difflib':>10}")
    lines += [f"{row['texts']:40}{row['ms']:>8}{row['difflib ms'] or '(442 s)':>10}" for row in costs]
    return "\n".join(lines)


def _of(tally: Mapping[str, int]) -> str:
    return f"{tally.get('right', 0):>4} of {tally['pairs']}"
