"""Stored screenings: what was asked of the lists, by whom, and the very bytes that were answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed
from engine.ledger._case_seals import CaseSeals, Under, names, opened, opened_with
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Vault
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import ScreeningRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import BodyErased


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
    " WHERE subject IN (:subject, :plain) AND (CAST(:after AS TEXT) = '' OR id < :after)"
    " AND (CAST(:verdict AS TEXT) IS NULL OR verdict = :verdict) ORDER BY id DESC LIMIT :limit"
)


class ScreeningWriter:
    """Stores screenings within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._insert, self._one = database.insertion(ScreeningRow), database.worded(_ONE)
        self._seals = CaseSeals(database)

    def write(self, batch: Batch, entry: ScreeningEntry, under: Under | None = None) -> None:
        """Store one, if its id is new: several matches come of one screening. `under`: what their alerts are kept under. Raises
        BodyErased where it rests on nothing but what was erased."""
        if batch.rows(self._one, {"id": entry.id}):
            return
        kept = under or self._under(batch, entry)
        at = to_micros(entry.at)
        row = (
            entry.id, at, batch.now, entry.actor, None if entry.subject is None else kept.subject, entry.verdict,
            entry.fingerprint, kept.seal(_about(entry.id, "query"), entry.query),
            kept.seal_with(_about(entry.id, "answer"), entry.subject, entry.answer),
        )  # fmt: skip
        said = {"verdict": entry.verdict, "actor": entry.actor}
        vouch(batch, "screening.made", entry.id, at, said, [("screening", entry.id, row)])
        batch.execute(self._insert, row)

    def _under(self, batch: Batch, entry: ScreeningEntry) -> Under:
        if entry.subject is not None:
            return self._seals.under(batch, "party", entry.subject)
        return Under(self._seals.own(batch, entry.id) if batch.protects() else None, "")


class Screenings:
    """The screenings of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer, self._vault = readers, writer, vault
        self._one, self._page, self._of = map(database.worded, (_ONE, _PAGE, _OF))
        self._screenings = ScreeningWriter(database)

    def one(self, screening_id: str) -> ScreeningEntry | None:
        """The screening with this id. Raises BodyErased, LedgerLocked."""
        rows = self._readers.rows(self._one, {"id": screening_id})
        if not rows:
            return None
        for found in self._entries(rows):
            return found
        raise BodyErased(screening_id)

    def page(self, wanted: ScreeningsWanted, *, limit: int, after: str | None) -> Page[ScreeningEntry]:
        """Screenings, the last one first; those of the erased are left out."""
        asked = {"verdict": wanted.verdict, "after": after or "", "limit": limit + 1}
        if wanted.subject is None:
            rows = self._readers.rows(self._page, asked)
        else:
            kept, plain = names(self._vault, wanted.subject)
            rows = self._readers.rows(self._of, {**asked, "subject": kept, "plain": plain})
        return Page(tuple(self._entries(rows[:limit])), rows[limit - 1][0] if len(rows) > limit else None)

    def store(self, entry: ScreeningEntry, once: KeyedAnswer | None = None) -> Replayed | KeyReused | None:
        """Keep one, once under its key. Waits for the disk."""

        def work(batch: Batch) -> Replayed | KeyReused | None:
            given = None if once is None else batch.claim(once.key, once.answer)
            if given is None:
                self._screenings.write(batch, entry)
            return given

        return self._writer.run(work)

    def _entries(self, rows: Sequence[Any]) -> Iterator[ScreeningEntry]:
        kept = [(_about(row[0], part), bytes(row[at])) for row in rows for part, at in (("query", 6), ("answer", 7))]
        found = opened(self._vault, self._readers.rows, kept)
        for row, query, told in zip(rows, found[::2], found[1::2], strict=True):
            identity, at, actor, subject, verdict, fingerprint, _, answer = row
            if query is not None and told is not None:
                if is_sealed(bytes(answer)):
                    subject, told = opened_with(told)
                yield ScreeningEntry(identity, from_micros(at), actor, subject, verdict, fingerprint, query, told)


def _about(identity: str, part: str) -> str:
    return f"screening {identity} {part}"
