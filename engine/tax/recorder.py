"""What the ledger itself knows of a seller's sales, for sellers who declare that every sale since a day is recorded in it.

Facts that nobody states are read off its running totals, for windows of days that lie wholly after that day. What is stated
stands; but where the ledger holds more than is stated, the larger counts, and the answer says so: a total that is told too low
must not open an exception. What was read is kept with the answer, so that the same question gives the same bytes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.money import plain
from engine.tax.law import PlaceLaw
from engine.tax.threshold_tests import ABROAD, Counts, Test, Window, anywhere, test_at, told_windows

DECLARED: Final = "all_sales_recorded_since"
"""The field of a merchant's profile: every sale of this day and later is recorded in this ledger."""
WORLDWIDE: Final = "worldwide_turnover"


class Total(NamedTuple):
    """What was sold in a window, without tax, in the currency of the threshold."""

    amount: Decimal | None
    """Less what was given back; None: an exchange rate is missing."""
    highest: Decimal | None
    """The total with the sale that crossed the threshold, where refunds have brought it down since: they do not undo it."""
    transactions: int
    lacking: tuple[str, ...] = ()
    """The rates that are missing: `fx.USD.EUR`."""


class Question(NamedTuple):
    """One total that is asked of the ledger. `day` is the sale's own: nothing later counts."""

    merchant: str
    test: Test
    window: Window
    day: date
    wide: bool = False
    """All kinds of supplies, because it is not certain which of them the law counts."""

    @property
    def place(self) -> str | None:
        """Where the sales that count arrive; None: anywhere."""
        return None if self.test.everywhere else self.test.jurisdiction

    def key(self) -> tuple[str, ...]:
        """By which it is remembered."""
        test, window = self.test, self.window
        days = (window.first.isoformat(), min(window.last, self.day).isoformat())
        return test.jurisdiction, test.parameter, test.limit.unit or "EUR", window.kind, *days, str(int(self.wide))


Totals = Callable[[Question], Total | None]
"""The ledger's answer; None: it is not asked here, or was not when the answer was first given."""


def nothing_recorded(_question: Question) -> None:
    """No ledger stands behind."""
    return


# -- behind what is stated --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Recorder:
    """The ledger behind one sale of one merchant. It notes what was asked, and what of it was used."""

    merchant: str
    since: date
    totals: Totals
    asked: dict[tuple[str, ...], tuple[Question, Total | None]] = field(default_factory=dict)
    used: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    lacking: dict[str, None] = field(default_factory=dict)
    """Exchange rates without which a total is not known."""

    def covers(self, window: Window) -> bool:
        """Whether every sale of the window is recorded."""
        return window.first >= self.since

    def total(self, test: Test, window: Window, day: date, *, wide: bool = False) -> Total | None:
        """Asked once."""
        question = Question(self.merchant, test, window, day, wide)
        key = question.key()
        if key not in self.asked:
            self.asked[key] = question, self.totals(question)
        return self.asked[key][1]

    def amount(self, fact: str, test: Test, window: Window, day: date, stated: Decimal | None) -> Decimal | None:
        """The larger of what is stated and what is recorded; None where neither tells."""
        if stated is None and not self.covers(window):
            return None
        total = self.total(test, window, day)
        if total is None:
            return stated
        if total.amount is None:
            self.lacking |= dict.fromkeys(total.lacking)
            if stated is not None:
                self._note(fact, test, window, day, total, stated, ledger=False)
            return stated
        found = total.amount if total.highest is None else max(total.amount, total.highest)
        self._note(fact, test, window, day, total, stated, ledger=stated is None or found > stated)
        return found if stated is None else max(stated, found)

    def count(self, test: Test, window: Window, day: date, stated: int | None) -> int | None:
        """The same of the number of transactions."""
        if stated is None and not self.covers(window):
            return None
        total = self.total(test, window, day)
        if total is None:
            return stated
        return total.transactions if stated is None else max(stated, total.transactions)

    def _note(
        self, fact: str, test: Test, window: Window, day: date, total: Total, stated: Decimal | None, *, ledger: bool
    ) -> None:
        unit = test.limit.unit or "EUR"
        self.used.setdefault(
            (fact, test.jurisdiction, window.kind),
            {
                "fact": f"payee.facts.{fact}",
                "jurisdiction": test.jurisdiction,
                "window": window.kind,
                "from": window.first.isoformat(),
                "to": min(window.last, day).isoformat(),
                "amount": None if total.amount is None else plain(total.amount, unit),
                "highest": None if total.highest is None else plain(total.highest, unit),
                "currency": unit,
                "transactions": total.transactions if test.count is not None else None,
                "stated": None if stated is None else f"{stated:f}",
                "used": "ledger" if ledger else "stated",
            },
        )

    def sentences(self, *facts: str) -> list[str]:
        """What was used of the ledger for these facts, in words."""
        return [_sentence(one) for (fact, *_), one in self.used.items() if one["used"] == "ledger" and fact in facts]

    def said(self, as_of: str) -> list[dict[str, Any]]:
        """What was used, for the answer. `as_of`: the instant at which the ledger was read."""
        return [{**one, "as_of": as_of} for one in self.used.values()]

    def remembered(self) -> list[dict[str, Any]]:
        """All that was asked, for the record of the answer."""
        return [
            {"key": list(key), **(_kept(total) if total is not None else {"unknown": True})}
            for key, (_, total) in self.asked.items()
        ]


def _sentence(one: Mapping[str, Any]) -> str:
    days = f"from {one['from']} to {one['to']}"
    held = f"This ledger holds sales of {one['amount']} {one['currency']} {days}"
    if one["highest"] is not None:
        held += f", and {one['highest']} when the threshold was crossed, which refunds do not undo"
    if one["stated"] is None:
        return f"{held}; the seller declared that every sale is recorded here."
    return f"{held}, more than the {one['stated']} stated: the larger counts."


def recorder_of(merchant: str | None, profile: Mapping[str, Any] | None, totals: Totals) -> Recorder | None:
    """The ledger behind a merchant who has declared it; None: its sales are recorded elsewhere as well, for all that is known."""
    declared = (profile or {}).get(DECLARED)
    return Recorder(merchant, date.fromisoformat(declared), totals) if merchant and declared else None


def _kept(total: Total) -> dict[str, Any]:
    exact = [None if one is None else f"{one:f}" for one in (total.amount, total.highest)]
    return {"amount": exact[0], "highest": exact[1], "transactions": total.transactions, "lacking": list(total.lacking)}


def remembered_totals(kept: Sequence[Mapping[str, Any]]) -> Totals:
    """The ledger as it was then. What was not asked then is not known."""
    known = {
        tuple(one["key"]): Total(
            _decimal(one["amount"]), _decimal(one["highest"]), one["transactions"], tuple(one["lacking"])
        )
        for one in kept
        if "unknown" not in one
    }
    return lambda question: known.get(question.key())


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# -- which total a fact is --------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """The test that a threshold is, and the windows that its law looks at."""

    test: Test
    windows: tuple[Window, ...]

    def all_kinds(self) -> Test:
        """The same threshold, were it to count supplies of every kind."""
        return replace(self.test, counts=_all_kinds(self.test.counts))


def wanted(law: PlaceLaw, parameter: str, fact: str, kind: str | None, day: date) -> Wanted | None:
    """The total that a fact of the seller stands for under a threshold of a place; None: its window was not read, or is the
    seller's own year, and the ledger cannot tell."""
    test = test_at(law, parameter)
    if test is None:
        return None
    # Singapore's two thresholds are looked at over the same months.
    looked = told_windows(test.window or (test_at(law, ABROAD) or test).window, day)
    if looked is None:
        return None
    if fact == WORLDWIDE:
        return Wanted(replace(test, counts=anywhere, everywhere=True), looked)
    found = Wanted(test, looked)
    # Where the law asks the question of goods, it counts goods as well.
    return Wanted(found.all_kinds(), looked) if kind == "goods" else found


def _all_kinds(counts: Counts) -> Counts:
    return lambda flow: counts(flow._replace(kind=None))
