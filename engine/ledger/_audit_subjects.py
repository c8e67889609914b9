"""Keys of subjects, against the chain: each sealed body has the key of whom it is about, and a key is missing only where a note
says that it was erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text

from engine.ledger import subjects
from engine.ledger._audit_found import Broken
from engine.ledger._bodies import NotOpened, is_sealed, key_of
from engine.ledger._case_seals import sealed_in
from engine.ledger._database import Connection, Database
from engine.ledger._vault import ABOUT_LOOKUP, RingSource, Vault, about
from engine.ledger.errors import LedgerLocked
from engine.wrapping import is_wrapped

_TABLE: Final = "subject"
_TOLD: Final = frozenset(("decision", "note"))
"""Tables whose rows say whom a sealed body is about."""


class Subjects:
    """The keys of a ledger. `vault` is open where the master key is given."""

    def __init__(self, connection: Connection, database: Database, ring: RingSource | None) -> None:
        """Raises LedgerLocked where that is the master key of another ledger."""
        self._connection = connection
        self._sql = {name: database.worded(text(said)) for name, said in _STATEMENTS.items()}
        self._wanted: dict[int, list[tuple[int, str, str | None]]] = {}
        self._erased: dict[int, int] = {}
        self._begun = False
        self.vault = Vault(database)
        row = self._connection.execute(self._sql["lookup"]).fetchone()
        if row is not None and ring is not None:
            self.vault.give(ring)
            self.vault.open(self.vault.unwrap(row[0], ABOUT_LOOKUP))
        self.locked = row is not None and ring is None
        """It is protected, and the master key is not here."""

    def hear(self, seq: int, table: str, subject: str | None, body: bytes) -> None:
        """A row of the chain with a body. `subject`: whom it says itself that it is about; None: it does not."""
        if not is_sealed(body):
            return
        try:
            self._wanted.setdefault(key_of(body), []).append((seq, table, subject))
        except NotOpened as error:
            raise Broken(seq, table, str(error)) from error

    def said(self, seq: int, kind: str, subject: str, told: Mapping[str, Any]) -> None:
        """A note of the chain."""
        self._begun = self._begun or kind == subjects.BEGUN
        if kind == subjects.ERASED:
            self._erased.update((key, seq) for key in told["keys"])

    def check(self) -> None:
        """Whether the keys are there that the rows since the last look want. Raises Broken."""
        wanted, self._wanted = self._wanted, {}
        for number in sorted(wanted):
            row = self._connection.execute(self._sql["one"], {"id": number}).fetchone()
            for seq, table, subject in wanted[number]:
                if row is None:
                    raise Broken(seq, table, f"the key {number} that its body was sealed under is missing")
                # A decision from before protection keeps its plain payer, and what is told of it later is sealed all the same.
                if row[0] != subject and table in _TOLD:
                    raise Broken(seq, table, f"the key {number} that its body was sealed under is another subject's")

    def fault(self) -> tuple[int, str, str] | None:
        """Number, table and what is wrong; None: nothing is."""
        for number, pseudonym, wrapped, erased_at in self._connection.execute(self._sql["all"]).fetchall():
            if wrapped is None and number not in self._erased:
                return 0, _TABLE, f"the key {number} is gone, and no note in the chain speaks of an erasure"
            if wrapped is not None and (number in self._erased or erased_at is not None):
                return self._erased.get(number, 0), _TABLE, f"the key {number} was erased, and is there again"
            if wrapped is not None and not self._is_whole(number, pseudonym, wrapped):
                return 0, _TABLE, f"the key {number} is not what was written"
        for table in ("watched_event", "known_party"):
            if (fault := self._beside(table)) is not None:
                return 0, table, fault
        for table in ("alert", "alert_case_event", "clearance", "screening"):
            if (fault := self._of_cases(table)) is not None:
                return 0, table, fault
        (erasures,) = self._connection.execute(self._sql["erasures"]).fetchone()
        if self._begun != (erasures is not None):
            return 0, "head", "it does not say what the chain says of the protection of personal data"
        return None

    def _beside(self, table: str) -> str | None:
        """What the monitor keeps lies under keys that are there, and its rows say which. None: it does."""
        cursor = self._connection.execute(self._sql[table])
        while (row := cursor.fetchone()) is not None:
            name, said, body, key, wrapped = row
            number = key_of(body) if is_sealed(body) else None
            if number != said:
                return f"the row {name} does not say the key that its body was sealed under"
            if number is not None and (key is None or wrapped is None):
                return f"the row {name} was sealed under the key {number}, which is {'missing' if key is None else 'erased'}"
        return None

    def _of_cases(self, table: str) -> str | None:
        """What is said of persons in cases lies under keys that are there, or were erased. None: it does."""
        cursor = self._connection.execute(self._sql[table])
        there: dict[int, bool] = {}
        while (row := cursor.fetchone()) is not None:
            name, kept = row
            body = (sealed_in(kept) or b"") if isinstance(kept, str) else kept
            if is_sealed(body):
                number = key_of(body)
                if number not in there:
                    there[number] = self._connection.execute(self._sql["one"], {"id": number}).fetchone() is not None
                if not there[number]:
                    return f"the row {name} was sealed under the key {number}, which is missing"
        return None

    def _is_whole(self, number: int, pseudonym: str, wrapped: str) -> bool:
        if not self.vault.is_open:
            return is_wrapped(wrapped)
        try:
            self.vault.unwrap(wrapped, about(number, pseudonym))
        except LedgerLocked:
            return False
        return True


_STATEMENTS: Final = {
    "lookup": "SELECT wrapped FROM subject_lookup WHERE id = 1",
    "one": "SELECT pseudonym FROM subject WHERE id = :id",
    "all": "SELECT id, pseudonym, wrapped, erased_at FROM subject ORDER BY id",
    "watched_event": "SELECT w.id, w.data_key, w.body, s.id, s.wrapped"
    " FROM watched_event w LEFT JOIN subject s ON s.id = w.data_key",
    "known_party": "SELECT w.subject, w.data_key, w.body, s.id, s.wrapped"
    " FROM known_party w LEFT JOIN subject s ON s.id = w.data_key",
    "alert": "SELECT id, body FROM alert",
    "alert_case_event": "SELECT case_id, payload FROM alert_case_event",
    "clearance": "SELECT id, reason FROM clearance",
    "screening": "SELECT id, query FROM screening",
    "erasures": "SELECT erasures FROM head WHERE id = 1",
}
