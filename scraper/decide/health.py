"""How a source stands: when its trouble is told, and when its recovery."""

from __future__ import annotations

from datetime import datetime

from scraper.values import Health


def health(before: Health, failure: str, after: int, now: datetime) -> Health:
    """How a source stands after a poll: reported once when it has failed ``after`` times, once when it recovers.

    Args:
        before: How it stood.
        failure: What went wrong, ``""`` when the poll went well.
        after: Failed polls in a row before it is reported.
        now: The present moment, aware UTC.
    """
    if not failure:
        return Health(event="source_recovered" if before.trouble_since else None)
    failures = before.failures + 1
    if before.trouble_since or failures < after:
        return Health(failures, before.trouble_since)
    return Health(failures, now, "source_broken")
