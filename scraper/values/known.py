"""What the archive knows that bears on a poll, a re-check or a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from scraper.models import ArticleData
from scraper.names import EventName, Label
from scraper.values.pages import Link, Validators


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
        told_at: When its trouble was last told.
    """

    failures: int = 0
    trouble_since: datetime | None = None
    told_at: datetime | None = None
    event: EventName | None = None


READ_FIELDS = ("lead", "published_at", "authors", "section")
"""Fields that most articles of an outlet have, or none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one article: which of :data:`READ_FIELDS`, and how many characters of text."""

    fields: frozenset[str]
    length: int


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
        story_at: Of a copy: when the article that stands for its story was published, or first seen; aware UTC.
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
    story_at: datetime | None = None
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
        failing: Whether the source's last poll failed: what its pages show meanwhile may be the failure.
        baseline: Whether the link came with the source's first poll.
        added_at: When the source was added, aware UTC.
    """

    same: KnownArticle | None = None
    candidates: tuple[Candidate, ...] = ()
    apart: frozenset[int] = frozenset()
    together: Candidate | None = None
    layout_changed: bool = False
    failing: bool = False
    baseline: bool = False
    added_at: datetime | None = None
