"""Returns as they were filed: each once, unless it corrects the one before it, with everything that was in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._chain import RETURN
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import IdempotencyKey, Page, Stored, Written
from engine.postings import Filed

_FILED: Final = text(
    "SELECT id, period, first, last, version, upto, at FROM tax_return WHERE merchant = :merchant AND scheme = :scheme"
    " ORDER BY seq"
)
_RETURN: Final = text(
    "SELECT seq, id, at, merchant, scheme, period, version, digest, release, answer FROM tax_return WHERE id = :id"
)
_PAGE: Final = text(
    "SELECT seq, id, at, merchant, scheme, period, version, digest, release, answer FROM tax_return"
    " WHERE merchant = :merchant AND seq > :after ORDER BY seq LIMIT :limit"
)
_PLACE: Final = text("SELECT seq FROM head WHERE id = 1")
_SEQ: Final = text("SELECT seq FROM tax_return WHERE id = :id AND merchant = :merchant")


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """A return to be filed."""

    id: str
    at: datetime
    key_id: str
    reference: str | None
    merchant: str
    scheme: str
    period: str
    first: date
    last: date
    version: int
    corrects: str | None
    """The id of the return of the same period that it takes the place of."""
    upto: int
    """The last row of the chain that it was drawn from."""
    digest: str
    release: str
    documents: bytes
    """Ids of the transactions and reversals in it, as JSON."""
    answer: bytes


class StoredReturn(NamedTuple):
    """A return as it was filed."""

    seq: int
    id: str
    at: datetime
    merchant: str
    scheme: str
    period: str
    version: int
    digest: str
    release: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another return of this merchant and scheme was filed meanwhile: nothing was stored."""


class Returns:
    """The returns of the ledger that were filed."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._filed, self._return, self._page = map(database.worded, (_FILED, _RETURN, _PAGE))
        self._place, self._seq = map(database.worded, (_PLACE, _SEQ))

    def place(self) -> int:
        """The last row of the chain at this moment."""
        row = self._readers.row(self._place)
        return int(row[0])

    def filed(self, merchant: str, scheme: str) -> tuple[Filed, ...]:
        """What was filed of a merchant and a scheme, in the order in which it was."""
        rows = self._readers.rows(self._filed, {"merchant": merchant, "scheme": scheme})
        return tuple(
            Filed(
                name, label, date.fromisoformat(first), date.fromisoformat(last), version, upto, from_micros(at).date()
            )
            for name, label, first, last, version, upto, at in rows
        )

    def file(
        self, entry: ReturnEntry, known: Sequence[Filed], once: IdempotencyKey | None = None
    ) -> Written | Overtaken:
        """Store a return, worked out when `known` was all that had been filed. Waits for the disk."""
        before = [one.id for one in known]

        def store(batch: Batch) -> Written | Overtaken:
            given = None if once is None else batch.known(once)
            if given is not None:
                return given
            rows = batch.rows(self._filed, {"merchant": entry.merchant, "scheme": entry.scheme})
            if [row[0] for row in rows] != before:
                return Overtaken()
            if once is not None:
                batch.claim(once, entry.answer)
            envelope = (
                entry.id,
                to_micros(entry.at),
                batch.now,
                entry.key_id,
                entry.reference,
                entry.merchant,
                entry.scheme,
                entry.period,
                entry.first.isoformat(),
                entry.last.isoformat(),
                entry.version,
                entry.corrects,
                entry.upto,
                entry.digest,
                entry.release,
            )
            return Stored(batch.chain(RETURN, envelope, entry.documents, entry.answer))

        return self._writer.run(store)

    def one(self, return_id: str) -> StoredReturn | None:
        """The return with this id."""
        row = self._readers.row(self._return, {"id": return_id})
        return None if row is None else _stored(row)

    def page(self, merchant: str, *, limit: int, after: str | None) -> Page[StoredReturn]:
        """A merchant's returns in the order in which they were filed; `after` is the id of the last one of the page before."""
        found = self._readers.row(self._seq, {"id": after, "merchant": merchant}) if after is not None else None
        bounds = {"merchant": merchant, "after": found[0] if found else 0, "limit": limit + 1}
        rows = self._readers.rows(self._page, bounds)
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)


def _stored(row: Sequence[Any]) -> StoredReturn:
    seq, name, at, *rest = row
    return StoredReturn(seq, name, from_micros(at), *rest)
