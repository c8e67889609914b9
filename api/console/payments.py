"""Payments to try the law with: what an officer begins from, with the places of the pack in hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from api.console.vocabulary import N_

PAYMENTS: Final[Mapping[str, str]] = {
    "card": N_("Card payment in a web shop"),
    "contactless": N_("Contactless at the till"),
    "transfer": N_("Large transfer to a new payee"),
    "cash": N_("Cash for goods"),
    "sale": N_("Sale of goods to a consumer"),
}
"""The samples and what they are called."""
_CURRENCIES: Final = {
    "GB": "GBP", "US": "USD", "CH": "CHF", "JP": "JPY", "CN": "CNY", "IN": "INR", "BR": "BRL", "AU": "AUD", "CA": "CAD",
    "MX": "MXN", "SE": "SEK", "NO": "NOK", "DK": "DKK", "PL": "PLN", "SG": "SGD", "HK": "HKD", "KR": "KRW", "TR": "TRY",
    "ZA": "ZAR", "TH": "THB", "ID": "IDR", "MY": "MYR", "PH": "PHP", "VN": "VND", "AE": "AED", "SA": "SAR", "NG": "NGN",
    "KE": "KES", "NZ": "NZD", "CZ": "CZK", "HU": "HUF", "RO": "RON", "IL": "ILS", "TW": "TWD", "AR": "ARS", "CL": "CLP",
}  # fmt: skip
_EUROPE: Final = "DE"
_ELSEWHERE: Final = "FR"


def payment_for(path: str, name: str = "") -> str:
    """A sample as JSON, as somebody would type it. Without a name, the one that suits the domain of the file."""
    place = path.partition("/")[0].partition("-")[0]
    here = place if len(place) == len(_EUROPE) and place not in ("EU",) else _EUROPE
    wanted = name if name in PAYMENTS else _suited(path)
    return json.dumps(_sample(wanted, here, _CURRENCIES.get(here, "EUR")), indent=2)


def _suited(path: str) -> str:
    domain = path.partition("/")[2].partition("/")[0].removesuffix(".yaml")
    return {"aml": "transfer", "kyc": "transfer", "tax": "sale"}.get(domain, "card")


def _sample(name: str, here: str, currency: str) -> dict[str, Any]:
    both = {"issuer_country": here, "acquirer_country": here}
    abroad = _ELSEWHERE if here != _ELSEWHERE else _EUROPE
    person = {"type": "individual", "country": here}
    samples: dict[str, dict[str, Any]] = {
        "card": {
            "amount": "42.00", "currency": currency, "asked_by": "acquirer",
            "payment": {
                "instrument": "card", "channel": "remote", "initiator": "payer", **both,
                "since_authenticated": {"amount": "0.00", "currency": currency, "count": 0, "policy": "amount"},
            },
            "payer": person,
        },
        "contactless": {
            "amount": "45.00", "currency": currency, "asked_by": "issuer",
            "payment": {
                "instrument": "card", "channel": "contactless", "initiator": "payer", **both,
                "since_authenticated": {"amount": "80.00", "currency": currency, "count": 3, "policy": "amount"},
            },
            "payer": person,
        },
        "transfer": {
            "amount": "16000.00", "currency": currency, "kind": "transfer", "relationship": "occasional",
            "payment": {"instrument": "credit_transfer", "channel": "remote", **both},
            "obliged_entity": {"role": "bank", "country": here},
            "payer": {**person, "name": "Ada Sample", "identity": {"level": "verified"}},
            "payee": {"type": "organisation", "name": "Sample Trading Ltd", "country": abroad},
        },
        "cash": {
            "amount": "12000.00", "currency": currency, "payment": {"instrument": "cash"},
            "obliged_entity": {"role": "goods_trader", "country": here}, "relationship": "occasional", "payer": person,
        },
        "sale": {
            "amount": "119.00", "currency": currency, "payment": {"instrument": "card", "channel": "remote", **both},
            "payer": person,
            "payee": {
                "type": "organisation", "country": here, "registrations": [{"jurisdiction": here, "scheme": "standard"}],
            },
            "lines": [
                {
                    "id": "1", "kind": "goods", "category": "standard", "amount": "119.00", "tax_inclusive": True,
                    "ship_from": {"country": here}, "ship_to": {"country": here},
                },
            ],
        },
    }  # fmt: skip
    return samples[name]
