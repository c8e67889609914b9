"""What the monitor keeps lies under keys of subjects: by which, so that an erasure finds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns. What lies there in the clear is put under keys once the master key is at hand."""
    for table in ("watched_event", "known_party"):
        op.add_column(table, sa.Column("data_key", _WHOLE, nullable=True))
        op.create_index(f"ix_{table}_data_key", table, ["data_key"])
