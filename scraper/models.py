"""The shape of an article, and every table of the archive.

:class:`ArticleData` is what a page was read as; it is validated. Tables validate nothing (SQLModel's rule for
``table=True``), so rows are built from it and from :mod:`scraper.values` in ``store`` alone. No Session here.

All times are aware UTC, in and out: SQLModel stores a plain ``datetime`` field so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, ConfigDict
from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

from scraper.packed import PackedJson

PARSER_VERSION = 3
"""Stands on each revision, so that a better parser is never mistaken for an edit by the outlet."""

STORY_TIME = "CASE WHEN published_at <= seen_at THEN published_at ELSE seen_at END"
"""SQL over ``article``: when it was published; first seen, if the page gave no time or one yet to come."""


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


UtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc)]


class Image(SQLModel):
    """A picture of an article: absolute URL, its caption and credit as printed."""

    url: str
    caption: str = ""


class ArticleData(SQLModel):
    """One article as read from one page. Text is NFC; absent text is ``""``, an absent time ``None``.

    Attributes:
        url: The address the page was fetched from, canonicalised.
        canonical_url: The address the page gives as its own when that is on the same site, else ``url``.
        title: The headline, without the outlet's name.
        lead: The standfirst (sapo), without the outlet's prefix.
        text: Body paragraphs joined by a blank line; neither lead nor captions are repeated in it.
        authors: People, as signed.
        agency: The agency or other outlet credited, e.g. ``TTXVN``.
        published_at: Time of publication, aware UTC.
        modified_at: Time of the last edit the page admits to, aware UTC.
        section: The section's label as printed.
        place: The place line or dateline, e.g. ``Cao Bằng``.
        language: ISO 639-1 code.
        tags: Topic labels in page order, without repeats.
        images: Pictures of the body and the lead.
        problems: What is missing or doubtful, one short English sentence each.
        provenance: Field name to the layer that gave it: ``site``, ``data``, ``generic`` or ``listing``; under ``box``
            the element that the generic finder found the body in.
    """

    model_config = ConfigDict(validate_assignment=True)  # type: ignore[assignment]

    url: str
    canonical_url: str = ""
    title: str = ""
    lead: str = ""
    text: str = ""
    authors: list[str] = []
    agency: str = ""
    published_at: UtcTime | None = None
    modified_at: UtcTime | None = None
    section: str = ""
    place: str = ""
    language: str = ""
    tags: list[str] = []
    images: list[Image] = []
    problems: list[str] = []
    provenance: dict[str, str] = {}

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs."""
        return self.text.split("\n\n") if self.text else []


class Source(SQLModel, table=True):
    """What is remembered of one configured source between polls.

    ``told_at`` is when its trouble was last told, ``quiet_since`` since when it was watched and brought nothing,
    ``rhythm`` how many stories each hour of its week brings, as reckoned at ``rhythm_at``, ``page_base`` the snapshot
    against which its pages are packed.
    """

    name: str = Field(primary_key=True)
    added_at: datetime
    next_check_at: datetime = Field(index=True)
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    last_links: int = 0
    failures: int = 0
    trouble_since: datetime | None = None
    told_at: datetime | None = None
    last_error: str = ""
    quiet_since: datetime | None = None
    rhythm: list[float] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    rhythm_at: datetime | None = None
    page_base: int | None = None


class Host(SQLModel, table=True):
    """When a host may be asked again: its next turn, and until when it wants to be left alone."""

    name: str = Field(primary_key=True)
    free_at: datetime | None = None
    held_until: datetime | None = None


class Listing(SQLModel, table=True):
    """Validators of one listing address, written together with the links they vouch for.

    ``addresses_hash`` stands for the addresses that it showed, in order.
    """

    url: str = Field(primary_key=True)
    source: str = Field(index=True)
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    addresses_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})
    checked_at: datetime


class Link(SQLModel, table=True):
    """An address seen in a listing: waiting to be fetched, stored, or given up.

    ``key`` names the article within its source (post id, else the canonical URL), so that an alias, a mobile
    or an AMP address is the same link. ``found_in`` names the kinds of listings that showed it, such as ``feed html``.
    """

    __table_args__ = (
        Index("ix_link_due", "source", "state", "next_try_at"),
        Index("ix_link_seen", "source", "first_seen_at"),
        Index("ix_link_tried", "source", "tried_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    key: str = Field(unique=True)
    url: str = Field(index=True)
    title: str = ""
    lead: str = ""
    published_at: datetime | None = None
    first_seen_at: datetime
    baseline: bool = False
    state: str = "waiting"
    tries: int = 0
    next_try_at: datetime
    tried_at: datetime | None = None
    error: str = ""
    found_in: str = Field(default="", sa_column_kwargs={"server_default": ""})
    article_id: int | None = Field(default=None, index=True, foreign_key="article.id")


_COPIED, _DOUBTED, _BASED = text("copy_of IS NOT NULL"), text("doubt IS NOT NULL"), text("base IS NOT NULL")


class Article(SQLModel, table=True):
    """One article of one outlet in its latest state; earlier states are in :class:`Revision`.

    ``reader`` names the parser and rules that read it, ``doubt`` is a change that waits for a second look, ``flaps``
    counts changes that the second look did not find, ``sampled`` is how many rows of :class:`Shingle` it has.
    """

    __table_args__ = (
        # All that lists choose by, so that none reads a row it does not show: 1 ms of 100,000 instead of 250.
        Index("ix_article_list", text(f"({STORY_TIME})"), "copy_of", "label", "source", "state", "revisions", "score"),
        Index("ix_article_copy_of", "copy_of", sqlite_where=_COPIED, postgresql_where=_COPIED),
        Index("ix_article_recheck", "next_recheck_at"),
        Index("ix_article_doubt", "source", sqlite_where=_DOUBTED, postgresql_where=_DOUBTED),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(index=True)
    key: str = Field(unique=True)
    url: str = Field(index=True)
    canonical_url: str = Field(index=True)
    title: str
    lead: str
    text: str
    authors: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    agency: str = ""
    published_at: datetime | None = Field(default=None, index=True)
    modified_at: datetime | None = None
    section: str = ""
    place: str = ""
    language: str = ""
    tags: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    images: list[dict[str, str]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    problems: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    provenance: dict[str, str] = Field(default={}, sa_column=Column(JSON, nullable=False))
    content_hash: str
    text_hash: str = Field(index=True)
    sampled: int = 0
    sketch_version: int = 0
    facts_version: int = 0
    folded: str
    seen_at: datetime = Field(index=True)
    checked_at: datetime
    changed_at: datetime | None = None
    state: str = "live"
    gone_since: datetime | None = None
    revisions: int = 1
    rechecks: int = 0
    next_recheck_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    reader: str = ""
    doubt: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    flaps: int = 0
    label: str = "none"
    score: float = 0.0
    points: float = 0.0
    reasons: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    copy_of: int | None = Field(default=None, foreign_key="article.id")

    @property
    def told_at(self) -> datetime:
        """When its outlet told it, or it was first seen where that was earlier; :data:`STORY_TIME` of a row in hand."""
        return min(self.published_at or self.seen_at, self.seen_at)


class Revision(SQLModel, table=True):
    """One state of an article, kept whole. Number 1 is the state first seen; ``data`` is :class:`ArticleData`."""

    __table_args__ = (
        Index("ix_revision_article", "article_id", "number", unique=True),
        Index("ix_revision_seen", "seen_at", "number", "article_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    number: int
    seen_at: datetime
    kind: str
    changed: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    edits: list[dict[str, str]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    summary: str = ""
    content_hash: str
    parser_version: int = PARSER_VERSION
    data: dict[str, Any] = Field(sa_column=Column(PackedJson, nullable=False))


class Copy(SQLModel, table=True):
    """A sighting of one story at another address: ``article_id`` is a copy of ``of_id``."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    of_id: int = Field(index=True, foreign_key="article.id")
    kind: str
    score: float
    found_at: datetime


class Relation(SQLModel, table=True):
    """An article shares text with another story: it is a ``follow-up`` of ``other_id``, or they ``overlap``."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    other_id: int = Field(primary_key=True, index=True, foreign_key="article.id")
    kind: str
    score: float
    found_at: datetime


class Choice(SQLModel, table=True):
    """What a person decided: ``article_id`` and ``other_id`` are one story (``together``) or two (``apart``)."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    other_id: int = Field(primary_key=True, index=True, foreign_key="article.id")
    verdict: str
    chosen_at: datetime


class Feedback(SQLModel, table=True):
    """What an analyst said an article is, ``by`` the command line (``cli``) or the page (``web``); the latest word."""

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    label: str
    at: datetime
    by: str


class Lessons(SQLModel, table=True):
    """What was learned from the analysts' words: one row, number 1. ``learned`` is the model, ``figures`` its worth."""

    id: int = Field(primary_key=True)
    fitted_at: datetime
    learned: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    figures: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Mention(SQLModel, table=True):
    """That an article names a document or a province; see :mod:`scraper.facts`.

    ``key`` is a document's canonical number or name, or a province's code; ``name`` what it is called there.
    """

    __table_args__ = (
        Index("ix_mention_key", "kind", "key", "name", "article_id"),
        Index("ix_mention_name", "kind", "name", "key"),
    )

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    count: int


class Shingle(SQLModel, table=True):
    """One indexed hash of one article's text; see :mod:`scraper.dedupe`. Clustered by hash.

    No foreign key: checking it would double the cost of an article, and articles are never deleted.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)

    hash: int = Field(sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))
    article_id: int = Field(primary_key=True)


class Happening(SQLModel, table=True):
    """Something in an article's life that is no revision: ``missing``, ``removed``, ``returned``, ``held``, ..."""

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(index=True, foreign_key="article.id")
    at: datetime = Field(index=True)
    kind: str
    note: str = ""


class Judgement(SQLModel, table=True):
    """What the policy rules said of one revision, and why."""

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(index=True, foreign_key="article.id")
    revision: int
    judged_at: datetime
    policy_version: str
    label: str
    score: float
    points: float
    reasons: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False))


class Snapshot(SQLModel, table=True):
    """The page as the server sent it, for one revision. ``body`` is zstd of the decoded HTTP body.

    ``base`` is the snapshot, itself without one, whose page it was packed against: see :mod:`scraper.store.snapshots`.
    """

    __table_args__ = (
        Index("ix_snapshot_article", "article_id", "revision"),
        Index("ix_snapshot_base", "base", "fetched_at", sqlite_where=_BASED, postgresql_where=_BASED),
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    revision: int
    url: str
    fetched_at: datetime = Field(index=True)
    status: int
    headers: dict[str, str] = Field(default={}, sa_column=Column(JSON, nullable=False))
    sha256: str
    size: int
    base: int | None = None
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class OutboxRow(SQLModel, table=True):
    """One message for one channel. ``key`` is its idempotency key and goes out with it.

    Rows of one channel with one ``digest`` go out together, once ``next_try_at`` has come; ``""`` goes out at once.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "next_try_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    channel: str
    event: str
    alert: str
    article_id: int | None = Field(default=None, index=True, foreign_key="article.id")
    source: str
    message: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime
    state: str = "waiting"
    tries: int = 0
    next_try_at: datetime
    sent_at: datetime | None = None
    error: str = ""
    digest: str = Field(default="", sa_column_kwargs={"server_default": ""})


class FetchRow(SQLModel, table=True):
    """One line of the fetch log: what was asked, what came, how long it took."""

    __tablename__ = "fetch"
    __table_args__ = (Index("ix_fetch_outcome", "source", "at", "kind", "outcome"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    source: str = Field(index=True)
    kind: str
    url: str
    outcome: str
    size: int = 0
    seconds: float = 0.0
    error: str = ""
