"""Rows of tax as they are kept: under the key of whom was sold to, whatever names somebody among them.

A calculation is about the payer whom its request names, or about itself where it names none. A transaction and what goes back of
it are kept under the key of their calculation: whoever erases one erases all. Postings stay readable: they are accounts, of
places, rates and amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson

from engine.ledger._batch import Batch
from engine.ledger._bodies import DataKey, is_sealed, seal_parts
from engine.ledger._opened import KeptRow, Opener
from engine.ledger._vault import PAYER, REFERENCE, Ask
from engine.ledger.errors import BodyErased

CALCULATED: Final = "tax_calculation"
COMMITTED: Final = "tax_transaction"
REVERSED: Final = "tax_reversal"


class Said(NamedTuple):
    """What a row says of somebody. Where it is sealed the first body holds everything, the others are empty, and the reference is
    a pseudonym."""

    reference: str | None
    bodies: tuple[bytes, ...]


def subject_of(batch: Batch, calculation_id: str, payer_id: str | None) -> str:
    """Whom a calculation is about, by pseudonym. Raises LedgerLocked."""
    return calculation_id if payer_id is None else batch.vault.pseudonym(PAYER, payer_id)


def key_for(batch: Batch, calculation_id: str, facts: bytes) -> DataKey:
    """The key of whom a stored calculation is about. Raises BodyErased, LedgerLocked."""
    if is_sealed(facts):
        key = batch.key_of(facts)
        if key is None:
            raise BodyErased(f"the calculation {calculation_id}")
        return key
    # From before it was protected: what follows from it is kept under the key of whom it names.
    subject = subject_of(batch, calculation_id, _payer_in(facts))
    return batch.keys([subject])[subject]


def kept_under(batch: Batch, key: DataKey, table: str, row_id: str, said: Said) -> Said:
    """A row as it is kept under a key."""
    reference, bodies = said
    body = seal_parts(key, f"{table} {row_id}", (orjson.dumps(reference), *bodies))
    name = None if reference is None else batch.vault.pseudonym(REFERENCE, reference)
    return Said(name, (body, *(b"" for _ in bodies[1:])))


def read(opener: Opener, ask: Ask, table: str, kept: Sequence[tuple[str, Said]]) -> list[Said | None]:
    """What rows say, with their ids, in the words of the caller; None: whom one is about was erased.

    Raises LedgerLocked, LedgerCorrupt.
    """
    opener.vault.require()
    sealed = [KeptRow(f"{table} {row}", said.bodies[0], 1 + len(said.bodies)) for row, said in kept if _is_kept(said)]
    opened = iter(opener.rows(ask, sealed))
    return [_said(next(opened)) if _is_kept(said) else said for _, said in kept]


def _is_kept(said: Said) -> bool:
    return is_sealed(said.bodies[0])


def _said(parts: tuple[bytes, ...] | None) -> Said | None:
    return None if parts is None else Said(orjson.loads(parts[0]), parts[1:])


def _payer_in(facts: bytes) -> str | None:
    """Whom a request names as its payer. Nobody, where it cannot be read."""
    try:
        payer = orjson.loads(facts)["payer"]["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return payer if isinstance(payer, str) else None
