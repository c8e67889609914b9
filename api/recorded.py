"""The ledger's running totals, handed to decisions and calculations of merchants who declare them whole."""

from __future__ import annotations

from engine.ledger.taxes import TaxRecords
from engine.money import RateTable
from engine.tax.exchange import Exchange
from engine.tax.recorded import total_of
from engine.tax.recorder import Question, Total, Totals


def totals_of(records: TaxRecords, rates: RateTable) -> Totals:
    """Reads what is committed at the moment of the question."""
    exchange = Exchange(rates)

    def total(asked: Question) -> Total:
        return total_of(asked, records, exchange)

    return total
