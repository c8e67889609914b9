"""The table that stored decisions are searched by: one narrow row each, worked out from the chain and beside it."""

from __future__ import annotations

from sqlalchemy import Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, whole, words

_PAYER = text("payer IS NOT NULL")


class DecisionSearchRow(LedgerTable, table=True):
    """What is asked of a decision by whoever looks for it. Its bodies stay where they are."""

    __tablename__ = "decision_search"
    __table_args__ = (
        Index("ix_decision_search_seq", "seq", unique=True),
        # Whose decisions they are is asked by whoever reckons what may be erased.
        Index("ix_decision_search_payer", "payer", "at", "id", sqlite_where=_PAYER, postgresql_where=_PAYER),
        BY_KEY,
    )

    at: int = whole(primary_key=True, autoincrement=False)
    id: str = Field(sa_column=Column(Sorted, primary_key=True))
    seq: int = whole()
    outcome: str = words()
    reference: str | None = words(nullable=True)
    payer: str | None = words(nullable=True)
    merchant: str | None = words(nullable=True)
    amount: str | None = words(nullable=True)
    size: str | None = Field(sa_column=Column(Sorted, nullable=True))
    """The amount, written so that it sorts as text."""
    currency: str | None = words(nullable=True)
    release: str = words()
    terms: str = words()
    """Words with a space before and after each: what was stated, what was found."""
