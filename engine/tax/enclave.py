"""Territories outside every tax area whose own tax, if there is one, is in no pack: Heligoland, Livigno, Campione, Mount Athos.

What is supplied into them leaves the Union's tax, and nothing that we know of is charged on arrival.
"""

from __future__ import annotations

from typing import Final

from engine.tax.asked import Asked, Regime
from engine.tax.model import Ruling, Step, Treatment
from engine.tax.territories import place_of


class Enclave:
    """No tax of ours either way. A seller from there charges none; what the destination charges is its own law's question."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within the territory."""
        return _free(asked, asked.destination)

    def inbound(self, asked: Asked) -> Ruling:
        """Into it."""
        return _free(asked, asked.destination)

    def outbound(self, asked: Asked) -> Ruling:
        """Out of it."""
        return _free(asked, asked.origin)


def _free(asked: Asked, place: str | None) -> Ruling:
    day = asked.law.local_day(place or "EU", asked.sale.occurred_at)
    stated = (asked.line.ship_to, asked.line.ship_from, asked.line.supplied_at, asked.sale.buyer.address)
    found = [place_of(address, asked.law, day) for address in (*stated, asked.sale.seller.address) if address.country]
    step = next((at.step for at in found if at.place == place), None)
    words = f"{place or 'The territory'} levies no tax on consumption that is in the packs."
    steps = (*((step,) if step else ()), Step("liability", words))
    country = place[:2] if place else None
    return Ruling(Treatment.OUT_OF_SCOPE, country, None, reason="territory.untaxed", steps=steps)


ENCLAVE: Final[Regime] = Enclave()
