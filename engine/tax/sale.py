"""From the facts of a Transaction to the sale that the tax procedure is asked about.

Only a `sale` is taxed here: a refund reverses the tax of the sale it refunds, and moving money is no supply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from engine.money import DIGITS, EXACT
from engine.places import COUNTRIES, SUBDIVISIONS
from engine.tax.model import Address, Buyer, Registration, Sale, SaleLine, Seller, TaxId

Profiles = Callable[[str], Mapping[str, Any] | None]
"""The stored profile of a merchant by its id, JSON-ready (`engine.tax.profile`). None: not stored."""

IdCheck = Callable[[str | None, str], str]
"""(country, number) -> format_valid, invalid or unchecked: what can be said of a tax number without asking a register."""

_EVIDENCE: Final = tuple((kind, f"payer.evidence.{kind}_country") for kind in ("billing", "ip", "bank", "sim", "other"))
Price = tuple[Decimal, str | None]
"""What a line costs after its own discount, in whole minor units, and what keeps it from being told."""

_NOWHERE: Final = Address()
_NOTHING: Final[Mapping[str, Any]] = {}
_ZERO: Final = Decimal(0)
_DECIMALS: Final = 12
_TOO_MUCH: Final = Decimal(10) ** 18
"""As every amount of the wire: 18 digits before the point, 12 after it."""


def unknown_merchant(_merchant: str) -> None:
    """Nobody's profile is stored."""
    return


def unchecked(_country: str | None, _value: str) -> str:
    """Nothing is said of a number."""
    return "unchecked"


def sale_of(facts: Mapping[str, Any], now: datetime, check: IdCheck = unchecked) -> Sale | None:
    """The sale that these facts state, or None where they state none (refund, payout, transfer, deposit, withdrawal).

    A merchant's stored profile is in the facts already (`engine.tax.profile`). Without lines there is one, of the whole amount
    and the category `standard`, as the contract has it; its kind is unknown then.
    """
    if facts.get("kind", "sale") != "sale":
        return None
    prices, stated = prices_of(facts), facts.get("lines")
    lines = (
        [_line(line, at, price) for at, (line, price) in enumerate(zip(stated, prices, strict=True), 1)]
        if stated
        else []
    )
    return Sale(
        facts.get("occurred_at") or now,
        facts["currency"],
        tuple(lines) or (SaleLine("1", None, "standard", prices[0][0], None),),
        _seller(facts),
        _buyer(facts, check),
        facts.get("facts") or _NOTHING,
    )


def prices_of(facts: Mapping[str, Any]) -> list[Price]:
    """What each line of the sale costs, in its order; of a sale without lines, what is paid."""
    currency, stated = facts["currency"], facts.get("lines")
    if not stated:
        return [(facts["amount"].amount, None)]
    found = [_price(line, currency) for line in stated]
    if len(found) == 1 and found[0][1] == "lines.amount" and stated[0].get("tax_inclusive") is not False:
        # The one line of a payment is what is paid for. Of a price without tax the payment says nothing: it includes the tax.
        return [_price({**stated[0], "amount": facts["amount"]}, currency)]
    return found


# -- the parties ------------------------------------------------------------------------------------------------------


def _seller(facts: Mapping[str, Any]) -> Seller:
    country, own = facts.get("payee.country"), facts.get("payee.facts") or _NOTHING
    address = address_of(country, facts.get("payee.region"), facts.get("payee.postal_code"))
    registrations = facts.get("payee.registrations")
    return Seller(
        address,
        None if registrations is None else tuple([_registration(stated) for stated in registrations]),
        tuple([place for place in places_fact(own, "established_in") if place != address.country]),
        own,
        facts.get("payee.merchant") if country is None else None,
    )


def _registration(stated: Mapping[str, Any]) -> Registration:
    return Registration(
        stated.get("jurisdiction") or "", stated.get("scheme") or "standard", stated.get("number"), stated.get("since")
    )


def _buyer(facts: Mapping[str, Any], check: IdCheck) -> Buyer:
    numbers = facts.get("payer.tax_ids")
    return Buyer(
        address_of(facts.get("payer.country"), facts.get("payer.region"), facts.get("payer.postal_code")),
        facts.get("payer.type"),
        tuple([tax_id(number, check) for number in numbers if number.get("value")]) if numbers else (),
        evidence(facts),
        facts.get("payer.facts") or _NOTHING,
        without_number=numbers is not None and not any(number.get("value") for number in numbers),
    )


def tax_id(stated: Mapping[str, Any], check: IdCheck) -> TaxId:
    """`verified: true` is a register's word; `false` is its denial. Otherwise only the form can be looked at."""
    country, value, verified = stated.get("country"), stated["value"], stated.get("verified")
    state = {True: "valid", False: "invalid"}.get(verified) if verified is not None else None
    return TaxId(country, value, state or check(country, value))


def evidence(facts: Mapping[str, Any]) -> dict[str, str]:
    """Where the customer is, by source. The payment itself knows the place of the payer's bank: that is one item, however
    often it is told, because items that derive from one source count once (Art. 24f IR)."""
    found = {}
    for kind, path in _EVIDENCE:
        country = facts.get(path)
        if country is not None:
            found[kind] = country
    if "bank" not in found:
        bank = facts.get("payment.issuer_country") or (facts.get("payment.account.iban") or "")[:2]
        if bank in COUNTRIES:
            found["bank"] = bank
    return found


# -- places -----------------------------------------------------------------------------------------------------------


def address_of(country: str | None, region: str | None = None, postal_code: str | None = None) -> Address:
    """A place as stated. A subdivision may be written as `US-CA`, as `CA` beside its country, or in the country's own field;
    a name is no code and stays unknown."""
    if country is None and region is None and postal_code is None:
        return _NOWHERE
    code = region.strip().upper() if region else None
    if country is not None and len(country) > 2:
        country, code = country[:2], country
    if code is not None and code not in SUBDIVISIONS:
        code = f"{country}-{code}"
        code = code if code in SUBDIVISIONS else None
    if code is not None and country is None:
        country = code[:2]
    return Address(country, code if code and code[:2] == country else None, postal_code)


# -- lines ------------------------------------------------------------------------------------------------------------


def _line(stated: Mapping[str, Any], number: int, price: Price) -> SaleLine:
    amount, unpriced = price
    value = stated.get("consignment_value")
    get = stated.get
    return SaleLine(
        get("id") or str(number),
        get("kind"),
        get("category"),
        amount,
        get("tax_inclusive"),
        address_of(get("ship_from.country"), get("ship_from.region"), get("ship_from.postal_code")),
        address_of(get("ship_to.country"), get("ship_to.region"), get("ship_to.postal_code")),
        address_of(get("supplied_at.country"), get("supplied_at.region"), get("supplied_at.postal_code")),
        get("origin.country"),
        value.amount if value is not None else None,
        get("marketplace"),
        get("quantity"),
        get("facts") or _NOTHING,
        unpriced,
    )


def _price(stated: Mapping[str, Any], currency: str) -> Price:
    amount, unit, quantity = stated.get("amount"), stated.get("unit_amount"), stated.get("quantity")
    if amount is not None:
        price = amount.amount
    elif unit is not None:
        price = in_minor_units(unit.amount if quantity is None else EXACT.multiply(unit.amount, quantity), currency)
    else:
        return _ZERO, "lines.amount"
    discount = stated.get("discount")
    if discount is None:
        return price, None
    if discount.amount > price:
        return _ZERO, "lines.discount"
    return price - discount.amount, None


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole minor units of its currency, half up: nobody is charged a part of a cent."""
    return amount.quantize(Decimal((0, (1,), -DIGITS[currency])), ROUND_HALF_UP, EXACT)


def decimal_fact(facts: Mapping[str, Any], name: str) -> Decimal | None:
    """An open fact that is a number: a decimal string or an integer. None: not stated, or not such a number."""
    stated = facts.get(name)
    if isinstance(stated, bool) or not isinstance(stated, str | int):
        return None
    try:
        number = Decimal(stated)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    plain = isinstance(exponent, int) and -_DECIMALS <= exponent <= 0
    return number if plain and 0 <= number < _TOO_MUCH else None


def places_fact(facts: Mapping[str, Any], name: str) -> Sequence[str]:
    """An open fact that is a list of places."""
    stated = facts.get(name)
    return [str(place) for place in stated] if isinstance(stated, list | tuple) else []
