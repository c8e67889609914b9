"""Lists to screen against: editions and refused loads (screening_edition, screening_refusal, beside the chain)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GUARDS = (
    "CREATE TRIGGER screening_edition_no_UPDATE BEFORE UPDATE ON screening_edition"
    " BEGIN SELECT RAISE(ABORT, 'screening_edition is append-only'); END",
    "CREATE TRIGGER screening_edition_no_DELETE BEFORE DELETE ON screening_edition"
    " BEGIN SELECT RAISE(ABORT, 'screening_edition is append-only'); END",
    "CREATE TRIGGER screening_refusal_no_UPDATE BEFORE UPDATE ON screening_refusal"
    " BEGIN SELECT RAISE(ABORT, 'screening_refusal is append-only'); END",
    "CREATE TRIGGER screening_refusal_no_DELETE BEFORE DELETE ON screening_refusal"
    " BEGIN SELECT RAISE(ABORT, 'screening_refusal is append-only'); END",
)
_PG_GUARDS = (
    "CREATE TRIGGER screening_edition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON screening_edition"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER screening_refusal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON screening_refusal"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
)


def upgrade() -> None:
    """Make both tables; nothing that is there is touched."""
    op.create_table(
        "screening_edition",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_text("list", "digest", "source", "format"),
        sa.Column("published", _WHOLE),
        *_whole("at", "recorded_at", "entries"),
        sa.Column("stale_after_days", _WHOLE),
        *_whole("added", "removed", "changed"),
        sa.Column("after", _WHOLE),
        *(sa.Column(name, sa.Text()) for name in ("accepted_by", "accepted_reason")),
        *_text("counts"),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("delta", "versions", "content")),
        sa.Column("original", sa.LargeBinary()),
    )
    op.create_index("ix_screening_edition_list", "screening_edition", ["list", "seq"], unique=True)
    op.create_table(
        "screening_refusal",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_text("list", "source"),
        sa.Column("digest", sa.Text()),
        *_whole("at", "recorded_at"),
        *_text("code", "reason"),
        sa.Column("kept", sa.Text()),
    )
    op.create_index("ix_screening_refusal_list", "screening_refusal", ["list", "seq"], unique=True)
    for guard in _PG_GUARDS if op.get_bind().dialect.name == "postgresql" else _GUARDS:
        op.execute(guard)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]
