"""The command line, as its user meets it."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import ROOT
from newsdesk import config_folder, listing, page, story
from servers import Reply, Server
from terminal import User

PARAGRAPHS = [
    f"Đoạn {n}: Ủy ban nhân dân tỉnh Đắk Lắk giao các xã rà soát, cấp vốn giảm nghèo bền vững cho từng hộ nghèo."
    for n in range(1, 5)
]
TITLE = "Đắk Lắk triển khai chương trình mục tiêu quốc gia giảm nghèo"
AN_HOUR_AGO = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    routes = {
        "/chinh-sach": page(listing(1, 2)),
        "/bai-post1.html": page(story(1, TITLE, PARAGRAPHS, at=AN_HOUR_AGO)),
        "/bai-post2.html": page(story(2, "Bóng đá: đội chủ nhà thắng trận", [p[::-1] for p in PARAGRAPHS])),
        "/robots.txt": Reply("", 404),
    }
    with Server(routes) as server:
        someone = User(tmp_path_factory.mktemp("user"), server)
        someone.run("once")
        yield someone


def test_once_says_what_it_did(user: User) -> None:
    """A poll answers with one row a source; a second one finds nothing new."""
    assert user.json("once")["sources"] == [
        {
            "source": "bao",
            "links": 0,
            "new": 0,
            "stored": 0,
            "copies": 0,
            "edited": 0,
            "removed": 0,
            "failed": 0,
            "error": "",
        }
    ]


def test_search_finds_words_without_accents(user: User) -> None:
    """Typing dak lak finds Đắk Lắk."""
    found = user.json("search", "dak lak")
    assert [item["title"] for item in found["articles"]] == [TITLE]
    assert TITLE.split(maxsplit=1)[0] in user.run("search", "dak", "lak")


def test_list_show_and_stats(user: User) -> None:
    """What is stored can be listed, shown whole with its reasons, and counted."""
    listed = user.json("list", "--label", "implementation")
    assert [item["title"] for item in listed["articles"]] == [TITLE]
    shown = user.json("show", str(listed["articles"][0]["id"]))
    assert shown["text"].split("\n\n") == PARAGRAPHS
    assert shown["reasons"]
    assert user.json("show", shown["url"])["id"] == shown["id"]
    assert user.json("stats")["articles"] == 2
    for command in (("list",), ("show", "1"), ("stats",), ("sources",), ("alerts",)):
        assert user.run(*command).strip()


def test_diff_of_an_article_never_edited(user: User) -> None:
    """A story without edits says so."""
    assert user.json("diff", "1")["fields"] == {}


@pytest.mark.parametrize(
    ("name", "form", "inside"),
    [
        ("out.jsonl", "jsonl", ""),
        ("out.csv", "csv", ""),
        ("out.md", "md", ""),
        ("out.warc", "warc", ""),
        ("out", "html", "index.html"),
        ("out.html", "html", "index.html"),
    ],
)
def test_export_writes_every_article(user: User, name: str, form: str, inside: str, tmp_path: Path) -> None:
    """Each form holds every article, and the path tells which form is meant."""
    told = user.json("export", str(tmp_path / name))
    assert told == {"path": str(tmp_path / name), "articles": 2, "format": form}
    assert TITLE in (tmp_path / name / inside).read_text(encoding="utf-8")


def test_export_of_some(user: User, tmp_path: Path) -> None:
    """What is exported can be chosen as for the list, and the form too."""
    file = str(tmp_path / "out.txt")
    chosen = ("--format", "md", "--label", "implementation", "--place", "Đắk Lắk", "--min-score", "0.5")
    assert user.json("export", file, *chosen)["articles"] == 1
    assert user.json("export", file, *chosen, "--until", "1d")["articles"] == 0
    assert user.json("export", file, "--format", "md", "--source", "bao", "--since", "1d")["articles"] == 1
    for nothing in ("--edited", "--removed"):
        assert user.json("export", file, "--format", "md", nothing)["articles"] == 0
    assert user.run("export", "-", "--format", "md").count("\n## ") == 2
    assert user.run("export", file, "--format", "csv", "--excel", "--no-copies") == f"2 articles written to {file}\n"
    assert Path(file).read_bytes().startswith(b"\xef\xbb\xbf")


def test_parse_says_where_each_field_came_from(user: User, tmp_path: Path) -> None:
    """A saved page is read with the rules of the address it came from."""
    file = tmp_path / "page.html"
    file.write_text(story(9, TITLE, PARAGRAPHS), encoding="utf-8")
    read = user.json("parse", str(file), "--url", "http://bao.example/bai-post9.html")
    assert read["article"]["title"] == TITLE
    assert read["article"]["provenance"]["title"] == "site"
    assert read["judgement"]["label"] == "implementation"


def test_reparse_and_reflag_change_nothing_under_the_same_rules(user: User) -> None:
    """Under unchanged rules nothing reads or judges differently."""
    assert user.json("reparse", "--dry-run")["changed"] == []
    assert user.json("reflag")["changed"] == []


def test_doctor_speaks_of_every_part(user: User) -> None:
    """The doctor looks at configuration, archive, network and each source."""
    findings = {finding["about"]: finding["level"] for finding in user.json("doctor")["findings"]}
    assert {"config", "archive", "network", "bao"} <= set(findings)
    assert findings["network"] == findings["archive"] == "ok"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("show", "999"), 1, "999"),
        (("once", "nobody"), 1, "bao"),
        (("list", "--since", "soon"), 2, "2026-03-01"),
        (("list", "--limit", "many"), 2, "--limit"),
        (("export", "out.txt"), 2, "--format"),
        (("export", "out.md", "--excel"), 2, "--excel is for CSV"),
        (("export", "out.md", "--format", "docx"), 2, "jsonl"),
        (("export", "-", "--format", "warc"), 1, "standard output"),
        (("export", "/", "--format", "html"), 1, "no earlier export"),
        (("parse", "no-such-file"), 1, "no-such-file"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_errors_are_words_and_a_status(user: User, words: tuple[str, ...], status: int, says: str) -> None:
    """What fails exits with 1, wrong use with 2, and names what was asked for."""
    said = user.run(*words, status=status)
    assert says in said
    assert "Traceback" not in said


def test_errors_are_json_when_asked(user: User) -> None:
    """With --json a failure is one JSON document too."""
    assert "999" in json.loads(user.run("show", "999", "--json", status=1))["error"]


def test_wrong_config_is_refused_whole(tmp_path: Path) -> None:
    """Every mistake in every file is told at once, with file and key."""
    wrong = config_folder(tmp_path / "config", "127.0.0.1:1")
    (wrong / "sources" / "bao.toml").write_text('titel = "x"\nhosts = []\n', encoding="utf-8")
    with (wrong / "settings.toml").open("a", encoding="utf-8") as file:
        file.write('[schedule]\nevery = "soon"\n')
    broken = User.__new__(User)
    broken.folder, broken.config = tmp_path, wrong
    said = broken.run("list", status=2)
    for words in ("bao.toml: titel", "did you mean 'title'", "bao.toml: hosts", "settings.toml: schedule.every", "15m"):
        assert words in said


def test_shipped_config_loads() -> None:
    """The configuration that ships is found and right."""
    command = [sys.executable, "-m", "scraper", "--config", str(ROOT / "config"), "--help"]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60).stdout
    for name in ("demo", "run", "once", "sources", "parse", "list", "search", "show", "diff", "export", "doctor"):
        assert name in said


def test_doctor_names_a_wrong_selector(tmp_path: Path) -> None:
    """A typing error in a selector is told with its key, since such a selector silently matches nothing."""
    with Server({}) as server:
        someone = User(tmp_path, server)
        file = someone.config / "sources" / "bao.toml"
        file.write_text(file.read_text("utf-8").replace('["h1"]', '["h1[["]'), "utf-8")
        findings = someone.json("doctor", "--offline", status=1)["findings"]
    assert [f["says"] for f in findings if f["about"] == "bao" and "article.title" in f["says"]]


def test_reflag_shows_what_other_rules_would_change(user: User) -> None:
    """A dry run tells labels, scores and causes and writes nothing; the real run writes once and alerts nobody."""
    alerts = user.json("alerts")
    user.run("feedback", str(user.json("search", TITLE)["articles"][0]["id"]), "implementation")
    rules = user.config / "policy.toml"
    dearer = re.sub(r"(?m)^middle = .*", "middle = 90", rules.read_text(encoding="utf-8"))
    rules.write_text(dearer, encoding="utf-8")
    tried = user.json("reflag", "--dry-run")
    assert [(item["title"], item["from"], item["to"]) for item in tried["changed"]] == [
        (TITLE, "implementation", "none")
    ]
    assert tried["changed"][0]["score_after"] < tried["changed"][0]["score_before"]
    assert "implementation -> none: 1" in user.run("reflag", "--dry-run")
    assert user.json("reflag")["changed"] == tried["changed"]
    assert user.json("reflag")["changed"] == []
    assert user.json("list", "--label", "implementation")["articles"] == []
    assert user.json("alerts") == alerts


def test_an_archive_of_an_older_reader_is_read_again_by_reflag(user: User) -> None:
    """The doctor names stories that are not read for documents and places, and reflag reads them."""
    with sqlite3.connect(user.folder / "data" / "archive.db") as archive:
        archive.execute("DELETE FROM mention")
        archive.execute("UPDATE article SET facts_version = 0")
    assert "dossiers" in {finding["about"] for finding in user.json("doctor", "--offline")["findings"]}
    assert "reflag" in user.run("dossier", "Đắk Lắk", status=1)
    user.json("reflag")
    assert "dossiers" not in {finding["about"] for finding in user.json("doctor", "--offline")["findings"]}
    found = user.json("dossier", "Đắk Lắk")
    assert found["subject"]["kind"] == "place"
    assert TITLE in user.run("dossier", "Dak Lak")
    assert user.run("dossier", "Đắk Lắk", "--format", "csv").startswith("at,id,outlet")
    assert [item["title"] for item in user.json("list", "--place", "Đắk Lắk")["articles"]]
    assert "no province" in user.run("list", "--place", "28/2022/NĐ-CP", status=2)


def test_help_loads_nothing_heavy() -> None:
    """A command that needs no archive starts at once: neither the database's libraries nor the web's are loaded."""
    code = (
        "import sys\nfrom scraper.cli import main\nsys.argv = ['scraper', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'sqlalchemy', 'pydantic', 'httpx', 'fastapi', 'selectolax'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage" in done.stdout
