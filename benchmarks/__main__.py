"""``python -m benchmarks [NAME...] [--sample] [--json]``: run the benchmarks and print their tables."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import (
    archive,
    duplicates,
    end_to_end,
    extraction,
    fetch,
    goals,
    growth,
    hostile,
    policy,
    poll,
    rechecks,
    revisions,
    rhythm,
    schedule,
    stages,
    trust,
    workers,
)

BENCHMARKS: dict[str, tuple[Callable[[bool], Any], Callable[[Any], str]]] = {
    "stages": (lambda sample: stages.run(rounds=1 if sample else 5), stages.table),
    "hostile": (lambda sample: hostile.run(sample=sample), hostile.table),
    "duplicates": (lambda sample: duplicates.run(sample=sample), duplicates.table),
    "revisions": (lambda sample: revisions.run(sample=sample), revisions.table),
    "policy": (lambda sample: policy.run(sample=sample), policy.table),
    "archive": (lambda sample: archive.run(sample=sample), archive.table),
    "rechecks": (lambda sample: rechecks.run(sample=sample), rechecks.table),
    "rhythm": (lambda sample: rhythm.run(sample=sample), rhythm.table),
    "trust": (lambda sample: trust.run(sample=sample), trust.table),
    "fetch": (lambda sample: fetch.run(sample=sample), fetch.table),
    "poll": (lambda sample: poll.run(sample=sample), poll.table),
    "end_to_end": (lambda sample: end_to_end.run(sample=sample), end_to_end.table),
    "schedule": (lambda sample: schedule.run(sample=sample), schedule.table),
    "growth": (lambda sample: growth.run(sample=sample), growth.table),
    "workers": (lambda sample: workers.run(sample=sample), workers.table),
    "extraction": (lambda sample: extraction.run(sample=sample), extraction.table),
}


def main() -> None:
    """Run the named ones, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when left out")
    parser.add_argument("--sample", action="store_true", help="fewer pages and rounds")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    began, results = time.monotonic(), dict[str, Any]()
    for name in chosen.names or BENCHMARKS:
        print(f"{(time.monotonic() - began) / 60:5.1f} min  {name}", file=sys.stderr, flush=True)
        results[name] = BENCHMARKS[name][0](chosen.sample)
    held = list(goals.held(results))
    if chosen.json:
        print(json.dumps({**results, "goals": held}, indent=2))
        return
    for name, result in results.items():
        print(f"\n== {name}\n{BENCHMARKS[name][1](result)}")
    print(f"\n== goals\n{goals.table(held)}")


if __name__ == "__main__":
    main()
