"""``make fuzz``: every property test with thousands of inputs each, counted as they were really tried."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = 100_000
"""Inputs in a full run."""
NONE_COLLECTED = 5
"""pytest's exit status for a file without tests of the kind asked for."""
_TRIED = re.compile(r"(\d+) passing, (\d+) failing, and (\d+) invalid test cases")
_FAILED = re.compile(r"^(?:FAILED|ERROR) .*", re.MULTILINE)


def fuzz(tests: Iterable[str]) -> tuple[int, list[str], int]:
    """Run the property tests of these files; how many inputs were tried, what failed, and pytest's exit status."""
    options = ["-q", "-m", "hypothesis", "-p", "no:cacheprovider", "--hypothesis-profile=fuzz"]
    command = [sys.executable, "-m", "pytest", *options, "--hypothesis-show-statistics", *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    tried = sum(int(number) for numbers in _TRIED.findall(done.stdout) for number in numbers)
    return tried, _FAILED.findall(done.stdout), done.returncode


def main() -> None:
    """Fuzz file by file, so that it is seen how far it has come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="*", help="test files; all that hold property tests when left out")
    chosen = parser.parse_args().tests or [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        if "@given" in path.read_text(encoding="utf-8")
    ]
    whole, broken = 0, list[str]()
    for name in chosen:
        tried, failed, status = fuzz([name])
        whole += tried
        failed = failed or ([f"pytest ended with {status}"] if status not in {0, NONE_COLLECTED} else [])
        broken += failed
        print(f"{name:30} {tried:8,} inputs{''.join(f'  {one}' for one in failed)}", flush=True)
    print(f"{whole:,} inputs tried (wanted: {WANTED:,}), {len(broken)} properties broken")
    sys.exit(bool(broken) or whole < WANTED)


if __name__ == "__main__":
    main()
