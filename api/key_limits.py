"""What a key may ask decisions about, where it is limited: countries, merchants. What is not stated is not among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.problems import Problem
from engine.ledger import KeyTerms
from engine.places import country_of

_WHERE: Final = ("payer.country", "payee.country", "payment.issuer_country", "payment.acquirer_country")
_MERCHANT: Final = "payee.merchant"


def require_within(facts: Mapping[str, Any], terms: KeyTerms) -> None:
    """Raise 403 for a payment that the key may not ask about: each country of the parties and of their providers must be among
    those allowed, and one at least be stated; so must the payee's merchant id."""
    if terms.countries:
        stated = {country_of(facts[path]) for path in _WHERE if path in facts}
        if not stated or not stated <= set(terms.countries):
            raise Problem("forbidden", "This key may not ask about payments of these countries.")
    if terms.merchants and facts.get(_MERCHANT) not in terms.merchants:
        raise Problem("forbidden", "This key may not ask about payments of this merchant.")
