"""What a story says in facts, and what of it the archive keeps."""

from __future__ import annotations

import pytest
from fakes import article
from readers import keep

from scraper import facts, store
from scraper.facts import facts_of, mentions
from scraper.models import ArticleData
from scraper.store import Database, archive
from scraper.store.answers import Filter
from scraper.values import Mention

TOLD = {
    "title": "Bắc Kạn giải ngân vốn theo Nghị định 28",
    "lead": "Nghị định 28/2022/NĐ-CP cho hộ nghèo vay 12 tỷ đồng.",
    "text": "UBND tỉnh Bắc Kạn giao huyện Ba Bể và Thái Nguyên làm.\n\nÔng Nguyễn Văn A, Chủ tịch UBND huyện, nói.",
}


def test_every_kind_of_fact_is_read() -> None:
    """Documents, provinces, districts, figures, bodies and officials are read over all parts of a story."""
    found = facts_of(article(**TOLD))
    assert {citation.number for citation in found.documents} == {"28/2022/NĐ-CP"}
    assert [(province.name, province.written) for province in found.provinces] == [
        ("Thái Nguyên", "Bắc Kạn"),
        ("Thái Nguyên", "Bắc Kạn"),
        ("Thái Nguyên", "Thái Nguyên"),
    ]
    assert [district.name for district in found.districts] == ["huyện Ba Bể"]
    assert [(figure.value, figure.unit) for figure in found.figures] == [(12e9, "đồng")]
    assert (found.bodies[0].name, found.bodies[0].role) == ("UBND tỉnh Bắc Kạn", "carrying out")
    assert [(official.name, official.title) for official in found.officials] == [
        ("Nguyễn Văn A", "Chủ tịch UBND huyện")
    ]


def test_mentions_are_counted_by_name() -> None:
    """A document or province counts once for each name that it goes by; a short name finds its number in any part."""
    assert set(mentions(article(**TOLD))) == {
        Mention("document", "28/2022/NĐ-CP", "28/2022/NĐ-CP", 1),
        Mention("document", "28/2022/NĐ-CP", "Nghị định 28", 1),
        Mention("place", "19", "Bắc Kạn", 2),
        Mention("place", "19", "Thái Nguyên", 1),
    }


def test_an_empty_article_has_no_facts() -> None:
    """Nothing is read off nothing."""
    assert mentions(ArticleData(url="https://bao.example/1.html")) == ()


def test_the_archive_finds_stories_by_document_and_place(db: Database) -> None:
    """A list can be narrowed to a document or a province; an edit replaces what a story is found by."""
    number = keep(db, "bao:1", **TOLD)
    keep(db, "bao:2", title="Xã Mù Sương họp", lead="", text="Không có gì.")
    assert [item.id for item in archive.newest(db, Filter(documents=("28/2022/NĐ-CP",)))] == [number]
    assert [item.id for item in archive.newest(db, Filter(places=("19",)))] == [number]
    edited = {name: text.replace("28", "29").replace("Bắc Kạn", "Cao Bằng") for name, text in TOLD.items()}
    assert keep(db, "bao:1", **edited) == number
    assert archive.newest(db, Filter(documents=("28/2022/NĐ-CP",))) == []
    assert [item.id for item in archive.newest(db, Filter(documents=("29/2022/NĐ-CP",), places=("04",)))] == [number]


def test_what_was_stored_before_is_known_as_unread(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change in reading, the articles stored before are named until they are read again."""
    number = keep(db, "bao:1", **TOLD)
    assert store.unread(db) == []
    monkeypatch.setattr(facts, "VERSION", facts.VERSION + 1)
    assert store.unread(db) == [number]
    store.reread_facts(db, number, mentions(article(**TOLD)))
    assert store.unread(db) == []
