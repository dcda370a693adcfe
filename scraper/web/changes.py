"""What readers may change, by plain forms: stories split and joined, words on them, watches, messages sent again.

Every form passes :func:`scraper.web.gate.form`, which sees that a page of ours sent it.
"""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from scraper import store
from scraper.config.edit import add_watch
from scraper.errors import ConfigError, NotFoundError
from scraper.places import PRESENT
from scraper.store import archive
from scraper.values import LABELS, Label
from scraper.web.asking import ArticleId, Asked
from scraper.web.gate import Form, local
from scraper.web.language import COOKIE, Language
from scraper.web.site import Site

LABELS_BY_NAME: dict[str, Label] = {label: label for label in LABELS}
A_YEAR = 365 * 24 * 3600


def router(site: Site) -> APIRouter:
    """The routes that forms are sent to."""
    routes = APIRouter()
    _add_stories(routes, site)
    _add_others(routes, site)
    return routes


def _add_stories(routes: APIRouter, site: Site) -> None:
    @routes.post("/stories/{article_id}/split")
    def split(article_id: ArticleId, _form: Form) -> Response:
        store.split(site.db, article_id, site.clock.now(), agencies=site.config().agencies)
        return RedirectResponse(f"/stories/{article_id}", 303)

    @routes.post("/stories/{article_id}/join")
    def join(article_id: ArticleId, fields: Form) -> Response:
        other = archive.find(site.db, fields.get("other", ""))
        if other is None:
            raise NotFoundError(f"there is no article {fields.get('other', '')!r}")
        store.join(site.db, article_id, other, site.clock.now(), agencies=site.config().agencies)
        return RedirectResponse(f"/stories/{article_id}", 303)

    @routes.post("/stories/{article_id}/feedback")
    def feedback(article_id: ArticleId, fields: Form) -> Response:
        said = fields.get("label", "")
        if said == "forget":
            store.forget(site.db, article_id)
        elif said in LABELS_BY_NAME:
            store.say(site.db, article_id, LABELS_BY_NAME[said], site.clock.now(), by="web")
        else:
            raise NotFoundError(f"there is no label {said!r}")
        return RedirectResponse(f"/stories/{article_id}#why", 303)


def _add_others(routes: APIRouter, site: Site) -> None:
    @routes.post("/watches")
    def watch(fields: Form) -> Response:
        add_watch(site.config(), watch_of(fields))
        site.reload()
        return RedirectResponse("/alerts#watches", 303)

    @routes.post("/alerts/retry")
    def retry(_form: Form) -> Response:
        store.retry_failed(site.db, site.clock.now())
        return RedirectResponse("/alerts?state=waiting", 303)

    @routes.post("/language")
    def language(request: Request, fields: Form) -> Response:
        answer = RedirectResponse(local(fields.get("back", "/")), 303)
        if (chosen := fields.get("language", "")) in get_args(Language):
            secure = request.url.scheme == "https"
            answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure)
        return answer


def watch_of(fields: dict[str, str]) -> dict[str, object]:
    """A search as a watch: what it asks for becomes the watch's conditions.

    Raises:
        ConfigError: The search cannot be read, or asks for nothing that a watch can look for.
    """
    try:
        asked = Asked.of_query(fields.get("search", "").removeprefix("?"))
    except ValidationError as error:
        raise ConfigError(["the search cannot be read; search again and watch that"]) from error
    events = [name for name, wanted in (("edited", asked.edited), ("removed", asked.removed)) if wanted]
    found: dict[str, object] = {
        "labels": list(asked.labels),
        "min_score": asked.min_score,
        "all_words": archive.terms(asked.q),
        "documents": asked.document,
        "places": [PRESENT[code] for code in asked.province],
        "outlets": asked.source,
        "events": events,
    }
    if not any(found.values()):
        raise ConfigError(["a watch needs words, a label, an outlet, a province or a document to look for"])
    return {"name": fields.get("name", "").strip(), **found, "digest": fields.get("digest", "")}
