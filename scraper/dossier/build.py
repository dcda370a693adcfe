"""What a dossier holds, and how it is put together from the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from scraper import facts, store
from scraper.documents import Citation, citations
from scraper.errors import NotFoundError
from scraper.figures import Figure
from scraper.places import PRESENT, code_of
from scraper.store import Database, archive
from scraper.store.answers import Filter, FullItem
from scraper.vietnam import VIETNAM

MOST_FIGURES = 12
"""Figures kept of one story: a budget in full would drown the others."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dossier is about.

    Attributes:
        title: How the document or province is called here.
        keys: Numbers and names, or the province's code, under which the archive knows it.
        document: What its number or name says; ``None`` for a province.
    """

    kind: Literal["document", "place"]
    title: str
    keys: tuple[str, ...]
    document: Citation | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One story of a dossier.

    Attributes:
        at: When it was published or first seen, aware UTC.
        copies: How many other outlets ran it and name the subject too.
        provinces: Present-day names of the provinces that it names, in order.
        figures: What it reports in figures, the first :data:`MOST_FIGURES`.
        carried_out_by: Bodies that it shows carrying something out.
    """

    id: int
    at: datetime
    title: str
    source: str
    url: str
    label: str
    score: float
    state: str
    copies: int
    provinces: tuple[str, ...]
    figures: tuple[Figure, ...]
    carried_out_by: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the archive holds on a subject; counts are of stories.

    Attributes:
        names: What the archive calls it, with how many articles do.
        entries: The stories, earliest first; of many, the newest.
        total: How many stories there are.
        provinces: Stories by province and label, most first.
        documents: Documents named beside it, most first.
        months: Stories by month of Vietnam's calendar (``2026-03``), without gaps between the first and the last.
    """

    subject: Subject
    names: Mapping[str, int]
    entries: tuple[Entry, ...]
    total: int
    labels: Mapping[str, int]
    provinces: Mapping[str, Mapping[str, int]]
    bodies: Mapping[str, int]
    documents: Mapping[str, int]
    months: Mapping[str, int]


def compile_dossier(db: Database, about: str, since: datetime | None = None, *, most: int | None = None) -> Dossier:
    """Everything on a document (number or name), a programme or a province.

    Args:
        db: The archive.
        about: As a person writes it: ``1719/QĐ-TTg``, ``Luật Đất đai 2024``, ``Chương trình 135``, ``Cao Bằng``.
        since: Stories of this moment or later, aware UTC.
        most: Stories to read for entries, figures and bodies, the newest; labels, months and provinces count all.

    Raises:
        NotFoundError: Nothing in the archive names it; the message says what comes near.
    """
    subject = keys_of(db, about)
    wanted = Filter(since=since, copies=True, **{f"{subject.kind}s": subject.keys})  # type: ignore[arg-type]  # documents or places
    if most is not None and archive.count(db, wanted) > most:
        return _of_many(db, subject, replace(wanted, copies=False), most)
    items = [item for batch in archive.walk(db, wanted) for item in batch]
    if not items:
        raise NotFoundError(_nothing(db, about, since))
    entries = tuple(_entry(item, copies, subject) for item, copies in _stories(items))
    labels, months = Counter(entry.label for entry in entries), _months(Counter(_month(entry.at) for entry in entries))
    return _dossier(db, subject, entries, len(entries), labels, _by_province(entries, subject), months)


def _of_many(db: Database, subject: Subject, wanted: Filter, most: int) -> Dossier:
    """The newest stories with what they say; the archive counts the rest."""
    newest = archive.articles(db, [item.id for item in archive.newest(db, wanted, limit=most)])
    entries = tuple(_entry(item, item.copies, subject) for item in sorted(newest, key=lambda item: (item.at, item.id)))
    months, labels = Counter[str](), Counter[str]()
    for day, counts in archive.tallies.days(db, wanted).items():
        months[f"{day:%Y-%m}"] += sum(counts.values())
        labels.update(counts)
    if subject.kind == "place":
        provinces: dict[str, Mapping[str, int]] = {subject.title: labels}
    else:
        provinces = {PRESENT[code]: counts for code, counts in archive.tallies.provinces(db, wanted).items()}
    return _dossier(db, subject, entries, labels.total(), labels, _most_first(provinces), _months(months))


def _dossier(
    db: Database,
    subject: Subject,
    entries: tuple[Entry, ...],
    total: int,
    labels: Mapping[str, int],
    provinces: Mapping[str, Mapping[str, int]],
    months: Mapping[str, int],
) -> Dossier:
    bodies = _most(name for entry in entries for name in entry.carried_out_by)
    documents = _most(name for entry in entries for name in entry.documents)
    return Dossier(subject, _names(db, subject), entries, total, labels, provinces, bodies, documents, months)


def keys_of(db: Database, about: str) -> Subject:
    """What is meant by what a person wrote, and under which keys the archive knows it.

    A short name stands for every document that the archive ties it to; a number also for stories that use a short name
    which the archive ties to this number alone.

    Raises:
        NotFoundError: It is neither a document nor a province.
    """
    found = citations(about) or citations(f"Chương trình {about}")
    if not found:
        code = code_of(about)
        if code is None:
            raise NotFoundError(_nothing(db, about, None))
        return Subject("place", PRESENT[code], (code,))
    document = found[0]
    keys = [document.number]
    if document.name:
        keys += store.keys_named(db, "document", document.name)
    for name in store.names_of(db, "document", document.number):
        if set(store.keys_named(db, "document", name)) <= {document.number, name}:
            keys.append(name)
    return Subject("document", document.name or document.number, tuple(dict.fromkeys(keys)), document)


def _nothing(db: Database, about: str, since: datetime | None) -> str:
    near = store.like(db, about)
    told = f"; near it: {', '.join(near)}" if near else "; 'scraper search' looks for words"
    waiting = len(store.unread(db))
    unread = f"; {waiting} stored articles are not read for documents yet, 'scraper reflag' does it" if waiting else ""
    return f"no story names {about!r}{' in that time' if since else ''}{told}{unread}"


def _stories(items: Sequence[FullItem]) -> list[tuple[FullItem, int]]:
    """Stories, earliest first, with how many of their copies are wanted too; a copy alone stands for its story."""
    ids = {item.id for item in items}
    copies = Counter(item.copy_of for item in items if item.copy_of in ids)
    alone: dict[int, FullItem] = {}
    for item in items:
        if item.copy_of is None:
            alone[item.id] = item
        elif item.copy_of not in ids:
            alone.setdefault(item.copy_of, item)
    return sorted(((item, copies[item.id]) for item in alone.values()), key=lambda pair: (pair[0].at, pair[0].id))


def _entry(item: FullItem, copies: int, subject: Subject) -> Entry:
    found = facts.facts_of(item.as_data())
    return Entry(
        item.id,
        item.at,
        item.title,
        item.source,
        item.url,
        item.label,
        item.score,
        item.state,
        copies,
        tuple(dict.fromkeys(province.name for province in found.provinces)),
        tuple(_worth_telling(found.figures))[:MOST_FIGURES],
        tuple(dict.fromkeys(body.name for body in found.bodies if body.role == "carrying out")),
        tuple(dict.fromkeys(c.number for c in found.documents if c.number not in subject.keys)),
    )


def _worth_telling(figures: Sequence[Figure]) -> list[Figure]:
    """Each figure once; those that say what they measure, and sums of money."""
    kept = {
        (figure.value, figure.high, figure.unit): figure
        for figure in reversed(figures)
        if figure.measures or "đồng" in figure.unit
    }
    return sorted(kept.values(), key=lambda figure: figure.span)


def _names(db: Database, subject: Subject) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for key in subject.keys:
        counted.update(store.names_of(db, subject.kind, key))
    return dict(counted.most_common())


def _by_province(entries: Sequence[Entry], subject: Subject) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for entry in entries:
        for name in entry.provinces:
            if subject.kind != "place" or name == subject.title:
                table.setdefault(name, Counter())[entry.label] += 1
    return _most_first(table)


def _most_first(table: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {name: dict(table[name]) for name in sorted(table, key=lambda name: (-sum(table[name].values()), name))}


def _most(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _month(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%Y-%m")


def _months(counted: Mapping[str, int]) -> dict[str, int]:
    """Months in order, those without stories too."""
    first, last = min(counted), max(counted)
    month, found = datetime.strptime(first, "%Y-%m").replace(tzinfo=VIETNAM), {}
    while (name := month.strftime("%Y-%m")) <= last:
        found[name] = counted.get(name, 0)
        month = _next_month(month)
    return found


def _next_month(month: datetime) -> datetime:
    """The first of the month after."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
