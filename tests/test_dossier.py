"""Dossiers of documents, programmes and provinces."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import NOON
from readers import Reader, keep, site_over

from scraper import store
from scraper.dossier import Dossier, compile_dossier, to_csv, to_markdown
from scraper.errors import NotFoundError
from scraper.store import Database
from scraper.web.standalone import dossier_page

STORIES = {
    "numbered": ("Cao Bằng làm nhà", "Theo Nghị định 28/2022/NĐ-CP, UBND tỉnh Cao Bằng hỗ trợ 312 hộ nghèo làm nhà."),
    "tied": ("Lào Cai vay vốn", "Nghị định 28/2022/NĐ-CP ra đời. Nhờ Nghị định 28, Lào Cai giải ngân 96 tỷ đồng."),
    "short": ("Sơn La chờ vốn", "Theo Nghị định 28, Sơn La còn 40 hộ nghèo chờ vay vốn."),
    "programme": ("Chương trình 135 ở Sơn La", "Chương trình 135 mang nước sạch về bản."),
    "other": ("Giải chạy ở Huế", "Hơn 3.000 người chạy dọc sông."),
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao"], NOON)
    for number, (name, (title, text)) in enumerate(STORIES.items()):
        at = datetime(2026, 1 + number, 5, 3, tzinfo=UTC)
        keep(
            opened,
            f"bao:{name}",
            url=f"https://bao.example/{name}.html",
            title=title,
            lead="",
            text=text,
            published_at=at,
        )
    yield opened
    opened.close()


def titles(dossier: Dossier) -> list[str]:
    return [entry.title for entry in dossier.entries]


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("28/2022/NĐ-CP", ["numbered", "tied", "short"]),
        ("28/2022/nd-cp", ["numbered", "tied", "short"]),
        ("Nghị định 28", ["numbered", "tied", "short"]),
        ("Nghị định số 28", ["numbered", "tied", "short"]),
        ("Chương trình 135", ["programme"]),
        ("135", ["programme"]),
        ("Cao Bằng", ["numbered"]),
        ("Sơn La", ["short", "programme"]),
        ("Yên Bái", ["tied"]),
    ],
)
def test_stories_by_number_name_and_place(db: Database, about: str, expected: list[str]) -> None:
    """A document is found by number and by the name tied to it, a province by old names too, in order of time."""
    assert titles(compile_dossier(db, about)) == [STORIES[name][0] for name in expected]


def test_a_short_name_of_two_documents_is_neither(db: Database) -> None:
    """A story that uses a short name which the archive ties to two documents is in neither's dossier."""
    keep(db, "bao:2018", title="Đà Nẵng", lead="", text="Nghị định 28/2018/NĐ-CP về xuất khẩu; Nghị định 28 có lợi.")
    assert titles(compile_dossier(db, "28/2022/NĐ-CP")) == ["Cao Bằng làm nhà", "Lào Cai vay vốn"]
    assert len(compile_dossier(db, "Nghị định 28").entries) == 4


def test_what_a_dossier_tells(db: Database) -> None:
    """Names, provinces, months without gaps, figures, bodies and the documents beside."""
    found = compile_dossier(db, "28/2022/NĐ-CP")
    assert found.names == {"28/2022/NĐ-CP": 2, "Nghị định 28": 2}
    assert set(found.provinces) == {"Cao Bằng", "Lào Cai", "Sơn La"}
    assert found.months == {"2026-01": 1, "2026-02": 1, "2026-03": 1}
    assert [figure.written for entry in found.entries for figure in entry.figures] == [
        "312 hộ nghèo",
        "96 tỷ đồng",
        "40 hộ nghèo",
    ]
    assert found.bodies == {"UBND tỉnh Cao Bằng": 1}
    assert titles(compile_dossier(db, "28/2022/NĐ-CP", datetime(2026, 2, 1, tzinfo=UTC)))[0] == "Lào Cai vay vốn"


@pytest.mark.parametrize("about", ["99/2099/NĐ-CP", "không có gì như thế", "Luật Đất đai 2099"])
def test_nothing_found_says_what_to_do(db: Database, about: str) -> None:
    """What nothing names is an error that says so."""
    with pytest.raises(NotFoundError, match="no story names"):
        compile_dossier(db, about)


def test_near_documents_are_offered(db: Database) -> None:
    """A wrong year offers the documents that resemble what was asked for."""
    with pytest.raises(NotFoundError, match="28/2022/NĐ-CP"):
        compile_dossier(db, "2022 NĐ-CP")


def test_markdown_keeps_its_tables(db: Database) -> None:
    """Whatever a title holds, each line of a table has as many cells as its head."""
    keep(
        db,
        "bao:hostile",
        title="A | B [x](http://y) *z* <script>",
        lead="",
        text="Theo Nghị định 28/2022/NĐ-CP.\n\nHuế",
    )
    lines = to_markdown(compile_dossier(db, "28/2022/NĐ-CP")).splitlines()
    start = lines.index("## Time line") + 2
    rows = [line for line in lines[start : start + 6] if line]
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}
    assert not any(re.search(r"(?<!\\)(?:<script|\]\(http|\*z)", line) for line in lines)


def test_csv_opens_in_a_spreadsheet(db: Database) -> None:
    """One line a story under fixed columns; what a spreadsheet would run is put in quotes."""
    keep(db, "bao:formula", title='=HYPERLINK("http://x")', lead="", text="Theo Nghị định 28/2022/NĐ-CP.")
    out = io.StringIO()
    assert to_csv(compile_dossier(db, "28/2022/NĐ-CP"), out) == 4
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert "'=HYPERLINK" in {row["title"][:11] for row in rows}
    assert rows[0]["provinces"] == "Cao Bằng"


def test_the_page_and_the_file_show_it_and_escape_it(db: Database, tmp_path: Path) -> None:
    """The web page links stories, the file stands alone, and neither lets markup through."""
    hostile = "<script>alert(1)</script>"
    keep(db, "bao:hostile", title=hostile, lead="", text="Theo Nghị định 28/2022/NĐ-CP, Huế có 3 dự án.")
    shown = Reader(site_over(db, tmp_path)).get("/dossier", params={"about": "28/2022/NĐ-CP"})
    assert shown.status_code == 200
    assert "/stories/1" in shown.text
    alone = dossier_page(compile_dossier(db, "28/2022/NĐ-CP"), str)
    assert "https://bao.example/numbered.html" in alone
    assert all(hostile not in page and "Cao Bằng" in page for page in (shown.text, alone))


def test_the_page_without_a_subject_and_with_an_unknown_one(db: Database, tmp_path: Path) -> None:
    """The page explains itself, and says when nothing is found."""
    reader = Reader(site_over(db, tmp_path))
    assert reader.get("/dossier").status_code == 200
    missing = reader.get("/dossier", params={"about": "99/2099/NĐ-CP"})
    assert missing.status_code == 404
    assert "no story names" in missing.text


def test_of_many_stories_the_newest_are_read_and_all_are_counted(db: Database) -> None:
    """A dossier held to its newest story still counts labels, provinces and months of all."""
    every, newest = compile_dossier(db, "28/2022/NĐ-CP"), compile_dossier(db, "28/2022/NĐ-CP", most=1)
    assert [entry.id for entry in newest.entries] == [every.entries[-1].id]
    assert newest.total == every.total == len(every.entries)
    assert newest.labels == every.labels
    assert newest.months == every.months
    assert newest.provinces == every.provinces
    place = compile_dossier(db, "Sơn La", most=1)
    assert (place.total, list(place.provinces)) == (2, ["Sơn La"])


def test_a_story_links_to_dossiers(db: Database, tmp_path: Path) -> None:
    """A story's page names its documents, provinces and figures, and leads to their dossiers."""
    shown = Reader(site_over(db, tmp_path)).see("/stories/1")
    assert "/dossier?about=28%2F2022%2FN%C4%90-CP" in shown
    assert "312 hộ nghèo" in shown
