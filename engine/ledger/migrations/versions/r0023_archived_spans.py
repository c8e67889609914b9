"""Which months of the chain were archived and taken out; only rows of such a month may ever be deleted from `decision`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and let the guard of `decision` look at it."""
    op.create_table(
        "archived_span",
        sa.Column("month", _SORTED, primary_key=True),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("from_seq", "to_seq")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("prev", "hash")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("manifest", "place")),
        sa.Column("until", _WHOLE, nullable=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("taken", "stayed", "recorded_at")),
        sa.Column("stayed_sha256", sa.Text(), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("from_seq >= 1 AND to_seq >= from_seq AND taken >= 0", name="ck_archived_span"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_archived_span_to", "archived_span", ["to_seq"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    op.execute("DROP TRIGGER decision_no_DELETE")
    op.execute(_ONLY_ARCHIVED)
    op.execute(
        "CREATE TRIGGER archived_span_no_UPDATE BEFORE UPDATE ON archived_span"
        " BEGIN SELECT RAISE(ABORT, 'archived_span is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER archived_span_no_DELETE BEFORE DELETE ON archived_span"
        " BEGIN SELECT RAISE(ABORT, 'archived_span is append-only'); END"
    )


def _guard_postgres() -> None:
    # An event is told of a decision that its own transaction has read: the constraint repeated that, and would hold what goes.
    op.execute("ALTER TABLE event DROP CONSTRAINT event_decision_id_fkey")
    op.execute("ALTER TABLE obligation DROP CONSTRAINT obligation_decision_id_fkey")
    op.execute(_ARCHIVED)
    op.execute("DROP TRIGGER decision_append_only ON decision")
    op.execute(
        "CREATE TRIGGER decision_append_only BEFORE UPDATE OR TRUNCATE ON decision"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER decision_is_archived BEFORE DELETE ON decision"
        " FOR EACH ROW EXECUTE FUNCTION ledger_is_archived()"
    )
    op.execute(
        "CREATE TRIGGER archived_span_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_span"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )


_ONLY_ARCHIVED = (
    "CREATE TRIGGER decision_no_DELETE BEFORE DELETE ON decision"
    " WHEN NOT EXISTS (SELECT 1 FROM archived_span WHERE OLD.seq >= from_seq AND OLD.seq <= to_seq)"
    " BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END"
)
_ARCHIVED = (
    "CREATE FUNCTION ledger_is_archived() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN IF NOT EXISTS (SELECT 1 FROM archived_span WHERE OLD.seq >= from_seq AND OLD.seq <= to_seq) THEN"
    " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    " END IF; RETURN OLD; END $$"
)
