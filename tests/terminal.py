"""Somebody who types commands."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

from newsdesk import config_folder
from servers import Server

from scraper.cli import main

PATIENCE = 120
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["scraper.cli.app", "scraper.daemon", "scraper.onboard", "scraper.dossier", "scraper.learn", "alembic.command"]
)
"""Commands are forked off a process that has the program loaded: most of a command's time is loading it."""


def _command(words: list[str], environ: dict[str, str], files: tuple[str, str, str]) -> None:
    """Run a command as the shell would, in a process of its own, with files for the terminal."""
    os.environ.clear()
    os.environ.update(environ)
    for number, file in enumerate(files):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY
        os.dup2(os.open(file, flags), number)
    sys.stdin, sys.stdout, sys.stderr = (open(n, "r" if n == 0 else "w", encoding="utf-8") for n in range(3))  # noqa: SIM115, PTH123 - they live as long as we do
    sys.argv = ["scraper", *words]
    main()


class User:
    """Somebody with a configuration folder, a data folder and a terminal."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server, self.folder = server, folder
        self.config = config_folder(folder / "config", server.address)

    def run(self, *words: str, status: int = 0, typed: str | None = None) -> str:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")}
        files = [self.folder / name for name in ("typed", "said", "complained")]
        for file in files:
            file.write_text("" if typed is None or file.name != "typed" else typed, encoding="utf-8")
        asked = ["--config", str(self.config), "--data", str(self.folder / "data"), *words]
        process = FORKS.Process(target=_command, args=(asked, environ, tuple(map(str, files))))
        process.start()
        process.join(PATIENCE)
        assert process.exitcode is not None, f"{words} does not end"
        said, complained = (file.read_text(encoding="utf-8") for file in files[1:])
        assert process.exitcode == status, said + complained
        return said + ("" if status == 0 else complained)

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", status=status))
