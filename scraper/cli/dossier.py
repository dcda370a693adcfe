"""The command dossier."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.cli.reading import Since

Format = Annotated[
    Literal["md", "html", "csv"] | None,
    typer.Option("--format", help="Markdown, a page of its own, or a table; told by --out when left out."),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file; standard output when left out.")]


@app.command()
def dossier(
    context: typer.Context,
    about: Annotated[str, typer.Argument(help="A document, programme or province: 1719/QĐ-TTg, Cao Bằng.")],
    since: Since = None,
    form: Format = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """All that the archive holds on a document, programme or province: time line, provinces, figures, bodies."""
    from scraper import export
    from scraper.dossier import compile_dossier, to_csv, to_markdown
    from scraper.web.standalone import dossier_page

    where = home(context)
    config = where.load()
    start = show.moment(since, datetime.now(UTC)) if since else None
    with where.archive() as db:
        found = compile_dossier(db, about, start)
    if json:
        show.print_json(found)
        return

    chosen = form or {".html": "html", ".csv": "csv"}.get(out.suffix.lower() if out else "", "md")
    with export.whole_file(out) if out else export.standard_output() as stream:
        if chosen == "csv":
            to_csv(found, stream, config.outlet)
        else:
            stream.write(to_markdown(found, config.outlet) if chosen == "md" else dossier_page(found, config.outlet))
    if out:
        print(f"{len(found.entries)} stories on {found.subject.title} written to {out}", file=sys.stderr)
