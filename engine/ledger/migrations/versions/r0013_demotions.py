"""Rules that the circuit breaker holds back, and activations that put the release in force which does so."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KIND = (
    "kind IN ('started', 'published', 'broke_glass', 'rolled_back', 'imported', 'demoted', 'cancelled')"
    " AND (kind = 'cancelled') = (cancels IS NOT NULL)"
    " AND (kind NOT IN ('published', 'broke_glass') OR draft IS NOT NULL)"
    " AND (kind <> 'demoted' OR (actor = 'system' AND draft IS NULL))"
)


def upgrade() -> None:
    """Make the table, and let activations be of one kind more."""
    op.create_table(
        "demotion",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("release", _SORTED, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("base", "pack", "rule")),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("release <> base", name="ck_demotion_base"),
    )
    op.create_index("ix_demotion_release", "demotion", ["release"], unique=True)
    connection = op.get_bind()
    statements: tuple[str, ...] = _SQLITE
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE activation DROP CONSTRAINT ck_activation_kind")
        op.execute(f"ALTER TABLE activation ADD CONSTRAINT ck_activation_kind CHECK ({_KIND})")
        statements = _POSTGRES
    else:
        _again(connection)
    for statement in statements:
        op.execute(statement)


def _again(connection: Any) -> None:
    """SQLite changes no constraint: the table is made anew, and its triggers with it."""
    triggers = connection.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'activation' ORDER BY name")
    ).fetchall()
    with op.batch_alter_table("activation", recreate="always") as table:
        table.create_check_constraint("ck_activation_kind", _KIND)
    for (said,) in triggers:
        op.execute(said)


_LOOSE = """NEW.kind = 'demoted' AND (NOT EXISTS (SELECT 1 FROM demotion d
    JOIN release_signature s ON s.release = d.release
    WHERE d.release = NEW.release AND d.base = (SELECT a.release FROM activation a
      WHERE a.kind <> 'cancelled' AND a.active_from <= NEW.active_from
        AND NOT EXISTS (SELECT 1 FROM activation c WHERE c.cancels = a.seq)
      ORDER BY a.active_from DESC, a.seq DESC LIMIT 1))
  OR EXISTS (SELECT 1 FROM activation o WHERE o.kind = 'demoted' AND o.release = NEW.release))"""
_UNKEPT = """NOT EXISTS (SELECT 1 FROM release r WHERE r.digest = NEW.release)
  OR NOT EXISTS (SELECT 1 FROM release r WHERE r.digest = NEW.base)"""
_SQLITE = (
    *(
        f"CREATE TRIGGER demotion_no_{verb} BEFORE {verb.upper()} ON demotion"
        " BEGIN SELECT RAISE(ABORT, 'demotion is append-only'); END"
        for verb in ("update", "delete")
    ),
    f"""
CREATE TRIGGER demotion_kept BEFORE INSERT ON demotion WHEN {_UNKEPT}
BEGIN SELECT RAISE(ABORT, 'demotion: a release is not kept here'); END
""",
    f"""
CREATE TRIGGER activation_demoted BEFORE INSERT ON activation WHEN {_LOOSE}
BEGIN SELECT RAISE(ABORT, 'activation: it is not what is in force with one rule held back'); END
""",
)
_POSTGRES = (
    "CREATE TRIGGER demotion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON demotion"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    f"""
CREATE FUNCTION demotion_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_UNKEPT} THEN
    RAISE EXCEPTION 'demotion: a release is not kept here' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER demotion_kept BEFORE INSERT ON demotion FOR EACH ROW EXECUTE FUNCTION demotion_kept()",
    f"""
CREATE FUNCTION activation_demoted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_LOOSE} THEN
    RAISE EXCEPTION 'activation: it is not what is in force with one rule held back' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER activation_demoted BEFORE INSERT ON activation FOR EACH ROW EXECUTE FUNCTION activation_demoted()",
)
