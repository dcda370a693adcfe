"""What a reader asks of the archive, as addresses say it: one reading for pages, feeds and the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlencode

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from scraper import places
from scraper.dossier import keys_of
from scraper.store import Database, archive
from scraper.store.answers import Cursor, Filter, Item
from scraper.values import POLICY, Label
from scraper.vietnam import midnight

MAX_ID = 2**31 - 1
"""The largest number that a row of the archive can have; servers raise on larger ones."""

ArticleId = Annotated[int, Path(ge=1, le=MAX_ID, description="An article's number in this archive.")]
Number = Annotated[int, Path(ge=1, le=MAX_ID, description="A revision's number; 1 is the state first seen.")]

MOST = 20
"""Values of one facet that an address may name."""


def _given(value: object) -> object:
    """A form sends what was left empty too."""
    return [each for each in value if each != ""] if isinstance(value, list) else (None if value == "" else value)


def _no(value: object) -> object:
    return False if value in {"", None} else value


def _code(value: str) -> str:
    code = value if value in places.PRESENT else places.code_of(value)
    if code is None:
        raise ValueError(f"{value!r} is no province; the nearest is {places.nearest(value)!r}")
    return code


def _cursor(value: str) -> str:
    return str(Cursor.read(value)) if value else ""


def _day(value: object) -> object:
    """A date as dates are written; numbers, which pydantic would take for seconds, are none."""
    if isinstance(value, str) and value and not (len(value) == len("2026-03-01") and value[4] == "-"):
        raise ValueError(f"{value!r} is no date such as 2026-03-01")
    return _given(value)


Name = Annotated[str, Field(max_length=200)]
Province = Annotated[str, BeforeValidator(lambda value: _code(str(value)))]
Many = BeforeValidator(_given)
Day = Annotated[Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))] | None, BeforeValidator(_day)]
Flag = Annotated[bool, BeforeValidator(_no)]


class Asked(BaseModel):
    """Which articles, in which order, from where on. What is left out does not restrict.

    Attributes:
        q: Words and "quoted phrases", with or without accents; all must occur.
        label: Any of these; ``policy`` stands for the three that are policy news.
        source: Any of these outlets, by their names in the configuration.
        province: Any of these is named: code, or present or former name.
        document: Any of these is named: number or name, such as ``28/2022/NĐ-CP``.
        since: From this day of Vietnam's calendar on; ``until``, to this day and with it.
        min_score: Probability of implementation at the least, 0 to 1.
        edited: Only stories that were edited.
        removed: Only stories that the outlet removed.
        copies: Copies of a story on their own too.
        order: ``newest``, or ``best`` match of the words among the newest thousand.
        after: Where the page before ended, from its ``next``.
    """

    model_config = ConfigDict(frozen=True)

    q: str = Field("", max_length=200)
    label: Annotated[list[Label | Literal["policy"]], Many, Field(max_length=MOST)] = []
    source: Annotated[list[Name], Many, Field(max_length=MOST)] = []
    province: Annotated[list[Province], Many, Field(max_length=MOST)] = []
    document: Annotated[list[Name], Many, Field(max_length=MOST)] = []
    since: Day = None
    until: Day = None
    min_score: Annotated[float, BeforeValidator(lambda value: value or 0), Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    edited: Flag = False
    removed: Flag = False
    copies: Flag = False
    order: Annotated[Literal["newest", "best"], BeforeValidator(lambda value: value or "newest")] = "newest"
    after: Annotated[str, BeforeValidator(_cursor)] = ""

    @classmethod
    def of_query(cls, query: str) -> Self:
        """What the part of an address behind the question mark asks for.

        Raises:
            ValidationError: It cannot be understood.
        """
        given = parse_qs(query)
        many = {name for name, known in cls.model_fields.items() if isinstance(known.default, list)}
        return cls.model_validate({name: values if name in many else values[0] for name, values in given.items()})

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels meant, each once."""
        meant = (POLICY if label == "policy" else (label,) for label in self.label)
        return tuple(dict.fromkeys(each for labels in meant for each in labels))

    @property
    def facets(self) -> dict[str, Any]:
        """What restricts beside the words, by name."""
        return {
            name: value
            for name, value in self.model_dump(mode="json", exclude_defaults=True).items()
            if name not in {"q", "order", "after"}
        }

    def filter(self, db: Database) -> Filter:
        """The archive's filter for it.

        Raises:
            NotFoundError: The archive knows no document of a name given.
        """
        return Filter(
            labels=self.labels,
            sources=tuple(self.source),
            since=midnight(self.since) if self.since else None,
            until=midnight(self.until + timedelta(days=1)) if self.until else None,
            min_score=self.min_score,
            copies=self.copies,
            words=self.q,
            documents=tuple(key for name in self.document for key in keys_of(db, name).keys),
            places=tuple(self.province),
            edited=self.edited,
            removed=self.removed,
        )

    def listed(self, db: Database, limit: int) -> tuple[list[Item], str]:
        """A page of the articles asked for, so many at most, and the ``after`` of the next one, ``""`` at the end.

        Raises:
            NotFoundError: The archive knows no document of a name given.
        """
        wanted = self.filter(db)
        if self.order == "best" and self.q.strip():
            return archive.best(db, wanted, limit=limit), ""
        found = archive.newest(db, wanted, limit=limit + 1, after=Cursor.read(self.after) if self.after else None)
        return found[:limit], str(found[limit - 1].cursor) if len(found) > limit else ""

    def address(self, path: str, **changes: object) -> str:
        """The address of the same question at a path, with some parts changed; ``None`` leaves a part out."""
        parts = {**self.model_dump(mode="json", exclude_defaults=True), **changes}
        return address(path, **parts)

    def without(self, name: str, value: object = None) -> str:
        """The address of the search page without one facet, or one value of it."""
        rest = [each for each in getattr(self, name) if each != value] if value is not None else None
        return self.address("/search", **{name: rest}, after=None)


def address(path: str, **query: object) -> str:
    """A path with a query; what is empty is left out."""
    parts = [(name, "1" if value is True else value) for name, value in query.items() if value not in (None, "", [])]
    return f"{path}?{urlencode(parts, doseq=True)}" if parts else path
