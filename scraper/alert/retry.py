"""When a message that a channel did not take is tried again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

JITTER = 0.2
"""Up to this share is taken off each pause, so that messages held up together do not all come back together."""

_MOST_DOUBLINGS = 40
"""Enough to pass any pause that settings may name, few enough for timedelta."""


def next_try(tries: int, first: timedelta, longest: timedelta, now: datetime, key: str) -> datetime:
    """The next attempt after ``tries`` failed ones, as aware as ``now``.

    Pauses double from ``first`` up to ``longest``, less a jitter that the same key and count always get alike.
    """
    doublings = min(max(tries - 1, 0), _MOST_DOUBLINGS)
    pause = min(first.total_seconds() * 2**doublings, longest.total_seconds())
    digest = hashlib.blake2b(f"{key}:{tries}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest, "big") / 0xFFFFFFFF
    return now + timedelta(seconds=pause * (1 - JITTER * share))
