"""Onboarding of merchants: every transition in the chain, each case as it stands, and the triggers that make events follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything; nothing that is there is touched."""
    _events()
    _cases()
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]


def _events() -> None:
    op.create_table(
        "onboarding_event",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("case_id", _SORTED, nullable=False),
        *_whole("number"),
        *_text("kind"),
        *_whole("at", "recorded_at"),
        *_text("actor"),
        sa.Column("from_state", sa.Text()),
        *_text("to_state", "submitter"),
        sa.Column("first_approver", sa.Text()),
        *_whole("high_risk"),
        *_text("release"),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("prev", "hash", "payload")),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (from_state IS NULL) AND high_risk IN (0, 1)",
            name="ck_onboarding_event_number",
        ),
        sa.CheckConstraint(
            "actor <> submitter OR (to_state <> 'approved' AND kind NOT IN ('first_approved', 'rejected', 'activated',"
            " 'reinstated', 'terminated'))",
            name="ck_onboarding_event_submitter",
        ),
        sa.CheckConstraint(
            "to_state <> 'approved' OR high_risk = 0"
            " OR (first_approver IS NOT NULL AND first_approver <> submitter AND actor <> 'system')",
            name="ck_onboarding_event_two",
        ),
        sa.CheckConstraint(
            "to_state <> 'approved' OR first_approver IS NULL OR first_approver <> actor",
            name="ck_onboarding_event_second",
        ),
        sa.CheckConstraint(
            "kind <> 'first_approved' OR (first_approver IS NOT NULL AND first_approver = actor AND actor <> 'system')",
            name="ck_onboarding_event_first",
        ),
    )
    op.create_index("ix_onboarding_event_number", "onboarding_event", ["case_id", "number"], unique=True)


def _cases() -> None:
    op.create_table(
        "onboarding_case",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("number"),
        *_text("merchant", "state", "stage", "country"),
        *_whole("created_at", "updated_at"),
        sa.Column("deadline", sa.Text()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_onboarding_case_state", "onboarding_case", ["state", "id"])
    op.create_index("ix_onboarding_case_deadline", "onboarding_case", ["deadline"])
    op.create_index("ix_onboarding_case_merchant", "onboarding_case", ["merchant"])
    op.create_table(
        "onboarding_mark",
        sa.Column("mark", _SORTED, primary_key=True),
        sa.Column("case_id", _SORTED, sa.ForeignKey("onboarding_case.id"), primary_key=True),
        sqlite_with_rowid=False,
    )


_SQLITE = (
    "CREATE TRIGGER onboarding_event_no_update BEFORE UPDATE ON onboarding_event"
    " BEGIN SELECT RAISE(ABORT, 'onboarding_event is append-only'); END",
    "CREATE TRIGGER onboarding_event_no_delete BEFORE DELETE ON onboarding_event"
    " BEGIN SELECT RAISE(ABORT, 'onboarding_event is append-only'); END",
    """
CREATE TRIGGER onboarding_event_follows BEFORE INSERT ON onboarding_event
WHEN NEW.number > 1 AND NOT EXISTS (
  SELECT 1 FROM onboarding_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.number - 1
    AND p.to_state = NEW.from_state AND p.to_state NOT IN ('auto_rejected', 'rejected', 'terminated')
    AND (NEW.high_risk >= p.high_risk OR (NEW.kind IN ('passed', 'flagged') AND NEW.actor = 'system')))
BEGIN SELECT RAISE(ABORT, 'onboarding_event: it does not follow the event before'); END
""",
    """
CREATE TRIGGER onboarding_event_persons BEFORE INSERT ON onboarding_event
WHEN (NEW.to_state = 'approved' OR NEW.kind IN ('first_approved', 'rejected', 'activated', 'reinstated', 'terminated'))
  AND (EXISTS (SELECT 1 FROM onboarding_event h WHERE h.case_id = NEW.case_id AND h.actor = NEW.actor
      AND h.kind IN ('created', 'submitted', 'changed', 'documents_added', 'materially_changed'))
    OR (NEW.to_state = 'approved' AND NEW.first_approver IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM onboarding_event f WHERE f.case_id = NEW.case_id AND f.number = NEW.number - 1
        AND f.kind = 'first_approved' AND f.actor = NEW.first_approver)))
BEGIN SELECT RAISE(ABORT, 'onboarding_event: another person must decide'); END
""",
)
_POSTGRES = (
    "CREATE TRIGGER onboarding_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON onboarding_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    """
CREATE FUNCTION onboarding_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (
    SELECT 1 FROM onboarding_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.number - 1
      AND p.to_state = NEW.from_state AND p.to_state NOT IN ('auto_rejected', 'rejected', 'terminated')
      AND (NEW.high_risk >= p.high_risk OR (NEW.kind IN ('passed', 'flagged') AND NEW.actor = 'system')))
  THEN
    RAISE EXCEPTION 'onboarding_event: it does not follow the event before' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.to_state = 'approved' OR NEW.kind IN ('first_approved', 'rejected', 'activated', 'reinstated', 'terminated'))
    AND (EXISTS (SELECT 1 FROM onboarding_event h WHERE h.case_id = NEW.case_id AND h.actor = NEW.actor
        AND h.kind IN ('created', 'submitted', 'changed', 'documents_added', 'materially_changed'))
      OR (NEW.to_state = 'approved' AND NEW.first_approver IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM onboarding_event f WHERE f.case_id = NEW.case_id AND f.number = NEW.number - 1
          AND f.kind = 'first_approved' AND f.actor = NEW.first_approver)))
  THEN
    RAISE EXCEPTION 'onboarding_event: another person must decide' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER onboarding_event_follows BEFORE INSERT ON onboarding_event FOR EACH ROW"
    " EXECUTE FUNCTION onboarding_event_follows()",
)
