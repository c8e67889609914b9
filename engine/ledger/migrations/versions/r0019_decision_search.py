"""What stored decisions are searched by: a narrow row each, beside the chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make it, empty: decisions of before are taken in little by little."""
    op.create_table(
        "decision_search",
        sa.Column("at", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("seq", _WHOLE, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("reference", "payer", "merchant", "amount")),
        sa.Column("size", _SORTED, nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_search_seq", "decision_search", ["seq"], unique=True)
