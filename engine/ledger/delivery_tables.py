"""The tables of what is told to other systems and to people: where alerts go, what is to go there, and every attempt.

Where they go and what waits changes, and is sealed; attempts are only added to, and a note in the chain vouches for each. No
secret stands in any of them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, numbered, sealing, whole, words

DELIVERY_CHECKS: Final = {
    "ck_delivery_state": "state IN ('waiting', 'delivered', 'dead')",
    "ck_delivery_ended": "(state = 'waiting') = (ended_at = 0)",
}
"""The constraints, by name; the migration has them word by word."""


def _sorted(*, primary_key: bool = False) -> str:
    found: str = Field(sa_column=Column(Sorted, primary_key=primary_key, nullable=False))
    return found


class DestinationRow(LedgerTable, table=True):
    """Where alerts go. `fingerprint`: of its address and secrets; `through`: the note of the chain up to which alerts were queued
    for it; `off_at`: since when nothing is sent there, nought: it is."""

    __tablename__ = "delivery_destination"
    __table_args__ = (BY_KEY,)

    name: str = _sorted(primary_key=True)
    kind: str = words()
    address: str = words()
    fingerprint: str = words()
    known_at: int = whole()
    through: int = whole()
    off_at: int = whole()
    why: str = words()
    seal: bytes = sealing()


class DeliveryRow(LedgerTable, table=True):
    """An alert for a destination, once. Instants in microseconds; nought: never, or not yet."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_once", "alert", "destination", unique=True),
        Index("ix_delivery_due", "destination", "state", "next_at"),
        *(CheckConstraint(said, name=name) for name, said in DELIVERY_CHECKS.items()),
        BY_KEY,
    )

    id: str = _sorted(primary_key=True)
    alert: str = _sorted()
    destination: str = _sorted()
    state: str = words()
    tries: int = whole()
    queued_at: int = whole()
    next_at: int = whole()
    ended_at: int = whole()
    holder: str = words()
    held_until: int = whole()
    seal: bytes = sealing()


class AttemptRow(LedgerTable, table=True):
    """One attempt. `outcome`: delivered, failed, dead or gone; `status`: what the other side answered, nought: nothing."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (Index("ix_delivery_attempt_number", "delivery", "number", unique=True),)

    seq: int = numbered()
    delivery: str = _sorted()
    number: int = whole()
    at: int = whole()
    recorded_at: int = whole()
    outcome: str = words()
    status: int = whole()
    milliseconds: int = whole()
    detail: str = words()
