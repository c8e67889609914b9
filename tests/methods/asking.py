"""How a case is told: a payment in, the part of the answer on its method out, under the shipped rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.decide import decide
from engine.history import NullHistory
from engine.replay import facts_from
from tests.kyc.asking import merged
from tests.law.telling import ecb, law


@dataclass(frozen=True)
class Told:
    """The answer, as far as a case looks at it."""

    body: dict[str, Any]

    @property
    def method(self) -> dict[str, Any]:
        """The part on the method."""
        return self.body["method"]  # type: ignore[no-any-return]

    @property
    def verdict(self) -> str:
        """ok, collect, refuse, not_applicable or undecided."""
        return str(self.method["verdict"])

    @property
    def outcome(self) -> str:
        """allow, collect or block."""
        return str(self.body["outcome"])

    @property
    def fields(self) -> list[str]:
        """What is to be asked for."""
        return [entry["field"] for entry in self.method["collect"]]

    @property
    def missing(self) -> set[str]:
        """Facts that are not stated."""
        return {entry["field"] for entry in self.body["missing"]}

    @property
    def exceeded(self) -> set[str]:
        """Names of limits that the payment does not keep within."""
        return {entry["name"] for entry in self.method["limits"] if entry["exceeded"]}

    @property
    def failed(self) -> set[str]:
        """Names of checks that failed."""
        return {entry["name"] for entry in self.method["checks"] if entry["verdict"] == "failed"}

    @property
    def duties(self) -> set[str]:
        """Codes of obligations."""
        return {entry["code"] for entry in self.body["obligations"]}


def pay(
    money: str, method: str | None, *parts: dict[str, Any], on: str = "2026-11-22", locale: str = "en", place: str = ""
) -> Told:
    """Ask about a payment of `money` by a method on a day; `place` is that of both providers."""
    amount, currency = money.split()
    payment: dict[str, Any] = {"instrument": "credit_transfer"}
    if method is not None:
        payment["method"] = method
    if place:
        payment |= {"issuer_country": place, "acquirer_country": place}
    body = merged({"amount": amount, "currency": currency, "payment": payment}, *parts)
    now = datetime.fromisoformat(on if "T" in on else f"{on}T12:00:00+00:00")
    decision = decide(
        facts_from(orjson.dumps(body)), law(), NullHistory(),
        rates=ecb(), decision_id="dec_case", now=now, locale=locale, domains=("methods",),
    )  # fmt: skip
    return Told(decision.body)
