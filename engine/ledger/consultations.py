"""What registers of tax numbers answered, and when: the proof that a number was looked up before it was relied on.

Kept as notes of the chain, so that date and consultation number cannot be put in afterwards. Under the special schemes evidence
is kept for ten years (Directive 2006/112/EC, Art. 369k, 369x): notes are never taken out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._writer import Writer

CONSULTED: Final = "tax_id.consulted"

_LATEST: Final = text(
    "SELECT at, payload FROM note WHERE kind = 'tax_id.consulted' AND subject = :subject AND at >= :since ORDER BY seq DESC"
)


@dataclass(frozen=True, slots=True)
class Consultation:
    """One answer of a register. `number` and `own` with their prefix; `own` is who asked, where that was told."""

    number: str
    own: str | None
    valid: bool
    at: datetime
    source: str
    consultation_number: str | None = None
    """The register's own word that it was asked: VIES gives one to who names its own number."""


class Consultations:
    """The answers in the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._latest = database.worded(_LATEST)

    async def keep(self, answer: Consultation) -> None:
        """Write an answer down. Returns when it is on the disk."""
        await self._writer.perform(lambda batch: _note(batch, answer))

    def since(self, number: str, since: datetime) -> list[Consultation]:
        """Every answer about a number since an instant, whoever asked, the last one first. Blocks."""
        rows = self._readers.rows(self._latest, {"subject": number, "since": to_micros(since)})
        return [_read(number, at, payload) for at, payload in rows]

    def latest(self, number: str, own: str | None, since: datetime) -> Consultation | None:
        """The last answer about a number since an instant that was given to the same asker. Blocks."""
        return next((one for one in self.since(number, since) if one.own == own), None)


def _note(batch: Batch, answer: Consultation) -> None:
    payload = {
        "own": answer.own,
        "valid": answer.valid,
        "source": answer.source,
        "consultation_number": answer.consultation_number,
    }
    batch.note(CONSULTED, answer.number, to_micros(answer.at), json.dumps(payload, sort_keys=True).encode())


def _read(number: str, at: int, payload: bytes) -> Consultation:
    told = json.loads(bytes(payload))
    return Consultation(
        number, told["own"], told["valid"], from_micros(at), told["source"], told["consultation_number"]
    )
