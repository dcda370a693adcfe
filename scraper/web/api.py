"""The archive for programs: JSON under ``/api/v1``, described by ``/api/v1/openapi.json``.

Answers are made by the same read functions as the pages and the command line. Lists go on by ``next``, an opaque
cursor; every answer has an ETag. Times are ISO 8601 in UTC. Names of fields are added, never taken away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from scraper import facts as reading
from scraper import revise
from scraper.dossier import Dossier, compile_dossier
from scraper.errors import NotFoundError
from scraper.places import PRESENT
from scraper.store import archive
from scraper.store.answers import Alert, FullItem, Item, Revision, SourceState, Story
from scraper.values import Edit, Mention
from scraper.web.asking import Asked
from scraper.web.feeds import answer
from scraper.web.pages import MAX_ID
from scraper.web.site import Site
from scraper.web.telling import between

PREFIX = "/api/v1"
DOSSIER = 40
"""Stories of a document or province that are read for figures and bodies; counts are of all."""

ArticleId = Annotated[int, Path(ge=1, le=MAX_ID, description="An article's number in this archive.")]
Number = Annotated[int, Path(ge=1, le=MAX_ID, description="A revision's number; 1 is the state first seen.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Entries at the most.")]
Asking = Annotated[Asked, Query()]


@dataclass(frozen=True, slots=True)
class Articles:
    """A page of a list; ``next`` goes into ``after`` for what follows, null at the end."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class ArticleAnswer:
    """One article in its latest state, with the documents and provinces that it names."""

    article: FullItem
    mentions: list[Mention]


@dataclass(frozen=True, slots=True)
class Revisions:
    """The states of an article, earliest first."""

    items: list[Revision]


@dataclass(frozen=True, slots=True)
class Diff:
    """What was edited between two states; ``fields`` holds each field's words as pairs of kind and words."""

    before: int
    after: int
    summary: str
    edits: list[Edit]
    fields: Mapping[str, list[tuple[Literal["same", "removed", "added"], str]]]


@dataclass(frozen=True, slots=True)
class Named:
    """A document or province and how many stories name it."""

    key: str
    name: str
    stories: int


@dataclass(frozen=True, slots=True)
class NamedList:
    """Documents, or provinces, most named first."""

    items: list[Named]


@dataclass(frozen=True, slots=True)
class Sources:
    """How watching each source goes."""

    items: list[SourceState]


@dataclass(frozen=True, slots=True)
class Alerts:
    """A page of messages, newest first; ``next`` goes into ``before``."""

    items: list[Alert]
    next: int | None


_PROBLEM = {
    "title": "Problem",
    "description": "Why there is no answer.",
    "type": "object",
    "properties": {"detail": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
    "required": ["detail"],
}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    # As schemas and not as models: FastAPI builds a validator for each model of each route, which took half the start.
    status: {"description": said, "content": {"application/json": {"schema": _PROBLEM}}}
    for status, said in (
        (400, "A parameter is not understood."),
        (401, "A token is asked for."),
        (404, "There is no such thing."),
        (409, "The archive knows no such document."),
        (422, "Not used; see 400."),
        (503, "The archive cannot be read."),
    )
}


def router(site: Site) -> APIRouter:
    """The routes of the API."""
    routes = APIRouter(responses=_PROBLEMS)
    _add_articles(routes, site)
    _add_states(routes, site)
    _add_subjects(routes, site)
    _add_watching(routes, site)
    return routes


def _add_articles(routes: APIRouter, site: Site) -> None:
    @routes.get("/articles", response_model=Articles)
    def articles(request: Request, asked: Asking, limit: Limit = 50) -> Response:
        """Articles, copies too, the newest first."""
        return _listed(request, site, asked.model_copy(update={"copies": True}), limit)

    @routes.get("/stories", response_model=Articles)
    def stories(request: Request, asked: Asking, limit: Limit = 50) -> Response:
        """Stories: the articles that stand for them, the newest first."""
        return _listed(request, site, asked.model_copy(update={"copies": False}), limit)

    @routes.get("/search", response_model=Articles)
    def search(request: Request, asked: Asking, limit: Limit = 50) -> Response:
        """As the search page: words, facets, newest or best match first."""
        return _listed(request, site, asked, limit)

    @routes.get("/articles/{article_id}", response_model=ArticleAnswer)
    def article(request: Request, article_id: ArticleId) -> Response:
        """One article in its latest state."""
        found = archive.articles(site.db, [article_id])
        if not found:
            raise HTTPException(404)
        return _json(request, ArticleAnswer(found[0], list(reading.mentions(found[0].as_data()))))

    @routes.get("/stories/{article_id}", response_model=Story)
    def story(request: Request, article_id: ArticleId) -> Response:
        """One article with its history: states, copies, happenings, judgements."""
        return _json(request, _story(site, article_id))


def _add_states(routes: APIRouter, site: Site) -> None:
    @routes.get("/articles/{article_id}/revisions", response_model=Revisions)
    def revisions(request: Request, article_id: ArticleId) -> Response:
        """The states of an article, each whole."""
        return _json(request, Revisions(list(_story(site, article_id).history)))

    @routes.get("/articles/{article_id}/revisions/{number}", response_model=Revision)
    def revision(request: Request, article_id: ArticleId, number: Number) -> Response:
        """One state of an article."""
        return _json(request, _state(site, article_id, number))

    @routes.get("/articles/{article_id}/diff", response_model=Diff)
    def diff(
        request: Request,
        article_id: ArticleId,
        start: Annotated[int, Query(alias="from", ge=1, le=MAX_ID)] = 1,
        to: Annotated[int | None, Query(ge=1, le=MAX_ID, description="The latest when left out.")] = None,
    ) -> Response:
        """What was edited between two states, word by word."""
        before, after = _state(site, article_id, start), _state(site, article_id, to or _latest(site, article_id))
        edits = between(before, after)
        texts = {name: (str(before.data.get(name, "")), str(after.data.get(name, ""))) for name in revise.SUBSTANCE}
        fields = {name: revise.word_diff(old, new) for name, (old, new) in texts.items() if old != new}
        return _json(request, Diff(before.number, after.number, revise.sentence(edits), list(edits), fields))


def _add_subjects(routes: APIRouter, site: Site) -> None:
    @routes.get("/documents", response_model=NamedList)
    def documents(request: Request, asked: Asking, limit: Limit = 50) -> Response:
        """Documents that the wanted stories name, most named first. Words and order are not looked at."""
        counts = archive.tallies.documents(site.db, asked.filter(site.db), limit=limit)
        return _json(request, NamedList([Named(key, key, number) for key, number in counts.items()]))

    @routes.get("/documents/{number:path}", response_model=Dossier)
    def document(request: Request, number: Annotated[str, Path(max_length=200)]) -> Response:
        """The dossier of a document, by number or name."""
        return _json(request, _dossier(site, number))

    @routes.get("/provinces", response_model=NamedList)
    def provinces(request: Request, asked: Asking) -> Response:
        """All 34 provinces and how many of the wanted stories name each. Words and order are not looked at."""
        named = archive.tallies.provinces(site.db, asked.filter(site.db))
        found = [Named(code, name, sum(named.get(code, {}).values())) for code, name in PRESENT.items()]
        return _json(request, NamedList(sorted(found, key=lambda each: (-each.stories, each.key))))

    @routes.get("/provinces/{code}", response_model=Dossier)
    def province(request: Request, code: Annotated[str, Path(max_length=200)]) -> Response:
        """The dossier of a province, by code or name."""
        return _json(request, _dossier(site, PRESENT.get(code, code)))


def _add_watching(routes: APIRouter, site: Site) -> None:
    @routes.get("/sources", response_model=Sources)
    def sources(request: Request) -> Response:
        """How watching each source goes, with its last answers."""
        return _json(request, Sources(archive.sources(site.db)))

    @routes.get("/alerts", response_model=Alerts)
    def alerts(
        request: Request,
        state: Literal["waiting", "sent", "failed"] | None = None,
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        limit: Limit = 50,
    ) -> Response:
        """Messages, the newest first."""
        found = archive.alerts(site.db, state, limit=limit + 1, before=before)
        return _json(request, Alerts(found[:limit], found[limit - 1].id if len(found) > limit else None))


def _listed(request: Request, site: Site, asked: Asked, limit: int) -> Response:
    wanted = asked.filter(site.db)
    if asked.order == "best" and asked.q.strip():
        return _json(request, Articles(archive.best(site.db, wanted, limit=limit), None))
    items = archive.newest(site.db, wanted, limit=limit + 1, after=asked.cursor)
    following = str(items[limit - 1].cursor) if len(items) > limit else None
    return _json(request, Articles(items[:limit], following))


def _story(site: Site, article_id: int) -> Story:
    found = archive.story(site.db, article_id)
    if found is None:
        raise HTTPException(404)
    return found


def _state(site: Site, article_id: int, number: int) -> Revision:
    found = archive.revision(site.db, article_id, number)
    if found is None:
        raise HTTPException(404)
    return found


def _latest(site: Site, article_id: int) -> int:
    found = archive.articles(site.db, [article_id])
    return found[0].revisions if found else 1


def _dossier(site: Site, about: str) -> Dossier:
    try:
        return compile_dossier(site.db, about, most=DOSSIER)
    except NotFoundError as error:
        raise HTTPException(404) from error


def _json(request: Request, value: object) -> Response:
    body = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return answer(request, body, "application/json")


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A value of ours as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
