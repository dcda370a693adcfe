"""Frozen values handed between stages, and the Protocols at the seams.

A stage takes values and gives values; only ``fetch`` and ``store`` touch the world.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from scraper.models import ArticleData

Label = Literal["implementation", "issuance", "oversight", "none"]
EventName = Literal["new", "edited", "removed", "source_broken", "source_recovered"]
EditKind = Literal[
    "headline",
    "lead",
    "number",
    "date",
    "money",
    "name",
    "place",
    "document",
    "quotation",
    "wording",
    "paragraph added",
    "paragraph removed",
    "paragraph moved",
    "correction notice",
    "author",
]


# --- seams -------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """Where the daemon and the host clock get the time from."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""

    def sleep(self, seconds: float) -> None:
        """Let that much of this clock's time pass."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(seconds)


class HostClock(Protocol):
    """Keeps requests to one host apart."""

    def wait(self, host: str, delay: float) -> None:
        """Block until ``host`` may be asked again, then reserve it for ``delay`` seconds."""

    def hold(self, host: str, until: datetime) -> None:
        """Ask ``host`` nothing before ``until`` (aware UTC)."""

    def held(self, host: str) -> datetime | None:
        """Until when ``host`` is to be asked nothing (aware UTC), or ``None`` when it may be asked."""


class Index(Protocol):
    """Where :mod:`scraper.dedupe` looks for an article's copies."""

    def by_hash(self, text_hash: str) -> Sequence[KnownArticle]:
        """Articles whose normalised body hashes the same, earliest first."""


# --- fetch -> discover, extract ----------------------------------------------------------------------------


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


# --- store -> pipeline -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """A link that waits to be fetched."""

    id: int
    link: Link
    tries: int = 0
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Recheck:
    """A stored article that is due to be looked at again."""

    article_id: int
    source: str
    link: Link
    since: datetime
    validators: Validators = field(default_factory=Validators)
    gone_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How a source has been doing.

    Attributes:
        failures: Failed polls in a row.
        trouble_since: When it was reported as broken, ``None`` while it is well or not yet reported.
    """

    failures: int = 0
    trouble_since: datetime | None = None
    event: EventName | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One line for the fetch log."""

    at: datetime
    source: str
    kind: Literal["listing", "article", "recheck"]
    url: str
    outcome: str
    size: int = 0
    seconds: float = 0.0
    error: str = ""


# --- store -> decide ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the archive knows of one article, as far as decisions need it."""

    id: int
    source: str
    key: str
    url: str
    content_hash: str
    seen_at: datetime
    state: str = "live"
    revisions: int = 1
    rechecks: int = 0
    copy_of: int | None = None
    label: Label = "none"
    score: float = 0.0
    parser_version: int = 0
    data: ArticleData | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows that bears on one parsed article.

    Attributes:
        same: The article already stored under this key or address, with its last state.
        twins: Other articles whose normalised body hashes the same, earliest first.
        baseline: Whether the link came with the source's first poll.
        added_at: When the source was added, aware UTC.
    """

    same: KnownArticle | None = None
    twins: tuple[KnownArticle, ...] = ()
    baseline: bool = False
    added_at: datetime | None = None


# --- decide -> store ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    """The story that an article is a copy of."""

    article_id: int
    kind: Literal["exact", "near"]
    score: float


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that an outlet changed in a story.

    Attributes:
        kind: What was changed.
        field: ``title``, ``lead``, ``text`` or ``authors``.
        before: The words as they stood, ``""`` for what was added; a whole paragraph is cut to its beginning.
        after: The words as they stand, ``""`` for what was removed.
        about: The words that say what a figure or name stands for, such as ``Tăng trưởng``; often ``""``.
    """

    kind: EditKind
    field: str
    before: str = ""
    after: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """How an article differs from its last stored state.

    Attributes:
        kind: ``new`` when nothing was stored, ``unchanged``, ``cosmetic``, ``substantive``, or ``collapsed`` when
            most of the body is missing, which speaks of a broken page and not of an edit.
        fields: Names of the fields that differ.
        edits: What a substantive change consists of, in the order of the article.
    """

    kind: Literal["new", "unchanged", "cosmetic", "substantive", "collapsed"]
    fields: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke for or against a label.

    Attributes:
        rule: The rule's name in ``policy.toml``.
        field: ``section``, ``title``, ``lead`` or ``text``.
        matched: The words as they stand in the article.
        weight: What it adds to the points.
    """

    rule: str
    field: str
    matched: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the policy rules say of one article, and why.

    Attributes:
        label: The kind of policy news.
        points: The sum of the reasons' weights.
        score: Probability that the article is ``implementation``, 0 to 1, whatever the label.
    """

    label: Label
    points: float
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """A message that must reach a channel.

    Attributes:
        event: What happened.
        alert: The alert rule that asks for it; ``sources`` for trouble with a source.
        channel: The channel's name in settings.
        facts: What the renderer needs beyond the article itself.
    """

    event: EventName
    alert: str
    channel: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one parsed article means for the archive; applied in one transaction."""

    source: str
    key: str
    data: ArticleData
    content_hash: str
    text_hash: str
    change: Change
    judgement: Judgement
    match: Match | None
    intents: tuple[Intent, ...]
    now: datetime
    next_recheck_at: datetime | None
    policy_version: str
    same: KnownArticle | None = None
    page: Page | None = None


# --- store -> alert ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One outbox row, ready to be rendered and sent.

    Attributes:
        key: Idempotency key; goes out with the message.
        body: Facts frozen when the event happened: title, url, outlet, label, score, reasons, times.
    """

    id: int
    key: str
    channel: str
    event: EventName
    alert: str
    source: str
    body: Mapping[str, Any]
    created_at: datetime
    tries: int = 0
