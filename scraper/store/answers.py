"""What the archive answers with: frozen values, free of the session that read them.

Times are aware UTC. A story's time, called ``at``, is when it was published; when the page gave no time, or one
later than the moment we saw it (outlets do print next year's date), it is when it was first seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.models import ArticleData
from scraper.values import Reason


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are wanted; what is left at its default does not restrict.

    Attributes:
        labels: Any of these labels.
        sources: Any of these sources, by name.
        since: ``at`` is this moment or later, aware UTC.
        until: ``at`` is before this moment, aware UTC.
        min_score: Probability of ``implementation``, 0 to 1.
        copies: Whether articles that are a copy of another story are listed on their own too.
        words: All of these words and "quoted phrases", with or without accents, in any text field.
        documents: Names any of these documents, by the archive's keys: canonical numbers or names.
        places: Names any of these provinces, by code.
        edited: Only articles that were edited.
        removed: Only articles that their outlet removed.
    """

    labels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    min_score: float = 0.0
    copies: bool = False
    words: str = ""
    documents: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    edited: bool = False
    removed: bool = False


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list ended: the last article's time and number. As text it goes into an address."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.at.timestamp() * 1_000_000)}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that a text stands for.

        Raises:
            ValueError: None of ours.
        """
        found = re.fullmatch(r"(\d{1,16})-(\d{1,18})", text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is no cursor; take it from a page's 'next'")
        return cls(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))


_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a list shows of an article.

    Attributes:
        at: The story's time, see the module's docstring.
        score: Probability of ``implementation``, 0 to 1.
        revisions: 1 for an article that never changed.
        copy_of: The story that this is a copy of.
        copies: How many other articles are copies of this one.
        changed_at: When the last edit was seen.
    """

    id: int
    key: str
    source: str
    url: str
    title: str
    lead: str
    section: str
    place: str
    at: datetime
    published_at: datetime | None
    seen_at: datetime
    changed_at: datetime | None
    label: str
    score: float
    points: float
    reasons: tuple[Reason, ...]
    revisions: int
    state: str
    copy_of: int | None
    copies: int

    @property
    def cursor(self) -> Cursor:
        """Where a list goes on after this one."""
        return Cursor(self.at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FullItem(Item):
    """An article in its latest state, whole."""

    canonical_url: str
    text: str
    authors: tuple[str, ...]
    agency: str
    modified_at: datetime | None
    language: str
    tags: tuple[str, ...]
    images: tuple[Mapping[str, str], ...]
    problems: tuple[str, ...]
    provenance: Mapping[str, str]
    checked_at: datetime
    gone_since: datetime | None

    def as_data(self) -> ArticleData:
        """The article as its page was read."""
        return ArticleData.model_validate({name: getattr(self, name) for name in ArticleData.model_fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An article of another story that shares text: ``follow-up``, ``followed by`` or ``overlap``.

    Attributes:
        score: How alike they are, 0 to 1.
    """

    id: int
    source: str
    url: str
    title: str
    at: datetime
    kind: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting(Related):
    """Another article of the same story; ``kind`` is ``exact``, ``near`` or ``chosen``."""

    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something in an article's life that is no revision: ``missing``, ``removed``, ``returned``, ``held``, ..."""

    at: datetime
    kind: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of an article.

    Attributes:
        edits: What was changed, as :class:`scraper.values.Edit` in JSON.
        summary: The same in one sentence.
        data: :class:`scraper.models.ArticleData` as JSON.
    """

    number: int
    seen_at: datetime
    kind: str
    changed: tuple[str, ...]
    edits: tuple[Mapping[str, str], ...]
    summary: str
    parser_version: int
    data: Mapping[str, Any]

    def as_data(self) -> ArticleData:
        """The article as its page was read then."""
        return ArticleData.model_validate(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Befallen:
    """An article to which something happened at a moment."""

    article_id: int
    source: str
    url: str
    title: str
    label: str
    score: float
    copy_of: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Befallen):
    """An article found removed; ``note`` says how it was missed."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Befallen):
    """An edit of an article seen at a moment; ``edits`` and ``summary`` as in :class:`Revision`."""

    number: int
    edits: tuple[Mapping[str, str], ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditNote:
    """An edit without the texts: the revision it made, what it changed, and the same in one sentence."""

    number: int
    seen_at: datetime
    kind: str
    changed: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Past:
    """What befell one article, without the texts.

    Attributes:
        edits: Its revisions after the first, earliest first.
        sightings: Its copies, earliest first.
        original: The story that it is a copy of.
    """

    edits: tuple[EditNote, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    original: Sighting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules of one policy version said of one revision."""

    revision: int
    judged_at: datetime
    policy_version: str
    label: str
    score: float
    points: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What an analyst said a story is.

    Attributes:
        article_id: The article that was looked at; it may be a copy of the story.
        by: ``cli`` or ``web``.
    """

    article_id: int
    label: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page kept as the server sent it, without its body. ``size`` is in bytes before packing."""

    id: int
    revision: int
    url: str
    fetched_at: datetime
    status: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage(Snapshot):
    """A page kept, with the article of which it is ``revision``.

    Attributes:
        key: The article's key.
        source: The article's source.
        headers: Those of the answer that are kept, by lower-case name.
        body: The decoded bytes.
    """

    article_id: int
    key: str
    source: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(FullItem):
    """An article with its history.

    Attributes:
        original: The story that this is a copy of.
        sightings: Its copies, earliest first.
        related: Articles of other stories that share text with it, earliest first.
        history: Its states, earliest first.
        happenings: What else befell it, earliest first.
        judgements: Newest first.
        word: The latest that an analyst said of any of the story's articles.
        snapshots: Newest first.
    """

    original: Sighting | None
    sightings: tuple[Sighting, ...]
    related: tuple[Related, ...]
    history: tuple[Revision, ...]
    happenings: tuple[Happening, ...]
    judgements: tuple[Judged, ...]
    word: Word | None
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One line of the fetch log."""

    at: datetime
    source: str
    kind: str
    url: str
    outcome: str
    size: int
    seconds: float
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How watching one source goes.

    Attributes:
        articles: Articles stored, copies included.
        links: Addresses seen in its listings, by state.
        fetches: The latest lines of the fetch log, newest first.
    """

    name: str
    added_at: datetime
    next_check_at: datetime
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    last_links: int
    failures: int
    trouble_since: datetime | None
    last_error: str
    articles: int
    links: Mapping[str, int]
    fetches: tuple[Fetch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source that is reported as failing: since when, and what was said last."""

    name: str
    failures: int
    trouble_since: datetime
    last_ok_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message for one channel: ``waiting``, sent, or given up; ``digest`` names the one that it is part of."""

    id: int
    key: str
    channel: str
    event: str
    alert: str
    article_id: int | None
    source: str
    message: Mapping[str, Any]
    created_at: datetime
    state: str
    tries: int
    next_try_at: datetime
    sent_at: datetime | None
    error: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The archive in figures.

    Attributes:
        articles: All articles; those that are copies of another are counted in ``copies`` too.
        oldest: When the first article was seen; ``newest``, the last.
        by_day: Articles first seen on a UTC day (``YYYY-MM-DD``), newest day first, days without any left out.
        snapshot_bytes: Pages as the servers sent them; ``packed_bytes`` is what they take up here.
        size_bytes: The archive's files.
        engine: What keeps them, with its version.
    """

    articles: int
    copies: int
    revisions: int
    oldest: datetime | None
    newest: datetime | None
    by_label: Mapping[str, int]
    by_source: Mapping[str, int]
    by_day: Mapping[str, int]
    by_state: Mapping[str, int]
    outbox: Mapping[str, int]
    snapshots: int
    snapshot_bytes: int
    packed_bytes: int
    size_bytes: int
    engine: str


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something took, in seconds: the median and the 95th percentile."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Service:
    """How well one source was served on one day.

    Attributes:
        day: In Vietnam, as ``2026-03-02``.
        stories: Articles stored that came out since the source is watched.
        requests: Sent for it: listings, articles and re-checks.
        not_modified: Of them answered with 304.
        robots_denied: Not sent, as robots.txt forbids it.
        held: Not sent, as the host's Retry-After had not passed.
        recall: Estimated share of its stories that was found; see :func:`scraper.store.archive.service.recall`.
        stored: From publication to the archive; ``None`` without a known time.
        told: From the archive to the channel's yes.
    """

    source: str
    day: str
    stories: int
    requests: int
    not_modified: int
    robots_denied: int
    held: int
    recall: float | None
    stored: Delay | None
    told: Delay | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one address: where it was seen, what was asked, what became of it.

    Attributes:
        state: ``waiting``, ``stored`` or ``failed``; ``""`` when no listing showed it.
        found_in: Kinds of listings that showed it.
        fetches: The latest lines of the fetch log about it, newest first.
        alerts: Messages about the article, newest first.
    """

    state: str = ""
    found_in: str = ""
    first_seen_at: datetime | None = None
    baseline: bool = False
    tries: int = 0
    next_try_at: datetime | None = None
    error: str = ""
    article_id: int | None = None
    fetches: tuple[Fetch, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """Messages of one channel in one state; ``oldest`` is when the oldest of them was written, aware UTC."""

    channel: str
    state: str
    messages: int
    oldest: datetime
