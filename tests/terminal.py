"""Somebody who types commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from newsdesk import config_folder
from servers import Server


class User:
    """Somebody with a configuration folder, a data folder and a terminal."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server, self.folder = server, folder
        self.config = config_folder(folder / "config", server.address)

    def run(self, *words: str, status: int = 0, typed: str | None = None) -> str:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")}
        command = [sys.executable, "-m", "scraper", "--config", str(self.config), "--data", str(self.folder / "data")]
        done = subprocess.run(
            [*command, *words],
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environ,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + ("" if status == 0 else done.stderr)

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", status=status))
