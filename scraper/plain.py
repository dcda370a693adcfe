"""Values of ours as JSON knows them, for the command line and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Any value of ours as JSON knows it: times as ISO 8601, dataclasses and models as objects."""
    if (dump := getattr(value, "model_dump", None)) is not None:  # pydantic's, which is not loaded for this alone
        return dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, Path | Exception) else value
