"""What registers of tax numbers answered, and when: the proof that a number was looked up before it was relied on.

Kept as notes of the chain, so that date and consultation number cannot be put in afterwards. Under the special schemes evidence
is kept for ten years (Directive 2006/112/EC, Art. 369k, 369x): notes are never taken out.

A number may be a sole trader's, who is named by it. In a ledger that protects personal data a note holds a pseudonym of the
number, and what was answered under a key of the number's own; the number itself stands nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed, seal_parts
from engine.ledger._database import Database, Readers
from engine.ledger._opened import KeptRow, Opener
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import NUMBER, Vault
from engine.ledger._writer import Writer
from engine.ledger.entries import IdempotencyKey, KeyReused, Piece, Replayed

CONSULTED: Final = "tax_id.consulted"

_LATEST: Final = text(
    "SELECT at, payload FROM note WHERE kind = 'tax_id.consulted' AND subject IN (:subject, :plain) AND at >= :since"
    " ORDER BY seq DESC"
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

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer, self._vault, self._opener = readers, writer, vault, Opener(vault)
        self._latest = database.worded(_LATEST)

    async def keep(self, answer: Consultation) -> None:
        """Write an answer down. Returns when it is on the disk."""
        await self._writer.perform(lambda batch: _note(batch, answer))

    async def keep_answer(
        self, once: IdempotencyKey, pieces: Sequence[tuple[str, bytes]]
    ) -> Replayed | KeyReused | None:
        """Keep what was answered under an idempotency key; each piece with the number that it is about. Returns when it is on the
        disk."""

        def keep(batch: Batch) -> Replayed | KeyReused | None:
            return batch.claim(once, [Piece(batch.vault.pseudonym(NUMBER, number), said) for number, said in pieces])

        return await self._writer.perform(keep)

    def since(self, number: str, since: datetime) -> list[Consultation]:
        """Every answer about a number since an instant, whoever asked, the last one first; none that was erased. Blocks. Raises
        LedgerLocked."""
        name = self._vault.pseudonym(NUMBER, number)
        asked = {"subject": name, "plain": number, "since": to_micros(since)}
        rows = self._readers.rows(self._latest, asked)
        sealed = [KeptRow(_about(at), payload, 1) for at, payload in rows if is_sealed(payload)]
        opened = iter(self._opener.rows(self._readers.rows, sealed))
        told = [(at, next(opened) if is_sealed(payload) else (payload,)) for at, payload in rows]
        return [_read(number, at, *found) for at, found in told if found is not None]

    def latest(self, number: str, own: str | None, since: datetime) -> Consultation | None:
        """The last answer about a number since an instant that was given to the same asker. Blocks."""
        return next((one for one in self.since(number, since) if one.own == own), None)


def _note(batch: Batch, answer: Consultation) -> None:
    told = {
        "own": answer.own,
        "valid": answer.valid,
        "source": answer.source,
        "consultation_number": answer.consultation_number,
    }
    at, payload, subject = to_micros(answer.at), json.dumps(told, sort_keys=True).encode(), answer.number
    if batch.protects():
        subject = batch.vault.pseudonym(NUMBER, answer.number)
        payload = seal_parts(batch.keys([subject])[subject], _about(at), (payload,))
    batch.note(CONSULTED, subject, at, payload)


def _about(at: int) -> str:
    """What an answer belongs to, beside the number that its key is of."""
    return f"{CONSULTED} {at}"


def _read(number: str, at: int, payload: bytes) -> Consultation:
    told = json.loads(bytes(payload))
    return Consultation(
        number, told["own"], told["valid"], from_micros(at), told["source"], told["consultation_number"]
    )
