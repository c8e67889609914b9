"""What the monitor keeps, put under keys where it lies in the clear, and taken out with the key of whoever is erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import HEAD_BYTES, RECORD, DataKey, NotOpened, is_sealed, key_of, open_row
from engine.ledger._database import Database, Readers
from engine.ledger._monitoring_sql import UNLIST, UNWATCH
from engine.ledger._parties import PartyWriter
from engine.ledger._sealed import WATCHED_EVENT, WATCHED_SUBJECT, sealed
from engine.ledger._vault import Vault
from engine.ledger._watched import KnownParty, Watching, listed_under, record_in
from engine.ledger._writer import Writer
from engine.ledger.watch_tables import WatchedEventRow, WatchedSubjectRow

BITE: Final = 500
"""Rows that one transaction puts under keys, or one statement takes out."""
_NAMELESS: Final = ("name:", "wallet:")
"""How subjects begin that are known by what they state, or by a number."""
_BANK: Final = "bic:"


class WatchErasing:
    """Beside the erasures of subjects, and the beginning of protection."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._is_sqlite = database.is_sqlite
        self._readers, self._writer, self._vault = readers, writer, vault
        self._watching, self._parties = Watching(database, vault), PartyWriter(database, vault)
        self._sql = {name: database.worded(text(said)) for name, said in _STATEMENTS.items()}
        self._unwatch, self._unlist = database.worded(UNWATCH), database.worded(UNLIST)
        self._unlist_all, self._unwatch_all = map(database.worded, (_UNLIST_ALL, _UNWATCH_ALL))
        self._events, self._subjects = database.insertion(WatchedEventRow), database.insertion(WatchedSubjectRow)

    # -- taken out --

    def forget(self, batch: Batch, numbers: Sequence[int]) -> None:
        """Within the transaction that destroys them, as long as they are there: take out what lies under these keys."""
        for number, key in self._vault.read(batch.rows, numbers).items():
            batch.execute(self._sql["no_party"], {"key": number})
            while rows := batch.rows(self._sql["records"], {"key": number, "limit": BITE}):
                self._take_out(batch, key, rows)

    def _take_out(self, batch: Batch, key: DataKey | None, rows: Sequence[Any]) -> None:
        """On PostgreSQL many at once: whoever paid a thousand times a day is taken out while nobody else writes."""
        listed = [
            (kind, self._watching.kept_under(kind, name), at, identity)
            for identity, at, body in rows
            for kind, name in _subjects(key, identity, bytes(body))
        ]
        if self._is_sqlite:
            # One by one: by many at once SQLite would walk through all that a merchant was paid.
            for kind, subject, at, identity in listed:
                batch.execute(self._unlist, {"id": identity, "at": at, "kind": kind, "subject": subject})
            for identity, *_ in rows:
                batch.execute(self._unwatch, {"id": identity})
            return
        kinds, subjects, ats, events = map(list, zip(*listed, strict=True)) if listed else ([], [], [], [])
        batch.execute(self._unlist_all, {"kinds": kinds, "subjects": subjects, "ats": ats, "events": events})
        batch.execute(self._unwatch_all, {"ids": [row[0] for row in rows]})

    # -- put under keys --

    def seal_the_clear(self) -> bool:
        """Put under keys what an unprotected ledger, or an earlier version, left in the clear; what is about somebody who was
        erased is taken out. Whether there was any. A bite is one transaction: whoever was stopped goes on where it was. Waits for
        the disk."""
        found = False
        for waits, seal in (("clear_records", self._seal_records), ("clear_parties", self._seal_parties)):
            while self._readers.rows(self._sql[waits], {"limit": 1}):
                self._writer.run(seal)
                found = True
        return found

    def _seal_records(self, batch: Batch) -> None:
        batch.overwrite()
        rows = batch.rows(self._sql["clear_records"], {"limit": BITE})
        numbers = [self._said(batch, "decision", row[0])[1] for row in rows]
        keys = self._watching.keys(batch, numbers)
        for (identity, seq, at, body), number in zip(rows, numbers, strict=True):
            record = record_in(bytes(body))
            subjects = listed_under(record)
            batch.execute(self._unwatch, {"id": identity})
            for kind, name in subjects:
                batch.execute(self._unlist, {"id": identity, "at": at, "kind": kind, "subject": name})
            key = self._watching.key_of_payment(batch, keys, number, (record.get("payer"), identity))
            if key is None:
                continue
            kept = self._watching.sealed_record(key, identity, bytes(body))
            batch.execute(self._events, (*sealed(WATCHED_EVENT, (identity, seq, at, kept)), key.id))
            for kind, name in subjects:
                listed = (kind, self._watching.kept_under(kind, name), at, identity)
                batch.execute(self._subjects, sealed(WATCHED_SUBJECT, listed))

    def _seal_parties(self, batch: Batch) -> None:
        batch.overwrite()
        for kind, subject, seq, digest, by, body in batch.rows(self._sql["clear_parties"], {"limit": BITE}):
            batch.execute(self._sql["not_known"], {"kind": kind, "subject": subject})
            decision, number = self._said(batch, "word", seq)
            whose = _whose(kind, subject, is_there=bool(decision))
            known = KnownParty(kind, subject, seq, digest, bytes(body), by, whose, decision, key=number)
            self._parties.know(batch, known, self._watching.keys(batch, [number]))

    def _said(self, batch: Batch, statement: str, value: object) -> tuple[str, int | None]:
        """A decision and the number of its key; None: it lies in the clear. No id: it is not in the ledger."""
        for identity, head in batch.rows(self._sql[statement], {"of": value, "head": HEAD_BYTES}):
            return identity, key_of(bytes(head)) if is_sealed(bytes(head)) else None
        return "", None


def _whose(kind: str, subject: str, *, is_there: bool) -> str | None:
    """With whom a known party is erased, by what it is called. `is_there`: the decision that names it."""
    if kind == "merchant":
        return subject.partition("/person:")[0]
    if subject.startswith(_NAMELESS) and is_there:
        return None
    return subject if subject.startswith(_BANK) else subject.partition("/owner:")[0]


def _subjects(key: DataKey | None, identity: str, body: bytes) -> tuple[tuple[str, str], ...]:
    """Under whom a record is kept that is about to go; of one that was damaged nobody knows."""
    try:
        return () if key is None else listed_under(record_in(open_row(RECORD, key, identity, body)))
    except NotOpened:
        return ()


_UNLIST_ALL: Final = text(
    "DELETE FROM watched_subject s USING unnest(CAST(:kinds AS TEXT[]), CAST(:subjects AS TEXT[]), CAST(:ats AS BIGINT[]),"
    " CAST(:events AS TEXT[])) AS gone(kind, subject, at, event) WHERE s.subject_kind = gone.kind"
    " AND s.subject = gone.subject AND s.at = gone.at AND s.event = gone.event"
)
_UNWATCH_ALL: Final = text("DELETE FROM watched_event WHERE id = ANY(CAST(:ids AS TEXT[]))")
_STATEMENTS: Final = {
    "records": "SELECT id, at, body FROM watched_event WHERE data_key = :key LIMIT :limit",
    "no_party": "DELETE FROM known_party WHERE data_key = :key",
    "clear_records": "SELECT id, seq, at, body FROM watched_event WHERE data_key IS NULL LIMIT :limit",
    "clear_parties": "SELECT subject_kind, subject, seq, digest, screened_by, body FROM known_party WHERE data_key IS NULL"
    " LIMIT :limit",
    "not_known": "DELETE FROM known_party WHERE subject_kind = :kind AND subject = :subject",
    "decision": "SELECT id, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id = :of",
    "word": "SELECT id, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE seq = :of",
}
