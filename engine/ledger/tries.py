"""How often somebody may try to sign in: counted for each name and each address, known or not, in every process alike.

A try is counted before it is looked at, so that many at once gain nothing, and given back where it was good. After some that
failed nobody is heard for a while, each time twice as long; what is turned away meanwhile is only counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from engine.ledger._batch import Batch
from engine.ledger._database import Database
from engine.ledger._people_sql import TRIES
from engine.ledger._sealed import SIGN_IN_TRY, sealed
from engine.ledger._time import to_micros
from engine.ledger._writer import Writer
from engine.ledger.people_tables import SignInTryRow

_COLUMNS: Final = ("key", "failed", "last_at", "until", "turned_away", "seal")


@dataclass(frozen=True, slots=True)
class Patience:
    """How many tries are free, and how long nobody is heard after more."""

    free: int
    first: timedelta
    longest: timedelta
    forgets: timedelta = timedelta(hours=24)
    """Without a try for so long, all is forgotten."""

    def wait(self, failed: int) -> timedelta:
        """How long nobody is heard after so many tries that failed."""
        over = failed - self.free
        if over < 0:
            return timedelta(0)
        doubled: int = 2 ** min(over, 16)
        return min(self.first * doubled, self.longest)


OF_A_NAME: Final = Patience(5, timedelta(seconds=30), timedelta(minutes=15))
OF_AN_ADDRESS: Final = Patience(30, timedelta(seconds=30), timedelta(hours=1))


class Tries:
    """Tries to sign in."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._writer = writer
        self._one, self._put, self._forget, self._stale = (
            database.worded(TRIES[name]) for name in ("one", "put", "forget", "stale")
        )
        self._insert = database.insertion(SignInTryRow)

    def begin(self, name: str, source: str, now: datetime) -> timedelta | None:
        """Count a try as one that failed. Returns how long to wait, where nobody is heard now. Waits for the disk."""

        def work(batch: Batch) -> timedelta | None:
            batch.execute(self._stale, {"before": to_micros(now - OF_A_NAME.forgets)})
            found = [(patience, self._row(batch, key)) for patience, key in _keys(name, source)]
            latest = max(row[3] for _, row in found)
            if latest > to_micros(now):
                for _, row in found:
                    self._store(batch, (*row[:4], row[4] + 1))
                return timedelta(microseconds=latest - to_micros(now))
            for patience, row in found:
                failed = row[1] + 1
                wait = patience.wait(failed)
                # Nought, and not now: a clock that steps back must shut nobody out.
                until = to_micros(now + wait) if wait else 0
                self._store(batch, (row[0], failed, to_micros(now), until, row[4]))
            return None

        return self._writer.run(work)

    def give_back(self, name: str, source: str) -> None:
        """The try that was begun was good as far as it went. Waits for the disk."""

        def work(batch: Batch) -> None:
            for patience, key in _keys(name, source):
                self._lessen(batch, key, patience)

        self._writer.run(work)

    def good(self, name: str, source: str) -> None:
        """The try that was begun was good: the name's are forgotten, and the address gets it back. Waits for the disk."""

        def work(batch: Batch) -> None:
            (_, by_name), (patience, by_source) = _keys(name, source)
            batch.execute(self._forget, {"key": by_name})
            self._lessen(batch, by_source, patience)

        self._writer.run(work)

    def _lessen(self, batch: Batch, key: str, patience: Patience) -> None:
        row = self._row(batch, key)
        failed = max(0, row[1] - 1)
        self._store(batch, (key, failed, row[2], row[3] if failed >= patience.free else 0, row[4]))

    def _row(self, batch: Batch, key: str) -> tuple[str, int, int, int, int]:
        rows = batch.rows(self._one, {"key": key})
        return tuple(rows[0]) if rows else (key, 0, 0, 0, 0)

    def _store(self, batch: Batch, row: tuple[object, ...]) -> None:
        whole = sealed(SIGN_IN_TRY, row)
        if batch.rows(self._one, {"key": row[0]}):
            batch.execute(self._put, dict(zip(_COLUMNS, whole, strict=True)))
        else:
            batch.execute(self._insert, whole)


def _keys(name: str, source: str) -> tuple[tuple[Patience, str], tuple[Patience, str]]:
    """A name may be what somebody typed into the wrong field, a password even: only its digest is kept."""
    by_name, by_source = (
        sha256(said.encode("utf-8", "surrogatepass")).hexdigest() for said in (name.casefold(), source)
    )
    return (OF_A_NAME, f"name {by_name}"), (OF_AN_ADDRESS, f"address {by_source}")
