"""Durations, sizes and times of day as people write them in configuration: ``15m``, ``5 MB``, ``07:00``."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BaseModel as PydanticModel
from pydantic import BeforeValidator, ConfigDict

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


def parse_duration(value: object) -> timedelta:
    """A duration such as ``90s``, ``15m``, ``6h``, ``2d`` or ``1w``.

    Raises:
        ValueError: Anything else; the message says what is allowed.
    """
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"{value!r} is not a duration; write a number and s, m, h, d or w, such as '15m'")
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def parse_size(value: object) -> int:
    """A size such as ``500 kB``, ``5 MB`` or ``2 GB``, in bytes (decimal units).

    Raises:
        ValueError: Anything else; the message says what is allowed.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(B|kB|MB|GB)\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"{value!r} is not a size; write a number and B, kB, MB or GB, such as '5 MB'")
    return int(float(match[1]) * _BYTES[match[2]])


def parse_time_of_day(value: object) -> time:
    """A time of day such as ``07:00``, without a zone.

    Raises:
        ValueError: Anything else; the message says what is allowed.
    """
    try:
        moment = value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a time of day; write for example '07:00'") from error
    if moment.tzinfo is not None:
        raise ValueError(f"{value!r} names a zone; the zone is alerting.timezone in settings.toml, write '07:00'")
    return moment


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Size = Annotated[int, BeforeValidator(parse_size)]
TimeOfDay = Annotated[time, BeforeValidator(parse_time_of_day)]


class Section(PydanticModel):
    """A table of a configuration file: immutable, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
