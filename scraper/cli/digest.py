"""The command digest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.vietnam import midnight


@app.command()
def digest(
    context: typer.Context,
    day: Annotated[str, typer.Option("--day", help="A day such as 2026-03-02; else the last 24 hours.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Write the mail to digest.html and digest.txt; nobody is told.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="With --preview: the folder to write to.")] = Path(),
    language: Annotated[str, typer.Option("--language", help="vi or en; else as in settings.toml.")] = "",
    json: Json = False,
) -> None:
    """The day's policy news as one mail: by document and province, edits, removals, sources in trouble."""
    from scraper import digest as digests
    from scraper import export
    from scraper.digest.words import WORDS

    where = home(context)
    config = where.load()
    chosen = next((each for each in WORDS if each == language), None) if language else config.settings.digest.language
    if chosen is None:
        raise typer.BadParameter(f"{language!r} is no language of the digest; it is vi or en")
    since, until = _span(day)
    with where.archive() as db:
        found = digests.compile_digest(db, since, until)

    if preview:
        out.mkdir(parents=True, exist_ok=True)
        files = {out / "digest.html": digests.to_html, out / "digest.txt": digests.to_text}
        for path, write in files.items():
            with export.whole_file(path) as stream:
                stream.write(write(found, chosen, config.outlet))
        if json:
            show.print_json({"files": list(files), "stories": found.total})
        else:
            show.console.print(f"{found.total} stories in {', '.join(map(str, files))}; nobody was told")
    elif json:
        show.print_json(found)
    else:
        with export.standard_output() as stream:
            stream.write(digests.to_text(found, chosen, config.outlet))


def _span(day: str) -> tuple[datetime, datetime]:
    if not day:
        now = datetime.now(UTC)
        return now - timedelta(days=1), now
    try:
        start = midnight(date.fromisoformat(day))
    except ValueError as error:
        raise typer.BadParameter(f"{day!r} is no day such as 2026-03-02") from error
    return start, start + timedelta(days=1)
