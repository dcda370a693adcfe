"""What readers may change: split and join stories, and say what a story is, by plain forms.

A browser sends forms to us for any page that asks it to. So a form must come from a page of ours (Origin), and we must
have been asked for by a name of this machine (Host): another site's name can be made to lead here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, get_args
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from scraper import store
from scraper.errors import GroupingError, NotFoundError
from scraper.store import Database, archive
from scraper.values import Clock, Label
from scraper.web.pages import MAX_ID

MAX_FORM = 10_000
"""Bytes of a form; ours hold one address."""

LABELS: dict[str, Label] = {label: label for label in get_args(Label)}

_OWN_NAMES = {"localhost", "127.0.0.1", "::1", "testserver"}

Page = Callable[..., Response]


async def form(request: Request) -> dict[str, str]:
    """A form's fields, once it is sure that a page of ours sent it.

    Raises:
        HTTPException: 403 when another page did, 413 when it is too large.
    """
    host, origin = urlsplit(f"//{request.headers.get('host', '')}"), urlsplit(request.headers.get("origin", ""))
    if host.hostname not in _OWN_NAMES or origin.netloc != host.netloc:
        raise HTTPException(403)
    if not request.headers.get("content-length", "x").isdecimal():
        raise HTTPException(413)
    if int(request.headers["content-length"]) > MAX_FORM:
        raise HTTPException(413)
    fields = parse_qs((await request.body()).decode(errors="replace"))
    return {name: values[0] for name, values in fields.items()}


Form = Annotated[dict[str, str], Depends(form)]
ArticleId = Annotated[int, Path(ge=1, le=MAX_ID)]


def add(app: FastAPI, db: Database, page: Page, clock: Clock, agencies: frozenset[str]) -> None:
    """Add the routes that forms are sent to.

    Args:
        app: The application.
        db: The archive; written.
        page: Renders a template with a status.
        clock: The present moment, noted with each choice.
        agencies: Sources that are a news agency's own.
    """

    @app.post("/stories/{article_id}/split")
    def split(article_id: ArticleId, _form: Form) -> Response:
        store.split(db, article_id, clock.now(), agencies=agencies)
        return _back_to(article_id)

    @app.post("/stories/{article_id}/join")
    def join(article_id: ArticleId, fields: Form) -> Response:
        other = archive.find(db, fields.get("other", ""))
        if other is None:
            raise NotFoundError(f"there is no article {fields.get('other', '')!r}")
        store.join(db, article_id, other, clock.now(), agencies=agencies)
        return _back_to(article_id)

    @app.post("/stories/{article_id}/feedback")
    def feedback(article_id: ArticleId, fields: Form) -> Response:
        said = fields.get("label", "")
        if said == "forget":
            store.forget(db, article_id)
        elif said in LABELS:
            store.say(db, article_id, LABELS[said], clock.now(), by="web")
        else:
            return page("refused.html", status=409, why=f"there is no label {said!r}")
        return _back_to(article_id)

    @app.exception_handler(GroupingError)
    @app.exception_handler(NotFoundError)
    def _refused(_request: Request, error: Exception) -> Response:
        return page("refused.html", status=409, why=str(error))

    @app.exception_handler(403)
    def _foreign(_request: Request, _error: Exception) -> Response:
        return page("refused.html", status=403, why="the form did not come from a page of ours; use the command line")


def _back_to(article_id: int) -> Response:
    return RedirectResponse(f"/stories/{article_id}", status_code=303)
