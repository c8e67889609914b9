"""Decisions that held a payment or stopped it, in the order of the chain: what whoever follows them up reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros


@dataclass(frozen=True, slots=True)
class StoppedPayment:
    """A decision that was no way free: what was asked, and what it was decided by."""

    seq: int
    id: str
    at: datetime
    outcome: str
    """review | block"""
    facts: bytes
    inputs: bytes


_HEAD: Final = text("SELECT seq FROM head WHERE id = 1")
_NEXT: Final = text(
    "SELECT seq, id, at, outcome, facts, inputs FROM decision"
    " WHERE seq > :after AND seq <= :upto AND outcome IN ('review', 'block') ORDER BY seq LIMIT :limit"
)


class Stopped:
    """The decisions of the ledger that held or stopped a payment."""

    def __init__(self, database: Database, readers: Readers) -> None:
        self._readers = readers
        self._head, self._next = map(database.worded, (_HEAD, _NEXT))

    def after(self, number: int, limit: int) -> tuple[tuple[StoppedPayment, ...], int]:
        """The next ones after a number of the chain, and the number up to which that is all of them."""
        # The head first: what is stored between the two looks lies above it, and is read the next time.
        head = max(number, int(self._readers.row(self._head)[0]))
        rows = self._readers.rows(self._next, {"after": number, "upto": head, "limit": limit})
        found = tuple(
            StoppedPayment(seq, identity, from_micros(at), outcome, bytes(facts), bytes(inputs))
            for seq, identity, at, outcome, facts, inputs in rows
        )
        return found, found[-1].seq if len(found) == limit else head
