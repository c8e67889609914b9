"""The table of rules that the circuit breaker has held back: which release was made of which, and by what numbers.

It is only added to, and a note in the chain vouches for each row. The database itself refuses an activation of the kind `demoted`
but of a signed release that stands here as made of the one in force.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, body, numbered, whole, words


class DemotionRow(LedgerTable, table=True):
    """A release with one rule more that is held back. `body`: JSON, why and by what numbers."""

    __tablename__ = "demotion"
    __table_args__ = (
        Index("ix_demotion_release", "release", unique=True),
        CheckConstraint("release <> base", name="ck_demotion_base"),
    )

    seq: int = numbered()
    release: str = Field(sa_column=Column(Sorted, nullable=False))
    base: str = words()
    pack: str = words()
    rule: str = words()
    recorded_at: int = whole()
    body: bytes = body()
