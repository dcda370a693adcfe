"""What a story says in facts: the documents, places, figures, bodies and officials that it names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from scraper.bodies import Body, Official, bodies, officials
from scraper.documents import Citation, citations
from scraper.figures import Figure, figures
from scraper.models import ArticleData
from scraper.places import District, Province, districts, provinces
from scraper.values import Mention

VERSION = 1
"""Raised when documents or places are read otherwise; ``scraper reflag`` then reads stored articles anew."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one article; spans are of :func:`read_as`."""

    documents: tuple[Citation, ...]
    provinces: tuple[Province, ...]
    districts: tuple[District, ...]
    figures: tuple[Figure, ...]
    bodies: tuple[Body, ...]
    officials: tuple[Official, ...]


def read_as(data: ArticleData) -> str:
    """Dateline, title, lead and text as one text, so that a short name finds the number that another part gives."""
    return "\n\n".join(part for part in (data.place, data.title, data.lead, data.text) if part)


def facts_of(data: ArticleData) -> Facts:
    """Everything that the article names, in order; what is named twice comes twice."""
    text = read_as(data)
    return Facts(
        tuple(citations(text)),
        tuple(provinces(text)),
        tuple(districts(text)),
        tuple(figures(text)),
        tuple(bodies(text)),
        tuple(officials(text)),
    )


def mentions(data: ArticleData) -> tuple[Mention, ...]:
    """The documents and provinces that the article names, each once for each name it goes by, with how often."""
    return _mentions(read_as(data))


@lru_cache(maxsize=16)
def _mentions(text: str) -> tuple[Mention, ...]:
    """Kept for a moment: an article is asked about by several watches and then stored."""
    documents = Counter((citation.number, citation.name or citation.number) for citation in citations(text))
    places = Counter((province.code, province.written) for province in provinces(text))
    return (
        *(Mention("document", key, name, count) for (key, name), count in documents.items()),
        *(Mention("place", code, written, count) for (code, written), count in places.items()),
    )
