"""The tables of tax, as SQLModel classes: merchants, calculations, transactions, reversals, and the postings they are made of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, text
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, numbered, whole, words


class MerchantRow(LedgerTable, table=True):
    """One version of a merchant's profile. The latest holds; calculations name the one they used."""

    __tablename__ = "merchant"
    __table_args__ = (Index("ix_merchant_version", "id", "version", unique=True),)

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    version: int = whole()
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    prev: bytes = body()
    hash: bytes = body()
    profile: bytes = body()


class TaxCalculationRow(LedgerTable, table=True):
    """One answer on tax, with all that reproduces it."""

    __tablename__ = "tax_calculation"
    __table_args__ = (
        Index("ix_tax_calculation_id", "id", unique=True),
        # Mark and key of a sealed body: by this whatever is kept under a key is found.
        Index("ix_tax_calculation_key", text("substr(facts, 1, 13)")),
    )

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    reference: str | None = words(nullable=True)
    merchant: str | None = words(nullable=True)
    profile_version: int | None = whole(nullable=True)
    verdict: str = words()
    valid_until: int = whole()
    release: str = words()
    prev: bytes = body()
    hash: bytes = body()
    facts: bytes = body()
    inputs: bytes = body()
    answer: bytes = body()


class TaxTransactionRow(LedgerTable, table=True):
    """A tax that was charged: a calculation, committed once. Amounts are whole minor units, `digits` of them after the point."""

    __tablename__ = "tax_transaction"
    __table_args__ = (
        Index("ix_tax_transaction_id", "id", unique=True),
        Index("ix_tax_transaction_calculation", "calculation_id", unique=True),
        Index("ix_tax_transaction_merchant", "merchant", "day"),
        Index(
            "ix_tax_transaction_reference",
            "reference",
            "day",
            sqlite_where=text("reference IS NOT NULL"),
            postgresql_where=text("reference IS NOT NULL"),
        ),
        CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax", name="ck_tax_transaction_sum"),
    )

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    calculation_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_calculation.id"), nullable=False))
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    reference: str | None = words(nullable=True)
    merchant: str | None = words(nullable=True)
    day: str = words()
    currency: str = words()
    digits: int = whole()
    net: int = whole()
    tax: int = whole()
    gross: int = whole()
    release: str = words()
    prev: bytes = body()
    hash: bytes = body()
    postings: bytes = body()
    answer: bytes = body()


class TaxReversalRow(LedgerTable, table=True):
    """What was given back of a tax that was charged. A trigger keeps the sum of all within the original."""

    __tablename__ = "tax_reversal"
    __table_args__ = (
        Index("ix_tax_reversal_id", "id", unique=True),
        Index("ix_tax_reversal_transaction", "transaction_id"),
        CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax AND gross > 0", name="ck_tax_reversal_sum"),
    )

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    transaction_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_transaction.id"), nullable=False))
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    reference: str | None = words(nullable=True)
    mode: str = words()
    day: str = words()
    net: int = whole()
    tax: int = whole()
    gross: int = whole()
    prev: bytes = body()
    hash: bytes = body()
    request: bytes = body()
    postings: bytes = body()
    answer: bytes = body()


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
        Index("ix_tax_posting_told", "merchant", "recorded_at"),
        CheckConstraint("net >= 0 AND taxable >= 0 AND tax >= 0 AND gross >= 0", name="ck_tax_posting_signs"),
        BY_KEY,
    )

    seq: int = numbered()
    line: int = whole(primary_key=True, autoincrement=False)
    part: int = whole(primary_key=True, autoincrement=False)
    line_id: str = words()
    country: str | None = words(nullable=True)
    region: str | None = words(nullable=True)
    origin: str | None = words(nullable=True)
    destination: str | None = words(nullable=True)
    kind: str | None = words(nullable=True)
    customer: str = words()
    platform: int = whole()
    scheme: str | None = words(nullable=True)
    treatment: str = words()
    component: str | None = words(nullable=True)
    jurisdiction: str | None = words(nullable=True)
    rate: str | None = words(nullable=True)
    quantity: str | None = words(nullable=True)
    net: int = whole()
    taxable: int = whole()
    tax: int = whole()
    gross: int = whole()
    transaction_id: str = Field(sa_column=Column(Sorted, ForeignKey("tax_transaction.id"), nullable=False))
    reversal_id: str | None = Field(sa_column=Column(Sorted, nullable=True))
    merchant: str | None = words(nullable=True)
    currency: str = words()
    digits: int = whole()
    day: str = words()
    supply_day: str = words()
    recorded_at: int = whole()


class TaxTotalRow(LedgerTable, table=True):
    """A running sum of one merchant's sales in one direction over a day, a month or a year; what thresholds are held against.

    Kept by a trigger on `tax_posting`, whoever writes, and compared with the postings by the audit. `grain` is the length of
    `period`: 4 a year, 7 a month, 10 a day. What a posting leaves open (`NULL`) is empty text here, so that it can be a key.
    `transactions` counts a transaction once for each destination.
    """

    __tablename__ = "tax_total"
    __table_args__ = (BY_KEY,)

    merchant: str = Field(sa_column=Column(Sorted, primary_key=True))
    grain: int = whole(primary_key=True, autoincrement=False)
    period: str = Field(sa_column=Column(Sorted, primary_key=True))
    destination: str = Field(sa_column=Column(Sorted, primary_key=True))
    origin: str = Field(sa_column=Column(Sorted, primary_key=True))
    kind: str = Field(sa_column=Column(Sorted, primary_key=True))
    customer: str = Field(sa_column=Column(Sorted, primary_key=True))
    platform: int = whole(primary_key=True, autoincrement=False)
    currency: str = Field(sa_column=Column(Sorted, primary_key=True))
    digits: int = whole(primary_key=True, autoincrement=False)
    sold: int = whole()
    back: int = whole()
    transactions: int = whole()


class TaxReturnRow(LedgerTable, table=True):
    """A return as it was filed. `upto` is the last row of the chain that it was drawn from; `version` counts corrected ones."""

    __tablename__ = "tax_return"
    __table_args__ = (
        Index("ix_tax_return_id", "id", unique=True),
        Index("ix_tax_return_period", "merchant", "scheme", "first", "last", "version", unique=True),
    )

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    reference: str | None = words(nullable=True)
    merchant: str = Field(sa_column=Column(Sorted, nullable=False))
    scheme: str = words()
    period: str = words()
    first: str = words()
    last: str = words()
    version: int = whole()
    corrects: str | None = words(nullable=True)
    upto: int = whole()
    digest: str = words()
    release: str = words()
    prev: bytes = body()
    hash: bytes = body()
    documents: bytes = body()
    answer: bytes = body()
