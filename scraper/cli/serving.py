"""Commands about the pages: web, passwd."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from scraper.cli import show
from scraper.cli.app import Json, app, home


@app.command()
def web(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than loopback ask for a password.")
    ] = "",
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; 0 for any that is free.")] = None,
) -> None:
    """Show the archive in a browser, without watching: pages, feeds and the API, until Ctrl-C."""
    from scraper import daemon, process
    from scraper.config import Config

    config = home(context).load()
    changed = {name: value for name, value in (("host", host), ("port", port)) if value not in {"", None}}
    settings = config.settings.model_copy(update={"web": config.settings.web.model_copy(update=changed)})
    chosen: Config = config.model_copy(update={"settings": settings})
    process.configure_logging()
    with home(context).archive() as db:
        daemon.serve(chosen, home(context).data, db, lambda address: show.console.print(f"The archive is at {address}"))


@app.command()
def passwd(
    context: typer.Context,
    token: Annotated[
        str, typer.Option("--token", metavar="NAME", help="Make a token of that name for a program; shown once.")
    ] = "",
    forget: Annotated[str, typer.Option("--forget-token", metavar="NAME", help="Take a token back.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the password away; all sessions end.")] = False,
    json: Json = False,
) -> None:
    """Set the password of the pages (asked for, or read from standard input), or make and take back tokens."""
    from scraper.errors import NotFoundError
    from scraper.web import access

    data = home(context).data
    made = access.add_token(data, token) if token else ""
    if forget and not access.remove_token(data, forget):
        known = ", ".join(access.load(data).tokens) or "none"
        raise NotFoundError(f"there is no token {forget!r}; there are: {known}")
    if remove:
        access.set_password(data, "")
    elif not (token or forget):
        access.set_password(data, _asked())
    now = access.load(data)
    if json:
        show.print_json({"password": bool(now.password), "tokens": list(now.tokens), "token": made or None})
        return
    if made:
        print(made)
        print(
            "Send it as 'Authorization: Bearer ...', or as the password of a feed reader. It is not shown again.",
            file=sys.stderr,
        )
    else:
        tokens = f"; tokens: {', '.join(now.tokens)}" if now.tokens else ""
        show.console.print(f"A password is {'asked for' if now.password else 'not asked for'}{tokens}.")


def _asked() -> str:
    """The password, typed twice without being shown; a program gives it in one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n") or _nothing()
    given: str = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    return given


def _nothing() -> str:
    raise typer.BadParameter("no password was given; --remove takes it away")
