"""JSON Lines: one object an article."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from scraper.export.rows import Row


def write_jsonl(items: Iterable[Row], out: TextIO) -> int:
    """One JSON object a line; returns how many."""
    number = 0
    for number, item in enumerate(items, 1):  # noqa: B007 - the last number is the answer
        out.write(json.dumps(item, ensure_ascii=False) + "\n")
    return number
