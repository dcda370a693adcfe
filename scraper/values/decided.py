"""What was decided about an article, down to the messages that go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from scraper.models import ArticleData
from scraper.names import EditKind, EventName, Label
from scraper.values.known import Doubt, KnownArticle
from scraper.values.pages import Page


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
        rule: The rule's name in ``policy.toml``; ``learned`` for what the analysts' words taught.
        field: ``section``, ``title``, ``lead`` or ``text``.
        matched: The words as they stand in the article; ``""`` for a sum of many.
        weight: What it adds to the points.
    """

    rule: str
    field: str
    matched: str
    weight: float


def strongest(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that speak for the label and show words of the article, the weightiest first."""
    return sorted((each for each in reasons if each.weight > 0 and each.matched), key=lambda each: -each.weight)


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
class Mention:
    """That an article names a document or a province.

    Attributes:
        key: A document's canonical number or, without one, its canonical name; a province's code.
        name: What it is called there: a document's canonical short name or, of one cited by number, that number; a
            province's name as written.
        count: How often.
    """

    kind: Literal["document", "place"]
    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Intent:
    """A message that must reach a channel.

    Attributes:
        event: What happened.
        alert: The watch that is told by it; ``sources`` for trouble with a source.
        channel: The channel's name in settings.
        facts: What the renderer needs beyond the article itself.
        mark: Tells events of one name about one article apart, such as two edits; each is told once.
        due: When the watch's digest goes out, aware UTC; None for what is told at once.
    """

    event: EventName
    alert: str
    channel: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""
    due: datetime | None = None


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
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What the outbox holds for a channel, ready to be rendered and sent: one row, or all rows of a digest.

    Attributes:
        key: Idempotency key; goes out with the message.
        body: Facts frozen when the event happened: title, url, outlet, label, score, reasons, times; of a ``digest``
            its ``stories``, each with its own facts, ``event`` and ``key``.
        others: The further rows of a digest.
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
    others: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """All outbox rows that the message stands for."""
        return (self.id, *self.others)
