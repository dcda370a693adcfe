"""The command export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.cli.reading import Documents, Label, Places, Score, Since, Sources, filter_of, naming
from scraper.errors import ScraperError

if TYPE_CHECKING:
    from scraper.export import Format

Form = Annotated[
    Literal["jsonl", "csv", "md", "html", "warc"] | None,
    typer.Option("--format", help="Told by the path's ending when left out."),
]


@app.command()
def export(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            help="What to write: .jsonl, .csv, .md, .warc, .warc.gz; a folder or .zip for HTML pages; - for standard "
            "output (JSON Lines, or as --format says)."
        ),
    ],
    form: Form = None,
    label: Label = None,
    source: Sources = None,
    since: Since = None,
    until: Annotated[str | None, typer.Option("--until", help="Before this: an age or a date, as for --since.")] = None,
    min_score: Score = 0.0,
    document: Documents = None,
    place: Places = None,
    edited: Annotated[bool, typer.Option("--edited", help="Only articles that were edited.")] = False,
    removed: Annotated[bool, typer.Option("--removed", help="Only articles that their outlet removed.")] = False,
    copies: Annotated[bool, typer.Option("--copies/--no-copies", help="With or without copies of a story.")] = True,
    excel: Annotated[
        bool, typer.Option("--excel", help="Begin the CSV with a mark that Excel needs for UTF-8.")
    ] = False,
    json: Json = False,
) -> None:
    """Take the archive along: JSON Lines, CSV, Markdown, HTML pages or WARC."""
    from scraper import export as exporting

    target = None if str(path) == "-" else path
    chosen = form or _form(target)
    if excel and chosen != "csv":
        raise typer.BadParameter(f"--excel is for CSV, and this is {chosen}")
    end = show.moment(until, datetime.now(UTC)) if until else None
    config = home(context).load()

    with home(context).archive() as db, show.progress() as bar:
        task = bar.add_task("Exporting", total=None)
        kept = {"until": end, "min_score": min_score, "copies": copies, "edited": edited, "removed": removed}
        wanted = filter_of(label, source, since, **kept, **naming(db, document, place))
        count = exporting.export(
            db,
            target,
            chosen,
            wanted,
            bom=excel,
            outlet=config.outlet,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if json and target:
        show.print_json({"path": path, "articles": count, "format": chosen})
    elif target:
        print(f"{count} {'article' if count == 1 else 'articles'} written to {path}")


def _form(path: Path | None) -> Format:
    from scraper.export import form_of

    try:
        return form_of(path)
    except ScraperError as error:
        raise typer.BadParameter(str(error)) from error
