"""In what capacity the customer buys. Evidence decides, not the customer's own word (Art. 17 to 19 Implementing Regulation)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.packs.model import Confidence
from engine.tax.model import Buyer, Customer, Step, TaxId

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


def status(buyer: Buyer, place: str | None, *, digital: bool) -> Status:
    """What the customer is. `place`: whose law asks, where it is known; `digital`: an electronically supplied service.

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
            f"The customer's tax number of {confirmed.country or 'a country not named'} was confirmed by its register.",
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
    return _without_number(buyer, union=union, digital=digital)


def _without_number(buyer: Buyer, *, union: bool, digital: bool) -> Status:
    """No number that could be one."""
    denied = "The register denies the number that was given" if buyer.tax_ids else "The customer gave no tax number"
    if digital:
        words = f"{denied}: of a digital service it may be treated as a consumer whatever else is known."
        return _told(Customer.CONSUMER, words, "Art. 18(2), second subparagraph", union=union)
    business = buyer.facts.get("business")
    if business is True or (buyer.type == "organisation" and business is None):
        who = "says that it buys for a business" if business is True else "is an organisation"
        return _told(
            Customer.UNKNOWN,
            f"The customer {who}, and nothing proves that it is a taxable person.",
            "Art. 18(1)(b)",
            union=union,
            missing=("payer.tax_ids",),
        )
    if buyer.type == "individual" or union:
        words = f"{denied}, and nothing else speaks for a business."
        return _told(Customer.CONSUMER, words, "Art. 18(2), first subparagraph", union=union)
    words = "Neither a tax number nor the type of the customer is stated."
    return _told(Customer.UNKNOWN, words, "", union=union, missing=("payer.type",))


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
