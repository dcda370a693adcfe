"""Archive to JSON Lines or CSV, row by row, however large it is.

:data:`KEYS` is the one place that says what a row holds; keys are added, never renamed or taken away.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from scraper import store
from scraper.errors import ScraperError
from scraper.places import PRESENT
from scraper.store import archive
from scraper.store.archive import EVERYTHING, Filter, FullItem
from scraper.store.database import Database
from scraper.values import Reason

Format = Literal["jsonl", "csv"]
Row = dict[str, Any]
Progress = Callable[[int, int], None]

KEYS = {
    "id": "number within this archive",
    "key": "names the article within its outlet, as <source>:<post id or address>",
    "source": "the source's name in the configuration",
    "url": "address it was fetched from",
    "canonical_url": "address the page gives as its own",
    "title": "headline",
    "lead": "standfirst",
    "text": "paragraphs, joined by a blank line",
    "authors": "people, as signed",
    "agency": "agency credited",
    "section": "section's label as printed",
    "place": "place line",
    "language": "ISO 639-1 code",
    "tags": "topic labels",
    "images": "objects with url and caption",
    "published_at": "as the page says; ISO 8601 in UTC, like all times, null when unknown",
    "modified_at": "last edit the page admits to",
    "seen_at": "first fetched",
    "checked_at": "last looked at",
    "changed_at": "last edit seen here",
    "gone_since": "first found removed",
    "state": "live or removed",
    "revisions": "states kept; 1 means never edited",
    "label": "implementation, issuance, oversight or none",
    "score": "probability of implementation, 0 to 1",
    "points": "sum of the reasons' weights",
    "reasons": "objects with rule, field, matched and weight",
    "copy_of": "id of the story this is a copy of, else null",
    "copies": "number of copies of this story",
    "problems": "what is missing or doubtful, one sentence each",
    "documents": "documents named, by canonical number or name",
    "provinces": "provinces named, by their names of today",
}

_BOM = "\ufeff"
_PLAIN_LISTS = {"authors", "tags", "problems", "documents", "provinces"}

# A spreadsheet runs a cell that starts so as a formula; the full-width forms count in East Asian locales
# (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(db: Database, wanted: Filter = EVERYTHING, *, progress: Progress | None = None) -> Iterator[Row]:
    """Every wanted article as JSON types under :data:`KEYS`, in the order stored.

    Args:
        db: The archive; it may be written to meanwhile.
        wanted: Which articles.
        progress: Called after each batch with how many are done and how many there were at the start.
    """
    total = archive.count(db, wanted) if progress else 0
    done = 0
    for batch in archive.walk(db, wanted):
        ids = [item.id for item in batch]
        documents, places = (store.mentions_of(db, ids, kind) for kind in ("document", "place"))
        for item in batch:
            named = _once(mention.key for mention in documents.get(item.id, ()))
            where = _once(PRESENT[mention.key] for mention in places.get(item.id, ()))
            yield {**_row(item), "documents": named, "provinces": where}
        done += len(batch)
        if progress:
            progress(done, max(done, total))


def write_jsonl(items: Iterable[Row], out: TextIO) -> int:
    """One JSON object a line; returns how many."""
    number = 0
    for number, item in enumerate(items, 1):  # noqa: B007 - the last number is the answer
        out.write(json.dumps(item, ensure_ascii=False) + "\n")
    return number


def write_csv(items: Iterable[Row], out: TextIO, *, head: bool = True) -> int:
    """A head line, unless a part before had it, and one line an article; returns how many articles.

    Lists of words are joined by ``; ``, other lists are JSON. Text that a spreadsheet would run as a formula
    gets a leading apostrophe.
    """
    writer = csv.writer(out)
    if head:
        writer.writerow(KEYS)
    number = 0
    for number, item in enumerate(items, 1):  # noqa: B007 - the last number is the answer
        writer.writerow([_cell(name, item[name]) for name in KEYS])
    return number


def export(
    db: Database,
    path: Path | None,
    form: Format = "jsonl",
    wanted: Filter = EVERYTHING,
    *,
    bom: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write the wanted articles to a file, which appears only when it is whole, or to standard output.

    Args:
        db: The archive.
        path: The file to make or replace; ``None`` for standard output.
        form: ``jsonl`` or ``csv``, both in UTF-8.
        wanted: Which articles.
        bom: Start with a byte order mark, by which Excel knows UTF-8.
        progress: See :func:`rows`.

    Returns:
        How many articles were written.

    Raises:
        ScraperError: The file cannot be written.
        StoreError: The archive cannot be read.
    """
    write = write_csv if form == "csv" else write_jsonl
    with standard_output() if path is None else whole_file(path) as out:
        out.write(_BOM if bom else "")
        return write(rows(db, wanted, progress=progress), out)


def _row(item: FullItem) -> dict[str, Any]:
    return {name: _json_value(getattr(item, name)) for name in KEYS if name not in {"documents", "provinces"}}


def _once(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _json_value(value: Any) -> Any:  # noqa: ANN401 - any field of an article
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [asdict(part) if isinstance(part, Reason) else part for part in value]
    return value


def _cell(name: str, value: Any) -> str | int | float:  # noqa: ANN401 - any field of an article
    if isinstance(value, list):
        value = "; ".join(value) if name in _PLAIN_LISTS else json.dumps(value, ensure_ascii=False)
    return cell(value)


def cell(value: str | float | None) -> str | int | float:
    """A value as a spreadsheet may have it: text that it would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    return f"'{value}" if value.startswith(_FORMULA) else str(value)


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
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise ScraperError(
            f"{path}: cannot be written: {error.strerror or error}; choose another file, or make room"
        ) from error
    finally:
        with suppress(OSError):  # already moved, or never made
            part.unlink()
