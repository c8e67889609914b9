"""The life of a tax in the ledger: calculated, committed once, given back in parts that never exceed the whole.

Rules about money are kept where the money is written down: what was given back so far is read inside the transaction that stores
the next reversal, and a trigger of the database refuses whatever would exceed the original all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import DataKey
from engine.ledger._chain import CALCULATION, REVERSAL, TRANSACTION
from engine.ledger._database import Database, Readers
from engine.ledger._opened import Opener
from engine.ledger._tax_bodies import CALCULATED, COMMITTED, REVERSED, Said, kept_under, key_for, read, subject_of
from engine.ledger._time import from_micros, to_micros
from engine.ledger._totals import DAILY, RUNNING, arriving, pieces
from engine.ledger._vault import Ask, Vault
from engine.ledger._writer import Writer
from engine.ledger.entries import IdempotencyKey, KeyReused, Piece, Replayed, Stored, Written
from engine.ledger.errors import BodyErased, EntryRefused
from engine.ledger.tax_entries import (
    AlreadyCommitted,
    CalculationEntry,
    Refusal,
    ReversalEntry,
    StoredCalculation,
    StoredReversal,
    StoredTransaction,
    TransactionEntry,
)
from engine.ledger.tax_tables import TaxPostingRow
from engine.postings import Booked, Document, Flow, Posting, Running

MakeReversal = Callable[[StoredTransaction, Sequence[StoredReversal]], "ReversalEntry | Refusal"]
"""What to give back, worked out from the transaction and all its reversals so far. Pure: it runs inside the write."""

_CALCULATION: Final = text(
    "SELECT seq, id, at, key_id, reference, merchant, profile_version, verdict, valid_until, release, facts, inputs, answer"
    " FROM tax_calculation WHERE id = :id"
)
_COMMITTED: Final = text("SELECT id FROM tax_transaction WHERE calculation_id = :id")
_FACTS: Final = text("SELECT facts FROM tax_calculation WHERE id = :id")
_TRANSACTION: Final = text(
    "SELECT seq, id, calculation_id, at, recorded_at, key_id, reference, merchant, day, currency, digits, net, tax, gross,"
    " release, postings, answer FROM tax_transaction WHERE id = :id"
)
_REVERSALS: Final = text(
    "SELECT seq, id, transaction_id, at, recorded_at, mode, day, net, tax, gross, postings, reference, request, answer"
    " FROM tax_reversal"
    " WHERE transaction_id = :id ORDER BY seq"
)
_BOOKED: Final = text(
    "SELECT line, part, line_id, country, region, origin, destination, kind, customer, platform, scheme, treatment, component,"
    " jurisdiction, rate, quantity, net, taxable, tax, gross, transaction_id, reversal_id, currency, digits, day, supply_day,"
    " recorded_at, seq FROM tax_posting WHERE merchant = :merchant AND day >= :first AND day <= :last"
    " ORDER BY day, seq, line, part"
)
_TOLD_LATE: Final = text(
    "SELECT line, part, line_id, country, region, origin, destination, kind, customer, platform, scheme, treatment, component,"
    " jurisdiction, rate, quantity, net, taxable, tax, gross, transaction_id, reversal_id, currency, digits, day, supply_day,"
    " recorded_at, seq FROM tax_posting WHERE merchant = :merchant AND day < :first AND recorded_at >= :since"
    " ORDER BY day, seq, line, part"
)
_FLOWS: Final = text(
    "SELECT destination, origin, kind, customer, platform, currency, digits, day,"
    " sum(CASE WHEN reversal_id IS NULL THEN net ELSE 0 END), sum(CASE WHEN reversal_id IS NULL THEN 0 ELSE net END)"
    " FROM tax_posting"
    " WHERE merchant = :merchant AND day >= :first AND day <= :last AND part = 0"
    " GROUP BY destination, origin, kind, customer, platform, currency, digits, day ORDER BY day"
)
_SALES: Final = text(
    "SELECT destination, day, count(DISTINCT transaction_id) FROM tax_posting"
    " WHERE merchant = :merchant AND day >= :first AND day <= :last AND part = 0 AND reversal_id IS NULL"
    " GROUP BY destination, day ORDER BY day"
)
_DOCUMENTS: Final = text(
    "SELECT t.id, 0, t.currency, t.digits, t.day, t.recorded_at, t.tax, t.seq FROM tax_transaction t"
    " WHERE t.merchant = :merchant AND t.day <= :last AND (t.day >= :first OR t.recorded_at >= :since)"
    " UNION ALL SELECT r.id, 1, t.currency, t.digits, r.day, r.recorded_at, r.tax, r.seq FROM tax_reversal r"
    " JOIN tax_transaction t ON t.id = r.transaction_id"
    " WHERE t.merchant = :merchant AND r.day <= :last AND (r.day >= :first OR r.recorded_at >= :since)"
)
_FIELDS: Final = len(Posting._fields)


class TaxRecords:
    """The taxes of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers = readers
        self._writer = writer
        self._opener = Opener(vault)
        one = (_CALCULATION, _COMMITTED, _TRANSACTION, _REVERSALS, _FACTS)
        self._calculation, self._committed, self._transaction, self._reversals, self._facts = map(database.worded, one)
        self._booked, self._late, self._documents = map(database.worded, (_BOOKED, _TOLD_LATE, _DOCUMENTS))
        self._flows, self._sales = map(database.worded, (_FLOWS, _SALES))
        self._running, self._daily = map(database.worded, (RUNNING, DAILY))

    def remember(self, entry: CalculationEntry, once: IdempotencyKey | None = None) -> Written:
        """Store a calculation. Waits for the disk: from an event loop, call it in a thread. Raises BodyErased where the key
        stands for one whose payer was erased."""
        said = Said(entry.reference, (entry.facts, entry.inputs, entry.answer))

        def store(batch: Batch) -> Written:
            known = None if once is None else batch.known(once)
            if known is not None:
                return known
            subject, kept = subject_of(batch, entry.id, entry.payer_id), said
            if once is not None:
                batch.claim(once, [Piece(subject, entry.answer)])
            if batch.protects():
                kept = kept_under(batch, batch.keys([subject])[subject], CALCULATED, entry.id, said)
            columns = (
                entry.id, to_micros(entry.at), batch.now, entry.key_id, kept.reference, entry.merchant,
                entry.profile_version, entry.verdict, to_micros(entry.valid_until), entry.release,
            )  # fmt: skip
            return Stored(batch.chain(CALCULATION, columns, *kept.bodies))

        return self._writer.run(store)

    def calculation(self, calculation_id: str) -> StoredCalculation | None:
        """The calculation with this id. Raises LedgerLocked."""
        row = self._readers.row(self._calculation, {"id": calculation_id})
        if row is None:
            return None
        seq, name, at, key_id, reference, merchant, version, verdict, until, release, *bodies = row
        (said,) = read(self._opener, self._readers.rows, CALCULATED, [(name, Said(reference, tuple(bodies)))])
        reference, found = (None, None) if said is None else said
        when, end = from_micros(at), from_micros(until)
        return StoredCalculation(seq, name, when, key_id, reference, merchant, version, verdict, end, release, found)

    def commit(self, entry: TransactionEntry, once: IdempotencyKey | None = None) -> Written | AlreadyCommitted:
        """Store a transaction, once for each calculation. Waits for the disk. Raises BodyErased where whom the calculation is
        about was erased."""

        def store(batch: Batch) -> Written | AlreadyCommitted:
            known = None if once is None else batch.known(once)
            if known is not None:
                return known
            taken = batch.rows(self._committed, {"id": entry.calculation_id})
            if taken:
                return AlreadyCommitted(taken[0][0])
            key = self._key(batch, entry.calculation_id)
            if once is not None:
                batch.claim(once, _answered(key, entry.answer))
            return Stored(_chain_transaction(batch, entry, key))

        return self._writer.run(store)

    def reverse(
        self, transaction_id: str, make: MakeReversal, once: IdempotencyKey | None = None
    ) -> tuple[ReversalEntry, Stored] | Replayed | KeyReused | Refusal | None:
        """Give back what `make` works out from the transaction and all that was given back so far. None: no such transaction.

        `make` runs inside the write, so that no two reversals can be worked out from the same state. Waits for the disk. Raises
        BodyErased where whom was sold to was erased.
        """

        def store(batch: Batch) -> tuple[ReversalEntry, Stored] | Replayed | KeyReused | Refusal | None:
            known = None if once is None else batch.known(once)
            if known is not None:
                return known
            found = batch.rows(self._transaction, {"id": transaction_id})
            if not found:
                return None
            transaction = self._stored_transaction(batch.rows, found[0])
            if transaction.erased:
                raise BodyErased(f"the transaction {transaction_id}")
            before = self._stored_reversals(batch.rows, batch.rows(self._reversals, {"id": transaction_id}))
            entry = make(transaction, before)
            if isinstance(entry, Refusal):
                return entry
            key = self._key(batch, transaction.calculation_id)
            if once is not None:
                batch.claim(once, _answered(key, entry.answer))
            return entry, Stored(_chain_reversal(batch, entry, transaction, key))

        return self._writer.run(store)

    def _key(self, batch: Batch, calculation_id: str) -> DataKey | None:
        """The key of whom a calculation is about; None: nothing is kept under keys. Raises BodyErased, LedgerLocked."""
        if not batch.protects():
            return None
        found = batch.rows(self._facts, {"id": calculation_id})
        if not found:
            raise EntryRefused(f"There is no calculation {calculation_id!r} in this ledger")
        return key_for(batch, calculation_id, found[0][0])

    def committed(self, calculation_id: str) -> str | None:
        """The transaction that a calculation was committed as."""
        row = self._readers.row(self._committed, {"id": calculation_id})
        return None if row is None else str(row[0])

    def transaction(self, transaction_id: str) -> StoredTransaction | None:
        """The transaction with this id. Raises LedgerLocked."""
        row = self._readers.row(self._transaction, {"id": transaction_id})
        return None if row is None else self._stored_transaction(self._readers.rows, row)

    def reversals(self, transaction_id: str) -> tuple[StoredReversal, ...]:
        """What was given back of a transaction, in the order it was. Raises LedgerLocked."""
        rows = self._readers.rows(self._reversals, {"id": transaction_id})
        return self._stored_reversals(self._readers.rows, rows)

    def _stored_transaction(self, ask: Ask, row: Sequence[Any]) -> StoredTransaction:
        (said,) = read(self._opener, ask, COMMITTED, [(row[1], Said(row[6], (row[16],)))])
        return _stored_transaction(row, said)

    def _stored_reversals(self, ask: Ask, rows: Sequence[Sequence[Any]]) -> tuple[StoredReversal, ...]:
        kept = [(row[1], Said(row[11], tuple(row[12:14]))) for row in rows]
        opened = read(self._opener, ask, REVERSED, kept)
        return tuple(_stored_reversal(row, said) for row, said in zip(rows, opened, strict=True))

    def booked(self, merchant: str, first: date, last: date) -> tuple[Booked, ...]:
        """A merchant's postings of some days, both ends included, in the order of days and then as they were told."""
        return tuple(_booked(row) for row in self._readers.rows(self._booked, _days(merchant, first, last)))

    def flows(self, merchant: str, first: date, last: date) -> tuple[Flow, ...]:
        """A merchant's sales, less what was given back, summed by day and direction. Exact: sums of whole minor units."""
        rows = self._readers.rows(self._flows, _days(merchant, first, last))
        return tuple(
            Flow(to, start, kind, who, bool(platform), currency, digits, date.fromisoformat(day), int(sold), int(back))
            for to, start, kind, who, platform, currency, digits, day, sold, back in rows
        )

    def sales(self, merchant: str, first: date, last: date) -> tuple[tuple[str | None, date, int], ...]:
        """How many transactions a merchant made into each place on each day."""
        rows = self._readers.rows(self._sales, _days(merchant, first, last))
        return tuple((place, date.fromisoformat(day), count) for place, day, count in rows)

    def running(self, merchant: str, first: date, last: date, place: str | None = None) -> tuple[Running, ...]:
        """A merchant's sales of a window, both ends included, by direction: read from running sums, however many sales there
        were. `place`: only what arrives there."""
        bounds = {"merchant": merchant, **pieces(first, last), **arriving(place)}
        rows = self._readers.rows(self._running, bounds)
        return tuple(
            Running(_flow(direction, last, sold, back), int(number)) for *direction, sold, back, number in rows
        )

    def daily(self, merchant: str, first: date, last: date, place: str | None = None) -> tuple[Flow, ...]:
        """The same day by day, as `flows` sums them up from the postings."""
        rows = self._readers.rows(self._daily, {**_days(merchant, first, last), **arriving(place)})
        return tuple(_flow(direction, date.fromisoformat(day), sold, back) for *direction, day, sold, back in rows)

    def told_late(self, merchant: str, before: date, since: datetime) -> tuple[Booked, ...]:
        """A merchant's postings of days before `before` that the ledger was told at `since` or later."""
        bounds = {"merchant": merchant, "first": before.isoformat(), "since": to_micros(since)}
        return tuple(_booked(row) for row in self._readers.rows(self._late, bounds))

    def documents(self, merchant: str, first: date, last: date, since: datetime) -> tuple[Document, ...]:
        """The transactions and reversals of some days, and of earlier ones what the ledger was told at `since` or later."""
        rows = self._readers.rows(self._documents, {**_days(merchant, first, last), "since": to_micros(since)})
        return tuple(
            Document(name, bool(back), currency, digits, date.fromisoformat(day), from_micros(told).date(), tax, seq)
            for name, back, currency, digits, day, told, tax, seq in rows
        )


def encoded(postings: Sequence[Posting]) -> bytes:
    """Postings as the chain holds them."""
    return orjson.dumps([list(posting) for posting in postings])


def decoded(body: bytes) -> tuple[Posting, ...]:
    """The inverse."""
    return tuple(Posting(*fields) for fields in orjson.loads(body))


def _flow(direction: Sequence[Any], day: date, sold: Any, back: Any) -> Flow:
    """A row of running sums: what is empty there is open here."""
    to, start, kind, who, platform, currency, digits = direction
    places = (to or None, start or None, kind or None)
    return Flow(*places, who, bool(platform), currency, digits, day, int(sold), int(back))


def _days(merchant: str, first: date, last: date) -> dict[str, str]:
    return {"merchant": merchant, "first": first.isoformat(), "last": last.isoformat()}


def _answered(key: DataKey | None, answer: bytes) -> bytes | list[Piece]:
    return answer if key is None else [Piece(key.subject, answer)]


def _chain_transaction(batch: Batch, entry: TransactionEntry, key: DataKey | None) -> int:
    net, tax, gross = _sums(entry.postings)
    said = Said(entry.reference, (entry.answer,))
    if key is not None:
        said = kept_under(batch, key, COMMITTED, entry.id, said)
    columns = (
        entry.id,
        entry.calculation_id,
        to_micros(entry.at),
        batch.now,
        entry.key_id,
        said.reference,
        entry.merchant,
        entry.day.isoformat(),
        entry.currency,
        entry.digits,
        net,
        tax,
        gross,
        entry.release,
    )
    seq = batch.chain(TRANSACTION, columns, encoded(entry.postings), *said.bodies)
    day = entry.day.isoformat()
    document = (entry.id, None, entry.merchant, entry.currency, entry.digits, day, day, batch.now)
    batch.insert(TaxPostingRow, [(seq, *posting, *document) for posting in entry.postings])
    return seq


def _chain_reversal(batch: Batch, entry: ReversalEntry, of: StoredTransaction, key: DataKey | None) -> int:
    if entry.transaction_id != of.id:
        raise EntryRefused(f"The reversal {entry.id} names another transaction than {of.id}")
    day = entry.day.isoformat()
    when = (to_micros(entry.at), batch.now)
    said = Said(entry.reference, (entry.request, entry.answer))
    if key is not None:
        said = kept_under(batch, key, REVERSED, entry.id, said)
    request, answer = said.bodies
    columns = (entry.id, of.id, *when, entry.key_id, said.reference, entry.mode, day, *_sums(entry.postings))
    seq = batch.chain(REVERSAL, columns, request, encoded(entry.postings), answer)
    document = (of.id, entry.id, of.merchant, of.currency, of.digits, day, of.day.isoformat(), batch.now)
    batch.insert(TaxPostingRow, [(seq, *posting, *document) for posting in entry.postings])
    return seq


def _sums(postings: Sequence[Posting]) -> tuple[int, int, int]:
    return (
        sum(posting.net for posting in postings),
        sum(posting.tax for posting in postings),
        sum(posting.gross for posting in postings),
    )


def _stored_transaction(row: Sequence[Any], said: Said | None) -> StoredTransaction:
    seq, name, calculation, at, recorded_at, key_id, _, merchant, day, *rest = row
    currency, digits, net, tax, gross, release, postings, _ = rest
    return StoredTransaction(
        seq,
        name,
        calculation,
        from_micros(at),
        from_micros(recorded_at),
        key_id,
        None if said is None else said.reference,
        merchant,
        date.fromisoformat(day),
        currency,
        digits,
        net,
        tax,
        gross,
        release,
        decoded(postings),
        None if said is None else said.bodies[0],
    )


def _stored_reversal(row: Sequence[Any], said: Said | None) -> StoredReversal:
    seq, name, transaction, at, recorded_at, mode, day, net, tax, gross, postings = row[:11]
    when: tuple[datetime, datetime] = (from_micros(at), from_micros(recorded_at))
    on = date.fromisoformat(day)
    answer = None if said is None else said.bodies[1]
    return StoredReversal(seq, name, transaction, *when, mode, on, net, tax, gross, decoded(postings), answer)


def _booked(row: Sequence[Any]) -> Booked:
    posting, rest = Posting(*row[:_FIELDS]), row[_FIELDS:]
    transaction, reversal, currency, digits, day, supply_day, recorded_at, seq = rest
    days = (date.fromisoformat(day), date.fromisoformat(supply_day), from_micros(recorded_at).date())
    return Booked(posting, transaction, reversal, currency, digits, *days, seq)
