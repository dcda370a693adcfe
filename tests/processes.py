"""Processes of ours that run until they are stopped, as somebody starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60
"""Seconds after which something that should happen is taken not to happen."""


@contextmanager
def running(folder: Path, *words: str, name: str = "") -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A daemon over the folder's configuration, or another command that stays; what it says goes to a file."""
    log = folder / f"{name or (words[0] if words else 'log')}.jsonl"
    command = [
        sys.executable,
        "-m",
        "scraper",
        "--config",
        str(folder / "config"),
        "--data",
        str(folder / "data"),
        *(words or ("run",)),
    ]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, text=True, env=environ)
        try:
            yield process, log
        finally:
            process.kill()
            process.wait()


def until(true: Callable[[], object], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def logged(log: Path, word: str) -> Callable[[], bool]:
    return lambda: word in log.read_text(encoding="utf-8")
