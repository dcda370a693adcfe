"""The archive as JSON Lines, CSV, Markdown and HTML pages; test_export_warc.py has the WARC files."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

import pytest
from fakes import NOON, article
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from shelf import copied, kept, mentioned, revised, shelve

from scraper import dedupe, export, store
from scraper.config import load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.errors import ScraperError
from scraper.export import bundle
from scraper.store import Database
from scraper.store.archive import Filter
from scraper.text import clean

EVERYTHING = Filter(copies=True)
NUMBERS = {"id", "revisions", "score", "points", "copy_of", "copies"}


def keep(db: Database, number: int, **fields: Any) -> None:
    """Store one article whose body is its own."""
    given_fields = {"url": f"https://bao.example/bai-post{number}.html", "text": f"Đoạn của bài {number}.", **fields}
    key, rules = f"bao:{number}", Rules(load_policy(), (), timedelta(days=2), RecheckSettings(), {})
    known = store.known_for(db, "bao", [key], dedupe.sketch(""), NOON)
    store.apply(db, decide(article(**given_fields), known, rules, NOON, source="bao", key=key))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path / "data")
    store.ensure_sources(opened, ["bao"], NOON)
    yield opened
    opened.close()


def test_rows_have_the_documented_keys(db: Database) -> None:
    """A row holds every documented key, in that order, in JSON types that survive a round trip."""
    keep(db, 1, authors=["Chu A", "Lê B"], images=[{"url": "https://bao.example/a.jpg", "caption": "Ảnh"}])
    (row,) = export.rows(db)
    assert list(row) == list(export.KEYS)
    assert json.loads(json.dumps(row)) == row
    assert row["published_at"] == "2026-03-02T05:00:00+00:00"
    assert row["authors"] == ["Chu A", "Lê B"]
    assert row["images"] == [{"url": "https://bao.example/a.jpg", "caption": "Ảnh"}]
    assert {reason["rule"] for reason in row["reasons"]}


def test_rows_name_documents_and_provinces(db: Database) -> None:
    """A row names the documents and the provinces of today, each once."""
    keep(db, 1, text="Theo Nghị định 28/2022/NĐ-CP và Nghị định 28, Bắc Kạn và Thái Nguyên vay vốn.")
    (row,) = export.rows(db)
    assert (row["documents"], row["provinces"]) == (["28/2022/NĐ-CP"], ["Thái Nguyên"])


def test_rows_can_be_filtered(db: Database) -> None:
    """Only the wanted articles are exported."""
    keep(db, 1, title="Một bài về lúa")
    keep(db, 2, title="Một bài về cá")
    assert [row["id"] for row in export.rows(db, Filter(words="ca"))] == [2]


def test_progress(db: Database) -> None:
    """Progress ends at all of the rows that there were."""
    for number in range(1, 4):
        keep(db, number)
    told: list[tuple[int, int]] = []
    list(export.rows(db, progress=lambda done, total: told.append((done, total))))
    assert told[-1] == (3, 3)


def test_jsonl_file(db: Database, tmp_path: Path) -> None:
    """A JSON Lines file has one object a line, in readable Vietnamese."""
    keep(db, 1, title="Tiêu đề\u2028có dấu")
    keep(db, 2)
    path = tmp_path / "out.jsonl"
    assert export.export(db, path) == 2
    raw = path.read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in raw.split("\n")[:-1]] == [1, 2]
    assert "Tiêu đề" in raw


def test_csv_file(db: Database, tmp_path: Path) -> None:
    """A CSV file has a head line, joins words, writes other lists as JSON and keeps paragraphs in one cell."""
    keep(db, 1, text="Một.\n\nHai.", authors=["Chu A", "Lê B"], published_at=None)
    path = tmp_path / "out.csv"
    assert export.export(db, path, "csv", bom=True) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == list(export.KEYS)
    assert (row["text"], row["authors"], row["published_at"]) == ("Một.\n\nHai.", "Chu A; Lê B", "")
    assert isinstance(json.loads(row["reasons"]), list)


@given(st.text(alphabet='=+-@\t\r\n＝＋－＠a"1, ', max_size=6))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever an outlet writes, a spreadsheet finds no formula in a text cell, and negative figures stay figures."""
    row: dict[str, Any] = dict.fromkeys(export.KEYS, text) | dict.fromkeys(NUMBERS, -1.5)
    row |= {"authors": [text, text], "reasons": [{"matched": text}]}
    out = io.StringIO(newline="")
    export.write_csv([row], out)
    out.seek(0)
    (written,) = csv.DictReader(out)
    for name, cell in written.items():
        assert cell == "-1.5" if name in NUMBERS else not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_failed_export_leaves_nothing(db: Database, tmp_path: Path) -> None:
    """A file that cannot be written is named, and what stood there before still does."""
    keep(db, 1)
    taken = tmp_path / "folder"
    taken.mkdir()
    with pytest.raises(ScraperError, match="folder"):
        export.export(db, taken)
    with pytest.raises(ScraperError, match="missing"):
        export.export(db, tmp_path / "missing" / "out.jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "folder"]


def test_a_stopped_export_keeps_the_old_file(db: Database, tmp_path: Path) -> None:
    """An export that is broken off half-way leaves the file of last time whole."""
    keep(db, 1)
    path = tmp_path / "out.jsonl"
    path.write_text("last time")

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export.export(db, path, progress=stop)
    assert path.read_text() == "last time"
    assert not list(tmp_path.glob("*.part"))


def test_standard_output(db: Database, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without a file the rows go to standard output in UTF-8, which stays open."""
    keep(db, 1, title="Tiêu đề có dấu")
    export.export(db, None)
    print("after")  # noqa: T201 - standard output is what is tested
    out = capfdbinary.readouterr().out.decode()
    assert "Tiêu đề có dấu" in out
    assert out.endswith("after\n")


# --- text that means to be more than text ------------------------------------------------------------------

HOSTILE = (
    "# <script>alert(1)</script> [a](javascript:alert(1)) ![b](//evil.example/p.png) `c` **d** | {{ 7*7 }} {% raw %} "
    "&lt;b&gt; <javascript:e> \u202egnol\u202c \x1b[31m --> ]]> \" ' =1+1 $x$ ~~f~~"
)
LINES = f"{HOSTILE}\n# zweite\n===\n\n---\n\n- liste\n\n1. eins\n\n    code\n\n~~~\n\n| a |\n|---|\n\n{'dài' * 4000}"
EVIL = "javascript:alert(1)"
VOID = {"meta", "link"}


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Database]:
    """An archive in which every field that an outlet fills is hostile."""
    opened = store.open_archive(tmp_path / "hostile")
    texts = {"title": HOSTILE, "lead": HOSTILE, "text": LINES, "agency": HOSTILE, "section": HOSTILE, "place": HOSTILE}
    lists = {"authors": [HOSTILE], "tags": [HOSTILE], "problems": [HOSTILE]}
    reasons = [{"rule": HOSTILE, "field": HOSTILE, "matched": HOSTILE, "weight": 1.0}]
    image = [{"url": EVIL, "caption": HOSTILE}]
    where = {"url": EVIL, "canonical_url": EVIL, "source": HOSTILE, "language": HOSTILE, "images": image}
    shelve(opened, 1, key=HOSTILE, reasons=reasons, revisions=2, state="removed", **texts, **lists, **where)
    copied(opened, 2, of=1, title=HOSTILE, source=HOSTILE, url=EVIL)
    revised(opened, 1, 2, HOSTILE)
    mentioned(opened, 1, "document", HOSTILE)
    kept(opened, 1, HOSTILE.encode(), url=f"{EVIL}\r\nX-Evil: 1", headers={"server": f"{HOSTILE}\r\nX-Evil: 1"})
    yield opened
    opened.close()


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.policy = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.attributes |= named.keys()
        if tag not in VOID:
            self._open.append(tag)
        if "href" in named:
            self.links.append(named["href"] or "")
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self.text += " " if tag in {"dt", "dd", "td"} else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def bundle_of(db: Database, path: Path, wanted: Filter = EVERYTHING) -> dict[str, str]:
    """The files of a bundle by their names."""
    export.export(db, path, "html", wanted, outlet=lambda name: f"Báo {name}")
    if path.suffix == ".zip":
        with ZipFile(path) as archived:
            assert archived.testzip() is None
            return {name: archived.read(name).decode() for name in archived.namelist()}
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
        for file in path.rglob("*")
        if file.is_file()
    }


def markdown_of(db: Database, path: Path, wanted: Filter = EVERYTHING) -> str:
    export.export(db, path, "md", wanted, outlet=lambda name: f"Báo {name}")
    return path.read_text(encoding="utf-8")


def tokens_of(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


# --- Markdown ----------------------------------------------------------------------------------------------


def test_markdown_document(db: Database, tmp_path: Path) -> None:
    """A document shows of each article all that readers ask for, in the order stored."""
    shelve(db, 1, title="Giao đất", text="Một.\n\nHai.", revisions=2, url="https://bao.example/a_b?c=1&copy;=2")
    copied(db, 2, of=1, title="Giao đất", state="removed", gone_since=NOON, reasons=[], label="none", score=0.0)
    revised(db, 1, 1, "")
    revised(db, 1, 2, "tổng: 7 -> 10")
    mentioned(db, 1, "document", "43/2026/NĐ-CP")
    mentioned(db, 1, "place", "04")
    assert markdown_of(db, tmp_path / "out.md") == (
        "# Stories of the archive\n\n"
        "In the order in which they were stored; times are in Asia/Ho_Chi_Minh.\n\n"
        "## Giao đất\n\n"
        "Báo bao · 02/03/2026 12:30 · implementation 0.75 · [original](<https://bao.example/a_b?c=1&amp;copy;=2>)\n\n"
        "Why: triển khai (title, +4)\n\n"
        "**Tóm tắt.**\n\nMột.\n\nHai.\n\n"
        "- Number 1, first seen 02/03/2026 13:00\n- Copies: 1\n"
        "- Edited, seen 04/03/2026 12:00: tổng: 7 -\\> 10\n"
        "- Documents: 43/2026/NĐ-CP\n- Provinces: Cao Bằng\n\n"
        "## Giao đất\n\n"
        "Báo bao · 02/03/2026 13:30 · no policy 0.00 · [original](<https://bao.example/bai-post2.html>)\n\n"
        "**Tóm tắt.**\n\nĐoạn một.\n\nĐoạn hai.\n\n"
        "- Number 2, first seen 02/03/2026 14:00\n- A copy of number 1: Giao đất\n"
        "- Removed by the outlet; missing since 02/03/2026 12:00\n"
    )


def test_markdown_of_nothing(db: Database, tmp_path: Path) -> None:
    """An empty archive makes a document that says so."""
    assert markdown_of(db, tmp_path / "out.md").endswith("\nThere is none.\n")


def test_markdown_is_inert(hostile: Database, tmp_path: Path) -> None:
    """Hostile text makes no heading, list, table, code, markup or link of its own."""
    text = markdown_of(hostile, tmp_path / "out.md")
    tokens = tokens_of(text)
    kinds = Counter(token.type for token in tokens if token.nesting >= 0)
    inside = Counter(child.type for token in tokens for child in token.children or ())
    assert kinds["heading_open"] == 3
    assert kinds["bullet_list_open"] == 2
    assert kinds.keys() <= {"heading_open", "inline", "paragraph_open", "bullet_list_open", "list_item_open"}
    assert inside.keys() <= {"text", "text_special", "strong_open", "strong_close"}
    assert inside["strong_open"] == 2
    assert all(sign not in text for sign in "\u202e\x1b")


@given(st.text(alphabet="#-+=*_`~<>[]()!|&;:.\\$ \n\t\r\x0b1a\u2028ấ", max_size=30) | st.text(max_size=30))
def test_no_text_is_markup(text: str) -> None:
    """Whatever stands in a heading, a paragraph, a list or a table is read as the very text it was."""
    shown = export.plain(text)
    assert "\n" not in shown
    for before, kind in (("## ", "heading_open"), ("", "paragraph_open"), ("- ", "bullet_list_open")):
        tokens = tokens_of(f"{before}{shown}\n") if shown else []
        inline = [token for token in tokens if token.type == "inline"]
        assert [token.type for token in tokens if token.level == 0 and token.nesting >= 0][:1] == [kind] * bool(shown)
        assert len(inline) == bool(shown)
        assert all(child.type in {"text", "text_special"} for token in inline for child in token.children or ())
        assert "".join(c.content for token in inline for c in token.children or ()) == clean(text)
    cells = [token for token in tokens_of(f"| a | b |\n|---|---|\n| x{shown} | y |\n") if token.type == "inline"]
    assert ["".join(child.content for child in cell.children or ()) for cell in cells[2:]] == [
        clean(f"x{clean(text)}"),
        "y",
    ]


# --- HTML pages --------------------------------------------------------------------------------------------


def test_bundle_of_pages(db: Database, tmp_path: Path) -> None:
    """A bundle has a list, newest first, and a page for each article that tells its whole story."""
    shelve(db, 1, title="Giao đất", authors=["Chu A"], agency="TTXVN", revisions=2, tags=["đất đai"])
    copied(db, 2, of=1, title="Giao đất, theo báo khác", state="removed", gone_since=NOON)
    revised(db, 1, 2, "tổng: 7 -> 10")
    mentioned(db, 1, "place", "04")
    files = bundle_of(db, tmp_path / "out")
    assert set(files) == {"index.html", "style.css", "stories/1.html", "stories/2.html"}
    front, first, second = (Page(files[name]) for name in ("index.html", "stories/1.html", "stories/2.html"))
    assert front.links == ["style.css", "index.html", "stories/2.html", "stories/1.html"]
    assert first.links == [
        "../style.css", "../index.html", "../index.html", "https://bao.example/bai-post1.html", "2.html",
    ]  # fmt: skip
    told = " ".join(first.text.split())
    for words in (
        "implementation 0.75 Báo bao · 02/03/2026 12:30 Giao đất Tóm tắt. Đoạn một. Đoạn hai. Chu A / TTXVN",
        "Topics đất đai Provinces Cao Bằng",
        "Cite as Báo bao, “Giao đất”, 02/03/2026 12:30, https://bao.example/bai-post1.html; archived 02/03/2026 13:00",
        ", revision 2. ",
        "triển khai title carrying out +4.00",
        "2 04/03/2026 12:00 tổng: 7 -> 10",
        "Giao đất, theo báo khác at Báo bao, 02/03/2026 13:30 (exact copy)",
    ):
        assert words in told
    assert "Removed by the outlet; missing since 02/03/2026 12:00. A copy of Giao đất at Báo bao" in " ".join(
        second.text.split()
    )


def test_copies_that_stay_behind_are_linked_where_they_were_printed(db: Database, tmp_path: Path) -> None:
    """A copy that is not in the bundle is linked to at its outlet."""
    shelve(db, 1)
    copied(db, 2, of=1)
    files = bundle_of(db, tmp_path / "out", Filter())
    assert "stories/2.html" not in files
    assert Page(files["stories/1.html"]).links[-1] == "https://bao.example/bai-post2.html"


def test_lists_are_paged(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long lists become several pages that link to each other, and a story leads back to its own."""
    monkeypatch.setattr(bundle, "A_PAGE", 2)
    for number in range(1, 6):
        shelve(db, number)
    told: list[tuple[int, int]] = []
    export.export(db, tmp_path / "out", "html", progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]
    files = bundle_of(db, tmp_path / "out")
    lists = [Page(files[name]).links for name in ("index.html", "index-2.html", "index-3.html")]
    listed = [link for links in lists for link in links if link.startswith("stories/")]
    assert listed == [f"stories/{number}.html" for number in (5, 4, 3, 2, 1)]
    assert lists[1][-2:] == ["index.html", "index-3.html"]
    assert "../index-3.html" in Page(files["stories/1.html"]).links


def test_links_of_a_bundle_lead_somewhere(hostile: Database, tmp_path: Path) -> None:
    """Each link within a bundle names a file that it has."""
    files = bundle_of(hostile, tmp_path / "out")
    for name, text in files.items():
        if name.endswith(".html"):
            links = [link for link in Page(text).links if not link.startswith("https://")]
            assert {os.path.normpath(f"{PurePosixPath(name).parent}/{link}") for link in links} <= set(files)


def test_bundle_is_inert(hostile: Database, tmp_path: Path) -> None:
    """Hostile text makes no element, no attribute and no link; every page forbids all but its own style sheet."""
    shelve(hostile, 3)
    files = bundle_of(hostile, tmp_path / "out", EVERYTHING)
    plain, pages = Page(files["stories/3.html"]), [Page(text) for name, text in files.items() if name != "style.css"]
    ours = plain.tags | {"p", "time", "bdi", "ol", "ul", "li", "span", "a"}
    for page in pages:
        assert page.tags <= ours
        assert page.tags.isdisjoint({"script", "img", "iframe", "style", "form"})
        assert page.attributes <= plain.attributes | {"start", "datetime"}
        assert not any(EVIL in link for link in page.links)
        assert page.policy == "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
    assert HOSTILE in Page(files["stories/1.html"]).text
    assert "url(" not in files["style.css"]
    assert "@import" not in files["style.css"]


def test_zip_is_the_folder(hostile: Database, tmp_path: Path) -> None:
    """A zip file has the very files of the folder, and two of one archive are equal."""
    assert bundle_of(hostile, tmp_path / "out.zip") == bundle_of(hostile, tmp_path / "out")
    bundle_of(hostile, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "out.zip").read_bytes()


def test_bundle_of_nothing(db: Database, tmp_path: Path) -> None:
    """An empty archive makes a bundle that says so."""
    files = bundle_of(db, tmp_path / "out")
    assert set(files) == {"index.html", "style.css"}
    assert "There is none." in Page(files["index.html"]).text


def test_a_bundle_takes_the_place_of_the_last(db: Database, tmp_path: Path) -> None:
    """A bundle replaces one that stands there, and an empty folder; no page of the last one stays."""
    shelve(db, 1)
    shelve(db, 2, label="issuance")
    (tmp_path / "out").mkdir()
    assert "stories/2.html" in bundle_of(db, tmp_path / "out")
    files = bundle_of(db, tmp_path / "out", Filter(labels=("implementation",)))
    assert set(files) == {"index.html", "style.css", "stories/1.html"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("notes.txt", "holds notes.txt, which is of no earlier export"),
        ("stories/mine.html", "holds stories/mine.html"),
        ("stories", "is no earlier export"),
        ("index.html", "is no earlier export"),
        ("style.css", "is no earlier export"),
    ],
)
def test_folders_of_others_are_left_alone(db: Database, tmp_path: Path, name: str, says: str) -> None:
    """A folder that holds anything else is refused in words, and stays as it is."""
    file = tmp_path / "out" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    with pytest.raises(ScraperError, match=says):
        export.export(db, tmp_path / "out", "html")
    assert file.read_text() == "mine"


def test_a_bundle_is_no_file(db: Database, tmp_path: Path) -> None:
    """A file where the folder should be is refused in words."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ScraperError, match="is a file"):
        export.export(db, tmp_path / "out", "html")


def test_the_last_bundle_comes_back_when_the_new_cannot_take_its_place(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the very last step fails, what stood there before stands there again."""
    shelve(db, 1)
    before, rename = bundle_of(db, tmp_path / "out"), Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(ScraperError, match="Permission denied"):
        export.export(db, tmp_path / "out", "html")
    monkeypatch.undo()
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == before["index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


# --- every form --------------------------------------------------------------------------------------------

TARGETS = [("jsonl", "out.jsonl"), ("csv", "out.csv"), ("md", "out.md"), ("html", "out"), ("html", "out.zip"),
           ("warc", "out.warc"), ("warc", "out.warc.gz")]  # fmt: skip


@pytest.mark.parametrize(("form", "name"), TARGETS)
def test_a_broken_off_export_leaves_nothing(hostile: Database, tmp_path: Path, form: export.Format, name: str) -> None:
    """An export that is broken off leaves neither a file nor a part of one."""

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export.export(hostile, tmp_path / name, form, EVERYTHING, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["hostile"]


@pytest.mark.parametrize(("form", "name"), TARGETS)
def test_every_form_takes_an_empty_and_a_hostile_archive(
    db: Database, hostile: Database, tmp_path: Path, form: export.Format, name: str
) -> None:
    """Nothing that an archive may hold stops an export, and where nothing can be written is said in words."""
    assert export.export(db, tmp_path / name, form) == 0
    assert export.export(hostile, tmp_path / name, form, EVERYTHING) == (1 if form == "warc" else 2)
    with pytest.raises(ScraperError, match="cannot be written"):
        export.export(db, tmp_path / "missing" / name, form)


@pytest.mark.parametrize(("form", "name"), TARGETS)
def test_a_path_tells_its_form(form: export.Format, name: str) -> None:
    """The ending tells the form, in capitals too; a name without one is a folder."""
    assert export.form_of(Path(name)) == export.form_of(Path(name.upper())) == form


def test_paths_that_tell_no_form(tmp_path: Path) -> None:
    """An unknown ending is refused in words unless a folder is called so; standard output is JSON Lines."""
    with pytest.raises(ScraperError, match=r"\.txt tells no form"):
        export.form_of(tmp_path / "out.txt")
    (tmp_path / "of.2026").mkdir()
    assert export.form_of(tmp_path / "of.2026") == "html"
    assert export.form_of(None) == "jsonl"


def test_hostile_rows(hostile: Database, tmp_path: Path) -> None:
    """JSON Lines give hostile text back as it was; in CSV it stays one cell that is no formula."""
    export.export(hostile, tmp_path / "out.jsonl", wanted=EVERYTHING)
    export.export(hostile, tmp_path / "out.csv", "csv", EVERYTHING)
    first, _ = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")[:-1])
    assert (first["title"], first["text"], first["edits"][0]["summary"]) == (HOSTILE, LINES, HOSTILE)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells, _ = csv.DictReader(file)
    assert (cells["title"], cells["text"]) == (HOSTILE, LINES)
