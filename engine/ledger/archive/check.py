"""Reads an archive again, from its first byte to its last, and names the first thing that is not as it was written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from engine.ledger._chain import DECISION, GENESIS, Head
from engine.ledger._database import Database, one_line
from engine.ledger._schema import require
from engine.ledger._walk import rows_between
from engine.ledger.archive.manifest import CHAIN, DECISIONS, ArchiveRefused, Manifest, manifests_in
from engine.ledger.archive.parts import require_sound, rows_of
from engine.ledger.archive.write import Progress, fault_of
from engine.ledger.errors import LedgerUnavailable

_HEAD = text("SELECT seq, hash FROM head WHERE id = 1")


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What was found. `head` is the last row up to which the archive is whole."""

    months: tuple[Manifest, ...]
    rows: int
    head: Head
    unsigned: tuple[str, ...]
    """Months without a signature of a key that is trusted."""
    fault: str | None
    """What is wrong; None: nothing is."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.fault is None


def verify(
    folder: Path,
    *,
    trusted: frozenset[bytes] = frozenset(),
    url: str | None = None,
    progress: Progress | None = None,
) -> ArchiveReport:
    """Check an archive: manifests, the digest of every file, every row of the chain; with the address of a ledger, that its own
    first row follows. Writes nothing. Raises LedgerUnavailable where the ledger cannot be read.

    A signature that is false is a fault. One of a key that is not `trusted`, or none, is told in `unsigned`.
    """
    walk = _Checking(folder, progress)
    fault: str | None = None
    try:
        walk.run()
        if url is not None:
            join(url, walk.months)
    except ArchiveRefused as error:
        fault = str(error)
    unsigned = tuple(one.month for one in walk.months if one.public_key not in trusted)
    return ArchiveReport(walk.months, walk.rows, walk.place, unsigned, fault)


def join(url: str, months: tuple[Manifest, ...]) -> None:
    """Raise ArchiveRefused unless the ledger goes on where the archive ends."""
    if not months:
        return
    end = months[-1].head
    database = Database(url, readonly=True)
    try:
        with closing(database.connect()) as connection:
            require(database)
            seq, digest = connection.execute(database.worded(_HEAD)).fetchone()
            if seq < end.seq:
                raise ArchiveRefused(f"The archive reaches row {end.seq}, and the ledger ends at row {seq}")
            if seq == end.seq and bytes(digest) != end.hash:
                raise ArchiveRefused("The archive is of another ledger: its last row is not the ledger's")
            for chained, row in rows_between(connection, database, end.seq - 1, end.seq + 1):
                prev, stored = map(bytes, row[len(chained.envelope) : len(chained.envelope) + 2])
                if (stored if row[0] == end.seq else prev) != end.hash:
                    raise ArchiveRefused(f"The archive is of another ledger: row {row[0]} of it does not follow")
    except database.driver.Error as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: {one_line(error)}") from error


class _Checking:
    """One walk."""

    def __init__(self, folder: Path, progress: Progress | None) -> None:
        self._folder, self._progress = folder, progress
        self.months: tuple[Manifest, ...] = ()
        self.rows = 0
        self.place = Head(0, GENESIS)

    def run(self) -> None:
        """Raise ArchiveRefused for the first thing that is wrong."""
        if not self._folder.is_dir():
            raise ArchiveRefused(f"There is no folder {self._folder}")
        self.months = manifests_in(self._folder)
        self._nothing_else()
        if self.months and self.months[0].first != 1:
            raise ArchiveRefused(f"{self.months[0].month}.json does not begin with the first row of the chain")
        for month in self.months:
            for part in month.parts:
                require_sound(self._folder, part)
            self._month(month)

    def _nothing_else(self) -> None:
        known = {part.path for month in self.months for part in month.parts}
        for root in (DECISIONS, CHAIN):
            for path in sorted((self._folder / root).rglob("*.parquet")):
                name = path.relative_to(self._folder).as_posix()
                if name not in known and self._done(name):
                    raise ArchiveRefused(f"{name} is in no manifest")

    def _done(self, name: str) -> bool:
        """Whether the month of a file has its manifest: those of a month under way are not looked at."""
        _, year, month, *_ = (*name.split("/"), "", "")
        return f"{year.removeprefix('year=')}-{month.removeprefix('month=')}" in {one.month for one in self.months}

    def _month(self, month: Manifest) -> None:
        releases: set[str] = set()
        counted: dict[str, int] = {}
        for chained, row in rows_of(self._folder, month):
            fault = fault_of(chained, row, self.place)
            if fault is not None:
                raise ArchiveRefused(f"{month.month}: row {self.place.seq + 1} ({chained.name}): {fault}")
            self.place = Head(row[0], row[len(chained.envelope) + 1])
            self.rows += 1
            counted[chained.name] = counted.get(chained.name, 0) + 1
            if chained is DECISION:
                releases.add(row[chained.envelope.index("release")])
            if self._progress is not None and self.rows % 512 == 0:
                self._progress(self.rows, self.months[-1].head.seq)
        said: dict[str, int] = {}
        for part in month.parts:
            said[part.table] = said.get(part.table, 0) + part.rows
        if (self.place, tuple(sorted(releases)), counted, sum(said.values())) != (
            month.head, month.releases, said, month.rows,
        ):  # fmt: skip
            raise ArchiveRefused(f"{month.month}: its rows are not those that its manifest tells of")
