"""Seals where no note in the chain vouches for a row; a head that says only what the chain says; signatures, keys of those who
approve, releases that were brought here, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Of each table: the columns under the seal, and how many of them are the key.
_SEALED = {
    "answer": (2, ("scope", "key", "request_sha256", "decision_id", "answer", "recorded_at")),
    "onboarding_case": (1, ("id", "merchant", "stage", "country", "deadline")),
    "past_form": (1, ("id", "spec")),
    "onboarding_mark": (2, ("mark", "case_id")),
    "monitor": (1, ("name", "through", "mark", "holder", "held_until", "stumbled_at", "tries")),
    "obligation": (
        1,
        ("id", "decision_id", "recorded_at", "reference", "code", "domain", "who", "due", "due_at", "message"),
    ),
    "known_party": (2, ("subject_kind", "subject", "seq", "digest", "screened_by", "body")),
    "watched_event": (1, ("id", "seq", "at", "body")),
    "watched_subject": (4, ("subject_kind", "subject", "at", "event")),
}
_CHAINED = (
    "decision", "event", "note", "merchant", "tax_calculation", "tax_transaction", "tax_reversal", "tax_return",
    "onboarding_event",
)  # fmt: skip
_GUARDED = {"answer": ("answer_no_UPDATE", "answer_append_only"), "obligation": ("obligation_ends_once",) * 2}
"""Triggers that must stand aside while seals are written, on SQLite and on PostgreSQL."""
_MANY = 1000
_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Seal what is there as it is found: damage of before is not told by a seal made today."""
    _seals()
    _head()
    _signatures()
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _seals() -> None:
    connection = op.get_bind()
    postgres = connection.dialect.name == "postgresql"
    default = sa.text("''") if postgres else sa.text("x''")
    for table, (keys, columns) in _SEALED.items():
        op.add_column(table, sa.Column("seal", sa.LargeBinary(), nullable=False, server_default=default))
        aside, again = _guard(connection, table, postgres=postgres)
        _do(aside)
        _seal(connection, table, keys, columns)
        _do(again)


def _guard(connection: Any, table: str, *, postgres: bool) -> tuple[list[str], list[str]]:
    """What sets the guard of a table aside, and what brings it back."""
    if table not in _GUARDED:
        return [], []
    name = _GUARDED[table][postgres]
    if postgres:
        return [f"ALTER TABLE {table} DISABLE TRIGGER {name}"], [f"ALTER TABLE {table} ENABLE TRIGGER {name}"]
    (said,) = connection.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND lower(name) = lower(:name)"), {"name": name}
    ).one()
    return [f"DROP TRIGGER {name}"], [said]


def _do(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)


def _seal(connection: Any, table: str, keys: int, columns: tuple[str, ...]) -> None:
    where = " AND ".join(f"{name} = :k_{name}" for name in columns[:keys])
    put = sa.text(f"UPDATE {table} SET seal = :seal WHERE {where}")  # noqa: S608  names of ours
    found = connection.execute(sa.text(f"SELECT {', '.join(columns)} FROM {table}")).fetchall()  # noqa: S608  names of ours
    for start in range(0, len(found), _MANY):
        page = [
            {"seal": _seal_of(table, row), **{f"k_{name}": row[at] for at, name in enumerate(columns[:keys])}}
            for row in found[start : start + _MANY]
        ]
        connection.execute(put, page)


def _seal_of(table: str, row: Sequence[object]) -> bytes:
    plain = [bytes(one).hex() if isinstance(one, bytes | memoryview) else one for one in row]
    return sha256(orjson.dumps([table, *plain])).digest()


def _head() -> None:
    """`recorded_at` is that of the last row from now on, and `probed_at` nothing any more."""
    last = " UNION ALL ".join(f"SELECT seq, recorded_at FROM {table}" for table in _CHAINED)  # noqa: S608  names of ours
    found = f"coalesce((SELECT r.recorded_at FROM ({last}) r WHERE r.seq = head.seq), 0)"  # noqa: S608  names of ours
    op.execute(f"UPDATE head SET probed_at = 0, recorded_at = {found}")  # noqa: S608  names of ours


def _signatures() -> None:
    op.create_table(
        "release_signature",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("release", _SORTED, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        *_bytes("public_key", "statement", "signature"),
    )
    op.create_index("ix_release_signature_release", "release_signature", ["release", "seq"])
    op.create_table(
        "signing_key",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("holder", _SORTED, nullable=False),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        *_bytes("public_key"),
    )
    op.create_index("ix_signing_key_holder", "signing_key", ["holder", "seq"])
    op.create_table(
        "release_import",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("release", _SORTED, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", _WHOLE, nullable=False),
        *_bytes("public_key"),
    )
    op.create_index("ix_release_import_release", "release_import", ["release", "seq"])
    op.create_table(
        "checkpoint",
        sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("at", "head_seq", "recorded_at")),
        *_bytes("head_hash", "public_key", "statement", "signature"),
    )


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


_KEPT = ("release_signature", "signing_key", "release_import", "checkpoint")
# Put together of constants only. Whoever imported it does not put it in force.
_ALONE = """NEW.kind = 'imported' AND NOT EXISTS (SELECT 1 FROM release_import i
    WHERE i.release = NEW.release AND i.actor <> NEW.actor)"""
_SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in _KEPT
        for verb in ("update", "delete")
    ),
    f"""
CREATE TRIGGER activation_imported BEFORE INSERT ON activation WHEN {_ALONE}
BEGIN SELECT RAISE(ABORT, 'activation: another person must have imported this'); END
""",
)
_POSTGRES = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        for table in _KEPT
    ),
    f"""
CREATE FUNCTION activation_imported() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_ALONE} THEN
    RAISE EXCEPTION 'activation: another person must have imported this' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER activation_imported BEFORE INSERT ON activation FOR EACH ROW EXECUTE FUNCTION activation_imported()",
)
