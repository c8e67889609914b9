"""Decisions that held a payment or stopped it, in the order of the chain: what whoever follows them up reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.ledger._database import Database, Readers
from engine.ledger._opened import Kept, Opener
from engine.ledger._time import from_micros
from engine.ledger._vault import Vault


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

    def __init__(self, database: Database, readers: Readers, vault: Vault) -> None:
        self._readers, self._opener = readers, Opener(vault)
        self._head, self._next = map(database.worded, (_HEAD, _NEXT))

    def after(self, number: int, limit: int) -> tuple[tuple[StoppedPayment, ...], int]:
        """The next ones after a number of the chain, and the number up to which that is all of them. Of who was erased there is
        nothing to follow up."""
        # The head first: what is stored between the two looks lies above it, and is read the next time.
        head = max(number, int(self._readers.row(self._head)[0]))
        rows = self._readers.rows(self._next, {"after": number, "upto": head, "limit": limit})
        opened = self._opener.bodies(self._readers.rows, [Kept(row[1], row[4], row[5]) for row in rows])
        found = tuple(
            StoppedPayment(seq, identity, from_micros(at), outcome, bytes(one.facts), bytes(one.inputs))
            for (seq, identity, at, outcome, *_), one in zip(rows, opened, strict=True)
            if one is not None
        )
        return found, int(rows[-1][0]) if len(rows) == limit else head
