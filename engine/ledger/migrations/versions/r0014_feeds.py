"""What regulators publish: sources as they were asked, documents as they came, items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEPT = ("feed_document", "feed_item")


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "feed_state",
        sa.Column("source", _SORTED, primary_key=True),
        *_text("etag", "last_modified"),
        *_whole("known_at", "tried_at", "answered_at", "new_at", "failures"),
        *_text("fault", "detail", "moved_to"),
        *_whole("next_at"),
        *_text("holder"),
        *_whole("held_until"),
        *_bytes("seal"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_state_next", "feed_state", ["next_at"])
    op.create_table(
        "feed_document",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("digest", _SORTED, nullable=False),
        *_text("url", "content_type"),
        *_whole("size", "recorded_at"),
        *_bytes("packed"),
    )
    op.create_index("ix_feed_document_digest", "feed_document", ["digest"], unique=True)
    op.create_table(
        "feed_item",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("source", _SORTED, nullable=False),
        sa.Column("key", _SORTED, nullable=False),
        *_text("digest", "document"),
        *_whole("corrects", "recorded_at"),
        *_bytes("body"),
    )
    op.create_index("ix_feed_item_version", "feed_item", ["source", "key", "digest"], unique=True)
    op.create_index("ix_feed_item_key", "feed_item", ["source", "key", "seq"])
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for table in _KEPT:
        for statement in _POSTGRES if on_postgres else _SQLITE:
            op.execute(statement.replace("{table}", table))


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


_SQLITE = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_POSTGRES = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
)
