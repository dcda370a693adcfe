"""The archive for programs: JSON under ``/api/v1``, described by ``/api/v1/openapi.json``.

Answers are made by the same read functions as the pages and the command line. Lists go on by ``next``, an opaque
cursor; every answer has an ETag. Times are ISO 8601 in UTC. Names of fields are added, never taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from scraper.web.answering import as_json
from scraper.web.asking import MAX_ID, ArticleId, Asked, Number
from scraper.web.reading import DOSSIER
from scraper.web.site import Site
from scraper.web.telling import Chosen, state_of, story_of

PREFIX = "/api/v1"
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
        return as_json(request, ArticleAnswer(found[0], list(reading.mentions(found[0].as_data()))))

    @routes.get("/stories/{article_id}", response_model=Story)
    def story(request: Request, article_id: ArticleId) -> Response:
        """One article with its history: states, copies, happenings, judgements."""
        return as_json(request, story_of(site, article_id))


def _add_states(routes: APIRouter, site: Site) -> None:
    @routes.get("/articles/{article_id}/revisions", response_model=Revisions)
    def revisions(request: Request, article_id: ArticleId) -> Response:
        """The states of an article, each whole."""
        return as_json(request, Revisions(list(story_of(site, article_id).history)))

    @routes.get("/articles/{article_id}/revisions/{number}", response_model=Revision)
    def revision(request: Request, article_id: ArticleId, number: Number) -> Response:
        """One state of an article."""
        found = archive.revision(site.db, article_id, number)
        if found is None:
            raise HTTPException(404)
        return as_json(request, found)

    @routes.get("/articles/{article_id}/diff", response_model=Diff)
    def diff(
        request: Request,
        article_id: ArticleId,
        start: Annotated[int, Query(alias="from", ge=1, le=MAX_ID)] = 1,
        to: Chosen = None,
    ) -> Response:
        """What was edited between two states, word by word."""
        found = story_of(site, article_id)
        before, after = state_of(found, start), state_of(found, to or found.revisions)
        edits, fields = revise.between(before.as_data(), after.as_data()), revise.word_diffs(before.data, after.data)
        return as_json(request, Diff(before.number, after.number, revise.sentence(edits), list(edits), fields))


def _add_subjects(routes: APIRouter, site: Site) -> None:
    @routes.get("/documents", response_model=NamedList)
    def documents(request: Request, asked: Asking, limit: Limit = 50) -> Response:
        """Documents that the wanted stories name, most named first. Words and order are not looked at."""
        counts = archive.tallies.documents(site.db, asked.filter(site.db), limit=limit)
        return as_json(request, NamedList([Named(key, key, number) for key, number in counts.items()]))

    @routes.get("/documents/{number:path}", response_model=Dossier)
    def document(request: Request, number: Annotated[str, Path(max_length=200)]) -> Response:
        """The dossier of a document, by number or name."""
        return as_json(request, _dossier(site, number))

    @routes.get("/provinces", response_model=NamedList)
    def provinces(request: Request, asked: Asking) -> Response:
        """All 34 provinces and how many of the wanted stories name each. Words and order are not looked at."""
        named = archive.tallies.provinces(site.db, asked.filter(site.db))
        found = [Named(code, name, sum(named.get(code, {}).values())) for code, name in PRESENT.items()]
        return as_json(request, NamedList(sorted(found, key=lambda each: (-each.stories, each.key))))

    @routes.get("/provinces/{code}", response_model=Dossier)
    def province(request: Request, code: Annotated[str, Path(max_length=200)]) -> Response:
        """The dossier of a province, by code or name."""
        return as_json(request, _dossier(site, PRESENT.get(code, code)))


def _add_watching(routes: APIRouter, site: Site) -> None:
    @routes.get("/sources", response_model=Sources)
    def sources(request: Request) -> Response:
        """How watching each source goes, with its last answers."""
        return as_json(request, Sources(archive.sources(site.db)))

    @routes.get("/alerts", response_model=Alerts)
    def alerts(
        request: Request,
        state: Literal["waiting", "sent", "failed"] | None = None,
        before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
        limit: Limit = 50,
    ) -> Response:
        """Messages, the newest first."""
        found = archive.alerts(site.db, state, limit=limit + 1, before=before)
        return as_json(request, Alerts(found[:limit], found[limit - 1].id if len(found) > limit else None))


def _listed(request: Request, site: Site, asked: Asked, limit: int) -> Response:
    items, following = asked.listed(site.db, limit)
    return as_json(request, Articles(items, following or None))


def _dossier(site: Site, about: str) -> Dossier:
    try:
        return compile_dossier(site.db, about, most=DOSSIER)
    except NotFoundError as error:
        raise HTTPException(404) from error
