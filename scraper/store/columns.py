"""What was decided about an article, as the columns of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from scraper import dedupe, revise
from scraper.models import PARSER_VERSION, Article, ArticleData
from scraper.text import fold
from scraper.values import Judgement, Outcome, Reason

Columns = dict[str, Any]

BLANK: Mapping[str, Any] = {
    name: field.get_default(call_default_factory=True)
    for name, field in Article.model_fields.items()
    if name != "id" and not field.is_required()
}
"""An article's columns that have a default; plain inserts do not fill them in."""

_REASON = [field.name for field in fields(Reason)]
_READ = [name for name in ArticleData.model_fields if name != "url"]


def state(outcome: Outcome) -> Columns:
    """An article's columns that say what it says now; its address stays what it was."""
    fields = outcome.data.model_dump()
    columns = {name: fields[name] for name in _READ}
    if outcome.reader:
        columns["reader"] = outcome.reader
    return {
        **columns,
        "content_hash": outcome.content_hash,
        "text_hash": outcome.text_hash,
        "folded": folded(outcome.data),
        "sampled": len(outcome.sample),
        "sketch_version": dedupe.VERSION,
    }


def folded(data: ArticleData) -> str:
    """What the full-text index sees of an article."""
    return fold("\n".join((data.title, data.lead, data.place, data.section, *data.tags, data.text)))


def looked(outcome: Outcome) -> Columns:
    """An article's columns that say when it was looked at, and what the next request may be asked with."""
    columns: Columns = {"checked_at": outcome.now, "next_recheck_at": outcome.next_recheck_at}
    if outcome.page is not None and outcome.change.kind != "held":
        validators = outcome.page.validators
        columns |= {"etag": validators.etag, "last_modified": validators.last_modified}
    return columns


def judged(judgement: Judgement) -> Columns:
    """An article's columns that say what the policy rules made of it."""
    return {
        "label": judgement.label,
        "score": judgement.score,
        "points": judgement.points,
        "reasons": [{name: getattr(reason, name) for name in _REASON} for reason in judgement.reasons],
    }


def judgement_row(article_id: int, revision: int, judgement: Judgement, policy_version: str, now: datetime) -> Columns:
    """A row of :class:`~scraper.models.Judgement`."""
    return {
        "article_id": article_id,
        "revision": revision,
        "judged_at": now,
        "policy_version": policy_version,
        **judged(judgement),
    }


def revision_row(article_id: int, number: int, outcome: Outcome) -> Columns:
    """A row of :class:`~scraper.models.Revision`."""
    return {
        "article_id": article_id,
        "number": number,
        "seen_at": outcome.now,
        "kind": outcome.change.kind,
        "changed": list(outcome.change.fields),
        "edits": [asdict(edit) for edit in outcome.change.edits],
        "summary": revise.sentence(outcome.change.edits),
        "content_hash": outcome.content_hash,
        "parser_version": PARSER_VERSION,
        "data": outcome.data.model_dump(mode="json"),
    }
