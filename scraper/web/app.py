"""The web application: pages, forms, feeds and the API over one archive.

Scraped text is hostile: templates escape everything, links out are http or https only, and the content policy lets a
page load its own style sheet, script and icon and nothing else.
"""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from scraper import __version__
from scraper.errors import ConfigError, GroupingError, NotFoundError, ScraperError, StoreError
from scraper.web import api, changes, feeds, gate, metrics, reading, taking, telling
from scraper.web.pages import HERE, Pages
from scraper.web.site import Site

log = structlog.get_logger("scraper")


def create_app(site: Site) -> FastAPI:
    """The application over an archive."""
    app = FastAPI(title="scraper", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(site)
    gate.guard(app, site, pages)
    for router in (
        reading.router(site, pages),
        telling.router(site, pages),
        taking.router(site),
        changes.router(site),
        feeds.router(site),
    ):
        app.include_router(router, include_in_schema=False)
    app.include_router(metrics.router(site), include_in_schema=False)
    app.include_router(api.router(site), prefix=api.PREFIX)
    _add_refusals(app, pages)

    @app.get(f"{api.PREFIX}/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        said = site.health()
        return JSONResponse(dict(said), 200 if said.get("ok") else 503)

    app.mount("/static", StaticFiles(directory=HERE / "static"))
    return app


_SAID = {
    403: ("refused.html", "not from a page of ours", "form"),
    404: ("not_found.html", "there is nothing here", ""),
    405: ("not_found.html", "this address is not asked in this way", ""),
    413: ("refused.html", "the form is too large", "large"),
}
"""Of an HTTP error: its page, what programs are told, and which sentence of the page holds."""


def _add_refusals(app: FastAPI, pages: Pages) -> None:
    """Say in words, as a page or to programs as JSON, why there is no answer."""

    def refuse(request: Request, status: int, template: str, said: object, **values: Any) -> Response:  # noqa: ANN401 - template values
        if request.url.path.startswith(gate.FOR_PROGRAMS):
            return JSONResponse({"detail": said}, status)
        return pages.render(request, template, status, **values)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        template, said, why = _SAID.get(error.status_code, _SAID[404])
        return refuse(request, error.status_code, template, said, why=why, detail="")

    @app.exception_handler(RequestValidationError)
    def _not_understood(request: Request, error: RequestValidationError) -> Response:
        wrong = [(str(each["loc"][-1]), str(each["msg"])) for each in error.errors()]
        if any(each["loc"][0] == "path" for each in error.errors()):
            return refuse(request, 404, "not_found.html", "there is nothing of that number")
        said = [f"{where}: {what}" for where, what in wrong]
        return refuse(request, 400, "not_understood.html", said, problems=wrong)

    @app.exception_handler(GroupingError)
    @app.exception_handler(NotFoundError)
    @app.exception_handler(ConfigError)
    def _refused(request: Request, error: ScraperError) -> Response:
        return refuse(request, 409, "refused.html", str(error), why="", detail=str(error))

    @app.exception_handler(StoreError)
    def _unreadable(request: Request, error: StoreError) -> Response:
        log.error("page failed", action="web", path=request.url.path, error=str(error))
        return refuse(request, 503, "unreadable.html", "the archive cannot be read; see the log")
