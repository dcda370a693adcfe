"""The archive: one transaction for what was decided, and words for what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import BODY, NOON, article
from sqlalchemy import text

from scraper import dedupe, store
from scraper.config import ListingRule, Watch, load_policy
from scraper.config.settings import KeepSettings, RecheckSettings
from scraper.decide import Rules, decide
from scraper.errors import ArchiveBusy, ArchiveFull, StoreError
from scraper.store import Database, archive, outbox
from scraper.values import Fetched, Health, Intent, Link, Outcome

DAY = timedelta(days=1)
RULES = Rules(load_policy(), (Watch(name="all", channels=["desk"]),), 2 * DAY, RecheckSettings(), {})


BOTH_SERVERS = True


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao"], NOON - DAY)
    yield opened
    opened.close()


def outcome(db: Database, key: str = "bao:1", **fields: Any) -> Outcome:
    data = article(**fields)
    known = store.known_for(db, "bao", [key], dedupe.sketch_of(data), NOON)
    return decide(data, known, RULES, NOON, source="bao", key=key)


def counts(db: Database) -> dict[str, int]:
    with db.read() as session:
        tables = ("article", "revision", "judgement", "outbox", "link", "listing", "shingle")
        return {t: session.connection().execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in tables}  # noqa: S608


class Stop(Exception):  # noqa: N818 - a stand-in for a crash
    pass


def test_apply_is_one_transaction(db: Database) -> None:
    """What fails before the commit leaves nothing behind: no article, no revision, no message."""

    def crash(_connection: object, _intents: object) -> None:
        raise Stop

    with pytest.raises(Stop):
        store.apply(db, outcome(db), enqueue=crash)
    assert set(counts(db).values()) == {0}
    assert store.apply(db, outcome(db)).alerts == 1
    shingles = len(dedupe.sketch_of(article()).sample)
    written = {"article": 1, "revision": 1, "judgement": 1, "outbox": 1, "shingle": shingles}
    assert {k: v for k, v in counts(db).items() if v} == written


def test_a_message_is_written_once(db: Database) -> None:
    """An article that is edited and still asked for is not told again."""
    store.apply(db, outcome(db))
    assert store.apply(db, outcome(db, lead="Một sapo khác hẳn")).alerts == 0
    assert counts(db)["outbox"] == 1
    assert counts(db)["revision"] == 2


def test_known_for_finds_state_and_copies(db: Database) -> None:
    """The last state comes back as it was written, and the same body at another address is a twin."""
    first = store.apply(db, outcome(db, authors=["Chu Hiệu"], tags=["một"])).article_id
    known = store.known_for(db, "bao", ["bao:1"], dedupe.sketch(""), NOON)
    assert known.same is not None
    assert known.same.data == article(authors=["Chu Hiệu"], tags=["một"])
    found = store.known_for(db, "bao", ["bao:2"], dedupe.sketch(BODY), NOON).candidates
    assert [one.id for one in found] == [first]


def test_links_and_validators_are_written_together(db: Database) -> None:
    """What a listing holds at its first reading is its baseline; later links are news; each key comes once."""
    remembered, listing = store.KnownListing(body_hash="a"), ListingRule(url="https://bao.example/")
    links = [Link("https://bao.example/a-post1.html", "bao:1"), Link("https://bao.example/b-post2.html", "bao:2")]
    assert store.record_listing(db, "bao", listing, remembered, links[:1], NOON) == 1
    assert store.record_listing(db, "bao", listing, remembered, links, NOON) == 1
    assert [(p.link.key, p.baseline) for p in store.pick(db, "bao", NOON)] == [("bao:1", True), ("bao:2", False)]
    assert store.known_listing(db, listing.url) == replace(remembered, checked_at=NOON)


def test_a_failing_channel_holds_back_its_own_messages_only(db: Database) -> None:
    """Messages keep their order behind the oldest, which waits for its next try; another channel is not held."""
    with db.write() as session:
        for about in ("1", "2"):
            wanted = [Intent("new", "all", channel, {}) for channel in ("desk", "phone")]
            outbox.enqueue(session, wanted, NOON, source="bao", about=about)
    first, second = store.due_messages(db, "desk", NOON)
    store.mark_failed(db, first, "down", NOON + DAY)
    assert store.due_messages(db, "desk", NOON) == []
    assert len(store.due_messages(db, "phone", NOON)) == 2
    assert [m.id for m in store.due_messages(db, "desk", NOON + DAY)] == [first.id, second.id]


def test_what_was_given_up_can_be_sent_again(db: Database) -> None:
    """A message that can never be sent does not hold back the others, and is kept for another try."""
    with db.write() as session:
        for about in ("1", "2"):
            outbox.enqueue(session, [Intent("new", "all", "desk", {})], NOON, source="bao", about=about)
    first, second = store.due_messages(db, "desk", NOON)
    store.mark_failed(db, first, "refused", None)
    assert [m.id for m in store.due_messages(db, "desk", NOON)] == [second.id]
    store.mark_sent(db, second, NOON)
    assert store.retry_failed(db, NOON) == 1
    assert [m.key for m in store.due_messages(db, "desk", NOON)] == [first.key]


def test_tidy_deletes_what_has_passed_its_time(db: Database) -> None:
    """Old fetch lines and sent messages go; articles, revisions and waiting messages stay."""
    store.apply(db, outcome(db))
    for moment in (NOON, NOON - 40 * DAY):
        store.log_fetches(db, [Fetched(moment, "bao", "listing", "https://bao.example/", "200")])
    gone = store.tidy(db, KeepSettings(), NOON)
    assert (gone.fetches, gone.alerts, gone.snapshots) == (1, 0, 0)
    gone = store.tidy(db, KeepSettings(), NOON + 400 * DAY)
    assert (gone.fetches, gone.alerts) == (1, 0)
    assert counts(db)["article"] == counts(db)["revision"] == counts(db)["outbox"] == 1


def test_poll_state_survives(db: Database) -> None:
    """A source's failures, trouble and next check are in the archive, not in the process."""
    store.finish_poll(
        db,
        store.standing(db, "bao"),
        now=NOON,
        next_check_at=NOON + DAY,
        health=Health(3, NOON),
        links=0,
        new=0,
        error="503",
        intents=[],
    )
    row = store.standing(db, "bao")
    assert (row.failures, row.trouble_since, row.next_check_at, row.last_error) == (3, NOON, NOON + DAY, "503")
    assert store.due_sources(db, NOON + DAY - timedelta(seconds=1)) == []
    assert store.due_sources(db, NOON + DAY) == ["bao"]


def test_what_falls_due_next(db: Database) -> None:
    """The next moment is that of a source or an article that is not due yet; what is due already does not count."""
    store.ensure_sources(db, ["khac"], NOON)
    assert store.upcoming(db, NOON) is None
    store.put_off(db, "bao", NOON + DAY)
    assert store.upcoming(db, NOON) == NOON + DAY
    stored = store.apply(db, outcome(db)).article_id
    store.recheck_failed(db, stored, NOON + timedelta(hours=1))
    assert store.upcoming(db, NOON) == NOON + timedelta(hours=1)
    assert store.upcoming(db, NOON + timedelta(hours=1)) == NOON + DAY
    assert store.due_sources(db, NOON) == ["khac"]


def test_search_finds_folded_words(db: Database) -> None:
    """Words are found without accents, in edited text too, and no longer when the edit took them out."""
    store.apply(db, outcome(db, lead="Đắk Lắk xóa nhà tạm"))
    assert len(archive.search(db, "dak lak")) == len(archive.search(db, '"XÓA NHÀ"')) == 1
    store.apply(db, outcome(db, lead="Gia Lai xóa nhà tạm"))
    assert archive.search(db, "dak lak") == []
    assert len(archive.search(db, "gia lai")) == 1


# --- the file and its schema -------------------------------------------------------------------------------


@pytest.mark.in_files
def test_a_locked_archive_says_so(db: Database, tmp_path: Path) -> None:
    """Another program that holds the file is named as the cause, after waiting for it."""
    with db.read() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(ArchiveBusy, match="another process"):
            store.poll_now(db, ["bao"], NOON)
    finally:
        other.close()
    store.poll_now(db, ["bao"], NOON)


@pytest.mark.in_files
def test_a_full_disk_says_so_and_loses_nothing(db: Database) -> None:
    """Without room a write fails whole, in words; what was stored before is there."""
    store.apply(db, outcome(db))
    with db.read() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
    large = outcome(db, "bao:2", text=f"{BODY * 500} Số 2.")
    with pytest.raises(ArchiveFull, match="disk is full"):
        store.apply(db, large)
    assert counts(db)["article"] == counts(db)["revision"] == 1
    with pytest.raises(ArchiveFull, match=r"keep\.min_free"):
        store.check_room(db, KeepSettings(min_free=10**18))


@pytest.mark.in_files
def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    """What is no archive is refused in words."""
    (tmp_path / "archive.db").write_bytes(b"not a database, " * 1000)
    with pytest.raises(StoreError, match="doctor"):
        store.open_archive(tmp_path)
