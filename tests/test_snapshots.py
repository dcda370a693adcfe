"""Pages that are packed against another page of their outlet come back as they were sent, as long as they are kept."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st
from shelf import shelve
from sqlalchemy import text

from scraper import store
from scraper.config.settings import KeepSettings
from scraper.errors import StoreError
from scraper.store import Database, archive, check, snapshots
from scraper.values import Page

BOTH_SERVERS = True
DAY = timedelta(days=1)


def noise(seed: str, size: int) -> bytes:
    """Bytes that no packing makes much smaller than half."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    return rng.randbytes(size // 2).hex().encode()


def page(number: int, *, layout: str = "a", at: datetime = NOON) -> Page:
    """A page of some 60 kB, of which a twentieth is its own."""
    frame, own = noise(layout, 60_000), noise(f"{layout} {number}", 3_000)
    url = f"https://bao.example/bai-post{number}.html"
    return Page(url, url, 200, {}, frame[:30_000] + own + frame[30_000:], at)


def keep(db: Database, number: int, body: Page, revision: int = 1) -> None:
    """Keep a page of an article that is made for it."""
    if revision == 1:
        shelve(db, number)
    with db.write() as session:
        snapshots.keep(session.connection(), "bao", number, revision, body)


def rows(db: Database) -> list[tuple[int, int | None, int]]:
    """Number, base and packed size of each snapshot."""
    with db.read() as session:
        query = text("SELECT id, base, length(body) FROM snapshot ORDER BY id")
        return [(row[0], row[1], row[2]) for row in session.connection().execute(query)]


def test_pages_of_one_layout_take_the_room_of_what_is_their_own(db: Database) -> None:
    """The second page of a layout is packed against the first, and takes less than a tenth of its room."""
    for number in (1, 2, 3):
        keep(db, number, page(number))
    (first, alone, whole), *others = rows(db)
    assert alone is None
    assert all(base == first and size < whole / 10 for _, base, size in others)
    for number in (1, 2, 3):
        found = store.snapshot_page(db, number)
        assert found is not None
        assert found.body == page(number).body
    kept = [each for batch in archive.pages(db) for each in batch]
    assert [each.body for each in kept] == [page(number).body for number in (1, 2, 3)]


def test_a_page_of_another_layout_is_packed_alone_and_is_the_next_base(db: Database) -> None:
    """A page that shares nothing with the base gains nothing from it; what looks like it comes after it."""
    for number, layout in enumerate(("a", "b", "b"), 1):
        keep(db, number, page(number, layout=layout))
    assert [base for _, base, _ in rows(db)] == [None, None, rows(db)[1][0]]


def test_a_base_serves_for_a_month(db: Database) -> None:
    """A page that comes a month after its base begins a new one, so that no base is needed for ever."""
    keep(db, 1, page(1))
    keep(db, 2, page(2, at=NOON + snapshots.BASE_AGE))
    assert [base for _, base, _ in rows(db)] == [None, None]


def test_a_base_is_kept_as_long_as_a_page_needs_it(db: Database) -> None:
    """Of old pages only the base of a younger one stays; when that has passed its time too, both go."""
    keep(db, 1, page(1))
    keep(db, 2, page(2, at=NOON + DAY))
    keep(db, 3, page(3, at=NOON + 20 * DAY))
    settings = KeepSettings(snapshots=timedelta(days=10))
    assert store.tidy(db, settings, NOON + 15 * DAY).snapshots == 1
    found = store.snapshot_page(db, 3)
    assert found is not None
    assert found.body == page(3).body
    assert store.tidy(db, settings, NOON + 40 * DAY).snapshots == 2


def test_a_page_whose_base_is_damaged_says_so(db: Database) -> None:
    """A missing or broken base is told by the page's number and found by the doctor; new pages do without it."""
    keep(db, 1, page(1))
    keep(db, 2, page(2))
    with db.write() as session:
        session.connection().execute(text("UPDATE snapshot SET body = substr(body, 1, 20) WHERE base IS NULL"))
    with pytest.raises(StoreError, match="cannot be unpacked"):
        store.snapshot_page(db, 2)
    keep(db, 3, page(3))
    assert rows(db)[2][1] is None
    with db.write() as session:
        session.connection().execute(text("DELETE FROM snapshot WHERE id = (SELECT min(id) FROM snapshot)"))
    with pytest.raises(StoreError, match=r"its base \d+ is missing"):
        store.snapshot_page(db, 2)
    damage = [found for found in check(db) if "pages that are not" in found.what]
    assert [found.count for found in damage] == [1]


@given(st.binary(max_size=3_000), st.binary(max_size=3_000))
def test_any_bytes_come_back(one: bytes, base: bytes) -> None:
    """Whatever a server sent is unpacked as it was, with a base or without, empty or not."""
    snapshots.alike(one, base)
    for against in (None, base):
        assert snapshots.restored(1, snapshots.packed(one, against), len(one), against) == one
