"""Commands about one story: show, diff, split, join; and regroup, which is about all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, article_id, home
from scraper.errors import NotFoundError
from scraper.plain import plain

if TYPE_CHECKING:
    from scraper import revise
    from scraper.facts import Facts
    from scraper.store.answers import Story

Reference = Annotated[str, typer.Argument(metavar="ID|URL", help="An article's number, address or key.")]
REASONS = 8
"""Reasons shown with a story; ``--json`` has all."""


# --- show --------------------------------------------------------------------------------------------------


@app.command("show")
def show_(context: typer.Context, reference: Reference, json: Json = False) -> None:
    """One story: text, reasons, time line, copies and what each outlet changed."""
    from scraper.facts import facts_of
    from scraper.store import archive
    from scraper.web.copies import compared

    with home(context).archive() as db:
        story = archive.story(db, article_id(db, reference))
        if story is None:
            raise NotFoundError(f"no article {reference!r}; 'scraper list' shows what there is")
        # Of a copy it is the copy itself that differs.
        copies = {story.id if story.original else copy.sighting.id: copy.found for copy in compared(db, story)}
    facts = facts_of(story.as_data())
    if json:
        differences = {str(id_): found for id_, found in copies.items()}
        show.print_json({**plain(story), "differences": differences, "facts": facts})
    else:
        _story(story, copies)
        _facts(facts)


def _story(story: Story, copies: dict[int, revise.Differences]) -> None:
    out = show.console
    out.print(Text(story.title, style="bold"))
    byline = [story.source, story.section, story.place, ", ".join(story.authors), story.agency, show.local(story.at)]
    out.print(Text(" · ".join(part for part in byline if part), style="dim"))
    out.print(Text(story.url, style="blue"))
    out.print(show.label(story.label).append(f"  score {story.score:.2f}, {story.points:g} points", style="default"))
    for reason in sorted(story.reasons, key=lambda r: -abs(r.weight))[:REASONS]:
        out.print(Text(f"  {reason.weight:+g}  {reason.matched}  ({reason.rule}, {reason.field})"))
    if story.word is not None:
        out.print(Text(f"An analyst says: {story.word.label}, {show.local(story.word.at)}", style="bold"))
    if story.lead:
        out.print(Text("\n" + story.lead, style="bold"))
    out.print(Text("\n" + story.text + "\n"))
    if story.original:
        found = copies.get(story.id)
        out.print(Text(f"Copy of {story.original.id} at {story.original.source}: {found.sentence if found else ''}"))
    _timeline(story, copies)
    for related in story.related:
        out.print(Text(f"{related.kind}: {related.id} at {related.source}, {related.title}", style="dim"))
    if story.state == "removed":
        out.print(Text(f"Removed by the outlet, missing since {show.local(story.gone_since)}", style="red"))
    for problem in story.problems:
        out.print(Text(f"Problem: {problem}", style="yellow"))


def _facts(facts: Facts) -> None:
    provinces = [p.name if p.name == p.written else f"{p.name} ({p.written})" for p in facts.provinces]
    _once("Documents", [document.number for document in facts.documents])
    _once("Provinces", provinces)
    _once("Districts", [district.name for district in facts.districts])
    _once("Bodies", [f"{body.name} ({body.role})" if body.role else body.name for body in facts.bodies])
    _once("Officials", [f"{official.name}, {official.title}" for official in facts.officials])
    for figure in facts.figures:
        told = (figure.change, figure.written, figure.measures, f"({figure.aim})" if figure.aim else "")
        show.console.print(Text("Figure     ", style="dim").append(" ".join(filter(None, told)), style="default"))


def _once(name: str, values: list[str]) -> None:
    if values:
        show.console.print(Text(f"{name:11}", style="dim").append("; ".join(dict.fromkeys(values)), style="default"))


def _timeline(story: Story, copies: dict[int, revise.Differences]) -> None:
    from scraper.web.view import timeline

    for moment in timeline(story, {id_: found.sentence for id_, found in copies.items()}):
        told = ": ".join(part for part in (moment.what, moment.note) if part)
        show.console.print(Text(f"{show.local(moment.at)}  ", style="dim").append(told, style="default"))


# --- diff --------------------------------------------------------------------------------------------------


@app.command()
def diff(
    context: typer.Context,
    reference: Reference,
    from_: Annotated[int | None, typer.Option("--from", help="Revision to start from; the one before --to.")] = None,
    to: Annotated[int | None, typer.Option("--to", help="Revision to compare with; the newest.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the comparison to this file, whole.")] = None,
    json: Json = False,
) -> None:
    """What an edit changed, word by word; with --html as a page of its own."""
    from scraper import revise
    from scraper.store import archive

    with home(context).archive() as db:
        number = article_id(db, reference)
        story = archive.story(db, number)
        newest = to or (story.revisions if story else 1)
        oldest = from_ or max(newest - 1, 1)
        before, after = archive.revision(db, number, oldest), archive.revision(db, number, newest)
    if story is None or before is None or after is None:
        missing, last = oldest if before is None else newest, story.revisions if story else 0
        raise NotFoundError(f"article {number} has no revision {missing}; it has 1 to {last}")
    parts = revise.word_diffs(before.data, after.data)
    edits = revise.between(before.as_data(), after.as_data())
    if html is not None:
        from scraper.web.standalone import diff_page

        html.write_text(diff_page(story, before, after, edits), encoding="utf-8")
    if json:
        told = {"id": number, "from": oldest, "to": newest, "edits": edits, "fields": parts}
        show.print_json(told | ({"html": html} if html else {}))
    elif html is not None:
        show.console.print(f"Revisions {oldest} and {newest} of article {number} are compared in {html}")
    else:
        _printed(parts, oldest, newest, revise.sentence(edits))


def _printed(parts: dict[str, list[revise.Part]], oldest: int, newest: int, told: str) -> None:
    if not parts:
        show.console.print(f"Revisions {oldest} and {newest} read the same." if newest > 1 else "Never edited.")
        return
    if told:
        show.console.print(Text(told, style="yellow"))
    for name, field in parts.items():
        show.console.print(Text(f"{name}, revision {oldest} -> {newest}", style="bold"))
        show.console.print(_marked(field))


def _marked(parts: list[revise.Part]) -> Text:
    styles = {"same": "", "removed": "red strike", "added": "green underline"}
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    text = Text()
    for kind, words in parts:
        before, after = ("", "") if show.console.is_terminal else signs[kind]
        text.append(f"{before}{words}{after}", style=styles[kind])
    return text


# --- split, join, regroup ----------------------------------------------------------------------------------


@app.command()
def split(context: typer.Context, reference: Reference, json: Json = False) -> None:
    """Take an article out of the story it was folded into; 'scraper regroup' will keep it out."""
    from scraper import store

    with home(context).archive() as db:
        number = article_id(db, reference)
        left = store.split(db, number, datetime.now(UTC), agencies=home(context).load().agencies)
    if json:
        show.print_json({"id": number, "left": left})
    else:
        show.console.print(f"Article {number} is a story of its own; story {left} goes on without it")


@app.command()
def join(
    context: typer.Context,
    reference: Reference,
    other: Annotated[str, typer.Argument(metavar="ID|URL", help="An article of the story it belongs to.")],
    json: Json = False,
) -> None:
    """Make one story of two; 'scraper regroup' will keep them together."""
    from scraper import store

    with home(context).archive() as db:
        numbers = article_id(db, reference), article_id(db, other)
        story = store.join(db, *numbers, datetime.now(UTC), agencies=home(context).load().agencies)
    if json:
        show.print_json({"joined": numbers, "story": story})
    else:
        show.console.print(f"Articles {numbers[0]} and {numbers[1]} are one story; article {story} stands for it")


@app.command()
def regroup(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    json: Json = False,
) -> None:
    """Group all articles anew by the present rules, keeping what was split and joined. Nobody is alerted."""
    from scraper import store

    with home(context).archive() as db, show.progress() as bar:
        task = bar.add_task("Grouping", total=None)
        changed = store.regroup(
            db,
            datetime.now(UTC),
            agencies=home(context).load().agencies,
            write=not dry_run,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if json:
        moves = [{"id": id_, "from": old, "to": new} for id_, old, new in changed]
        show.print_json({"changed": moves, "dry_run": dry_run})
        return
    show.console.print(f"{len(changed)} articles change their story{' (nothing was written)' if dry_run else ''}")
    for id_, old, new in changed[:10]:
        show.console.print(f"  {id_}  {'copy of ' + str(old) if old else 'own story'} -> {new or 'own story'}")
