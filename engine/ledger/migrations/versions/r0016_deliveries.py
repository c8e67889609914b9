"""Alerts told to other systems and to people: where they go, what waits, every attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEPT = ("delivery_attempt",)


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "delivery_destination",
        sa.Column("name", _SORTED, primary_key=True),
        *_text("kind", "address", "fingerprint"),
        *_whole("known_at", "through", "off_at"),
        *_text("why"),
        *_bytes("seal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("alert", _SORTED, nullable=False),
        sa.Column("destination", _SORTED, nullable=False),
        *_text("state"),
        *_whole("tries", "queued_at", "next_at", "ended_at"),
        *_text("holder"),
        *_whole("held_until"),
        *_bytes("seal"),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="ck_delivery_state"),
        sa.CheckConstraint("(state = 'waiting') = (ended_at = 0)", name="ck_delivery_ended"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_delivery_once", "delivery", ["alert", "destination"], unique=True)
    op.create_index("ix_delivery_due", "delivery", ["destination", "state", "next_at"])
    op.create_table(
        "delivery_attempt",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("delivery", _SORTED, nullable=False),
        *_whole("number", "at", "recorded_at"),
        *_text("outcome"),
        *_whole("status", "milliseconds"),
        *_text("detail"),
    )
    op.create_index("ix_delivery_attempt_number", "delivery_attempt", ["delivery", "number"], unique=True)
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
