"""How a case is told: a payment in, the part of the answer on the customer out, under the shipped law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.decide import decide
from engine.history import NullHistory
from engine.replay import facts_from
from tests.law.telling import ecb, law

BANK = {"obliged_entity": {"role": "bank", "country": "DE"}}
PLAIN = {"risk": "low", "politically_exposed": "none", "type": "individual"}


@dataclass(frozen=True)
class Told:
    """The answer, as far as a case looks at it."""

    body: dict[str, Any]

    @property
    def kyc(self) -> dict[str, Any]:
        """The part on the customer."""
        return self.body["kyc"]  # type: ignore[no-any-return]

    @property
    def verdict(self) -> str:
        """met, collect, refuse or undecided."""
        return str(self.kyc["verdict"])

    @property
    def outcome(self) -> str:
        """allow, collect or block."""
        return str(self.body["outcome"])

    @property
    def fields(self) -> list[str]:
        """What is to be asked for."""
        return [entry["field"] for entry in self.kyc["collect"]]

    @property
    def missing(self) -> set[str]:
        """Facts that are not stated."""
        return {entry["field"] for entry in self.body["missing"]}

    @property
    def exceeded(self) -> set[str]:
        """Names of limits that the payment does not keep within."""
        return {entry["name"] for entry in self.kyc["limits"] if entry["exceeded"]}

    @property
    def rules(self) -> set[str]:
        """Rules that are named among the findings."""
        return {entry["rule"] for entry in self.body["findings"]}

    def limit(self, name: str) -> dict[str, Any]:
        """One limit of the answer."""
        return next(entry for entry in self.kyc["limits"] if entry["name"] == name)


def merged(*parts: dict[str, Any]) -> dict[str, Any]:
    """Objects put together, the later before the earlier."""
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(found.get(key), dict)
            found[key] = merged(found[key], value) if both else value
    return found


def ask(money: str, *parts: dict[str, Any], on: str = "2026-11-22", locale: str = "en") -> Told:
    """Ask about a payment of `money` ("100.00 EUR") at noon UTC of a day; `parts` are put together into its body."""
    amount, currency = money.split()
    body = merged({"amount": amount, "currency": currency, "payment": {"instrument": "e_money"}}, *parts)
    now = datetime.fromisoformat(on if "T" in on else f"{on}T12:00:00+00:00")
    decision = decide(
        facts_from(orjson.dumps(body)), law(), NullHistory(),
        rates=ecb(), decision_id="dec_case", now=now, locale=locale, domains=("kyc",),
    )  # fmt: skip
    return Told(decision.body)


def wallet(place: str, tier: str = "", **payer: Any) -> dict[str, Any]:
    """A wallet kept in a country, with what its holder has in it."""
    held = {**payer, **({"wallet_tier": tier} if tier else {})}
    return {"payment": {"issuer_country": place}, "payer": held}
