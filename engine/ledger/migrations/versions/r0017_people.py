"""Who may come in: people, sessions, terms of keys, last uses, failed tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "person",
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("login", _SORTED, nullable=False),
        *_text("display_name", "locale", "roles", "state", "password", "factor", "pending_factor"),
        *_whole("factor_step"),
        *_text("recovery", "setup_code"),
        *_whole("setup_until"),
        *_text("subject"),
        *_whole("created_at", "changed_at"),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name="ck_person_state"),
        sa.CheckConstraint("(setup_code = '') = (setup_until = 0)", name="ck_person_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_login", "person", ["login"], unique=True)
    told = sa.text("subject <> ''")
    op.create_index("ix_person_subject", "person", ["subject"], unique=True, sqlite_where=told, postgresql_where=told)
    op.create_table(
        "person_session",
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("person", _SORTED, nullable=False),
        sa.Column("digest", _SORTED, nullable=False),
        *_text("method", "source"),
        *_whole("created_at", "expires_at", "ended_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_session_digest", "person_session", ["digest"], unique=True)
    op.create_index("ix_person_session_person", "person_session", ["person", "ended_at"])
    op.create_table(
        "last_use",
        sa.Column("holder", _SORTED, primary_key=True),
        *_whole("seen_at"),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_try",
        sa.Column("key", _SORTED, primary_key=True),
        *_whole("failed", "last_at", "until", "turned_away"),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "api_key_term",
        sa.Column("key_id", _SORTED, primary_key=True),
        *_whole("expires_at"),
        *_text("sources", "countries", "merchants"),
        sqlite_with_rowid=False,
    )


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]
