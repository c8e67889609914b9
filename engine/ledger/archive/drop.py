"""Takes decisions out of a ledger once their archive is proved, and leaves word of it in the chain.

A month goes in two steps. First one transaction says so: a note in the chain, and the row of `archived_span` that it vouches for.
Then its decisions are deleted, some at a time. Killed between the two, the month is finished by the next run; an audit passes
throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from engine.ledger import audit
from engine.ledger._batch import Batch
from engine.ledger._chain import DECISION, Head
from engine.ledger._database import Connection, Database, one_line
from engine.ledger._ledger import Ledger
from engine.ledger._spans import ALL, DROPPED, Span, Stayed, packed, span_of
from engine.ledger._time import to_micros
from engine.ledger._vouched import vouch
from engine.ledger._walk import rows_between
from engine.ledger.archive.check import verify as check
from engine.ledger.archive.manifest import ArchiveRefused, Manifest
from engine.ledger.archive.write import Progress, begin_of, end_of
from engine.ledger.archive_tables import SPAN, ArchivedSpanRow
from engine.ledger.errors import LedgerUnavailable

KEEP_DAYS: Final = 400
"""How long a decision stays in the ledger at least, by default: a payer may dispute a payment for thirteen months (PSD2,
Art. 71(1)), and what is told of a payment is told of a decision that is here."""
LEAST_DAYS: Final = 62
"""How few days may be asked for: after that no idempotency key is used again, and no direct debit refunded (PSD2, Art. 77(1))."""
BITE: Final = 500
"""Decisions of one transaction: the writer of a service waits no longer than for these."""

# The counters of strong customer authentication look for authenticated decisions of a payer, however old. An obligation that is
# open is read with its decision, and an open case shows its evidence.
_KEPT: Final = text(
    "SELECT seq FROM decision WHERE seq >= :first AND seq <= :last AND ("
    "(authenticated = 1 AND payer_id IS NOT NULL AND reference IS NOT NULL)"
    " OR id IN (SELECT decision_id FROM obligation WHERE ended_at IS NULL))"
)
_NAMED: Final = text("SELECT seq FROM decision WHERE id = :id AND seq >= :first AND seq <= :last")
_BEHIND: Final = text(
    "SELECT name FROM monitor WHERE through > 0 AND through < :last"
    " AND name NOT IN ('lists', 'graphs', 'forget', 'search', 'breaker') ORDER BY name"
)
_TRIAL: Final = text(
    "SELECT s.trial_id FROM trial_event s WHERE s.number = 1 AND s.seq <= :last AND NOT EXISTS"
    " (SELECT 1 FROM trial_event e WHERE e.trial_id = s.trial_id AND e.number > 1) ORDER BY s.seq LIMIT 1"
)
_NEXT: Final = text("SELECT seq FROM decision WHERE seq > :after AND seq <= :last ORDER BY seq LIMIT :limit")
_GONE: Final = (
    text("DELETE FROM decision_search WHERE seq = :seq"), text("DELETE FROM decision WHERE seq = :seq"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dropped:
    """A month that was taken out. `finished`: only what an earlier run had left was done."""

    month: str
    taken: int
    kept: int
    finished: bool = False


def drop(
    ledger: Ledger,
    url: str,
    folder: Path,
    through: date,
    *,
    at: datetime,
    trusted: frozenset[bytes] = frozenset(),
    keep_days: int = KEEP_DAYS,
    progress: Progress | None = None,
) -> tuple[Dropped, ...]:
    """Take the decisions of every archived month that ended with a day, or before it, out of the ledger that is open at `url`.

    Nothing goes before the whole archive was read again and joins the ledger, the ledger itself was audited, and each month is
    signed by a key that is trusted, where one is. Raises ArchiveRefused, LedgerError: what was begun is finished by the next run.
    """
    if keep_days < LEAST_DAYS:
        raise ArchiveRefused(f"Decisions stay in the ledger for {LEAST_DAYS} days at least")
    database = Database(url)
    try:
        with closing(_hand(database)) as connection:
            taking = _Taking(ledger, database, connection, folder, at, progress)
            months = taking.proved(trusted, _limit(through, at, keep_days))
            return (*taking.finish(), *(taking.take(month) for month in months))
    except database.driver.Error as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be changed: {one_line(error)}") from error


def _limit(through: date, at: datetime, keep_days: int) -> datetime:
    """The instant by which a month must be over."""
    limit = datetime.combine(through + timedelta(days=1), time(), UTC)
    oldest = at - timedelta(days=keep_days)
    if limit > oldest:
        raise ArchiveRefused(
            f"Decisions stay in the ledger for {keep_days} days: name a day up to {(oldest - timedelta(days=1)).date()}"
        )
    return limit


def _hand(database: Database) -> Connection:
    connection = database.connect()
    if database.is_sqlite:
        # Events name decisions, and stay.
        connection.execute("PRAGMA foreign_keys = OFF")
    return connection


class _Taking:
    """One run."""

    def __init__(
        self,
        ledger: Ledger,
        database: Database,
        connection: Connection,
        folder: Path,
        at: datetime,
        progress: Progress | None,
    ) -> None:
        self._ledger, self._database, self._connection = ledger, database, connection
        self._folder, self._at, self._progress = folder, at, progress

    def proved(self, trusted: frozenset[bytes], limit: datetime) -> list[Manifest]:
        """The months that may go, once everything is proved. Raises ArchiveRefused."""
        url, spans = self._database.address, self._spans()
        report = check(self._folder, trusted=trusted, url=url, progress=self._progress)
        if report.fault is not None:
            raise ArchiveRefused(f"The archive is not whole: {report.fault}")
        digests = {one.month: one.sha256 for one in report.months}
        for span in spans:
            if digests.get(span.month) != span.manifest:
                raise ArchiveRefused(f"The archive does not hold the {span.month} that was taken out of this ledger")
        gone = {span.month for span in spans}
        months = [one for one in report.months if end_of(one.month) <= limit and one.month not in gone]
        unsigned = sorted(set(report.unsigned) & {one.month for one in months})
        if trusted and unsigned:
            raise ArchiveRefused(f"Not signed by a key that is trusted: {', '.join(unsigned)}")
        for month in months:
            self._require_unneeded(month)
        found = audit.verify(
            url, archive=self._folder if spans else None, ring=self._ledger.subjects.ring, progress=self._progress
        )
        if found.first_bad is not None:
            bad = found.first_bad
            raise ArchiveRefused(f"The ledger is broken at row {bad.seq} ({bad.table}): {bad.what}")
        return months

    def finish(self) -> Iterator[Dropped]:
        """Delete what an earlier run has left."""
        for span in self._spans():
            if deleted := self._delete(span):
                yield Dropped(span.month, deleted, len(span.kept), finished=True)

    def take(self, month: Manifest) -> Dropped:
        """One month."""
        self._ledger.settle()
        kept = self._kept(month)
        stayed, taken, end = Stayed(), 0, Head(0, b"")
        staying = set(kept)
        for start in range(month.first - 1, month.head.seq, BITE):
            upto = min(start + BITE, month.head.seq)
            for chained, row in rows_between(self._connection, self._database, start, upto):
                end = Head(row[0], bytes(row[len(chained.envelope) + 1]))
                if chained is DECISION and row[0] not in staying:
                    taken += 1
                else:
                    stayed.hear(*end)
        if end != month.head or taken + stayed.rows != month.rows:
            raise ArchiveRefused(f"The ledger does not hold {month.month} as the archive does")
        columns = (
            month.month, month.first, month.head.seq, month.prev, month.head.hash, month.sha256, str(self._folder),
            to_micros(end_of(month.month)), taken, stayed.rows,
        )  # fmt: skip
        self._ledger.writer.run(lambda batch: self._say(batch, columns, stayed.sha256, packed(kept)))
        self._delete(next(span for span in self._spans() if span.month == month.month))
        return Dropped(month.month, taken, len(kept))

    def _say(self, batch: Batch, columns: tuple[Any, ...], stayed: str, kept: bytes) -> None:
        """The note, and the row that it vouches for."""
        month, first, last, _, digest, manifest = columns[:6]
        row = (*columns, batch.now, stayed, kept)
        said = {
            "manifest": manifest, "first": first, "head": f"{last}:{digest.hex()}", "taken": columns[8],
            "kept_sha256": sha256(kept).hexdigest(),
        }  # fmt: skip
        vouch(batch, DROPPED, month, to_micros(self._at), said, [(SPAN, month, row)])
        batch.insert(ArchivedSpanRow, [row])

    def _spans(self) -> list[Span]:
        return [span_of(row) for row in self._rows(ALL)]

    def _require_unneeded(self, month: Manifest) -> None:
        """Raise ArchiveRefused while somebody has not come past a month."""
        behind = self._rows(_BEHIND, last=month.head.seq)
        if behind:
            raise ArchiveRefused(f"The monitor {behind[0][0]} has not come past {month.month}: let it catch up first")
        held = self._ledger.holds.standing_between(begin_of(month.month), end_of(month.month))
        if held:
            raise ArchiveRefused(f"The legal hold {held[0].id} stands over a decision of {month.month}")
        trial = self._rows(_TRIAL, last=month.head.seq)
        if trial:
            raise ArchiveRefused(f"The trial {trial[0][0]} began in {month.month} or before it: end it first")

    def _kept(self, month: Manifest) -> Sequence[int]:
        bounds = {"first": month.first, "last": month.head.seq}
        found = {row[0] for row in self._rows(_KEPT, **bounds)}
        for one in self._ledger.alerts.waiting():
            for named in one.alert.evidence:
                found |= {row[0] for row in self._rows(_NAMED, id=named, **bounds)}
        return sorted(found)

    def _delete(self, span: Span) -> int:
        """The decisions of a month that do not stay, some at a time. Returns how many."""
        deleted, after = 0, span.first - 1
        while rows := self._rows(_NEXT, after=after, last=span.head.seq, limit=BITE):
            after = rows[-1][0]
            going = [{"seq": seq} for (seq,) in rows if not span.keeps(seq)]
            if going:
                self._bite(going)
                deleted += len(going)
        return deleted

    def _bite(self, going: Sequence[dict[str, int]]) -> None:
        self._connection.execute(self._database.begin)
        try:
            cursor = self._connection.cursor()
            for statement in _GONE:
                cursor.executemany(self._database.worded(statement), going)
            self._connection.execute("COMMIT")
        except self._database.driver.Error:
            self._connection.execute("ROLLBACK")
            raise

    def _rows(self, statement: Any, **parameters: Any) -> list[Any]:
        found: list[Any] = self._connection.execute(self._database.worded(statement), parameters).fetchall()
        return found
