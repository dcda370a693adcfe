"""``python -m benchmarks [--sample] [--json]``: run every benchmark and print its table."""

from __future__ import annotations

import argparse
import json

from benchmarks import stages


def main() -> None:
    """Run them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", action="store_true", help="fewer pages")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    rows = stages.run(rounds=1 if chosen.sample else 5)
    print(json.dumps({"stages": rows}, indent=2) if chosen.json else stages.table(rows))


if __name__ == "__main__":
    main()
