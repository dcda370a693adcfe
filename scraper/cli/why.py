"""``scraper why``: what became of an address, and for what reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home

if TYPE_CHECKING:
    from scraper.config import Config, Source, Watch
    from scraper.store import Database
    from scraper.store.answers import Story, Trace
    from scraper.values import Label


@app.command()
def why(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an article.")],
    json: Json = False,
) -> None:
    """Say why an address was fetched or not, stored or not, told or not. Asks no server."""
    config = home(context).load()
    with home(context).archive() as db:
        said = list(reasons(config, db, url))
    if json:
        show.print_json({"url": url, "reasons": said})
        return
    for line in said:
        show.console.print(Text(line))


def reasons(config: Config, db: Database, url: str) -> Iterator[str]:
    """What is known of an address, one sentence each, in the order in which an article goes through the program."""
    from scraper import urls
    from scraper.store import archive

    plain = urls.canonical(url)
    if refused := urls.refusal(url):
        yield f"Not fetched: the address is refused ({refused})."
        return
    source = config.source_for(plain)
    if source is None:
        yield f"Not fetched: no source has the host {urls.host_of(plain)}; 'scraper sources add {url}' makes one."
        return
    yield from _chosen(source, plain)
    trace = archive.trace(db, source.key(plain), plain)
    yield from _seen(trace)
    for fetch in trace.fetches:
        error = f" ({fetch.error})" if fetch.error else ""
        yield f"Asked {show.local(fetch.at)} as {fetch.kind}: {fetch.outcome}{error}."
    story = archive.story(db, trace.article_id) if trace.article_id else None
    if story is not None:
        yield from _stored(story)
        yield from _told(config, trace, story)


def _chosen(source: Source, url: str) -> Iterator[str]:
    if not source.enabled:
        yield f"Source {source.name} is off: {source.reason}."
    if (why := source.passed_over(url)) is not None:
        yield f"Links like this are passed over: in {source.name} {why}."


def _seen(trace: Trace) -> Iterator[str]:
    if not trace.state:
        yield "No listing of the source has shown it since the source is watched."
        return
    first = " at the source's first poll" if trace.baseline else ""
    kinds = f" in {trace.found_in.replace(' ', ' and ')}" if trace.found_in else ""
    yield f"First seen {show.local(trace.first_seen_at)}{kinds}{first}."
    if trace.state == "waiting":
        tried = f" after {trace.tries} failed tries: {trace.error}" if trace.tries else ""
        yield f"It waits to be fetched, next {show.local(trace.next_try_at)}{tried}."
    elif trace.state == "failed":
        yield f"It was given up after {trace.tries} tries: {trace.error}."


def _stored(story: Story) -> Iterator[str]:
    yield f"Stored {show.local(story.seen_at)} as number {story.id}, judged {story.label} ({story.score:.0%})."
    if story.original is not None:
        yield f"It is a copy of number {story.original.id} ({story.original.url}), which stands for the story."
    if story.state == "removed":
        yield "Its page has been removed since."


def _told(config: Config, trace: Trace, story: Story) -> Iterator[str]:
    for alert in trace.alerts:
        when = f"sent {show.local(alert.sent_at)}" if alert.sent_at else alert.state
        error = f" ({alert.error})" if alert.error else ""
        yield f"Told on {alert.channel} for {alert.alert} ({alert.event}): {when}{error}."
    if any(alert.event in {"new", "adds_facts"} for alert in trace.alerts):
        return
    longest = config.settings.alerting.max_age
    if story.original is not None:
        yield "Not told as new: a story is told once, by its first article; copies only when they add facts."
    elif trace.baseline:
        yield "Not told as new: it was there when the source was first polled."
    elif story.seen_at - (story.published_at or story.seen_at) > longest:
        yield f"Not told as new: it was older than alerting.max_age ({longest}) when it was stored."
    else:
        yield from (f"Not told by watch {watch.name}: {_lacking(watch, story)}." for watch in config.watches)


def _lacking(watch: Watch, story: Story) -> str:
    from scraper.cli.watches import conditions
    from scraper.decide.matching import Reading, matched
    from scraper.values import Judgement

    judged = Judgement(cast("Label", story.label), 0.0, story.score)
    if matched(watch, Reading(story.history[-1].as_data()), judged, story.source) is None:
        return f"it asks for {conditions(watch)}"
    if not watch.wants("new"):
        return f"it asks for {', '.join(watch.events)} alone"
    return "it would be told if it came now, so the watch, or the rules that judge, are younger than the story"
