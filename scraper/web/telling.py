"""The pages of one story: the story itself, two of its states side by side, and its page as the server sent it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response

from scraper import revise, store
from scraper.facts import facts_of
from scraper.store import archive
from scraper.store.answers import Revision, Snapshot, Story
from scraper.web import copies, marks, plots, view
from scraper.web.asking import MAX_ID, ArticleId, Number
from scraper.web.language import language_of, words
from scraper.web.pages import Pages
from scraper.web.site import Site

EDITS = 5
"""Edits that a story's page shows in full; earlier ones are a link away, so that the page stays small."""

SOURCE = 60_000
"""Characters of a page as sent that are shown; the download has all."""

Chosen = Annotated[int | None, Query(ge=1, le=MAX_ID, description="The latest when left out.")]


def router(site: Site, pages: Pages) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(prefix="/stories/{article_id}")

    @routes.get("")
    def story(request: Request, article_id: ArticleId) -> Response:
        return _story(request, site, pages, story_of(site, article_id))

    @routes.get("/diff")
    def diff(
        request: Request,
        article_id: ArticleId,
        start: Annotated[int | None, Query(alias="from", ge=1, le=MAX_ID)] = None,
        to: Chosen = None,
        view_: Annotated[Literal["side", "inline"], Query(alias="view")] = "side",
    ) -> Response:
        found = story_of(site, article_id)
        after = state_of(found, to or found.revisions)
        before = state_of(found, start or max(after.number - 1, 1))
        return pages.render(
            request,
            "compare.html",
            story=found,
            before=before,
            after=after,
            edits=revise.between(before.as_data(), after.as_data()),
            fields=view.changes(before, after),
            view=view_,
        )

    @routes.get("/page/{number}")
    def page(request: Request, article_id: ArticleId, number: Number) -> Response:
        found = story_of(site, article_id)
        snapshot, body = _page(site, found, number)
        text = body.decode("utf-8", "replace")
        return pages.render(
            request, "page_as_sent.html", story=found, snapshot=snapshot, source=text[:SOURCE], cut=len(text) > SOURCE
        )

    @routes.get("/page/{number}/file")
    def file(article_id: ArticleId, number: Number) -> Response:
        _, body = _page(site, story_of(site, article_id), number)
        name = f'attachment; filename="article-{article_id}-revision-{number}.html"'
        return Response(body, media_type="application/octet-stream", headers={"Content-Disposition": name})

    return routes


def story_of(site: Site, article_id: int) -> Story:
    """A story with its history, else the answer 404."""
    found = archive.story(site.db, article_id)
    if found is None:
        raise HTTPException(404)
    return found


def state_of(story: Story, number: int) -> Revision:
    """One state of a story, else the answer 404."""
    found = next((state for state in story.history if state.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found


def _page(site: Site, story: Story, revision: int) -> tuple[Snapshot, bytes]:
    snapshot = next((each for each in story.snapshots if each.revision == revision), None)
    page = store.snapshot_page(site.db, story.id, revision) if snapshot else None
    if snapshot is None or page is None:
        raise HTTPException(404)
    return snapshot, page.body


def _story(request: Request, site: Site, pages: Pages, story: Story) -> Response:
    compared = copies.compared(site.db, story, copies.SHOWN)
    facts = facts_of(story.as_data())
    timeline = view.timeline(story, {})
    events = [(moment.at, moment.kind, moment.number) for moment in timeline]
    outlet, permalink = site.outlet(story.source), str(request.base_url) + f"stories/{story.id}"
    edits = view.edits(story, EDITS)
    return pages.render(
        request,
        "story.html",
        story=story,
        facts=facts,
        paragraphs=marks.paragraphs(story, facts),
        edits=edits,
        earlier=range(2, edits[-1].revision.number if edits else 2),
        copies=compared,
        more_copies=story.sightings[copies.SHOWN :] if story.original is None else (),
        timeline=timeline,
        dots=plots.life(story.at, events),
        life_marks=plots.life_marks(story.at, events),
        kinds=list(dict.fromkeys(kind for _, kind, _ in events)),
        citation=marks.citation(story, outlet, permalink, words(language_of(request))("archived")),
        bibtex=marks.bibtex(story, outlet, permalink),
        permalink=permalink,
    )
