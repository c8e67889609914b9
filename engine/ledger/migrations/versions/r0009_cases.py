"""Alerts, cases with every event, clearances, stored screenings; and what the monitor works with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything; nothing that is there is touched."""
    _alerts()
    _cases()
    _events()
    _clearances()
    _screenings()
    _watched()
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _sorted(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _SORTED, nullable=False) for name in names]


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _whole(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=null) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", _SORTED, primary_key=True),
        *_text("kind"),
        *_sorted("rule"),
        *_text("subject_kind", "subject", "severity"),
        *_whole("occurred_at", "recorded_at", "told"),
        *_sorted("case_id"),
        *_text("likeness", "screening", null=True),
        *_whole("ended_at", null=True),
        *_bytes("body"),
    )
    op.create_index("ix_alert_case", "alert", ["case_id", "id"])
    op.create_index("ix_alert_subject", "alert", ["subject_kind", "subject", "kind"])
    op.create_index("ix_alert_rule", "alert", ["rule", "id"])


def _cases() -> None:
    op.create_table(
        "alert_case",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("number"),
        *_text("subject_kind", "subject", "state", "severity"),
        *_text("claimed_by", "verdict", "proposed_by", null=True),
        *_whole("proposal", null=True),
        *_text("decided_by", null=True),
        *_whole("opened_at", "updated_at"),
        *_whole("due_at", null=True),
    )
    op.create_index("ix_alert_case_state", "alert_case", ["state", "id"])
    op.create_index("ix_alert_case_due", "alert_case", ["due_at"])
    still_open = sa.text("state <> 'decided'")
    op.create_index(
        "ix_alert_case_open",
        "alert_case",
        ["subject_kind", "subject"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _events() -> None:
    op.create_table(
        "alert_case_event",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_sorted("case_id"),
        *_whole("number"),
        *_text("kind"),
        *_whole("at", "recorded_at"),
        *_text("actor"),
        *_text("from_state", null=True),
        *_text("to_state", "severity"),
        *_text("verdict", null=True),
        *_whole("proposal", null=True),
        *_text("release"),
        *_bytes("payload"),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind = 'opened')",
            name="ck_alert_case_event_number",
        ),
        sa.CheckConstraint(
            "(actor = 'system') = (kind IN ('opened', 'alert_added', 'alert_ended', 'delisted'))",
            name="ck_alert_case_event_machine",
        ),
        sa.CheckConstraint(
            "(kind IN ('decided', 'approved', 'delisted')) = (to_state = 'decided')"
            " AND (kind = 'delisted') = (verdict IS NOT NULL AND verdict = 'delisted')"
            " AND (to_state NOT IN ('proposed', 'decided') OR verdict IS NOT NULL)",
            name="ck_alert_case_event_decided",
        ),
        sa.CheckConstraint(
            "kind <> 'decided' OR (verdict <> 'report' AND severity <> 'high')", name="ck_alert_case_event_two"
        ),
        sa.CheckConstraint(
            "(kind <> 'approved' OR (proposal IS NOT NULL AND proposal < number))"
            " AND (kind <> 'proposed' OR (proposal IS NOT NULL AND proposal = number))",
            name="ck_alert_case_event_approval",
        ),
        sa.CheckConstraint(
            "to_state IN ('open', 'claimed', 'proposed', 'decided') AND severity IN ('low', 'medium', 'high')"
            " AND (from_state <> 'decided' OR kind = 'reopened')",
            name="ck_alert_case_event_states",
        ),
    )
    op.create_index("ix_alert_case_event_number", "alert_case_event", ["case_id", "number"], unique=True)


def _clearances() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", _SORTED, primary_key=True),
        *_text("subject", "subject_digest", "entry", "entry_digest", "features", "screening", "reason", "author"),
        *_whole("created_at", "expires_at"),
        *_text("approver", null=True),
        *_whole("approved_at", null=True),
        *_text("revoked_by", null=True),
        *_whole("revoked_at", null=True),
        *_text("revoke_reason", null=True),
        sa.CheckConstraint(
            "approver IS NULL OR (approver <> author AND approver <> 'system' AND author <> 'system')",
            name="ck_clearance_approver",
        ),
        sa.CheckConstraint(
            "expires_at > created_at AND (approver IS NULL) = (approved_at IS NULL)", name="ck_clearance_times"
        ),
        sa.CheckConstraint("(revoked_by IS NULL) = (revoked_at IS NULL)", name="ck_clearance_revoked"),
    )
    op.create_index("ix_clearance_subject", "clearance", ["subject", "id"])


def _screenings() -> None:
    op.create_table(
        "screening",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("at", "recorded_at"),
        *_text("actor"),
        *_text("subject", null=True),
        *_text("verdict", "fingerprint"),
        *_bytes("query", "answer"),
        sqlite_with_rowid=False,
    )


def _watched() -> None:
    op.create_table(
        "monitor",
        sa.Column("name", _SORTED, primary_key=True),
        *_whole("through"),
        *_text("mark", "holder"),
        *_whole("held_until", "stumbled_at", "tries"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watched_event",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("seq", "at"),
        *_bytes("body"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_watched_event_seq", "watched_event", ["seq"])
    op.create_table(
        "watched_subject",
        sa.Column("subject_kind", _SORTED, primary_key=True),
        sa.Column("subject", _SORTED, primary_key=True),
        sa.Column("at", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("event", _SORTED, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_party",
        sa.Column("subject_kind", _SORTED, primary_key=True),
        sa.Column("subject", _SORTED, primary_key=True),
        *_whole("seq"),
        *_text("digest"),
        *_sorted("screened_by"),
        *_bytes("body"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_known_party_screened", "known_party", ["screened_by", "subject_kind", "subject"])


_SQLITE = (
    "CREATE TRIGGER alert_case_event_no_update BEFORE UPDATE ON alert_case_event"
    " BEGIN SELECT RAISE(ABORT, 'alert_case_event is append-only'); END",
    "CREATE TRIGGER alert_case_event_no_delete BEFORE DELETE ON alert_case_event"
    " BEGIN SELECT RAISE(ABORT, 'alert_case_event is append-only'); END",
    "CREATE TRIGGER screening_no_update BEFORE UPDATE ON screening"
    " BEGIN SELECT RAISE(ABORT, 'screening is append-only'); END",
    "CREATE TRIGGER screening_no_delete BEFORE DELETE ON screening"
    " BEGIN SELECT RAISE(ABORT, 'screening is append-only'); END",
    "CREATE TRIGGER alert_kept BEFORE DELETE ON alert BEGIN SELECT RAISE(ABORT, 'alert is kept'); END",
    "CREATE TRIGGER alert_case_kept BEFORE DELETE ON alert_case BEGIN SELECT RAISE(ABORT, 'alert_case is kept'); END",
    "CREATE TRIGGER clearance_kept BEFORE DELETE ON clearance BEGIN SELECT RAISE(ABORT, 'clearance is kept'); END",
    """
CREATE TRIGGER alert_case_event_follows BEFORE INSERT ON alert_case_event
WHEN NEW.number > 1 AND NOT EXISTS (
  SELECT 1 FROM alert_case_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.number - 1
    AND p.to_state = NEW.from_state AND NOT (p.severity = 'high' AND NEW.severity <> 'high')
    AND NOT (p.severity = 'medium' AND NEW.severity = 'low'))
BEGIN SELECT RAISE(ABORT, 'alert_case_event: it does not follow the event before'); END
""",
    """
CREATE TRIGGER alert_case_event_persons BEFORE INSERT ON alert_case_event
WHEN (NEW.kind = 'approved' AND (NEW.from_state <> 'proposed'
    OR NOT EXISTS (SELECT 1 FROM alert_case_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.proposal
      AND p.kind = 'proposed' AND p.verdict = NEW.verdict AND p.actor <> NEW.actor)
    OR EXISTS (SELECT 1 FROM alert_case_event b WHERE b.case_id = NEW.case_id AND b.number > NEW.proposal
      AND b.to_state <> 'proposed')))
  OR (NEW.kind IN ('decided', 'proposed') AND NEW.from_state <> 'claimed')
  OR (NEW.kind = 'decided' AND EXISTS (SELECT 1 FROM alert a WHERE a.case_id = NEW.case_id AND a.severity = 'high'))
  OR (NEW.kind = 'delisted' AND (NEW.from_state NOT IN ('open', 'claimed') OR EXISTS (SELECT 1 FROM alert a
    WHERE a.case_id = NEW.case_id AND (a.kind <> 'screening' OR a.ended_at IS NULL))))
BEGIN SELECT RAISE(ABORT, 'alert_case_event: another person must decide'); END
""",
    """
CREATE TRIGGER clearance_fixed BEFORE UPDATE ON clearance
WHEN NEW.id <> OLD.id OR NEW.subject <> OLD.subject OR NEW.subject_digest <> OLD.subject_digest OR NEW.entry <> OLD.entry
  OR NEW.entry_digest <> OLD.entry_digest OR NEW.features <> OLD.features OR NEW.screening <> OLD.screening
  OR NEW.reason <> OLD.reason OR NEW.author <> OLD.author OR NEW.created_at <> OLD.created_at
  OR NEW.expires_at <> OLD.expires_at
  OR (OLD.approver IS NOT NULL AND (NEW.approver IS NOT OLD.approver OR NEW.approved_at IS NOT OLD.approved_at))
  OR (OLD.revoked_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'clearance: what was cleared does not change'); END
""",
)
_POSTGRES = (
    "CREATE TRIGGER alert_case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_case_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER screening_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON screening"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER alert_kept BEFORE DELETE OR TRUNCATE ON alert"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER alert_case_kept BEFORE DELETE OR TRUNCATE ON alert_case"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER clearance_kept BEFORE DELETE OR TRUNCATE ON clearance"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    """
CREATE FUNCTION alert_case_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (
    SELECT 1 FROM alert_case_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.number - 1
      AND p.to_state = NEW.from_state AND NOT (p.severity = 'high' AND NEW.severity <> 'high')
      AND NOT (p.severity = 'medium' AND NEW.severity = 'low'))
  THEN
    RAISE EXCEPTION 'alert_case_event: it does not follow the event before' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.kind = 'approved' AND (NEW.from_state <> 'proposed'
      OR NOT EXISTS (SELECT 1 FROM alert_case_event p WHERE p.case_id = NEW.case_id AND p.number = NEW.proposal
        AND p.kind = 'proposed' AND p.verdict = NEW.verdict AND p.actor <> NEW.actor)
      OR EXISTS (SELECT 1 FROM alert_case_event b WHERE b.case_id = NEW.case_id AND b.number > NEW.proposal
        AND b.to_state <> 'proposed')))
    OR (NEW.kind IN ('decided', 'proposed') AND NEW.from_state <> 'claimed')
    OR (NEW.kind = 'decided' AND EXISTS (SELECT 1 FROM alert a WHERE a.case_id = NEW.case_id AND a.severity = 'high'))
    OR (NEW.kind = 'delisted' AND (NEW.from_state NOT IN ('open', 'claimed') OR EXISTS (SELECT 1 FROM alert a
      WHERE a.case_id = NEW.case_id AND (a.kind <> 'screening' OR a.ended_at IS NULL))))
  THEN
    RAISE EXCEPTION 'alert_case_event: another person must decide' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER alert_case_event_follows BEFORE INSERT ON alert_case_event FOR EACH ROW"
    " EXECUTE FUNCTION alert_case_event_follows()",
    """
CREATE FUNCTION clearance_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.subject <> OLD.subject OR NEW.subject_digest <> OLD.subject_digest OR NEW.entry <> OLD.entry
    OR NEW.entry_digest <> OLD.entry_digest OR NEW.features <> OLD.features OR NEW.screening <> OLD.screening
    OR NEW.reason <> OLD.reason OR NEW.author <> OLD.author OR NEW.created_at <> OLD.created_at
    OR NEW.expires_at <> OLD.expires_at
    OR (OLD.approver IS NOT NULL AND (NEW.approver IS DISTINCT FROM OLD.approver
      OR NEW.approved_at IS DISTINCT FROM OLD.approved_at))
    OR (OLD.revoked_at IS NOT NULL)
  THEN
    RAISE EXCEPTION 'clearance: what was cleared does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER clearance_fixed BEFORE UPDATE ON clearance FOR EACH ROW EXECUTE FUNCTION clearance_fixed()",
)
