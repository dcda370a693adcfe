"""Stories in the archive: found through rows, led by the right article, split, joined and grouped anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON, article
from newswire import OTHER, WIRE, story, text
from sqlalchemy import text as sql

from scraper import dedupe, store
from scraper.config import Watch, load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.errors import GroupingError, NotFoundError
from scraper.store import Database, archive
from scraper.store.index import SqlIndex
from scraper.values import Candidate, Outcome

HOUR = timedelta(hours=1)
AGENCIES = frozenset({"wire"})
RULES = Rules(
    load_policy(), (Watch(name="all", channels=["desk"]),), timedelta(days=2), RecheckSettings(), {}, AGENCIES
)


BOTH_SERVERS = True


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["a", "b", "c", "wire"], NOON - 9 * HOUR)
    yield opened
    opened.close()


def outcome(db: Database, source: str, number: int, paragraphs: list[str], *, hours: int = 0, **fields: Any) -> Outcome:
    key, url = f"{source}:{number}", f"https://{source}.example/bai-{number}.html"
    data = article(url=url, text=text(paragraphs), lead="", published_at=NOON + hours * HOUR, **fields)
    known = store.known_for(db, source, [key], dedupe.sketch_of(data), NOON)
    return decide(data, known, RULES, NOON + 8 * HOUR, source=source, key=key)


def keep(db: Database, source: str, number: int, paragraphs: list[str], *, hours: int = 0) -> int:
    return store.apply(db, outcome(db, source, number, paragraphs, hours=hours)).article_id


def heads(db: Database) -> dict[int, int | None]:
    with db.read() as session:
        return {row.id: row.copy_of for row in session.connection().execute(sql("SELECT id, copy_of FROM article"))}


def rows_of(db: Database, table: str) -> int:
    with db.read() as session:
        return int(session.connection().execute(sql(f"SELECT COUNT(*) FROM {table}")).scalar_one())  # noqa: S608


def test_rows_and_dictionaries_find_the_same(db: Database) -> None:
    """In SQL and in memory an index gives the same candidates in the same order, for exact, near and no copies."""
    memory = dedupe.MemoryIndex()
    bodies = [WIRE, OTHER, WIRE[:5], [*WIRE[:4], *OTHER[:4]], *(story(n) for n in range(10, 20))]
    for number, paragraphs in enumerate(bodies, 1):
        id_ = keep(db, "abc"[number % 3], number, paragraphs)
        own = dedupe.sketch(text(paragraphs))
        source, at = "abc"[number % 3], NOON
        memory.add(Candidate(id_, source, text(paragraphs), "", own.text_hash, at, id_, source, at), own)
    with db.read() as session:
        index = SqlIndex(session)
        for asked in (WIRE, WIRE[2:], [*OTHER[2:], *story(12)[:3]], story(500), ["Ngắn."]):
            probe = dedupe.sketch(text(asked))
            found = [(one.id, one.source, one.text_hash) for one in dedupe.candidates(probe, index)]
            assert found == [(one.id, one.source, one.text_hash) for one in dedupe.candidates(probe, memory)]
            assert list(index.sharing(probe.sample)) == list(memory.sharing(probe.sample))


def test_near_copies_fold_and_are_told_once(db: Database) -> None:
    """A cut copy joins its story without an alert; one that adds a third of its own alerts as adding facts."""
    first = store.apply(db, outcome(db, "a", 1, WIRE))
    cut = store.apply(db, outcome(db, "b", 2, WIRE[:5], hours=1))
    more = store.apply(db, outcome(db, "c", 3, [*WIRE, *OTHER[:4]], hours=2))
    assert heads(db) == {first.article_id: None, cut.article_id: first.article_id, more.article_id: first.article_id}
    assert (first.alerts, cut.alerts, more.alerts) == (1, 0, 1)
    assert sorted(alert.event for alert in archive.alerts(db)) == ["adds_facts", "new"]


def test_a_better_article_takes_the_lead(db: Database) -> None:
    """The earlier article leads, then the agency's own; every copy points to the one that leads, and none is lost."""
    one = keep(db, "a", 1, WIRE, hours=2)
    two = keep(db, "b", 2, WIRE[:6], hours=1)
    assert heads(db) == {one: two, two: None}
    three = keep(db, "wire", 3, WIRE, hours=3)
    four = keep(db, "c", 4, WIRE[:5], hours=0)
    assert heads(db) == {one: three, two: three, three: None, four: three}
    found = archive.story(db, three)
    assert found is not None
    assert [sighting.id for sighting in found.sightings] == [four, two, one]


def test_a_split_is_remembered(db: Database) -> None:
    """An article taken out of its story stays out when the archive is grouped anew; its own copies follow it."""
    one, two, three = (keep(db, source, n, WIRE) for n, source in enumerate("abc", 1))
    assert store.split(db, two, NOON) == one
    assert heads(db) == {one: None, two: None, three: one}
    assert store.regroup(db, NOON) == []
    with pytest.raises(GroupingError, match="alone"):
        store.split(db, two, NOON)
    with pytest.raises(NotFoundError, match="99"):
        store.split(db, 99, NOON)


def test_splitting_the_leader_leaves_the_others_a_leader(db: Database) -> None:
    """When the article that stands for a story leaves it, the next best stands for the rest."""
    one, two, three = (keep(db, source, n, WIRE, hours=n) for n, source in enumerate("abc", 1))
    assert store.split(db, one, NOON) == two
    assert heads(db) == {one: None, two: None, three: two}


def test_a_join_is_remembered(db: Database) -> None:
    """Two stories joined by hand are one, led by the earlier, also when the archive is grouped anew."""
    one, two, three = keep(db, "a", 1, WIRE), keep(db, "b", 2, OTHER, hours=1), keep(db, "c", 3, OTHER, hours=2)
    assert store.join(db, three, one, NOON) == one
    assert heads(db) == {one: None, two: one, three: one}
    assert store.regroup(db, NOON) == []
    with pytest.raises(GroupingError, match="already"):
        store.join(db, three, one, NOON)


def test_an_archive_without_an_index_is_grouped_anew(db: Database) -> None:
    """What an older version stored is indexed and grouped as if it came in today; a dry run writes nothing."""
    ids = [
        keep(db, source, n, body)
        for n, (source, body) in enumerate(zip("abc", (WIRE, OTHER, WIRE[:5]), strict=True), 1)
    ]
    expected, shingles = heads(db), rows_of(db, "shingle")
    with db.write() as session:
        for statement in ("DELETE FROM shingle", "DELETE FROM copy", "UPDATE article SET copy_of = NULL"):
            session.connection().execute(sql(statement))
    seen: list[tuple[int, int]] = []
    change = (ids[2], None, ids[0])
    assert store.regroup(db, NOON, write=False) == [change]
    assert heads(db)[ids[2]] is None
    assert store.regroup(db, NOON, progress=lambda done, total: seen.append((done, total))) == [change]
    assert (heads(db), rows_of(db, "shingle")) == (expected, shingles)
    assert seen == [(3, 3)]


def test_the_index_follows_an_edit(db: Database) -> None:
    """After an edit the article is found by its new words and no longer by those that went."""
    keep(db, "a", 1, [*WIRE, *OTHER[:4]])
    store.apply(db, outcome(db, "a", 1, [*WIRE, *story(7)[:4]]))
    with db.read() as session:
        index = SqlIndex(session)
        assert not index.sharing(dedupe.sketch(text(OTHER[1:4])).sample)
        assert index.sharing(dedupe.sketch(text(story(7)[1:4])).sample)
    assert rows_of(db, "shingle") == len(dedupe.sketch(text([*WIRE, *story(7)[:4]])).sample)


def test_a_story_is_told_once_whichever_article_is(db: Database) -> None:
    """When the story was told by a copy, neither the article that takes the lead nor an edit of it tells it again."""
    copy = store.apply(db, outcome(db, "b", 2, WIRE, hours=2))
    first = store.apply(db, outcome(db, "a", 1, WIRE, hours=1))
    edited = store.apply(db, outcome(db, "a", 1, [*WIRE, OTHER[0]], hours=1))
    assert heads(db) == {copy.article_id: first.article_id, first.article_id: None}
    assert (copy.alerts, first.alerts, edited.alerts) == (1, 0, 0)
