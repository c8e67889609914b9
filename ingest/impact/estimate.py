"""How many answers a change would turn: recent payments asked again under the law of its day, with it and without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from engine.backtest import Bench, Releases, Stored, compare_stored, tally
from engine.backtest.tally import changes
from engine.decide import BUILT
from engine.money import EXACT, RateTable
from engine.packs.packset import PackSet

MOST: Final = 1_000
"""Payments that are asked at most, unless more are wanted."""
FEW: Final = 30
"""Fewer tell nothing of those that are to come."""


@dataclass(frozen=True, slots=True)
class Turned:
    """So many payments that were told one outcome and would be told another."""

    was: str
    now: str
    payments: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What came of it. Money and tax are sums in major units of their currency, exact."""

    asked: int
    """Payments that were answered under both releases."""
    left_out: int
    """That could not be asked again."""
    changed: int
    """Whose outcome is another."""
    outcomes: tuple[Turned, ...]
    """Of those alone."""
    money: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Currency -> `stricter`, `milder` -> the sum of the payments whose outcome changed."""
    tax: dict[str, Decimal] = field(default_factory=dict)
    """`EE EUR` -> more tax, or less, on the payments of the sample."""
    day: date | None = None
    """Whose law was asked."""

    @property
    def enough(self) -> bool:
        """Whether the sample tells anything."""
        return self.asked >= FEW

    @property
    def words(self) -> str:
        """In a sentence."""
        if self.asked == 0:
            return "Not enough payments: none is kept that could be asked."
        share = f"{self.changed} of {self.asked} recent payments would be answered otherwise"
        if not self.enough:
            return f"Not enough payments to tell: {share}."
        return f"{share} under the law of {self.day}." if self.day is not None else f"{share}."

    def as_data(self) -> dict[str, Any]:
        """JSON-ready; amounts are decimal strings."""
        return {
            "asked": self.asked,
            "enough": self.enough,
            "left_out": self.left_out,
            "changed": self.changed,
            "outcomes": [{"was": one.was, "now": one.now, "payments": one.payments} for one in self.outcomes],
            "money": {
                currency: {way: f"{sum_:f}" for way, sum_ in one.items()} for currency, one in self.money.items()
            },
            "tax": {where: f"{sum_:f}" for where, sum_ in self.tax.items()},
            "day": self.day.isoformat() if self.day is not None else None,
            "words": self.words,
        }


def estimate(
    past: Iterable[Stored],
    was: PackSet,
    now: PackSet,
    *,
    domains: Iterable[str],
    day: date | None,
    most: int = MOST,
) -> Estimate:
    """The first `most` of the past payments (give the newest first) under the law of `day`, in both releases.

    What a decision knew beside its request, history, rates and lists, is taken as it was kept with it; nothing is looked up.
    Payments that touch no place of which the packs differ count as told alike, and are asked once.
    """
    asked = tuple(one for one in BUILT if one in set(domains))
    sample = list(islice(past, most))
    if not sample or not asked:
        return Estimate(0, 0, 0, (), day=day)
    releases = Releases.of(Bench(was, asked, RateTable(()), day), now)
    counted = tally(compare_stored(sample, releases), asked)
    moved = [Turned(*one) for one in changes(counted["outcomes"]) if one[0] != one[1]]
    money = {
        currency: {way: Decimal(found["amount"]) for way, found in ways.items()}
        for currency, ways in counted["money"].items()
    }
    tax = {
        where: EXACT.subtract(Decimal(one["after"]), Decimal(one["before"])) for where, one in counted["tax"].items()
    }
    left_out = sum(counted["left_out"].values())
    ordered = tuple(sorted(moved, key=lambda one: (-one.payments, one.was, one.now)))
    return Estimate(counted["payments"], left_out, sum(one.payments for one in moved), ordered, money, tax, day)


__all__ = ["FEW", "MOST", "Estimate", "Stored", "Turned", "estimate"]
