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
def running(folder: Path, *words: str, name: str = "", first: str = "") -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A command that stays, over the folder's configuration, the daemon when none is named; its words go to a file.

    Args:
        folder: Has the configuration and the data folder.
        words: The command.
        name: The log file's, where several run.
        first: Python that the process runs before the command.
    """
    log = folder / f"{name or (words[0] if words else 'log')}.jsonl"
    where = ["--config", str(folder / "config"), "--data", str(folder / "data")]
    command = [sys.executable, "-c", f"{first}\nfrom scraper.cli import main; main()", *where, *(words or ("run",))]
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
