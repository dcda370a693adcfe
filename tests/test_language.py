"""The pages' two languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from readers import Reader, keep, site_over

from scraper import bodies, figures
from scraper.config.watches import WatchEvent
from scraper.store import Database
from scraper.values import EditKind, EventName, Label
from scraper.web import language
from scraper.web.view import where

TEMPLATES = Path(language.__file__).parent / "templates"
_SAID = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')
_COUNTED = re.compile(r'\bt\.n\("(?:[^"\\]|\\.)*", "((?:[^"\\]|\\.)*)"')
_LISTED = re.compile(
    r'\("[^"]*", "([^"]+)"\)|, "((?:[a-z]+ )?\{what\})"\)|\("side", "([^"]+)"\), \("inline", "([^"]+)"\)'
)

FIELDS = map(where, ("title", "lead", "text", "authors", "section", "place", "dateline"))
HAPPENINGS = {"first seen", "missing", "removed", "returned", "found again", "held", "reread", "flapped", "copy"}
COPIES = {"exact", "near", "chosen", "follow-up", "followed by", "overlap", "shared", "cut", "added"}
STATES = {"listing", "article", "recheck", "waiting", "sent", "failed", "policy", "archived"}
VERSIONS = {"Program", "Python", "Schema", "Database", "Parser", "Facts"}
KINDS = (Label, EditKind, EventName, WatchEvent, bodies.Role, figures.Aim, figures.Change)
VALUES = {name for kind in KINDS for name in get_args(kind)} - {"", "digest"}
VALUES |= {*FIELDS, *HAPPENINGS, *COPIES, *STATES, *VERSIONS}
"""Words that templates are given: names of labels, kinds, fields, states and versions."""


def said() -> set[str]:
    """All sentences that the templates say."""
    found: set[str] = set()
    for file in TEMPLATES.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        plain = [*_SAID.findall(text), *_COUNTED.findall(text)]
        listed = [part for parts in _LISTED.findall(text) for part in parts if part]
        found |= {each.replace('\\"', '"') for each in (*plain, *listed)}
    return found - {"-", "Tiếng Việt", "English"}


def test_every_sentence_is_there_in_vietnamese() -> None:
    """No page falls back to English, and no translation is left of a sentence that is gone."""
    table = language.words("vi").table
    wanted = said() | VALUES
    assert wanted - set(table) == set()
    assert set(table) - wanted == set()


def test_translations_keep_what_is_filled_in() -> None:
    """Each translation has the same braces as its sentence."""
    for english, vietnamese in language.words("vi").table.items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", vietnamese)), english


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("vi", "vi"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.5,vi;q=0.4", "en"),
        ("en;q=0.3,vi-VN;q=0.8", "vi"),
        ("fr", "vi"),
        ("", "vi"),
        ("en;q=0", "vi"),
        ("en;q=x, vi;q=nan", "vi"),
        ("," * 2000, "vi"),
    ],
)
def test_the_browsers_language(db: Database, tmp_path: Path, header: str, expected: str) -> None:
    """Of the two languages the page speaks the one that the browser prefers, else Vietnamese."""
    assert f'<html lang="{expected}">' in Reader(site_over(db, tmp_path), header).see("/")


def test_the_switch_wins_and_leads_back(db: Database, tmp_path: Path) -> None:
    """A choice holds on all pages from then on, and leads back to where it was made."""
    keep(db, "bao:1")
    reader = Reader(site_over(db, tmp_path), "en")
    page = "/search?q=ngheo"
    answer = reader.send(page, "/language", language="vi", back=page)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "Tìm kiếm" in reader.see(page)
    assert "Vì sao" in reader.see("/stories/1")
    assert reader.send("/", "/language", language="klingon", back="//evil.example").headers["location"] == "/"
    assert '<html lang="vi">' in reader.see("/")


@pytest.mark.parametrize("path", ["/", "/search?q=x", "/stories/1", "/dossier", "/sources", "/alerts", "/about", "/no"])
def test_vietnamese_pages_render(db: Database, tmp_path: Path, path: str) -> None:
    """Every page is there in Vietnamese."""
    keep(db, "bao:1")
    shown = Reader(site_over(db, tmp_path), "vi").get(path).text
    assert '<html lang="vi">' in shown
    assert "Giờ Việt Nam" in shown
