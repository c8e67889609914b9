"""How a case of money laundering law is told: what is asked, under the shipped packs, and the part of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.decide import decide
from engine.history import FeatureAnswer, FeatureQuestion, History, NullHistory, PastPayments
from engine.money import Money
from engine.replay import facts_from
from tests.law.telling import ecb, law

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Past(History):
    """A history that knows the same of everybody: so much money went before, or nothing."""

    def __init__(self, amount: str = "0", currency: str = "USD"):
        self._answer = FeatureAnswer((Money(Decimal(amount), currency),))
        self.asked: list[FeatureQuestion] = []

    def since_authenticated(self, _asked: Any) -> PastPayments | None:
        """Nothing of authentication."""
        return None

    def features(self, asked: Any) -> list[FeatureAnswer | None]:
        """The same to every question."""
        self.asked += asked
        return [self._answer] * len(asked)


@dataclass(frozen=True)
class Told:
    """The answer, as far as a case looks at it."""

    body: dict[str, Any]
    inputs: dict[str, Any]

    @property
    def aml(self) -> dict[str, Any]:
        """The part on money laundering."""
        return self.body["aml"]  # type: ignore[no-any-return]

    @property
    def outcome(self) -> str:
        """allow, collect, review, block."""
        return str(self.body["outcome"])

    @property
    def verdict(self) -> str:
        """clear, report, review, block, undecided."""
        return str(self.aml["verdict"])

    @property
    def diligence(self) -> str:
        """none, simplified, standard, enhanced."""
        return str(self.aml["due_diligence"])

    @property
    def reports(self) -> list[str]:
        """The codes of the reports."""
        return [entry["code"] for entry in self.aml["reports"]]

    @property
    def missing(self) -> list[str]:
        """The facts asked for."""
        return [entry["field"] for entry in self.body["missing"]]

    @property
    def rules(self) -> list[str]:
        """The rules that fired."""
        return [entry["rule"] for entry in self.body["findings"]]

    @property
    def duties(self) -> dict[str, Any]:
        """Code -> due."""
        return {entry["code"]: entry["due"] for entry in self.body["obligations"]}


def request(amount: str, instrument: str = "card", on: str = "2026-11-22", **facts: Any) -> dict[str, Any]:
    """`request("10000.01 USD", "cash", kind="deposit", payer={...})`: a body as callers send it, at noon UTC of a day."""
    number, currency = amount.split()
    payment = {"instrument": instrument, **facts.pop("payment", {})}
    return {"occurred_at": f"{on}T12:00:00+00:00", "amount": number, "currency": currency, "payment": payment, **facts}


def ask(body: dict[str, Any], history: History | None = None, locale: str = "en") -> Told:
    """The decision on money laundering law alone, at the rates of the European Central Bank."""
    found = decide(
        facts_from(orjson.dumps(body)), law(), history or NullHistory(), rates=ecb(), decision_id="dec_1", now=NOW, locale=locale,
        domains=("aml",),
    )  # fmt: skip
    return Told(found.body, found.inputs)


def at(role: str, country: str) -> dict[str, str]:
    """An obliged entity."""
    return {"role": role, "country": country}
