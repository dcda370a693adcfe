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


def timed(connection: Connection, query: Select[Any]) -> list[tuple[int, datetime]]:
    """The columns of a query, a number and a moment, the latest first."""
    if connection.dialect.name != "sqlite":
        found = [(number, at) for number, at in connection.execute(query)]
    else:
        rows = query.subquery()
        pair = func.json_array(rows.c[0], type_coerce(rows.c[1], String))
        pairs = json.loads(connection.execute(select(func.json_group_array(pair))).scalar_one())
        found = [(number, datetime.fromisoformat(at).replace(tzinfo=UTC)) for number, at in pairs]
    return sorted(found, key=lambda row: (row[1], row[0]), reverse=True)
