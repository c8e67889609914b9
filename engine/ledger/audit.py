"""Walks the chain from its first row and names the first place where the record is not what was written.

It reads a slice at a time, in short transactions: memory stays flat, and a ledger in service is not held up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from heapq import merge
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import select, text

from engine.ledger import keys, published, quotations, releases
from engine.ledger._audit_cases import Cases
from engine.ledger._chain import CHAINED, GENESIS, NOTE, ONBOARDING, REVERSAL, TRANSACTION, Chained, Head, link
from engine.ledger._database import Connection, Database, one_line
from engine.ledger._schema import require
from engine.ledger._totals import DRIFTED
from engine.ledger.errors import LedgerUnavailable

SLICE_ROWS: Final = 128

Progress = Callable[[int, int], None]
"""Called with the rows checked so far and the rows there are."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first place where the record is broken. `table` is "chain" where a row is missing altogether."""

    seq: int
    table: str
    what: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. `head` is the last place up to which the chain is whole: keep it outside the ledger."""

    rows: int
    head: Head
    first_bad: BadRow | None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.first_bad is None


def verify(url: str, *, expected: Head | None = None, progress: Progress | None = None) -> AuditReport:
    """Check a ledger that nobody need be serving. Writes nothing.

    `expected` is a head that was kept elsewhere: without one, a chain cut off together with its head looks whole.
    """
    database = Database(url, readonly=True)
    database.connect().close()
    require(database)
    return audit(database, expected=expected, progress=progress)


def audit(database: Database, *, expected: Head | None, progress: Progress | None) -> AuditReport:
    """Check the ledger behind `database`, which should be opened for reading only."""
    walk = _Audit(database, expected, progress)
    try:
        return walk.run()
    except (database.driver.Error, UnicodeError) as error:
        raise LedgerUnavailable(f"The ledger at {database.name} cannot be read: {one_line(error)}") from error
    finally:
        walk.close()


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class _Broken(Exception):
    """The walk ends here."""

    def __init__(self, seq: int, table: str, what: str) -> None:
        self.row = BadRow(seq, table, what)
        super().__init__(what)


class _Audit:
    """One walk."""

    def __init__(self, database: Database, expected: Head | None, progress: Progress | None) -> None:
        self._driver = database.driver
        self._connection = database.connect()
        if database.is_sqlite:
            # Damaged text must reach the check as what it is, not end the reading.
            self._connection.text_factory = _lenient  # type: ignore[attr-defined]
        self._snapshot = database.begin_reading
        self._expected = expected
        self._progress = progress
        self._slices = [(chained, database.worded(_slice_of(chained))) for chained in CHAINED]
        self._read_head, self._beyond = map(database.worded, (_HEAD, _BEYOND))
        self._beside = _Beside(self._connection, database)
        self._postings = _Postings(self._connection, database)
        self._cases = Cases(self._connection, database)
        self._place = Head(0, GENESIS)

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

    def run(self) -> AuditReport:
        """Walk until the end or the first bad row."""
        bad: BadRow | None = None
        try:
            self._walk(self._head())
            # A ledger in service has grown meanwhile. What is left, and the tables beside, are one moment's view.
            self._connection.execute(self._snapshot)
            end = self._head()
            self._walk(end)
            self._compare_end(end)
            self._beside.check()
            self._check_cases()
            self._postings.check_bounds(end.seq)
            self._postings.check_totals()
            self._connection.execute("COMMIT")
        except _Broken as broken:
            bad = broken.row
        return AuditReport(self._place.seq, self._place, bad)

    def _head(self) -> Head:
        row = self._connection.execute(self._read_head).fetchone()
        if row is None:
            raise _Broken(0, "head", "the head of the chain is missing")
        return Head(*row)

    def _walk(self, end: Head) -> None:
        while self._place.seq < end.seq:
            upto = min(self._place.seq + SLICE_ROWS, end.seq)
            for chained, row in self._rows(upto):
                self._check(chained, row)
            if self._place.seq < upto:
                raise _Broken(self._place.seq + 1, "chain", "the row is missing")
            self._postings.check(upto)
            if self._progress is not None:
                self._progress(upto, end.seq)

    def _rows(self, upto: int) -> Iterator[tuple[Chained, Any]]:
        """All tables' rows of the slice in the order of their numbers. The first slice shows what lies below 1, too."""
        bounds = {"above": self._place.seq or -(2**63), "upto": upto}
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
            for seq in range(self._place.seq + 1, bounds["upto"] + 1):
                for row in self._alone(chained, sql, seq):
                    yield seq, chained, row

    def _alone(self, chained: Chained, sql: str, seq: int) -> list[Any]:
        try:
            return list(self._read(sql, {"above": seq - 1, "upto": seq}))
        except self._driver.DatabaseError as error:
            raise _Broken(seq, chained.name, f"the row cannot be read: {one_line(error)}") from error

    def _read(self, sql: str, parameters: dict[str, int]) -> Iterator[Any]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, parameters)
            while (row := cursor.fetchone()) is not None:
                yield row
        finally:
            cursor.close()

    def _check(self, chained: Chained, row: Any) -> None:
        seq, width = row[0], len(chained.envelope)
        awaited = self._place.seq + 1
        if seq > awaited:
            raise _Broken(awaited, "chain", "the row is missing")
        if seq < awaited:
            raise _Broken(seq, chained.name, "the number of the row is taken twice, or lies before the chain")
        prev, stored, *parts = row[width:]
        if prev != self._place.hash:
            raise _Broken(seq, chained.name, "`prev` is not the hash of the row before: the row belongs elsewhere")
        try:
            true = link(prev, (chained.name, *row[:width]), *parts)
        except (TypeError, ValueError) as error:
            raise _Broken(seq, chained.name, f"a column holds what was never written: {one_line(error)}") from error
        if true != stored:
            raise _Broken(seq, chained.name, "the contents of the row are not those that were hashed")
        if self._expected is not None and self._expected.seq == seq and self._expected.hash != stored:
            raise _Broken(seq, chained.name, "the row is not that of the expected head: the chain was made anew")
        self._place = Head(seq, stored)
        if chained is TRANSACTION or chained is REVERSAL:
            self._postings.hear(chained, row)
        elif chained is ONBOARDING:
            self._cases.hear(columns_of(chained, row))
        elif chained is NOTE:
            self._beside.hear(_Note(seq, row[1], row[2], row[3], row[4], json.loads(parts[0])))

    def _check_cases(self) -> None:
        fault = self._cases.fault()
        if fault is not None:
            raise _Broken(fault[0], "onboarding_case", fault[1])

    def _compare_end(self, end: Head) -> None:
        if end.hash != self._place.hash:
            raise _Broken(end.seq, "head", "the head of the chain names another hash than its last row has")
        (beyond,) = self._connection.execute(self._beyond).fetchone()
        if beyond is not None:
            raise _Broken(beyond, "chain", "the row lies beyond the head of the chain")
        if self._expected is not None and self._expected.seq > end.seq:
            what = f"the row is missing: the chain ends at row {end.seq}, the expected head is row {self._expected.seq}"
            raise _Broken(end.seq + 1, "chain", what)


class _Note(NamedTuple):
    """A row of the chain that vouches for rows beside it."""

    seq: int
    kind: str
    subject: str
    at: int
    recorded_at: int
    said: dict[str, Any]


class _Beside:
    """The tables beside the chain, against what the notes in the chain say of them."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._stored_keys, self._stored_releases = map(database.worded, (_KEYS, _RELEASES))
        self._rates = {
            kind: (table, *map(database.worded, statements)) for kind, (table, *statements) in _RATE_TABLES.items()
        }
        self._keys: dict[str, dict[str, Any]] = {}
        self._releases: dict[str, _Note] = {}
        self._loads: dict[str, list[_Note]] = {kind: [] for kind in _RATE_TABLES}

    def hear(self, note: _Note) -> None:
        """Take in a note."""
        if note.kind in {keys.CREATED, keys.RESCOPED, keys.REVOKED}:
            self._keys.setdefault(note.subject, {"revoked_at": None}).update(note.said, seq=note.seq)
        elif note.kind == releases.ACTIVATED:
            self._releases.setdefault(note.subject, note)
        elif note.kind in self._loads:
            self._loads[note.kind].append(note)

    def check(self) -> None:
        """Raise for the first table that does not match."""
        self._check_keys()
        self._check_releases()
        for kind, notes in self._loads.items():
            self._check_rates(notes, *self._rates[kind])

    def _check_keys(self) -> None:
        found = {key_id: tuple(rest) for key_id, *rest in self._all(self._stored_keys)}
        for key_id, said in self._keys.items():
            digest = bytes.fromhex(said["digest"])
            if found.pop(key_id, None) != (
                said["name"],
                said["scopes"],
                digest,
                said["created_at"],
                said["revoked_at"],
            ):
                raise _Broken(said["seq"], "api_key", f"the key {key_id} is not as the chain says it was made")
        if found:
            raise _Broken(0, "api_key", f"nobody made the key {min(found)}: no note in the chain speaks of it")

    def _check_releases(self) -> None:
        found = {}
        for digest, canonical, *rest in self._all(self._stored_releases):
            body = canonical if isinstance(canonical, bytes) else b""
            found[digest] = (sha256(body).hexdigest(), *rest)
        for digest, note in self._releases.items():
            true = (note.said["sha256"], note.said["version"], note.seq, note.at, note.recorded_at)
            if found.pop(digest, None) != true:
                raise _Broken(note.seq, "release", f"the release {digest} is not as it was put to use")
        if found:
            raise _Broken(0, "release", f"nobody put {min(found)} to use: no note in the chain speaks of it")

    def _check_rates(self, notes: list[_Note], table: str, stored_rates: str, rate_count: str) -> None:
        for note in notes:
            rows = self._connection.execute(stored_rates, {"seq": note.seq}).fetchall()
            times, subjects = {row[-1] for row in rows}, {row[0] for row in rows}
            if (
                times != {note.recorded_at}
                or subjects != {note.subject}
                or quotations.fingerprint(row[1:-1] for row in rows) != note.said["sha256"]
            ):
                raise _Broken(note.seq, table, "the exchange rates are not those that were loaded")
        (stored,) = self._connection.execute(rate_count).fetchone()
        loaded = sum(note.said["rows"] for note in notes)
        if stored != loaded:
            raise _Broken(0, table, f"{stored} exchange rates are stored, but {loaded} were loaded")

    def _all(self, sql: str) -> Iterator[Any]:
        """Row by row: a release is large."""
        cursor = self._connection.execute(sql)
        while (row := cursor.fetchone()) is not None:
            yield row


class _Postings:
    """The postings beside the chain, against what the chained rows say: a slice at a time, since there are many."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._slice, self._bounds = map(database.worded, (_POSTINGS, _POSTING_BOUNDS))
        self._drifted = database.worded(DRIFTED)
        self._above = 0
        self._said: dict[int, tuple[str, list[Any], tuple[Any, ...]]] = {}

    def hear(self, chained: Chained, row: Any) -> None:
        """Take in a transaction or a reversal: its postings, and what they repeat of it."""
        columns = columns_of(chained, row)
        if chained is TRANSACTION:
            document = (columns["id"], None, columns["day"], columns["recorded_at"])
        else:
            document = (columns["transaction_id"], columns["id"], columns["day"], columns["recorded_at"])
        self._said[columns["seq"]] = chained.name, json.loads(columns["postings"]), document

    def check(self, upto: int) -> None:
        """Raise for the first posting of the slice that is not as it was booked."""
        said, self._said = self._said, {}
        found: dict[int, list[Any]] = {}
        for seq, *rest in self._connection.execute(self._slice, {"above": self._above, "upto": upto}).fetchall():
            repeated, original = rest[-8:-4], rest[-4:]
            # What a posting repeats of its transaction is the chained row's own, or the posting is void.
            found.setdefault(seq, []).append(rest[:-8] if repeated == original else [])
        self._above = upto
        for seq in sorted(said.keys() | found.keys()):
            name, wanted, document = said.get(seq, ("tax_posting", [], ()))
            booked = [[*posting, *document] for posting in wanted]
            if booked != found.get(seq, []):
                what = f"the postings are not those that this row of {name} holds"
                raise _Broken(seq, "tax_posting", what if wanted else "nothing in the chain booked this posting")

    def check_bounds(self, last: int) -> None:
        """Raise for a posting that no row of the chain could have booked."""
        lowest, highest = self._connection.execute(self._bounds).fetchone()
        for seq in (lowest, highest):
            if seq is not None and not 1 <= seq <= last:
                raise _Broken(seq, "tax_posting", "nothing in the chain booked this posting")

    def check_totals(self) -> None:
        """Raise for a running sum that is not the sum of its postings."""
        found = self._connection.execute(self._drifted).fetchone()
        if found is not None:
            merchant, period = found
            raise _Broken(0, "tax_total", f"the running sum of {merchant} for {period} is not the sum of its postings")


def columns_of(chained: Chained, row: Any) -> dict[str, Any]:
    """A row of the chain, by the names of its columns."""
    return dict(zip((*chained.envelope, "prev", "hash", *chained.parts), row, strict=True))


def _slice_of(chained: Chained) -> Any:
    columns = chained.table.__table__.columns  # type: ignore[attr-defined]
    order = (*chained.envelope, "prev", "hash", *chained.parts)
    wanted = select(*(columns[name] for name in order))
    return wanted.where(text("seq > :above AND seq <= :upto")).order_by(columns["seq"])


_HEAD: Final = text("SELECT seq, hash FROM head WHERE id = 1")
_BEYOND: Final = text(
    "SELECT min(seq) FROM (SELECT seq FROM decision UNION ALL SELECT seq FROM event UNION ALL SELECT seq FROM note"
    " UNION ALL SELECT seq FROM merchant UNION ALL SELECT seq FROM tax_calculation"
    " UNION ALL SELECT seq FROM tax_transaction UNION ALL SELECT seq FROM tax_reversal UNION ALL SELECT seq FROM tax_return"
    " UNION ALL SELECT seq FROM onboarding_event) r"
    " WHERE seq > (SELECT seq FROM head WHERE id = 1)"
)
_KEYS: Final = text("SELECT id, name, scopes, digest, created_at, revoked_at FROM api_key ORDER BY id")
_RELEASES: Final = text("SELECT digest, canonical, version, seq, activated_at, recorded_at FROM release")
_RATE_TABLES: Final = {
    quotations.LOADED: (
        "quotation",
        text(
            "SELECT 'EUR', day, currency, per_euro, recorded_at FROM quotation WHERE seq = :seq ORDER BY day, currency"
        ),
        text("SELECT count(*) FROM quotation"),
    ),
    published.LOADED: (
        "published_rate",
        text(
            "SELECT publisher, base, target, valid_from, valid_to, day, rate, recorded_at FROM published_rate"
            " WHERE seq = :seq ORDER BY base, target, valid_from"
        ),
        text("SELECT count(*) FROM published_rate"),
    ),
}
"""By the kind of the notes that vouch for them: the table, a load's rows (the note's subject first, the instant last), and the
number of all rows."""
_POSTINGS: Final = text(
    "SELECT p.seq, p.line, p.part, p.line_id, p.country, p.region, p.origin, p.destination, p.kind, p.customer, p.platform,"
    " p.scheme, p.treatment, p.component, p.jurisdiction, p.rate, p.quantity, p.net, p.taxable, p.tax, p.gross,"
    " p.transaction_id, p.reversal_id, p.day, p.recorded_at, p.merchant, p.currency, p.digits, p.supply_day,"
    " t.merchant, t.currency, t.digits, t.day FROM tax_posting p LEFT JOIN tax_transaction t ON t.id = p.transaction_id"
    " WHERE p.seq > :above AND p.seq <= :upto ORDER BY p.seq, p.line, p.part"
)
_POSTING_BOUNDS: Final = text("SELECT min(seq), max(seq) FROM tax_posting")
