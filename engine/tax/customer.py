"""In what capacity the customer buys. Evidence decides, not the customer's own word (Art. 17 to 19 Implementing Regulation)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.packs.model import Confidence
from engine.tax.model import Buyer, Customer, Heard, Step, TaxId

REGULATION: Final = "Council Implementing Regulation (EU) No 282/2011"
REGULATION_URL: Final = "https://eur-lex.europa.eu/eli/reg_impl/2011/282/oj"

_PRESUMES: Final = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MC", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
))  # fmt: skip
"""Places for which the Regulation is cited. Which law holds there is the packs' business; this only chooses the words, and
that a customer who names no number may be presumed a consumer for other supplies than digital ones as well (Art. 18(2))."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the customer is for tax, and on what that rests."""

    customer: Customer
    country_of_id: str | None
    """Country of the tax number that shows a business."""
    step: Step
    missing: tuple[str, ...]
    """Facts that would settle it."""


def status(buyer: Buyer, place: str | None, *, digital: bool, presumed: bool = False) -> Status:
    """What the customer is. `place`: whose law asks, where it is known; `digital`: an electronically supplied service;
    `presumed`: a service to which the Regulation applies, so that who communicated no number may be taken for a consumer.

    A number confirmed by a register shows a business. One that only has the right form shows nothing yet, and one that a
    register denied is none. Whoever says that it buys for private use is a consumer, number or not.
    """
    union = place is None or place[:2] in _PRESUMES
    business = buyer.facts.get("business")
    confirmed = _first(buyer, "valid", place)
    if business is False:
        return _told(Customer.CONSUMER, "The customer says that it buys for private use.", "Art. 19", union=union)
    if confirmed is not None:
        return _told(
            Customer.BUSINESS,
            _confirmed(confirmed),
            "Art. 18(1)(a)",
            union=union,
            country=confirmed.country,
        )
    pending = next((number for number in buyer.tax_ids if number.state != "invalid"), None)
    if pending is not None:
        seen = "has the right form" if pending.state == "format_valid" else "was not looked at"
        return _told(
            Customer.UNKNOWN,
            f"The customer gave a tax number that {seen}; no register has confirmed it.",
            "Art. 18(1)",
            union=union,
            missing=("payer.tax_ids.verified",),
        )
    return _without_number(buyer, union=union, digital=digital, presumed=presumed)


def _confirmed(number: TaxId) -> str:
    whose = number.country or "a country not named"
    if number.heard is None:
        return f"The customer's tax number of {whose} was confirmed by its register."
    return f"{number.heard.source} confirmed the customer's tax number of {whose}{_when(number.heard)}."


def _when(heard: Heard) -> str:
    """When a register was asked, and its proof."""
    when = f" on {heard.at:%Y-%m-%d at %H:%M:%S} UTC" if heard.at else ""
    if heard.consultation_number is None:
        return when
    asked_by = f" asked for by {heard.asked_by}" if heard.asked_by else ""
    return f"{when}, consultation number {heard.consultation_number}{asked_by}"


def _without_number(buyer: Buyer, *, union: bool, digital: bool, presumed: bool) -> Status:
    """No number that could be one."""
    denied = "The customer gave no tax number"
    if buyer.tax_ids:
        heard = next((number.heard for number in buyer.tax_ids if number.heard), None)
        denied = "The number that was given is none: its register denies it, or its form is wrong"
        denied = f"{heard.source} denied the number that was given{_when(heard)}" if heard else denied
    if digital:
        words = f"{denied}: of a digital service it may be treated as a consumer whatever else is known."
        return _told(Customer.CONSUMER, words, "Art. 18(2), second subparagraph", union=union)
    business = buyer.facts.get("business")
    if business is True or (buyer.type == "organisation" and business is None):
        return _maybe_business(buyer, denied, union=union, presumed=presumed)
    if buyer.type == "individual" or union:
        words = f"{denied}, and nothing else speaks for a business."
        return _told(Customer.CONSUMER, words, "Art. 18(2), first subparagraph", union=union)
    words = "Neither a tax number nor the type of the customer is stated."
    return _told(Customer.UNKNOWN, words, "", union=union, missing=("payer.type",))


def _maybe_business(buyer: Buyer, denied: str, *, union: bool, presumed: bool) -> Status:
    """An organisation, or one that says that it buys for a business, without a number that is one.

    Who has demonstrably not communicated a number may be taken for a non-taxable person, unless the supplier knows otherwise;
    of one that says it buys for a business it does. Another proof shows a business that waits for its number.
    """
    told = buyer.facts.get("business") is True
    none = bool(buyer.tax_ids) or buyer.without_number
    if union and presumed and told and buyer.facts.get("business_proof") is True:
        words = "It applied for a number that it has not received, and other proof shows that it is a taxable person."
        return _told(Customer.BUSINESS, words, "Art. 18(1)(b)", union=union)
    if union and presumed and none and not told:
        words = f"{denied}. An organisation that communicated none may be taken for a person not taxable."
        return _told(Customer.CONSUMER, words, "Art. 18(2), first subparagraph", union=union)
    who = "says that it buys for a business" if told else "is an organisation"
    words = f"The customer {who}, and nothing proves that it is a taxable person."
    settling = "payer.facts.business_proof" if presumed and told and none else "payer.tax_ids"
    return _told(Customer.UNKNOWN, words, "Art. 18(1)(b)", union=union, missing=(settling,))


def _first(buyer: Buyer, state: str, place: str | None) -> TaxId | None:
    """A number in that state, the place's own before others."""
    found = [number for number in buyer.tax_ids if number.state == state]
    own = [number for number in found if place is not None and number.country == place[:2]]
    return next(iter(own or found), None)


def _told(
    customer: Customer,
    words: str,
    provision: str,
    *,
    union: bool,
    country: str | None = None,
    missing: tuple[str, ...] = (),
) -> Status:
    if union and provision:
        step = Step("customer", words, REGULATION, provision, REGULATION_URL, Confidence.A)
    else:
        step = Step("customer", words)
    return Status(customer, country, step, missing)
