"""The past beside the chain, worked out once more: every payment, entry, running total and extreme that features are answered
from, against the events that they come from. Row by row, in the order of the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import text

from engine.ledger import _past_sql
from engine.ledger._bodies import is_sealed
from engine.ledger._database import Connection, Database
from engine.ledger._past import EXECUTED, identity_of, kept_in, paid_of, places
from engine.ledger._past_values import (
    DAY,
    EXTREME,
    HOUR,
    TOTAL,
    Form,
    Paid,
    Total,
    added,
    form_of,
    sortable,
    text_of,
    total_of,
    unsorted,
)
from engine.ledger._vault import Vault

Fault = tuple[int, str, str] | None
_Row = tuple[Any, ...]


class Past:
    """Names the first row of the past that is not what the chain says."""

    def __init__(self, connection: Connection, database: Database, vault: Vault, *, locked: bool) -> None:
        """`locked`: pseudonyms cannot be made here, so that what was told before protection is taken as it stands."""
        self._connection = connection
        self._named, self._locked = (_as_it_is if locked else vault.of_past), locked
        self._sql = {name: database.worded(said) for name, said in _STATEMENTS.items()}

    def fault(self) -> Fault:
        """Number, table and what is wrong; None: nothing is."""
        forms = [(number, form_of(spec, self._named)) for number, spec in self._all("forms")]
        states = list(self._all("state"))
        if len(states) != 1:
            return 0, "past_state", "the row is missing, or not the only one"
        through, told = states[0][1], next(self._all("told"))[0]
        if states[0][0] != 1 or not isinstance(through, int) or (through != told if forms else not self._is(through)):
            return 0, "past_state", "it names another event than the last one that was taken in"
        counted = [0]
        return (
            self._payments(through, forms, counted)
            or self._entries(dict(forms), counted[0])
            or self._first("past_day", self._expected_days(dict(forms)), self._all("days"), _same_day)
            or self._first("past_span", self._expected_spans(dict(forms)), self._all("spans"), _same)
        )

    def gone(self, decision_id: str, at: int, body: bytes) -> Fault:
        """What is wrong with the payments whose last word was said of a decision that is in the archive only."""
        for payer, name in list(self._all("named", id=decision_id)):
            word = next(self._all("word" if payer is not None else "word_of_nobody", payer=payer, name=name), None)
            if word is None or word[1] != decision_id:
                continue
            payment = identity_of(payer, name)
            row = next(self._all("payment", payment=payment), None)
            wanted = self._wanted(at, body, word[2], row) if word[0] in EXECUTED else None
            if (None if row is None else tuple(row)) != (None if wanted is None else tuple(wanted)):
                return 0, "past_payment", f"the payment {payment} is not what its last word says"
        return None

    def _is(self, through: int) -> bool:
        """Whether an event that history hears has this number; nought: none was taken in."""
        return through == 0 or next(self._all("event", seq=through), None) is not None

    def _payments(self, through: int, forms: list[tuple[int, Form]], counted: list[int]) -> Fault:
        """Each payment as the last word has it. `counted`: how many entries they have in all."""
        seen = 0
        for payer, name, kind, at, body, details in self._all("words", through=through):
            payment = identity_of(payer, name)
            row = next(self._all("payment", payment=payment), None)
            wanted = self._wanted(at, body, details, row) if kind in EXECUTED else None
            if wanted is None and row is None:
                continue
            if wanted is None or row is None or tuple(row) != tuple(wanted):
                return 0, "past_payment", f"the payment {payment} is not what its last word says"
            seen += 1
            counted[0] += len(places(forms, wanted))
        (stored,) = next(self._all("payments"))
        return None if stored == seen else (0, "past_payment", f"{stored} payments are kept, and {seen} were told")

    def _wanted(self, at: int | None, body: bytes, details: bytes, row: Any) -> Paid | None:
        if is_sealed(details):
            return kept_in(details)
        if at is None:
            # The decision was taken out: what it was about is known to its archive only (`gone`).
            return None if row is None else Paid(*row)
        if is_sealed(body):
            return None
        paid = paid_of(at, body, self._named)
        return paid._replace(stated=row[3]) if self._locked and paid is not None and row is not None else paid

    def _entries(self, forms: dict[int, Form], wanted: int) -> Fault:
        seen = 0
        running = _Running()
        for number, grp, at, payment, currency, size, value, total, *rest in self._all("entries"):
            form, paid = forms.get(number), Paid(*rest)
            said = f"the entry of the payment {payment} is not what its events say"
            if form is None or paid.at is None:
                return 0, "past_entry", said
            found = places([(number, form)], paid)
            plain = (grp, value, at, currency, size)
            if [(*place[2:], paid.at, paid.currency, sortable(paid.amount)) for place in found] != [plain]:
                return 0, "past_entry", said
            day = running.day(number, grp, at, paid) if form.measure == TOTAL else None
            if total != day and not _equal(total, day):
                return 0, "past_entry", f"the total beside the entry of the payment {payment} is not the sum of its day"
            seen += 1
        return None if seen == wanted else (0, "past_entry", f"{seen} entries are kept, and {wanted} are due")

    def _expected_days(self, forms: dict[int, Form]) -> Iterator[_Row]:
        """A row for each day with entries: the total of all time up to and with it."""
        here: tuple[int, str, int] | None = None
        total: Total = {}
        for number, grp, at, currency, size in self._all("sizes"):
            if forms[number].measure != TOTAL:
                continue
            place = number, grp, at // DAY
            if here is not None and place != here:
                yield *here, total
                if place[:2] != here[:2]:
                    total = {}
            here = place
            total = added(total, {currency: (unsorted(size), 1)})
        if here is not None:
            yield *here, total

    def _expected_spans(self, forms: dict[int, Form]) -> Iterator[_Row]:
        """The smallest and the largest amount of each hour and day with entries."""
        here: tuple[int, str] | None = None
        found: dict[tuple[int, int, str], tuple[str, str]] = {}
        for number, grp, at, currency, size in self._all("sizes"):
            if forms[number].measure != EXTREME:
                continue
            if (number, grp) != here:
                yield from _rows_of(here, found)
                here, found = (number, grp), {}
            for length in (HOUR, DAY):
                key = length, at // length * length, currency
                low, high = found.get(key, (size, size))
                found[key] = min(low, size), max(high, size)
        yield from _rows_of(here, found)

    def _first(self, table: str, wanted: Iterator[_Row], stored: Iterator[_Row], same: Any) -> Fault:
        for due, row in zip_longest(wanted, stored):
            if due is None or row is None or not same(due, tuple(row)):
                place = row if row is not None else due
                return 0, table, f"the row of form {place[0]} for {place[1]} is not what its entries say"
        return None

    def _all(self, statement: str, **parameters: Any) -> Iterator[Any]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._sql[statement], parameters)
            while rows := cursor.fetchmany(500):
                yield from rows
        finally:
            cursor.close()


@dataclass(slots=True)
class _Running:
    """The total of the day at hand, entry by entry."""

    place: tuple[int, str, int] = (0, "", 0)
    total: Total = field(default_factory=dict)

    def day(self, number: int, grp: str, at: int, paid: Paid) -> str:
        """With one entry more, as text."""
        here = number, grp, at // DAY
        if here != self.place:
            self.place, self.total = here, {}
        self.total = added(self.total, {paid.currency: (Decimal(paid.amount), 1)})
        return text_of(self.total)


def _as_it_is(_column: str, value: str) -> str:
    return value


def _rows_of(here: tuple[int, str] | None, found: dict[tuple[int, int, str], tuple[str, str]]) -> Iterator[_Row]:
    return iter(()) if here is None else ((*here, *key, *found[key]) for key in sorted(found))


def _equal(one: str | None, two: str | None) -> bool:
    """The same sums, whatever noughts stand at their ends: those of what was taken out again may stay."""
    if one is None or two is None:
        return one is two
    return text_of(total_of(one)) == one and _plain(total_of(one)) == _plain(total_of(two))


def _plain(total: Total) -> Total:
    return {currency: said for currency, said in total.items() if said[1]}


def _same_day(due: _Row, row: _Row) -> bool:
    return due[:3] == row[:3] and _equal(row[3], text_of(due[3]))


def _same(due: _Row, row: _Row) -> bool:
    return due == row


_WORDS: Final = text("""
SELECT w.payer_id, w.payment, w.kind, d.at, d.facts, w.details
FROM (
  SELECT payer_id, payment, kind, decision_id, details,
    row_number() OVER (PARTITION BY payer_id, payment ORDER BY at DESC, seq DESC) AS place
  FROM event WHERE seq <= :through AND kind IN ('authorised', 'captured', 'failed')
) w LEFT JOIN decision d ON d.id = w.decision_id
WHERE w.place = 1
""")
_STATEMENTS: Final = {
    "forms": _past_sql.FORMS,
    "state": text("SELECT id, through FROM past_state"),
    "told": text("SELECT coalesce(max(seq), 0) FROM event WHERE kind IN ('authorised', 'captured', 'failed')"),
    "event": text("SELECT seq FROM event WHERE seq = :seq AND kind IN ('authorised', 'captured', 'failed')"),
    "words": _WORDS,
    "payment": text("SELECT at, amount, currency, stated FROM past_payment WHERE payment = :payment"),
    "named": text(
        "SELECT DISTINCT payer_id, payment FROM event WHERE decision_id = :id AND kind IN ('authorised', 'captured', 'failed')"
    ),
    "word": _past_sql.LAST_WORD,
    "word_of_nobody": _past_sql.LAST_WORD_OF_NOBODY,
    "payments": text("SELECT count(*) FROM past_payment"),
    "entries": text(
        "SELECT e.form, e.grp, e.at, e.payment, e.currency, e.size, e.value, e.total, p.at, p.amount, p.currency, p.stated"
        " FROM past_entry e LEFT JOIN past_payment p ON p.payment = e.payment"
        " ORDER BY e.form, e.grp, e.at, e.payment"
    ),
    "sizes": text("SELECT form, grp, at, currency, size FROM past_entry ORDER BY form, grp, at, payment"),
    "days": text("SELECT form, grp, day, total FROM past_day ORDER BY form, grp, day"),
    "spans": text(
        "SELECT form, grp, length, start, currency, low, high FROM past_span"
        " ORDER BY form, grp, length, start, currency"
    ),
}  # fmt: skip
