"""How often a key may ask, where it is not as often as any other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "api_key_rate",
        sa.Column("key_id", _SORTED, primary_key=True),
        sa.Column("requests", _WHOLE, nullable=False),
        sa.Column("seconds", _WHOLE, nullable=False),
        sa.CheckConstraint("(requests > 0) = (seconds > 0) AND requests >= 0 AND seconds >= 0", name="ck_api_key_rate"),
        sqlite_with_rowid=False,
    )
