"""Commands that read the archive: list, search, stats, alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.plain import plain

if TYPE_CHECKING:
    from scraper.store import Database
    from scraper.store.answers import Alert, Delay, Filter, Item, Service

Label = Annotated[
    list[str] | None, typer.Option("--label", help="implementation, issuance, oversight or none; again for more.")
]
Sources = Annotated[list[str] | None, typer.Option("--source", help="A source's name; again for more.")]
Since = Annotated[str | None, typer.Option("--since", help="An age such as 2d, or a date such as 2026-03-01.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Rows at the most.")]
Score = Annotated[float, typer.Option("--min-score", min=0, max=1, help="Probability of implementation at the least.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="That name this document, by number or name; again for more.")
]
Places = Annotated[list[str] | None, typer.Option("--place", help="That name this province, of today or former.")]
Copies = Annotated[bool, typer.Option("--copies", help="List copies of a story on their own too.")]


def filter_of(label: list[str] | None, source: list[str] | None, since: str | None, **more: object) -> Filter:
    """The filter that a command's options mean."""
    from scraper.store.answers import Filter

    start = show.moment(since, datetime.now(UTC)) if since else None
    return Filter(labels=tuple(label or ()), sources=tuple(source or ()), since=start, **more)  # type: ignore[arg-type]


def naming(db: Database, documents: list[str] | None, places: list[str] | None) -> dict[str, tuple[str, ...]]:
    """The filter's keys for documents and provinces as a person writes them."""
    from scraper.dossier import keys_of

    found: dict[str, tuple[str, ...]] = {}
    for kind, written in (("document", documents or []), ("place", places or [])):
        subjects = [keys_of(db, about) for about in written]
        if wrong := next((subject for subject in subjects if subject.kind != kind), None):
            raise typer.BadParameter(f"{wrong.title!r} is no {'province' if kind == 'place' else 'document'}")
        found[f"{kind}s"] = tuple(key for subject in subjects for key in subject.keys)
    return found


@app.command("list")
def list_(
    context: typer.Context,
    label: Label = None,
    source: Sources = None,
    since: Since = None,
    min_score: Score = 0.0,
    limit: Limit = 30,
    document: Documents = None,
    place: Places = None,
    copies: Copies = False,
    json: Json = False,
) -> None:
    """Newest stories first."""
    from scraper.store import archive

    with home(context).archive() as db:
        named = naming(db, document, place)
        wanted = filter_of(label, source, since, min_score=min_score, copies=copies, **named)
        _items(archive.newest(db, wanted, limit=limit), json)


@app.command()
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words, with or without accents; "quoted" for phrases.')],
    label: Label = None,
    source: Sources = None,
    since: Since = None,
    limit: Limit = 30,
    copies: Copies = False,
    save: Annotated[str, typer.Option("--save", metavar="NAME", help="Keep the search as a watch of that name.")] = "",
    json: Json = False,
) -> None:
    """Stories that hold all the words: "dak lak" finds Đắk Lắk. With --save they are told from now on."""
    from scraper.cli import watches
    from scraper.store import archive

    # A shell has taken the quotes off: an argument of several words was a phrase, unless it is all there is.
    query = words[0] if len(words) == 1 else " ".join(f'"{word}"' if " " in word else word for word in words)
    if save and not archive.terms(query):
        raise typer.BadParameter("a search without a word is no watch; 'scraper watches add' makes one without words")
    with home(context).archive() as db:
        found = archive.search(db, query, filter_of(label, source, since, copies=copies), limit=limit)
    if not save:
        _items(found, json)
        return
    wanted = {"name": save, "labels": label, "all_words": archive.terms(query), "outlets": source}
    watch, file = watches.save(context, wanted)
    if json:
        show.print_json({"articles": found, "count": len(found), "watch": watch, "file": file})
        return
    _items(found, json)
    watches.tell(watch, file)


def _items(items: list[Item], json: bool) -> None:
    if json:
        show.print_json({"articles": items, "count": len(items)})
        return
    rows = [(i.id, show.local(i.at), i.source, show.label(i.label), f"{i.score:.2f}", _title(i)) for i in items]
    if rows:
        show.table(("id", "time", "source", "label", "score", "title"), rows, stretch="title")
    else:
        show.console.print("Nothing found. 'scraper stats' says what the archive holds; 'scraper once' fills it.")


def _title(item: Item) -> Text:
    title = Text(item.title)
    marks = [f"{item.copies} copies"] * (item.copies > 0) + [f"edited {item.revisions - 1}x"] * (item.revisions > 1)
    marks += ["removed"] * (item.state == "removed") + ["copy"] * (item.copy_of is not None)
    return title.append(f"  [{', '.join(marks)}]", style="yellow") if marks else title


@app.command()
def stats(
    context: typer.Context,
    service: Annotated[
        bool, typer.Option("--service", help="How well each source is served: found, how soon, at what cost.")
    ] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=30, help="With --service: how many days.")] = 7,
    json: Json = False,
) -> None:
    """What the archive holds."""
    from scraper.store import archive

    with home(context).archive() as db:
        if service:
            _service(archive.service(db, datetime.now(UTC) - timedelta(days=days)), json=json)
            return
        figures = archive.stats(db)
    if json:
        show.print_json(figures)
        return
    for name, value in plain(figures).items():
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        show.console.print(Text(f"{name.replace('_', ' '):22} {text if text not in (None, '') else '-'}"))


def _service(found: list[Service], *, json: bool) -> None:
    if json:
        show.print_json({"service": found})
        return
    rows = [
        (
            one.day[5:],
            one.source,
            "-" if one.recall is None else f"{one.recall:.0%}",
            one.stories,
            _minutes(one.stored),
            _minutes(one.told),
            one.requests,
            f"{one.not_modified / one.requests:.0%}" if one.requests else "-",
            f"{one.robots_denied}/{one.held}",
        )
        for one in found
    ]
    show.table(("day", "source", "recall", "stories", "stored", "told", "asked", "304", "not asked"), rows)
    show.console.print(
        "recall: an estimate from what two kinds of listings both show; a source with one kind has none.\n"
        "stored, told: minutes from publication to the archive, and on to the channel; median / 95 of 100.\n"
        "asked: requests, and how many of them were answered with 304. not asked: robots.txt / Retry-After."
    )


def _minutes(delay: Delay | None) -> str:
    return "-" if delay is None else f"{delay.median / 60:.0f} / {delay.p95 / 60:.0f}"


def _held(alert: Alert) -> str:
    """When a message goes out that waits for a digest."""
    return f"in the digest of {show.local(alert.next_try_at)}" if alert.digest and alert.state == "waiting" else ""


@app.command()
def alerts(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="waiting, sent or failed.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Put messages that were given up back in the queue.")] = False,
    limit: Limit = 30,
    json: Json = False,
) -> None:
    """Messages sent, waiting and failed."""
    from scraper.store import archive, retry_failed

    with home(context).archive() as db:
        again = retry_failed(db, datetime.now(UTC)) if retry else 0
        found = archive.alerts(db, state, limit=limit)
    if json:
        show.print_json({"alerts": found, "retried": again})
        return
    if retry:
        show.console.print(f"{again} messages wait again; 'scraper run' sends them")
    rows = [
        (
            a.id,
            show.local(a.created_at),
            a.channel,
            a.event,
            a.state,
            a.tries,
            a.message.get("title") or a.source,
            a.error or _held(a),
        )
        for a in found
    ]
    if rows:
        show.table(("id", "time", "channel", "event", "state", "tries", "about", "note"), rows, stretch="about")
    else:
        show.console.print("No messages.")
