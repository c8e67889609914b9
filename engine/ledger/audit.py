"""Walks the chain from its first row and names the first place where the record is not what was written.

It reads a slice at a time, in short transactions: memory stays flat, and a ledger in service is not held up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from engine.ledger import releases
from engine.ledger._audit_archive import Beside as Archived
from engine.ledger._audit_archive import spans_in
from engine.ledger._audit_beside import Beside, Note
from engine.ledger._audit_cases import Cases
from engine.ledger._audit_ended import Ended
from engine.ledger._audit_found import BadRow, Broken, columns_of
from engine.ledger._audit_past import Past
from engine.ledger._audit_postings import Postings
from engine.ledger._audit_search import SearchRows
from engine.ledger._audit_store import Store
from engine.ledger._audit_subjects import Subjects
from engine.ledger._bodies import is_sealed
from engine.ledger._chain import (
    CALCULATION,
    CHAINED,
    DECISION,
    EVENT,
    GENESIS,
    NOTE,
    ONBOARDING,
    REVERSAL,
    TRANSACTION,
    Chained,
    Head,
    link,
)
from engine.ledger._database import Database, one_line
from engine.ledger._schema import require
from engine.ledger._sealed import Seals
from engine.ledger._spans import Span, Stayed
from engine.ledger._vault import RingSource
from engine.ledger._vouched import Vouched
from engine.ledger._walk import slice_of
from engine.ledger.archive_tables import SPAN
from engine.ledger.consultations import CONSULTED
from engine.ledger.errors import LedgerUnavailable

SLICE_ROWS: Final = 128

Progress = Callable[[int, int], None]
"""Called with the rows checked so far and the rows there are."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. `head` is the last place up to which the chain is whole: keep it outside the ledger."""

    rows: int
    head: Head
    first_bad: BadRow | None
    archived: tuple[Span, ...] = ()
    """The months whose decisions were taken out: `rows` counts them, as the chain does."""
    unseen: int = 0
    """How many of the heads that were kept elsewhere lie in the archive, and were not held against it."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.first_bad is None


Expected = Head | Sequence[Head] | None
"""Heads that were kept elsewhere."""


def verify(
    url: str,
    *,
    expected: Expected = None,
    progress: Progress | None = None,
    ring: RingSource | None = None,
    archive: Path | None = None,
) -> AuditReport:
    """Check a ledger that nobody need be serving. Writes nothing.

    `ring`: the master key of a ledger that protects personal data. The chain needs none; without it, what stands beside the chain
    and was worked out from sealed bodies is compared with their envelopes only. Raises LedgerLocked for another ledger's.
    `expected` are heads that were kept elsewhere: without one, a chain cut off together with its head looks whole. `archive`: the
    months that were taken out are read there, and both are checked as one chain.
    """
    database = Database(url, readonly=True)
    database.connect().close()
    require(database)
    return audit(database, expected=expected, progress=progress, ring=ring, archive=archive)


def audit(
    database: Database,
    *,
    expected: Expected,
    progress: Progress | None,
    ring: RingSource | None = None,
    archive: Path | None = None,
) -> AuditReport:
    """Check the ledger behind `database`, which should be opened for reading only."""
    walk = _Audit(database, expected, progress, ring, archive)
    try:
        report = walk.run()
        if report.ok or not walk.moved():
            return report
        # A month was taken out under the walk: what it missed is in the archive now.
        walk.close()
        walk = _Audit(database, expected, progress, ring, archive)
        return walk.run()
    except (database.driver.Error, UnicodeError) as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: {one_line(error)}") from error
    finally:
        walk.close()


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class _Audit:
    """One walk."""

    def __init__(
        self,
        database: Database,
        expected: Expected,
        progress: Progress | None,
        ring: RingSource | None,
        archive: Path | None,
    ) -> None:
        self._database, self._archive = database, archive
        self._driver = database.driver
        self._connection = database.connect()
        if database.is_sqlite:
            # Damaged text must reach the check as what it is, not end the reading.
            self._connection.text_factory = _lenient  # type: ignore[attr-defined]
        self._snapshot = database.begin_reading
        heads = [expected] if isinstance(expected, Head) else expected or ()
        self._expected = {head.seq: head.hash for head in heads}
        self._progress = progress
        self._slices = [(chained, database.worded(slice_of(chained))) for chained in CHAINED]
        self._recorded = {chained.name: chained.envelope.index("recorded_at") for chained in CHAINED}
        self._read_head, self._beyond = map(database.worded, (_HEAD, _BEYOND))
        self._beside = Beside(self._connection, database)
        self._postings = Postings(self._connection, database)
        self._cases = Cases(self._connection, database)
        self._ended = Ended(self._connection, database)
        self._vouched = Vouched(self._connection, database)
        self._seals = Seals(self._connection, database)
        self._subjects = Subjects(self._connection, database, ring)
        vault, locked = self._subjects.vault, self._subjects.locked
        self._past = Past(self._connection, database, vault, locked=locked)
        self._search = SearchRows(self._connection, database, vault)
        self._store = Store(self._connection, database)
        self._recorded_at = 0
        self._place = Head(0, GENESIS)
        self._spans: dict[int, Span] = {}
        self._unseen = 0

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

    def run(self) -> AuditReport:
        """Walk until the end or the first bad row."""
        bad: BadRow | None = None
        try:
            self._spans = {span.first: span for span in spans_in(self._connection, self._database)}
            self._walk(self._head())
            # A ledger in service has grown meanwhile. What is left, and the tables beside, are one moment's view.
            self._connection.execute(self._snapshot)
            end = self._head()
            self._walk(end)
            self._compare_end(end)
            for table, check in self._after(end):
                self._sound(table, check)
            self._connection.execute("COMMIT")
        except Broken as broken:
            bad = broken.row
        return AuditReport(self._place.seq, self._place, bad, tuple(self._spans.values()), self._unseen)

    def moved(self) -> bool:
        """Whether a month was taken out since the walk began."""
        connection = self._database.connect()
        try:
            return len(spans_in(connection, self._database)) != len(self._spans)
        except Broken:
            return False
        finally:
            connection.close()

    def _after(self, end: Head) -> list[tuple[str, Callable[[], tuple[int, str, str] | None]]]:
        """What is looked at once the chain is known to be whole, with the table to be named where it cannot be read."""
        return [
            ("api_key", self._beside.check),
            ("onboarding_case", self._cases.fault),
            ("draft", self._vouched.fault),
            ("obligation", self._ended.fault),
            ("tax_posting", lambda: self._postings.check_bounds(end.seq)),
            ("tax_total", self._postings.check_totals),
            ("answer", self._seals.fault),
            ("subject", self._subjects.fault),
            ("past_entry", self._past.fault),
            ("decision_search", self._search.fault),
            ("file", self._store.fault),
        ]

    def _sound(self, table: str, check: Callable[[], tuple[int, str, str] | None]) -> None:
        """Raise for what a check finds, and for what it cannot even read."""
        try:
            found = check()
        except (self._driver.OperationalError, self._driver.ProgrammingError):
            raise
        except (self._driver.DatabaseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Broken(0, table, f"a column holds what was never written: {one_line(error)}") from error
        if found is not None:
            raise Broken(*found)

    def _head(self) -> Head:
        row = self._connection.execute(self._read_head).fetchone()
        if row is None:
            raise Broken(0, "head", "the head of the chain is missing")
        seq, digest, self._head_at, self._probed_at = row
        if not isinstance(seq, int) or not isinstance(digest, bytes):
            raise Broken(0, "head", "a column holds what was never written")
        return Head(seq, digest)

    def _walk(self, end: Head) -> None:
        while self._place.seq < end.seq:
            first = self._place.seq + 1
            if first in self._spans:
                self._cross(self._spans[first])
                continue
            until = min((one - 1 for one in self._spans if one > first), default=end.seq)
            upto = min(self._place.seq + SLICE_ROWS, end.seq, until)
            # The first slice shows what lies below 1, too.
            for chained, row in self._rows(self._place.seq or -(2**63), upto):
                self._check(chained, row)
            if self._place.seq < upto:
                raise Broken(self._place.seq + 1, "chain", "the row is missing")
            self._done(upto, end.seq)

    def _cross(self, span: Span) -> None:
        """What stayed of a month that was taken out: each row by itself, all of them by the digest that a note holds."""
        if span.prev != self._place.hash:
            raise Broken(span.first, SPAN, f"{span.month} does not begin where the rows before it end")
        archive = None
        if self._archive is not None:
            archive = Archived(self._archive, span, self._expected, self._past.gone)
        stayed, seen, last = Stayed(), set[int](), self._place
        for above in range(self._place.seq, span.head.seq, SLICE_ROWS):
            upto = min(above + SLICE_ROWS, span.head.seq)
            for chained, row in self._rows(above or -(2**63), upto):
                if row[0] <= last.seq:
                    raise Broken(row[0], chained.name, "the number of the row is taken twice")
                follows = last.hash if row[0] == last.seq + 1 else None
                last = Head(row[0], self._true(chained, row, follows))
                seen.add(last.seq)
                if chained is not DECISION or span.keeps(last.seq):
                    stayed.hear(*last)
                if archive is not None:
                    archive.require(*last)
                self._hear(chained, row)
            self._done(upto, span.head.seq)
        if (stayed.rows, stayed.sha256) != (span.stayed, span.stayed_sha256):
            raise Broken(span.first, SPAN, f"what stayed of {span.month} is not what was left of it")
        if last.seq == span.head.seq and last != span.head:
            raise Broken(last.seq, SPAN, f"{span.month} ends otherwise than the row says")
        if archive is not None:
            archive.end()
        else:
            self._unseen += sum(span.first <= one <= span.head.seq and one not in seen for one in self._expected)
        self._place = span.head

    def _done(self, upto: int, end: int) -> None:
        self._postings.check(upto)
        self._subjects.check()
        if self._progress is not None:
            self._progress(upto, max(upto, end))

    def _rows(self, above: int, upto: int) -> Iterator[tuple[Chained, Any]]:
        """All tables' rows of the slice in the order of their numbers."""
        bounds = {"above": above, "upto": upto}
        tables = (self._table(chained, sql, bounds) for chained, sql in self._slices)
        return ((chained, row) for _, chained, row in merge(*tables, key=itemgetter(0)))

    def _table(self, chained: Chained, sql: str, bounds: dict[str, int]) -> Iterator[tuple[int, Chained, Any]]:
        try:
            for row in self._read(sql, bounds):
                yield row[0], chained, row
        except self._driver.OperationalError:
            raise
        except self._driver.DatabaseError:
            # The driver reads a row ahead of the one it hands out: one at a time shows which of them it is.
            for seq in range(max(bounds["above"], 0) + 1, bounds["upto"] + 1):
                for row in self._alone(chained, sql, seq):
                    yield seq, chained, row

    def _alone(self, chained: Chained, sql: str, seq: int) -> list[Any]:
        try:
            return list(self._read(sql, {"above": seq - 1, "upto": seq}))
        except self._driver.DatabaseError as error:
            raise Broken(seq, chained.name, f"the row cannot be read: {one_line(error)}") from error

    def _read(self, sql: str, parameters: dict[str, int]) -> Iterator[Any]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, parameters)
            while (row := cursor.fetchone()) is not None:
                yield row
        finally:
            cursor.close()

    def _check(self, chained: Chained, row: Any) -> None:
        seq, awaited = row[0], self._place.seq + 1
        if seq > awaited:
            raise Broken(awaited, "chain", "the row is missing")
        if seq < awaited:
            raise Broken(seq, chained.name, "the number of the row is taken twice, or lies before the chain")
        self._place = Head(seq, self._true(chained, row, self._place.hash))
        self._hear(chained, row)

    def _true(self, chained: Chained, row: Any, follows: bytes | None) -> bytes:
        """The hash of a row that is as it was written. `follows`: the hash of the row before; None: that was taken out."""
        seq, width = row[0], len(chained.envelope)
        prev, stored, *parts = row[width:]
        if follows is not None and prev != follows:
            raise Broken(seq, chained.name, "`prev` is not the hash of the row before: the row belongs elsewhere")
        try:
            true = link(prev, (chained.name, *row[:width]), *parts)
        except (TypeError, ValueError) as error:
            raise Broken(seq, chained.name, f"a column holds what was never written: {one_line(error)}") from error
        if true != stored:
            raise Broken(seq, chained.name, "the contents of the row are not those that were hashed")
        if self._expected.get(seq, stored) != stored:
            raise Broken(seq, chained.name, "the row is not that of the expected head: the chain was made anew")
        return true

    def _hear(self, chained: Chained, row: Any) -> None:
        """Tell a row to those who look at what stands beside it."""
        self._recorded_at = row[self._recorded[chained.name]]
        bodies = len(chained.envelope) + 2
        if chained is TRANSACTION or chained is REVERSAL:
            self._postings.hear(chained, row)
            self._subjects.hear(row[0], chained.name, None, row[-1] if chained is TRANSACTION else row[bodies])
        elif chained is CALCULATION:
            self._subjects.hear(row[0], chained.name, None, row[bodies])
        elif chained is DECISION or chained is EVENT:
            self._subjects.hear(row[0], chained.name, row[1] if row[6] is None else row[6], row[bodies])
        elif chained is ONBOARDING:
            self._cases.hear(columns_of(chained, row))
        elif chained is NOTE and row[1] == CONSULTED and is_sealed(row[bodies]):
            self._subjects.hear(row[0], chained.name, row[2], row[bodies])
        elif chained is NOTE:
            seq, said = row[0], json.loads(row[bodies])
            self._subjects.said(seq, row[1], row[2], said)
            self._beside.hear(Note(seq, row[1], row[2], row[3], row[4], said))
            self._vouched.hear(seq, row[1], said)
            self._ended.hear(seq, row[1], row[2], row[3], said)
            if row[1] == releases.ACTIVATED:
                started = (seq, row[2], row[3], "started", "system", row[4], None, None, "")
                self._vouched.left(seq, "activation", str(seq), started)

    def _compare_end(self, end: Head) -> None:
        if end.hash != self._place.hash:
            raise Broken(end.seq, "head", "the head of the chain names another hash than its last row has")
        (beyond,) = self._connection.execute(self._beyond).fetchone()
        if beyond is not None:
            raise Broken(beyond, "chain", "the row lies beyond the head of the chain")
        if (self._head_at, self._probed_at) != (self._recorded_at, 0):
            raise Broken(end.seq, "head", "the head of the chain names another moment than its last row has")
        last = max(self._expected, default=0)
        if last > end.seq:
            what = f"the row is missing: the chain ends at row {end.seq}, the expected head is row {last}"
            raise Broken(end.seq + 1, "chain", what)


_HEAD: Final = text("SELECT seq, hash, recorded_at, probed_at FROM head WHERE id = 1")
_BEYOND: Final = text(
    "SELECT min(seq) FROM (SELECT seq FROM decision UNION ALL SELECT seq FROM event UNION ALL SELECT seq FROM note"
    " UNION ALL SELECT seq FROM merchant UNION ALL SELECT seq FROM tax_calculation"
    " UNION ALL SELECT seq FROM tax_transaction UNION ALL SELECT seq FROM tax_reversal UNION ALL SELECT seq FROM tax_return"
    " UNION ALL SELECT seq FROM onboarding_event) r"
    " WHERE seq > (SELECT seq FROM head WHERE id = 1)"
)
