"""Legal holds; and decisions found by whose they are, for whoever asks what may be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_STANDS = sa.text("lifted_at IS NULL")
_REFERENCE = sa.text("reference IS NOT NULL")
_PAYER = sa.text("payer IS NOT NULL")


def upgrade() -> None:
    """Make the table, its guards and the index."""
    op.create_table(
        "legal_hold",
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", _SORTED, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "authority", "reference", "set_by")),
        sa.Column("set_at", _WHOLE, nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", _WHOLE, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('subject', 'decision', 'merchant')", name="ck_legal_hold_kind"),
        sa.CheckConstraint(
            "(lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL) = (lift_reason IS NULL)",
            name="ck_legal_hold_lifted",
        ),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by <> set_by", name="ck_legal_hold_persons"),
    )
    op.create_index(
        "ix_legal_hold_standing", "legal_hold", ["kind", "target"], sqlite_where=_STANDS, postgresql_where=_STANDS
    )
    op.create_index(
        "ix_decision_search_payer", "decision_search", ["payer", "at", "id"], sqlite_where=_PAYER,
        postgresql_where=_PAYER,
    )  # fmt: skip
    op.create_index(
        "ix_tax_transaction_reference", "tax_transaction", ["reference", "day"], sqlite_where=_REFERENCE,
        postgresql_where=_REFERENCE,
    )  # fmt: skip
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


_SQLITE = (
    "CREATE TRIGGER legal_hold_kept BEFORE DELETE ON legal_hold BEGIN SELECT RAISE(ABORT, 'legal_hold is kept'); END",
    """
CREATE TRIGGER legal_hold_fixed BEFORE UPDATE ON legal_hold
WHEN NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.target <> OLD.target OR NEW.reason <> OLD.reason
  OR NEW.authority <> OLD.authority OR NEW.reference <> OLD.reference OR NEW.set_by <> OLD.set_by
  OR NEW.set_at <> OLD.set_at OR OLD.lifted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'legal_hold: it is lifted once, and does not change otherwise'); END
""",
)
_POSTGRES = (
    "CREATE TRIGGER legal_hold_kept BEFORE DELETE OR TRUNCATE ON legal_hold"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    """
CREATE FUNCTION legal_hold_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.target <> OLD.target OR NEW.reason <> OLD.reason
    OR NEW.authority <> OLD.authority OR NEW.reference <> OLD.reference OR NEW.set_by <> OLD.set_by
    OR NEW.set_at <> OLD.set_at OR OLD.lifted_at IS NOT NULL
  THEN
    RAISE EXCEPTION 'legal_hold: it is lifted once, and does not change otherwise' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER legal_hold_fixed BEFORE UPDATE ON legal_hold FOR EACH ROW EXECUTE FUNCTION legal_hold_fixed()",
)
