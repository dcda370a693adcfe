"""A search as a file to take along, row by row, however many there are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from scraper import export
from scraper.web.asking import Asked
from scraper.web.site import Site

BATCH = 100
"""Rows that are sent at once."""


def router(site: Site) -> APIRouter:
    """The routes of files."""
    routes = APIRouter()

    @routes.get("/export.jsonl")
    def jsonl(asked: Annotated[Asked, Query()]) -> StreamingResponse:
        return _file(_jsonl(export.rows(site.db, asked.filter(site.db))), "application/jsonl", "articles.jsonl")

    @routes.get("/export.csv")
    def csv(asked: Annotated[Asked, Query()]) -> StreamingResponse:
        return _file(_csv(export.rows(site.db, asked.filter(site.db))), "text/csv; charset=utf-8", "articles.csv")

    return routes


def _file(parts: Iterator[str], kind: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=kind, headers=headers)


def _jsonl(rows: Iterator[export.Row]) -> Iterator[str]:
    while batch := list(islice(rows, BATCH)):
        out = io.StringIO()
        export.write_jsonl(batch, out)
        yield out.getvalue()


def _csv(rows: Iterator[export.Row]) -> Iterator[str]:
    """The head line once; without any article it is all there is."""
    head = True
    while (batch := list(islice(rows, BATCH))) or head:
        out = io.StringIO(newline="")
        export.write_csv(batch, out, head=head)
        head = False
        yield out.getvalue()
