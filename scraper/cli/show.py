"""How values are shown: one JSON document, or tables and text for people; times in Asia/Ho_Chi_Minh."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scraper.plain import plain
from scraper.vietnam import VIETNAM

if TYPE_CHECKING:
    from rich.progress import Progress

STYLES = {"implementation": "bold green", "issuance": "cyan", "oversight": "yellow", "none": "dim"}

console = Console(soft_wrap=False, highlight=False)


def print_json(value: object) -> None:
    """One JSON document on standard output, UTF-8."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()


def local(moment: datetime | None, *, day: bool = True) -> str:
    """A moment as readers in Vietnam write it, ``-`` for none."""
    if moment is None:
        return "-"
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M" if day else "%H:%M")


def moment(text: str, now: datetime) -> datetime:
    """A moment given on the command line: ``2d`` or ``6h`` ago, or a date in Vietnam (``2026-03-01``).

    Raises:
        typer.BadParameter: Neither.
    """
    from scraper.config.units import parse_duration

    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is neither an age such as 2d nor a date such as 2026-03-01") from error
    return given if given.tzinfo else given.replace(tzinfo=VIETNAM)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, stretch: str = "") -> None:
    """A table on the terminal; the column named ``stretch`` takes the room that is left."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(
            column, overflow="fold" if column == stretch else "ellipsis", ratio=1 if column == stretch else 0
        )
    for row in rows:
        shown.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    console.print(shown)


def label(name: str) -> Text:
    """A label in its colour."""
    return Text(name, style=STYLES.get(name, ""))


def progress() -> Progress:
    """A progress bar on standard error, absent when that is not a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    error = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=error,
        transient=True,
        disable=not error.is_terminal,
    )
