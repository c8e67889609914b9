"""Cash: what the total of a sale becomes where the smallest coins are gone; and how many digits a currency has on a day.

Both are tables with dates, sources and confidence (`data/currencies/`). Only a total that is paid in cash is rounded: the tax was
reckoned before, and stays what it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from engine.money import EXACT
from engine.packs.model import Confidence

_TIES: Final = {"up": ROUND_HALF_UP, "down": ROUND_HALF_DOWN}
_EARLIEST: Final = date.min


class TableRefused(ValueError):
    """A table of currencies that cannot be used. Says which line and why."""


@dataclass(frozen=True, slots=True)
class CashRule:
    """How totals in one currency are rounded in some places, on the days from `start` until before `end`."""

    currency: str
    places: frozenset[str]
    step: Decimal
    start: date
    end: date | None
    tie: str
    """up | down: of an amount in the middle between two steps."""
    never_nothing: bool
    """What would vanish becomes one step instead (Slovakia: 1 and 2 cents become 5)."""
    basis: str
    """law | practice."""
    instrument: str | None
    url: str | None
    confidence: Confidence

    def on(self, currency: str, place: str, day: date) -> bool:
        """Whether it holds there and then. A subdivision has its country's cash."""
        here = place in self.places or place[:2] in self.places
        return currency == self.currency and here and self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class InCash:
    """A total as it is paid in cash. `rule` None: nothing is known to be rounded there, and the total is what it was."""

    amount: Decimal
    difference: Decimal
    """What was added, or taken off where it is negative."""
    rule: CashRule | None


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits after the point that a currency has from `start` until before `end`."""

    digits: int
    start: date
    end: date | None


class Currencies:
    """Both tables. Pure: the same amount, place and day give the same answer."""

    __slots__ = ("_cash", "_digits")

    def __init__(self, cash: tuple[CashRule, ...], digits: Mapping[str, tuple[Digits, ...]]):
        self._cash, self._digits = cash, digits

    @property
    def rules(self) -> tuple[CashRule, ...]:
        """Every rule of cash, in the order of the table."""
        return self._cash

    def known(self) -> frozenset[str]:
        """Every currency there is or was."""
        return frozenset(self._digits)

    def digits(self, currency: str, day: date) -> int | None:
        """Digits after the point on a day; None: it is no money then, or not known."""
        for row in self._digits.get(currency, ()):
            if row.start <= day and (row.end is None or day < row.end):
                return row.digits
        return None

    def cash_rounded(self, amount: Decimal, currency: str, place: str, day: date) -> InCash:
        """The total as it is paid in cash at a place on a day. A negative amount (given back) is rounded as its positive."""
        rule = next((one for one in self._cash if one.on(currency, place, day)), None)
        if rule is None:
            return InCash(amount, Decimal(0), None)
        steps = EXACT.divide(amount, rule.step).quantize(Decimal(1), _TIES[rule.tie], EXACT)
        if not steps and amount and rule.never_nothing:
            steps = Decimal(1).copy_sign(amount)
        rounded = EXACT.multiply(steps, rule.step)
        return InCash(rounded, rounded - amount, rule)


# -- reading ----------------------------------------------------------------------------------------------------------------


def read_currencies(cash: str, digits: str) -> Currencies:
    """The tables from the text of their files. Raises TableRefused."""
    known: dict[str, list[Digits]] = {}
    for number, row in _rows(digits, "digits.csv"):
        try:
            value = Digits(int(row["digits"]), *_days(row))
        except ValueError as error:
            raise TableRefused(f"digits.csv, line {number}: {error}") from None
        known.setdefault(row["currency"], []).append(value)
    rules = []
    for number, row in _rows(cash, "cash.csv"):
        try:
            rules.append(_rule(row))
        except (ValueError, InvalidOperation) as error:
            raise TableRefused(f"cash.csv, line {number}: {error}") from None
    return Currencies(tuple(rules), {code: tuple(rows) for code, rows in known.items()})


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    for row in reader:
        if None in row or None in row.values():
            raise TableRefused(f"{name}, line {reader.line_num}: not as many columns as the header has")
        yield reader.line_num, row


def _rule(row: Mapping[str, str]) -> CashRule:
    step = Decimal(row["step"])
    if step <= 0 or row["tie"] not in _TIES or row["basis"] not in ("law", "practice") or not row["places"].strip():
        raise ValueError("a step above zero, a tie of up or down, a basis of law or practice, and places are wanted")
    start, end = _days(row)
    return CashRule(
        row["currency"],
        frozenset(row["places"].split()),
        step,
        start,
        end,
        row["tie"],
        row["never_nothing"] == "yes",
        row["basis"],
        row["instrument"] or None,
        row["source_url"] or None,
        Confidence(row["confidence"]),
    )


def _days(row: Mapping[str, str]) -> tuple[date, date | None]:
    start = date.fromisoformat(row["from"]) if row["from"] else _EARLIEST
    end = date.fromisoformat(row["to"]) if row["to"] else None
    if end is not None and end <= start:
        raise ValueError("it ends before it starts")
    return start, end
