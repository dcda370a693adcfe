"""Somebody who types commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from newsdesk import config_folder
from processes import Process
from servers import Server

PATIENCE = 120
"""Seconds after which a command that should end never will."""


class User:
    """Somebody with a configuration folder, a data folder and a terminal."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server, self.folder = server, folder
        self.config = config_folder(folder / "config", server.address)

    def run(self, *words: str, status: int = 0, typed: str | None = None) -> str:
        typing, saying, complaining = (self.folder / name for name in ("typed", "said", "complained"))
        for file in (typing, saying, complaining):
            file.write_text("" if typed is None or file != typing else typed, encoding="utf-8")
        asked = ["--config", str(self.config), "--data", str(self.folder / "data"), *words]
        ended = Process(asked, (typing, saying, complaining)).wait(PATIENCE)
        assert ended is not None, f"{words} does not end"
        said, complained = (file.read_text(encoding="utf-8") for file in (saying, complaining))
        assert ended == status, said + complained
        return said + ("" if status == 0 else complained)

    def json(self, *words: str, status: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", status=status))
