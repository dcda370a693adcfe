"""Commands about outlets: sources, sources add, sources test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.errors import ConfigError, NotFoundError, ScraperError

if TYPE_CHECKING:
    from scraper.config import Config
    from scraper.onboard import Examined, FieldReport, Proposal, Trial
    from scraper.values import Page

sources_app = typer.Typer(help="The sources watched, and how each is doing.", invoke_without_command=True)
app.add_typer(sources_app, name="sources")

MAX_SHOWN = 48
"""Letters of a field's value in a table; --json gives it whole."""


@sources_app.callback()
def sources(context: typer.Context, json: Json = False) -> None:
    """The sources watched, and how each is doing."""
    if context.invoked_subcommand is not None:
        return
    from scraper.store import archive

    config = home(context).load()
    with home(context).archive() as db:
        states = {state.name: state for state in archive.sources(db)}
    if json:
        listed = [
            {
                "name": source.name,
                "title": source.title,
                "enabled": source.enabled,
                "reason": source.reason,
                "evidence": source.evidence,
                "listings": source.listings,
                "state": states.get(source.name),
            }
            for source in config.sources.values()
        ]
        show.print_json({"sources": listed})
        return
    rows = []
    for source in config.sources.values():
        state = states.get(source.name)
        condition = "off" if not source.enabled else _condition(state.failures if state else -1)
        last = show.local(state.last_ok_at) if state else "-"
        note = source.reason if not source.enabled else (state.last_error if state else "")
        rows.append((source.name, condition, last, state.articles if state else 0, source.evidence, note))
    show.table(("source", "state", "last good poll", "articles", "evidence", "note"), rows, stretch="note")


def _condition(failures: int) -> Text:
    if failures < 0:
        return Text("not polled yet", style="dim")
    return Text("ok", style="green") if failures == 0 else Text(f"failing ({failures})", style="red")


@sources_app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The outlet's front page, a section of it, or a feed.")],
    name: Annotated[str, typer.Option("--name", help="The file's name; made from the host when left out.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the file instead of writing it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
    json: Json = False,
) -> None:
    """Study an outlet and write config/sources/NAME.toml for it, tried on ten of its articles."""
    from scraper import onboard
    from scraper.values import SystemClock

    config = home(context).load()
    with _pages(config) as (get, tell):
        studied = onboard.Studied(get, tell, SystemClock().now())
        proposal = onboard.propose(url, studied, config.families, name)
    file = "" if dry_run else str(_write(proposal, config, force=force))
    if json:
        show.print_json(_as_document(proposal, file))
        return
    _preview(proposal)
    if dry_run:
        print(proposal.text, end="")
    else:
        show.console.print(Text(f"Written: {file}. 'scraper sources test {proposal.name}' shows it field by field."))


@contextmanager
def _pages(config: Config) -> Iterator[tuple[Callable[[str], Page], Callable[[str], None]]]:
    """How pages are had, and how it is told which one is being asked for."""
    from scraper.fetch import Fetcher
    from scraper.values import NotModified, SystemClock

    with Fetcher(config.settings.fetch, SystemClock()) as fetcher, show.progress() as bar:
        task = bar.add_task("Looking", total=None)

        def get(url: str) -> Page:
            answer = fetcher.get(url)
            if isinstance(answer, NotModified):
                raise NotFoundError(f"{url}: answered that nothing changed to a plain request")
            return answer

        def tell(url: str) -> None:
            bar.update(task, advance=1, description=url[:MAX_SHOWN])

        yield get, tell


def _write(proposal: Proposal, config: Config, *, force: bool) -> Path:
    """Put the file among the sources; refuse to touch one that is there."""
    folder = config.folder / "sources"
    if config.folder.name == "_config":
        raise ConfigError([f"{config.folder}: belongs to the installed package; copy it to ./config and try again"])
    file = folder / f"{proposal.name}.toml"
    if file.exists() and not force:
        raise ConfigError([f"{file}: is there already; choose another --name, or --force to write over it"])
    owner = next((each for each in config.sources.values() if each.owns(f"https://{proposal.source.hosts[0]}/")), None)
    if owner is not None and owner.name != proposal.name and not force:
        raise ConfigError(
            [f"{proposal.source.hosts[0]} is watched by source {owner.name!r} already; --force adds another"]
        )
    try:
        file.write_text(proposal.text, encoding="utf-8")
    except OSError as error:
        raise ScraperError(f"{file}: cannot be written: {error.strerror or error}") from error
    return file


def _as_document(proposal: Proposal, file: str) -> dict[str, Any]:
    from scraper.onboard.draft import as_values

    return {
        "source": proposal.name,
        "file": file,
        "text": proposal.text,
        "family": proposal.source.family,
        "link_pattern": proposal.source.link_pattern,
        "listings": [as_values(found) for found in proposal.listings],
        "articles": [_as_row(trial) for trial in proposal.trials],
        "warnings": proposal.warnings,
    }


def _as_row(trial: Trial) -> dict[str, Any]:
    data = trial.article
    return {
        "url": trial.url,
        "error": trial.error,
        "title": data.title if data else "",
        "lead": data.lead if data else "",
        "authors": data.authors if data else [],
        "published_at": data.published_at if data else None,
        "section": data.section if data else "",
        "paragraphs": len(data.paragraphs) if data else 0,
        "problems": data.problems if data else [],
        "provenance": data.provenance if data else {},
    }


def _preview(proposal: Proposal) -> None:
    for found in proposal.listings:
        says = found.why or f"{len(found.links)} articles"
        show.console.print(Text(f"{found.rule.kind:8} {found.rule.url}  {says}"))
    rows = [
        (
            show.local(row["published_at"]),
            "yes" if row["lead"] else "-",
            row["paragraphs"],
            ", ".join(row["authors"]) or "-",
            row["title"] or row["error"],
        )
        for row in map(_as_row, proposal.trials)
    ]
    show.table(("published", "lead", "paras", "authors", "title"), rows, stretch="title")
    for warning in proposal.warnings:
        show.console.print(Text(warning, style="yellow"))


@sources_app.command("test")
def try_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A source's name.")],
    articles: Annotated[int, typer.Option("--articles", min=1, max=20, help="Articles that are read.")] = 3,
    json: Json = False,
) -> None:
    """Try a source today: what its listings list, and field by field what each layer finds in some articles."""
    from scraper import onboard
    from scraper.values import SystemClock

    config = home(context).load()
    source = config.source(name)
    with _pages(config) as (get, tell):
        examined = onboard.examine(source, get, SystemClock().now(), tell, articles)
    if json:
        show.print_json(_examined_document(name, examined))
    else:
        _examined(examined)
    raise typer.Exit(0 if any(trial.whole for trial, _ in examined.articles) else 1)


def _examined_document(name: str, examined: Examined) -> dict[str, Any]:
    from scraper.onboard.draft import as_values

    return {
        "source": name,
        "listings": [as_values(found) for found in examined.listings],
        "articles": [{**_as_row(trial), "fields": reports} for trial, reports in examined.articles],
    }


def _examined(examined: Examined) -> None:
    for found in examined.listings:
        says, style = (found.why, "red") if found.why else (f"{len(found.links)} articles", "green")
        show.console.print(Text(f"{found.rule.kind:8} {found.rule.url}  ").append(says, style=style))
    for trial, reports in examined.articles:
        show.console.print(Text(f"\n{trial.url}", style="blue"))
        if trial.error:
            show.console.print(Text(trial.error, style="red"))
            continue
        show.table(
            ("field", "by rules", "in data", "on the page", "taken from"), map(_field_row, reports), stretch="by rules"
        )
        for problem in trial.article.problems if trial.article else ():
            show.console.print(Text(f"problem  {problem}", style="yellow"))


def _field_row(report: FieldReport) -> tuple[str, ...]:
    values = (report.site, report.data, report.shown)
    return (report.field, *map(_short, values), report.taken or "-")


def _short(value: object) -> str:
    """A value of whatever field in a cell: lists joined, texts cut with their length."""
    from datetime import datetime

    if isinstance(value, datetime):
        return show.local(value)
    if isinstance(value, list):
        value = ", ".join(str(getattr(each, "url", each)) for each in value)
    text = " ".join(str(value or "-").split())
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}… ({len(text)})"
