"""Writes the months of a ledger that are over into an archive. It reads the ledger, and changes nothing in it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._chain import CHAINED, DECISION, GENESIS, Chained, Head, link
from engine.ledger._database import Connection, Database, one_line
from engine.ledger._schema import REVISION, require
from engine.ledger._time import from_micros, to_micros
from engine.ledger._walk import rows_between
from engine.ledger.archive.manifest import ArchiveRefused, Manifest, Part, keep_manifest, make_folder, manifests_in
from engine.ledger.archive.parts import PART_BYTES, PART_ROWS, path_of, write_part
from engine.ledger.errors import LedgerUnavailable
from engine.signing import SigningKey

SETTLED: Final = timedelta(hours=1)
"""So long after its end a month is over: what was accepted in its last moment is written by then."""
_SLICE: Final = 512
_LOCK: Final = ".lock"
_HEAD: Final = text("SELECT seq FROM head WHERE id = 1")
_GONE: Final = text("SELECT to_seq, month, place FROM archived_span ORDER BY to_seq DESC LIMIT 1")

Progress = Callable[[int, int], None]
"""Called with the number of the row that was read, and of the last one there is."""


def write(
    url: str,
    folder: Path,
    before: date,
    *,
    at: datetime,
    by: str,
    key: SigningKey | None = None,
    progress: Progress | None = None,
) -> tuple[Manifest, ...]:
    """Archive every whole calendar month (UTC) that ended before a day and is not archived yet, the oldest first.

    Returns the manifests that were made. Killed, it leaves whole months; run again, it goes on after them. The chain is checked
    on the way: what is broken is not archived. Raises ArchiveRefused, LedgerError.
    """
    database = Database(url, readonly=True)
    try:
        with closing(database.connect()) as connection:
            require(database)
            make_folder(folder)
            with _alone(folder):
                return tuple(_Writing(connection, database, folder, at, by, key, progress).months(before))
    except database.driver.Error as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: {one_line(error)}") from error
    except OSError as error:
        raise ArchiveRefused(f"{folder} cannot be written: {error.strerror or error}") from error


def next_month(month: str) -> str:
    """The one after."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def begin_of(month: str) -> datetime:
    """The first instant of a month."""
    return datetime.combine(date.fromisoformat(f"{month}-01"), time(), UTC)


def end_of(month: str) -> datetime:
    """The instant at which a month is over, which is not in it."""
    return datetime.combine(date.fromisoformat(f"{next_month(month)}-01"), time(), UTC)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else writes into this archive."""
    with os.fdopen(os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600), "wb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArchiveRefused(f"somebody else writes into {folder}") from None
        yield


@dataclass(slots=True)
class _Filling:
    """The rows of one table that are not written yet, and the parts that are."""

    rows: list[Any] = field(default_factory=list)
    size: int = 0
    parts: list[Part] = field(default_factory=list)


class _Writing:
    """One run."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        folder: Path,
        at: datetime,
        by: str,
        key: SigningKey | None,
        progress: Progress | None,
    ) -> None:
        self._connection, self._database, self._folder = connection, database, folder
        self._at, self._by, self._key, self._progress = at, by, key, progress

    def months(self, before: date) -> Iterator[Manifest]:
        """Write them."""
        limit = datetime.combine(before, time(), UTC)
        if limit > self._at - SETTLED:
            raise ArchiveRefused(f"{before} is not over long enough: name a day up to {(self._at - SETTLED).date()}")
        done = manifests_in(self._folder)
        last = done[-1] if done else None
        (end,) = self._connection.execute(self._database.worded(_HEAD)).fetchone()
        self._require_same(last, end)
        while (month := self._next(last, end)) is not None and end_of(month) <= limit:
            last = self._month(month, last, end)
            yield last

    def _require_same(self, last: Manifest | None, end: int) -> None:
        """Raise unless the ledger is the one whose months are there, and holds what follows them."""
        gone = self._connection.execute(self._database.worded(_GONE)).fetchone()
        if gone is not None and (last is None or last.head.seq < gone[0]):
            raise ArchiveRefused(f"{gone[1]} was taken out of this ledger: go on with its archive, {gone[2]}")
        if last is None:
            return
        if end < last.head.seq:
            raise ArchiveRefused(f"The archive reaches row {last.head.seq}, and the ledger ends at row {end}")
        first = next(rows_between(self._connection, self._database, last.head.seq, last.head.seq + 1), None)
        if first is not None and bytes(first[1][len(first[0].envelope)]) != last.head.hash:
            raise ArchiveRefused("The archive is of another ledger: the next row does not follow its last one")

    def _next(self, last: Manifest | None, end: int) -> str | None:
        """The month of the next row; None: there is none. A clock that went back may have left rows of a month that is done."""
        above = 0 if last is None else last.head.seq
        if above >= end:
            return None
        found = next(rows_between(self._connection, self._database, above, above + 1), None)
        if found is None:
            raise ArchiveRefused(f"Row {above + 1} is not in the ledger: go on with the archive that holds it")
        month = f"{_recorded(*found):%Y-%m}"
        return month if last is None else max(month, next_month(last.month))

    def _month(self, month: str, last: Manifest | None, end: int) -> Manifest:
        for path in {path_of(month, chained.name, 0) for chained in CHAINED}:
            # What an earlier run had begun.
            shutil.rmtree((self._folder / path).parent, ignore_errors=True)
        until = to_micros(end_of(month))
        begun = Head(0, GENESIS) if last is None else last.head
        place, releases = begun, set()
        tables = {chained: _Filling() for chained in CHAINED}
        for chained, row in self._rows(begun.seq, end):
            if row[chained.envelope.index("recorded_at")] >= until:
                break
            place = _checked(chained, row, place)
            if chained is DECISION:
                releases.add(row[chained.envelope.index("release")])
            self._take(month, chained, tables[chained], row)
            if self._progress is not None and place.seq % _SLICE == 0:
                self._progress(place.seq, end)
        for chained, filling in tables.items():
            self._leave(month, chained, filling)
        manifest = Manifest(
            month, begun.seq + 1, begun.hash, place, place.seq - begun.seq, tuple(sorted(releases)),
            None if last is None else last.sha256, self._at, self._by, REVISION,
            tuple(part for filling in tables.values() for part in filling.parts),
        )  # fmt: skip
        if self._key is not None:
            manifest = manifest.signed(self._key)
        keep_manifest(self._folder, manifest)
        return manifest

    def _rows(self, above: int, end: int) -> Iterator[tuple[Chained, Any]]:
        """In short transactions: a ledger in service is not held up."""
        for start in range(above, end, _SLICE):
            yield from rows_between(self._connection, self._database, start, min(start + _SLICE, end))

    def _take(self, month: str, chained: Chained, filling: _Filling, row: Any) -> None:
        filling.rows.append(row)
        filling.size += sum(len(body) for body in row[len(chained.envelope) :])
        if len(filling.rows) >= PART_ROWS or filling.size >= PART_BYTES:
            self._leave(month, chained, filling)

    def _leave(self, month: str, chained: Chained, filling: _Filling) -> None:
        if filling.rows:
            path = path_of(month, chained.name, len(filling.parts))
            filling.parts.append(write_part(self._folder, path, chained, filling.rows))
            filling.rows, filling.size = [], 0


def _recorded(chained: Chained, row: Any) -> datetime:
    return from_micros(row[chained.envelope.index("recorded_at")])


def _checked(chained: Chained, row: Any, place: Head) -> Head:
    """The place of a row that follows another one. Raises ArchiveRefused where it does not."""
    fault = fault_of(chained, row, place)
    if fault is not None:
        raise ArchiveRefused(f"The ledger is broken at row {place.seq + 1} ({chained.name}): {fault}")
    return Head(row[0], bytes(row[len(chained.envelope) + 1]))


def fault_of(chained: Chained, row: Any, place: Head) -> str | None:
    """Why a row does not follow a place of the chain; None: it does."""
    width = len(chained.envelope)
    prev, stored, *parts = map(bytes, row[width:])
    if row[0] != place.seq + 1:
        return "the row is missing" if row[0] > place.seq else "the number of the row is taken twice"
    if prev != place.hash:
        return "`prev` is not the hash of the row before"
    if link(prev, (chained.name, *row[:width]), *parts) != stored:
        return "the contents of the row are not those that were hashed"
    return None
