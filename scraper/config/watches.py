"""What ``watches.toml`` may say: what is told to whom, and when."""

from __future__ import annotations

from collections import Counter
from datetime import time
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_serializer, model_validator

from scraper import documents, places
from scraper.config.units import Section, TimeOfDay
from scraper.text import fold, syllables
from scraper.values import EventName, Label

StoryEvent = Literal["new", "adds_facts", "edited", "removed", "returned"]
WatchEvent = Literal[StoryEvent, "source_broken", "source_recovered", "source_gap"]

_NAMED = ("bo luat", "luat", "phap lenh", "hien phap", "chuong trinh", "de an", "chien luoc", "nghi quyet")
"""Kinds of documents that are known by name, folded: such a document may be given without its number."""


def _words(value: str) -> str:
    if not syllables(value):
        raise ValueError(f"{value!r} holds no word; write a word or a phrase such as 'giảm nghèo'")
    return value


def _document(value: str) -> str:
    if not documents.citations(value) and not fold(value).startswith(_NAMED):
        raise ValueError(
            f"{value!r} is not a document's number or name; write for example '1719/QĐ-TTg' or 'Luật Đất đai 2024'"
        )
    return value


def _place(value: str) -> str:
    if places.code_of(value) is None:
        raise ValueError(f"{value!r} is no province, present or former; the nearest is {places.nearest(value)!r}")
    return value


Words = Annotated[str, AfterValidator(_words)]
Document = Annotated[str, AfterValidator(_document)]
PlaceName = Annotated[str, AfterValidator(_place)]


class Watch(Section):
    """What somebody wants to be told of. Every key that is set must hold; of a list, one entry is enough.

    Attributes:
        labels: Kinds of policy news.
        min_score: Probability of ``implementation``, 0 to 1.
        words: Words and phrases of which one must occur; ``all_words``, of which each must. Written without accents
            they match with any, as in ``scraper search``; written with accents, the accents count.
        documents: Documents by number or name, of which one must be cited.
        places: Provinces by code or by present or former name, of which one must be named.
        outlets: Names of sources.
        events: ``new`` stories (also those that an edit turns into what the watch asks for), copies that
            ``adds_facts``, stories that are ``edited``, ``removed`` or have ``returned``; of ``source_broken``,
            ``source_recovered`` and ``source_gap`` only ``outlets`` can choose, as no story is meant.
        channels: Who is told; see ``[channels]`` in ``settings.toml``.
        digest: The time of day at which all that was found is told in one message; without it, each at once.
    """

    name: str = Field(min_length=1)
    labels: list[Label] = []
    min_score: float = Field(default=0.0, ge=0.0, le=1.0)
    words: list[Words] = []
    all_words: list[Words] = []
    documents: list[Document] = []
    places: list[PlaceName] = []
    outlets: list[str] = []
    events: list[WatchEvent] = Field(default=["new", "adds_facts"], min_length=1)
    channels: list[str] = Field(default=["terminal"], min_length=1)
    when: Literal["at once"] | None = None
    digest: TimeOfDay | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Watch:
        if self.when is not None and self.digest is not None:
            raise ValueError("has both 'when' and 'digest'; keep when = 'at once' or digest = '07:00'")
        return self

    @field_serializer("digest")
    def _clock(self, digest: time | None) -> str | None:
        return digest.isoformat("auto" if digest.second else "minutes") if digest is not None else None

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Canonical number to the document as written, for those that :func:`documents.citations` reads."""
        return {cited.number: written for written in self.documents for cited in documents.citations(written)}

    @cached_property
    def titles(self) -> list[str]:
        """Documents that are known by name alone; they are looked for as words."""
        return [written for written in self.documents if not documents.citations(written)]

    @cached_property
    def codes(self) -> dict[str, str]:
        """Province code to the place as written."""
        return {code: written for written in self.places if (code := places.code_of(written)) is not None}

    def wants(self, event: EventName) -> bool:
        """Whether events of this name are asked for."""
        return event in self.events


class Watches(Section):
    """The whole of ``watches.toml``."""

    watches: list[Watch] = []

    @model_validator(mode="after")
    def _names_differ(self) -> Watches:
        twice = [name for name, count in Counter(watch.name for watch in self.watches).items() if count > 1]
        if twice:
            raise ValueError(f"watches: {', '.join(map(repr, twice))}: used twice; each watch needs a name of its own")
        return self
