"""Commands over what the rules say of the archive: reflag."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home

if TYPE_CHECKING:
    from scraper.reread import Reflagged

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
Examples = Annotated[int, typer.Option("--examples", min=0, help="Stories shown for each change of label.")]
CAUSES = 4
"""Reasons shown for a change, the weightiest; the rest are in the JSON."""


@app.command()
def reflag(context: typer.Context, dry_run: DryRun = False, examples: Examples = 3, json: Json = False) -> None:
    """Judge all stored articles again by the present policy.toml, and show what changes and why. Nobody is alerted."""
    from scraper import reread, store

    labels: Counter[tuple[str, str]] = Counter()
    changed: list[Reflagged] = []
    agreed = Counter[str]()
    with home(context).desk() as desk, show.progress() as bar:
        words = {story.id: story.word.label for story in store.given(desk.db)}
        for number in bar.track(store.article_ids(desk.db), description="Judging"):
            found = reread.reflag(number, desk, write=not dry_run)
            labels[found.before.label, found.after.label] += 1
            if number in words:
                agreed["before"] += found.before.label == words[number]
                agreed["now"] += found.after.label == words[number]
            if found.before != found.after:
                changed.append(found)
    changed.sort(key=lambda item: (item.before.label, item.after.label, -abs(_shift(item)), item.id))
    moved = [item for item in changed if item.moved]
    if json:
        counts = [{"from": old, "to": new, "articles": count} for (old, new), count in sorted(labels.items())]
        rescored = len(changed) - len(moved)
        words_told = {"given": len(words), "agreed_before": agreed["before"], "agree_now": agreed["now"]}
        document = {"labels": counts, "changed": list(map(_told, moved)), "rescored": rescored, "dry_run": dry_run}
        show.print_json(document | {"analysts": words_told})
        return
    _print(labels, changed, moved, examples)
    if words:
        count = f"{len(words)} {'story' if len(words) == 1 else 'stories'}"
        show.console.print(f"Analysts' words on {count}: {agreed['before']} agreed before, {agreed['now']} agree now")
    show.console.print("Nothing was written." if dry_run else "Written; nobody was alerted.")


def _shift(item: Reflagged) -> float:
    return item.after.score - item.before.score


def _told(item: Reflagged) -> dict[str, Any]:
    from scraper import flag

    return {
        "id": item.id,
        "title": item.title,
        "from": item.before.label,
        "to": item.after.label,
        "score_before": item.before.score,
        "score_after": item.after.score,
        "because": flag.differences(item.before, item.after),
    }


def _print(labels: Counter[tuple[str, str]], changed: list[Reflagged], moved: list[Reflagged], examples: int) -> None:
    now = Counter[str]()
    before = Counter[str]()
    for (old, new), count in labels.items():
        before[old] += count
        now[new] += count
    names = [name for name in show.STYLES if before[name] or now[name]]
    show.table(["label", "before", "now"], [(name, before[name], now[name]) for name in names])
    total = sum(labels.values())
    rescored = len(changed) - len(moved)
    show.console.print(f"{len(moved)} of {total} articles labelled differently, {rescored} more with another score")
    for (old, new), group in groupby(moved, key=lambda item: (item.before.label, item.after.label)):
        items = list(group)
        show.console.print(f"\n{old} -> {new}: {len(items)}")
        for item in items[:examples]:
            _print_example(item)


def _print_example(item: Reflagged) -> None:
    from scraper import flag

    show.console.print(Text(f"  {item.id}  {item.before.score:.2f} -> {item.after.score:.2f}  {item.title}"))
    for reason in flag.differences(item.before, item.after)[:CAUSES]:
        words = f" “{reason.matched}”" if reason.matched else ""
        show.console.print(Text(f"      {reason.weight:+g}  {reason.rule} ({reason.field}){words}"), style="dim")
