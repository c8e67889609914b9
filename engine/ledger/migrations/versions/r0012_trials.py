"""Trials of releases: shadows, canaries, and what shadows counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make everything."""
    _events()
    _pieces()
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _WHOLE, nullable=False) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _events() -> None:
    op.create_table(
        "trial_event",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("trial_id", _SORTED, nullable=False),
        *_whole("number"),
        *_text("kind"),
        *_whole("at", "recorded_at"),
        *_text("actor", "trial_kind", "release"),
        *_text("draft", null=True),
        *_text("base"),
        *_whole("share"),
        *_text("cause", null=True),
        *_bytes("payload"),
        sa.CheckConstraint(
            "kind IN ('started', 'ended', 'withdrawn', 'superseded') AND trial_kind IN ('shadow', 'canary')"
            " AND number IN (1, 2) AND (number = 1) = (kind = 'started')",
            name="ck_trial_event_kind",
        ),
        sa.CheckConstraint(
            "share BETWEEN 0 AND 5000 AND (trial_kind = 'canary') = (share > 0)"
            " AND (trial_kind = 'shadow' OR draft IS NOT NULL) AND release <> base",
            name="ck_trial_event_share",
        ),
        sa.CheckConstraint(
            "(kind = 'withdrawn') = (cause IS NOT NULL) AND (kind <> 'withdrawn' OR trial_kind = 'canary')"
            " AND (kind IN ('withdrawn', 'superseded')) = (actor = 'system')",
            name="ck_trial_event_cause",
        ),
    )
    op.create_index("ix_trial_event_number", "trial_event", ["trial_id", "number"], unique=True)


def _pieces() -> None:
    op.create_table(
        "trial_piece",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("trial_id", _SORTED, nullable=False),
        *_whole("number", "after_seq", "upto_seq", "decisions", "differing", "recorded_at"),
        *_bytes("tally", "differences"),
        sa.CheckConstraint(
            "number >= 1 AND upto_seq > after_seq AND decisions >= 1 AND differing >= 0 AND differing <= decisions",
            name="ck_trial_piece",
        ),
    )
    op.create_index("ix_trial_piece_number", "trial_piece", ["trial_id", "number"], unique=True)


_KEPT = ("trial_event", "trial_piece")
# Put together of constants only: one condition, worded once for both stores.
_FOREIGN = """NEW.number = 2 AND NOT EXISTS (
SELECT 1 FROM trial_event p WHERE p.trial_id = NEW.trial_id AND p.number = 1 AND p.trial_kind = NEW.trial_kind
  AND p.release = NEW.release AND p.base = NEW.base AND p.share = NEW.share AND p.at <= NEW.at
  AND (p.draft = NEW.draft OR (p.draft IS NULL AND NEW.draft IS NULL)))"""
_UNKEPT = """NEW.number = 1 AND (NOT EXISTS (SELECT 1 FROM release r WHERE r.digest = NEW.release)
  OR NOT EXISTS (SELECT 1 FROM release r WHERE r.digest = NEW.base))"""
# The draft's last event must be about these very contents, and the voices since it was handed in must be as many as were wanted.
_UNAPPROVED = """NEW.number = 1 AND NEW.trial_kind = 'canary' AND (NOT EXISTS (
SELECT 1 FROM draft_event e WHERE e.draft_id = NEW.draft AND e.content = NEW.release
  AND e.to_state IN ('approved', 'scheduled') AND e.required >= 1
  AND e.number = (SELECT max(l.number) FROM draft_event l WHERE l.draft_id = e.draft_id)
  AND e.required <= (SELECT count(DISTINCT a.actor) FROM draft_event a WHERE a.draft_id = e.draft_id
    AND a.kind = 'approved' AND a.content = e.content AND a.number > (
      SELECT max(s.number) FROM draft_event s WHERE s.draft_id = e.draft_id AND s.kind = 'submitted'))
) OR EXISTS (
SELECT 1 FROM draft_event w WHERE w.draft_id = NEW.draft AND w.actor = NEW.actor
  AND w.kind IN ('opened', 'edited', 'rebased')
))"""
_UNCHECKED = """NEW.number = 1 AND NEW.trial_kind = 'shadow' AND NEW.draft IS NOT NULL AND NOT EXISTS (
SELECT 1 FROM draft_event e WHERE e.draft_id = NEW.draft AND e.content = NEW.release
  AND e.to_state IN ('checked', 'submitted', 'approved', 'scheduled')
  AND e.number = (SELECT max(l.number) FROM draft_event l WHERE l.draft_id = e.draft_id))"""
_SECOND = """NEW.number = 1 AND NEW.trial_kind = 'canary' AND EXISTS (
SELECT 1 FROM trial_event t WHERE t.trial_kind = 'canary' AND t.number = 1
  AND NOT EXISTS (SELECT 1 FROM trial_event o WHERE o.trial_id = t.trial_id AND o.number = 2))"""
_APART = """NOT EXISTS (
SELECT 1 FROM trial_event t WHERE t.trial_id = NEW.trial_id AND t.number = 1 AND t.trial_kind = 'shadow'
  AND NEW.after_seq = CASE WHEN NEW.number = 1 THEN t.seq ELSE (
    SELECT p.upto_seq FROM trial_piece p WHERE p.trial_id = NEW.trial_id AND p.number = NEW.number - 1) END
) OR EXISTS (
SELECT 1 FROM trial_event o WHERE o.trial_id = NEW.trial_id AND o.number = 2 AND NEW.upto_seq >= o.seq)"""
_REFUSED = (
    ("trial_event_follows", _FOREIGN, "trial_event: it does not follow the event before"),
    ("trial_event_kept", _UNKEPT, "trial_event: there is no such release"),
    ("trial_event_approved", _UNAPPROVED, "trial_event: nobody else approved this"),
    ("trial_event_checked", _UNCHECKED, "trial_event: this is not what was checked"),
    ("trial_event_alone", _SECOND, "trial_event: another canary is running"),
)
_SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in _KEPT
        for verb in ("update", "delete")
    ),
    *(
        f"CREATE TRIGGER {name} BEFORE INSERT ON trial_event WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        for name, wrong, why in _REFUSED
    ),
    f"CREATE TRIGGER trial_piece_follows BEFORE INSERT ON trial_piece WHEN {_APART}"
    " BEGIN SELECT RAISE(ABORT, 'trial_piece: it does not begin where the one before ended'); END",
)
_POSTGRES = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        for table in _KEPT
    ),
    # Every writer of the ledger holds the head: a hand that goes around them waits for it here, so that of two canaries that
    # begin at once the second sees the first.
    "\nCREATE FUNCTION trial_event_allowed() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
    "  PERFORM 1 FROM head WHERE id = 1 FOR UPDATE;\n"
    + "".join(
        f"  IF {wrong} THEN\n    RAISE EXCEPTION '{why}' USING ERRCODE = 'check_violation';\n  END IF;\n"
        for _, wrong, why in _REFUSED
    )
    + "  RETURN NEW;\nEND $$\n",
    "CREATE TRIGGER trial_event_allowed BEFORE INSERT ON trial_event FOR EACH ROW EXECUTE FUNCTION trial_event_allowed()",
    f"""
CREATE FUNCTION trial_piece_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_APART} THEN
    RAISE EXCEPTION 'trial_piece: it does not begin where the one before ended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER trial_piece_follows BEFORE INSERT ON trial_piece FOR EACH ROW EXECUTE FUNCTION trial_piece_follows()",
)
