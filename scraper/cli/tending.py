"""Commands that look after rules and archive: parse, reparse, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, home
from scraper.errors import NotFoundError

if TYPE_CHECKING:
    from scraper.config import Config
    from scraper.models import ArticleData

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
EXAMPLES = 10
"""Changed articles that are listed by title; the rest are counted."""


@app.command()
def parse(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page, or an address to fetch.")],
    url: Annotated[str, typer.Option("--url", help="The address a saved page came from; chooses its rules.")] = "",
    json: Json = False,
) -> None:
    """Read one article page and show every field, where it came from, and the judgement."""
    from scraper import extract, flag

    config = home(context).load()
    body, address, content_type = _page(config, page, url)
    data = extract.parse_article(body, address, config.source_for(address), content_type=content_type)
    judgement = flag.judge(data, config.policy)
    if json:
        show.print_json({"article": data, "judgement": judgement})
        return
    _fields(data)
    show.console.print(show.label(judgement.label).append(f"  score {judgement.score:.2f}", style="default"))
    for reason in judgement.reasons:
        show.console.print(Text(f"  {reason.weight:+g}  {reason.matched}  ({reason.rule}, {reason.field})"))


def _page(config: Config, page: str, url: str) -> tuple[bytes, str, str]:
    file = Path(page)
    if file.is_file():
        return file.read_bytes(), url or file.resolve().as_uri(), ""
    if "://" not in page:
        raise NotFoundError(f"{page}: no such file, and not an address")
    from scraper.fetch import Fetcher
    from scraper.values import NotModified, SystemClock

    with Fetcher(config.settings.fetch, SystemClock()) as fetcher:
        answer = fetcher.get(page)
    if isinstance(answer, NotModified):
        raise NotFoundError(f"{page}: answered that nothing changed to a plain request")
    return answer.body, url or answer.final_url, answer.content_type


def _fields(data: ArticleData) -> None:
    for name, value in data.model_dump(mode="json").items():
        if name in {"provenance", "problems"} or not value:
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        layer = data.provenance.get(name, "")
        show.console.print(
            Text(f"{name:14}", style="bold").append(f"{layer:8} ", style="dim").append(shown, style="default")
        )
    for problem in data.problems:
        show.console.print(Text(f"problem       {problem}", style="yellow"))


@app.command()
def reparse(context: typer.Context, dry_run: DryRun = False, json: Json = False) -> None:
    """Read all stored pages again with the present rules. A better parser is no edit: nobody is alerted."""
    from scraper import reread, store
    from scraper.store import archive

    changed: list[dict[str, Any]] = []
    without = 0
    with home(context).desk() as desk, show.progress() as bar:
        for number in bar.track(store.article_ids(desk.db), description="Parsing"):
            source = desk.config.sources.get(store.known_article(desk.db, number).source)
            fields = reread.reparse(source, number, desk, write=not dry_run) if source else None
            if fields is None:
                without += 1
            elif fields:
                story = archive.story(desk.db, number)
                changed.append({"id": number, "title": story.title if story else "", "fields": fields})
    if json:
        show.print_json({"changed": changed, "without_page": without, "dry_run": dry_run})
        return
    show.console.print(f"{len(changed)} articles parsed differently{' (nothing was written)' if dry_run else ''}")
    for item in changed[:EXAMPLES]:
        show.console.print(Text(f"  {item['id']}  {', '.join(item['fields'])}  {item['title']}"))


@app.command()
def doctor(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no server.")] = False,
    json: Json = False,
) -> None:
    """Say in words what is wrong with configuration, archive, network or a source, and what to do."""
    from scraper.cli.doctor import examine

    with show.progress() as bar:
        findings = examine(home(context), bar, offline=offline)
    wrong = [finding for finding in findings if finding.level == "wrong"]
    if json:
        show.print_json({"ok": not wrong, "findings": findings})
    else:
        styles = {"ok": "green", "note": "yellow", "wrong": "red"}
        for finding in findings:
            show.console.print(
                Text(f"{finding.level:6}", style=styles[finding.level])
                .append(f"{finding.about:18} ", style="bold")
                .append(finding.says, style="default")
            )
    raise typer.Exit(1 if wrong else 0)
