"""Tax in the money of the State that levies it, where the sale is in another and the law wants both.

Invoices may be in any currency if the tax payable is expressed in the national one (Directive 2006/112/EC, Art. 230, at the
rate of Art. 91; VAT Regulations 1995, reg. 14). A pack says that its law wants this, and at which rate, by
`exchange_rate_rule` or `invoice_exchange_rate`. Tax that is declared under a special scheme is not told here: its return has a
rate of its own day (`oss_exchange_rate`), which nobody knows when the sale is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.money import EXACT, Money, convert, plain
from engine.tax.amounts import minor_unit
from engine.tax.answer import Settled
from engine.tax.exchange import Exchange, Wanted, cited, currency_of, for_tax
from engine.tax.law import TaxLaw
from engine.tax.model import Sale
from engine.tax.procedure import charges
from engine.tax.rounding import HOUSE, Rounding

SCHEMES: Final = frozenset({"oss", "non_union_oss", "ioss"})
"""Their returns convert, at the rate of the period's last day."""
_DIGITS: Final = 10


def told(parts: Iterable[Settled], sale: Sale, law: TaxLaw, exchange: Exchange) -> dict[str, Any]:
    """`{in_currency_of_state: [...]}`, an entry for each country whose money is not the sale's; nothing where there is none.

    An entry is `{country, currency, amount, unrounded, rate, date, source, rule, law, confidence, rounding, missing}`. Where the
    rate is lacking, `amount` is null and `missing` names the rate; the tax in the currency of the sale stands all the same.
    """
    if not exchange.by_law:
        return {}
    levied: dict[tuple[str, str, Wanted], list[Settled]] = {}
    for part in parts:
        country = part.ruling.country
        if part.amounts and country and charges(part.ruling) and part.ruling.scheme not in SCHEMES:
            place = part.ruling.region or country
            here = law.at(place, law.local_day(place, sale.occurred_at))
            wanted, currency = for_tax(here), currency_of(here)
            if currency is not None and currency != sale.currency and isinstance(wanted, Wanted):
                levied.setdefault((country, currency, wanted), []).append(part)
    # The rate is asked for whatever the tax comes to: that it was is how a sale shows that it turns on a rate.
    entries = [
        (taxed, {"country": country, **_entry(taxed, Money(_tax(taxed), sale.currency), currency, wanted, exchange)})
        for (country, currency, wanted), taxed in levied.items()
    ]
    found = [entry for taxed, entry in entries if _tax(taxed)]
    return {"in_currency_of_state": found} if found else {}


def _tax(taxed: Iterable[Settled]) -> Decimal:
    return sum((part.amounts.tax for part in taxed if part.amounts), Decimal(0))


def _entry(taxed: list[Settled], tax: Money, currency: str, wanted: Wanted, exchange: Exchange) -> dict[str, Any]:
    rate = exchange.rate(tax.currency, currency, wanted)
    exact = convert(tax, rate) if rate is not None else None
    rounding = taxed[0].rounding
    amount = _rounded(exact, currency, rounding) if exact is not None else None
    return {
        "currency": currency,
        "amount": plain(amount, currency) if amount is not None else None,
        "unrounded": f"{round(exact, _DIGITS).normalize():f}" if exact is not None else None,
        "rate": f"{rate.rate:f}" if rate is not None else None,
        "date": rate.on.isoformat() if rate is not None else None,
        "source": rate.source if rate is not None else wanted.source,
        "rule": wanted.rule.value,
        **cited(wanted.step),
        "rounding": rounding.source if rounding is not None else HOUSE,
        "missing": [] if rate is not None else [wanted.missing(tax.currency, currency)],
    }


def _rounded(exact: Decimal, currency: str, rounding: Rounding | None) -> Decimal:
    """To whole minor units, in the direction in which the place rounds its tax: of the conversion itself no law was read."""
    unit = Decimal(1) if rounding is not None and rounding.whole == currency else minor_unit(currency)
    return exact.quantize(unit, rounding.direction if rounding is not None else ROUND_HALF_UP, EXACT)
