"""What analysts say of stories, and the model that was learned from it.

A word is kept with the article it was said of, and counts for the story: copies have the same text. When they differ,
the latest counts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlmodel import Session, col, delete, func, or_, select

from scraper.config import Learned
from scraper.errors import NotFoundError
from scraper.learn import Figures, Labelled
from scraper.learned import FORM
from scraper.models import Article, Feedback, Lessons
from scraper.store.answers import Word
from scraper.store.articles import article_data
from scraper.store.database import Database
from scraper.values import Label

_ONLY = 1
"""Number of the one row that holds what was learned."""

_STORY = func.coalesce(col(Article.copy_of), col(Article.id))
_LATEST = (col(Feedback.at).desc(), col(Feedback.article_id).desc())


@dataclass(frozen=True, slots=True)
class Given:
    """A story with an analyst's word.

    Attributes:
        id: The article that stands for the story.
        judged: The label that stands in the archive.
    """

    id: int
    source: str
    title: str
    judged: str
    score: float
    word: Word


@dataclass(frozen=True, slots=True)
class Lesson:
    """A stored model.

    Attributes:
        learned: ``None`` when an older version of the program wrote it in another form.
        figures: What it was worth when it was fitted: ``rules`` and ``model``, as :class:`scraper.learn.Figures`.
    """

    learned: Learned | None
    fitted_at: datetime
    figures: dict[str, Any]


# --- words -------------------------------------------------------------------------------------------------


def say(db: Database, article_id: int, label: Label, now: datetime, *, by: Literal["cli", "web"]) -> Word:
    """Keep what an analyst says an article is, in place of what was said of it before.

    Raises:
        NotFoundError: There is no such article.
    """
    with db.write() as session:
        _story(session, article_id)
        session.merge(Feedback(article_id=article_id, label=label, at=now, by=by))
    return Word(article_id=article_id, label=label, at=now, by=by)


def forget(db: Database, article_id: int) -> int:
    """Take back what was said of any article of a story.

    Returns:
        How many words were taken back.

    Raises:
        NotFoundError: There is no such article.
    """
    with db.write() as session:
        story = _story(session, article_id)
        members = select(Article.id).where(or_(col(Article.id) == story, col(Article.copy_of) == story))
        return session.exec(delete(Feedback).where(col(Feedback.article_id).in_(members))).rowcount


def word_on(connection: Connection, article_id: int) -> Word | None:
    """The latest word on any article of a story."""
    story = select(_STORY).where(col(Article.id) == article_id).scalar_subquery()
    members = select(Article.id).where(or_(col(Article.id) == story, col(Article.copy_of) == story))
    said = select(Feedback.article_id, Feedback.label, Feedback.at, Feedback.by)
    query = said.where(col(Feedback.article_id).in_(members)).order_by(*_LATEST).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return Word(**row) if row is not None else None


def given(db: Database) -> list[Given]:
    """Every story with a word, the latest word first."""
    with db.read() as session:
        return [
            Given(story.id or 0, story.source, story.title, story.label, story.score, word)
            for story, word in _worded(session)
        ]


def labelled(db: Database) -> list[Labelled]:
    """Every story with a word, as it is learned from."""
    with db.read() as session:
        return [
            Labelled(story.key, article_data(story), word.label)  # type: ignore[arg-type]  # only labels are written
            for story, word in _worded(session)
        ]


def _worded(session: Session) -> list[tuple[Article, Word]]:
    query = select(_STORY, Feedback).join(Article, col(Article.id) == Feedback.article_id).order_by(*_LATEST)
    latest: dict[int, Feedback] = {}
    for story, row in session.exec(query).all():
        latest.setdefault(story, row)
    return [
        (session.get_one(Article, story), Word(article_id=row.article_id, label=row.label, at=row.at, by=row.by))
        for story, row in latest.items()
    ]


def _story(session: Session, article_id: int) -> int:
    found = session.exec(select(_STORY).where(col(Article.id) == article_id)).first()
    if found is None:
        raise NotFoundError(f"no article {article_id}; 'scraper list' shows what there is")
    return int(found)


# --- what was learned --------------------------------------------------------------------------------------


def keep_lesson(db: Database, learned: Learned, rules: Figures, model: Figures, now: datetime) -> None:
    """Keep a model in place of the one before."""
    figures = {"rules": asdict(rules), "model": asdict(model)}
    with db.write() as session:
        session.merge(Lessons(id=_ONLY, fitted_at=now, learned=learned.model_dump(mode="json"), figures=figures))


def forget_lesson(db: Database) -> bool:
    """Delete the model, so that the rules alone judge; the words stay. Whether there was one."""
    with db.write() as session:
        return session.exec(delete(Lessons)).rowcount > 0


def lesson(db: Database) -> Lesson | None:
    """The stored model and its figures."""
    with db.read() as session:
        row = session.get(Lessons, _ONLY)
    return Lesson(_read(row.learned), row.fitted_at, row.figures) if row is not None else None


def learned(db: Database) -> Learned | None:
    """The stored model, if this version of the program can use it."""
    found = lesson(db)
    return found.learned if found is not None else None


def _read(stored: dict[str, Any]) -> Learned | None:
    try:
        found = Learned.model_validate(stored)
    except ValidationError:
        return None
    return found if found.form == FORM else None
