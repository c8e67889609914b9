"""Keys of the people whom decisions are about, and how often one of them was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "subject",
        sa.Column("id", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("pseudonym", _SORTED, nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=True),
        sa.Column("made_at", _WHOLE, nullable=False),
        sa.Column("erased_at", _WHOLE, nullable=True),
        sa.Column("erased_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name="ck_subject_erased"),
    )
    live, gone = sa.text("erased_at IS NULL"), sa.text("erased_at IS NOT NULL")
    op.create_index("ix_subject_live", "subject", ["pseudonym"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index("ix_subject_erased", "subject", ["pseudonym"], sqlite_where=gone, postgresql_where=gone)
    op.create_table(
        "subject_lookup",
        sa.Column("id", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("since", _WHOLE, nullable=False),
    )
    op.add_column("head", sa.Column("erasures", _WHOLE, nullable=True))
