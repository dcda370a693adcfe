"""The web application: HTML from the archive's read functions, no script, nothing from outside.

Scraped text is hostile: templates escape everything, links out are http or https only, and the content policy
lets a page load its own style sheet and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scraper import __version__, revise, urls
from scraper.store import Database, archive
from scraper.store.answers import Filter, Revision, Story
from scraper.values import Clock, Reason

HERE = Path(__file__).parent
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

SHOWN = 50
"""Stories on the front page: about what a reader scans in one go."""

POLICY = ("implementation", "issuance", "oversight")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}

MAX_LABEL = 200
"""Characters of a scraped title or cause that a list shows; the story page shows it whole."""


def create_app(
    db: Database, *, title_of: Callable[[str], str], clock: Clock, health: Callable[[], Mapping[str, object]]
) -> FastAPI:
    """The application over one archive.

    Args:
        db: The archive; only read.
        title_of: A source's name to its title.
        clock: The present moment, for "in 5 minutes".
        health: What ``/healthz`` says; its ``ok`` decides between 200 and 503.
    """
    app = FastAPI(title="scraper", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    pages = _environment(title_of)

    def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - template values
        return HTMLResponse(pages.get_template(template).render(now=clock.now(), **values), status)

    @app.middleware("http")
    async def _headers(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/", response_class=HTMLResponse)
    def front(
        label: Annotated[str, Query(max_length=20)] = "implementation", q: Annotated[str, Query(max_length=200)] = ""
    ) -> HTMLResponse:
        wanted = Filter(labels=_labels(label))
        items = archive.search(db, q, wanted, limit=SHOWN) if q.strip() else archive.newest(db, wanted, limit=SHOWN)
        return page("front.html", items=items, label=label, q=q, total=archive.count(db))

    @app.get("/stories/{article_id}", response_class=HTMLResponse)
    def story(article_id: int) -> HTMLResponse:
        found = archive.story(db, article_id) if 0 < article_id < 2**63 else None
        if found is None:
            return page("not_found.html", status=404)
        return page("story.html", story=found, edits=_edits(found))

    @app.get("/sources", response_class=HTMLResponse)
    def sources() -> HTMLResponse:
        return page("sources.html", sources=archive.sources(db))

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        said = health()
        return JSONResponse(dict(said), 200 if said.get("ok") else 503)

    @app.exception_handler(404)
    def _missing(_request: Request, _error: Exception) -> HTMLResponse:
        return page("not_found.html", status=404)

    app.mount("/static", StaticFiles(directory=HERE / "static"))
    return app


def _labels(label: str) -> tuple[str, ...]:
    if label == "all":
        return ()
    return (label,) if label in POLICY else POLICY


def _edits(story: Story) -> list[dict[str, Any]]:
    """Each revision after the first, newest first, with the word diff of what it changed."""
    history = sorted(story.history, key=lambda revision: revision.number)
    pairs = pairwise(history)
    return [{"revision": after, "fields": _changes(before, after)} for before, after in pairs][::-1]


def _changes(before: Revision, after: Revision) -> dict[str, list[revise.Part]]:
    return {
        name: revise.word_diff(before.data[name], after.data[name])
        for name in revise.SUBSTANCE
        if before.data[name] != after.data[name]
    }


def _environment(title_of: Callable[[str], str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(local=_local, outlet=title_of, why=_why, safe_url=_safe_url, short=_short)
    return environment


def _local(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "–"


def _why(reasons: Sequence[Reason]) -> str:
    """The three strongest reasons, as the article words them."""
    strongest = sorted(reasons, key=lambda reason: -abs(reason.weight))
    words = list(dict.fromkeys(_short(reason.matched, 60) for reason in strongest if reason.weight > 0))
    return ", ".join(words[:3])


def _short(text: str, length: int = MAX_LABEL) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"


def _safe_url(url: str) -> str:
    return url if urls.refusal(url) is None else ""
