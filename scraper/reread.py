"""Stored articles, read or judged again by the rules as they are now; nothing is fetched and nobody is alerted."""

from __future__ import annotations

from dataclasses import dataclass

from scraper import extract, facts, flag, store
from scraper.config import Source
from scraper.decide import decide
from scraper.desk import Desk
from scraper.models import ArticleData
from scraper.values import Judgement, Known, Link


def reparse(source: Source, article_id: int, desk: Desk, *, write: bool = True) -> tuple[str, ...] | None:
    """Read a stored article's newest page with the present rules.

    Returns:
        Names of the fields that differ now; ``None`` when its page was not kept.
    """
    page = store.snapshot_page(desk.db, article_id)
    if page is None:
        return None
    same = store.known_article(desk.db, article_id)
    before = same.data or ArticleData(url=same.url)
    link = Link(before.url, same.key, before.title, before.lead, before.published_at)
    data = extract.parse_article(page.body, before.url, source, link=link, content_type=page.content_type)
    differing = tuple(name for name in ArticleData.model_fields if getattr(before, name) != getattr(data, name))
    reader = extract.reader(source)
    if write and (differing or same.reader != reader):
        now = desk.clock.now()
        outcome = decide(data, Known(same=same), desk.rules, now, source=source.name, key=same.key, reader=reader)
        store.restate(desk.db, outcome)
    return differing


@dataclass(frozen=True, slots=True)
class Reflagged:
    """A stored article's judgement as it stands and by the present rules."""

    id: int
    title: str
    before: Judgement
    after: Judgement

    @property
    def moved(self) -> bool:
        """Whether the label is another one."""
        return self.before.label != self.after.label


def reflag(article_id: int, desk: Desk, *, write: bool = True) -> Reflagged:
    """Judge a stored article by the present rules. Nobody is alerted; one judged alike is not written again."""
    same, before, version = store.known_judgement(desk.db, article_id)
    policy = desk.rules.policy
    after = flag.judge(same.data or ArticleData(url=same.url), policy)
    if write:
        store.reread_facts(desk.db, article_id, facts.mentions(same.data or ArticleData(url=same.url)))
    if write and (after != before or version != policy.version):
        store.rejudge(desk.db, article_id, after, policy.version, desk.clock.now())
    return Reflagged(article_id, same.data.title if same.data else "", before, after)
