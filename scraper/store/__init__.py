"""Everything that speaks SQL: open the archive, read what is known, write what was decided.

Functions take the open :class:`Database` first and return plain values; nothing outside this package sees a
Session. Queries for readers are in :mod:`scraper.store.archive`.
"""

from __future__ import annotations

from pathlib import Path

from scraper.errors import StoreError
from scraper.store import migrate
from scraper.store.articles import (
    Applied,
    apply,
    article_ids,
    known_article,
    known_for,
    known_judgement,
    rejudge,
    reread_facts,
    restate,
)
from scraper.store.backup import look_through, restore
from scraper.store.check import Damage, check
from scraper.store.clock import Mended, mend_clock
from scraper.store.database import Database, connect
from scraper.store.facts import articles_with, keys_named, like, mentions_of, names_of, unread
from scraper.store.feedback import (
    Lesson,
    forget,
    forget_lesson,
    given,
    keep_lesson,
    labelled,
    learned,
    lesson,
    say,
)
from scraper.store.filecopy import copy_file
from scraper.store.hosts import HostRows
from scraper.store.keep import Tidied, check_integrity, check_room, compact, tidy
from scraper.store.layout import fault as layout_fault
from scraper.store.lock import sole_daemon
from scraper.store.moving import Moved, move
from scraper.store.outbox import due as due_messages
from scraper.store.outbox import enqueue_daily, has_daily, mark_failed, mark_sent, retry_failed, waiting_channels
from scraper.store.outbox import next_due as next_message
from scraper.store.polls import (
    PICK,
    KnownListing,
    Standing,
    Tried,
    due_sources,
    ensure_sources,
    finish_poll,
    known_listing,
    link_failed,
    listing_unchanged,
    log_fetches,
    next_due,
    pick,
    poll_now,
    put_off,
    record_listing,
    standing,
    tried,
    unseen,
    upcoming,
    waiting,
    with_links,
    with_rechecks,
)
from scraper.store.rechecks import due_rechecks, gone, next_recheck, recheck_failed, recheck_of, still_there
from scraper.store.snapshots import snapshot_page
from scraper.store.stories import join, regroup, split, unindexed
from scraper.store.vitals import readings, rhythm


def open_archive(data: Path, database_url: str = "") -> Database:
    """Open the archive of a data folder, creating or migrating it as needed.

    Args:
        data: The data folder; made when absent.
        database_url: An SQLAlchemy URL to use instead of ``archive.db`` in that folder.

    Raises:
        StoreError: It cannot be opened, or was written by a newer version.
    """
    data.mkdir(parents=True, exist_ok=True)
    db = connect(database_url or f"sqlite:///{data.resolve() / 'archive.db'}")
    try:
        migrate.upgrade(db)
    except StoreError:
        db.close()
        raise
    return db


__all__ = [
    "PICK",
    "Applied",
    "Damage",
    "Database",
    "HostRows",
    "KnownListing",
    "Lesson",
    "Mended",
    "Moved",
    "Standing",
    "Tidied",
    "Tried",
    "apply",
    "article_ids",
    "articles_with",
    "check",
    "check_integrity",
    "check_room",
    "compact",
    "connect",
    "copy_file",
    "due_messages",
    "due_rechecks",
    "due_sources",
    "enqueue_daily",
    "ensure_sources",
    "finish_poll",
    "forget",
    "forget_lesson",
    "given",
    "gone",
    "has_daily",
    "join",
    "keep_lesson",
    "keys_named",
    "known_article",
    "known_for",
    "known_judgement",
    "known_listing",
    "labelled",
    "layout_fault",
    "learned",
    "lesson",
    "like",
    "link_failed",
    "listing_unchanged",
    "log_fetches",
    "look_through",
    "mark_failed",
    "mark_sent",
    "mend_clock",
    "mentions_of",
    "move",
    "names_of",
    "next_due",
    "next_message",
    "next_recheck",
    "open_archive",
    "pick",
    "poll_now",
    "put_off",
    "readings",
    "recheck_failed",
    "recheck_of",
    "record_listing",
    "regroup",
    "rejudge",
    "reread_facts",
    "restate",
    "restore",
    "retry_failed",
    "rhythm",
    "say",
    "snapshot_page",
    "sole_daemon",
    "split",
    "standing",
    "still_there",
    "tidy",
    "tried",
    "unindexed",
    "unread",
    "unseen",
    "upcoming",
    "waiting",
    "waiting_channels",
    "with_links",
    "with_rechecks",
]
