"""Processes of ours, as somebody starts them: commands that end, and those that run until they are stopped.

They are forked off a process that has the program loaded: most of a command's time is loading it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scraper.cli import main

PATIENCE = 60
"""Seconds after which something that should happen is taken not to happen."""

LOADED = ("cli.app", "daemon", "workers", "web", "onboard", "dossier", "learn")

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["alembic.command", *(f"scraper.{name}" for name in LOADED)])


class Process:
    """A command in a process of its own, with files for its terminal.

    Args:
        words: The command.
        files: What it reads, says and complains.
        first: Python that the process runs before the command.

    Attributes:
        pid: The process's number.
    """

    def __init__(self, words: Sequence[str], files: tuple[Path, Path, Path], first: str = "") -> None:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")}
        self._process = FORKS.Process(target=_command, args=(words, environ, tuple(map(str, files)), first))
        self._process.start()
        self.pid = self._process.pid or 0

    def wait(self, seconds: float = PATIENCE) -> int | None:
        """Its status, below zero if a signal ended it; ``None`` if it goes on."""
        self._process.join(seconds)
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


def _command(words: Sequence[str], environ: dict[str, str], files: tuple[str, str, str], first: str) -> None:
    """Run a command as the shell would."""
    os.environ.clear()
    os.environ.update(environ)
    for number, file in enumerate(files):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_APPEND  # both may be one file
        os.dup2(os.open(file, flags), number)
    sys.stdin, sys.stdout, sys.stderr = (open(n, "r" if n == 0 else "w", encoding="utf-8") for n in range(3))  # noqa: SIM115, PTH123 - they live as long as we do
    sys.argv = ["scraper", *words]
    exec(first, {})  # noqa: S102 - a test's own words
    main()


@contextmanager
def running(folder: Path, *words: str, name: str = "", first: str = "") -> Iterator[tuple[Process, Path]]:
    """A command that stays, over the folder's configuration, the daemon when none is named; its words go to a file.

    Args:
        folder: Has the configuration and the data folder.
        words: The command.
        name: The log file's, where several run.
        first: Python that the process runs before the command.
    """
    log = folder / f"{name or (words[0] if words else 'log')}.jsonl"
    log.write_text("", encoding="utf-8")
    where = ["--config", str(folder / "config"), "--data", str(folder / "data")]
    process = Process([*where, *(words or ("run",))], (Path(os.devnull), log, log), first)
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
