"""Commands that keep the archive safe, and bring it elsewhere: check, backup, restore, move."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from scraper.store import Damage


@app.command()
def check(context: typer.Context, json: Json = False) -> None:
    """Read the whole archive for damage: the file, rows that lean on missing ones, the hashes of kept pages."""
    from scraper import store

    with home(context).archive() as db, show.progress() as bar:
        found = store.check(db, _shown(bar, "Reading pages"))
    if json:
        show.print_json({"ok": not found, "damage": found})
    else:
        _say(found, "The archive is whole.")
    raise typer.Exit(1 if found else 0)


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to; archive-<time>.db in the data folder when left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Copy the archive while the daemon runs, and look the copy through. It holds no secret: settings name those."""
    from scraper import store

    where = home(context)
    to = file or where.data / f"archive-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    with where.archive() as db, show.progress() as bar:
        store.copy_file(db, to, _shown(bar, "Copying"))
        found = store.look_through(to, _shown(bar, "Reading pages"))
    size = to.stat().st_size
    if json:
        show.print_json({"file": to, "bytes": size, "ok": not found, "damage": found})
    else:
        _say(found, f"{to}: {size / 1e6:.1f} MB, looked through and whole.")
    raise typer.Exit(1 if found else 0)


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that 'scraper backup' wrote.")],
    json: Json = False,
) -> None:
    """Put a copy back in the archive's place. It is looked through first, and what was there is laid aside."""
    from scraper import store

    where = home(context)
    if where.load().settings.database_url:
        raise StoreError("database_url names a server; restore it with the server's own tools (pg_restore)")
    with store.sole_daemon(where.data), show.progress() as bar:
        found = store.look_through(file, _shown(bar, "Reading pages"))
        if found:
            raise StoreError(f"{file}: is damaged and was not put back: {'; '.join(map(str, found))}")
        aside = store.restore(where.data, file, datetime.now(UTC))
    if json:
        show.print_json({"file": file, "aside": aside})
        return
    show.console.print(Text(f"{file} is the archive now." + (f" What was there is {aside}." if aside else "")))


@app.command()
def move(
    context: typer.Context,
    to: Annotated[
        str, typer.Option("--to", help="Such as postgresql://user:password@host/name; an archive that holds nothing.")
    ],
    json: Json = False,
) -> None:
    """Copy the archive to another server and compare both; run it again to go on where it was broken off."""
    from scraper import store

    where = home(context)
    with (
        store.sole_daemon(where.data),
        where.archive() as source,
        closing(store.open_archive(where.data, to)) as target,
    ):
        if target.url == source.url:
            raise StoreError(f"{target.url}: is the archive itself; name another with --to")
        with show.progress() as bar:
            shown = cache(partial(_shown, bar))
            moved = store.move(source, target, lambda words, done, whole: shown(words)(done, whole))
    unlike = [table.table for table in moved if not table.alike]
    if json:
        show.print_json({"ok": not unlike, "to": target.url, "tables": [asdict(table) for table in moved]})
    elif unlike:
        show.console.print(Text(f"{target.url}: differs in {', '.join(unlike)}; empty it and move again", style="red"))
    else:
        rows, copied = sum(table.rows for table in moved), sum(table.copied for table in moved)
        show.console.print(
            Text(f"{target.url}: holds the same {rows:,} rows in {len(moved)} tables, {copied:,} copied now.")
        )
        show.console.print("Name it as database_url in settings.toml; what is here stays as it is.")
    raise typer.Exit(1 if unlike else 0)


def _shown(bar: Progress, words: str) -> Callable[[int, int], None]:
    task = bar.add_task(words, total=None)
    return lambda done, whole: bar.update(task, completed=done, total=whole)


def _say(found: list[Damage], sound: str) -> None:
    for damage in found:
        show.console.print(Text(f"damaged  {damage}", style="red"))
    if found:
        show.console.print("Restore a backup ('scraper restore FILE'), or report this with what happened before.")
    else:
        show.console.print(Text(sound))
