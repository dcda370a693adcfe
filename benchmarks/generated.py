"""A large archive of generated stories, written row by row as ``store`` would write it, for measuring readers.

``python -m benchmarks.generated FOLDER [--articles N]`` makes one: about a minute and 0.9 GB for 100,000.
Five hundred stories of the newsroom's grammar are judged and read for facts once; every article is one of them with a
paragraph of its own that names a province, a document and a commune, so that searches and facets meet what they would.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, insert

from scraper import config, facts, flag, store
from scraper.demo.stories import LABELS, Writer, topics
from scraper.models import (
    Article,
    ArticleData,
    Copy,
    FetchRow,
    Happening,
    Judgement,
    Link,
    Mention,
    OutboxRow,
    Revision,
    Snapshot,
    Source,
)
from scraper.places import PRESENT
from scraper.store import columns, snapshots
from scraper.store.columns import folded as folded_text
from scraper.store.database import Database, insert_into
from scraper.store.index import write_shingles
from scraper.values import Edit
from scraper.values import Judgement as Judged

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
"""The moment at which the archive ends: 09:00 in Vietnam."""

DAYS = 400
BASES = 500
"""Stories of the grammar; distinct ones cost 20 ms each."""

MIX = (36, 10, 9, 45)
"""Of a hundred stories, by label, as in the newsroom."""

COPIED, EDITED, REMOVED, FAILED_ALERTS = 0.25, 0.08, 0.01, 0.01
SNAPSHOTS = 2_000
"""Pages that are kept, of the newest articles: all of them would make the file three times as large."""

ALERTS, FETCHES = 4_000, 50_000
BATCH = 2_000
COMMUNES = ("Phong Thu", "Nậm Sài", "Thạnh Lợi", "An Bình", "Cư Kuin", "Tân Lập", "Mường Pồn", "Vĩnh Thành", "Đông Sơn")


@dataclass(frozen=True, slots=True)
class Base:
    """A story of the grammar, read once."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    section: str
    place: str
    tags: tuple[str, ...]
    judged: Judged
    mentions: tuple[Any, ...]


def fill(folder: Path, articles: int, *, seed: int = 1) -> Database:
    """Make an archive of that many articles in a folder, which must not hold one yet."""
    db = store.open_archive(folder)
    rules = config.load(None)
    rng = random.Random(seed)
    bases, sources = stories(rng, rules), list(rules.sources)
    times = moments(rng, articles)
    store.ensure_sources(db, sources, NOW - timedelta(days=DAYS))
    maker = Maker(rng, bases, sources)
    for start in range(0, articles, BATCH):
        rows = Rows()
        for number in range(start, min(start + BATCH, articles)):
            maker.article(number + 1, times[number], rows, snapshot=articles - number <= SNAPSHOTS)
        rows.write(db)
    rows = Rows()
    maker.traffic(articles, rows)
    rows.write(db)
    _states(db, sources, rng)
    store.compact(db)
    return db


def moments(rng: random.Random, articles: int) -> list[datetime]:
    """When each article came out, ascending; more of them lately than long ago."""
    return sorted(NOW - timedelta(days=DAYS) * rng.random() ** 1.1 for _ in range(articles))


class Rows:
    """Rows of one transaction, by table, in the order in which tables refer to each other."""

    def __init__(self) -> None:
        self.tables: dict[type[SQLModel], list[dict[str, Any]]] = {}
        self.shingles: dict[int, list[int]] = {}

    def add(self, table: type[SQLModel], **values: object) -> None:
        """One more row."""
        self.tables.setdefault(table, []).append(values)

    def write(self, db: Database) -> None:
        """All of them in one transaction."""
        with db.write() as session:
            connection = session.connection()
            for table in (Article, *(each for each in self.tables if each is not Article)):
                if found := self.tables.get(table):
                    blank = columns.BLANK if table is Article else {}
                    connection.execute(insert_into(table), [{**blank, **row} for row in found])
            for article_id, hashes in self.shingles.items():
                write_shingles(connection, article_id, hashes)


class Maker:
    """Writes one generated article after another."""

    def __init__(self, rng: random.Random, bases: Sequence[Base], sources: Sequence[str]) -> None:
        self._rng, self._bases, self._sources = rng, bases, sources
        self._heads: list[tuple[int, int]] = []  # lately written stories: number, base

    def article(self, number: int, at: datetime, rows: Rows, *, snapshot: bool) -> None:
        """One article with its revisions, judgement, mentions and, if it is one, its being a copy."""
        rng = self._rng
        head = rng.choice(self._heads[-40:]) if self._heads and rng.random() < COPIED else None
        which = head[1] if head else rng.randrange(len(self._bases))
        if head is None:
            self._heads.append((number, which))
            del self._heads[:-80]
        data, mentions = self._data(number, self._bases[which], at)
        edited, removed = rng.random() < EDITED, rng.random() < REMOVED
        before = data.model_copy(update={"title": f"{data.title} (bản đầu)", "text": data.text.replace("hộ", "nhà")})
        states = [before, data] if edited else [data]
        seen = at + timedelta(minutes=rng.randint(3, 40))
        rows.add(Article, **self._row(number, data, which, seen, states, removed=removed, head=head))
        for state, item in enumerate(states, 1):
            rows.add(Revision, **_revision(number, state, item, seen))
        base = self._bases[which].judged
        reasons = [asdict(reason) for reason in base.reasons]
        judged = {"label": base.label, "score": base.score, "points": base.points, "reasons": reasons}
        rows.add(
            Judgement, article_id=number, revision=len(states), judged_at=seen, policy_version="generated", **judged
        )
        for mention in mentions:
            rows.add(Mention, article_id=number, **asdict(mention))
        if head:
            rows.add(Copy, article_id=number, of_id=head[0], kind="near", score=0.9, found_at=seen)
        if removed:
            rows.add(Happening, article_id=number, at=seen + timedelta(days=1), kind="removed", note="answered 410")
        if snapshot:
            rows.add(Snapshot, **_snapshot(number, len(states), data, seen))

    def _data(self, number: int, base: Base, at: datetime) -> tuple[ArticleData, list[Any]]:
        rng = self._rng
        code = rng.choice(list(PRESENT))
        document = f"{rng.randint(1, 400)}/{rng.choice((2024, 2025, 2026))}/NĐ-CP"
        own = (
            f"Tại xã {rng.choice(COMMUNES)}, tỉnh {PRESENT[code]}, hồ sơ số {number} cho biết "
            f"{rng.randint(12, 9000)} hộ đã được hỗ trợ theo Nghị định {document}, "
            f"tăng {rng.randint(2, 60)}% so với năm trước."
        )
        data = ArticleData(
            url=f"https://bao.example/tin-{number}.html",
            canonical_url=f"https://bao.example/tin-{number}.html",
            title=base.title,
            lead=base.lead,
            text="\n\n".join((*base.paragraphs[:2], own, *base.paragraphs[2:])),
            authors=["Minh Hà"],
            published_at=at,
            section=base.section,
            place=base.place,
            language="vi",
            tags=list(base.tags),
        )
        return data, _with_own(base, own)

    def _row(
        self,
        number: int,
        data: ArticleData,
        which: int,
        seen: datetime,
        states: Sequence[ArticleData],
        *,
        removed: bool,
        head: tuple[int, int] | None,
    ) -> dict[str, Any]:
        base = self._bases[which].judged
        folded = folded_text(data)
        digest = hashlib.sha256(data.text.encode()).hexdigest()
        return {
            **data.model_dump(exclude={"published_at", "modified_at"}),
            "published_at": data.published_at,
            "id": number,
            "source": self._rng.choice(self._sources),
            "key": f"bao:{number}",
            "content_hash": digest,
            "text_hash": digest,
            "facts_version": facts.VERSION,
            "folded": folded,
            "seen_at": seen,
            "checked_at": seen,
            "changed_at": seen + timedelta(hours=3) if len(states) > 1 else None,
            "state": "removed" if removed else "live",
            "gone_since": seen + timedelta(days=1) if removed else None,
            "revisions": len(states),
            "label": base.label,
            "score": base.score,
            "points": base.points,
            "reasons": [asdict(reason) for reason in base.reasons],
            "copy_of": head[0] if head else None,
        }

    def traffic(self, articles: int, rows: Rows) -> None:
        """Messages and the fetch log of the last weeks."""
        rng = self._rng
        for number in range(ALERTS):
            at = NOW - timedelta(minutes=5 * (ALERTS - number))
            state = "failed" if rng.random() < FAILED_ALERTS else "sent"
            base = rng.choice(self._bases)
            rows.add(
                OutboxRow,
                key=f"new/terminal/bao:{number}",
                channel="terminal",
                event="new",
                alert="policy",
                article_id=max(articles - number, 1),
                source=rng.choice(self._sources),
                message={"title": base.title, "label": base.judged.label},
                created_at=at,
                state=state if number < ALERTS - 5 else "waiting",
                tries=1,
                next_try_at=at,
                sent_at=at if state == "sent" else None,
                error="" if state == "sent" else "answered 503",
            )
        for number in range(FETCHES):
            at = NOW - timedelta(seconds=40 * (FETCHES - number))
            source = rng.choice(self._sources)
            rows.add(
                FetchRow, at=at, source=source, kind="article", url="https://bao.example/", outcome="ok", size=90_000
            )


def stories(rng: random.Random, rules: config.Config) -> list[Base]:
    """What the articles are made of."""
    writer = Writer(rng)
    labels = rng.choices(LABELS, MIX, k=BASES)
    return [_base(writer.write(label, rng.choice(topics(label)), NOW), rules) for label in labels]


def _base(story: Any, rules: config.Config) -> Base:  # noqa: ANN401 - demo.stories.Story
    section = "Chính sách" if story.group == "policy" else "Xã hội"
    data = ArticleData(
        url="https://bao.example/1",
        title=story.title,
        lead=story.lead,
        text="\n\n".join(story.paragraphs),
        section=section,
        place=story.place,
    )
    judged = flag.judge(data, rules.policy)
    return Base(
        story.title, story.lead, story.paragraphs, section, story.place, story.tags, judged, facts.mentions(data)
    )


def _with_own(base: Base, own: str) -> list[Any]:
    """The base story's mentions and those of the article's own paragraph, each key and name once."""
    found = {(each.kind, each.key, each.name): each for each in base.mentions}
    found |= {(each.kind, each.key, each.name): each for each in facts.mentions(ArticleData(url="", text=own))}
    return list(found.values())


def _revision(number: int, state: int, data: ArticleData, seen: datetime) -> dict[str, Any]:
    first = state == 1
    return {
        "article_id": number,
        "number": state,
        "seen_at": seen + timedelta(hours=3 * (state - 1)),
        "kind": "new" if first else "substantive",
        "changed": [] if first else ["title", "text"],
        "edits": [] if first else [asdict(Edit("headline", "title", f"{data.title} (bản đầu)", data.title))],
        "summary": "" if first else "new headline; wording of the text",
        "content_hash": f"{number}-{state}",
        "data": data.model_dump(mode="json"),
    }


def _snapshot(number: int, revision: int, data: ArticleData, seen: datetime) -> dict[str, Any]:
    body = f"<!doctype html><title>{data.title}</title><p>{data.text}".encode()
    return {
        "article_id": number,
        "revision": revision,
        "url": data.url,
        "fetched_at": seen,
        "status": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
        "base": None,
        "body": snapshots.packed(body),
    }


def _states(db: Database, sources: Sequence[str], rng: random.Random) -> None:
    """Two sources in trouble, the rest well; links that were read, wait, or were given up."""
    with db.write() as session:
        for number, name in enumerate(sources):
            row = session.get_one(Source, name)
            row.last_polled_at = NOW - timedelta(minutes=rng.randint(1, 14))
            row.next_check_at = NOW + timedelta(minutes=rng.randint(1, 14))
            row.last_ok_at = row.last_polled_at if number > 1 else NOW - timedelta(hours=7)
            row.last_new_at, row.last_links = row.last_ok_at, 40
            if number <= 1:
                row.failures, row.trouble_since = 12, NOW - timedelta(hours=6)
                row.last_error = "https://bao.example/thoi-su: no link where 40 are expected; the layout changed"
        session.exec(insert(Link), params=list(_links(sources)))


def _links(sources: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number in range(len(sources) * 30):
        state = "failed" if number % 29 == 0 else "waiting" if number % 7 == 0 else "stored"
        yield {
            "source": sources[number % len(sources)],
            "key": f"link:{number}",
            "url": f"https://bao.example/link-{number}",
            "first_seen_at": NOW,
            "state": state,
            "next_try_at": NOW,
        }


def main() -> None:
    """Make an archive to look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    chosen = parser.parse_args()
    fill(chosen.folder, chosen.articles).close()
    print(f"{chosen.articles} articles in {chosen.folder}")


if __name__ == "__main__":
    main()
