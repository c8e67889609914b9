"""Everywhere without a regime of its own: what the packs' parameters say of sellers from abroad, and otherwise `undecided`.

The general rule for remote digital services (destination principle, OECD International VAT/GST Guidelines): a registered business
accounts for the tax itself where the law says so, everybody else is charged by a seller who is registered or above the place's
threshold, or the tax is withheld by whoever handles the payment. Goods are taxed at the border unless a low-value scheme puts the
tax into the price.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from engine.tax import low_value
from engine.tax.asked import Asked
from engine.tax.model import Ruling, Treatment
from engine.tax.remote import (
    DESTINATION,
    REGIME,
    automated,
    business,
    domestic,
    exported,
    imported,
    liability,
    performed,
    platform,
    settle,
    unasked,
)
from engine.tax.world import PERFORMED, Case, nowhere

WITHHOLDING_RATE: Final = "digital_services_withholding_tax"


class General:
    """The law of a place as far as its parameters tell it."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within the place: a local or registered seller charges its rates."""
        if asked.destination is None:
            return nowhere(asked, "Where the supply is taxed is not stated.")
        return domestic(Case.at(asked, asked.destination))

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: goods by the import rules, digital services by the rule for non-residents."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = unasked(case)
        if settled is not None:
            return settled
        kind = asked.line.kind
        if kind == "goods":
            return goods(case)
        return digital(case) if automated(case) else _service(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Out of the place, by the destination principle; recalled, not read, for the place itself."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), DESTINATION, DESTINATION, abroad=Treatment.OUT_OF_SCOPE)


def digital(case: Case) -> Ruling:
    """A remote digital service from abroad."""
    settled = platform(case, "platform_deemed_supplier")
    if settled is not None:
        return settled
    regime = case.law.setting(REGIME)
    settled = business(case, case.customer())
    if settled is not None:
        return settled
    if regime is None or regime.value is None:
        if case.registered():
            return settle(case, liability(case))
        answer = f"No rule of {case.place} on digital services of non-residents has been read."
        return case.undecided("law.unknown", answer, f"law.{REGIME}")
    case.say("place", f"A digital service is taxed where the customer is: {case.place}.", regime)
    if regime.value == "none":
        if case.registered():
            return settle(case, liability(case))
        case.say("liability", f"{case.place} has no duty of non-residents to register for digital services.", regime)
        return case.zero(Treatment.NO_OBLIGATION, "no_nonresident_regime")
    if regime.value in ("withholding", "registration_or_withholding"):
        return _withheld(case, either=regime.value != "withholding")
    return settle(case, liability(case))


def _withheld(case: Case, *, either: bool) -> Ruling:
    """Whoever handles the payment takes the tax, unless the seller is registered."""
    registered = case.registered()
    if registered:
        return settle(case, liability(case))
    if registered is None and either:
        answer = (
            "A registered seller charges; otherwise the payment intermediary withholds: registrations are not stated."
        )
        return case.undecided("registration.unknown", answer, "payee.registrations")
    rate = case.law.setting(WITHHOLDING_RATE)
    taken = f"{rate.value:f} %" if rate is not None and isinstance(rate.value, Decimal) else "the tax"
    who = "The card issuer, bank or payment intermediary (or a business customer)"
    answer = f"{who} withholds {taken} on the payment and pays it to {case.place}; the seller charges nothing."
    case.say("obligation", answer, rate or case.law.setting(REGIME))
    return case.zero(Treatment.NO_OBLIGATION, "withheld_by_payment_intermediary", scheme="withholding")


def goods(case: Case) -> Ruling:
    """Goods from abroad: at checkout under a low-value scheme that the seller is registered for, else at the border."""
    settled = platform(case, "platform_deemed_supplier")
    if settled is not None:
        return settled
    limit = low_value.limit_of(case)
    if isinstance(limit, Ruling):
        return limit
    if limit is None:
        return imported(case)
    registered = case.registered()
    if registered is False:
        return imported(case, why=f"Not registered for {case.place}'s low-value scheme: taxed on import.")
    value = case.line.consignment_value
    worth = (
        None if value is None else case.asked.worth_at_border(value, limit.unit or case.asked.sale.currency, case.place)
    )
    amount = f"{limit.value:f} {limit.unit}"
    if worth is None:
        answer = f"The value of the consignment against {amount} is not stated, or cannot be converted."
        unit = limit.unit or case.asked.sale.currency
        missing = "lines.consignment_value" if value is None else case.asked.lacking_at_border(unit, case.place)
        return case.undecided("value.unknown", answer, missing, by=limit)
    if worth > limit.value:
        case.say("value", f"The consignment is worth more than {amount}.", limit)
        return imported(case)
    if registered is None:
        answer = f"Up to {amount} a registered seller charges at the sale: registrations are not stated."
        return case.undecided("registration.unknown", answer, "payee.registrations", by=limit)
    case.say("value", f"A consignment of up to {amount}: the registered seller charges at the sale.", limit)
    return case.charge(scheme="low_value")


def _service(case: Case) -> Ruling:
    """Any other service from abroad: only what is performed on the spot by a registered seller is certain."""
    if case.line.kind in PERFORMED:
        return performed(case)
    answer = f"The rule of {case.place} for services that are not digital has not been read."
    return case.undecided("law.unknown", answer, "lines.facts.electronically_supplied", "law.services_nonresident")


GENERAL: Final = General()
