"""The table of obligations: what decisions asked somebody to do, and whether it is done.

It repeats what the answers in the chain say, so that it can be listed and counted; how each ended is a note of the chain too.
A row is added with its decision, ended once, and never changed otherwise: the database itself refuses anything else.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, sealing, whole, words

_OPEN = text("ended_at IS NULL")

NO_DAY: Final = 2**62
"""`due_at` of what has no day of its own: it sorts after everything that has, and is never overdue."""


class ObligationRow(LedgerTable, table=True):
    """One obligation of one decision. `id` is the decision's with the place in its list, so that it sorts by time."""

    __tablename__ = "obligation"
    __table_args__ = (
        Index("ix_obligation_decision", "decision_id"),
        # What is open is looked for by its day, again and again; what ended is only read by its id.
        Index("ix_obligation_open", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(sa_column=Column(Sorted, primary_key=True))
    decision_id: str = Field(sa_column=Column(Sorted, nullable=False))
    recorded_at: int = whole()
    reference: str | None = words(nullable=True)
    code: str = words()
    domain: str = words()
    who: str = words()
    due: str | None = words(nullable=True)
    due_at: int = whole()
    message: str = words()
    ended_at: int | None = whole(nullable=True)
    ended_as: str | None = words(nullable=True)
    ended_by: str | None = words(nullable=True)
    ended_note: str | None = words(nullable=True)
    seal: bytes = sealing()
