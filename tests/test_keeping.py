"""The archive kept safe: backups, damage found, and a machine whose disk, file or clock fails."""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from fakes import NOON
from newsdesk import desk_for, listing, page, story
from servers import Reply, Server, SteppedClock
from sqlalchemy import event, text
from terminal import User

from scraper import jobs, process, store
from scraper.alert import Sender
from scraper.crew import SoloCrew
from scraper.errors import ArchiveBusy, ArchiveFull, StoreError
from scraper.polling import PollDone
from scraper.store import Database, archive

PARAGRAPHS = [f"Đoạn {n}: các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ theo kế hoạch." for n in range(1, 6)]
NUMBERS = range(1, 6)


def newsroom() -> dict[str, Reply]:
    pages = {f"/bai-post{n}.html": page(story(n, f"Bài số {n}", [f"{n} {p}" for p in PARAGRAPHS])) for n in NUMBERS}
    return {"/chinh-sach": page(listing(*NUMBERS)), "/robots.txt": Reply("", 404), **pages}


def poll(desk: Any) -> list[jobs.Report]:
    told: list[jobs.Report] = []
    jobs.start_visits(desk, SoloCrew(), told.append)
    return told


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(newsroom()) as running:
        yield running


@pytest.fixture
def filled(server: Server, tmp_path: Path) -> Iterator[Database]:
    """An archive that watched five stories."""
    with desk_for(server, tmp_path) as desk:
        poll(desk)
        yield desk.db


def ask(db: Database, statement: str) -> None:
    with db.write() as session:
        session.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
        session.connection().execute(text(statement))


# --- backup and check --------------------------------------------------------------------------------------


def test_a_sound_archive(filled: Database) -> None:
    """An archive that was only ever written by the program has no damage."""
    assert store.check(filled) == []
    assert archive.stats(filled).articles == 5


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE snapshot SET sha256 = 'x' WHERE id = 2", "pages that are not as they were stored"),
        ("UPDATE snapshot SET body = substr(body, 1, 20) WHERE id = 2", "pages that are not as they were stored"),
        ("UPDATE snapshot SET revision = 7 WHERE id = 2", "snapshots of no revision"),
        ("UPDATE article SET content_hash = 'x' WHERE id = 2", "newest revision says something else"),
        ("UPDATE article SET revisions = 2 WHERE id = 2", "articles without their newest revision"),
        ("UPDATE revision SET number = 3 WHERE id = 2", "articles with a revision missing between"),
        ("UPDATE revision SET data = substr(data, 1, 20) WHERE id = 2", "revisions that cannot be read"),
        ("UPDATE revision SET data = X'7B7D' WHERE id = 2", "revisions that cannot be read"),
        ("DELETE FROM judgement WHERE article_id = 2", "articles without a judgement"),
        ("UPDATE article SET copy_of = 2 WHERE id = 3", "copies without a record"),
        ("UPDATE link SET article_id = NULL WHERE id = 2", "links stored without an article"),
        ("INSERT INTO shingle (hash, article_id) VALUES (1, 99)", "hashes of no article"),
        ("INSERT INTO article_fts(rowid, folded) VALUES (99, 'bai')", "search index"),
    ],
)
def test_damage_is_found(filled: Database, statement: str, what: str) -> None:
    """Each kind of damage is named, with the rows concerned."""
    ask(filled, statement)
    assert [what in str(damage) for damage in store.check(filled)].count(True) == 1


def test_backup_while_the_daemon_writes(filled: Database, tmp_path: Path) -> None:
    """A copy made while others write is whole and holds one moment; put back, it is the archive."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            ask(filled, "UPDATE article SET rechecks = rechecks + 1")

    writer = threading.Thread(target=write)
    writer.start()
    copy = tmp_path / "copy.db"
    store.copy_file(filled, copy)
    stop.set()
    writer.join()
    assert store.look_through(copy) == []
    other = tmp_path / "other"
    store.open_archive(other).close()
    aside = store.restore(other, copy, NOON)
    assert aside is not None
    assert store.look_through(aside) == []
    restored = store.open_archive(other)
    assert archive.stats(restored).articles == 5
    restored.close()


def test_damaged_file(filled: Database, tmp_path: Path) -> None:
    """A file with an overwritten page is named as damaged, is not put back, and a backup takes its place."""
    copy, damaged = tmp_path / "copy.db", tmp_path / "damaged.db"
    store.copy_file(filled, copy)
    content = bytearray(copy.read_bytes())
    content[-40_960:] = b"\xff" * 40_960
    damaged.write_bytes(content)
    assert store.look_through(damaged)
    other = tmp_path / "other"
    other.mkdir()
    damaged.replace(other / "archive.db")
    store.restore(other, copy, NOON)
    assert store.look_through(other / "archive.db") == []


@pytest.mark.parametrize("content", [b"no archive", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    """A file that is no archive, an empty one and one that is not there are refused as a backup, in words."""
    (tmp_path / "copy.db").write_bytes(content)
    assert "copy.db" in str(store.look_through(tmp_path / "copy.db"))
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="no archive of this program"):
        store.look_through(tmp_path / "empty.db")
    with pytest.raises(StoreError, match="no such file"):
        store.look_through(tmp_path / "none.db")


def test_commands(server: Server, tmp_path: Path) -> None:
    """Backup, check and restore say what they did, and a lost archive comes back."""
    user = User(tmp_path, server)
    user.run("once")
    assert user.json("check") == {"ok": True, "damage": []}
    told = user.json("backup", str(tmp_path / "copy.db"))
    assert told["ok"]
    assert told["bytes"] > 10_000
    (tmp_path / "data" / "archive.db").write_bytes(b"lost")
    assert "archive.db" in user.run("check", status=1)
    assert user.json("restore", str(tmp_path / "copy.db"))["aside"].endswith(".db")
    assert len(user.json("list")["articles"]) == 5
    assert "no such file" in user.run("restore", str(tmp_path / "none.db"), status=1)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the daemon logs while the test runs; logging is for the whole process, so it is put back."""
    lines = io.StringIO()
    process.configure_logging(stream=lines, debug=True)
    yield lines
    structlog.reset_defaults()


def test_no_secret_is_kept(tmp_path: Path, log: io.StringIO) -> None:
    """A channel's secret is in no backup and in no line of the log, though the channel failed and said so."""
    secret = "tm0-4711-secret"  # noqa: S105 - made up
    hook = {"type": "webhook", "url_env": "SCRAPER_SECRET_HOOK"}
    at, told = (NOON + timedelta(seconds=30)).isoformat(), list[jobs.Report]()
    with Server(
        {**newsroom(), "/bai-post1.html": page(story(1, "Bài", PARAGRAPHS, at=at)), f"/{secret}": Reply("", 500)}
    ) as server:
        settings = {"channels": {"log": hook, "terminal": {"type": "stdout"}}}
        with desk_for(server, tmp_path, settings=settings) as desk:
            environ = {"SCRAPER_SECRET_HOOK": f"http://bao.example/{secret}"}
            jobs.start_visits(desk, SoloCrew(), told.append)
            with Sender(desk.fetcher, tmp_path, environ=environ) as sender:
                jobs.start_deliveries(desk, SoloCrew(), sender, told.append)
            store.copy_file(desk.db, tmp_path / "copy.db")
    for report in told:
        process.log_report(report)
    assert any(isinstance(report, jobs.Delivered) and report.error for report in told)
    assert "status 500" in log.getvalue()
    assert secret not in log.getvalue()
    assert secret.encode() not in (tmp_path / "copy.db").read_bytes()


# --- disk and file -----------------------------------------------------------------------------------------


def pragma(db: Database, said: str) -> None:
    """Say a PRAGMA on every connection that is opened from now on."""
    event.listen(db.engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {said}"))
    db.engine.dispose()


def test_full_disk(server: Server, tmp_path: Path) -> None:
    """On a full disk a poll breaks off in words; when there is room again it stores all, and nothing is torn."""
    with desk_for(server, tmp_path) as desk:
        with closing(sqlite3.connect(tmp_path / "archive.db")) as archive_file:
            archive_file.execute("VACUUM")  # pages that migrations left free would be filled first
        with desk.db.read() as session:
            pages = session.connection().execute(text("PRAGMA page_count")).scalar_one()
        limit = [pages + 2]
        event.listen(
            desk.db.engine, "connect", lambda c, _record: c.execute(f"PRAGMA max_page_count={limit[0]}").fetchall()
        )
        desk.db.engine.dispose()
        with pytest.raises(ArchiveFull, match="disk is full"):
            poll(desk)
        limit[0] = 1_000_000
        desk.db.engine.dispose()
        assert store.check(desk.db) == []
        poll(desk)
        assert archive.stats(desk.db).articles == 5
        assert (
            len(store.due_messages(desk.db, "log", desk.clock.now())) == 0
        )  # the first poll of a source is its baseline
        assert store.check(desk.db) == []


def test_read_only(filled: Database) -> None:
    """An archive that cannot be written is still read, and says in words that it cannot be written."""
    pragma(filled, "query_only=ON")
    assert archive.stats(filled).articles == 5
    with pytest.raises(StoreError, match="readonly"):
        store.poll_now(filled, ["bao"], NOON)


def test_locked(filled: Database, tmp_path: Path) -> None:
    """Another process that holds the archive is named as the cause, and its end is all that is needed."""
    pragma(filled, "busy_timeout=20")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveBusy, match="another process"):
        store.poll_now(filled, ["bao"], NOON)
    other.execute("ROLLBACK")
    other.close()
    store.poll_now(filled, ["bao"], NOON)


# --- clock -------------------------------------------------------------------------------------------------


def test_clock_set_back(server: Server, tmp_path: Path) -> None:
    """After a poll by a clock that was a year ahead, the source is due again at once, not in a year."""
    with desk_for(server, tmp_path, SteppedClock(NOON + timedelta(days=365))) as desk:
        poll(desk)
        store.log_fetches(desk.db, [])
    server.routes["/chinh-sach"] = page(listing(*NUMBERS, 6))
    server.routes["/bai-post6.html"] = page(story(6, "Bài số 6", [f"6 {p}" for p in PARAGRAPHS]))
    with desk_for(server, tmp_path, SteppedClock(NOON)) as desk:
        poll(desk)
        assert archive.stats(desk.db).articles == 6
        due = jobs.next_due(desk)
        assert due is not None
        assert due <= NOON + timedelta(hours=1)
        assert store.mend_clock(desk.db, desk.clock.now()) == (0, 0, 0, 0)


def test_clock_set_forward(server: Server, tmp_path: Path) -> None:
    """A clock that jumps a year ahead polls once, and neither fails nor asks for what was due in between."""
    clock = SteppedClock(NOON)
    with desk_for(server, tmp_path, clock) as desk:
        poll(desk)
        asked = len(server.paths())
        clock.sleep(365 * 86400)
        poll(desk)
        assert len(server.paths()) - asked <= 2 + len(NUMBERS)  # robots.txt, the listing, each article's last look
        assert archive.stats(desk.db).articles == 5


def test_two_days_asleep(server: Server, tmp_path: Path) -> None:
    """What came out while the machine slept is stored and told when it wakes, each story once, by one poll."""
    clock = SteppedClock(NOON)
    with desk_for(server, tmp_path, clock) as desk:
        poll(desk)
        clock.sleep(2 * 86400)
        server.routes["/chinh-sach"] = page(listing(*NUMBERS, 6, 7))
        for number, hours in ((6, 30), (7, 5)):
            at = (clock.now() - timedelta(hours=hours)).isoformat()
            words = [f"{number} {p[::-1]}" for p in PARAGRAPHS]
            server.routes[f"/bai-post{number}.html"] = page(story(number, f"Bài số {number}", words, at=at))
        told = poll(desk)
        assert [report.new for report in told if isinstance(report, PollDone)] == [2]
        messages = store.due_messages(desk.db, "log", clock.now())
        assert [message.body["title"] for message in messages] == ["Bài số 6", "Bài số 7"]
