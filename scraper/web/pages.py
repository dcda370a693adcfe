"""The templates, what they may call, and how a page is made of one."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from scraper import __version__, urls, vietnam
from scraper.store.answers import Item
from scraper.values import FIGURE_EDITS
from scraper.web import plots, view
from scraper.web.asking import address
from scraper.web.language import Language, language_of, words
from scraper.web.site import Site

HERE = Path(__file__).parent
STYLE = (HERE / "static" / "style.css").read_text(encoding="utf-8")


LINES = 4_000
"""Stories whose line of a list is kept: thirty of them were two thirds of a page's cost. About 1 kB each."""


class Pages:
    """Renders templates for a reader: in the reader's language, with the token that forms carry."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = environment()

    def part(self, template: str, language: Language, **values: Any) -> Markup:  # noqa: ANN401 - template values
        """A piece of a page that is the same for all readers of a language, to be kept and put into pages."""
        shared = {"t": words(language), "outlet_of": self._site.outlet}
        text = self._templates.get_template(template).render(**shared, **values)
        return Markup(text)  # noqa: S704 - the template escaped it

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
        """A page.

        Args:
            request: Whose it is.
            template: A file of ``templates``.
            status: The HTTP status.
            values: What the template shows.
        """
        language = language_of(request)
        access, session = getattr(request.state, "access", None), getattr(request.state, "session", "")
        query = f"?{request.url.query}" if request.url.query else ""
        body = self._templates.get_template(template).render(
            t=words(language),
            language=language,
            outlet_of=self._site.outlet,
            line=lambda item: _line(item, self._site.outlet(item.source), language),
            now=self._site.clock.now(),
            form_token=access.form_token(session) if access and session else "",
            locked=bool(access and access.asked and session),
            here=request.url.path + query if request.method == "GET" else "/",
            path=request.url.path,
            **values,
        )
        return HTMLResponse(body, status, headers={"Vary": "Accept-Language, Cookie"})


@lru_cache(maxsize=LINES)
def _line(item: Item, outlet: str, language: Language) -> Markup:
    """A story as lists show it, the same for as long as the archive says the same of it."""
    text = environment().get_template("line.html").render(item=item, outlet=outlet, t=words(language))
    return Markup(text)  # noqa: S704 - the template escaped it


@cache
def environment() -> Environment:
    """Templates that escape whatever they are given; among it ``outlet_of``, which tells a source's title."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    filters = (vietnam.brief, vietnam.local, vietnam.day, urls.link, view.short, view.where, view.why)
    found.filters.update({function.__name__: function for function in filters}, outlet=_outlet)
    found.globals.update(address=address, figure_edits=FIGURE_EDITS, plots=plots, version=__version__)
    return found


@pass_context
def _outlet(context: Context, source: str) -> str:
    title: str = context["outlet_of"](source)
    return title
