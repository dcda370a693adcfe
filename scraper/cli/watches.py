"""Commands about watches: list, add, remove, test."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text
from typer.models import OptionInfo

from scraper.cli import show
from scraper.cli.app import Json, app, home

if TYPE_CHECKING:
    from scraper.config import Watch
    from scraper.decide.replay import Hit

watches_app = typer.Typer(help="What is told to whom, and when.", no_args_is_help=True)
app.add_typer(watches_app, name="watches")

MORNING = time(7)
"""When a digest would go out that a watch does not ask for."""

Name = Annotated[str, typer.Argument(help="The watch's name.")]


def _many(name: str, says: str) -> OptionInfo:
    option: OptionInfo = typer.Option(name, help=f"{says}; again for more.")
    return option


@watches_app.command("list")
def list_(context: typer.Context, json: Json = False) -> None:
    """The watches there are."""
    config = home(context).load()
    if json:
        show.print_json({"watches": config.watches})
        return
    rows = [
        (watch.name, conditions(watch), ", ".join(watch.events), ", ".join(watch.channels), _when(watch))
        for watch in config.watches
    ]
    if rows:
        show.table(("name", "tells of", "events", "channels", "when"), rows, stretch="tells of")
    else:
        show.console.print("No watches: stories are stored and nobody is told. 'scraper watches add NAME' makes one.")


def conditions(watch: Watch) -> str:
    """What a watch asks for, in words."""
    parts = [
        (" or ".join(watch.labels), "{}"),
        (f"{watch.min_score:g}" if watch.min_score else "", "score from {}"),
        (" or ".join(watch.documents), "citing {}"),
        (" or ".join(watch.places), "in {}"),
        (" or ".join(watch.words), "with {}"),
        (" and ".join(watch.all_words), "with {}"),
        (" or ".join(watch.outlets), "from {}"),
    ]
    return ", ".join(how.format(what) for what, how in parts if what) or "every story"


def _when(watch: Watch) -> str:
    return f"daily at {watch.digest:%H:%M}" if watch.digest is not None else "at once"


@watches_app.command()
def add(
    context: typer.Context,
    name: Name,
    label: Annotated[list[str] | None, _many("--label", "implementation, issuance, oversight or none")] = None,
    min_score: Annotated[float, typer.Option("--min-score", help="Probability of implementation at the least.")] = 0.0,
    word: Annotated[list[str] | None, _many("--word", "A word or phrase, of which one must occur")] = None,
    all_word: Annotated[list[str] | None, _many("--all-word", "One that must occur")] = None,
    document: Annotated[list[str] | None, _many("--document", "A document, such as 1719/QĐ-TTg")] = None,
    place: Annotated[list[str] | None, _many("--place", "A province, present or former, or its code")] = None,
    outlet: Annotated[list[str] | None, _many("--outlet", "A source's name")] = None,
    event: Annotated[list[str] | None, _many("--event", "new, adds_facts, edited, removed, returned, ...")] = None,
    channel: Annotated[list[str] | None, _many("--channel", "A channel of settings.toml")] = None,
    digest: Annotated[str, typer.Option("--digest", help="A time such as 07:00: one message a day.")] = "",
    json: Json = False,
) -> None:
    """Write a watch to watches.toml, below what stands there."""
    fields = {
        "name": name,
        "labels": label,
        "min_score": min_score,
        "words": word,
        "all_words": all_word,
        "documents": document,
        "places": place,
        "outlets": outlet,
        "events": event,
        "channels": channel,
        "digest": digest,
    }
    watch, file = save(context, fields)
    if json:
        show.print_json({"watch": watch, "file": file})
    else:
        tell(watch, file)


def save(context: typer.Context, fields: dict[str, Any]) -> tuple[Watch, Path]:
    """Add a watch to the file; both are returned.

    Raises:
        ConfigError: It cannot be added; says why.
    """
    from scraper.config.edit import add_watch
    from scraper.config.load import WATCHES

    config = home(context).load()
    return add_watch(config, fields), config.folder / WATCHES


def tell(watch: Watch, file: Path) -> None:
    """Say what was added, and what to do next."""
    show.console.print(Text(f"Watch {watch.name!r} added to {file}: {conditions(watch)}; {_when(watch)}."))
    show.console.print(Text(f"What it would have told: scraper watches test {shlex.quote(watch.name)}\n{_RELOAD}"))


_RELOAD = "A running daemon reads the file again on SIGHUP."


@watches_app.command()
def remove(context: typer.Context, name: Name, json: Json = False) -> None:
    """Take a watch out of watches.toml."""
    from scraper.config.edit import remove_watch
    from scraper.config.load import WATCHES

    config = home(context).load()
    remove_watch(config, name)
    file = config.folder / WATCHES
    if json:
        show.print_json({"removed": name, "file": file})
    else:
        show.console.print(Text(f"Watch {name!r} removed from {file}. {_RELOAD}"))


@watches_app.command("test")
def try_watch(
    context: typer.Context,
    name: Name,
    since: Annotated[str, typer.Option("--since", help="An age such as 30d, or a date such as 2026-03-01.")] = "30d",
    old: Annotated[bool, typer.Option("--all", help="Also what matches but was too old to be told.")] = False,
    json: Json = False,
) -> None:
    """Show what a watch would have told of what the archive holds; nobody is told."""
    from scraper.decide import Rules
    from scraper.decide.replay import replay
    from scraper.store.replay import moments

    config = home(context).load()
    watch, rules = config.watch(name), Rules.of(config)
    start = show.moment(since, datetime.now(UTC))
    with home(context).archive() as db:
        found = replay(watch, moments(db, start), rules)
    told = [hit for hit in found if hit.news]
    shown = found if old else told
    days, digests = _days(told, rules.zone), _digests(watch, told, rules.zone)
    if json:
        show.print_json(
            {
                "watch": name,
                "since": start,
                "alerts": shown,
                "count": len(told),
                "too_old": len(found) - len(told),
                "days": days,
                "digests": digests,
            }
        )
        return
    _print(watch, shown, told, len(found), days, digests)


def _print(
    watch: Watch, shown: list[Hit], told: list[Hit], found: int, days: dict[str, int], digests: dict[str, int]
) -> None:
    rows = [
        (
            show.local(hit.at),
            hit.event if hit.news else f"({hit.event})",
            Text(hit.title).append(f"\n{', '.join(hit.why) or 'every story'}", style="dim"),
            hit.outlet,
            show.label(hit.label),
            f"{hit.score:.2f}" if hit.label else "-",
        )
        for hit in shown
    ]
    if rows:
        show.table(("time", "event", "title and why", "outlet", "label", "score"), rows, stretch="title and why")
        show.console.print()
    show.console.print(Text(f"{len(told)} alerts" + "".join(f"\n  {day}  {count}" for day, count in days.items())))
    if digests:
        at = watch.digest or MORNING
        show.console.print(Text(f"As a digest at {at:%H:%M}: {len(digests)} messages"))
        for day, count in digests.items():
            show.console.print(Text(f"  {day}  {count} {'story' if count == 1 else 'stories'}: {watch.name}"))
    if found > len(told):
        show.console.print(
            f"Not counted, as too old to be told: {found - len(told)}, out before their source was watched or for "
            "longer than alerting.max_age; --all lists them in brackets."
        )


def _days(hits: list[Hit], zone: ZoneInfo) -> dict[str, int]:
    return dict(Counter(f"{hit.at.astimezone(zone):%Y-%m-%d}" for hit in hits))


def _digests(watch: Watch, hits: list[Hit], zone: ZoneInfo) -> dict[str, int]:
    """Stories by the day on which the digest would have gone out."""
    from scraper.schedule import next_time_of_day

    at = watch.digest or MORNING
    return dict(Counter(f"{next_time_of_day(at, zone, hit.at).astimezone(zone):%Y-%m-%d}" for hit in hits))
