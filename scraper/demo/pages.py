"""The pages that outlets serve: Jinja2 templates in ``templates/``, and feeds.

Around what is said, every answer carries noise as real pages do: another advertisement, view count and list of
other stories at each request. It is drawn from the address and the number of the request, so that a run repeats.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from random import Random

from jinja2 import Environment, PackageLoader

from scraper.demo.grammar import HANOI
from scraper.demo.outlets import Outlet
from scraper.demo.plan import Article

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_ADS = (
    "Sơn chống thấm ba lớp, giao tận công trình",
    "Mua một tặng một: bột giặt hương chanh",
    "Khóa học đàn ghi ta cuối tuần, học thử miễn phí",
    "Xe điện trả góp không cần trả trước",
    "Nệm cao su giảm nửa giá hôm nay",
    "Tour hai ngày một đêm, khởi hành hằng tuần",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a template sees it at one moment; times are in Hanoi."""

    url: str
    number: int
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    author: str
    agency: str
    section: str
    place: str
    tags: tuple[str, ...]
    caption: str
    published: datetime
    modified: datetime

    @property
    def path(self) -> str:
        """The address without scheme and host."""
        return "/" + self.url.split("/", 3)[3]

    @property
    def json_ld(self) -> str:
        """A NewsArticle as schema.org wants it, safe inside a script element."""
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": self.url},
            "headline": self.title,
            "description": self.lead,
            "datePublished": self.published.isoformat(),
            "dateModified": self.modified.isoformat(),
            "articleSection": self.section,
            "keywords": list(self.tags),
            "author": {"@type": "Organization" if self.agency else "Person", "name": self.agency or self.author},
        }
        return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


@dataclass(frozen=True, slots=True)
class Noise:
    """What differs from one answer to the next and means nothing."""

    ad: str
    views: int
    others: Sequence[Item]


def item(article: Article, moment: datetime) -> Item:
    """The article in its state at that moment."""
    version = article.at(moment)
    story, outlet = version.story, article.outlet
    return Item(
        url=article.url,
        number=article.number,
        title=story.title,
        lead=story.lead,
        paragraphs=story.paragraphs,
        author=story.author,
        agency=article.copy_of.outlet.credit if article.copy_of else "",
        section=outlet.section(story.group),
        place=story.place,
        tags=story.tags,
        caption=story.caption,
        published=article.published_at.astimezone(HANOI),
        modified=version.at.astimezone(HANOI),
    )


def noise(url: str, request: int, articles: Sequence[Article], moment: datetime) -> Noise:
    """What stands around the ``request``-th answer of an address."""
    rng = Random(f"{url} {request}")
    others = rng.sample(articles, min(4, len(articles)))
    return Noise(rng.choice(_ADS), rng.randint(120, 98_000), [item(article, moment) for article in others])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("scraper.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["rfc822"] = format_datetime
    environment.filters["weekday"] = lambda moment: _WEEKDAYS[moment.weekday()]
    environment.filters["us"] = _us_order
    return environment


def _us_order(moment: datetime) -> str:
    """``3/5/2026 3:34:00 PM``: 5 March, as lists of the vccorp family print local time (March 2026)."""
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {'PM' if moment.hour > 11 else 'AM'}"  # noqa: PLR2004


def render(template: str, outlet: Outlet, **context: object) -> str:
    """A page of ``templates/<template>``."""
    return _environment().get_template(template).render(outlet=outlet, **context)


def json_feed(outlet: Outlet, items: Sequence[Item]) -> str:
    """JSON Feed 1.1."""
    entries = [
        {
            "id": str(entry.number),
            "url": entry.url,
            "title": entry.title,
            "summary": entry.lead,
            "date_published": entry.published.isoformat(),
            "authors": [{"name": entry.author}],
            "tags": list(entry.tags),
        }
        for entry in items
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": f"http://{outlet.host}/",
        "language": "vi",
        "items": entries,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def http_date(moment: datetime) -> str:
    """A time as HTTP headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
