"""One daemon to a data folder: an advisory lock on a file that names its holder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import ArchiveBusy


@contextmanager
def sole_daemon(data: Path) -> Iterator[None]:
    """Hold the data folder while the block runs; the system lets go when the process dies, however it dies.

    Raises:
        ArchiveBusy: Another process holds it; the message gives its number.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / "daemon.lock"
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise ArchiveBusy(
                f"{data}: process {holder} already watches with this data folder; "
                "stop it, or choose another folder with --data"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
