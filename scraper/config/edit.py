"""Add a watch to ``watches.toml`` and remove one, keeping all else that stands there, comments too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

from scraper.config.load import WATCHES, Config, parsed_watches, unknown_names
from scraper.config.watches import Watch
from scraper.errors import ConfigError, ScraperError

_HEADER = re.compile(r"^\s*\[\[\s*watches\s*\]\]\s*(?:#.*)?$")
_TABLE = re.compile(r"^\s*\[")


def add_watch(config: Config, fields: Mapping[str, Any]) -> Watch:
    """Append a watch to the file; what is empty in ``fields`` is left to its default.

    Raises:
        ConfigError: The name is taken, or a field is wrong; the file is as it was.
        ScraperError: The file cannot be written.
    """
    path = _file(config)
    name = str(fields.get("name", ""))
    if any(watch.name == name for watch in config.watches):
        raise ConfigError([f"{path}: there is a watch {name!r} already; 'scraper watches remove' it, or name another"])
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items() if value not in (None, [], (), 0.0, "")]
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    text = before + gap + "\n".join(["[[watches]]", *lines, ""])
    watches = parsed_watches(text, path)
    problems = unknown_names(path, watches[-1:], config.settings, config.sources)
    if problems:
        raise ConfigError(problems)
    _write(path, text)
    return watches[-1]


def remove_watch(config: Config, name: str) -> None:
    """Take a watch out of the file, with the comment right above it.

    Raises:
        NotFoundError: There is no watch of that name.
        ConfigError: The file is written in a way that only a person can change.
        ScraperError: The file cannot be written.
    """
    config.watch(name)
    path = _file(config)
    before = path.read_text(encoding="utf-8")
    kept = [watch for watch in config.watches if watch.name != name]
    text = _without(before.splitlines(keepends=True), [watch.name for watch in config.watches].index(name))
    try:
        right = parsed_watches(text, path) == kept
    except ConfigError:
        right = False
    if not right:
        raise ConfigError([f"{path}: {name!r} cannot be told apart from what stands around it; remove it by hand"])
    _write(path, text)


def _without(lines: list[str], number: int) -> str:
    """The lines without one ``[[watches]]`` table: from the comment right above it to the next table's."""
    headers = [at for at, line in enumerate(lines) if _HEADER.match(line)]
    if number >= len(headers):
        return "".join(lines)
    tables = [at for at, line in enumerate(lines) if _TABLE.match(line) and at > headers[number]]
    begin = _above(lines, headers[number])
    end = _above(lines, tables[0]) if tables else len(lines)
    kept = lines[:begin] + lines[end:]
    return "".join(kept).rstrip() + "\n" if end == len(lines) else "".join(kept)


def _above(lines: list[str], at: int) -> int:
    """Where the comment right above a line begins."""
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _file(config: Config) -> Path:
    if config.folder.name == "_config":
        raise ConfigError([f"{config.folder}: belongs to the installed package; copy it to ./config and try again"])
    return config.folder / WATCHES


def _write(path: Path, text: str) -> None:
    """In one step, so that a daemon never reads half a file."""
    path = path.resolve()
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    except OSError as error:
        raise ScraperError(f"{path}: cannot be written: {error.strerror or error}") from error


def _toml(value: object) -> str:
    """A value as TOML; its strings are written as JSON's, but for one sign."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, time):
        return _toml(value.isoformat("minutes"))
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
