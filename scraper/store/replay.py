"""The archive's past as moments at which somebody could have been told: what ``scraper watches test`` replays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from scraper import dedupe
from scraper.decide.replay import Occasion, Trouble
from scraper.models import Article, ArticleData, Copy, Happening, Judgement, Link, OutboxRow, Revision, Source
from scraper.store.database import Database
from scraper.values import Candidate, Change, Edit, EventName, Known, KnownArticle, Label, Match, Reason
from scraper.values import Judgement as Judged

BATCH = 200
"""Stories read at once: about 2 MB of text."""

_TOLD = ("removed", "returned")


def moments(db: Database, since: datetime) -> Iterator[Occasion | Trouble]:
    """All that happened to articles first seen since then, and to sources; story by story, each in order of time.

    Trouble of sources is known from the messages about it, which are kept for ``keep.sent_alerts``.
    """
    with db.read() as session:
        yield from _troubles(session, since)
        added = dict(session.exec(select(Source.name, Source.added_at)).all())
        rows = session.exec(select(Article.id, Article.copy_of).where(col(Article.seen_at) >= since)).all()
        heads = sorted({copy_of or id_ or 0 for id_, copy_of in rows})
        for start in range(0, len(heads), BATCH):
            batch = heads[start : start + BATCH]
            members = or_(col(Article.id).in_(batch), col(Article.copy_of).in_(batch))
            articles = session.exec(select(Article).where(members).order_by(col(Article.seen_at), col(Article.id)))
            yield from _Stories(session, articles.all(), added, since).occasions()
            session.expunge_all()


def _troubles(session: Session, since: datetime) -> Iterator[Trouble]:
    events = ("source_broken", "source_recovered", "source_gap")
    query = select(OutboxRow).where(col(OutboxRow.event).in_(events), col(OutboxRow.created_at) >= since)
    told = {(row.source, row.event, row.created_at): row for row in session.exec(query).all()}
    for row in told.values():
        event: EventName = row.event  # type: ignore[assignment]  # asked for above
        yield Trouble(row.created_at, event, row.source, dict(row.message))


class _Stories:
    """Some stories with all their articles, and what else is known of those."""

    def __init__(
        self, session: Session, articles: Sequence[Article], added: dict[str, datetime], since: datetime
    ) -> None:
        self._articles, self._added, self._since = articles, added, since
        ids = [article.id or 0 for article in articles]
        self._revisions: dict[int, list[Revision]] = {}
        query = select(Revision).where(col(Revision.article_id).in_(ids)).order_by(col(Revision.number))
        for revision in session.exec(query).all():
            self._revisions.setdefault(revision.article_id, []).append(revision)
        judged = select(Judgement).where(col(Judgement.article_id).in_(ids)).order_by(col(Judgement.id))
        self._judged = {(one.article_id, one.revision): one for one in session.exec(judged).all()}
        happened = select(Happening).where(col(Happening.article_id).in_(ids), col(Happening.kind).in_(_TOLD))
        self._happened: dict[int, list[Happening]] = {}
        for happening in session.exec(happened).all():
            self._happened.setdefault(happening.article_id, []).append(happening)
        baseline = select(Link.article_id).where(col(Link.article_id).in_(ids), col(Link.baseline))
        self._baseline = set(session.exec(baseline).all())
        copies = session.exec(select(Copy).where(col(Copy.article_id).in_(ids))).all()
        self._alike = {copy.article_id: copy for copy in copies}

    def occasions(self) -> Iterator[Occasion]:
        """Every moment of every article; of a story, what was seen first was the story, and the others its copies."""
        stories: dict[int, list[Article]] = {}
        for article in self._articles:
            stories.setdefault(article.copy_of or article.id or 0, []).append(article)
        for head, members in stories.items():
            moments: list[Occasion] = []
            for number, article in enumerate(members):
                moments += self._readings(article, head, members[:number])
                moments += self._absences(article, head)
            yield from sorted(moments, key=lambda moment: moment.at)

    def _readings(self, article: Article, head: int, earlier: Sequence[Article]) -> Iterator[Occasion]:
        last: ArticleData | None = None
        for revision in self._revisions.get(article.id or 0, []):
            data = ArticleData.model_validate(revision.data)
            first = revision.number == 1
            yield Occasion(
                at=revision.seen_at,
                kind="read",
                article_id=article.id or 0,
                story=head,
                source=article.source,
                data=data,
                judgement=self._judgement(article, revision.number),
                known=self._known(article, head, earlier, None if first else (revision.number - 1, last)),
                change=Change("new") if first else _edited(revision),
                match=self._match(article, data, head, earlier) if first and earlier else None,
                wanted=article.seen_at >= self._since,
            )
            last = data

    def _absences(self, article: Article, head: int) -> Iterator[Occasion]:
        for happening in self._happened.get(article.id or 0, []):
            states = [one for one in self._revisions.get(article.id or 0, []) if one.seen_at <= happening.at]
            if states:
                yield Occasion(
                    at=happening.at,
                    kind="removed" if happening.kind == "removed" else "returned",
                    article_id=article.id or 0,
                    story=head,
                    source=article.source,
                    data=ArticleData.model_validate(states[-1].data),
                    judgement=self._judgement(article, states[-1].number),
                    wanted=article.seen_at >= self._since,
                )

    def _judgement(self, article: Article, number: int) -> Judged:
        row = self._judged.get((article.id or 0, number)) or article
        label: Label = row.label  # type: ignore[assignment]  # only Label values are ever written
        return Judged(label, row.points, row.score, tuple(Reason(**reason) for reason in row.reasons))

    def _known(
        self, article: Article, head: int, earlier: Sequence[Article], state: tuple[int, ArticleData | None] | None
    ) -> Known:
        same = None
        if state is not None:
            number, data = state
            same = KnownArticle(
                id=article.id or 0,
                source=article.source,
                key=article.key,
                url=article.url,
                content_hash="",
                seen_at=article.seen_at,
                revisions=number,
                copy_of=head if earlier else None,
                story_at=earlier[0].told_at if earlier else None,
                data=data,
            )
        return Known(
            same=same,
            candidates=tuple(_candidate(one, earlier[0], head) for one in earlier),
            baseline=article.id in self._baseline,
            added_at=self._added.get(article.source),
        )

    def _match(self, article: Article, data: ArticleData, head: int, earlier: Sequence[Article]) -> Match:
        alike = self._alike.get(article.id or 0)
        others = [dedupe.sketch(one.text, one.lead) for one in earlier]
        adds_facts = dedupe.adds_facts(dedupe.sketch_of(data), others)
        return Match(head, "near", alike.score if alike else 1.0, adds_facts=adds_facts)


def _candidate(article: Article, first: Article, head: int) -> Candidate:
    return Candidate(
        id=article.id or 0,
        source=article.source,
        text=article.text,
        lead=article.lead,
        text_hash=article.text_hash,
        at=article.told_at,
        story=head,
        story_source=first.source,
        story_at=first.told_at,
    )


def _edited(revision: Revision) -> Change:
    edits = tuple(Edit(**edit) for edit in revision.edits)  # type: ignore[arg-type]  # kinds are EditKind values
    return Change("substantive", tuple(revision.changed), edits)
