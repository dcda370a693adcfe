"""What truly happened in the newsroom, in the form that a monitor's archive can be held against.

All times are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.values import Label

FaultKind = Literal["503", "drop", "challenge", "refused", "blank", "bare"]
EventKind = Literal["publish", "copy", "correct", "remove", "outage", "recover", "layout", "channel_down", "channel_up"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens at one moment.

    Attributes:
        host: Where it happens.
        url: The article concerned, if one is.
        what: The event in English words, for narrating.
        title: The headline as it stands after the event.
    """

    at: datetime
    kind: EventKind
    host: str
    what: str
    url: str = ""
    title: str = ""

    def __str__(self) -> str:
        return f"{self.host} {self.what}" + (f": {self.title}" if self.title else "")


@dataclass(frozen=True, slots=True)
class Published:
    """One article that an outlet put online.

    Attributes:
        label: The kind of policy news that it is, by construction.
        backlog: Whether it was there before the newsroom's first moment.
        copy_of: The address of the story it copies.
        copy_kind: ``exact``, ``trimmed``, ``retitled``, ``new lead``, ``dateline``, ``desk edit`` or ``adds facts``.
        follows: The address of the earlier story it takes background from; it is not a copy.
    """

    outlet: str
    url: str
    title: str
    topic: str
    label: Label
    published_at: datetime
    backlog: bool
    copy_of: str = ""
    copy_kind: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One correction of a published article.

    Attributes:
        kind: ``headline``, ``figure``, ``lead``, ``paragraph added`` or ``paragraph removed``.
        fields: Which of ``title``, ``lead`` and ``text`` changed.
        stands_until: When the next correction or the removal replaced this state; ``None`` if nothing did.
    """

    outlet: str
    url: str
    at: datetime
    kind: str
    fields: tuple[str, ...]
    stands_until: datetime | None


@dataclass(frozen=True, slots=True)
class Removal:
    """One article taken offline; ``status`` is what its address answers since."""

    outlet: str
    url: str
    at: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a host does not do its work.

    Attributes:
        kind: ``503`` answers so, ``drop`` hangs up, ``challenge`` asks visitors to prove to be human, ``refused``
            answers 403, ``blank`` sends pages without a body, ``bare`` pages of which the articles have gone.
    """

    host: str
    start: datetime
    end: datetime
    kind: FaultKind

    def covers(self, moment: datetime) -> bool:
        """Whether the host is down at that moment."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Truth:
    """All that happened until one moment, earliest first."""

    published: tuple[Published, ...]
    edits: tuple[Edit, ...]
    removals: tuple[Removal, ...]
    outages: tuple[Outage, ...]
