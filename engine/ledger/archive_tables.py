"""The table of what was taken out of the ledger, since it lies in an archive."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, whole, words

SPAN: Final = "archived_span"


class ArchivedSpanRow(LedgerTable, table=True):
    """One month of the chain whose decisions were taken out. A note in the chain vouches for the row.

    `prev` and `hash` are those before its first row and of its last one. All rows but decisions stay, and the decisions that
    `kept` lists (`engine.ledger._spans`): `stayed` counts them, `stayed_sha256` is over their numbers and hashes. `until` is the
    instant at which the month was over; `place` is where its archive lay, for people.
    """

    __tablename__ = SPAN
    __table_args__ = (
        Index("ix_archived_span_to", "to_seq", unique=True),
        CheckConstraint("from_seq >= 1 AND to_seq >= from_seq AND taken >= 0", name="ck_archived_span"),
        BY_KEY,
    )

    month: str = Field(sa_column=Column(Sorted, primary_key=True))
    from_seq: int = whole()
    to_seq: int = whole()
    prev: bytes = body()
    hash: bytes = body()
    manifest: str = words()
    """SHA-256 of the statement of its manifest."""
    place: str = words()
    until: int = whole()
    taken: int = whole()
    stayed: int = whole()
    recorded_at: int = whole()
    stayed_sha256: str = words()
    kept: bytes = body()
