"""Stories whose paragraphs no two share, for tests of copies."""

from __future__ import annotations

import random

_WORDS = "xã hộ dân vốn nước đường trường lúa chợ cầu rừng suối bản nhà ruộng trâu gạo muối vải đèn"
WORDS = _WORDS.split()


def story(seed: int, paragraphs: int = 8) -> list[str]:
    """Paragraphs of thirty words that no other seed shares."""
    rng = random.Random(seed)  # noqa: S311 - the same words each time
    return [" ".join(rng.choices(WORDS, k=30)).capitalize() + "." for _ in range(paragraphs)]


def text(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


WIRE = story(1)
OTHER = story(2)
