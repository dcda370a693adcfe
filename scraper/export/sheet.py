"""CSV that a spreadsheet may open: no cell is a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any, TextIO

from scraper.export.rows import KEYS, Row

BOM = "\ufeff"
"""By this mark at the start Excel knows UTF-8."""

_PLAIN_LISTS = {"authors", "tags", "problems", "documents", "provinces"}

# A spreadsheet runs a cell that starts so as a formula; the full-width forms count in East Asian locales
# (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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


def cell(value: str | float | None) -> str | int | float:
    """A value as a spreadsheet may have it: text that it would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    return f"'{value}" if value.startswith(_FORMULA) else str(value)


def _cell(name: str, value: Any) -> str | int | float:  # noqa: ANN401 - any field of an article
    if isinstance(value, list):
        value = "; ".join(value) if name in _PLAIN_LISTS else json.dumps(value, ensure_ascii=False)
    return cell(value)
