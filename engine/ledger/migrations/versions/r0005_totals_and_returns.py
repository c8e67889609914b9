"""Running sums of sales (tax_total), kept by a trigger on tax_posting and made once from what is there; returns as they were
filed (tax_return, in the chain)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both, and sum up what is there."""
    _totals()
    _returns()
    op.execute(_SUM_UP)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_PG_FUNCTION)
        op.execute(
            "CREATE TRIGGER tax_posting_total AFTER INSERT ON tax_posting FOR EACH ROW EXECUTE FUNCTION tax_posting_total()"
        )
        op.execute(
            "CREATE TRIGGER tax_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_return"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )
        return
    op.execute(_SQLITE_TRIGGER)
    for verb in ("UPDATE", "DELETE"):
        _say(_NO_CHANGE, verb=verb)


def _say(statement: str, **words: str) -> None:
    op.execute(sa.DDL(statement, context=words))  # type: ignore[no-untyped-call]


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    if key:
        return sa.Column(name, _WHOLE, primary_key=True, autoincrement=False)
    return sa.Column(name, _WHOLE, nullable=False)


def _word_key(name: str) -> sa.Column[str]:
    return sa.Column(name, _SORTED, primary_key=True)


def _totals() -> None:
    op.create_table(
        "tax_total",
        _word_key("merchant"),
        _number("grain", key=True),
        *map(_word_key, ("period", "destination", "origin", "kind", "customer")),
        _number("platform", key=True),
        _word_key("currency"),
        _number("digits", key=True),
        *map(_number, ("sold", "back", "transactions")),
        sqlite_with_rowid=False,
    )


def _returns() -> None:
    op.create_table(
        "tax_return",
        _number("seq", key=True),
        sa.Column("id", _SORTED, nullable=False),
        *map(_number, ("at", "recorded_at")),
        _text("key_id"),
        _text("reference", null=True),
        sa.Column("merchant", _SORTED, nullable=False),
        *map(_text, ("scheme", "period", "first", "last")),
        _number("version"),
        _text("corrects", null=True),
        _number("upto"),
        *map(_text, ("digest", "release")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("prev", "hash", "documents", "answer")),
    )
    op.create_index("ix_tax_return_id", "tax_return", ["id"], unique=True)
    period = ["merchant", "scheme", "first", "last", "version"]
    op.create_index("ix_tax_return_period", "tax_return", period, unique=True)


_NO_CHANGE = (
    "CREATE TRIGGER tax_return_no_%(verb)s BEFORE %(verb)s ON tax_return"
    " BEGIN SELECT RAISE(ABORT, 'tax_return is append-only'); END"
)
_SUM_UP = """
INSERT INTO tax_total (merchant, grain, period, destination, origin, kind, customer, platform, currency, digits, sold, back,
  transactions)
SELECT merchant, length(period), period, destination, origin, kind, customer, platform, currency, digits, sum(sold), sum(back),
  sum(transactions)
FROM (
  SELECT p.merchant, substr(p.day, 1, g.grain) AS period, coalesce(p.destination, '') AS destination,
    coalesce(p.origin, '') AS origin, coalesce(p.kind, '') AS kind, p.customer, p.platform, p.currency, p.digits,
    CASE WHEN p.reversal_id IS NULL THEN p.net ELSE 0 END AS sold, CASE WHEN p.reversal_id IS NULL THEN 0 ELSE p.net END AS back,
    CASE WHEN p.reversal_id IS NULL AND NOT EXISTS (SELECT 1 FROM tax_posting e
      WHERE e.transaction_id = p.transaction_id AND e.part = 0 AND e.reversal_id IS NULL AND e.line < p.line
        AND coalesce(e.destination, '') = coalesce(p.destination, '')) THEN 1 ELSE 0 END AS transactions
  FROM tax_posting p CROSS JOIN (SELECT 4 AS grain UNION ALL SELECT 7 UNION ALL SELECT 10) g
  WHERE p.part = 0 AND p.merchant IS NOT NULL) s
GROUP BY merchant, period, destination, origin, kind, customer, platform, currency, digits
"""
# Lines are booked in their order, so that the first of a transaction for a destination is the one that is counted.
_SQLITE_TRIGGER = """
CREATE TRIGGER tax_posting_total AFTER INSERT ON tax_posting WHEN NEW.part = 0 AND NEW.merchant IS NOT NULL
BEGIN
  INSERT INTO tax_total (merchant, grain, period, destination, origin, kind, customer, platform, currency, digits, sold, back,
    transactions)
  SELECT NEW.merchant, g.grain, substr(NEW.day, 1, g.grain), coalesce(NEW.destination, ''), coalesce(NEW.origin, ''),
    coalesce(NEW.kind, ''), NEW.customer, NEW.platform, NEW.currency, NEW.digits,
    CASE WHEN NEW.reversal_id IS NULL THEN NEW.net ELSE 0 END, CASE WHEN NEW.reversal_id IS NULL THEN 0 ELSE NEW.net END,
    CASE WHEN NEW.reversal_id IS NULL AND NOT EXISTS (SELECT 1 FROM tax_posting e
    WHERE e.transaction_id = NEW.transaction_id AND e.part = 0 AND e.reversal_id IS NULL AND e.line < NEW.line
      AND coalesce(e.destination, '') = coalesce(NEW.destination, '')) THEN 1 ELSE 0 END
  FROM (SELECT 4 AS grain UNION ALL SELECT 7 UNION ALL SELECT 10) g WHERE 1 = 1
  ON CONFLICT (merchant, grain, period, destination, origin, kind, customer, platform, currency, digits) DO UPDATE SET
    sold = tax_total.sold + excluded.sold, back = tax_total.back + excluded.back,
    transactions = tax_total.transactions + excluded.transactions;
END
"""
_PG_FUNCTION = """
CREATE FUNCTION tax_posting_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.part <> 0 OR NEW.merchant IS NULL THEN RETURN NULL; END IF;
  INSERT INTO tax_total (merchant, grain, period, destination, origin, kind, customer, platform, currency, digits, sold, back,
    transactions)
  SELECT NEW.merchant, g.grain, substr(NEW.day, 1, g.grain), coalesce(NEW.destination, ''), coalesce(NEW.origin, ''),
    coalesce(NEW.kind, ''), NEW.customer, NEW.platform, NEW.currency, NEW.digits,
    CASE WHEN NEW.reversal_id IS NULL THEN NEW.net ELSE 0 END, CASE WHEN NEW.reversal_id IS NULL THEN 0 ELSE NEW.net END,
    CASE WHEN NEW.reversal_id IS NULL AND NOT EXISTS (SELECT 1 FROM tax_posting e
    WHERE e.transaction_id = NEW.transaction_id AND e.part = 0 AND e.reversal_id IS NULL AND e.line < NEW.line
      AND coalesce(e.destination, '') = coalesce(NEW.destination, '')) THEN 1 ELSE 0 END
  FROM (SELECT 4 AS grain UNION ALL SELECT 7 UNION ALL SELECT 10) g WHERE 1 = 1
  ON CONFLICT (merchant, grain, period, destination, origin, kind, customer, platform, currency, digits) DO UPDATE SET
    sold = tax_total.sold + excluded.sold, back = tax_total.back + excluded.back,
    transactions = tax_total.transactions + excluded.transactions;
  RETURN NULL;
END $$
"""
