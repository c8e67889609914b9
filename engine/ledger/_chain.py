"""The hash chain: what is hashed of a row, and how.

    hash = SHA-256( prev | length(envelope) envelope | length(part) part | ... )

`prev` is the hash of the row before (32 zero bytes before the first). Lengths are 8 bytes, big-endian. The envelope is
the compact JSON array of the table's name and of all columns that are not bytes, in their order; the parts are the
columns that are, except `prev` and `hash`. Python's own `json` writes the same envelope, so that nobody needs this
package to check a ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

import orjson
from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

from engine.ledger.onboarding_tables import OnboardingEventRow
from engine.ledger.tables import DecisionRow, EventRow, NoteRow
from engine.ledger.tax_tables import MerchantRow, TaxCalculationRow, TaxReturnRow, TaxReversalRow, TaxTransactionRow

GENESIS: Final = bytes(32)
"""What the first row names as its predecessor."""

# hashlib lets go of the interpreter lock for 2048 bytes and more. For a few microseconds of work the writer would
# then wait up to a whole switch interval to get it back, once for each row.
_QUIET_BYTES: Final = 2047
_LOUD_BYTES: Final = 65_536


class Head(NamedTuple):
    """A place in the chain: kept outside the ledger, it proves later that nothing up to it was changed or cut off."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """The inverse of `str`. Raises ValueError for anything else."""
        seq, _, digest = text.strip().partition(":")
        head = cls(int(seq), bytes.fromhex(digest))
        if len(head.hash) != len(GENESIS) or head.seq < 0:
            raise ValueError(f"Not a place in a chain: {text!r}")
        return head


@dataclass(frozen=True, slots=True)
class Chained:
    """A table of the chain: which of its columns make the envelope, and which are parts."""

    table: type[SQLModel]
    name: str
    envelope: tuple[str, ...]
    parts: tuple[str, ...]


def _chained(table: type[SQLModel]) -> Chained:
    columns = table.__table__.columns  # type: ignore[attr-defined]
    bodies = tuple(column.name for column in columns if isinstance(column.type, LargeBinary))
    envelope = tuple(column.name for column in columns if column.name not in bodies)
    order = (*envelope, "prev", "hash", *(name for name in bodies if name not in {"prev", "hash"}))
    # INVARIANT: the writer builds rows as envelope, prev, hash, parts.
    assert tuple(column.name for column in columns) == order, table
    return Chained(table, str(table.__tablename__), envelope, order[len(envelope) + 2 :])


DECISION: Final = _chained(DecisionRow)
EVENT: Final = _chained(EventRow)
NOTE: Final = _chained(NoteRow)
MERCHANT: Final = _chained(MerchantRow)
CALCULATION: Final = _chained(TaxCalculationRow)
TRANSACTION: Final = _chained(TaxTransactionRow)
REVERSAL: Final = _chained(TaxReversalRow)
RETURN: Final = _chained(TaxReturnRow)
ONBOARDING: Final = _chained(OnboardingEventRow)
CHAINED: Final = (DECISION, EVENT, NOTE, MERCHANT, CALCULATION, TRANSACTION, REVERSAL, RETURN, ONBOARDING)


def link(prev: bytes, envelope: tuple[object, ...], *parts: bytes) -> bytes:
    """The hash of a row. `envelope` begins with the name of its table."""
    written = orjson.dumps(envelope)
    digest = sha256(prev + len(written).to_bytes(8, "big") + written)
    for part in parts:
        size = len(part)
        digest.update(size.to_bytes(8, "big"))
        if size <= _QUIET_BYTES or size > _LOUD_BYTES:
            digest.update(part)
        else:
            for start in range(0, size, _QUIET_BYTES):
                digest.update(part[start : start + _QUIET_BYTES])
    return digest.digest()
