"""The ledger's running totals, handed to decisions and calculations of merchants who declare them whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.ledger.taxes import TaxRecords
from engine.money import Money, RateTable, convert
from engine.tax.asked import Exchange
from engine.tax.recorded import total_of
from engine.tax.recorder import Question, Total, Totals


def totals_of(records: TaxRecords, rates: RateTable) -> Totals:
    """Reads what is committed at the moment of the question."""
    exchange = daily(rates)

    def total(asked: Question) -> Total:
        return total_of(asked, records, exchange)

    return total


def daily(rates: RateTable) -> Exchange:
    """Converts at the rate of a day."""

    def exchange(amount: Decimal, base: str, target: str, day: date) -> Decimal | None:
        rate = rates.rate(base, target, day)
        return None if rate is None else convert(Money(amount, base), rate)

    return exchange
