"""Where exports go: files and folders that appear only when they are whole, and standard output."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from scraper.errors import ScraperError


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """UTF-8 whatever the terminal's locale, with the line ends as written."""
    sys.stdout.flush()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield out
    finally:
        out.detach()


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write, which appears only when it is whole.

    Raises:
        ScraperError: It cannot be written.
    """
    with whole_bytes(path) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def whole_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file to write bytes to, which appears only when it is whole.

    Raises:
        ScraperError: It cannot be written.
    """
    part = path.with_name(path.name + ".part")
    with _in_words(path):
        try:
            with part.open("wb") as out:
                yield out
            part.replace(path)
        finally:
            with suppress(OSError):  # already moved, or never made
                part.unlink()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of the one at ``path``, if any, only when it is whole.

    Raises:
        ScraperError: It cannot be written.
    """
    with _in_words(path):
        beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=".scraper-"))
        new, old = beside / "new", beside / "old"
        try:
            new.mkdir()
            yield new
            if path.exists():
                path.rename(old)
            new.rename(path)
        finally:
            if old.exists() and not path.exists():
                old.rename(path)
            shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ScraperError(
            f"{path}: cannot be written: {error.strerror or error}; choose another file, or make room"
        ) from error
