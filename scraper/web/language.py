"""The pages' words in English and Vietnamese.

Templates are written in English; ``vietnamese.toml`` says how each sentence reads in Vietnamese. A test sees that
none is missing and none is left over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from starlette.requests import Request

Language = Literal["vi", "en"]
LANGUAGES: dict[str, Language] = {language: language for language in get_args(Language)}
COOKIE = "scraper_language"


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language."""

    language: Language
    table: Mapping[str, str]

    def __call__(self, english: str, **values: object) -> str:
        """A sentence, with values put in its braces; in English where no translation is known."""
        text = self.table.get(english, english)
        return text.format(**values) if values else text

    def n(self, one: str, many: str, number: int) -> str:
        """A counted thing: ``t.n("{n} copy", "{n} copies", 2)``. Vietnamese has one form for any number."""
        english = one if number == 1 and self.language == "en" else many
        return self(english, n=number)


@cache
def words(language: Language) -> Words:
    """The words of a language."""
    if language == "en":
        return Words("en", {})
    return Words("vi", tomllib.loads(Path(__file__).with_name("vietnamese.toml").read_text(encoding="utf-8")))


def language_of(request: Request) -> Language:
    """The reader's choice, else what the browser prefers of the two, else Vietnamese."""
    chosen = request.cookies.get(COOKIE, "")
    return LANGUAGES.get(chosen) or _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    """Of ``Accept-Language``, the one of ours with the highest weight (RFC 9110, 12.5.4)."""
    weights: dict[Language, float] = {}
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        if language := LANGUAGES.get(tag.lower().split("-")[0]):
            weights.setdefault(language, _weight(weight))
    return max(weights, key=lambda language: weights[language], default="vi") if any(weights.values()) else "vi"


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", text, re.ASCII) else 0.0 if text else 1.0
