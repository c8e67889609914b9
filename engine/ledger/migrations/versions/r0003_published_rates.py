"""Exchange rates of publishers other than the European Central Bank (published_rate, beside the chain)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("publisher", "base", "target", "valid_from")
_GUARDS = (
    "CREATE TRIGGER published_rate_no_UPDATE BEFORE UPDATE ON published_rate"
    " BEGIN SELECT RAISE(ABORT, 'published_rate is append-only'); END",
    "CREATE TRIGGER published_rate_no_DELETE BEFORE DELETE ON published_rate"
    " BEGIN SELECT RAISE(ABORT, 'published_rate is append-only'); END",
)
_PG_GUARD = (
    "CREATE TRIGGER published_rate_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON published_rate"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
)


def upgrade() -> None:
    """Make the table; nothing that is there is touched."""
    op.create_table(
        "published_rate",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in _KEY),
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("valid_to", "day", "rate")),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        sqlite_with_rowid=False,
    )
    for guard in (_PG_GUARD,) if op.get_bind().dialect.name == "postgresql" else _GUARDS:
        op.execute(guard)
