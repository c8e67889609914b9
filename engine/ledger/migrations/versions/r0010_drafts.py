"""Drafts with every event and every version of their files, who must approve, and which release is in force from when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything; releases that were put to use before are activations from now on."""
    _drafts()
    _events()
    _files()
    _policies()
    _activations()
    op.execute(
        "INSERT INTO activation (seq, release, active_from, kind, actor, recorded_at, draft, cancels, reason)"
        " SELECT seq, subject, at, 'started', 'system', recorded_at, NULL, NULL, '' FROM note WHERE kind = 'release.activated'"
    )
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _whole(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=null) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("number"),
        *_text("state", "base"),
        *_text("content", null=True),
        *_whole("updated_at"),
        *_bytes("body"),
    )
    op.create_index("ix_draft_state", "draft", ["state", "id"])


def _events() -> None:
    op.create_table(
        "draft_event",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("draft_id", _SORTED, nullable=False),
        *_whole("number"),
        *_text("kind"),
        *_whole("at", "recorded_at"),
        *_text("actor"),
        *_text("from_state", null=True),
        *_text("to_state"),
        *_text("content", null=True),
        *_whole("statute", "required"),
        *_bytes("payload"),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind = 'opened')",
            name="ck_draft_event_number",
        ),
        sa.CheckConstraint(
            "to_state IN ('draft', 'checked', 'submitted', 'approved', 'scheduled', 'withdrawn')"
            " AND (to_state <> 'draft' OR content IS NULL)"
            " AND (content IS NOT NULL OR to_state IN ('draft', 'withdrawn'))",
            name="ck_draft_event_states",
        ),
        sa.CheckConstraint(
            "to_state NOT IN ('checked', 'submitted', 'approved') OR (required >= 1"
            " AND (statute = 0 OR required >= 2))",
            name="ck_draft_event_quorum",
        ),
        sa.CheckConstraint(
            "(kind NOT IN ('opened', 'edited', 'rebased', 'sent_back') OR to_state = 'draft')"
            " AND (kind NOT IN ('edited', 'rebased') OR from_state IN ('draft', 'checked', 'submitted', 'approved'))"
            " AND (kind <> 'sent_back' OR from_state IN ('submitted', 'approved'))",
            name="ck_draft_event_edits",
        ),
        sa.CheckConstraint(
            "(kind <> 'checked' OR (from_state IN ('draft', 'checked') AND to_state = 'checked'))"
            " AND (kind <> 'submitted' OR (from_state = 'checked' AND to_state = 'submitted'))"
            " AND (kind <> 'approved' OR (from_state = 'submitted' AND to_state IN ('submitted', 'approved')))"
            " AND (kind <> 'scheduled' OR (from_state = 'approved' AND to_state = 'scheduled'))"
            " AND (kind <> 'broke_glass' OR (from_state IN ('checked', 'submitted') AND to_state = 'scheduled'))"
            " AND (kind <> 'withdrawn' OR (from_state <> 'withdrawn' AND to_state = 'withdrawn'))"
            " AND (kind IN ('opened', 'edited', 'rebased', 'sent_back', 'checked', 'submitted',"
            " 'approved', 'scheduled', 'broke_glass', 'withdrawn') OR from_state = to_state)",
            name="ck_draft_event_moves",
        ),
    )
    op.create_index("ix_draft_event_number", "draft_event", ["draft_id", "number"], unique=True)


def _files() -> None:
    op.create_table(
        "draft_file",
        sa.Column("draft_id", _SORTED, primary_key=True),
        sa.Column("path", _SORTED, primary_key=True),
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=False),
        *_text("editor"),
        *_whole("recorded_at", "gone"),
        *_bytes("text"),
        sqlite_with_rowid=False,
    )


def _policies() -> None:
    op.create_table(
        "approval_policy",
        sa.Column("domain", _SORTED, primary_key=True),
        *_whole("required", "statute_required"),
        *_bytes("roles"),
        *_text("actor"),
        *_whole("recorded_at"),
        sqlite_with_rowid=False,
    )


def _activations() -> None:
    op.create_table(
        "activation",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_text("release"),
        *_whole("active_from"),
        *_text("kind", "actor"),
        *_whole("recorded_at"),
        *_text("draft", null=True),
        *_whole("cancels", null=True),
        *_text("reason"),
        sa.CheckConstraint(
            "kind IN ('started', 'published', 'broke_glass', 'rolled_back', 'imported', 'cancelled')"
            " AND (kind = 'cancelled') = (cancels IS NOT NULL)"
            " AND (kind NOT IN ('published', 'broke_glass') OR draft IS NOT NULL)",
            name="ck_activation_kind",
        ),
    )
    op.create_index("ix_activation_from", "activation", ["active_from"])


_SQLITE = (
    "CREATE TRIGGER draft_event_no_update BEFORE UPDATE ON draft_event"
    " BEGIN SELECT RAISE(ABORT, 'draft_event is append-only'); END",
    "CREATE TRIGGER draft_event_no_delete BEFORE DELETE ON draft_event"
    " BEGIN SELECT RAISE(ABORT, 'draft_event is append-only'); END",
    "CREATE TRIGGER draft_file_no_update BEFORE UPDATE ON draft_file"
    " BEGIN SELECT RAISE(ABORT, 'draft_file is append-only'); END",
    "CREATE TRIGGER draft_file_no_delete BEFORE DELETE ON draft_file"
    " BEGIN SELECT RAISE(ABORT, 'draft_file is append-only'); END",
    "CREATE TRIGGER activation_no_update BEFORE UPDATE ON activation"
    " BEGIN SELECT RAISE(ABORT, 'activation is append-only'); END",
    "CREATE TRIGGER activation_no_delete BEFORE DELETE ON activation"
    " BEGIN SELECT RAISE(ABORT, 'activation is append-only'); END",
    "CREATE TRIGGER draft_kept BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'draft is kept'); END",
    """
CREATE TRIGGER draft_event_follows BEFORE INSERT ON draft_event WHEN NEW.number > 1 AND NOT EXISTS (
SELECT 1 FROM draft_event p WHERE p.draft_id = NEW.draft_id AND p.number = NEW.number - 1 AND p.to_state = NEW.from_state
  AND (NEW.kind IN ('edited', 'rebased', 'sent_back', 'checked') OR (p.required = NEW.required AND p.statute = NEW.statute
    AND (p.content = NEW.content OR (p.content IS NULL AND NEW.content IS NULL))))
)
BEGIN SELECT RAISE(ABORT, 'draft_event: it does not follow the event before'); END
""",
    """
CREATE TRIGGER draft_event_persons BEFORE INSERT ON draft_event
WHEN NEW.kind = 'approved' AND (EXISTS (
SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft_id AND w.actor = NEW.actor
  AND w.kind IN ('opened', 'edited', 'rebased')
) OR EXISTS (SELECT 1
FROM draft_event a WHERE a.draft_id = NEW.draft_id AND a.kind = 'approved' AND a.number > (
  SELECT max(s.number) FROM draft_event s WHERE s.draft_id = NEW.draft_id AND s.kind = 'submitted')
 AND a.actor = NEW.actor)
  OR (NEW.to_state = 'approved' AND (SELECT count(DISTINCT a.actor)
FROM draft_event a WHERE a.draft_id = NEW.draft_id AND a.kind = 'approved' AND a.number > (
  SELECT max(s.number) FROM draft_event s WHERE s.draft_id = NEW.draft_id AND s.kind = 'submitted')
) + 1 < NEW.required))
  OR (NEW.kind = 'reviewed' AND (EXISTS (
SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft_id AND w.actor = NEW.actor
  AND w.kind IN ('opened', 'edited', 'rebased')
) OR EXISTS (SELECT 1 FROM draft_event b
    WHERE b.draft_id = NEW.draft_id AND b.kind = 'broke_glass' AND b.actor = NEW.actor)))
BEGIN SELECT RAISE(ABORT, 'draft_event: another person must approve'); END
""",
    """
CREATE TRIGGER activation_approved BEFORE INSERT ON activation
WHEN NEW.kind IN ('published', 'broke_glass') AND (NOT EXISTS (SELECT 1 FROM draft_event e
    WHERE e.draft_id = NEW.draft AND e.to_state = 'scheduled' AND e.content = NEW.release
      AND e.kind = CASE NEW.kind WHEN 'published' THEN 'scheduled' ELSE 'broke_glass' END)
    OR EXISTS (SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft AND w.kind = 'withdrawn')
    OR EXISTS (SELECT 1 FROM activation d WHERE d.draft = NEW.draft AND d.kind <> 'cancelled'))
  OR (NEW.kind = 'rolled_back' AND NOT EXISTS (SELECT 1 FROM activation a
    WHERE a.release = NEW.release AND a.kind <> 'cancelled' AND a.active_from <= NEW.active_from
      AND NOT EXISTS (SELECT 1 FROM activation c WHERE c.cancels = a.seq)))
  OR (NEW.kind = 'cancelled' AND NOT EXISTS (SELECT 1 FROM activation a
    WHERE a.seq = NEW.cancels AND a.release = NEW.release AND a.kind <> 'cancelled'))
BEGIN SELECT RAISE(ABORT, 'activation: nobody approved this'); END
""",
)
_POSTGRES = (
    "CREATE TRIGGER draft_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON draft_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER draft_file_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON draft_file"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER activation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activation"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER draft_kept BEFORE DELETE OR TRUNCATE ON draft"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    """
CREATE FUNCTION draft_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (
SELECT 1 FROM draft_event p WHERE p.draft_id = NEW.draft_id AND p.number = NEW.number - 1 AND p.to_state = NEW.from_state
  AND (NEW.kind IN ('edited', 'rebased', 'sent_back', 'checked') OR (p.required = NEW.required AND p.statute = NEW.statute
    AND (p.content = NEW.content OR (p.content IS NULL AND NEW.content IS NULL))))
) THEN
    RAISE EXCEPTION 'draft_event: it does not follow the event before' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'approved' AND (EXISTS (
SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft_id AND w.actor = NEW.actor
  AND w.kind IN ('opened', 'edited', 'rebased')
) OR EXISTS (SELECT 1
FROM draft_event a WHERE a.draft_id = NEW.draft_id AND a.kind = 'approved' AND a.number > (
  SELECT max(s.number) FROM draft_event s WHERE s.draft_id = NEW.draft_id AND s.kind = 'submitted')
 AND a.actor = NEW.actor)
  OR (NEW.to_state = 'approved' AND (SELECT count(DISTINCT a.actor)
FROM draft_event a WHERE a.draft_id = NEW.draft_id AND a.kind = 'approved' AND a.number > (
  SELECT max(s.number) FROM draft_event s WHERE s.draft_id = NEW.draft_id AND s.kind = 'submitted')
) + 1 < NEW.required))
  OR (NEW.kind = 'reviewed' AND (EXISTS (
SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft_id AND w.actor = NEW.actor
  AND w.kind IN ('opened', 'edited', 'rebased')
) OR EXISTS (SELECT 1 FROM draft_event b
    WHERE b.draft_id = NEW.draft_id AND b.kind = 'broke_glass' AND b.actor = NEW.actor))) THEN
    RAISE EXCEPTION 'draft_event: another person must approve' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER draft_event_follows BEFORE INSERT ON draft_event FOR EACH ROW EXECUTE FUNCTION draft_event_follows()",
    """
CREATE FUNCTION activation_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('published', 'broke_glass') AND (NOT EXISTS (SELECT 1 FROM draft_event e
    WHERE e.draft_id = NEW.draft AND e.to_state = 'scheduled' AND e.content = NEW.release
      AND e.kind = CASE NEW.kind WHEN 'published' THEN 'scheduled' ELSE 'broke_glass' END)
    OR EXISTS (SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft AND w.kind = 'withdrawn')
    OR EXISTS (SELECT 1 FROM activation d WHERE d.draft = NEW.draft AND d.kind <> 'cancelled'))
  OR (NEW.kind = 'rolled_back' AND NOT EXISTS (SELECT 1 FROM activation a
    WHERE a.release = NEW.release AND a.kind <> 'cancelled' AND a.active_from <= NEW.active_from
      AND NOT EXISTS (SELECT 1 FROM activation c WHERE c.cancels = a.seq)))
  OR (NEW.kind = 'cancelled' AND NOT EXISTS (SELECT 1 FROM activation a
    WHERE a.seq = NEW.cancels AND a.release = NEW.release AND a.kind <> 'cancelled')) THEN
    RAISE EXCEPTION 'activation: nobody approved this' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER activation_approved BEFORE INSERT ON activation FOR EACH ROW EXECUTE FUNCTION activation_approved()",
)
