"""The attacks of ``attacks.toml``: how many are tried by tests, and how many are held off."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_TESTING = ROOT / ".venv" / "bin" / "python"
PYTHON = str(_TESTING) if _TESTING.exists() else sys.executable
"""What has the tools of the tests, which the environment of the benchmarks lacks."""
_RESULT = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED) tests/(\S+?::\w+)", re.MULTILINE)


def attacks() -> dict[str, list[str]]:
    """Each attack and the tests that fail without its defence."""
    listed = tomllib.loads((ROOT / "benchmarks" / "attacks.toml").read_text(encoding="utf-8"))["attack"]
    return {attack["name"]: attack["tests"] for attack in listed}


def run() -> dict[str, Any]:
    """Run every test that the list names; an attack is held when all of its tests were run and passed."""
    wanted = sorted({test for tests in attacks().values() for test in tests})
    command = [PYTHON, "-m", "pytest", "-q", "-rA", *(f"tests/{test}" for test in wanted)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    results: dict[str, set[str]] = {}
    for said, test in _RESULT.findall(done.stdout):
        results.setdefault(test, set()).add(said)
    held = {name: all(results.get(test) == {"PASSED"} for test in tests) for name, tests in attacks().items()}
    return {"tried": len(held), "held": sum(held.values()), "not held": [name for name, yes in held.items() if not yes]}


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    return f"{result['tried']} attacks tried, {result['held']} held off" + "".join(
        f"\n  not held: {name}" for name in result["not held"]
    )
