"""One write transaction, from the head of the chain as it is read inside it to the head that it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlmodel import SQLModel

from engine.ledger._answers import Answers, key_of
from engine.ledger._bodies import Bodies, DataKey, Names, seal_decision
from engine.ledger._chain import DECISION, EVENT, NOTE, Chained, Head, link
from engine.ledger._database import OF_WRITER, Cursor, Database, Parameters
from engine.ledger._opened import Kept, Opener
from engine.ledger._sealed import ANSWER, OBLIGATION, seal_of, sealed
from engine.ledger._search_terms import Decided, row_of, row_told
from engine.ledger._time import to_micros
from engine.ledger._vault import CARD, PAYER, REFERENCE, Vault
from engine.ledger.entries import (
    CountedPayment,
    DecisionEntry,
    IdempotencyKey,
    KeyReused,
    Piece,
    Replayed,
    Stored,
    Written,
)
from engine.ledger.errors import LedgerCorrupt, LedgerError, LedgerLocked, LedgerUnavailable
from engine.ledger.obligation_tables import NO_DAY, ObligationRow
from engine.ledger.onboarding_tables import OnboardingCaseRow, OnboardingEventRow, OnboardingMarkRow
from engine.ledger.past_tables import PastDayRow, PastEntryRow, PastFormRow, PastPaymentRow, PastSpanRow
from engine.ledger.search_tables import DecisionSearchRow
from engine.ledger.subject_tables import SubjectRow
from engine.ledger.tables import (
    AnswerRow,
    DecisionRow,
    EventRow,
    KeyRow,
    NoteRow,
    PublishedRateRow,
    QuotationRow,
    ReleaseRow,
)
from engine.ledger.tax_tables import (
    MerchantRow,
    TaxCalculationRow,
    TaxPostingRow,
    TaxReturnRow,
    TaxReversalRow,
    TaxTransactionRow,
)

_TABLES: Final[frozenset[type[SQLModel]]] = frozenset((
    DecisionRow,
    EventRow,
    NoteRow,
    ReleaseRow,
    QuotationRow,
    PublishedRateRow,
    KeyRow,
    MerchantRow,
    TaxCalculationRow,
    TaxTransactionRow,
    TaxReversalRow,
    TaxPostingRow,
    ObligationRow,
    PastFormRow,
    PastPaymentRow,
    PastEntryRow,
    PastDayRow,
    PastSpanRow,
    TaxReturnRow,
    OnboardingEventRow,
    OnboardingCaseRow,
    OnboardingMarkRow,
    SubjectRow,
))  # fmt: skip
_NOT_COUNTED: Final = (None,) * 7
_TOGETHER: Final = 64
"""Rows of one statement at most. SQLite lets the interpreter go while a statement runs, and waits for it after each: many rows
at once are written beside the loop that decides, row by row they are written when it rests."""
_IN_ARRAYS: Final = 128
"""Rows of one statement at most on PostgreSQL, a megabyte of usual decisions: a server need not take a message of any size."""


class Ahead(NamedTuple):
    """A decision as it is kept, sealed before its batch began under a key that was good while so many had been erased."""

    erasures: int
    kept: DecisionEntry


class Statements:
    """The statements of the writer in the words of its database, made once."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._begin = database.begin
        self.vault, self.opener = vault, Opener(vault)
        self._database = database
        self._together: dict[tuple[type[SQLModel], int], str] = {}
        self.in_rows = database.is_sqlite
        if not self.in_rows:
            from engine.ledger._arrays import columns

            self._arrays = columns
        self.claim = database.insertion(AnswerRow)
        self.answers = Answers(database, self.opener)
        self.move_head = database.worded(_MOVE_HEAD)
        self.probe = database.worded(_PROBE)
        self.last_rows = database.worded(_LAST_ROWS)
        # SQLite's write lock is taken by BEGIN; elsewhere the row is.
        self._read_head = database.worded(_READ_HEAD if self.in_rows else _LOCK_HEAD)

    def prepare(self, cursor: Any) -> None:
        """Ready a connection for writing: SQLite's holds more pages; the server of another keeps the plan for decisions, which
        takes as long as three of them. Outside a transaction; adds none."""
        if self.in_rows:
            for wanted in OF_WRITER:
                cursor.execute(wanted)
        else:
            sql, types = self._database.insertion_of_arrays(DecisionRow)
            cursor.execute(sql, self._arrays(types, []), prepare=True)

    def open(self, cursor: Cursor) -> Any:
        """Begin a transaction, wait until nobody else writes, and read where the chain ends. On a server it is one journey."""
        if self.in_rows:
            cursor.execute(self._begin)
            cursor.execute(self._read_head)
        else:
            cursor.execute(f"{self._begin}; {self._read_head}")
            cursor.nextset()
        return cursor.fetchone()

    def sealed(self, entry: DecisionEntry) -> Ahead | None:
        """An entry as it is kept, where the key of its payer is at hand; None: it is sealed in its batch. From any thread."""
        vault = self.vault
        if entry.payer_id is None or not vault.is_open:
            return None
        found = vault.at_hand(vault.pseudonym(PAYER, entry.payer_id))
        try:
            return None if found is None else Ahead(found[0], _sealed(entry, found[1], vault))
        except ValueError:
            return None  # what is wrong with it is said where it is stored

    def insert(self, cursor: Cursor, table: type[SQLModel], rows: Sequence[Sequence[object]]) -> None:
        """Add rows, each with all columns in their order. Rows of a table beside the chain may be known."""
        if self.in_rows:
            for begin in range(0, len(rows), _TOGETHER):
                part = rows[begin : begin + _TOGETHER]
                cursor.execute(self._of_rows(table, len(part)), [value for row in part for value in row])
            return
        sql, types = self._database.insertion_of_arrays(table, unless_known=table not in _TABLES)
        for begin in range(0, len(rows), _IN_ARRAYS):
            cursor.execute(sql, self._arrays(types, rows[begin : begin + _IN_ARRAYS]))

    def _of_rows(self, table: type[SQLModel], rows: int) -> str:
        key = (table, rows)
        made = self._together.get(key)
        if made is None:
            made = self._together[key] = self._database.insertion(table, unless_known=table not in _TABLES, rows=rows)
        return made


_READ_HEAD: Final = text(
    "SELECT seq, hash, recorded_at, NULL, erasures,"
    " (SELECT max(seq) FROM decision) IS (SELECT max(seq) FROM decision_search) FROM head WHERE id = 1"
)
# Whether all decisions were taken in cannot be asked beside a lock that is waited for: it would be answered of a moment before.
_LOCK_HEAD: Final = text(
    "SELECT seq, hash, recorded_at, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT), erasures, 0 FROM head"
    " WHERE id = 1 FOR UPDATE"
)
_MOVE_HEAD: Final = text("UPDATE head SET seq = :seq, hash = :hash, recorded_at = :now WHERE id = 1")
_PROBE: Final = text("UPDATE head SET probed_at = 0 WHERE id = 1")
# The test is that it could be written; a moment would be one more thing that nothing vouches for.
_LAST_ROWS: Final = text(
    "SELECT (SELECT max(seq) FROM decision), (SELECT max(seq) FROM event), (SELECT max(seq) FROM note),"
    " (SELECT max(seq) FROM merchant), (SELECT max(seq) FROM tax_calculation), (SELECT max(seq) FROM tax_transaction),"
    " (SELECT max(seq) FROM tax_reversal), (SELECT max(seq) FROM tax_return), (SELECT max(seq) FROM onboarding_event)"
)


class Batch:
    """What a task may do inside the transaction. `now`, taken once the head is held, is the instant that all its rows carry as
    `recorded_at`."""

    __slots__ = (
        "_began", "_cursor", "_recorded_at", "_sql", "_takes_in", "apart", "erasures", "fresh", "hash", "now", "seq",
    )  # fmt: skip

    def __init__(self, cursor: Cursor, statements: Statements, clock: Callable[[], int]) -> None:
        """Begins the transaction. `clock` tells microseconds."""
        self._cursor = cursor
        self._sql = statements
        before, began = clock(), time.monotonic_ns()
        head = statements.open(cursor)
        after, waited = clock(), (time.monotonic_ns() - began) // 1000
        if head is None:
            raise LedgerUnavailable("The head of the chain is missing: this ledger was damaged")
        self.seq: int = head[0]
        self.hash: bytes = head[1]
        self._began, self._recorded_at = self.seq, head[2]
        self.apart: int | None = None if head[3] is None else _apart(before, head[3], after, waited)
        """By how many microseconds this clock is ahead of the server's, which all who write share; negative: behind. None: there
        is no server."""
        self.erasures: int | None = head[4]
        """How often somebody was erased, as the head says; None: personal data are not protected."""
        self.fresh: dict[str, DataKey] = {}
        """Keys of subjects that this transaction found or made: to be remembered once it is on disk, and not before."""
        # Where no decision waits to be made findable, these are at once; otherwise they wait behind the others.
        self._takes_in = bool(head[5])
        # `recorded_at` never runs backwards along the chain, even where the clock does.
        self.now: int = max(after, head[2])

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Read inside the transaction."""
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        """Change something that is not of the chain."""
        self._cursor.execute(sql, parameters)

    def insert(self, table: type[SQLModel], rows: Sequence[Sequence[object]]) -> None:
        """Add rows, each with all columns in their order. Of a table beside the chain: those that are not there yet."""
        self._sql.insert(self._cursor, table, rows)

    def event(self, columns: tuple[object, ...], details: bytes) -> int:
        """Chain an event; `columns` are those of the envelope after `seq`. Returns its number."""
        return self._append(EVENT, columns, details)

    def note(self, kind: str, subject: str, at: int, payload: bytes) -> int:
        """Chain a note. Returns its number."""
        return self._append(NOTE, (kind, subject, at, self.now), payload)

    def chain(self, chained: Chained, columns: tuple[object, ...], *parts: bytes) -> int:
        """Chain a row of any table of the chain; `columns` are those of its envelope after `seq`. Returns its number."""
        return self._append(chained, columns, *parts)

    def known(self, wanted: IdempotencyKey) -> Replayed | KeyReused | None:
        """What an idempotency key stands for already. None: it is free. Raises BodyErased, LedgerLocked."""
        self.protects()
        return self._sql.answers.given(self.rows, wanted)

    def claim(self, wanted: IdempotencyKey, answer: bytes | Sequence[Piece]) -> Replayed | KeyReused | None:
        """Take an idempotency key for an answer that is not a decision's. None: it is taken now. Pieces, which together are the
        answer, are kept under the keys of whom they are about. Raises BodyErased, LedgerLocked."""
        # Whoever writes holds the head: between this look and what follows nobody takes the key.
        known = self.known(wanted)
        if known is not None:
            return known
        if not isinstance(answer, bytes):
            answer = self._under_keys(wanted, answer)
        self._cursor.execute(
            self._sql.claim, sealed(ANSWER, (*self._sql.answers.kept_as(wanted), None, answer, self.now))
        )
        return None

    def decisions(self, entries: Sequence[DecisionEntry]) -> list[Written | LedgerError]:
        """Store what is new, and say of each entry what became of it."""
        known = self.claimed(entries)
        return self.store(entries, known, self.kept(entries, known))

    def claimed(self, entries: Sequence[DecisionEntry]) -> dict[int, Written | LedgerError]:
        """Take the keys of entries that have one. The entries whose key was taken before, by their place, with what to answer."""
        keyed = [(place, entry) for place, entry in enumerate(entries) if entry.idempotency is not None]
        return self._claim(keyed) if keyed else {}

    def kept(
        self, entries: Sequence[DecisionEntry], known: Container[int], ahead: Sequence[Ahead | None] = ()
    ) -> list[DecisionEntry]:
        """Those that are not known, as they are kept: pseudonyms in their columns, their bodies sealed in one. `ahead`: what
        was sealed before, by its place; it is taken where nobody was erased since. Raises LedgerLocked."""
        new = [place for place in range(len(entries)) if place not in known]
        if not new or not self.protects():
            return [entries[place] for place in new]
        before = {
            place: one.kept for place, one in enumerate(ahead) if one is not None and one.erasures == self.erasures
        }
        others = iter(self._all_sealed([entries[place] for place in new if place not in before]))
        return [before[place] if place in before else next(others) for place in new]

    def _all_sealed(self, new: Sequence[DecisionEntry]) -> list[DecisionEntry]:
        vault = self._sql.vault
        subjects = [entry.id if entry.payer_id is None else vault.pseudonym(PAYER, entry.payer_id) for entry in new]
        keys = self.keys(subjects)
        return [_sealed(entry, keys[one], vault) for entry, one in zip(new, subjects, strict=True)]

    def store(
        self,
        entries: Sequence[DecisionEntry],
        known: Mapping[int, Written | LedgerError],
        kept: Sequence[DecisionEntry],
    ) -> list[Written | LedgerError]:
        """Store what is not known, and say of each entry what became of it. Nothing is asked: this needs no answer."""
        new = [entry for place, entry in enumerate(entries) if place not in known]
        stored = iter(self._store(new, kept))
        return [known[place] if place in known else next(stored) for place in range(len(entries))]

    def leave(self) -> None:
        """Write where the chain ends now, and when its last row was recorded."""
        recorded_at = self._recorded_at if self.seq == self._began else self.now
        self._cursor.execute(self._sql.move_head, {"seq": self.seq, "hash": self.hash, "now": recorded_at})

    def place(self) -> Head:
        """Where the chain ends now."""
        return Head(self.seq, self.hash)

    def return_to(self, place: Head) -> None:
        """Forget rows that a savepoint has undone."""
        self.seq, self.hash = place
        self.fresh.clear()

    def end(self) -> None:
        """What is left to do once the transaction is on disk."""
        self._sql.vault.remember(self.fresh, self.erasures)

    @property
    def vault(self) -> Vault:
        """The keys of the ledger."""
        return self._sql.vault

    def keys(self, subjects: Iterable[str]) -> dict[str, DataKey]:
        """The keys of subjects; those that are missing are made. Raises LedgerLocked."""
        return self._sql.vault.keys(self, subjects)

    def key_of(self, body: bytes) -> DataKey | None:
        """The key that a sealed body wants; None: it was erased. Raises LedgerLocked, LedgerCorrupt."""
        (key,) = self._sql.opener.keys(self.rows, [body]).values()
        return key

    def overwrite(self) -> None:
        """From now on what is deleted is overwritten where it lies. On PostgreSQL it stays until a vacuum has been."""
        if self._sql.in_rows:
            self._cursor.execute("PRAGMA secure_delete = ON")

    def protects(self) -> bool:
        """Whether what is stored is kept under keys. Raises LedgerLocked where it should be, and cannot."""
        if self._sql.vault.is_open:
            return True
        if self.erasures is not None:
            raise LedgerLocked("This ledger protects personal data, and the master key is not here")
        return False

    def opened(self, kept: Sequence[Kept]) -> list[Bodies | None]:
        """Bodies of decisions; None for those that were erased. Raises LedgerLocked, LedgerCorrupt."""
        return self._sql.opener.bodies(self.rows, kept)

    def check_head(self) -> None:
        """Raise if the last row is not the one the head names: whoever wrote on would fork or overwrite the chain."""
        last = max((seq for seq in self.rows(self._sql.last_rows)[0] if seq is not None), default=0)
        if last != self.seq:
            raise LedgerCorrupt(
                f"The chain ends at row {last}, but its head names row {self.seq}: rows were removed or added by hand."
                " `lexgate audit verify` names the first bad row; restore a backup to write again"
            )

    def _under_keys(self, wanted: IdempotencyKey, pieces: Sequence[Piece]) -> bytes:
        if not self.protects():
            return b"".join(one.said for one in pieces)
        return self._sql.answers.sealed(wanted, pieces, self.keys({one.subject: None for one in pieces}))

    def _append(self, chained: Chained, columns: tuple[object, ...], *parts: bytes) -> int:
        seq, prev = self.seq + 1, self.hash
        digest = link(prev, (chained.name, seq, *columns), *parts)
        self.insert(chained.table, [(seq, *columns, prev, digest, *parts)])
        self.seq, self.hash = seq, digest
        return seq

    def _store(self, entries: Sequence[DecisionEntry], kept: Sequence[DecisionEntry]) -> list[Written]:
        if not kept:
            return []
        seq, prev, now = self.seq, self.hash, self.now
        rows = []
        for entry in kept:
            seq += 1
            envelope = _envelope(entry, seq, now)
            digest = link(prev, envelope, entry.facts, entry.inputs, entry.answer)
            rows.append((*envelope[1:], prev, digest, entry.facts, entry.inputs, entry.answer))
            prev = digest
        self.insert(DecisionRow, rows)
        if self._takes_in:
            found_by = zip(entries, kept, range(self.seq + 1, seq + 1), strict=True)
            self.insert(DecisionSearchRow, [_found_by(*one) for one in found_by])
        owed = [row for entry in kept if entry.owed for row in _owed(entry, now)]
        if owed:
            self.insert(ObligationRow, owed)
        first, self.seq, self.hash = self.seq + 1, seq, prev
        return [Stored(number) for number in range(first, seq + 1)]

    def _claim(self, keyed: list[tuple[int, DecisionEntry]]) -> dict[int, Written | LedgerError]:
        """The entries whose key was taken before, by their place, with what to answer them."""
        self.protects()
        answers = self._sql.answers
        rows = [answers.claiming(key_of(entry), entry.id, self.now) for _, entry in keyed]
        self._cursor.executemany(answers.claims, rows)
        return {} if self._cursor.rowcount == len(keyed) else answers.of_decisions(self.rows, keyed)


def _sealed(entry: DecisionEntry, key: DataKey, vault: Vault) -> DecisionEntry:
    """An entry as it is kept. Made field by field: `dataclasses.replace` takes several times as long."""
    counted, reference, card = entry.counted, entry.reference, None
    if counted is not None:
        if counted.payer_id != entry.payer_id:
            raise ValueError("A counted payment has the payer of its decision")
        card = counted.card
        counted = CountedPayment(
            key.subject, counted.instrument, counted.channel, None if card is None else vault.pseudonym(CARD, card),
            counted.occurred_at, counted.amount, counted.currency, counted.authenticated,
        )  # fmt: skip
    names = Names(entry.payer_id, reference, card)
    return DecisionEntry(
        entry.id, entry.at, entry.key_id, None if reference is None else vault.pseudonym(REFERENCE, reference),
        None if entry.payer_id is None else key.subject, entry.outcome, entry.country, entry.release,
        seal_decision(key, entry.id, Bodies(names, entry.facts, entry.inputs, entry.answer)), b"", b"", counted,
        entry.idempotency, entry.owed,
    )  # fmt: skip


def _apart(before: int, by_server: int, after: int, waited: int) -> int:
    """How far one clock is ahead of another, which was read at some time between two looks at the first, while the head was
    waited for. A clock that jumped meanwhile is held by either look."""

    def ahead(first: int) -> int:
        return first - by_server if by_server < first else min(0, first + waited - by_server)

    return max(ahead(before), ahead(after - waited), key=abs)


def _owed(entry: DecisionEntry, now: int) -> list[tuple[object, ...]]:
    """The rows of a decision's obligations, by their place in its list."""
    found: list[tuple[object, ...]] = []
    for place, owed in enumerate(entry.owed, 1):
        row = (
            f"{entry.id}.{place:03d}", entry.id, now, entry.reference, owed.code, owed.domain, owed.who, owed.due,
            NO_DAY if owed.due_at is None else to_micros(owed.due_at), owed.message,
        )  # fmt: skip
        found.append((*row, None, None, None, None, seal_of(OBLIGATION, row)))
    return found


def _found_by(said: DecisionEntry, kept: DecisionEntry, seq: int) -> tuple[object, ...]:
    """The row by which a decision is found: what it said, under the names that are kept."""
    decided = Decided(
        seq,
        kept.id,
        to_micros(kept.at),
        kept.reference,
        kept.payer_id,
        kept.outcome,
        kept.release,
        said.facts,
        said.answer,
    )
    return row_of(decided) if said.told is None else row_told(decided, said.told)


def _envelope(entry: DecisionEntry, seq: int, now: int) -> tuple[object, ...]:
    """The columns of a decision before its hashes, after the name of the table."""
    counted = entry.counted
    payment: tuple[object, ...] = _NOT_COUNTED
    if counted is not None:
        amount = counted.amount
        if counted.payer_id != entry.payer_id or not amount.is_finite():
            raise ValueError("A counted payment has the payer of its decision and a finite amount")
        payment = (
            counted.instrument,
            counted.channel,
            counted.card,
            to_micros(counted.occurred_at),
            str(amount),
            counted.currency,
            1 if counted.authenticated else 0,
        )
    return (
        DECISION.name,
        seq,
        entry.id,
        to_micros(entry.at),
        now,
        entry.key_id,
        entry.reference,
        entry.payer_id,
        entry.outcome,
        entry.country,
        entry.release,
        *payment,
    )
