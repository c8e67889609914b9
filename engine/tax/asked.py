"""One line of one sale before the law, and how a family of laws is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from engine.tax.exchange import Wanted, for_customs
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.model import Ruling, Sale, SaleLine
from engine.tax.recorder import Recorder

Exchange = Callable[[Decimal, str, str, date | Wanted], Decimal | None]
"""(amount, from, to, when) -> the amount, unrounded; None: no rate, and so nothing is decided on it. `when`: the rate that a law
wants or, of a limit without such a law, the day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the law: one line within its sale."""

    sale: Sale
    line: SaleLine
    law: TaxLaw
    exchange: Exchange
    origin: str | None
    """Where goods start, or where the seller of a service is: a country, a subdivision, or a special territory's own code."""
    destination: str | None
    """Where goods arrive, where a service is taxed by its own rule, or where the customer is: as above."""
    recorded: Recorder | None = None
    """The ledger's own totals, where the seller declared that every sale is recorded there."""

    def at(self, place: str) -> PlaceLaw:
        """The law of a place on the local day of the supply."""
        return self.law.at(place, self.law.local_day(place, self.sale.occurred_at))

    def sold_on(self, place: str) -> date:
        """The local date of the supply at a place, whatever law is asked about it."""
        return self.sale.occurred_at.astimezone(self.law.packs.layers.zone(place)).date()

    def worth(self, amount: Decimal, currency: str, place: str) -> Decimal | None:
        """An amount of the sale in a currency of the law, at the rate of the supply's day."""
        if currency == self.sale.currency:
            return amount
        return self.exchange(amount, self.sale.currency, currency, self.law.local_day(place, self.sale.occurred_at))

    def worth_at_border(self, amount: Decimal, currency: str, place: str) -> Decimal | None:
        """As `worth`, against a limit of the border: at the rate of customs, where a pack says which that is."""
        if currency == self.sale.currency:
            return amount
        wanted = for_customs(self.at(place))
        if not isinstance(wanted, Wanted):
            return self.worth(amount, currency, place)
        return self.exchange(amount, self.sale.currency, currency, wanted)

    def lacking_at_border(self, currency: str, place: str) -> str:
        """The name of the rate that `worth_at_border` needs: `fx.USD.AUD`, with its day where a pack says which it is."""
        wanted = for_customs(self.at(place))
        if isinstance(wanted, Wanted):
            return wanted.missing(self.sale.currency, currency)
        return f"fx.{self.sale.currency}.{currency}"


class Regime(Protocol):
    """A family of laws: the Union's, the United States', India's, or a country's own. One module each."""

    def domestic(self, asked: Asked) -> Ruling:
        """Origin and destination lie in its own tax area."""

    def inbound(self, asked: Asked) -> Ruling:
        """Supplied into its area from outside: whether this seller must charge its tax."""

    def outbound(self, asked: Asked) -> Ruling:
        """Supplied out of its area: export, or a service whose place is abroad, or still taxed here."""
