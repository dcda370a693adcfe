"""What a server answered, and the links found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to recognise an unchanged answer."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A successful answer, inflated and within the size cap.

    Attributes:
        url: The address asked for.
        final_url: The address after redirects.
        status: 2xx.
        headers: Lower-case names.
        body: The decoded bytes.
        fetched_at: Aware UTC.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    seconds: float = 0.0

    @property
    def content_type(self) -> str:
        """The Content-Type header, lower case, with its parameters."""
        return self.headers.get("content-type", "").lower()

    @property
    def validators(self) -> Validators:
        """What to send next time to be told that nothing changed."""
        return Validators(self.headers.get("etag", ""), self.headers.get("last-modified", ""))


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the server says that nothing changed since the validators sent."""

    url: str
    fetched_at: datetime
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """An article's address as found in a listing, with what the listing says of it.

    Attributes:
        url: Absolute and canonical.
        key: Names the article within its source; see :func:`scraper.config.Source.key`.
        published_at: Aware UTC, when the listing shows a time.
    """

    url: str
    key: str
    title: str = ""
    lead: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What one listing page, feed or sitemap holds.

    Attributes:
        links: Articles in listing order, each key once.
        more: Further addresses of the same listing: the next page, or the sitemaps of an index, newest first.
    """

    links: tuple[Link, ...]
    more: tuple[str, ...] = ()
