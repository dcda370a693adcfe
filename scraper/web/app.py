"""The web application: HTML from the archive's read functions, no script, nothing from outside.

Scraped text is hostile: templates escape everything, links out are http or https only, and the content policy
lets a page load its own style sheet and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from scraper import __version__
from scraper.dossier import compile_dossier
from scraper.errors import NotFoundError, StoreError
from scraper.facts import facts_of
from scraper.store import Database, archive
from scraper.store.answers import Filter
from scraper.values import Clock
from scraper.web import changes, view
from scraper.web.copies import compared
from scraper.web.pages import HERE, MAX_ID, environment

SHOWN = 50
"""Stories on a page: about what a reader scans in one go."""

Show = Literal["implementation", "issuance", "oversight", "policy", "all"]

LABELS: dict[Show, tuple[str, ...]] = {
    "implementation": ("implementation",),
    "issuance": ("issuance",),
    "oversight": ("oversight",),
    "policy": ("implementation", "issuance", "oversight"),
    "all": (),
}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would take the Origin from our own forms
    "X-Frame-Options": "DENY",
}

log = structlog.get_logger("scraper")


def create_app(
    db: Database,
    *,
    title_of: Callable[[str], str],
    clock: Clock,
    health: Callable[[], Mapping[str, object]],
    agencies: frozenset[str] = frozenset(),
) -> FastAPI:
    """The application over one archive.

    Args:
        db: The archive; read, and written only where a reader splits or joins stories.
        title_of: A source's name to its title.
        clock: The present moment, for the foot of the page.
        health: What ``/healthz`` says; its ``ok`` decides between 200 and 503.
        agencies: Sources that are a news agency's own.
    """
    app = FastAPI(title="scraper", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    pages = environment(title_of)

    def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - template values
        return HTMLResponse(pages.get_template(template).render(now=clock.now(), **values), status)

    @app.middleware("http")
    async def _headers(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    _add_pages(app, db, page)
    changes.add(app, db, page, clock, agencies)
    _add_refusals(app, page)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        said = health()
        return JSONResponse(dict(said), 200 if said.get("ok") else 503)

    app.mount("/static", StaticFiles(directory=HERE / "static"))
    return app


def _add_pages(app: FastAPI, db: Database, page: Callable[..., HTMLResponse]) -> None:
    @app.get("/", response_class=HTMLResponse)
    def front(
        label: Show | None = None,
        q: Annotated[str, Query(max_length=200)] = "",
        source: Annotated[str, Query(max_length=100)] = "",
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    ) -> HTMLResponse:
        # Who looks for words or an outlet means the whole archive until told otherwise.
        shown = label or ("all" if q.strip() or source else "implementation")
        wanted = Filter(labels=LABELS[shown], sources=(source,) if source else (), words=q)
        items = archive.newest(db, wanted, limit=SHOWN + 1)
        kept = {"q": q, "source": source}
        return page(
            "front.html",
            items=items[:SHOWN],
            label=shown,
            q=q,
            source=source,
            before=before,
            labels={name: _address(label=name, **kept) for name in LABELS},
            older=_address(label=shown, before=items[SHOWN - 1].id, **kept) if len(items) > SHOWN else "",
            total=0 if items else archive.count(db),
        )

    @app.get("/stories/{article_id}", response_class=HTMLResponse)
    def story(article_id: int) -> HTMLResponse:
        found = archive.story(db, article_id) if 0 < article_id <= MAX_ID else None
        if found is None:
            return page("not_found.html", status=404)
        copies = compared(db, found)
        return page(
            "story.html",
            story=found,
            edits=view.edits(found),
            copies=copies,
            timeline=view.timeline(found, {copy.sighting.id: copy.found.sentence for copy in copies}),
            facts=facts_of(found.as_data()),
        )

    @app.get("/dossier", response_class=HTMLResponse)
    def dossier(about: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        found, why = None, ""
        try:
            found = compile_dossier(db, about) if about.strip() else None
        except NotFoundError as error:
            why = str(error)
        return page("dossier.html", status=404 if why else 200, dossier=found, about=about, why=why)

    @app.get("/sources", response_class=HTMLResponse)
    def sources() -> HTMLResponse:
        return page("sources.html", sources=archive.sources(db))


def _add_refusals(app: FastAPI, page: Callable[..., HTMLResponse]) -> None:
    @app.exception_handler(404)
    def _missing(_request: Request, _error: Exception) -> HTMLResponse:
        return page("not_found.html", status=404)

    @app.exception_handler(RequestValidationError)
    def _not_understood(_request: Request, error: RequestValidationError) -> HTMLResponse:
        if any(problem["loc"][0] == "path" for problem in error.errors()):
            return page("not_found.html", status=404)
        return page("not_understood.html", status=400)

    @app.exception_handler(StoreError)
    def _unreadable(request: Request, error: StoreError) -> HTMLResponse:
        log.error("page failed", action="web", path=request.url.path, error=str(error))
        return page("unreadable.html", status=503)


def _address(**query: object) -> str:
    return "/?" + urlencode({name: value for name, value in query.items() if value})
