"""What a key may ask about, where it is limited: countries, merchants. What is not stated is not among them.

INVARIANT: a route that this file does not name is closed to a limited key, so that nobody reads past its limits by a route that
was made later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from api.problems import Problem, not_found
from engine.ledger import ApiKey, KeyTerms, Ledger
from engine.places import country_of
from engine.replay import facts_from

_WHERE: Final = ("payer.country", "payee.country", "payment.issuer_country", "payment.acquirer_country")
_MERCHANT: Final = "payee.merchant"

ASK: Final = frozenset({"/v1/preflight", "/v1/preflight/batch"})
"""Routes that hold each payment against the limits themselves."""
OF_A_DECISION: Final = "/v1/decisions/{decision_id}"
"""Below this, decisions that the key might have asked for are there, and no others."""
OF_A_MERCHANT: Final = "/v1/merchants/{merchant_id}"
NOBODYS: Final = frozenset({
    "/v1/session", "/v1/key-sessions",
    "/v1/sessions", "/v1/sessions/{session_id}", "/v1/roles", "/v1/coverage", "/v1/law", "/v1/law/compare",
    "/v1/law/grid", "/v1/law/parameters", "/v1/law/{jurisdiction}", "/v1/law/{jurisdiction}/parameters/{name}/history",
    "/v1/rulepacks", "/v1/rulepacks/{jurisdiction}", "/v1/releases", "/v1/releases/{digest}", "/v1/releases/{a}/diff/{b}",
    "/v1/lists", "/v1/lists/{code}/diff", "/v1/tax/rates", "/v1/tax/ids/validate",
})  # fmt: skip
"""The law, lists and the caller's own: nothing of any merchant is there."""


def require_within(facts: Mapping[str, Any], terms: KeyTerms) -> None:
    """Raise 403 for a payment that the key may not ask about: each country of the parties and of their providers must be among
    those allowed, and one at least be stated; so must the payee's merchant id."""
    if terms.countries:
        stated = {country_of(facts[path]) for path in _WHERE if path in facts}
        if not stated or not stated <= set(terms.countries):
            raise Problem("forbidden", "This key may not ask about payments of these countries.")
    if terms.merchants and facts.get(_MERCHANT) not in terms.merchants:
        raise Problem("forbidden", "This key may not ask about payments of this merchant.")


def is_limited(terms: KeyTerms) -> bool:
    """Whether there is anything that the key may not ask about."""
    return bool(terms.countries or terms.merchants)


async def require_reach(ledger: Ledger, key: ApiKey, route: str, method: str, path: Mapping[str, Any]) -> None:
    """Raise 403 for a route that is closed to a limited key; 404, as for what is not there, for what is beyond its limits."""
    if route in ASK or route in NOBODYS:
        return
    if route == OF_A_DECISION or route.startswith(f"{OF_A_DECISION}/"):
        if not await asyncio.to_thread(_is_own, ledger, str(path["decision_id"]), key.terms):
            raise not_found("decision")
    elif route == OF_A_MERCHANT and method == "GET" and key.terms.merchants:
        if path["merchant_id"] not in key.terms.merchants:
            raise not_found("merchant")
    else:
        raise Problem("forbidden", "This key is limited to countries or merchants, and this is about all of them.")


def _is_own(ledger: Ledger, decision_id: str, terms: KeyTerms) -> bool:
    if "\0" in decision_id:
        return False
    stored = ledger.decision(decision_id)
    if stored is None or stored.erased:
        return False
    try:
        require_within(facts_from(stored.facts), terms)
    except Problem:
        return False
    return True
