"""This project's engine as extraction benchmarks call one."""

from __future__ import annotations

from typing import Any

from scraper.extract import parse_article


def ours(html: str, url: str) -> dict[str, Any]:
    """Title, text with the standfirst before it, authors and time of an unknown outlet's page."""
    data = parse_article(html, url)
    return {
        "title": data.title,
        "text": "\n\n".join(part for part in (data.lead, data.text) if part),
        "authors": data.authors,
        "published": data.published_at.isoformat() if data.published_at else None,
    }
