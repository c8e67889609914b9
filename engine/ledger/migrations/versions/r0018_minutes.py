"""Decisions counted by the minute without reading the rows."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index. Rows grow at its end alone: it costs a write little."""
    op.create_index("ix_decision_recorded", "decision", ["recorded_at", "outcome"])
