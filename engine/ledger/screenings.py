"""Stored screenings: what was asked of the lists, by whom, and the very bytes that were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import ScreeningRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed


@dataclass(frozen=True, slots=True)
class ScreeningEntry:
    """A screening to be stored. `fingerprint`: of the lists that were asked; `subject`: the caller's id of whom it is about."""

    id: str
    at: datetime
    actor: str
    subject: str | None
    verdict: str
    fingerprint: str
    query: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class ScreeningsWanted:
    """What a list is narrowed to. None: anything."""

    subject: str | None = None
    verdict: str | None = None


_ONE: Final = text("SELECT id, at, actor, subject, verdict, fingerprint, query, answer FROM screening WHERE id = :id")
_PAGE: Final = text(
    "SELECT id, at, actor, subject, verdict, fingerprint, query, answer FROM screening"
    " WHERE (CAST(:after AS TEXT) = '' OR id < :after) AND (CAST(:verdict AS TEXT) IS NULL OR verdict = :verdict)"
    " ORDER BY id DESC LIMIT :limit"
)
_OF: Final = text(
    "SELECT id, at, actor, subject, verdict, fingerprint, query, answer FROM screening"
    " WHERE subject = :subject AND (CAST(:after AS TEXT) = '' OR id < :after)"
    " AND (CAST(:verdict AS TEXT) IS NULL OR verdict = :verdict) ORDER BY id DESC LIMIT :limit"
)


class ScreeningWriter:
    """Stores screenings within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._insert, self._one = database.insertion(ScreeningRow), database.worded(_ONE)

    def write(self, batch: Batch, entry: ScreeningEntry) -> None:
        """Store one, if its id is new: several matches come of one screening."""
        if batch.rows(self._one, {"id": entry.id}):
            return
        at = to_micros(entry.at)
        row = (
            entry.id, at, batch.now, entry.actor, entry.subject, entry.verdict, entry.fingerprint, entry.query,
            entry.answer,
        )  # fmt: skip
        said = {"verdict": entry.verdict, "actor": entry.actor}
        vouch(batch, "screening.made", entry.id, at, said, [("screening", entry.id, row)])
        batch.execute(self._insert, row)


class Screenings:
    """The screenings of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._one, self._page, self._of = map(database.worded, (_ONE, _PAGE, _OF))
        self._screenings = ScreeningWriter(database)

    def one(self, screening_id: str) -> ScreeningEntry | None:
        """The screening with this id."""
        row = self._readers.row(self._one, {"id": screening_id})
        return None if row is None else _entry(row)

    def page(self, wanted: ScreeningsWanted, *, limit: int, after: str | None) -> Page[ScreeningEntry]:
        """Screenings, the last one first."""
        asked = {"verdict": wanted.verdict, "after": after or "", "limit": limit + 1}
        if wanted.subject is None:
            rows = self._readers.rows(self._page, asked)
        else:
            rows = self._readers.rows(self._of, {**asked, "subject": wanted.subject})
        data = tuple(_entry(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def store(self, entry: ScreeningEntry, once: KeyedAnswer | None = None) -> Replayed | KeyReused | None:
        """Keep one, once under its key. Waits for the disk."""

        def work(batch: Batch) -> Replayed | KeyReused | None:
            given = None if once is None else batch.claim(once.key, once.answer)
            if given is None:
                self._screenings.write(batch, entry)
            return given

        return self._writer.run(work)


def _entry(row: Sequence[Any]) -> ScreeningEntry:
    identity, at, actor, subject, verdict, fingerprint, query, answer = row
    return ScreeningEntry(identity, from_micros(at), actor, subject, verdict, fingerprint, bytes(query), bytes(answer))
