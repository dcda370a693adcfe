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
EventName = Literal["new", "adds_facts", "edited", "removed", "returned", "source_broken", "source_recovered"]
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

    def twins(self, text_hash: str) -> Sequence[Candidate]:
        """Articles whose normalised body hashes the same, earliest first."""

    def sharing(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Articles that were indexed under some of these hashes, those with the most first; see ``dedupe``'s limits."""

    def stored(self, ids: Sequence[int]) -> Sequence[Candidate]:
        """These articles, in this order."""


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
    """A stored article that is due to be looked at again.

    Attributes:
        published: When it was published, or first seen; aware UTC.
        validators: None where the whole page is wanted.
        gone_since: Since when it has been missing, aware UTC; ``removed`` when that was confirmed.
    """

    article_id: int
    source: str
    link: Link
    published: datetime
    changed_at: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    gone_since: datetime | None = None
    removed: bool = False


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


DoubtReason = Literal["headline", "back again", "broken"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A change that was seen and waits for another look.

    Attributes:
        content_hash: Of the state that was seen.
        reason: ``headline`` for a headline alone, which may be a test; ``back again`` for an earlier state, which may
            be another server's old copy; ``broken`` for a body that is mostly gone or read in another place, which
            may be the outlet's new layout.
        looks: How many fetches in a row have agreed on it.
        since: When it was first seen, aware UTC.
    """

    content_hash: str
    reason: DoubtReason
    looks: int
    since: datetime


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the archive knows of one article, as far as decisions need it.

    Attributes:
        reader: The parser and the rules that read it; see :func:`scraper.extract.reader`.
        earlier: Content hashes of the states before the latest.
        doubt: A change that waits for another look.
        flaps: Changes that another look did not find.
    """

    id: int
    source: str
    key: str
    url: str
    content_hash: str
    seen_at: datetime
    state: str = "live"
    gone_since: datetime | None = None
    revisions: int = 1
    rechecks: int = 0
    changed_at: datetime | None = None
    copy_of: int | None = None
    label: Label = "none"
    score: float = 0.0
    reader: str = ""
    earlier: frozenset[str] = frozenset()
    doubt: Doubt | None = None
    flaps: int = 0
    data: ArticleData | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """How many hashes an indexed article has in common with the ones looked up, and how many it has."""

    article_id: int
    common: int
    size: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that may be the same story as another.

    Attributes:
        at: When it was published, or first seen; aware UTC.
        story: The article that stands for its story: itself unless it is a copy.
        story_source: The source of that article.
        story_at: When that article was published, or first seen; aware UTC.
    """

    id: int
    source: str
    text: str
    lead: str
    text_hash: str
    at: datetime
    story: int
    story_source: str
    story_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows that bears on one parsed article.

    Attributes:
        same: The article already stored under this key or address, with its last state.
        candidates: Other articles that may be the same story, the likeliest first.
        apart: Articles that a person said are other stories.
        together: The story that a person said it belongs to.
        layout_changed: Whether most of the source's articles that were looked at lately are in doubt as ``broken``.
        baseline: Whether the link came with the source's first poll.
        added_at: When the source was added, aware UTC.
    """

    same: KnownArticle | None = None
    candidates: tuple[Candidate, ...] = ()
    apart: frozenset[int] = frozenset()
    together: Candidate | None = None
    layout_changed: bool = False
    baseline: bool = False
    added_at: datetime | None = None


# --- decide -> store ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    """The story that an article is a copy of.

    Attributes:
        story: The article that stands for the story.
        kind: ``exact`` for the same words, ``near`` for most of them, ``chosen`` when a person said so.
        score: How alike they are, 0 to 1.
        adds_facts: Whether the copy has much that the story did not have.
        leads: Whether the copy is to stand for the story from now on.
    """

    story: int
    kind: Literal["exact", "near", "chosen"]
    score: float
    adds_facts: bool = False
    leads: bool = False


RelationKind = Literal["follow-up", "overlap"]


@dataclass(frozen=True, slots=True)
class Relation:
    """Another story that shares text with an article: an earlier one that it follows up, or one that overlaps."""

    article_id: int
    kind: RelationKind
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands among the stories: a copy of one, or a story of its own, and what it shares text with."""

    match: Match | None = None
    relations: tuple[Relation, ...] = ()


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
            most of the body is missing, which speaks of a broken page and not of an edit; ``held`` while a change
            waits for another look, ``reread`` when the same story is read in another way.
        fields: Names of the fields that differ.
        edits: What a substantive change consists of, in the order of the article.
    """

    kind: Literal["new", "unchanged", "cosmetic", "substantive", "collapsed", "held", "reread"]
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
        mark: Tells events of one name about one article apart, such as two edits; each is told once.
    """

    event: EventName
    alert: str
    channel: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one parsed article means for the archive; applied in one transaction.

    Attributes:
        text_hash: Equal for bodies that are word for word the same.
        sample: The hashes under which the text is indexed; ``old_sample`` those of the text before.
        place: Where a new article stands among the stories; nothing for one already stored.
        reader: The parser and the rules that read it.
        doubt: What waits for another look; ``flapped`` when another look did not find what had waited.
    """

    source: str
    key: str
    data: ArticleData
    content_hash: str
    text_hash: str
    sample: tuple[int, ...]
    change: Change
    judgement: Judgement
    place: Place
    intents: tuple[Intent, ...]
    now: datetime
    next_recheck_at: datetime | None
    policy_version: str
    reader: str = ""
    old_sample: tuple[int, ...] = ()
    doubt: Doubt | None = None
    flapped: bool = False
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
