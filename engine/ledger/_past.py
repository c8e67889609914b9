"""Keeping the past up: within the transaction that stores an event, and from the chain where a new form is asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import orjson
from pydantic import ValidationError
from sqlmodel import SQLModel

from engine.decoding import NotPlain
from engine.facts import Facts, facts_of
from engine.history import COLUMNS, column_of
from engine.layouts import decode
from engine.ledger import _past_sql as sql
from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed, stays_of
from engine.ledger._database import Database
from engine.ledger._opened import Kept
from engine.ledger._past_values import (
    DAY,
    EXACT,
    EXTREME,
    HOUR,
    TOTAL,
    Form,
    Named,
    Paid,
    Total,
    added,
    form_of,
    sortable,
    stated_in,
    text_of,
    total_of,
)
from engine.ledger._sealed import FORM, sealed
from engine.ledger._time import to_micros
from engine.ledger._vault import Vault
from engine.ledger.past_tables import PastDayRow, PastEntryRow, PastFormRow, PastPaymentRow, PastSpanRow
from engine.transaction import Transaction

EXECUTED: Final = ("authorised", "captured")
"""Last words after which a payment is executed."""
_LENGTHS: Final = (HOUR, DAY)
_log = logging.getLogger(__name__)

Forms = Sequence[tuple[int, Form]]


class Keeper:
    """Takes events in, entry by entry. Everything it does is part of the caller's transaction."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._named = vault.of_past
        self._sql = {name: database.worded(getattr(sql, name)) for name in _STATEMENTS}
        self._parsed: dict[str, Form] = {}

    def take_in(self, batch: Batch) -> None:
        """The events since the last one that was taken in. Does nothing where no form of feature is kept."""
        forms = self._forms(batch)
        if forms:
            self._catch_up(batch, forms)

    def settle(self, batch: Batch) -> None:
        """Take in every event, also where no form is kept: what events say of decisions that are about to go is kept then."""
        self._catch_up(batch, self._forms(batch))

    def prepare(self, batch: Batch, specs: Iterable[str]) -> None:
        """Keep entries for these forms too, from the first event on."""
        known = self._rows(batch, "FORMS")
        missing = sorted(set(specs) - {spec for _, spec in known})
        if not missing:
            return
        self._catch_up(batch, self._forms(batch))
        first = max((number for number, _ in known), default=0) + 1
        new = list(enumerate(missing, start=first))
        batch.insert(PastFormRow, [sealed(FORM, row) for row in new])
        self._build(batch, [(number, form_of(spec, self._named)) for number, spec in new])

    def make_anew(self, batch: Batch) -> None:
        """Everything from the chain, for the forms that are kept. Payments whose decisions were taken out stay as they are."""
        self._parsed.clear()
        forms = self._forms(batch)
        some_are_gone = bool(self._rows(batch, "GONE"))
        for name in ("NO_ENTRIES", "NO_DAYS", "NO_SPANS") if some_are_gone else _ALL_ANEW:
            self._do(batch, name)
        self._do(batch, "MOVE", through=0)
        self._catch_up(batch, [])
        self._build(batch, forms)

    # -- events --

    def _forms(self, batch: Batch) -> Forms:
        found = []
        for number, spec in self._rows(batch, "FORMS"):
            form = self._parsed.get(spec)
            if form is None:
                form = self._parsed[spec] = form_of(spec, self._named)
            found.append((number, form))
        return found

    def _catch_up(self, batch: Batch, forms: Forms) -> None:
        through = self._rows(batch, "STATE")[0][0]
        while told := self._rows(batch, "TOLD", through=through):
            for payer, name in dict.fromkeys((payer, name) for _, payer, name in told):
                self._settle(batch, forms, payer, name)
            through = told[-1][0]
            self._do(batch, "MOVE", through=through)

    def _settle(self, batch: Batch, forms: Forms, payer: str | None, name: str) -> None:
        """One payment as the last word has it."""
        identity = identity_of(payer, name)
        if payer is None:
            kind, decision, details = self._rows(batch, "LAST_WORD_OF_NOBODY", name=name)[0]
        else:
            kind, decision, details = self._rows(batch, "LAST_WORD", payer=payer, name=name)[0]
        rows = self._rows(batch, "PAID", payment=identity)
        before = Paid(*rows[0]) if rows else None
        now = self._paid(batch, decision, details, before) if kind in EXECUTED else None
        if now == before:
            return
        if before is not None:
            self._do(batch, "FORGET", payment=identity)
            for place in places(forms, before):
                self._leave(batch, place, identity, before)
        if now is not None:
            batch.insert(PastPaymentRow, [(identity, *now)])
            for place in places(forms, now):
                self._enter(batch, place, identity, now)

    def stays(self, batch: Batch, decision: str, at: int, facts: bytes) -> bytes:
        """What an event keeps of its decision's payment when the bodies are erased; empty: they are no transaction."""
        (found,) = batch.opened([Kept(decision, facts)])
        if found is not None:
            paid = paid_of(at, found.facts, self._named)
            return b"" if paid is None else orjson.dumps(tuple(paid))
        told = [body for (body,) in self._rows(batch, "TOLD_OF", id=decision) if is_sealed(body)]
        return stays_of(told[0]) if told else b""

    def _paid(self, batch: Batch, decision: str, details: bytes, before: Paid | None) -> Paid | None:
        """What a decision was about: what an event of it keeps, or what was written before personal data were protected. Of one
        that was taken out of the ledger before that, what it said then holds."""
        found = kept_in(details)
        if found is None and not is_sealed(details):
            rows = self._rows(batch, "DECIDED", id=decision)
            if not rows:
                return before
            at, body = rows[0]
            found = paid_of(at, body, self._named)
        if found is None:
            _log.warning("The decision %s holds no transaction: history does not count it", decision)
        return found

    # -- entries --

    def _enter(self, batch: Batch, place: _Place, payment: str, paid: Paid) -> None:
        number, form, grp, value = place
        where = {"form": number, "grp": grp}
        total = None
        if form.measure == TOTAL:
            total = self._retotal(batch, where, payment, paid, 1)
        batch.insert(
            PastEntryRow,
            [(number, grp, paid.at, payment, paid.currency, sortable(paid.amount), value, total)],
        )
        if form.measure == EXTREME:
            self._widen(batch, where, paid)

    def _leave(self, batch: Batch, place: _Place, payment: str, paid: Paid) -> None:
        number, form, grp, _ = place
        where = {"form": number, "grp": grp}
        if form.measure == TOTAL:
            self._retotal(batch, where, payment, paid, -1)
        self._do(batch, "LEAVE", **where, at=paid.at, payment=payment)
        if form.measure == EXTREME:
            self._narrow(batch, where, paid)

    def _retotal(self, batch: Batch, where: dict[str, Any], payment: str, paid: Paid, sign: int) -> str:
        """Add a payment to the totals after it, or take it out of them; its own total of its day."""
        own: Total = {paid.currency: (Decimal(paid.amount), 1)}
        day = paid.at // DAY
        before = self._rows(batch, "BEFORE", **where, at=paid.at, payment=payment, start=day * DAY)
        later = self._rows(batch, "AFTER", **where, at=paid.at, payment=payment, stop=(day + 1) * DAY)
        for at, other, total in later:
            said = text_of(added(total_of(total), own, sign))
            self._do(batch, "RETOTAL", **where, at=at, payment=other, total=said)
        days = self._rows(batch, "DAYS_FROM", **where, day=day)
        if not days or days[0][0] != day:
            rows = self._rows(batch, "DAY_BEFORE", **where, day=day)
            total = added(total_of(rows[0][0] if rows else None), own)
            batch.insert(PastDayRow, [(where["form"], where["grp"], day, text_of(total))])
        if sign < 0 and not before and not later:
            self._do(batch, "DROP_DAY", **where, day=day)
        for one, total in days:
            self._do(batch, "RETOTAL_DAY", **where, day=one, total=text_of(added(total_of(total), own, sign)))
        return text_of(added(total_of(before[0][0] if before else None), own))

    def _widen(self, batch: Batch, where: dict[str, Any], paid: Paid) -> None:
        size = sortable(paid.amount)
        for length in _LENGTHS:
            span = {**where, "length": length, "start": paid.at // length * length, "currency": paid.currency}
            rows = self._rows(batch, "SPAN", **span)
            low, high = rows[0] if rows else (size, size)
            if rows and low <= size <= high:
                continue
            self._respan(batch, span, min(low, size), max(high, size), known=bool(rows))

    def _narrow(self, batch: Batch, where: dict[str, Any], paid: Paid) -> None:
        """The hour again from its payments, then the day from its hours."""
        for length in _LENGTHS:
            start = paid.at // length * length
            span = {**where, "start": start, "currency": paid.currency}
            if length == HOUR:
                low, high = self._rows(batch, "EXTREMES", **span, stop=start + HOUR)[0]
            else:
                low, high = self._rows(batch, "EXTREMES_OF_SPANS", **span, stop=start + DAY, length=HOUR)[0]
            self._respan(batch, {**span, "length": length}, low, high, known=True)

    def _respan(self, batch: Batch, span: dict[str, Any], low: str | None, high: str | None, *, known: bool) -> None:
        if known:
            self._do(batch, "DROP_SPAN", **span)
        if low is not None:
            keys = (span["form"], span["grp"], span["length"], span["start"], span["currency"])
            batch.insert(PastSpanRow, [(*keys, low, high)])

    # -- all of them --

    def _build(self, batch: Batch, forms: Forms) -> None:
        """All entries of new forms, in the order of time: each total is the one before it and one payment more."""
        days = Days()
        spans: dict[tuple[int, str, int, int, str], tuple[str, str]] = {}
        for page in self._pages(batch):
            entries: list[tuple[Any, ...]] = []
            for payment, *rest in page:
                paid = Paid(*rest)
                size, amount = sortable(paid.amount), Decimal(paid.amount)
                for number, form, grp, value in places(forms, paid):
                    total = None
                    if form.measure == TOTAL:
                        total = days.run(number, grp, paid, amount)
                    elif form.measure == EXTREME:
                        _spanned(spans, number, grp, paid, size)
                    entries.append((number, grp, paid.at, payment, paid.currency, size, value, total))
            _insert(batch, PastEntryRow, entries)
            _insert(batch, PastDayRow, days.over())
        _insert(batch, PastDayRow, days.left())
        _insert(batch, PastSpanRow, [(*key, *ends) for key, ends in spans.items()])

    def _pages(self, batch: Batch) -> Iterator[list[Any]]:
        at, payment = -(2**62), ""
        while page := self._rows(batch, "PAGE", at=at, payment=payment):
            yield page
            payment, at = page[-1][0], page[-1][1]

    # -- statements --

    def _rows(self, batch: Batch, statement: str, /, **parameters: Any) -> list[Any]:
        return batch.rows(self._sql[statement], parameters)

    def _do(self, batch: Batch, statement: str, /, **parameters: Any) -> None:
        batch.execute(self._sql[statement], parameters)


_ALL_ANEW: Final = ("NO_PAYMENTS", "NO_ENTRIES", "NO_DAYS", "NO_SPANS")
_STATEMENTS: Final = (
    "GONE",
    "FORMS", "STATE", "MOVE", "TOLD", "LAST_WORD", "LAST_WORD_OF_NOBODY", "DECIDED", "TOLD_OF", "PAID", "FORGET", "PAGE", "LEAVE",
    "BEFORE", "AFTER", "RETOTAL", "DAY_BEFORE", "DAYS_FROM", "RETOTAL_DAY", "EXTREMES", "EXTREMES_OF_SPANS", "SPAN",
    "DROP_SPAN", "DROP_DAY", "NO_PAYMENTS", "NO_ENTRIES", "NO_DAYS", "NO_SPANS",
)  # fmt: skip

_Place = tuple[int, Form, str, str | None]
"""A form, and where in it a payment stands."""


def identity_of(payer: str | None, name: str) -> str:
    """A payment's name among all payments: whose it is, and its name among theirs."""
    return orjson.dumps([payer, name]).decode()


def kept_in(details: bytes) -> Paid | None:
    """What sealed details of an event keep of its payment; None: nothing."""
    stays = stays_of(details) if is_sealed(details) else b""
    return Paid(*orjson.loads(stays)) if stays else None


def paid_of(at: int, body: bytes, named: Named) -> Paid | None:
    """What a decision was about: made at an instant in microseconds, of these stored facts. None: they are no transaction."""
    facts = _facts(body)
    if facts is None:
        return None
    stated = {column: named(column, value) for column in COLUMNS if (value := column_of(column, facts)) is not None}
    occurred, amount = facts.get("occurred_at"), facts["amount"]
    moment = at if occurred is None else to_micros(occurred)
    said = orjson.dumps(stated, option=orjson.OPT_SORT_KEYS).decode()
    return Paid(moment, f"{amount.amount:f}", amount.currency, said)


def places(forms: Forms, paid: Paid) -> list[_Place]:
    """Where a payment stands: one place in each form that counts it."""
    stated = stated_in(paid.stated)
    found = []
    for number, form in forms:
        grp = form.group(stated)
        if grp is not None:
            found.append((number, form, grp, stated[form.column] if form.column is not None else None))
    return found


class Days:
    """The totals of days while payments come in the order of time."""

    def __init__(self) -> None:
        self._now: dict[tuple[int, str], tuple[int, Total, Total]] = {}
        """Form and group -> the day at hand, its total so far, and the total of all days before."""
        self._over: list[tuple[int, str, int, str]] = []

    def run(self, number: int, grp: str, paid: Paid, amount: Decimal) -> str:
        """One payment more; the total of its day."""
        day, place = paid.at // DAY, (number, grp)
        last, today, before = self._now.get(place, (day, {}, {}))
        if last != day:
            before, today = added(before, today), {}
            self._over.append((number, grp, last, text_of(before)))
        known = today.get(paid.currency)
        today[paid.currency] = (amount, 1) if known is None else (EXACT.add(known[0], amount), known[1] + 1)
        self._now[place] = day, today, before
        return text_of(today)

    def over(self) -> list[tuple[int, str, int, str]]:
        """The rows of the days that have ended since the last look."""
        found, self._over = self._over, []
        return found

    def left(self) -> list[tuple[int, str, int, str]]:
        """The rows of the days that no payment has ended."""
        return [
            (number, grp, day, text_of(added(before, today)))
            for (number, grp), (day, today, before) in self._now.items()
        ]


def _insert(batch: Batch, table: type[SQLModel], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        batch.insert(table, rows)


def _spanned(
    spans: dict[tuple[int, str, int, int, str], tuple[str, str]], number: int, grp: str, paid: Paid, size: str
) -> None:
    for length in _LENGTHS:
        key = number, grp, length, paid.at // length * length, paid.currency
        low, high = spans.get(key, (size, size))
        spans[key] = min(low, size), max(high, size)


def _facts(body: bytes) -> Facts | None:
    """The facts of a stored request; None where it is none."""
    try:
        return decode(body)
    except NotPlain:
        pass
    try:
        return facts_of(Transaction.model_validate_json(body))
    except ValidationError:
        return None
