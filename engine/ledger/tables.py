"""The tables of the ledger, as SQLModel classes: the one place where a column is named.

Instants are whole microseconds since 1970 in UTC, amounts and rates exact decimals in text, bodies the bytes that came.
`decision`, `event`, `note`, `merchant`, `tax_calculation`, `tax_transaction` and `tax_reversal` are the chain: they share one
numbering (`seq`), and each row holds the hash of the row before it (`prev`) and its own (`hash`). Rows are only ever added to
them, and to `answer`, `release`, `quotation` and `tax_posting`.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Text, text
from sqlmodel import Field, SQLModel

Whole: Final = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; SQLite wants the word INTEGER to make the key and the row number one."""
Sorted: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text whose order is that of its bytes, whatever the locale of the server."""

_BY_KEY: Final = {"sqlite_with_rowid": False}
# The key is the order on disk: one tree instead of a table and an index.


def _number(**more: Any) -> Any:
    return Field(sa_column=Column(Whole, **{"nullable": False, **more}))


def _text(**more: Any) -> Any:
    return Field(sa_column=Column(Text(), **{"nullable": False, **more}))


def _bytes(**more: Any) -> Any:
    return Field(sa_column=Column(LargeBinary(), **{"nullable": False, **more}))


def _seq() -> Any:
    return _number(primary_key=True, autoincrement=False)


class LedgerTable(SQLModel):
    """The root of all tables here, with metadata of its own: other rooms' models are not the ledger's business."""

    metadata = MetaData()


class DecisionRow(LedgerTable, table=True):
    """One answer that was given. Bodies stand last, so that the columns before them are read without their pages."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_id", "id", unique=True),
        Index(
            "ix_decision_reference",
            "reference",
            "id",
            sqlite_where=text("reference IS NOT NULL"),
            postgresql_where=text("reference IS NOT NULL"),
        ),
        # Few decisions state an authentication: history asks only for those.
        Index(
            "ix_decision_authenticated",
            "payer_id",
            "reference",
            sqlite_where=text("authenticated = 1"),
            postgresql_where=text("authenticated = 1"),
        ),
    )

    seq: int = _seq()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    at: int = _number()
    recorded_at: int = _number()
    key_id: str = _text()
    reference: str | None = _text(nullable=True)
    payer_id: str | None = _text(nullable=True)
    outcome: str = _text()
    country: str | None = _text(nullable=True)
    release: str = _text()
    instrument: str | None = _text(nullable=True)
    channel: str | None = _text(nullable=True)
    card: str | None = _text(nullable=True)
    occurred_at: int | None = _number(nullable=True)
    amount: str | None = _text(nullable=True)
    currency: str | None = _text(nullable=True)
    authenticated: int | None = _number(nullable=True)
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    facts: bytes = _bytes()
    inputs: bytes = _bytes()
    answer: bytes = _bytes()


class EventRow(LedgerTable, table=True):
    """What became of a decision. The columns from `payer_id` on repeat the decision's, so that history reads one table.

    `payment` names the payment among those of its payer: decisions with one reference are one payment.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_once", "decision_id", "kind", "at", unique=True),
        Index(
            "ix_event_executed",
            "payer_id",
            "instrument",
            "channel",
            "occurred_at",
            sqlite_where=text("kind IN ('authorised', 'captured')"),
            postgresql_where=text("kind IN ('authorised', 'captured')"),
        ),
        Index(
            "ix_event_reset",
            "payer_id",
            "instrument",
            "channel",
            "at",
            sqlite_where=text("kind = 'authenticated'"),
            postgresql_where=text("kind = 'authenticated'"),
        ),
        Index("ix_event_payment", "payer_id", "payment"),
    )

    seq: int = _seq()
    decision_id: str = Field(sa_column=Column(Sorted, ForeignKey("decision.id"), nullable=False))
    kind: str = _text()
    at: int = _number()
    recorded_at: int = _number()
    key_id: str | None = _text(nullable=True)
    payer_id: str | None = _text(nullable=True)
    reference: str | None = _text(nullable=True)
    payment: str = _text()
    instrument: str | None = _text(nullable=True)
    channel: str | None = _text(nullable=True)
    card: str | None = _text(nullable=True)
    occurred_at: int | None = _number(nullable=True)
    amount: str | None = _text(nullable=True)
    currency: str | None = _text(nullable=True)
    authenticated: int | None = _number(nullable=True)
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    details: bytes = _bytes()


class NoteRow(LedgerTable, table=True):
    """What else happened and must not be denied: keys made and revoked, releases put to use, rates loaded."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_kind", "kind", "subject"),)

    seq: int = _seq()
    kind: str = _text()
    subject: str = _text()
    at: int = _number()
    recorded_at: int = _number()
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    payload: bytes = _bytes()


class HeadRow(LedgerTable, table=True):
    """Where the chain ends. One row, read and moved inside each write transaction: two writers wait for one another."""

    __tablename__ = "head"

    id: int = _seq()
    seq: int = _number()
    hash: bytes = _bytes()
    recorded_at: int = _number()
    probed_at: int = _number()


class AnswerRow(LedgerTable, table=True):
    """Which decision, or which other answer, an idempotency key stands for."""

    __tablename__ = "answer"
    __table_args__ = _BY_KEY

    scope: str = _text(primary_key=True)
    key: str = _text(primary_key=True)
    request_sha256: bytes = _bytes()
    decision_id: str | None = _text(nullable=True)
    answer: bytes | None = _bytes(nullable=True)
    recorded_at: int = _number()


class ReleaseRow(LedgerTable, table=True):
    """The rules as they were applied, whole, by the digest that decisions name."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_seq", "seq", unique=True),)

    digest: str = _text(primary_key=True)
    seq: int = _number()
    version: str = _text()
    activated_at: int = _number()
    recorded_at: int = _number()
    canonical: bytes = _bytes()


class QuotationRow(LedgerTable, table=True):
    """A published exchange rate. A correction is a further row: the later `seq` holds, and the earlier is kept."""

    __tablename__ = "quotation"
    __table_args__ = _BY_KEY

    day: str = _text(primary_key=True)
    currency: str = _text(primary_key=True)
    seq: int = _number(primary_key=True, autoincrement=False)
    per_euro: str = _text()
    recorded_at: int = _number()


class KeyRow(LedgerTable, table=True):
    """An API key: everything about it except the secret, of which only the SHA-256 is kept."""

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_digest", "digest", unique=True),)

    id: str = _text(primary_key=True)
    name: str = _text()
    scopes: str = _text()
    digest: bytes = _bytes()
    created_at: int = _number()
    revoked_at: int | None = _number(nullable=True)


class MerchantRow(LedgerTable, table=True):
    """One version of a merchant's profile. The latest holds; calculations name the one they used."""

    __tablename__ = "merchant"
    __table_args__ = (Index("ix_merchant_version", "id", "version", unique=True),)

    seq: int = _seq()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    version: int = _number()
    at: int = _number()
    recorded_at: int = _number()
    key_id: str = _text()
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    profile: bytes = _bytes()


class TaxCalculationRow(LedgerTable, table=True):
    """One answer on tax, with all that reproduces it."""

    __tablename__ = "tax_calculation"
    __table_args__ = (Index("ix_tax_calculation_id", "id", unique=True),)

    seq: int = _seq()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    at: int = _number()
    recorded_at: int = _number()
    key_id: str = _text()
    reference: str | None = _text(nullable=True)
    merchant: str | None = _text(nullable=True)
    profile_version: int | None = _number(nullable=True)
    verdict: str = _text()
    valid_until: int = _number()
    release: str = _text()
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    facts: bytes = _bytes()
    inputs: bytes = _bytes()
    answer: bytes = _bytes()


class TaxTransactionRow(LedgerTable, table=True):
    """A tax that was charged: a calculation, committed once. Amounts are whole minor units, `digits` of them after the point."""

    __tablename__ = "tax_transaction"
    __table_args__ = (
        Index("ix_tax_transaction_id", "id", unique=True),
        Index("ix_tax_transaction_calculation", "calculation_id", unique=True),
        Index("ix_tax_transaction_merchant", "merchant", "day"),
        CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax", name="ck_tax_transaction_sum"),
    )

    seq: int = _seq()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    calculation_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_calculation.id"), nullable=False))
    at: int = _number()
    recorded_at: int = _number()
    key_id: str = _text()
    reference: str | None = _text(nullable=True)
    merchant: str | None = _text(nullable=True)
    day: str = _text()
    currency: str = _text()
    digits: int = _number()
    net: int = _number()
    tax: int = _number()
    gross: int = _number()
    release: str = _text()
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    postings: bytes = _bytes()
    answer: bytes = _bytes()


class TaxReversalRow(LedgerTable, table=True):
    """What was given back of a tax that was charged. A trigger keeps the sum of all within the original."""

    __tablename__ = "tax_reversal"
    __table_args__ = (
        Index("ix_tax_reversal_id", "id", unique=True),
        Index("ix_tax_reversal_transaction", "transaction_id"),
        CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax AND gross > 0", name="ck_tax_reversal_sum"),
    )

    seq: int = _seq()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    transaction_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_transaction.id"), nullable=False))
    at: int = _number()
    recorded_at: int = _number()
    key_id: str = _text()
    reference: str | None = _text(nullable=True)
    mode: str = _text()
    day: str = _text()
    net: int = _number()
    tax: int = _number()
    gross: int = _number()
    prev: bytes = _bytes()
    hash: bytes = _bytes()
    request: bytes = _bytes()
    postings: bytes = _bytes()
    answer: bytes = _bytes()


class TaxPostingRow(LedgerTable, table=True):
    """One tax on one line of a transaction, or of a reversal of it: what totals and returns are summed from.

    The chained row of the same `seq` holds the same postings as bytes, and so vouches for them. Of a reversal (`reversal_id`) the
    amounts are what went back; a trigger keeps their sum within the posting of the original.
    """

    __tablename__ = "tax_posting"
    __table_args__ = (
        Index("ix_tax_posting_transaction", "transaction_id", "line", "part"),
        # One original for each, or a second one would widen what may go back.
        Index(
            "ix_tax_posting_original",
            "transaction_id",
            "line",
            "part",
            unique=True,
            sqlite_where=text("reversal_id IS NULL"),
            postgresql_where=text("reversal_id IS NULL"),
        ),
        Index("ix_tax_posting_merchant", "merchant", "day"),
        CheckConstraint("net >= 0 AND taxable >= 0 AND tax >= 0 AND gross >= 0", name="ck_tax_posting_signs"),
        _BY_KEY,
    )

    seq: int = _seq()
    line: int = _number(primary_key=True, autoincrement=False)
    part: int = _number(primary_key=True, autoincrement=False)
    line_id: str = _text()
    country: str | None = _text(nullable=True)
    region: str | None = _text(nullable=True)
    origin: str | None = _text(nullable=True)
    destination: str | None = _text(nullable=True)
    kind: str | None = _text(nullable=True)
    customer: str = _text()
    platform: int = _number()
    scheme: str | None = _text(nullable=True)
    treatment: str = _text()
    component: str | None = _text(nullable=True)
    jurisdiction: str | None = _text(nullable=True)
    rate: str | None = _text(nullable=True)
    quantity: str | None = _text(nullable=True)
    net: int = _number()
    taxable: int = _number()
    tax: int = _number()
    gross: int = _number()
    transaction_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_transaction.id"), nullable=False))
    reversal_id: str | None = Field(sa_column=Column(Sorted, nullable=True))
    merchant: str | None = _text(nullable=True)
    currency: str = _text()
    digits: int = _number()
    day: str = _text()
    supply_day: str = _text()
    recorded_at: int = _number()


METADATA: Final = LedgerTable.metadata
APPEND_ONLY: Final = (
    "decision",
    "event",
    "note",
    "answer",
    "release",
    "quotation",
    "merchant",
    "tax_calculation",
    "tax_transaction",
    "tax_reversal",
    "tax_posting",
)
