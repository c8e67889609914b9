"""The tables of currencies that travel with the software."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from api.bundled import bundled
from engine.tax.cash import Currencies, InCash, read_currencies


@cache
def currencies() -> Currencies:
    """The shipped tables. Raises TableRefused, or OSError."""
    folder = bundled("data") / "currencies"
    cash, digits = ((folder / name).read_text(encoding="utf-8") for name in ("cash.csv", "digits.csv"))
    return read_currencies(cash, digits)


def cash_rounded(amount: Decimal, currency: str, place: str, day: date) -> InCash:
    """A total as it is paid in cash at a place on a day, with the rule that says so."""
    return currencies().cash_rounded(amount, currency, place, day)
