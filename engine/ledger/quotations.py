"""Published exchange rates as they were loaded: a correction is a further row, and nothing is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import EVER, to_micros
from engine.ledger._writer import Writer
from engine.ledger.tables import QuotationRow
from engine.money import RateRow

LOADED: Final = "rates.loaded"

_LATEST: Final = text("""
SELECT q.day, q.currency, q.per_euro FROM quotation q
WHERE q.recorded_at <= :known AND NOT EXISTS (
  SELECT 1 FROM quotation later
  WHERE later.day = q.day AND later.currency = q.currency AND later.seq > q.seq AND later.recorded_at <= :known)
ORDER BY q.day, q.currency
""")


class Quotations:
    """The rates of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._latest = database.worded(_LATEST)

    def load(self, rows: Iterable[tuple[date, str, Decimal]]) -> int:
        """Keep what is new or differs from the last known. Returns how many rows that were. All or none."""
        # Within one load the last word on a day holds, as it would in two.
        offered = {(day.isoformat(), currency): str(rate) for day, currency, rate in rows}
        return self._writer.run(lambda batch: self._load(batch, offered))

    def latest(self, known_at: datetime | None = None) -> Iterator[RateRow]:
        """Each day's rates, as far as they were known then."""
        known = EVER if known_at is None else to_micros(known_at)
        for day, currency, per_euro in self._readers.rows(self._latest, {"known": known}):
            yield RateRow(date.fromisoformat(day), currency, Decimal(per_euro))

    def _load(self, batch: Batch, offered: dict[tuple[str, str], str]) -> int:
        known = {(day, currency): rate for day, currency, rate in batch.rows(self._latest, {"known": EVER})}
        # Equal numbers are one rate, however many zeros they are written with.
        fresh = sorted(
            (*key, rate) for key, rate in offered.items() if key not in known or Decimal(known[key]) != Decimal(rate)
        )
        if fresh:
            payload = {"rows": len(fresh), "sha256": fingerprint(fresh)}
            seq = batch.note(LOADED, "EUR", batch.now, json.dumps(payload, sort_keys=True).encode())
            batch.insert(QuotationRow, [(day, currency, seq, rate, batch.now) for day, currency, rate in fresh])
        return len(fresh)


def fingerprint(rows: Iterable[Sequence[str]]) -> str:
    """The SHA-256 of rates in the order of day and currency: the chain vouches for the rates through it."""
    digest = sha256()
    for row in rows:
        digest.update(json.dumps(row, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()
