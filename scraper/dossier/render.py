"""A dossier as Markdown and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import TextIO

from scraper.dossier.build import Dossier, Entry
from scraper.export import cell, plain
from scraper.figures import Figure
from scraper.values import LABELS
from scraper.vietnam import local

COLUMNS = ("at", "id", "outlet", "label", "score", "title", "url", "copies", "provinces", "figures", "carried out by")
"""Columns of the CSV: one line a story; times in Asia/Ho_Chi_Minh, lists joined by ``; ``."""


def to_markdown(dossier: Dossier, outlet: Callable[[str], str] = str) -> str:
    """The dossier as one Markdown document.

    Args:
        dossier: What to show.
        outlet: A source's name to its title.
    """
    return "\n".join(_lines(dossier, outlet)) + "\n"


def to_csv(dossier: Dossier, out: TextIO, outlet: Callable[[str], str] = str) -> int:
    """Write a line for each story; returns how many. Text that a spreadsheet would run gets an apostrophe before it."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in dossier.entries:
        figures = "; ".join(told(figure) for figure in entry.figures)
        row = (
            local(entry.at), entry.id, outlet(entry.source), entry.label, round(entry.score, 3), entry.title, entry.url,
            entry.copies, "; ".join(entry.provinces), figures, "; ".join(entry.carried_out_by),
        )  # fmt: skip
        writer.writerow([cell(value) for value in row])
    return len(dossier.entries)


def told(figure: Figure) -> str:
    """A figure in words: as written, what it measures, and whether it is a target."""
    change = {"up": "up ", "down": "down ", "": ""}[figure.change]
    about = f" {figure.measures}" if figure.measures else ""
    aim = {"target": " (target)", "result": "", "": ""}[figure.aim]
    return f"{change}{figure.written}{about}{aim}"


def heading(dossier: Dossier) -> str:
    """One sentence on how much there is and of when."""
    entries = dossier.entries
    labels = ", ".join(f"{dossier.labels[label]} {label}" for label in LABELS if dossier.labels.get(label))
    count = f"{dossier.total} {'story' if dossier.total == 1 else 'stories'}"
    return f"{count} ({labels}), {local(entries[0].at)} to {local(entries[-1].at)}"


def _lines(dossier: Dossier, outlet: Callable[[str], str]) -> Iterator[str]:
    subject = dossier.subject
    yield f"# {plain(subject.title)}"
    yield ""
    yield heading(dossier)
    if subject.document and (subject.document.body or subject.document.year):
        known = [subject.document.type, subject.document.body, str(subject.document.year or "")]
        yield ""
        yield f"Document: {', '.join(part for part in known if part)}"
    if len(dossier.names) > 1:
        yield ""
        yield "Called: " + "; ".join(f"{plain(name)} ({count})" for name, count in dossier.names.items())
    yield from _table("Time line", ("Time", "Story", "Outlet", "Label", "Score"), _timeline(dossier, outlet))
    labels = [label for label in LABELS if dossier.labels.get(label)]
    provinces = [(name, *(str(row.get(label, 0)) for label in labels)) for name, row in dossier.provinces.items()]
    yield from _table("By province", ("Province", *labels), provinces)
    yield from _table("Figures reported", ("Figure", "Measures", "Aim", "Story"), _figures(dossier.entries))
    yield from _table("Carried out by", ("Body", "Stories"), [(n, str(c)) for n, c in dossier.bodies.items()])
    yield from _table("Named beside it", ("Document", "Stories"), [(n, str(c)) for n, c in dossier.documents.items()])


def _timeline(dossier: Dossier, outlet: Callable[[str], str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for entry in dossier.entries:
        copies = f" +{entry.copies} {'copy' if entry.copies == 1 else 'copies'}" if entry.copies else ""
        removed = " (removed)" if entry.state == "removed" else ""
        story = f"{entry.title}{copies}{removed} [{entry.id}]"
        rows.append((local(entry.at), story, outlet(entry.source), entry.label, f"{entry.score:.2f}"))
    return rows


def _figures(entries: tuple[Entry, ...]) -> list[tuple[str, ...]]:
    change = {"up": "up ", "down": "down ", "": ""}
    return [
        (change[figure.change] + figure.written, figure.measures, figure.aim, str(entry.id))
        for entry in entries
        for figure in entry.figures
    ]


def _table(title: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"## {title}"
    yield ""
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(map(plain, row)) + " |"
