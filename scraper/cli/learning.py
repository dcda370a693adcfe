"""Commands of what analysts say and what is learned from it: feedback, learn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, get_args

import typer
from rich.text import Text

from scraper.cli import show
from scraper.cli.app import Json, app, article_id, home
from scraper.errors import NotFoundError
from scraper.names import Label

if TYPE_CHECKING:
    from scraper.learn import Fitted, Share
    from scraper.store import Database

LABELS: dict[str, Label] = {label: label for label in get_args(Label)}


@app.command()
def feedback(
    context: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="ID|URL|list", help="A story's number, address or key; 'list' for all words.")
    ],
    label: Annotated[str | None, typer.Argument(help="implementation, issuance, oversight or none.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Take back what was said of the story.")] = False,
    json: Json = False,
) -> None:
    """Say what a story is; 'scraper learn' learns from it. What is said of a copy counts for its story."""
    from scraper import store
    from scraper.store import archive

    if reference == "list" and (label or forget):
        raise typer.BadParameter("'list' lists all words and changes none; name a story to say or take back a word")
    if reference != "list" and (label is None) != forget:
        raise typer.BadParameter(f"give one of {', '.join(LABELS)}, or --forget")
    if label is not None and label not in LABELS:
        raise typer.BadParameter(f"{label!r} is no label; give one of {', '.join(LABELS)}")
    with home(context).archive() as db:
        if reference == "list":
            _list(db, json)
            return
        number = article_id(db, reference)
        gone = store.forget(db, number) if label is None else 0
        if label is not None:
            store.say(db, number, LABELS[label], datetime.now(UTC), by="cli")
        story = archive.story(db, number)
    if story is None:
        raise NotFoundError(f"no article {reference!r}; 'scraper list' shows what there is")
    if json:
        judged = {"label": story.label, "score": story.score, "points": story.points}
        show.print_json({"id": number, "title": story.title, "judged": judged, "word": story.word, "forgotten": gone})
        return
    show.console.print(Text(story.title, style="bold"))
    show.console.print(Text("judged    ").append_text(show.label(story.label)).append(f"  score {story.score:.2f}"))
    said = show.label(story.word.label) if story.word else Text("nothing")
    show.console.print(Text("analysts  ").append_text(said))


def _list(db: Database, json: bool) -> None:
    from scraper import store

    given = store.given(db)
    if json:
        show.print_json({"feedback": given, "count": len(given)})
    elif given:
        rows = [
            (g.id, show.local(g.word.at), show.label(g.word.label), show.label(g.judged), f"{g.score:.2f}", g.title)
            for g in given
        ]
        show.table(("id", "said", "word", "judged", "score", "title"), rows, stretch="title")
    else:
        show.console.print("No word yet; give one with 'scraper feedback ID LABEL' or on a story's page.")


@app.command()
def learn(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be learned.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Let the rules alone judge again; the words stay.")] = False,
    json: Json = False,
) -> None:
    """Learn from the analysts' words; what was learned is used only when it is better than the rules alone."""
    from scraper import learn as learning
    from scraper import store

    policy = home(context).load().policy
    with home(context).archive() as db:
        if forget:
            _forgotten(forgot=store.forget_lesson(db), json=json)
            return
        fitted = learning.fit(store.labelled(db), policy)
        before = store.lesson(db)
        if not dry_run:
            _keep(db, fitted)
    stale = before is not None and policy.taught(before.learned) is policy
    if json:
        told = {"policy_version": policy.version, "rules": fitted.rules, "model": fitted.model}
        verdict = {"better": fitted.better, "why_not": fitted.why_not, "dry_run": dry_run}
        show.print_json({**told, **verdict, "before": before.fitted_at if before else None, "before_stale": stale})
        return
    if stale:
        show.console.print("What was learned before belongs to other rules and was not used.")
    _figures(fitted)
    for reason in fitted.why_not:
        show.console.print(Text(f"Not better: {reason}", style="yellow"))
    show.console.print(_ending(fitted, had=before is not None, dry_run=dry_run))


def _forgotten(*, forgot: bool, json: bool) -> None:
    if json:
        show.print_json({"forgotten": forgot})
    else:
        said = "Forgotten; run 'scraper reflag' to judge by the rules alone" if forgot else "Nothing was learned"
        show.console.print(said)


def _keep(db: Database, fitted: Fitted) -> None:
    """What was learned passes the bars with all words of today, or there is none."""
    from scraper import store

    if fitted.better and fitted.learned and fitted.model:
        store.keep_lesson(db, fitted.learned, fitted.rules, fitted.model, datetime.now(UTC))
    else:
        store.forget_lesson(db)


def _ending(fitted: Fitted, *, had: bool, dry_run: bool) -> str:
    if dry_run:
        return f"{'It would be used' if fitted.better else 'It would not be used'}; nothing was written."
    then = "'scraper reflag' judges what is stored by that, and a running daemon takes it up on SIGHUP."
    if fitted.better:
        return f"Learned, and used from now on; {then}"
    return f"What was learned before is dropped, the rules alone judge; {then}" if had else "The rules alone judge."


def _figures(fitted: Fitted) -> None:
    """The rules beside the model, with intervals of 95 %."""
    sides = [fitted.rules, *([fitted.model] if fitted.model else [])]
    rows: list[tuple[str, ...]] = [
        (name, *(_share(getattr(side, field)) for side in sides))
        for name, field in (
            ("precision of implementation", "precision"),
            ("recall of implementation", "recall"),
            ("AUC of implementation", "auc"),
            ("labels right", "labels"),
        )
    ]
    rows.append(("logarithmic loss", *(f"{side.log_loss:.3f}" for side in sides)))
    show.console.print(f"{fitted.rules.rows} stories with a word, {fitted.rules.implementation} of them implementation")
    show.table(("", "rules alone", "with what was learned")[: len(sides) + 1], rows)


def _share(share: Share) -> str:
    return f"{share.value:.3f} ({share.low:.2f}-{share.high:.2f})"
