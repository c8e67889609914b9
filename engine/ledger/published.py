"""Exchange rates of publishers other than the European Central Bank, as they were loaded: a correction is a further row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.quotations import fingerprint
from engine.ledger.tables import PublishedRateRow
from engine.money import PublishedRate, PublisherTable

LOADED: Final = "rates.published"

_LATEST: Final = text("""
SELECT p.publisher, p.base, p.target, p.valid_from, p.valid_to, p.day, p.rate FROM published_rate p
WHERE p.recorded_at <= :known AND NOT EXISTS (
  SELECT 1 FROM published_rate later
  WHERE later.publisher = p.publisher AND later.base = p.base AND later.target = p.target
    AND later.valid_from = p.valid_from AND later.seq > p.seq AND later.recorded_at <= :known)
ORDER BY p.publisher, p.base, p.target, p.valid_from
""")
_NOTES: Final = text("SELECT subject, at, payload FROM note WHERE kind = 'rates.published' ORDER BY seq")


@dataclass(frozen=True, slots=True)
class PublisherLoad:
    """The last load of a publisher. `sha256`: of the file; `url`: where it is said to come from."""

    at: datetime
    sha256: str
    url: str | None


class PublishedRates:
    """The rates of other publishers in the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._latest, self._notes = map(database.worded, (_LATEST, _NOTES))

    def load(self, publisher: str, rows: Iterable[PublishedRate], *, sha256: str, url: str | None = None) -> int:
        """Keep what is new or differs from the last known. Returns how many rows that were. All or none. Waits for the disk.

        `sha256`: of the file that they were read from.
        """
        offered = {(row.base, row.target, row.start.isoformat()): _said(row) for row in rows}
        return self._writer.run(lambda batch: self._load(batch, publisher, offered, {"file": sha256, "url": url}))

    def tables(self, known_at: datetime | None = None) -> dict[str, PublisherTable]:
        """By publisher, as far as they were known then."""
        known = EVER if known_at is None else to_micros(known_at)
        found: dict[str, list[PublishedRate]] = {}
        for publisher, *columns in self._readers.rows(self._latest, {"known": known}):
            found.setdefault(publisher, []).append(_rate(columns))
        return {publisher: PublisherTable(rows, source=publisher) for publisher, rows in found.items()}

    def loads(self) -> dict[str, PublisherLoad]:
        """The last load of each publisher that brought anything new."""
        found = {}
        for publisher, at, payload in self._readers.rows(self._notes, {}):
            said = json.loads(payload)
            found[publisher] = PublisherLoad(from_micros(at), said["file"], said["url"])
        return found

    def _load(
        self,
        batch: Batch,
        publisher: str,
        offered: dict[tuple[str, str, str], tuple[str, str, str]],
        origin: dict[str, Any],
    ) -> int:
        known = {
            (base, target, start): (end, day, rate)
            for name, base, target, start, end, day, rate in batch.rows(self._latest, {"known": EVER})
            if name == publisher
        }
        fresh = sorted((*key, *said) for key, said in offered.items() if key not in known or _differ(known[key], said))
        if fresh:
            payload = {"rows": len(fresh), "sha256": fingerprint(fresh), **origin}
            seq = batch.note(LOADED, publisher, batch.now, json.dumps(payload, sort_keys=True).encode())
            rows = [(publisher, *key, seq, *said, batch.now) for *key, said in [(*row[:3], row[3:]) for row in fresh]]
            batch.insert(PublishedRateRow, rows)
        return len(fresh)


def _said(row: PublishedRate) -> tuple[str, str, str]:
    return row.end.isoformat(), row.on.isoformat(), str(row.rate)


def _differ(known: Sequence[str], said: Sequence[str]) -> bool:
    """Equal numbers are one rate, however many zeros they are written with."""
    return tuple(known[:2]) != tuple(said[:2]) or Decimal(known[2]) != Decimal(said[2])


def _rate(columns: Sequence[str]) -> PublishedRate:
    base, target, start, end, day, rate = columns
    return PublishedRate(
        date.fromisoformat(day), base, target, Decimal(rate), date.fromisoformat(start), date.fromisoformat(end)
    )
