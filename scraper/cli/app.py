"""The command ``scraper``: global options, and what every command shares."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper import __version__
from scraper.errors import ConfigError, NotFoundError, ScraperError

if TYPE_CHECKING:
    from scraper.config import Config
    from scraper.desk import Desk
    from scraper.store import Database

app = typer.Typer(
    name="scraper",
    help="Watch the news for policy being put into practice: fetch, archive, compare, flag, alert.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@dataclass(frozen=True, slots=True)
class Home:
    """Where the configuration and the data are.

    Attributes:
        config: ``--config``, ``None`` to look in the usual places.
        data: The data folder.
    """

    config: Path | None
    data: Path

    def load(self) -> Config:
        """Read and check the configuration."""
        from scraper.config import load

        return load(self.config)

    @contextmanager
    def archive(self) -> Iterator[Database]:
        """The archive, for reading; made when there is none yet."""
        from scraper.store import open_archive

        db = open_archive(self.data, self.load().settings.database_url)
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Archive, fetcher and rules, for work."""
        from scraper.jobs import open_desk
        from scraper.values import SystemClock

        with open_desk(self.load(), self.data, SystemClock()) as desk:
            yield desk


def _version(wanted: bool) -> None:
    if wanted:
        print(f"scraper {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Configuration folder [SCRAPER_CONFIG; ./config, else the one that ships]")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder [SCRAPER_DATA; ./data]")] = None,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Home(config, data or Path(os.environ.get("SCRAPER_DATA") or "data"))


def home(context: typer.Context) -> Home:
    """What the global options said."""
    found = context.obj
    if not isinstance(found, Home):
        raise TypeError("a command was called without the global options")
    return found


def article_id(db: Database, reference: str) -> int:
    """The article that a number, an address or a key names.

    Raises:
        NotFoundError: There is none.
    """
    from scraper.store import archive

    found = archive.find(db, reference)
    if found is None:
        raise NotFoundError(f"no article {reference!r} in the archive; find its number with 'scraper list' or 'search'")
    return found


def main() -> None:
    """Run a command: exit status 0 done, 1 something failed, 2 wrong use or wrong configuration."""
    from scraper.cli import (  # noqa: F401 - importing them adds their commands
        digest,
        dossier,
        exporting,
        judging,
        keeping,
        learning,
        reading,
        serving,
        sources,
        story,
        tending,
        watches,
        watching,
        why,
    )
    from scraper.cli.show import print_json

    try:
        app()
    except ScraperError as error:
        if "--json" in sys.argv:
            print_json({"error": str(error)})
        else:
            print(f"scraper: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, ConfigError) else 1)
    except BrokenPipeError:
        # The reader of our output went away ('scraper list | head'); nothing is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
