"""The API and the feeds, as programs ask them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import schemathesis
from fakes import NOON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import HOSTILE, Reader, keep, site_over
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlmodel import select

from scraper import store
from scraper.models import Article, OutboxRow
from scraper.store import Database
from scraper.values import Page
from scraper.web import create_app

ATOM = "{http://www.w3.org/2005/Atom}"
DECREE = {"title": "Cao Bằng thực hiện Nghị định 28/2022/NĐ-CP", "place": "Cao Bằng"}
V1 = "/api/v1"


def several(db: Database, number: int) -> list[int]:
    return [
        keep(db, f"bao:{n}", title=f"Bài {n}", text=f"Đoạn riêng của bài số {n}.", url=f"https://bao.example/{n}")
        for n in range(number)
    ]


def asked(reader: Reader, path: str, **query: Any) -> Any:
    answer = reader.get(V1 + path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


# --- the API -----------------------------------------------------------------------------------------------


def test_a_list_goes_on_by_its_cursor(db: Database, reader: Reader) -> None:
    """Going on by ``next`` gives every article once and ends with null, while others are stored meanwhile."""
    numbers = several(db, 5)
    page = asked(reader, "/articles", limit=2)
    found = [item["id"] for item in page["items"]]
    keep(db, "bao:late", title="Muộn", text="Hoàn toàn khác.", published_at=NOON + timedelta(hours=1))
    while page["next"]:
        page = asked(reader, "/articles", limit=2, after=page["next"])
        found += [item["id"] for item in page["items"]]
    assert sorted(found) == numbers


def test_articles_and_stories(db: Database, reader: Reader) -> None:
    """Articles hold copies too, stories do not; one of either is there with all that is known of it."""
    one, two = keep(db, "bao:1", **DECREE), keep(db, "bao:2", url="https://bao.example/2", **DECREE)
    assert {item["id"] for item in asked(reader, "/articles")["items"]} == {one, two}
    assert [item["id"] for item in asked(reader, "/stories")["items"]] == [one]
    article = asked(reader, f"/articles/{two}")
    assert article["article"]["copy_of"] == one
    assert {mention["key"] for mention in article["mentions"]} == {"28/2022/NĐ-CP", "04"}
    story = asked(reader, f"/stories/{one}")
    assert [copy["id"] for copy in story["sightings"]] == [two]
    assert story["reasons"][0]["weight"]


def test_states_and_their_difference(db: Database, reader: Reader) -> None:
    """Each state of an article is there whole, and what lies between two of them, word by word."""
    number = keep(db, "bao:1", lead="Tăng 8% trong năm")
    keep(db, "bao:1", lead="Tăng 7,5% trong năm")
    states = asked(reader, f"/articles/{number}/revisions")["items"]
    assert [state["data"]["lead"] for state in states] == ["Tăng 8% trong năm", "Tăng 7,5% trong năm"]
    assert asked(reader, f"/articles/{number}/revisions/2") == states[1]
    diff = asked(reader, f"/articles/{number}/diff")
    assert (diff["before"], diff["after"]) == (1, 2)
    assert diff["fields"]["lead"] == [["same", "Tăng"], ["removed", " 8%"], ["added", " 7,5%"], ["same", " trong năm"]]
    assert asked(reader, f"/articles/{number}/diff", **{"from": 2, "to": 2})["fields"] == {}


def test_search_documents_and_provinces(db: Database, reader: Reader) -> None:
    """Words, documents and provinces are asked as on the pages."""
    one = keep(db, "bao:1", **DECREE)
    keep(db, "bao:2", url="https://bao.example/2", title="Đội bóng thắng", lead="", text="Tỷ số 2-1.")
    for query in (
        {"q": "cao bang"},
        {"q": "cao bang", "order": "best"},
        {"document": "28/2022/NĐ-CP"},
        {"province": "04"},
    ):
        assert [item["id"] for item in asked(reader, "/search", **query)["items"]] == [one], query
    assert asked(reader, "/documents")["items"] == [{"key": "28/2022/NĐ-CP", "name": "28/2022/NĐ-CP", "stories": 1}]
    provinces = asked(reader, "/provinces")["items"]
    assert (len(provinces), provinces[0]) == (34, {"key": "04", "name": "Cao Bằng", "stories": 1})
    assert asked(reader, "/documents/28/2022/NĐ-CP")["total"] == 1
    assert asked(reader, "/provinces/04")["entries"][0]["id"] == one


def test_sources_and_alerts(db: Database, reader: Reader) -> None:
    """How each source does, and what was told, page by page."""
    with db.write() as session:
        for number in range(3):
            row: dict[str, Any] = {"key": f"k{number}", "channel": "desk", "event": "new", "alert": "policy"}
            row |= {"source": "bao", "message": {"title": f"Tin {number}"}, "created_at": NOON, "next_try_at": NOON}
            session.add(OutboxRow(**row))
    assert [source["name"] for source in asked(reader, "/sources")["items"]] == ["bao"]
    first = asked(reader, "/alerts", limit=2)
    second = asked(reader, "/alerts", limit=2, before=first["next"])
    assert [alert["key"] for alert in (*first["items"], *second["items"])] == ["k2", "k1", "k0"]
    assert second["next"] is None


def test_an_unchanged_answer_is_not_sent_again(db: Database, reader: Reader) -> None:
    """Who shows the ETag of what is still so gets 304 and no body; after a change the answer comes with another."""
    keep(db, "bao:1")
    for path in (f"{V1}/stories", "/feeds/search.atom", "/feeds/search.json"):
        tag = reader.get(path).headers["etag"]
        again = reader.get(path, headers={"if-none-match": f'"x", W/{tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert reader.get(path, headers={"if-none-match": '"x"'}).status_code == 200
    keep(db, "bao:2", title="Khác", text="Khác hẳn.", url="https://bao.example/2")
    assert reader.get(f"{V1}/stories", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles/1", 404),
        ("/articles/99999999999999999999", 404),
        ("/articles/x", 404),
        ("/articles/1/revisions/1", 404),
        ("/articles/1/diff", 404),
        ("/stories/1", 404),
        ("/documents/khong", 404),
        ("/provinces/Atlantis", 404),
        ("/articles?limit=0", 400),
        ("/articles?limit=1000", 400),
        ("/articles?after=x", 400),
        ("/articles?label=x", 400),
        ("/search?document=99/2099/N%C4%90-CP", 200),
        ("/search?document=x", 409),
        ("/nowhere", 404),
    ],
)
def test_programs_are_told_why_not(reader: Reader, path: str, status: int) -> None:
    """What is not there or not understood is said as JSON with the right status."""
    answer = reader.get(V1 + path)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["detail"]


def test_hostile_text_is_json(db: Database, reader: Reader) -> None:
    """Whatever an article holds is told as it is, as JSON that no browser takes for a page."""
    keep(db, "bao:1", title=HOSTILE, lead="\x00\x1b \u2028", text=HOSTILE)
    answer = reader.get(f"{V1}/stories/1")
    assert answer.headers["content-type"] == "application/json"
    assert "<script>alert(1)" in answer.json()["title"]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API's own description, over an archive that holds an edit, a copy and hostile text."""
    folder = tmp_path_factory.mktemp("api")
    opened = store.open_archive(folder)
    store.ensure_sources(opened, ["bao"], NOON)
    keep(opened, "bao:1", **DECREE)
    keep(opened, "bao:1", **DECREE | {"lead": "Sửa lại 7,5%"})
    keep(opened, "bao:2", url="https://bao.example/2", **DECREE)
    page = Page("https://bao.example/3", "https://bao.example/3", 200, {}, b"<p>", NOON)
    keep(opened, "bao:3", title=HOSTILE, lead=HOSTILE, text=HOSTILE, url="javascript:1", page=page)
    yield schemathesis.openapi.from_asgi(
        f"{V1}/openapi.json", create_app(site_over(opened, folder)), headers={"host": "localhost"}
    )
    opened.close()


def test_no_question_is_a_server_error(described: Any) -> None:
    """Whatever the description allows, and what it does not, is answered as it says, never by a crash."""
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) >= 14
    for operation in operations:
        strategies = [operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]

        @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(strategies))
        def ask(case: Any) -> None:
            case.call_and_validate(headers={"host": "localhost"}, checks=checks)

        ask()


# --- feeds -------------------------------------------------------------------------------------------------


def feed(reader: Reader, path: str) -> list[dict[str, str]]:
    """An Atom feed's entries by their simple elements."""
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    assert root.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert root.findtext(ATOM + needed)
    return [
        {each.tag.removeprefix(ATOM): each.text or str(each.get("href")) for each in entry}
        for entry in root.findall(f"{ATOM}entry")
    ]


def test_an_edited_story_appears_as_updated(db: Database, reader: Reader) -> None:
    """An entry keeps its id for good; an edit moves its ``updated`` on, in both kinds of feed."""
    keep(db, "bao:1", lead="Tăng 8% trong năm")
    before = feed(reader, "/feeds/search.atom?label=policy")[0]
    json_before = reader.get("/feeds/search.json?label=policy").json()["items"][0]
    with db.write() as session:
        row = session.exec(select(Article)).one()
        row.revisions, row.changed_at = 2, NOON + timedelta(hours=2)
    after = feed(reader, "/feeds/search.atom?label=policy")[0]
    json_after = reader.get("/feeds/search.json?label=policy").json()["items"][0]
    assert after["id"] == before["id"] == json_after["id"] == json_before["id"]
    assert (before["updated"], after["updated"]) == ("2026-03-02T05:00:00Z", "2026-03-02T07:00:00Z")
    assert json_after["date_modified"] == after["updated"]
    assert after["published"] == before["published"]


def test_an_id_is_the_same_on_another_machine(db: Database, tmp_path: Path) -> None:
    """The same article in another archive, at another address and under another number, has the same entry id."""
    keep(db, "bao:1")
    other = store.open_archive(tmp_path / "other")
    store.ensure_sources(other, ["bao"], NOON)
    keep(other, "bao:0", text="Bài khác hẳn.", url="https://bao.example/0")
    keep(other, "bao:1")
    here = {entry["title"]: entry["id"] for entry in feed(Reader(site_over(db, tmp_path)), "/feeds/search.atom")}
    there = feed(Reader(site_over(other, tmp_path), host="localhost:1"), "/feeds/search.atom?source=bao")
    other.close()
    assert here.items() <= {(entry["title"], entry["id"]) for entry in there}


def test_any_search_and_any_watch_is_a_feed(db: Database, reader: Reader) -> None:
    """Words, documents, provinces and watches each choose what a feed holds."""
    keep(db, "bao:1", title="Cao Bằng giảm nghèo theo Nghị định 28/2022/NĐ-CP", place="Cao Bằng")
    keep(db, "bao:2", url="https://bao.example/2", title="Đội bóng thắng", lead="", text="Tỷ số 2-1.")
    for query in ("search.atom?q=giam+ngheo", "search.atom?province=04", "search.atom?document=28/2022/NĐ-CP",
                  "watch.atom?name=giảm nghèo"):  # fmt: skip
        assert [entry["title"][:8] for entry in feed(reader, f"/feeds/{query}")] == ["Cao Bằng"], query
    told = reader.get("/feeds/watch.json", params={"name": "giảm nghèo"}).json()
    assert [item["title"][:8] for item in told["items"]] == ["Cao Bằng"]
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert reader.get("/feeds/watch.atom?name=none").status_code == 409
    assert reader.get("/feeds/search.atom?label=x").status_code == 400


def test_hostile_text_does_not_break_a_feed(db: Database, reader: Reader) -> None:
    """Control characters, half characters and markup leave a feed well-formed, and no address runs."""
    keep(db, "bao:1", title=f"{HOSTILE}\x00\x0b\ufffe", lead="]]>\x1b", url="javascript:alert(1)")
    entry = feed(reader, "/feeds/search.atom")[0]
    assert entry["title"].startswith("<script>alert(1)")
    assert "javascript" not in json.dumps(entry)
    assert feed(reader, "/feeds/search.atom?q=%00%ED%A0%80") == []
    assert "javascript" not in reader.get("/feeds/search.json").text


def test_an_empty_archive_has_feeds(reader: Reader) -> None:
    """A feed without entries is a feed."""
    assert feed(reader, "/feeds/search.atom") == []
    assert reader.get("/feeds/search.json").json()["items"] == []


def test_a_search_is_a_file(db: Database, reader: Reader) -> None:
    """A search is taken along as CSV with one head line, or as JSON Lines, however many rows there are."""
    several(db, 103)
    lines = reader.get("/export.csv?q=rieng").text.splitlines()
    assert (len(lines), lines[0].startswith("id,key,")) == (104, True)
    assert sum(line.startswith("id,key,") for line in lines) == 1
    assert len(reader.get("/export.jsonl").text.splitlines()) == 103
    assert reader.get("/export.csv?q=nichts").text.splitlines() == [lines[0]]
    assert "attachment" in reader.get("/export.jsonl").headers["content-disposition"]
