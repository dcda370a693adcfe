"""Commands that watch: demo, run, once."""

from __future__ import annotations

from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.errors import StoreError

if TYPE_CHECKING:
    from scraper.jobs import Report


@app.command()
def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when the newsroom has told all its news.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another seed writes another week of news.")] = 1,
    days: Annotated[int, typer.Option("--days", min=1, max=30, help="How many of the newsroom's days pass.")] = 3,
    live: Annotated[bool, typer.Option("--live", help="Pace the clock for the eye.")] = False,
    faults: Annotated[bool, typer.Option("--faults", help="Let every kind of outage happen.")] = False,
    json: Json = False,
) -> None:
    """Watch the whole job on the built-in newsroom, without any network."""
    from scraper.demo import run_demo

    config, stay = home(context).load(), not (once or json)
    passed = run_demo(config, seed=seed, days=days, stay=stay, live=live, json=json, faults=faults)
    raise typer.Exit(0 if passed else 1)


class Role(StrEnum):
    """Which part of the work one process of many does."""

    ALL, SCHEDULER, WORKER, WEB = "all", "scheduler", "worker", "web"


@app.command()
def run(
    context: typer.Context,
    role: Annotated[
        Role, typer.Option("--role", help="One process of many that share an archive on PostgreSQL; or all in one.")
    ] = Role.ALL,
    debug: Annotated[bool, typer.Option("--debug", help="Log every decision, those too that changed nothing.")] = False,
) -> None:
    """Watch the enabled sources until stopped: SIGTERM or Ctrl-C stops, SIGHUP reads the configuration again."""
    from scraper import daemon, process

    where = home(context)
    config, finished = where.load(), True
    process.configure_logging(debug=debug)
    if role is Role.ALL:
        finished = daemon.run(config, where.data)
    elif role is Role.WEB:
        with where.archive() as db:
            daemon.serve(config, where.data, db, lambda address: process.log.info("serving", page=address))
    else:
        workers = _workers()
        {Role.SCHEDULER: workers.run_scheduler, Role.WORKER: workers.run_worker}[role](config, where.data)
    raise typer.Exit(0 if finished else 1)


def _workers() -> ModuleType:
    try:
        from scraper import workers
    except ImportError as error:
        raise StoreError(
            f"{error.name} is missing; workers need it: pip install 'scraper[postgres]' (or '.[postgres]')"
        ) from error
    return workers


@app.command()
def once(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names of sources; all enabled ones when left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Poll sources now, whether due or not, send the alerts that wait, and end."""
    from scraper.cli.once import poll_once

    with show.progress() as bar:
        polls = poll_once(home(context), sources or [], bar, quiet=json)
    failed = [poll for poll in polls if poll["error"]]
    if json:
        show.print_json({"sources": polls})
    else:
        rows = [(p["source"], p["links"], p["new"], p["stored"], p["copies"], p["failed"], p["error"]) for p in polls]
        show.table(("source", "links", "new", "stored", "copies", "failed", "error"), rows, stretch="error")
    raise typer.Exit(1 if failed else 0)


def tell(report: Report) -> None:
    """One line on the terminal for what a job reports; nothing for what is not news."""
    from scraper.jobs import Broken
    from scraper.pipeline import Seen

    if isinstance(report, Seen) and report.result not in {"unchanged", "missing"}:
        line = Text(f"{report.result:9} {report.source:16} ").append_text(show.label(report.label))
        show.console.print(line.append(f" {report.title or report.url} {report.error or report.changed}".rstrip()))
    elif isinstance(report, Broken):
        show.console.print(Text(f"broken    {report.job}: {report.error}", style="red"))
