"""The exchange rates of a ledger, as decisions use them."""

from __future__ import annotations

from api.bundled import rates_file
from api.fx import read_rates
from api.settings import Settings
from engine.ledger import Ledger
from engine.money import RateTable


def current_rates(ledger: Ledger, settings: Settings) -> RateTable:
    """The ledger's rates; into an empty ledger the snapshot goes that came with the software."""
    rows = list(ledger.rates())
    if not rows:
        rows = read_rates(rates_file())
        ledger.load_rates(rows)
    return RateTable(rows, max_age_days=settings.fx_max_age_days, publishers=ledger.published.tables())
