"""The chain (decision, event, note, head), and what stands beside it: answer, release, quotation, api_key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_EXECUTED = sa.text("kind IN ('authorised', 'captured')")
_RESET = sa.text("kind = 'authenticated'")
_APPEND_ONLY = ("decision", "event", "note", "answer", "release", "quotation")


def upgrade() -> None:
    """Make everything."""
    _chain()
    _beside()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, _WHOLE, nullable=null)


def _bytes(name: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", _WHOLE, primary_key=True, autoincrement=False)


def _payment() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        _text("instrument", null=True),
        _text("channel", null=True),
        _text("card", null=True),
        _number("occurred_at", null=True),
        _text("amount", null=True),
        _text("currency", null=True),
        _number("authenticated", null=True),
    ]


def _chain() -> None:
    op.create_table(
        "decision",
        _seq(),
        sa.Column("id", _SORTED, nullable=False),
        _number("at"),
        _number("recorded_at"),
        _text("key_id"),
        _text("reference", null=True),
        _text("payer_id", null=True),
        _text("outcome"),
        _text("country", null=True),
        _text("release"),
        *_payment(),
        *map(_bytes, ("prev", "hash", "facts", "inputs", "answer")),
    )
    op.create_index("ix_decision_id", "decision", ["id"], unique=True)
    _partial("ix_decision_reference", "decision", ["reference", "id"], sa.text("reference IS NOT NULL"))
    _partial("ix_decision_authenticated", "decision", ["payer_id", "reference"], sa.text("authenticated = 1"))
    op.create_table(
        "event",
        _seq(),
        sa.Column("decision_id", _SORTED, sa.ForeignKey("decision.id"), nullable=False),
        _text("kind"),
        _number("at"),
        _number("recorded_at"),
        _text("key_id", null=True),
        _text("payer_id", null=True),
        _text("reference", null=True),
        _text("payment"),
        *_payment(),
        *map(_bytes, ("prev", "hash", "details")),
    )
    op.create_index("ix_event_once", "event", ["decision_id", "kind", "at"], unique=True)
    _partial("ix_event_executed", "event", ["payer_id", "instrument", "channel", "occurred_at"], _EXECUTED)
    _partial("ix_event_reset", "event", ["payer_id", "instrument", "channel", "at"], _RESET)
    op.create_index("ix_event_payment", "event", ["payer_id", "payment"])
    op.create_table(
        "note",
        _seq(),
        _text("kind"),
        _text("subject"),
        _number("at"),
        _number("recorded_at"),
        *map(_bytes, ("prev", "hash", "payload")),
    )
    op.create_index("ix_note_kind", "note", ["kind", "subject"])
    head = op.create_table(
        "head",
        sa.Column("id", _WHOLE, primary_key=True, autoincrement=False),
        _number("seq"),
        _bytes("hash"),
        _number("recorded_at"),
        _number("probed_at"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": bytes(32), "recorded_at": 0, "probed_at": 0}])


def _beside() -> None:
    op.create_table(
        "answer",
        sa.Column("scope", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _bytes("request_sha256"),
        _text("decision_id", null=True),
        _bytes("answer", null=True),
        _number("recorded_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release",
        sa.Column("digest", sa.Text(), primary_key=True),
        _number("seq"),
        _text("version"),
        _number("activated_at"),
        _number("recorded_at"),
        _bytes("canonical"),
    )
    op.create_index("ix_release_seq", "release", ["seq"], unique=True)
    op.create_table(
        "quotation",
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("currency", sa.Text(), primary_key=True),
        _seq(),
        _text("per_euro"),
        _number("recorded_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), primary_key=True),
        _text("name"),
        _text("scopes"),
        _bytes("digest"),
        _number("created_at"),
        _number("revoked_at", null=True),
    )
    op.create_index("ix_api_key_digest", "api_key", ["digest"], unique=True)


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _say(statement: str, **words: str) -> None:
    op.execute(sa.DDL(statement, context=words))  # type: ignore[no-untyped-call]


def _guard_sqlite() -> None:
    """Refuse UPDATE and DELETE.

    An INSERT OR REPLACE by hand would delete without a word: a trigger on INSERT could refuse that too, but any such
    trigger doubles the time a decision takes to store. The audit of the chain finds it.
    """
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _say(_NO_CHANGE, table=table, verb=verb)


def _guard_postgres() -> None:
    """Refuse UPDATE, DELETE and TRUNCATE."""
    op.execute(_REFUSE)
    for table in _APPEND_ONLY:
        _say(_APPEND_ONLY_GUARD, table=table)


_NO_CHANGE = (
    "CREATE TRIGGER %(table)s_no_%(verb)s BEFORE %(verb)s ON %(table)s"
    " BEGIN SELECT RAISE(ABORT, '%(table)s is append-only'); END"
)
_REFUSE = (
    "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    " END $$"
)
_APPEND_ONLY_GUARD = (
    "CREATE TRIGGER %(table)s_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
)
