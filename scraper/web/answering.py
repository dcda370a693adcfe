"""Answers to programs: a body with its ETag, and values as JSON."""

from __future__ import annotations

import hashlib
import json

from fastapi import Request, Response

from scraper.plain import plain


def tagged(request: Request, body: bytes, kind: str) -> Response:
    """A body with its ETag; 304 without it for who has it already (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    headers = {"ETag": tag}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def as_json(request: Request, value: object) -> Response:
    """A value of ours as JSON, with its ETag."""
    body = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return tagged(request, body, "application/json")
