"""How a case is told: `pay("30.00 EUR", counted("70.00 EUR"))` is asked as a caller would ask it, under the shipped law."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import orjson

from engine.decide import decide
from engine.history import NullHistory
from engine.money import RateRow, RateTable
from engine.replay import facts_from
from tests.shipped import ROOT, law

NOON = "T12:00:00+01:00"


@cache
def ecb() -> RateTable:
    """The bundled table of the European Central Bank."""
    with (ROOT / "data/fx/ecb.csv").open(encoding="utf-8") as lines:
        return RateTable(
            RateRow(date.fromisoformat(row["Date"]), currency, Decimal(quote))
            for row in csv.DictReader(lines)
            for currency, quote in row.items()
            if currency and currency != "Date" and quote and quote != "N/A"
        )


@dataclass(frozen=True)
class Told:
    """The answer, as far as a case looks at it."""

    body: dict[str, Any]

    @property
    def sca(self) -> dict[str, Any]:
        """The part on strong customer authentication."""
        return self.body["sca"]  # type: ignore[no-any-return]

    @property
    def outcome(self) -> str:
        """allow, challenge, ..."""
        return str(self.body["outcome"])

    @property
    def verdict(self) -> str:
        """required, exempt, out_of_scope, ...; an exemption or a reason beside it."""
        said = self.sca["exemption"] or self.sca["reason"]
        return f"{self.sca['verdict']}: {said}" if said else str(self.sca["verdict"])

    @property
    def closed(self) -> dict[str, str]:
        """Exemption -> why it is closed."""
        return {entry["name"]: entry["because"] for entry in self.sca["closed"]}

    @property
    def open(self) -> dict[str, list[str]]:
        """Exemption -> who may use it."""
        return {entry["name"]: entry["by"] for entry in self.sca["available"]}

    @property
    def missing(self) -> set[str]:
        """The facts that would help."""
        return {entry["field"] for entry in self.body["missing"]}

    @property
    def because(self) -> dict[str, str]:
        """Every value that made a rule fire."""
        return {label: text for finding in self.body["findings"] for label, text in finding["because"].items()}


def pay(
    amount: str,
    *more: dict[str, Any],
    on: str = "2026-10-30",
    issuer: str | None = "FR",
    acquirer: str | None = "DE",
    asked_by: str = "acquirer",
) -> Told:
    """A payer at a French bank pays a shop with a German acquirer by card, over the internet, unless told otherwise.

    `on`: a day, at noon in Paris, or a moment. Later parts go before earlier ones; None takes a fact away.
    """
    figure, _, currency = amount.partition(" ")
    payment = {"instrument": "card", "channel": "remote", "initiator": "payer"}
    payment |= {"issuer_country": issuer, "acquirer_country": acquirer}  # type: ignore[dict-item]
    body: dict[str, Any] = {
        "amount": figure,
        "currency": currency,
        "occurred_at": on if "T" in on else on + NOON,
        "asked_by": asked_by,
        "payment": payment,
    }
    for part in more:
        for key, value in part.items():
            place = body if key in ("kind", "payer", "payee", "occurred_at", "linked", "lines") else payment
            place[key] = value
    body["payment"] = {key: value for key, value in payment.items() if value is not None}
    body |= {"payer": {"type": "individual", **(body.get("payer") or {}), "country": "FR"}}
    return ask(body)


def ask(body: dict[str, Any]) -> Told:
    """The shipped law's answer to a request, through the door a caller uses."""
    now = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    decision = decide(
        facts_from(orjson.dumps(body)),
        law(),
        NullHistory(),
        rates=ecb(),
        decision_id="dec_1",
        now=now,
        locale="en",
        domains=("sca",),
    )
    return Told(orjson.loads(orjson.dumps(decision.body)))


# -- what is said of a payment --------------------------------------------------------------------------------------------


def counted(amount: str, count: int = 0, policy: str | None = "amount") -> dict[str, Any]:
    """What was paid since the payer last authenticated, this payment not included."""
    figure, _, currency = amount.partition(" ")
    stated = {"amount": figure, "currency": currency, "count": count, "policy": policy}
    return {"since_authenticated": {key: value for key, value in stated.items() if value is not None}}


NOTHING_YET = counted("0.00 EUR")
CONTACTLESS = {"channel": "contactless"}
CHIP = {"channel": "chip"}
TRANSFER = {"instrument": "credit_transfer"}
COLLECTED = {"initiator": "payee"}
LOW_RISK = {"risk": {"level": "low", "signals": []}}


def fraud_rate(bps: str, *suspended: str) -> dict[str, Any]:
    """The provider's own rate, in basis points, and the bands whose use has ceased."""
    return {"fraud_rate": {"bps": bps, "reference_date": "2026-09-30", "suspended_bands": list(suspended)}}


def mandate(**stated: Any) -> dict[str, Any]:
    """The payer's standing consent."""
    return {"mandate": stated}


def authenticated(
    *factors: str, linked: bool | None = True, done: bool = True, method: str | None = None
) -> dict[str, Any]:
    """An authentication that has been tried for this payment."""
    stated = {"done": done, "factors": list(factors), "dynamic_linking": linked, "method": method}
    return {"authentication": {key: value for key, value in stated.items() if value is not None}}
