"""Whom decisions are about: protected from one day on, looked up, erased, and wrapped again under another master key.

An erasure destroys the key of a subject. What was kept under it stays where it is, and the chain with it, and can be read by
nobody: neither here nor in any copy, once the master key of the copy's time is gone as well.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._open_cases import OpenCases
from engine.ledger._past import Keeper
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import ABOUT_LOOKUP, PAYER, RingSource, Vault, about
from engine.ledger._watch_erasing import WatchErasing
from engine.ledger._writer import Writer
from engine.ledger.errors import LedgerError
from engine.ledger.holds import Holds
from engine.ledger.subject_tables import SubjectLookupRow
from engine.wrapping import KEY_BYTES, key_of

BEGUN: Final = "protection.begun"
ERASED: Final = "subject.erased"
BITE: Final = 500
"""Keys that are wrapped again by one transaction."""
_TRIES: Final = 20
_PAUSE: Final = timedelta(milliseconds=50)


class UnknownSubject(LedgerError):
    """Nothing is kept under a key of this subject."""

    code = "unknown_subject"


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """A key of a subject. `erased_at`: since then it is gone; `by` and `reason` say who wanted that, and why."""

    number: int
    made_at: datetime
    erased_at: datetime | None
    by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom decisions and taxes are about, as far as the ledger knows: by pseudonym."""

    pseudonym: str
    keys: tuple[SubjectKey, ...]
    """Those of now and before, in the order in which they were made."""
    unprotected: int
    """Decisions about them from before protection began: they lie in the clear, and no erasure reaches them."""

    @property
    def is_kept(self) -> bool:
        """Whether anything about them can be read."""
        return any(one.erased_at is None for one in self.keys)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did."""

    pseudonym: str
    keys: int
    """That were destroyed; 0: there was none any more."""
    unprotected: int
    """As in `Subject`."""
    emptied: bool
    """SQLite's log was written into the file and emptied, so that it holds the key no more. Of PostgreSQL always false: its log
    and its copies keep the wrapped key, until the master key of that time is destroyed (`rotate`)."""


class Subjects:
    """The subjects of a ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault, holds: Holds) -> None:
        self._database, self._readers, self._writer, self._vault = database, readers, writer, vault
        self._holds, self._cases = holds, OpenCases(database, self.pseudonym_of)
        self._keeper = Keeper(database, vault)
        self._watched = WatchErasing(database, readers, writer, vault)
        self._sql = {name: database.worded(text(said)) for name, said in _STATEMENTS.items()}
        self._lookup = database.insertion(SubjectLookupRow)

    # -- protection --

    @property
    def is_protected(self) -> bool:
        """Whether the ledger protects personal data, be it open or locked."""
        return self._readers.row(self._sql["erasures"])[0] is not None

    @property
    def is_open(self) -> bool:
        """Whether it protects them, and can show them."""
        return self._vault.is_open

    @property
    def ring(self) -> RingSource | None:
        """Where the master key comes from, as it was given to `protect`."""
        return self._vault.ring

    def look(self) -> None:
        """Lock the ledger if it is protected: until the master key is there, nothing of it is shown, and no decision stored."""
        # By a connection that may write: the last to be closed empties SQLite's log, and one for reading cannot.
        with closing(self._database.connect()) as connection:
            if connection.execute(self._sql["erasures"]).fetchone()[0] is not None:
                self._vault.lock()

    def protect(self, ring: RingSource) -> None:
        """Open the ledger with its master key; the first time, begin to protect it. `ring` is asked each time a key is made or
        read.

        Raises LedgerLocked where that is not the master key of this ledger. Waits for the disk.
        """
        self._vault.give(ring)
        try:
            self._vault.open(self._writer.run(self._begun))
            if self._watched.seal_the_clear():
                self._emptied()
        except LedgerError:
            self._vault.close()
            self.look()
            raise

    def _begun(self, batch: Batch) -> bytes:
        rows = batch.rows(self._sql["lookup"])
        if rows:
            return self._vault.unwrap(rows[0][0], ABOUT_LOOKUP)
        lookup = os.urandom(KEY_BYTES)
        batch.execute(self._lookup, (1, self._vault.wrap(lookup, ABOUT_LOOKUP), batch.seq))
        batch.execute(self._sql["begin"])
        # The past is told by pseudonyms from now on, that of before too: otherwise it would count for nobody.
        self._vault.open(lookup)
        batch.erasures = 0
        if batch.seq:
            self._keeper.make_anew(batch)
        batch.note(BEGUN, "ledger", batch.now, b"{}")
        return lookup

    # -- subjects --

    def pseudonym_of(self, payer_id: str) -> str:
        """What stands for a payer in this ledger. Raises LedgerLocked."""
        return self._vault.pseudonym(PAYER, payer_id)

    def status(self, subject: str) -> Subject | None:
        """By the id of a payer, a tax number, a pseudonym, or the id of a decision or a calculation that names no payer; None:
        nothing was kept under a key.

        Raises LedgerLocked.
        """
        found = self._found(subject)
        if not found:
            return None
        keys = tuple(one for keys in found.values() for one in keys)
        return Subject(next(iter(found)), keys, self._unprotected(subject))

    def erase(self, subject: str, by: str, reason: str, at: datetime) -> Erasure:
        """Destroy the key of a subject, as `status` finds it: nothing that was kept under it can be read any more.

        `by`: who wants it, as an actor is named; `reason`: why. Both are kept, in the chain too: they must name no person but the
        actor. Whoever was erased before is left as they are. Waits for the disk. Raises Held, and CaseOpen, which is one too,
        UnknownSubject, LedgerLocked.
        """
        found = self._found(subject)
        unprotected = self._unprotected(subject)
        if not found:
            raise UnknownSubject("Nothing is kept under a key of this subject")
        # A payer who is called by its tax number is erased as both, or as neither.
        keys = self._writer.run(lambda batch: sum(self._erased(batch, one, by, reason, at) for one in found))
        self._vault.forget()
        return Erasure(next(iter(found)), keys, unprotected, self._emptied())

    def is_erased(self, subject: str) -> bool:
        """Whether somebody was erased, and nothing came since. Raises LedgerLocked."""
        found = self.status(subject)
        return found is not None and not found.is_kept

    def _erased(self, batch: Batch, pseudonym: str, by: str, reason: str, at: datetime) -> int:
        live = [int(row[0]) for row in batch.rows(self._sql["of"], {"pseudonym": pseudonym}) if row[2] is None]
        if not live:
            return 0
        self._holds.require_none(batch, pseudonym)
        self._cases.require_none(batch, pseudonym, live)
        told = {"by": by, "reason": reason, "keys": live}
        batch.note(ERASED, pseudonym, to_micros(at), json.dumps(told, sort_keys=True).encode())
        batch.overwrite()
        self._watched.forget(batch, live)
        if self._database.is_sqlite:
            # In its own place first, letter over letter: an emptied row may leave its old words behind in the page.
            batch.execute(self._sql["blot"], {"pseudonym": pseudonym})
        batch.execute(
            self._sql["erase"], {"pseudonym": pseudonym, "at": to_micros(at), "by": by, "reason": reason}
        )  # fmt: skip
        batch.execute(self._sql["count"])
        batch.fresh.clear()
        return len(live)

    def _found(self, subject: str) -> dict[str, tuple[SubjectKey, ...]]:
        """The keys by pseudonym, of everything that is called so."""
        names = dict.fromkeys((*self._vault.names(subject), subject))
        rows = {one: self._readers.rows(self._sql["of"], {"pseudonym": one}) for one in names}
        return {one: tuple(_key(row) for row in keys) for one, keys in rows.items() if keys}

    def _unprotected(self, payer_id: str) -> int:
        """Nobody looks where there is nothing: only a ledger that was there before protection has such decisions."""
        since = self._readers.row(self._sql["lookup"])[1]
        return int(self._readers.row(self._sql["clear"], {"payer": payer_id, "since": since})[0]) if since else 0

    def _emptied(self) -> bool:
        if not self._database.is_sqlite:
            return False
        with closing(self._database.connect()) as connection:
            for _ in range(_TRIES):
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return True
                sleep(_PAUSE.total_seconds())  # A reader is still at it.
        return False

    # -- rotation --

    def used(self) -> Counter[str]:
        """How many keys are wrapped under each master key, that of pseudonyms with them."""
        rows = self._readers.rows(self._sql["used"])
        return Counter({key_of(wrapped): int(number) for wrapped, number in rows})

    def rewrap(self) -> int:
        """Wrap every key under the newest master key. Returns how many were not. A bite is one transaction: whoever was stopped
        begins again where it is needed. Waits for the disk. Raises LedgerLocked."""
        done = self._writer.run(self._rewrap_lookup)
        after = 0
        while True:
            last, number = self._writer.run(lambda batch, after=after: self._bite(batch, after))  # type: ignore[misc]
            done += number
            if last is None:
                return done
            after = last

    def _rewrap_lookup(self, batch: Batch) -> int:
        rows = batch.rows(self._sql["lookup"])
        if not rows or key_of(rows[0][0]) == self._vault.newest():
            return 0
        again = self._vault.wrap(self._vault.unwrap(rows[0][0], ABOUT_LOOKUP), ABOUT_LOOKUP)
        batch.execute(self._sql["put_lookup"], {"wrapped": again})
        return 1

    def _bite(self, batch: Batch, after: int) -> tuple[int | None, int]:
        newest = self._vault.newest()
        rows = batch.rows(self._sql["stale"], {"after": after, "newest": f"lxw1.{newest}.%", "limit": BITE})
        for number, pseudonym, wrapped in rows:
            name = about(int(number), pseudonym)
            again = self._vault.wrap(self._vault.unwrap(wrapped, name), name)
            batch.execute(self._sql["put"], {"id": number, "wrapped": again})
        return (int(rows[-1][0]) if len(rows) == BITE else None), len(rows)


def _key(row: Any) -> SubjectKey:
    number, made_at, erased_at, by, reason = row
    return SubjectKey(
        int(number), from_micros(made_at), None if erased_at is None else from_micros(erased_at), by, reason
    )  # fmt: skip


_STATEMENTS: Final = {
    "erasures": "SELECT erasures FROM head WHERE id = 1",
    "begin": "UPDATE head SET erasures = 0 WHERE id = 1",
    "count": "UPDATE head SET erasures = erasures + 1 WHERE id = 1",
    "lookup": "SELECT wrapped, since FROM subject_lookup WHERE id = 1",
    "put_lookup": "UPDATE subject_lookup SET wrapped = :wrapped WHERE id = 1",
    "of": "SELECT id, made_at, erased_at, erased_by, reason FROM subject WHERE pseudonym = :pseudonym ORDER BY id",
    "blot": "UPDATE subject SET wrapped = replace(hex(zeroblob(length(wrapped))), '00', '.')"
    " WHERE pseudonym = :pseudonym AND erased_at IS NULL",
    "erase": "UPDATE subject SET wrapped = NULL, erased_at = :at, erased_by = :by, reason = :reason"
    " WHERE pseudonym = :pseudonym AND erased_at IS NULL",
    "clear": "SELECT count(*) FROM decision WHERE seq <= :since AND payer_id = :payer",
    "used": "SELECT min(wrapped), count(*) FROM (SELECT wrapped FROM subject WHERE wrapped IS NOT NULL"
    " UNION ALL SELECT wrapped FROM subject_lookup) w GROUP BY substr(wrapped, 1, 21)",
    "stale": "SELECT id, pseudonym, wrapped FROM subject WHERE id > :after AND wrapped IS NOT NULL"
    " AND wrapped NOT LIKE :newest ORDER BY id LIMIT :limit",
    "put": "UPDATE subject SET wrapped = :wrapped WHERE id = :id",
}
