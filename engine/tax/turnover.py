"""What a seller sold at a place so far: as stated, and as the ledger behind it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.money import EXACT, Money, exact_number
from engine.tax.recorder import Recorder, Wanted
from engine.tax.threshold_tests import Test, Window
from engine.tax.thresholds import over

_BEFORE: Final = "previous_calendar_year"

Convert = Callable[[Money, str], Decimal | None]
"""Into a currency of the law at the rate of the supply's day."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What the seller sold at a place so far in the law's own window, this sale excluded."""

    money: Money | None
    count: int | None
    previous: Turnover | None


def decimal_of(stated: Any) -> Decimal | None:
    """An exact number among facts: a decimal, a whole number, a text, or money without its currency; else unknown."""
    return stated.amount if isinstance(stated, Money) else exact_number(stated)


def turnover_of(stated: Any) -> Turnover | None:
    """`{amount, currency, count, previous: {...}}` of the seller's facts, or money alone."""
    if isinstance(stated, Money):
        return Turnover(stated, None, None)
    if not isinstance(stated, Mapping):
        return None
    amount, currency = stated.get("amount"), stated.get("currency")
    currency = amount.currency if isinstance(amount, Money) else currency
    exact, count = decimal_of(amount), stated.get("count")
    money = Money(exact, currency) if exact is not None and isinstance(currency, str) else None
    whole = count if isinstance(count, int) and not isinstance(count, bool) else None
    inherited = {"currency": currency, **stated["previous"]} if isinstance(stated.get("previous"), Mapping) else None
    return Turnover(money, whole, turnover_of(inherited))


@dataclass(frozen=True, slots=True)
class Behind:
    """The ledger behind one question of a place's law: which fact, of which day, converted how."""

    recorder: Recorder
    fact: str
    wanted: Wanted
    day: date
    convert: Convert

    def turnover(self, stated: Turnover | None, this: Decimal | None) -> Turnover | None:
        """The larger of both, window by window. Where the law looks at two years and one of them is not told by anybody, the
        other tells only that a threshold is crossed, never that it is not. `this`: what the sale at hand adds."""
        test, looked = self.wanted
        window, *earlier = looked
        now = self._period(test, window, stated)
        before = self._period(test, earlier[0], stated.previous if stated else None) if earlier else None
        if now is None and before is None:
            return stated
        if stated is None and (now is None or (earlier and before is None)):
            told = [one for one in (now, before) if one is not None and one.money and self._crossed(one.money.amount)]
            return Turnover(told[0].money, None, None) if told else None
        if stated is None and now is not None and now.money and self._unclear(now.money.amount, this):
            return None
        found = now or Turnover(None, None, None)
        return replace(found, previous=before or (stated.previous if stated else None))

    @property
    def names(self) -> tuple[str, str]:
        """The fact, as it is told of this place, and that of the year before."""
        here = f"{self.fact}.{self.wanted.test.jurisdiction}" if self.fact == "turnover" else self.fact
        return here, f"{here}.previous"

    def _period(self, test: Test, window: Window, stated: Turnover | None) -> Turnover | None:
        unit = test.limit.unit or "EUR"
        told = self.convert(stated.money, unit) if stated and stated.money else None
        if stated and stated.money and told is None:
            return stated  # nothing can be compared with it
        fact = self.names[window.kind == _BEFORE and len(self.wanted.windows) > 1]
        amount = self.recorder.amount(fact, test, window, self.day, told)
        count = self.recorder.count(test, window, self.day, stated.count if stated else None)
        if amount is None:
            return stated
        return Turnover(Money(amount, unit), count, stated.previous if stated else None)

    def _crossed(self, amount: Decimal) -> bool:
        limit = self.wanted.test.limit.value
        return isinstance(limit, Decimal) and over(self.wanted.test, amount, limit)

    def _unclear(self, amount: Decimal, this: Decimal | None) -> bool:
        """Whether it turns on kinds of supplies of which nobody read whether this threshold counts them."""
        if this is None or self._crossed(EXACT.add(amount, this)):
            return False
        looked = self.wanted.windows
        wide = self.recorder.total(self.wanted.all_kinds(), looked[0], self.day, wide=True)
        return wide is None or wide.amount is None or self._crossed(EXACT.add(wide.amount, this))
