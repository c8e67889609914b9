"""The life of a tax (merchant, tax_calculation, tax_transaction, tax_reversal in the chain; tax_posting beside it), and the
triggers that keep what is given back within what was charged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_APPEND_ONLY = ("merchant", "tax_calculation", "tax_transaction", "tax_reversal", "tax_posting")


def upgrade() -> None:
    """Make everything; nothing that is there is touched."""
    _documents()
    _reversals()
    _postings()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name, null=True) for name in names]


def _id(name: str, reference: str | None = None, *, null: bool = False) -> sa.Column[str]:
    keys = [sa.ForeignKey(reference)] if reference else []
    return sa.Column(name, _SORTED, *keys, nullable=null)


def _number(name: str, *, null: bool = False, key: bool = False) -> sa.Column[int]:
    if key:
        return sa.Column(name, _WHOLE, primary_key=True, autoincrement=False)
    return sa.Column(name, _WHOLE, nullable=null)


def _bodies(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("prev", "hash", *names)]


def _documents() -> None:
    op.create_table(
        "merchant",
        _number("seq", key=True),
        _id("id"),
        *map(_number, ("version", "at", "recorded_at")),
        _text("key_id"),
        *_bodies("profile"),
    )
    op.create_index("ix_merchant_version", "merchant", ["id", "version"], unique=True)
    op.create_table(
        "tax_calculation",
        _number("seq", key=True),
        _id("id"),
        *map(_number, ("at", "recorded_at")),
        _text("key_id"),
        *_texts("reference", "merchant"),
        _number("profile_version", null=True),
        _text("verdict"),
        _number("valid_until"),
        _text("release"),
        *_bodies("facts", "inputs", "answer"),
    )
    op.create_index("ix_tax_calculation_id", "tax_calculation", ["id"], unique=True)


def _reversals() -> None:
    op.create_table(
        "tax_transaction",
        _number("seq", key=True),
        _id("id"),
        _id("calculation_id", "tax_calculation.id"),
        *map(_number, ("at", "recorded_at")),
        _text("key_id"),
        *_texts("reference", "merchant"),
        *map(_text, ("day", "currency")),
        *map(_number, ("digits", "net", "tax", "gross")),
        _text("release"),
        *_bodies("postings", "answer"),
        sa.CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax", name="ck_tax_transaction_sum"),
    )
    op.create_index("ix_tax_transaction_id", "tax_transaction", ["id"], unique=True)
    op.create_index("ix_tax_transaction_calculation", "tax_transaction", ["calculation_id"], unique=True)
    op.create_index("ix_tax_transaction_merchant", "tax_transaction", ["merchant", "day"])
    op.create_table(
        "tax_reversal",
        _number("seq", key=True),
        _id("id"),
        _id("transaction_id", "tax_transaction.id"),
        *map(_number, ("at", "recorded_at")),
        _text("key_id"),
        _text("reference", null=True),
        *map(_text, ("mode", "day")),
        *map(_number, ("net", "tax", "gross")),
        *_bodies("request", "postings", "answer"),
        sa.CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax AND gross > 0", name="ck_tax_reversal_sum"),
    )
    op.create_index("ix_tax_reversal_id", "tax_reversal", ["id"], unique=True)
    op.create_index("ix_tax_reversal_transaction", "tax_reversal", ["transaction_id"])


def _postings() -> None:
    op.create_table(
        "tax_posting",
        *(_number(name, key=True) for name in ("seq", "line", "part")),
        _text("line_id"),
        *_texts("country", "region", "origin", "destination", "kind"),
        _text("customer"),
        _number("platform"),
        _text("scheme", null=True),
        _text("treatment"),
        *_texts("component", "jurisdiction", "rate", "quantity"),
        *map(_number, ("net", "taxable", "tax", "gross")),
        _id("transaction_id", "tax_transaction.id"),
        _id("reversal_id", null=True),
        _text("merchant", null=True),
        _text("currency"),
        _number("digits"),
        *map(_text, ("day", "supply_day")),
        _number("recorded_at"),
        sa.CheckConstraint("net >= 0 AND taxable >= 0 AND tax >= 0 AND gross >= 0", name="ck_tax_posting_signs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tax_posting_transaction", "tax_posting", ["transaction_id", "line", "part"])
    original = sa.text("reversal_id IS NULL")
    op.create_index(
        "ix_tax_posting_original",
        "tax_posting",
        ["transaction_id", "line", "part"],
        unique=True,
        sqlite_where=original,
        postgresql_where=original,
    )
    op.create_index("ix_tax_posting_merchant", "tax_posting", ["merchant", "day"])
    op.create_index("ix_tax_posting_told", "tax_posting", ["merchant", "recorded_at"])


def _say(statement: str, **words: str) -> None:
    op.execute(sa.DDL(statement, context=words))  # type: ignore[no-untyped-call]


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _say(_NO_CHANGE, table=table, verb=verb)
    op.execute(_WITHIN_TRANSACTION)
    op.execute(_WITHIN_POSTING)


def _guard_postgres() -> None:
    for table in _APPEND_ONLY:
        _say(_APPEND_ONLY_GUARD, table=table)
    op.execute(_PG_TRANSACTION)
    op.execute(_PG_POSTING)
    _say(_PG_TRIGGER, table="tax_reversal", function="tax_reversal_is_within")
    _say(_PG_TRIGGER, table="tax_posting", function="tax_posting_is_within")


_NO_CHANGE = (
    "CREATE TRIGGER %(table)s_no_%(verb)s BEFORE %(verb)s ON %(table)s"
    " BEGIN SELECT RAISE(ABORT, '%(table)s is append-only'); END"
)
_APPEND_ONLY_GUARD = (
    "CREATE TRIGGER %(table)s_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
)

# SQLite: one writer at a time holds the whole store, so that what a trigger sums up is what will be committed.
_WITHIN_TRANSACTION = """
CREATE TRIGGER tax_reversal_within BEFORE INSERT ON tax_reversal
WHEN NOT EXISTS (
  SELECT 1 FROM tax_transaction t WHERE t.id = NEW.transaction_id
    AND t.net >= NEW.net + (SELECT coalesce(sum(r.net), 0) FROM tax_reversal r WHERE r.transaction_id = t.id)
    AND t.tax >= NEW.tax + (SELECT coalesce(sum(r.tax), 0) FROM tax_reversal r WHERE r.transaction_id = t.id))
BEGIN SELECT RAISE(ABORT, 'tax_reversal: more than was charged'); END
"""
_WITHIN_POSTING = """
CREATE TRIGGER tax_posting_within BEFORE INSERT ON tax_posting
WHEN NEW.reversal_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM tax_posting o
  WHERE o.transaction_id = NEW.transaction_id AND o.line = NEW.line AND o.part = NEW.part AND o.reversal_id IS NULL
    AND o.net >= NEW.net + (SELECT coalesce(sum(r.net), 0) FROM tax_posting r WHERE r.transaction_id = o.transaction_id
      AND r.line = o.line AND r.part = o.part AND r.reversal_id IS NOT NULL)
    AND o.taxable >= NEW.taxable + (SELECT coalesce(sum(r.taxable), 0) FROM tax_posting r
      WHERE r.transaction_id = o.transaction_id AND r.line = o.line AND r.part = o.part AND r.reversal_id IS NOT NULL)
    AND o.tax >= NEW.tax + (SELECT coalesce(sum(r.tax), 0) FROM tax_posting r WHERE r.transaction_id = o.transaction_id
      AND r.line = o.line AND r.part = o.part AND r.reversal_id IS NOT NULL)
    AND o.gross >= NEW.gross + (SELECT coalesce(sum(r.gross), 0) FROM tax_posting r
      WHERE r.transaction_id = o.transaction_id AND r.line = o.line AND r.part = o.part AND r.reversal_id IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'tax_posting: more than was charged'); END
"""

# PostgreSQL: several writers may stand in transactions of their own. The row of the original is locked first, and what others
# have committed meanwhile is read after the wait.
_PG_TRANSACTION = """
CREATE FUNCTION tax_reversal_is_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE charged tax_transaction; back_net numeric; back_tax numeric;
BEGIN
  SELECT * INTO charged FROM tax_transaction WHERE id = NEW.transaction_id FOR UPDATE;
  SELECT coalesce(sum(net), 0), coalesce(sum(tax), 0) INTO back_net, back_tax
    FROM tax_reversal WHERE transaction_id = NEW.transaction_id;
  IF charged.id IS NULL OR back_net + NEW.net > charged.net OR back_tax + NEW.tax > charged.tax THEN
    RAISE EXCEPTION 'tax_reversal: more than was charged' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
_PG_POSTING = """
CREATE FUNCTION tax_posting_is_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE o tax_posting; back_net numeric; back_taxable numeric; back_tax numeric; back_gross numeric;
BEGIN
  IF NEW.reversal_id IS NULL THEN RETURN NEW; END IF;
  PERFORM 1 FROM tax_transaction WHERE id = NEW.transaction_id FOR UPDATE;
  SELECT * INTO o FROM tax_posting WHERE transaction_id = NEW.transaction_id AND line = NEW.line AND part = NEW.part
    AND reversal_id IS NULL;
  SELECT coalesce(sum(net), 0), coalesce(sum(taxable), 0), coalesce(sum(tax), 0), coalesce(sum(gross), 0)
    INTO back_net, back_taxable, back_tax, back_gross FROM tax_posting
    WHERE transaction_id = NEW.transaction_id AND line = NEW.line AND part = NEW.part AND reversal_id IS NOT NULL;
  IF o.seq IS NULL OR back_net + NEW.net > o.net OR back_taxable + NEW.taxable > o.taxable
    OR back_tax + NEW.tax > o.tax OR back_gross + NEW.gross > o.gross THEN
    RAISE EXCEPTION 'tax_posting: more than was charged' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
_PG_TRIGGER = "CREATE TRIGGER %(function)s BEFORE INSERT ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(function)s()"
