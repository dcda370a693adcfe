"""What one layer read off a page; the layers are laid over one another field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from scraper.models import Image


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of the outlet before a page of it is read.

    Attributes:
        zone: In which it prints times.
        order: How its all-number dates are to be read.
        names: Its own names, which are neither authors nor agencies of its articles.
        known: Whether a source file describes it.
    """

    zone: ZoneInfo
    order: Literal["dmy", "mdy"]
    names: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One layer's reading of the fields of :class:`scraper.models.ArticleData`; empty where it found nothing.

    ``mostly_links`` is a doubt about the paragraphs and ``box`` names the element they stood in; both go with them.
    """

    title: str = ""
    lead: str = ""
    paragraphs: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    agency: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str = ""
    place: str = ""
    language: str = ""
    tags: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    mostly_links: bool = False
    box: str = ""


_OF_PARAGRAPHS = ("mostly_links", "box")


def laid_over(layers: Sequence[tuple[str, Reading]]) -> tuple[Reading, dict[str, str]]:
    """Each field from the first layer that has it, and which layer that was."""
    chosen: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    for name, layer in layers:
        for each in fields(Reading):
            if each.name in _OF_PARAGRAPHS:
                continue
            value = getattr(layer, each.name)
            if value and each.name not in chosen:
                chosen[each.name] = value
                provenance[each.name] = name
                if each.name == "paragraphs":
                    chosen |= {of: getattr(layer, of) for of in _OF_PARAGRAPHS}
    return replace(Reading(), **chosen), provenance
