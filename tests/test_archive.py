"""What readers get from the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelf import REASON, add, add_copy
from sqlalchemy import event

from scraper import store
from scraper.models import Article, FetchRow, Judgement, Link, Mention, OutboxRow, Revision, Snapshot, Source
from scraper.plain import plain
from scraper.store import Database, archive, open_archive
from scraper.store.archive import Cursor, Filter, lists
from scraper.store.archive import words as words_module
from scraper.text import fold
from scraper.values import Fetched, Reason

BOTH_SERVERS = True


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory, kept_by: str) -> Iterator[Database]:
    """An archive for tests that only read."""
    del kept_by  # made once for each
    opened = open_archive(tmp_path_factory.mktemp("archive"))
    add(opened, 1, title="Đắk Lắk giải ngân vốn giảm nghèo", text="Kế hoạch 2026-2030 đã được giao.")
    add(opened, 2, title="Lắk mở hội bên hồ, khách từ Đắk Nông về", text="Mưa nhiều ngày.")
    add(opened, 3, title="Hòa Bình giao đất", text="Nghị quyết 68/NQ-CP đi vào cuộc sống.")
    yield opened
    opened.close()


def ids(items: list[archive.Item]) -> list[int]:
    return [item.id for item in items]


# --- lists -------------------------------------------------------------------------------------------------


def test_newest_first(db: Database) -> None:
    """Stories come newest first by when they were published, not by when they were stored."""
    add(db, 1)
    add(db, 2, published_at=NOON - timedelta(days=9))
    add(db, 3)
    assert ids(archive.newest(db)) == [3, 1, 2]


@pytest.mark.parametrize(("published", "at"), [(None, NOON), (NOON + timedelta(days=300), NOON), (NOON, NOON)])
def test_a_storys_time_is_never_in_the_future(db: Database, published: datetime | None, at: datetime) -> None:
    """A story without a time, or with one yet to come, counts as of the moment it was first seen."""
    add(db, 1, seen_at=NOON, published_at=published)
    (item,) = archive.newest(db)
    assert (item.at, item.published_at) == (at, published)
    assert item.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), [4, 3, 2, 1]),
        (Filter(labels=("implementation",)), [3, 1]),
        (Filter(labels=("implementation", "issuance")), [3, 2, 1]),
        (Filter(sources=("tin",)), [4]),
        (Filter(min_score=0.5), [3]),
        (Filter(since=NOON + timedelta(hours=2.5)), [4, 3]),
        (Filter(until=NOON + timedelta(hours=2.5)), [2, 1]),
        (Filter(copies=True), [5, 4, 3, 2, 1]),
        (Filter(copies=True, labels=("none",), sources=("bao",)), [5]),
        (Filter(words="bai"), [4, 3, 2, 1]),
    ],
)
def test_filters(db: Database, wanted: Filter, expected: list[int]) -> None:
    """Each filter keeps what it names, also at its edge, and they hold together; count and walk agree with lists."""
    add(db, 1, label="implementation", score=0.4)
    add(db, 2, label="issuance", score=0.3)
    add(db, 3, label="implementation", score=0.5)
    add(db, 4, source="tin")
    add_copy(db, 5, of=1)
    assert ids(archive.newest(db, wanted)) == expected
    assert archive.count(db, wanted) == len(expected)
    assert sorted(item.id for batch in archive.walk(db, wanted, batch=2) for item in batch) == sorted(expected)


def test_pages_follow_each_other(db: Database) -> None:
    """Going on before the last story of each page shows every story once, also those of one moment."""
    for number in range(1, 12):
        add(db, number, seen_at=NOON + timedelta(minutes=number // 4))
    shown: list[int] = []
    after = None
    while page := archive.newest(db, limit=3, after=after):
        shown += ids(page)
        after = Cursor.read(str(page[-1].cursor))
    assert shown == list(range(11, 0, -1))


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1-2", "1-2-3", "٣-1", f"{10**30}-1", f"1-{10**30}", "1 - 2"])
def test_no_other_text_is_a_cursor(text: str) -> None:
    """What did not come from a page of ours is refused."""
    with pytest.raises(ValueError, match="is no cursor"):
        Cursor.read(text)


@pytest.mark.parametrize(
    ("few", "step", "cost", "stretch"),
    [(0, 0.01, 0, 1), (0, 0.5, 1, 2), (3, 1.0, 25, 8), (400, 1.3, 30, 8)],
)
@pytest.mark.parametrize(
    "wanted",
    [
        Filter(words="xa"),
        Filter(words="xa ba"),
        Filter(words='"xa ba" hai', copies=True),
        Filter(words="xa", labels=("implementation",)),
        Filter(words="xa", sources=("bao",)),
        Filter(words="xa", documents=("28/2022/NĐ-CP",)),
        Filter(words="ba", documents=("28/2022/NĐ-CP",), places=("04",)),
        Filter(places=("04",)),
        Filter(words="khong co"),
        Filter(words="!"),
    ],
)
def test_every_way_finds_the_same(
    db: Database, monkeypatch: pytest.MonkeyPatch, wanted: Filter, few: int, step: float, cost: int, stretch: int
) -> None:
    """Whether candidates are looked up or the index is walked, in whatever steps, the same articles are listed."""
    monkeypatch.setattr(words_module, "FEW", few)
    monkeypatch.setattr(words_module, "LOOKUP_COST", cost)
    monkeypatch.setattr(words_module, "STRETCH", stretch)
    monkeypatch.setattr(lists, "MARGIN", step)
    for number in range(1, 13):
        words = " ".join(word for each, word in ((1, "xã"), (2, "ba"), (3, "hai")) if number % each == 0)
        label = "implementation" if number % 4 else "none"
        add(db, number, folded=fold(words), source="bao" if number % 5 else "khac", label=label)
        with db.write() as session:
            for name in ("28", "Nghị định 28", "số 28") if number % 3 else ():
                session.add(Mention(article_id=number, kind="document", key="28/2022/NĐ-CP", name=name, count=1))
            if number % 2:
                session.add(Mention(article_id=number, kind="place", key="04", name="Cao Bằng", count=1))
    expected = sorted((item.id for batch in archive.walk(db, wanted) for item in batch), reverse=True)
    assert ids(archive.newest(db, wanted)) == expected
    paged: list[int] = []
    after = None
    while page := archive.newest(db, wanted, limit=2, after=after):
        paged += ids(page)
        after = page[-1].cursor
    assert paged == expected


def test_polls_are_told_by_their_first_listing(db: Database) -> None:
    """Further pages of a listing are no polls of their own, though their lines of the log are written first."""
    lines = [
        Fetched(NOON + timedelta(minutes=30 * poll, seconds=second), "bao", "listing", url, "200")
        for poll in range(2)
        for second, url in ((1, "http://bao.example/trang-2"), (0, "http://bao.example/"))
    ]
    store.log_fetches(db, lines)
    assert archive.poll_times(db, "bao") == [NOON, NOON + timedelta(minutes=30)]


def test_the_best_match_comes_first(db: Database) -> None:
    """On request the article in which the words weigh most comes before newer ones; facets hold there too."""
    add(db, 1, folded="giam ngheo giam ngheo giam ngheo")
    add(db, 2, folded="giam ngheo " + "va nhung chuyen khac cua mot ngay dai " * 20, seen_at=NOON + timedelta(days=1))
    add(db, 3, folded="giam ngheo giam ngheo", source="khac")
    assert ids(archive.best(db, Filter(words="giam ngheo"))) == [1, 3, 2]
    assert ids(archive.best(db, Filter(words="giam ngheo", sources=("khac",)))) == [3]
    assert archive.best(db, Filter(words="?")) == []


def test_an_item_tells_reasons_and_copies(db: Database) -> None:
    """A list's item carries its reasons as values and how many copies the story has."""
    add(db, 1, label="implementation", reasons=[REASON], revisions=3)
    add_copy(db, 2, of=1)
    add_copy(db, 3, of=1)
    (item,) = archive.newest(db)
    assert item.reasons == (Reason("carrying out", "title", "triển khai", 4.0),)
    assert (item.copies, item.revisions, item.copy_of) == (2, 3, None)


def test_no_list_costs_a_query_a_row(db: Database) -> None:
    """A list, a page of sources and a story each take as many queries for many rows as for one."""

    def queries() -> int:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        archive.newest(db), archive.sources(db), archive.story(db, 1)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    for number in (1, 2):
        with db.write() as session:
            session.add(Source(name=f"s{number}", added_at=NOON, next_check_at=NOON))
        add(db, number)
    few = queries()
    for number in range(3, 20):
        with db.write() as session:
            session.add(Source(name=f"s{number}", added_at=NOON, next_check_at=NOON))
        add_copy(db, number, of=1)
    assert queries() == few


# --- search ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dak lak", [2, 1]),
        ("ĐẮK LẮK", [2, 1]),
        ('"dak lak"', [1]),
        ('"Đắk Lắk" giải', [1]),
        ("hoà bình", [3]),
        ("68/NQ-CP", [3]),
        ("2026-2030", [1]),
        ("2030-2026", []),
        ('"dak lak', [1]),
        ("  ", [3, 2, 1]),
        ("", [3, 2, 1]),
        ("!!!", []),
        ('""', []),
        ("dak OR hoa", []),
        ("NOT dak", []),
        ("gia*", []),
        ("title:dak", []),
    ],
)
def test_search(fixed: Database, words: str, expected: list[int]) -> None:
    """All words must be there, accents or not, a quoted phrase in order; operators are words like any other."""
    assert ids(archive.search(fixed, words)) == expected


@given(st.text(max_size=60) | st.text(alphabet="\"'()*^:+-{}ANDORTN \x00\ud800đ", max_size=40))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_typed_is_refused(fixed: Database, words: str) -> None:
    """No text at all makes a search fail."""
    archive.search(fixed, words)


def test_a_search_of_very_many_words(fixed: Database) -> None:
    """A search of thousands of words is cut to the first few rather than refused."""
    assert ids(archive.search(fixed, "dak lak " * 5000)) == [2, 1]


def test_search_follows_an_edit(db: Database) -> None:
    """After an edit the new words find the article and the old ones do not."""
    add(db, 1, title="Tiêu đề cũ")
    with db.write() as session:
        session.get_one(Article, 1).folded = "tieu de moi"
    assert ids(archive.search(db, "moi")) == [1]
    assert ids(archive.search(db, "cu")) == []


# --- one story ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref",
    [
        "7",
        " 7 ",
        "bao:7",
        "https://bao.example/bai-post7.html",
        "https://BAO.example/bai-post7.html?utm_source=x#top",
        "https://m.bao.example/bai-post7.html",
    ],
)
def test_find(db: Database, ref: str) -> None:
    """An article is found by its number, its key, its address and an address it was listed under."""
    add(db, 7)
    link: dict[str, Any] = {"source": "bao", "key": "bao:7", "url": "https://m.bao.example/bai-post7.html"}
    with db.write() as session:
        session.add(Link(**link, article_id=7, first_seen_at=NOON, next_try_at=NOON))
    assert archive.find(db, ref) == 7


@pytest.mark.parametrize(
    "ref", ["", "8", "9" * 40, "²", "bao:8", "https://bao.example/", "http://[", "'; --", "\ud800"]
)
def test_find_nothing(db: Database, ref: str) -> None:
    """What names no article gives none."""
    add(db, 7)
    assert archive.find(db, ref) is None


def test_story_with_its_history(db: Database) -> None:
    """A story has its text, states in order, judgements and snapshots newest first, and its copies."""
    add(db, 1, authors=["Chu A", "Lê B"], images=[{"url": "https://bao.example/a.jpg", "caption": "Ảnh"}])
    add_copy(db, 2, of=1, source="tin")
    with db.write() as session:
        for number in (2, 1):
            session.add(
                Revision(
                    article_id=1,
                    number=number,
                    seen_at=NOON,
                    kind="substantive",
                    changed=["title"],
                    content_hash="1:1",
                    data={"title": f"Đề {number}"},
                )
            )
        for number in (1, 2):
            judged: dict[str, Any] = {
                "policy_version": "p",
                "label": "none",
                "score": 0.1,
                "points": 1.0,
                "reasons": [REASON],
            }
            session.add(Judgement(article_id=1, revision=number, judged_at=NOON, **judged))
            page: dict[str, Any] = {
                "url": "https://bao.example/",
                "status": 200,
                "sha256": "0",
                "size": 9,
                "body": b"zz",
            }
            session.add(Snapshot(article_id=1, revision=number, fetched_at=NOON, **page))
    story = archive.story(db, 1)
    assert story is not None
    assert story.authors == ("Chu A", "Lê B")
    assert story.images == ({"url": "https://bao.example/a.jpg", "caption": "Ảnh"},)
    assert [(state.number, state.data["title"]) for state in story.history] == [(1, "Đề 1"), (2, "Đề 2")]
    assert [judged.revision for judged in story.judgements] == [2, 1]
    assert [kept.revision for kept in story.snapshots] == [2, 1]
    assert [(copy.id, copy.source, copy.kind) for copy in story.sightings] == [(2, "tin", "exact")]
    assert story.original is None
    assert archive.revision(db, 1, 2) == story.history[1]
    assert archive.revision(db, 1, 3) is None


def test_a_copy_names_its_original(db: Database) -> None:
    """A copy's story points at the story it repeats."""
    add(db, 1, title="Bản gốc")
    add_copy(db, 2, of=1)
    story = archive.story(db, 2)
    assert story is not None
    assert story.original is not None
    assert (story.original.id, story.original.title, story.copy_of) == (1, "Bản gốc", 1)


def test_no_such_story(db: Database) -> None:
    """A number that was never given has no story."""
    assert archive.story(db, 1) is None


# --- sources, alerts, figures ------------------------------------------------------------------------------


def test_sources(db: Database) -> None:
    """A source's state holds its counts and only its own latest fetches, newest first."""
    add(db, 1)
    with db.write() as session:
        for name in ("tin", "bao"):
            session.add(Source(name=name, added_at=NOON, next_check_at=NOON, failures=2, last_error="503"))
        for number in range(8):
            line: dict[str, Any] = {"source": "bao", "kind": "listing", "url": "https://bao.example/", "outcome": "ok"}
            session.add(FetchRow(at=NOON + timedelta(minutes=number), **line))
        for number, state in enumerate(("waiting", "waiting", "failed")):
            link: dict[str, Any] = {"source": "bao", "key": str(number), "url": "https://bao.example/", "state": state}
            session.add(Link(first_seen_at=NOON, next_try_at=NOON, **link))
    bao, tin = archive.sources(db)
    assert (bao.name, bao.articles, bao.links) == ("bao", 1, {"waiting": 2, "failed": 1})
    assert [line.at.minute for line in bao.fetches] == [7, 6, 5, 4, 3]
    assert (tin.articles, tin.links, tin.fetches, tin.failures) == (0, {}, (), 2)


def test_alerts(db: Database) -> None:
    """Alerts come newest first, and may be asked for by state."""
    with db.write() as session:
        for number, state in enumerate(("sent", "waiting", "sent"), 1):
            told: dict[str, Any] = {
                "channel": "terminal",
                "event": "new",
                "alert": "all",
                "source": "bao",
                "message": {"title": "Đề"},
            }
            session.add(OutboxRow(id=number, key=str(number), created_at=NOON, next_try_at=NOON, state=state, **told))
    assert [alert.id for alert in archive.alerts(db)] == [3, 2, 1]
    assert [alert.id for alert in archive.alerts(db, "sent", limit=1)] == [3]
    assert archive.alerts(db, "waiting")[0].message == {"title": "Đề"}


def test_stats(db: Database) -> None:
    """The figures add up over labels, sources, days and states."""
    add(db, 1, label="implementation")
    add(db, 2, source="tin", state="removed")
    add_copy(db, 3, of=1, seen_at=NOON + timedelta(days=1))
    figures = archive.stats(db)
    assert (figures.articles, figures.copies) == (3, 1)
    assert figures.by_label == plain(figures)["by_label"] == {"implementation": 1, "none": 2}
    assert figures.by_source == {"bao": 2, "tin": 1}
    assert figures.by_state == {"live": 2, "removed": 1}
    assert list(figures.by_day.items()) == [("2026-03-03", 1), ("2026-03-02", 2)]
    assert (figures.oldest, figures.newest) == (NOON + timedelta(hours=1), NOON + timedelta(days=1))
    assert list(archive.stats(db, days=1).by_day) == ["2026-03-03"]
    assert figures.size_bytes > 0


def test_stats_of_nothing(db: Database) -> None:
    """An empty archive has figures too."""
    figures = archive.stats(db)
    assert (figures.articles, figures.oldest, figures.by_day, figures.packed_bytes) == (0, None, {}, 0)
