"""Values of the past in their stored forms: payments, forms of feature, totals, and amounts that sort as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import product
from typing import Any, Final, NamedTuple

import orjson

from engine.history import FeatureForm, FeatureQuestion, Of
from engine.money import DIGITS, Money

EXACT: Final = Context(prec=1000)
"""A sum of payments is never rounded."""
HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
DECIMALS: Final = 12
"""That an amount may have on the wire; before the point it has at most eighteen digits."""

TOTAL: Final = "total"
EXTREME: Final = "extreme"
DISTINCT: Final = "distinct"
_MEASURE: Final = {Of.SUM: TOTAL, Of.COUNT: TOTAL, Of.MIN: EXTREME, Of.MAX: EXTREME, Of.DISTINCT: DISTINCT}


class Paid(NamedTuple):
    """An executed payment: the columns that it stated, its moment in microseconds, its amount as text."""

    at: int
    amount: str
    currency: str
    stated: str
    """JSON: column -> value."""


@dataclass(frozen=True, slots=True)
class Form:
    """What entries are kept for. Sums and numbers share their entries, and so do the smallest and the largest amounts."""

    measure: str
    column: str | None
    where: tuple[tuple[str, frozenset[str]], ...]
    key: tuple[str, ...]
    same: tuple[str, ...]

    def group(self, stated: Mapping[str, str]) -> str | None:
        """Where a payment stands among the entries; None where it does not count."""
        for column, values in self.where:
            value = stated.get(column)
            if value is not None and value not in values:
                return None
        if any(column not in stated for column in self.key):
            return None
        if self.column is not None and self.column not in stated:
            return None
        return group([stated[column] for column in self.key], [stated.get(column) for column in self.same])


def group(key: Iterable[str], same: Iterable[str | None]) -> str:
    """The values of a form's columns as one text."""
    return orjson.dumps([*key, *same]).decode()


Named = Callable[[str, str], str]
"""What stands for the value of a column in the past: a pseudonym, where it tells who somebody is and the ledger is protected."""


def groups(asked: FeatureQuestion, named: Named) -> list[str]:
    """Where the payments stand that a question means: what did not state a column may have been the same."""
    form = asked.form
    key = [named(column, value) for column, value in zip(form.key, asked.key, strict=True)]
    if not asked.same:
        return [orjson.dumps(key).decode()]
    same = [named(column, value) for column, value in zip(form.same, asked.same, strict=True)]
    return [group(key, one) for one in product(*((value, None) for value in same))]


def spec_of(form: FeatureForm) -> str:
    """A form as it is stored: one text for all features that share their entries."""
    where = [[column, list(values)] for column, values in form.where]
    return orjson.dumps([_MEASURE[form.of], form.column, where, form.key, form.same]).decode()


def form_of(spec: str, named: Named) -> Form:
    """The form of a stored text."""
    measure, column, where, key, same = orjson.loads(spec)
    limits = tuple((name, frozenset(named(name, value) for value in values)) for name, values in where)
    return Form(measure, column, limits, tuple(key), tuple(same))


# -- totals --------------------------------------------------------------------------------------------------------------

Total = dict[str, tuple[Decimal, int]]
"""Currency -> exact sum and number of payments."""


def total_of(text: str | None) -> Total:
    """A stored total; nothing stored is nothing paid."""
    if text is None:
        return {}
    said = text.split(" ")
    return {said[at]: (Decimal(said[at + 1]), int(said[at + 2])) for at in range(0, len(said) - 2, 3)}


def text_of(total: Total) -> str:
    """A total to be stored: `EUR 24.90 1 USD 10.00 2`."""
    return " ".join([f"{code} {amount:f} {number}" for code, (amount, number) in sorted(total.items()) if number])


def added(total: Total, more: Total, sign: int = 1) -> Total:
    """Two totals together, or what is left of the first without the second."""
    found = dict(total)
    for currency, (amount, number) in more.items():
        before, count = found.get(currency, (_NOUGHT, 0))
        after = EXACT.add(before, amount) if sign > 0 else EXACT.subtract(before, amount)
        found[currency] = after, count + sign * number
    return found


def between(end: tuple[Total, Total], start: tuple[Total, Total], found: Total) -> None:
    """Add to a total what was paid from one instant to another, each being two totals that together go up to it."""
    add, subtract = EXACT.add, EXACT.subtract
    for more in end:
        for currency, (amount, number) in more.items():
            before = found.get(currency)
            found[currency] = (amount, number) if before is None else (add(before[0], amount), before[1] + number)
    for less in start:
        for currency, (amount, number) in less.items():
            before = found[currency]  # what was paid before the start was paid before the end
            found[currency] = subtract(before[0], amount), before[1] - number


_NOUGHT: Final = Decimal(0)


def tidy(amount: Decimal, currency: str) -> Money:
    """The one way to write an amount: with its currency's digits, and with more only where it has more."""
    unit = _UNITS.get(currency, _ONE)
    if amount.same_quantum(unit):
        return Money(amount, currency)
    short = EXACT.quantize(amount, unit)
    return Money(short if short == amount else amount.normalize(EXACT), currency)


_ONE: Final = Decimal(1)
_UNITS: Final = {currency: Decimal((0, (1,), -digits)) for currency, digits in DIGITS.items()}


# -- amounts that sort ---------------------------------------------------------------------------------------------------


def sortable(amount: str) -> str:
    """An amount as text of one length, so that texts are in the order of the amounts."""
    return f"{int(EXACT.scaleb(Decimal(amount), DECIMALS)):031d}"


def unsorted(text: str) -> Decimal:
    """The amount of a sortable text."""
    return EXACT.scaleb(Decimal(text), -DECIMALS)


def stated_in(text: str) -> Any:
    """The columns that a payment stated."""
    return orjson.loads(text)
