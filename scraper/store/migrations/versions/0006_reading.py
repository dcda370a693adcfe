"""Indexes that readers walk: lists of any kind in one, edits and happenings by time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# As in 0001: autogenerate cannot see indexes over expressions.
STORY_TIME = "CASE WHEN published_at <= seen_at THEN published_at ELSE seen_at END"

MENTIONS = {"ix_mention_key": ["kind", "key", "name", "article_id"], "ix_mention_name": ["kind", "name", "key"]}


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_article_list", "article")
    op.drop_index("ix_article_news", "article")
    op.execute(
        f"CREATE INDEX ix_article_list ON article (({STORY_TIME}), copy_of, label, source, state, revisions, score)"
    )
    copies = sa.text("copy_of IS NOT NULL")
    op.create_index("ix_article_copy_of", "article", ["copy_of"], sqlite_where=copies, postgresql_where=copies)
    for name, columns in MENTIONS.items():
        op.drop_index(name, "mention")
        op.create_index(name, "mention", columns)
    op.create_index("ix_revision_seen", "revision", ["seen_at", "number", "article_id"])
    op.create_index("ix_happening_at", "happening", ["at"])
