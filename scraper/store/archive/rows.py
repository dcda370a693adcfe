"""Many small rows as one.

SQLite lets go of the interpreter for each row it hands over, and beside a busy thread a few hundred rows took seconds.
PostgreSQL hands over all at once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, String, func, select, type_coerce


def numbers(connection: Connection, query: Select[Any]) -> list[int]:
    """The first column of a query."""
    if connection.dialect.name != "sqlite":
        return [row[0] for row in connection.execute(query)]
    rows = query.subquery()
    found: list[int] = json.loads(connection.execute(select(func.json_group_array(rows.c[0]))).scalar_one())
    return found


def latest_first(connection: Connection, query: Select[Any]) -> tuple[list[int], datetime | None]:
    """The numbers of a query for a moment and a number, the latest first, and the moment of the last of them."""
    if connection.dialect.name != "sqlite":
        found = [(at, number) for at, number in connection.execute(query)]
    else:
        rows = query.subquery()
        pair = func.json_array(type_coerce(rows.c[0], String), rows.c[1])
        found = json.loads(connection.execute(select(func.json_group_array(pair))).scalar_one())
    if not found:
        return [], None
    found.sort(reverse=True)  # as words moments sort as they do as moments
    last = found[-1][0]
    moment = last if isinstance(last, datetime) else datetime.fromisoformat(last).replace(tzinfo=UTC)
    return [number for _, number in found], moment
