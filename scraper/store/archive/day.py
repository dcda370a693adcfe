"""The day on which a moment falls, as SQL: each server has its own words for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

UTC, VIETNAM = 0, 7
"""Hours ahead of UTC; Vietnam keeps one time all year."""


class Day(FunctionElement[date]):
    """The day of a moment in a zone so many hours ahead of UTC.

    Args:
        moment: A column or an expression; aware UTC.
        ahead: Hours.
    """

    type = Date()
    inherit_cache = True

    def __init__(self, moment: ColumnElement[Any], ahead: int) -> None:
        super().__init__(moment, literal_column(str(ahead)))


@compiles(Day, "sqlite")
def _sqlite(day: Day, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    moment, ahead = (compiler.process(part, **options) for part in day.clauses)
    return f"date({moment}, '{ahead} hours')"


@compiles(Day, "postgresql")
def _postgresql(day: Day, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    moment, ahead = (compiler.process(part, **options) for part in day.clauses)
    return f"CAST(({moment}) AT TIME ZONE 'UTC' + interval '{ahead} hours' AS date)"
