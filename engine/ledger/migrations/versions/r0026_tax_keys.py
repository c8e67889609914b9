"""Calculations found by the key that they are kept under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
contracts = (
    "an old process finds no idempotency key that a new one took, and cannot read taxes that are kept under keys"
)
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index. A sealed body begins with a mark of five bytes and the key's number of eight; no other begins so."""
    op.create_index("ix_tax_calculation_key", "tax_calculation", [sa.text("substr(facts, 1, 13)")])
