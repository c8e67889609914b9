"""What was read of publications: whose turn each is, readings, changes of the law with their steps, marks, stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEPT = ("feed_reading", "change_step")


def upgrade() -> None:
    """Make everything."""
    _readings()
    _changes()
    _marks()
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for table in _KEPT:
        for statement in _POSTGRES_KEPT if on_postgres else _SQLITE_KEPT:
            op.execute(statement.replace("{table}", table))
    for statement in _POSTGRES if on_postgres else _SQLITE:
        op.execute(statement)


def _readings() -> None:
    op.create_table(
        "feed_work",
        sa.Column("item", _WHOLE, primary_key=True, autoincrement=False),
        *_sorted("source"),
        *_text("state", "holder"),
        *_whole("held_until", "tries", "since", "next_at"),
        *_text("fault"),
        *_whole("reading"),
        *_bytes("seal"),
        sa.CheckConstraint(
            "state IN ('waiting', 'irrelevant', 'change', 'failed') AND (state = 'waiting' OR holder = '')",
            name="ck_feed_work_state",
        ),
    )
    op.create_index("ix_feed_work_state", "feed_work", ["state", "item"])
    op.create_index("ix_feed_work_next", "feed_work", ["state", "next_at", "item"])
    op.create_table(
        "feed_reading",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_whole("item"),
        *_sorted("reader", "release"),
        *_whole("recorded_at", "relevance", "relevant"),
        *_bytes("sketch", "body"),
    )
    op.create_index("ix_feed_reading_item", "feed_reading", ["item", "reader", "release"], unique=True)


def _changes() -> None:
    op.create_table(
        "law_change",
        sa.Column("id", _SORTED, primary_key=True),
        *_whole("number"),
        *_text("state"),
        *_whole("item", "reading"),
        *_text("source", "publisher", "title", "search", "status", "jurisdiction", "domains", "change_type"),
        *_sorted("effective", null=True),
        *_whole("draftable"),
        *_text("confidence"),
        *_text("assignee", "draft", null=True),
        *_sorted("merged_into", null=True),
        *_text("corrects", null=True),
        *_whole("opened_at", "updated_at"),
        *_bytes("evidence"),
    )
    op.create_index("ix_law_change_item", "law_change", ["item"], unique=True)
    op.create_index("ix_law_change_state", "law_change", ["state", "id"])
    op.create_index("ix_law_change_effective", "law_change", ["effective", "id"])
    op.create_index("ix_law_change_into", "law_change", ["merged_into"])
    op.create_table(
        "change_step",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *_sorted("change_id"),
        *_whole("number"),
        *_text("kind"),
        *_whole("at", "recorded_at"),
        *_text("actor"),
        *_text("from_state", null=True),
        *_text("to_state", "status"),
        *_text("draft", null=True),
        *_text("reason", "release"),
        *_bytes("payload"),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind IN ('found',"
            " 'brought_back'))",
            name="ck_change_step_number",
        ),
        sa.CheckConstraint(
            "to_state IN ('new', 'assigned', 'drafted', 'dismissed', 'merged', 'done', 'superseded') AND"
            " (to_state <> 'drafted' OR draft IS NOT NULL)",
            name="ck_change_step_states",
        ),
        sa.CheckConstraint(
            "kind <> 'drafted' OR (status IN ('adopted', 'in_force_scheduled', 'in_force') AND draft IS NOT NULL)",
            name="ck_change_step_law",
        ),
        sa.CheckConstraint(
            "kind NOT IN ('brought_back', 'commented', 'dismissed', 'merged', 'reopened') OR length(reason) > 0",
            name="ck_change_step_reason",
        ),
        sa.CheckConstraint(
            "(actor = 'system') = (kind IN ('found', 'joined', 'merged_alike', 'superseded', 'corrected',"
            " 'reread', 'released', 'draft_withdrawn', 'parted'))",
            name="ck_change_step_machine",
        ),
        sa.CheckConstraint(
            "(kind NOT IN ('found', 'brought_back') OR to_state = 'new') AND (kind <> 'assigned' OR (from_state"
            " IN ('new', 'assigned') AND to_state IN ('new', 'assigned'))) AND (kind <> 'drafted' OR (from_state"
            " IN ('new', 'assigned') AND to_state = 'drafted')) AND (kind <> 'dismissed' OR (from_state IN"
            " ('new', 'assigned') AND to_state = 'dismissed')) AND (kind NOT IN ('merged', 'merged_alike') OR"
            " (from_state IN ('new', 'assigned') AND to_state = 'merged')) AND (kind <> 'superseded' OR"
            " (from_state IN ('new', 'assigned') AND to_state = 'superseded')) AND (kind <> 'released' OR"
            " (from_state = 'drafted' AND to_state = 'done')) AND (kind <> 'draft_withdrawn' OR (from_state ="
            " 'drafted' AND to_state IN ('new', 'assigned'))) AND (kind <> 'reopened' OR (from_state IN"
            " ('dismissed', 'merged', 'superseded', 'done') AND to_state IN ('new', 'assigned'))) AND (kind NOT"
            " IN ('commented', 'joined', 'parted', 'corrected', 'reread') OR from_state = to_state)",
            name="ck_change_step_moves",
        ),
    )
    op.create_index("ix_change_step_number", "change_step", ["change_id", "number"], unique=True)


def _marks() -> None:
    op.create_table(
        "change_mark",
        sa.Column("mark", _SORTED, primary_key=True),
        sa.Column("item", _WHOLE, primary_key=True, autoincrement=False),
        *_bytes("seal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ingest_stage",
        sa.Column("stage", _SORTED, primary_key=True),
        *_whole("ran_at", "number", "failed", "middle", "high", "longest", "total"),
        *_bytes("seal"),
        sqlite_with_rowid=False,
    )


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _sorted(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, _SORTED, nullable=null) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


_SQLITE_KEPT = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_SQLITE = (
    "CREATE TRIGGER law_change_kept BEFORE DELETE ON law_change BEGIN SELECT RAISE(ABORT, 'law_change is kept'); END",
    "CREATE TRIGGER law_change_item BEFORE UPDATE OF id, item, source, opened_at ON law_change"
    " WHEN NEW.id <> OLD.id OR NEW.item <> OLD.item OR NEW.source <> OLD.source OR NEW.opened_at <> OLD.opened_at"
    " BEGIN SELECT RAISE(ABORT, 'law_change: what it was read of stays'); END",
    "CREATE TRIGGER change_step_follows BEFORE INSERT ON change_step WHEN NEW.number > 1 AND NOT EXISTS ("
    "SELECT 1 FROM change_step p WHERE p.change_id = NEW.change_id AND p.number = NEW.number - 1"
    " AND p.to_state = NEW.from_state)"
    " BEGIN SELECT RAISE(ABORT, 'change_step: it does not follow the step before'); END",
)
_POSTGRES_KEPT = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
)
_POSTGRES = (
    "CREATE TRIGGER law_change_kept BEFORE DELETE OR TRUNCATE ON law_change"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    """
CREATE FUNCTION law_change_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.item <> OLD.item OR NEW.source <> OLD.source OR NEW.opened_at <> OLD.opened_at THEN
    RAISE EXCEPTION 'law_change: what it was read of stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER law_change_item BEFORE UPDATE ON law_change FOR EACH ROW EXECUTE FUNCTION law_change_item()",
    """
CREATE FUNCTION change_step_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (SELECT 1 FROM change_step p WHERE p.change_id = NEW.change_id
    AND p.number = NEW.number - 1 AND p.to_state = NEW.from_state) THEN
    RAISE EXCEPTION 'change_step: it does not follow the step before' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER change_step_follows BEFORE INSERT ON change_step"
    " FOR EACH ROW EXECUTE FUNCTION change_step_follows()",
)
