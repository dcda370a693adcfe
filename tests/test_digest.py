"""The day's policy news as one mail."""

from __future__ import annotations

import email
import email.policy
import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON
from newsdesk import desk_for
from readers import HOSTILE, keep
from servers import Server, SteppedClock
from sqlmodel import select
from terminal import User

from scraper import alert, digest, jobs, store
from scraper.alert import Sender
from scraper.config import Channel, Settings
from scraper.digest import Digest, compile_digest
from scraper.digest.words import KINDS, WORDS
from scraper.models import Article, Happening, OutboxRow, Source
from scraper.store import Database
from scraper.values import Message

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 1, 17, tzinfo=UTC)
"""The beginning of 2 March in Vietnam."""


def add(db: Database, name: str, title: str, text: str, **fields: Any) -> int:
    return keep(
        db, f"bao:{name}", title=f"Giảm nghèo: {title}", lead="", text=text, url=f"https://bao.example/{name}", **fields
    )


def groups(found: Digest) -> dict[str, list[str]]:
    return {
        group.title: [story.title.removeprefix("Giảm nghèo: ") for story in group.stories] for group in found.groups
    }


# --- what it holds -----------------------------------------------------------------------------------------


def test_stories_are_grouped_by_document_then_province(db: Database) -> None:
    """What several stories name as a document comes first, then provinces, then the rest; each story once."""
    add(db, "1", "một", "Theo Nghị định 28/2022/NĐ-CP, Cao Bằng cấp vốn cho hộ nghèo.")
    add(db, "2", "hai", "Nghị định 28/2022/NĐ-CP đã đến với hộ nghèo Lào Cai năm nay.")
    add(db, "3", "ba", "Cao Bằng còn nhiều hộ nghèo chờ vay theo Nghị định 99/2024/NĐ-CP.")
    add(db, "4", "bốn", "Bà con hộ nghèo vùng cao được vay vốn làm nhà, không ai bị bỏ lại.")
    add(db, "5", "năm", "Trận bóng.", section="Thể thao")
    with db.write() as session:
        session.exec(select(Article).where(Article.key == "bao:5")).one().label = "none"
    found = groups(compile_digest(db, MIDNIGHT, MIDNIGHT + DAY))
    assert {name: set(titles) for name, titles in found.items()} == {
        "28/2022/NĐ-CP": {"một", "hai"},
        "Cao Bằng": {"ba"},
        "": {"bốn"},
    }
    assert list(found) == ["28/2022/NĐ-CP", "Cao Bằng", ""]


def test_a_day_begins_and_ends_in_vietnam(db: Database) -> None:
    """The first moment of a day belongs to it, the first of the next does not."""
    for name, at in (("first", MIDNIGHT), ("last", MIDNIGHT + DAY - timedelta(seconds=1)), ("next", MIDNIGHT + DAY)):
        number = add(db, name, name, f"Hộ nghèo được vay vốn, chuyện {name} {name}.")
        with db.write() as session:
            row = session.get_one(Article, number)
            row.published_at, row.seen_at = at, at
    found = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY)
    assert {title for titles in groups(found).values() for title in titles} == {"first", "last"}


def test_edits_removals_and_trouble(db: Database) -> None:
    """Edits of policy stories with what they changed, removals that still hold, and sources in trouble are told."""
    number = add(db, "1", "một", "Cấp vốn cho 120 hộ nghèo.")
    add(db, "1", "một", "Cấp vốn cho 150 hộ nghèo.")
    gone = add(db, "2", "hai", "Bà con hộ nghèo vùng cao được vay vốn làm nhà.")
    with db.write() as session:
        session.get_one(Article, gone).state = "removed"
        session.add(Happening(article_id=gone, at=NOON, kind="removed"))
        session.add(Happening(article_id=number, at=NOON, kind="removed"))  # it came back
        source = session.get_one(Source, "bao")
        source.trouble_since, source.last_error = NOON, "answered 503"
    found = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY)
    assert [edit.article_id for edit in found.edits] == [number]
    assert [removal.article_id for removal in found.removals] == [gone]
    text = digest.to_text(found, "vi", str)
    assert "con số: 120 → 150" in text
    assert "number: 120 → 150" in digest.to_text(found, "en", str)
    assert text.index("== Bị sửa") < text.index("== Bị gỡ") < text.index("== Nguồn đang gặp sự cố")
    assert "answered 503" in text


def test_long_groups_are_cut_and_counted(db: Database) -> None:
    """Of many stories in one group the most probable are told and the rest is counted."""
    for number in range(digest.build.SHOWN + 3):
        add(db, str(number), f"bài {number}", f"Cao Bằng cấp vốn cho hộ nghèo, chuyện thứ {number} {number * 7}.")
    (group,) = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY).groups
    assert (len(group.stories), group.more, group.total) == (digest.build.SHOWN, 3, digest.build.SHOWN + 3)
    assert [story.score for story in group.stories] == sorted((s.score for s in group.stories), reverse=True)
    assert "và 3 tin nữa" in digest.to_text(compile_digest(db, MIDNIGHT, MIDNIGHT + DAY), "vi", str)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_quiet_day_says_so(db: Database, language: Any) -> None:
    """A day without anything is told in one sentence."""
    found = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY)
    assert found.empty
    assert WORDS[language]["nothing"] in digest.to_text(found, language, str)
    assert WORDS[language]["nothing"] in digest.to_html(found, language, str)


def test_both_languages_say_everything() -> None:
    """Neither language lacks a sentence of the other, and each keeps what is filled in."""
    english, vietnamese = WORDS["en"], WORDS["vi"]
    assert set(english) == set(vietnamese)
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", vietnamese[name])), name
    assert len(set(KINDS.values())) == len(KINDS)


def test_hostile_text_stays_text(db: Database) -> None:
    """Markup, scripts, script addresses, steering signs and endless titles do nothing in the mail or the text."""
    hostile: dict[str, Any] = {"title": HOSTILE * 300, "lead": "x", "text": HOSTILE, "section": "Chính sách"}
    number = keep(db, "bao:1", url="javascript:alert(1)", **hostile)
    keep(db, "bao:1", url="javascript:alert(1)", **hostile | {"title": f"{HOSTILE} \x1b[31m\r\nTo: all 5%"})
    with db.write() as session:
        row = session.get_one(Article, number)
        row.label, row.state = "implementation", "removed"
        session.add(Happening(article_id=number, at=NOON, kind="removed"))
        source = session.get_one(Source, "bao")
        source.trouble_since, source.last_error = NOON, HOSTILE
    found = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY)
    page, text = digest.to_html(found, "vi", lambda _: HOSTILE), digest.to_text(found, "vi", lambda _: HOSTILE)
    assert "<script" not in page
    assert "<img" not in page
    assert "href=" not in page
    assert "javascript:" not in text
    assert "\u202e" not in page + text
    assert "\x1b" not in page + text
    assert max(map(len, text.splitlines())) < 700


# --- when it goes out --------------------------------------------------------------------------------------

SEVEN = datetime(2026, 3, 2, 0, tzinfo=UTC)
"""Seven in the morning in Vietnam."""


def rows(db: Database) -> list[str]:
    with db.read() as session:
        return [row.key for row in session.exec(select(OutboxRow).where(OutboxRow.event == "daily")).all()]


def test_it_is_written_once_a_day_for_each_channel(tmp_path: Path) -> None:
    """From its time on the digest is written once, also after a restart; a channel that is added later gets its own."""
    clock = SteppedClock(SEVEN - timedelta(seconds=1))
    asked: dict[str, Any] = {"digest": {"channels": ["log"]}}
    with Server({}) as server:
        with desk_for(server, tmp_path, clock, asked) as desk:
            clock.step(hours=-11)  # the evening before: yesterday's time is too long ago
            assert jobs.daily(desk) == []
            clock.step(hours=11, seconds=1)
            assert jobs.daily(desk) == ["log"]
            assert jobs.daily(desk) == []
        asked["digest"]["channels"] = ["log", "terminal"]
        with desk_for(server, tmp_path, clock, asked) as desk:
            clock.step(hours=1)
            assert jobs.daily(desk) == ["terminal"]
            clock.step(hours=23)
            assert jobs.daily(desk) == ["log", "terminal"]
            assert rows(desk.db) == [
                "daily/log/2026-03-02", "daily/terminal/2026-03-02", "daily/log/2026-03-03", "daily/terminal/2026-03-03"
            ]  # fmt: skip


def test_it_goes_out_as_any_message(tmp_path: Path) -> None:
    """The digest is delivered with text for people and HTML for programs that show it."""
    clock = SteppedClock(SEVEN)
    with Server({}) as server, desk_for(server, tmp_path, clock, {"digest": {"channels": ["log"]}}) as desk:
        keep(desk.db, "bao:1", title="Cao Bằng giảm nghèo", published_at=SEVEN - timedelta(hours=2))
        with desk.db.write() as session:
            session.exec(select(Article)).one().seen_at = SEVEN - timedelta(hours=1)
        jobs.daily(desk)
        with Sender(desk.fetcher, tmp_path) as sender:
            jobs.deliver("log", desk, sender, lambda _: None)
    told = json.loads((tmp_path / "alerts.jsonl").read_text(encoding="utf-8"))
    assert told["subject"] == "Thực thi chính sách, 02/03/2026: 1 tin"
    assert "Cao Bằng giảm nghèo" in told["message"]
    assert told["html"].startswith("<!doctype html>")


def test_nobody_is_told_until_somebody_asks(tmp_path: Path) -> None:
    """Without channels no digest is written, and a channel that is none is refused."""
    with Server({}) as server, desk_for(server, tmp_path, SteppedClock(SEVEN)) as desk:
        assert jobs.daily(desk) == []
    with pytest.raises(ValueError, match="digest names channel 'nobody'"):
        Settings.model_validate({"digest": {"channels": ["nobody"]}})


@contextmanager
def mail_server() -> Iterator[tuple[str, list[bytes]]]:
    """A mail server on loopback that keeps what it is sent; its address and the mails."""
    kept: list[bytes] = []

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    body = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        body += part
                    kept.append(body)
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"mailto://127.0.0.1:{server.server_address[1]}?from=desk@bao.example&to=analyst@bao.example", kept
        server.shutdown()
        thread.join()


def test_a_mail_has_both_html_and_text(db: Database, tmp_path: Path) -> None:
    """Sent to a mail address, the digest is HTML as we wrote it beside plain text, Vietnamese intact in both."""
    add(db, "1", "Đắk Lắk <b>&</b>", "Theo Nghị định 28/2022/NĐ-CP, Đắk Lắk cấp vốn cho hộ nghèo.")
    found = compile_digest(db, MIDNIGHT, MIDNIGHT + DAY)
    body = {
        "subject": digest.subject(found, "vi"),
        "text": digest.to_text(found, "vi", str),
        "html": digest.to_html(found, "vi", str),
    }
    message = Message(1, "daily/mail/2026-03-02", "mail", "daily", "daily digest", "", body, NOON)
    with mail_server() as (address, kept), Sender(_NoPoster(), tmp_path) as sender:
        alert.send(message, Channel(type="apprise", url=address), sender)
    (raw,) = kept
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    page, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert page is not None
    assert plain is not None
    assert "Giảm nghèo: Đắk Lắk &lt;b&gt;&amp;&lt;/b&gt;" in page.get_content()
    assert "Giảm nghèo: Đắk Lắk" in plain.get_content()
    assert "Thực thi chính sách, " in str(mail["subject"])


class _NoPoster:
    def post_json(self, url: str, *_: object) -> int:
        raise AssertionError(url)


# --- the command -------------------------------------------------------------------------------------------


def test_the_command_previews(tmp_path: Path) -> None:
    """The command prints a day, or writes the mail's two files, in either language; nobody is told."""
    with Server({}) as server:
        user = User(tmp_path, server)
    db = store.open_archive(tmp_path / "data")
    store.ensure_sources(db, ["bao"], NOON)
    add(db, "1", "Đắk Lắk", "Theo Nghị định 28/2022/NĐ-CP, Đắk Lắk cấp vốn cho hộ nghèo.")
    db.close()
    assert "Giảm nghèo: Đắk Lắk" in user.run("digest", "--day", "2026-03-02")
    out = tmp_path / "mails"
    told = user.json("digest", "--day", "2026-03-02", "--preview", "--out", str(out))
    assert told == {"files": [str(out / "digest.html"), str(out / "digest.txt")], "stories": 1}
    assert "Đắk Lắk" in (out / "digest.html").read_text(encoding="utf-8")
    assert user.json("digest", "--day", "2026-03-02")["groups"][0]["kind"] == "province"
    assert "no day such as" in user.run("digest", "--day", "yesterday", "--language", "en", status=2)
    assert "is vi or en" in user.run("digest", "--language", "fr", status=2)
