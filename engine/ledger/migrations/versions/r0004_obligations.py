"""Obligations: listed with their due days, ended once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, its indexes, and the triggers that let a row end once and change nothing else."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "obligation",
        sa.Column("id", _SORTED, primary_key=True),
        sa.Column("decision_id", _SORTED, sa.ForeignKey("decision.id"), nullable=False),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        sa.Column("reference", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "domain", "who")),
        sa.Column("due", sa.Text()),
        sa.Column("due_at", _WHOLE, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("ended_at", _WHOLE),
        *(sa.Column(name, sa.Text()) for name in ("ended_as", "ended_by", "ended_note")),
    )
    op.create_index("ix_obligation_decision", "obligation", ["decision_id"])
    still = sa.text("ended_at IS NULL")
    op.create_index("ix_obligation_open", "obligation", ["due_at", "id"], sqlite_where=still, postgresql_where=still)
    for statement in _POSTGRES if postgres else _SQLITE:
        op.execute(statement)


_SQLITE = (
    """
CREATE TRIGGER obligation_ends_once BEFORE UPDATE ON obligation
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.id IS NOT OLD.id
  OR NEW.decision_id IS NOT OLD.decision_id OR NEW.recorded_at IS NOT OLD.recorded_at
  OR NEW.reference IS NOT OLD.reference OR NEW.code IS NOT OLD.code OR NEW.domain IS NOT OLD.domain
  OR NEW.who IS NOT OLD.who OR NEW.due IS NOT OLD.due OR NEW.due_at IS NOT OLD.due_at
  OR NEW.message IS NOT OLD.message
BEGIN SELECT RAISE(ABORT, 'obligation: a row ends once and changes in nothing else'); END
""",
    """
CREATE TRIGGER obligation_stays BEFORE DELETE ON obligation
BEGIN SELECT RAISE(ABORT, 'obligation: a row stays'); END
""",
)
_POSTGRES = (
    """
CREATE FUNCTION obligation_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR
    (NEW.id, NEW.decision_id, NEW.recorded_at, NEW.reference, NEW.code, NEW.domain, NEW.who, NEW.due, NEW.due_at,
      NEW.message) IS DISTINCT FROM
    (OLD.id, OLD.decision_id, OLD.recorded_at, OLD.reference, OLD.code, OLD.domain, OLD.who, OLD.due, OLD.due_at,
      OLD.message)
  THEN
    RAISE EXCEPTION 'obligation: a row ends once and changes in nothing else' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER obligation_ends_once BEFORE UPDATE ON obligation FOR EACH ROW"
    " EXECUTE FUNCTION obligation_ends_once()",
    "CREATE TRIGGER obligation_stays BEFORE DELETE OR TRUNCATE ON obligation FOR EACH STATEMENT"
    " EXECUTE FUNCTION ledger_is_append_only()",
)
