"""The templates and what they may call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scraper.dossier.render import heading
from scraper.web import view

HERE = Path(__file__).parent

MAX_ID = 2**63 - 1
"""The largest number an article can have; SQLite raises on larger ones."""


def environment(title_of: Callable[[str], str]) -> Environment:
    """Templates that escape whatever they are given.

    Args:
        title_of: A source's name to its title.
    """
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    filters = (view.brief, view.local, view.safe_url, view.short, view.where, view.why)
    found.globals.update(heading=heading, bars=view.bars)
    found.filters.update({function.__name__: function for function in filters}, outlet=title_of)
    return found
