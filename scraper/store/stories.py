"""Which articles are one story: joining one as it arrives, splitting and joining by hand, grouping the archive anew.

The article that stands for a story has no ``copy_of``; all others of the story point to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlmodel import Session, col, delete, func, insert, or_, select, update

from scraper import dedupe
from scraper.errors import GroupingError, NotFoundError
from scraper.models import Article, Choice, Copy, Relation, Shingle
from scraper.store.database import Database
from scraper.store.index import SqlIndex, write_shingles
from scraper.values import Candidate, Known, Match, Place

BATCH = 200
"""Articles read at once while the archive is grouped anew: about 2 MB of text."""

Progress = Callable[[int, int], None]


def head_of(place: Place) -> int | None:
    """The article that stands for the story of which an article is a copy, ``None`` when it is none."""
    return place.match.story if place.match is not None else None


def take_place(session: Session, article_id: int, place: Place, now: datetime) -> None:
    """Give an article just stored its place among the stories, inside the caller's transaction."""
    if place.match is not None:
        _join(session, article_id, place.match, now)
    for other in place.relations:
        row = {"article_id": article_id, "other_id": other.article_id, "kind": other.kind, "score": other.score}
        session.exec(insert(Relation).values(**row, found_at=now))


def _join(session: Session, article_id: int, match: Match, now: datetime) -> None:
    row = {"of_id": match.story, "kind": match.kind, "score": match.score}
    session.exec(insert(Copy).values(article_id=article_id, **row, found_at=now))
    if match.leads:
        _lead(session, article_id, match.story)


def _lead(session: Session, new: int, old: int) -> None:
    """Let another of a story's articles stand for it."""
    own = session.get_one(Copy, new)
    kind, score, found_at = own.kind, own.score, own.found_at
    session.delete(own)
    session.exec(update(Copy).where(col(Copy.of_id) == old).values(of_id=new))
    session.add(Copy(article_id=old, of_id=new, kind=kind, score=score, found_at=found_at))
    session.exec(update(Article).where(or_(col(Article.copy_of) == old, col(Article.id) == old)).values(copy_of=new))
    session.exec(update(Article).where(col(Article.id) == new).values(copy_of=None))
    session.flush()


# --- by hand -----------------------------------------------------------------------------------------------


def split(db: Database, article_id: int, now: datetime, *, agencies: frozenset[str] = frozenset()) -> int:
    """Take an article out of its story, for good; grouping anew will keep it out.

    Returns:
        The article that stands for the story it left.

    Raises:
        NotFoundError: There is no such article.
        GroupingError: It is the only article of its story.
    """
    with db.write() as session:
        head = _head(session, article_id)
        members = [id_ for id_ in _members(session, head) if id_ != article_id]
        if not members:
            raise GroupingError(f"article {article_id} is alone in its story; there is nothing to split")
        if head == article_id:
            head = min(members, key=lambda id_: _rank(session, id_, agencies))
            _lead(session, head, article_id)
        session.exec(delete(Copy).where(col(Copy.article_id) == article_id))
        session.exec(update(Article).where(col(Article.id) == article_id).values(copy_of=None))
        for member in members:
            _choose(session, article_id, member, "apart", now)
        session.merge(Relation(article_id=article_id, other_id=head, kind="overlap", score=1.0, found_at=now))
        return head


def join(db: Database, one: int, other: int, now: datetime, *, agencies: frozenset[str] = frozenset()) -> int:
    """Make one story of the stories of two articles, for good.

    Returns:
        The article that stands for it.

    Raises:
        NotFoundError: There is no such article.
        GroupingError: They are one story already.
    """
    with db.write() as session:
        heads = _head(session, one), _head(session, other)
        if heads[0] == heads[1]:
            raise GroupingError(f"articles {one} and {other} are one story already")
        old, new = sorted(heads, key=lambda id_: _rank(session, id_, agencies), reverse=True)
        members = _members(session, old)
        session.exec(delete(Copy).where(col(Copy.article_id).in_(members)))
        session.exec(update(Article).where(col(Article.id).in_(members)).values(copy_of=new))
        for member in members:
            session.add(Copy(article_id=member, of_id=new, kind="chosen", score=1.0, found_at=now))
        _choose(session, *heads, "together", now)
        return new


def _choose(session: Session, one: int, other: int, verdict: str, now: datetime) -> None:
    """Remember what was decided of a pair, in place of what was decided before."""
    high, low = max(one, other), min(one, other)
    session.merge(Choice(article_id=high, other_id=low, verdict=verdict, chosen_at=now))


def _head(session: Session, article_id: int) -> int:
    row = session.exec(select(Article.id, Article.copy_of).where(Article.id == article_id)).first()
    if row is None:
        raise NotFoundError(f"no article {article_id}; 'scraper list' shows what there is")
    return row[1] or row[0] or 0


def _members(session: Session, head: int) -> list[int]:
    rows = session.exec(select(Article.id).where(or_(col(Article.copy_of) == head, col(Article.id) == head))).all()
    return [id_ or 0 for id_ in rows]


def _rank(session: Session, article_id: int, agencies: frozenset[str]) -> tuple[bool, datetime, int]:
    """Lower stands for the story: an agency's own text, then the earlier."""
    source, published, seen = session.exec(
        select(Article.source, Article.published_at, Article.seen_at).where(Article.id == article_id)
    ).one()
    return source not in agencies, min(published or seen, seen), article_id


# --- anew --------------------------------------------------------------------------------------------------


def unindexed(db: Database) -> int:
    """How many articles an older version stored, so that no near copy of them would be found."""
    with db.read() as session:
        old = select(func.count()).select_from(Article).where(Article.sketch_version < dedupe.VERSION)
        return session.exec(old).one()


def regroup(
    db: Database,
    now: datetime,
    *,
    agencies: frozenset[str] = frozenset(),
    write: bool = True,
    progress: Progress | None = None,
) -> list[tuple[int, int | None, int | None]]:
    """Index all articles anew and group them by the present rules, in the order in which they were stored.

    All in one transaction: readers see the old groups until it ends, and an interruption changes nothing. What a
    person decided stays.

    Returns:
        Each article whose story changed: its number, the article that stood for its story, the one that does now;
        ``None`` for itself.
    """
    with db.write() as session:
        before = dict(session.exec(select(Article.id, Article.copy_of)).all())
        for table in (Copy, Relation, Shingle):
            session.exec(delete(table))
        session.exec(update(Article).values(copy_of=None, sampled=0, sketch_version=0))
        for done in _group_all(session, now, agencies):
            if progress is not None:
                progress(done, len(before))
        after = dict(session.exec(select(Article.id, Article.copy_of)).all())
        if not write:
            session.rollback()
    return [(id_ or 0, old, after[id_]) for id_, old in before.items() if after[id_] != old]


def _group_all(session: Session, now: datetime, agencies: frozenset[str]) -> Iterator[int]:
    last = done = 0
    while rows := session.exec(
        select(Article).where(col(Article.id) > last).order_by(col(Article.id)).limit(BATCH)
    ).all():
        for article in rows:
            last = article.id or 0
            text = dedupe.sketch(article.text, article.lead)
            known = _known(session, last, text)
            place = dedupe.place(text, known, article.source, article.told_at, agencies=agencies)
            article.copy_of = head_of(place)
            article.sampled, article.sketch_version = len(text.sample), dedupe.VERSION
            session.flush()
            write_shingles(session.connection(), last, text.sample)
            take_place(session, last, place, now)
        done += len(rows)
        session.flush()
        session.expunge_all()
        yield done


def _known(session: Session, article_id: int, text: dedupe.Sketch) -> Known:
    index = SqlIndex(session, before=article_id)
    chosen = session.exec(select(Choice).where(Choice.article_id == article_id)).all()
    together = [choice.other_id for choice in chosen if choice.verdict == "together"]
    forced: list[Candidate] = list(index.stored(together))
    return Known(
        candidates=dedupe.candidates(text, index),
        apart=frozenset(choice.other_id for choice in chosen if choice.verdict == "apart"),
        together=forced[0] if forced else None,
    )
