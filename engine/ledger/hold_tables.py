"""The table of legal holds: what must not be erased, on whose word, and who lifted it.

A note in the chain vouches for each row. A hold is never deleted, what it says never changes, and the database itself refuses
that it is lifted by whoever set it, or twice.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, whole, words

_STANDS: Final = text("lifted_at IS NULL")
HOLD_CHECKS: Final = {
    "ck_legal_hold_kind": "kind IN ('subject', 'decision', 'merchant')",
    "ck_legal_hold_lifted": "(lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL) = (lift_reason IS NULL)",
    "ck_legal_hold_persons": "lifted_by IS NULL OR lifted_by <> set_by",
}
"""The constraints, by name; the migration has them word by word."""


class LegalHoldRow(LedgerTable, table=True):
    """A hold. `kind` says what `target` is: the id of a payer, of a decision or of a merchant."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index("ix_legal_hold_standing", "kind", "target", sqlite_where=_STANDS, postgresql_where=_STANDS),
        *(CheckConstraint(said, name=name) for name, said in HOLD_CHECKS.items()),
    )

    id: str = Field(sa_column=Column(Sorted, primary_key=True))
    kind: str = words()
    target: str = Field(sa_column=Column(Sorted, nullable=False))
    reason: str = words()
    authority: str = words()
    reference: str = words()
    set_by: str = words()
    set_at: int = whole()
    lifted_by: str | None = words(nullable=True)
    lifted_at: int | None = whole(nullable=True)
    lift_reason: str | None = words(nullable=True)
