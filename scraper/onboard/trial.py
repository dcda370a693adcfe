"""Read an outlet's articles by its rules, and say field by field what each layer finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scraper import extract, markup
from scraper.config import ListingRule, Source
from scraper.errors import FetchError
from scraper.extract.selectors import Sample
from scraper.models import ArticleData
from scraper.onboard import listings
from scraper.onboard.listings import Found, Get
from scraper.values import Link

FIELDS = (
    "title",
    "lead",
    "text",
    "authors",
    "agency",
    "published_at",
    "modified_at",
    "section",
    "place",
    "tags",
    "images",
)
"""The fields that are compared, as :class:`scraper.models.ArticleData` names them."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One article that was read.

    Attributes:
        url: Its address.
        article: What was read; ``None`` when the page could not be had.
        error: Why not.
    """

    url: str
    article: ArticleData | None = None
    error: str = ""

    @property
    def whole(self) -> bool:
        """Whether it has a title and a text."""
        return self.article is not None and bool(self.article.title and self.article.text)


@dataclass(frozen=True, slots=True)
class FieldReport:
    """What the layers found for one field of one article: by the source's rules, in data, on the page; which won."""

    field: str
    site: Any
    data: Any
    shown: Any
    taken: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A source's listings and some of its articles, as its rules read them today."""

    listings: tuple[Found, ...]
    articles: tuple[tuple[Trial, tuple[FieldReport, ...]], ...]


def samples_of(links: Sequence[Link], get: Get, tell: Callable[[str], None]) -> tuple[list[Sample], list[Trial]]:
    """The pages of some articles, and those that could not be had."""
    pages: list[Sample] = []
    failed: list[Trial] = []
    for link in links:
        tell(link.url)
        try:
            page = get(link.url)
        except FetchError as error:
            failed.append(Trial(link.url, error=str(error)))
            continue
        pages.append(Sample(markup.decode(page.body, page.content_type), page.final_url))
    return pages, failed


def read(samples: Sequence[Sample], source: Source) -> list[Trial]:
    """The articles as the source reads them."""
    return [Trial(sample.url, extract.parse_article(sample.html, sample.url, source)) for sample in samples]


def examine(source: Source, get: Get, now: datetime, tell: Callable[[str], None], articles: int) -> Examined:
    """Try a source: its listings, and the first articles of them, field by field.

    Args:
        source: The source.
        get: Fetches a page, raising FetchError.
        now: What relative times count from, aware UTC.
        tell: Called with each address before it is asked for.
        articles: How many articles are read.
    """
    found = tuple(_listing(source, rule, get, now, tell) for rule in source.listings)
    links = list({link.key: link for each in found for link in each.links}.values())[:articles]
    pages, failed = samples_of(links, get, tell)
    read_ones = [
        (trial, _fields(sample, source, trial)) for sample, trial in zip(pages, read(pages, source), strict=True)
    ]
    return Examined(found, (*read_ones, *((trial, ()) for trial in failed)))


def _listing(source: Source, rule: ListingRule, get: Get, now: datetime, tell: Callable[[str], None]) -> Found:
    tell(rule.url)
    return listings.try_out(get, source, rule, now)


def _fields(sample: Sample, source: Source, trial: Trial) -> tuple[FieldReport, ...]:
    layers = extract.read_layers(sample.html, sample.url, source)
    taken = trial.article.provenance if trial.article else {}
    return tuple(
        FieldReport(
            name,
            _value(layers.rules, name),
            _value(layers.data, name),
            _value(layers.shown, name),
            taken.get(name, ""),
        )
        for name in FIELDS
    )


def _value(reading: extract.Reading, name: str) -> Any:  # noqa: ANN401 - fields differ in type
    return "\n\n".join(reading.paragraphs) if name == "text" else getattr(reading, name)
