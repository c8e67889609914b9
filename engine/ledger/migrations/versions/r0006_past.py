"""The past that features are answered from (past_*): worked out from the chain, and beside it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything, empty: what was told before is taken in when a form of feature is kept for the first time."""
    op.create_table("past_state", _key("id", _WHOLE), _column("through", _WHOLE))
    op.execute("INSERT INTO past_state VALUES (1, 0)")
    op.create_table("past_form", _key("id", _WHOLE), _column("spec", _SORTED))
    op.create_index("ix_past_form_spec", "past_form", ["spec"], unique=True)
    op.create_table(
        "past_payment",
        _key("payment", _SORTED),
        _column("at", _WHOLE),
        *(_column(name, sa.Text()) for name in ("amount", "currency", "stated")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_past_payment_at", "past_payment", ["at", "payment"])
    op.create_table(
        "past_entry",
        *_keys(),
        _key("at", _WHOLE),
        _key("payment", _SORTED),
        _column("currency", sa.Text()),
        _column("size", sa.Text()),
        _column("value", _SORTED, null=True),
        _column("total", sa.Text(), null=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_past_entry_value", "past_entry", ["form", "grp", "value", "at"])
    op.create_table("past_day", *_keys(), _key("day", _WHOLE), _column("total", sa.Text()), sqlite_with_rowid=False)
    op.create_table(
        "past_span",
        *_keys(),
        _key("length", _WHOLE),
        _key("start", _WHOLE),
        _key("currency", _SORTED),
        _column("low", sa.Text()),
        _column("high", sa.Text()),
        sqlite_with_rowid=False,
    )


def _keys() -> list[sa.Column[Any]]:
    return [_key("form", _WHOLE), _key("grp", _SORTED)]


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)
