"""Payments for the benchmark: realistic, around the thresholds, some of them incomplete, the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.tree import Scalar

Body = dict[str, Any]

SEED = 20261122
MISSING = 0.10
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
BANDS = (100, 250, 500)
SIGNALS = ("abnormal_behaviour", "unusual_device", "malware", "known_fraud_scenario", "abnormal_location")

CALLERS = 12
# What a caller may leave out; without the rest there is no payment to decide on.
OPTIONAL = (
    "reference", "kind", "asked_by", "payer", "payer.id", "payer.type", "payee", "payee.id", "payment.channel",
    "payment.initiator", "payment.acquirer_country", "payment.mandate", "payment.mandate.id",
    "payment.mandate.authenticated", "payment.mandate.form", "payment.mandate.first", "payment.mandate.same_amount",
    "payment.mandate.same_payee", "payment.mandate.being_set_up", "payment.terminal", "payment.terminal.attended",
    "payment.terminal.purpose", "payment.since_authenticated", "payment.since_authenticated.amount",
    "payment.since_authenticated.count", "payment.since_authenticated.policy", "payment.fraud_rate",
    "payment.fraud_rate.bps", "payment.fraud_rate.suspended_bands", "payment.risk", "payment.risk.level",
    "payment.risk.signals", "payment.anonymous_prepaid", "payment.corporate_process", "payment.trusted_beneficiary",
    "payment.own_account",
)  # fmt: skip
# Cents around each statutory limit, where engines that use floats or `<` for `<=` go wrong.
EDGES = (2999, 3000, 3001, 4999, 5000, 5001, 9999, 10000, 10001, 24999, 25000, 25001, 49999, 50000, 50001)
ISSUERS = ("DE", "FR", "ES", "IT", "NL", "PL", "SE", "IE", "NO", "RE", "GB", "US", "IN", "CH", "JP")
WEIGHTS = (16, 14, 10, 10, 8, 6, 4, 4, 3, 1, 6, 6, 2, 2, 1)


def bodies(count: int, *, seed: int = SEED, callers: int = CALLERS) -> list[Body]:
    """`count` requests as `contract.md` spells them, from `callers` checkouts (0: every payment from one of its own)."""
    rng = random.Random(seed)
    known = [Caller.of(rng, number) for number in range(callers)]
    return [(rng.choice(known) if known else Caller.of(rng, number)).payment(rng, number) for number in range(count)]


def rows(payments: list[Body]) -> list[dict[str, Scalar]]:
    """The flat rows of the same payments; what is not stated is absent."""
    return [flat(payment) for payment in payments]


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(rng: random.Random) -> int:
    if rng.random() < 0.4:
        return rng.choice(EDGES)
    return max(50, round(rng.lognormvariate(8.3, 1.1)))


@dataclass(frozen=True, slots=True)
class Caller:
    """A checkout: it takes one kind of payment and sends the same fields every time, with values that vary."""

    instrument: str
    channel: str
    by_payee: bool
    mandate: bool
    acquirer: str
    policy: str
    asked_by: str
    unsaid: frozenset[str]
    """Optional fields that it never sends: one in ten."""

    @classmethod
    def of(cls, rng: random.Random, number: int) -> Caller:
        """A caller drawn from the mix of the market."""
        instrument = rng.choices(("card", "credit_transfer", "direct_debit", "e_money"), (70, 16, 8, 6))[0]
        present = ("contactless", "chip", "unattended_terminal", "mail_telephone")
        channel = rng.choices(present, (22, 6, 8, 4))[0] if instrument == "card" and rng.random() < 0.4 else "remote"
        by_payee = instrument == "direct_debit" or (channel == "remote" and rng.random() < 0.12)
        return cls(
            instrument=instrument,
            channel=channel,
            by_payee=by_payee,
            mandate=by_payee or rng.random() < 0.08,
            acquirer=rng.choices(ISSUERS, WEIGHTS)[0],
            policy=rng.choice(("amount", "count")),
            asked_by=rng.choices(("acquirer", "issuer", "merchant"), (55, 30, 15))[0],
            unsaid=frozenset(path for path in OPTIONAL if rng.random() < MISSING),
        )

    def payment(self, rng: random.Random, number: int) -> Body:
        """One of its payments."""
        cents = _cents(rng)
        body: Body = {
            "reference": f"ord-{number:06d}",
            "occurred_at": (FIRST + timedelta(seconds=rng.randrange(21 * 86400))).isoformat(),
            "kind": "sale",
            "amount": _money(cents),
            "currency": "EUR",
            "asked_by": self.asked_by,
            "payment": self._instrument(rng) | _counters(rng, cents, self.policy) | _assurances(rng),
            "payer": {
                "id": f"c-{rng.randrange(400)}",
                "type": rng.choices(("individual", "organisation"), (80, 20))[0],
            },
            "payee": {"id": f"m-{rng.randrange(40)}", "country": rng.choices(ISSUERS, WEIGHTS)[0]},
        }
        return _without(body, self.unsaid)

    def _instrument(self, rng: random.Random) -> Body:
        made: Body = {
            "instrument": self.instrument,
            "channel": self.channel,
            "initiator": "payee" if self.by_payee else "payer",
            "issuer_country": rng.choices(ISSUERS, WEIGHTS)[0],
            "acquirer_country": self.acquirer,
        }
        if self.channel == "unattended_terminal":
            made["terminal"] = {
                "attended": rng.random() < 0.2,
                "purpose": rng.choice(("transport_fare", "parking", "vending")),
            }
        if self.mandate:
            made["mandate"] = _mandate(rng)
        return made


def _mandate(rng: random.Random) -> Body:
    return {
        "id": f"mnd-{rng.randrange(200)}",
        "authenticated": rng.random() < 0.8,
        "form": rng.choices(("remote", "paper"), (85, 15))[0],
        "first": rng.random() < 0.2,
        "same_amount": rng.random() < 0.7,
        "same_payee": rng.random() < 0.9,
        "being_set_up": rng.random() < 0.15,
    }


def _counters(rng: random.Random, cents: int, policy: str) -> Body:
    limit = rng.choice((10000, 15000))
    spent = max(0, limit - cents + rng.choice((-1, 0, 1))) if rng.random() < 0.3 else rng.randrange(0, 20000)
    stated = {"amount": _money(spent), "currency": "EUR", "count": rng.randrange(0, 8), "policy": policy}
    return {"since_authenticated": stated}


def _assurances(rng: random.Random) -> Body:
    suspended = [str(band) for band in BANDS if rng.random() < 0.05]
    level = rng.choices(("low", "high"), (90, 10))[0]
    return {
        "fraud_rate": {
            "bps": rng.choice(("0.5", "0.51", "1", "1.01", "1.5", "4.2", "6", "6.01", "9", "13", "13.01", "20")),
            "reference_date": "2026-09-30",
            "suspended_bands": suspended,
        },
        "risk": {"level": level, "signals": rng.sample(SIGNALS, rng.choices((0, 1, 2), (88, 9, 3))[0])},
        "anonymous_prepaid": rng.random() < 0.01,
        "corporate_process": rng.random() < 0.12,
        "trusted_beneficiary": rng.random() < 0.10,
        "own_account": rng.random() < 0.10,
    }


def _without(part: Body, unsaid: frozenset[str], path: str = "") -> Body:
    """Leave out what a caller never sends, at every depth."""
    kept: Body = {}
    for key, value in part.items():
        where = f"{path}{key}"
        if where not in unsaid:
            kept[key] = _without(value, unsaid, f"{where}.") if isinstance(value, dict) else value
    counter = kept.get("since_authenticated")
    if isinstance(counter, dict):
        _complete_counter(counter)
    return kept


def _complete_counter(counter: Body) -> None:
    """An amount without its currency would be a bad request, not a missing fact."""
    if "amount" in counter:
        counter["currency"] = "EUR"
    else:
        counter.pop("currency", None)


def with_basket(body: Body, number: int) -> Body:
    """The payment with goods from a German shop, registered at home and in the one-stop shop, to one of four States."""
    state = ("DE", "FR", "IT", "ES")[number % 4]
    line = {"id": "1", "kind": "goods", "category": ("standard", "books")[number % 2], "amount": body["amount"]}
    line |= {"tax_inclusive": True, "ship_from": {"country": "DE"}, "ship_to": {"country": state}}
    registered = [{"jurisdiction": "DE", "scheme": "standard"}, {"jurisdiction": "DE", "scheme": "oss"}]
    payer = {**body.get("payer", {}), "type": "individual", "country": state}
    payee = {**body.get("payee", {}), "country": "DE", "registrations": registered}
    return {**body, "kind": "sale", "payer": payer, "payee": payee, "lines": [line]}


METHODS: dict[str, tuple[str, ...]] = {
    "card": ("card",),
    "credit_transfer": ("sepa_instant", "ideal", "wero", "sepa_credit_transfer"),
    "direct_debit": ("sepa_debit",),
    "e_money": ("paypal",),
}
"""What a shopper chose at a checkout, by instrument."""


def checkout(body: Body, number: int) -> Body:
    """The payment as a checkout sends it: with a basket, who pays, and the method that was chosen."""
    sold = with_basket(body, number)
    methods = METHODS[sold["payment"]["instrument"]]
    payer = {"id": f"c-{number % 400}", **sold["payer"]}
    return {**sold, "payer": payer, "payment": {**sold["payment"], "method": methods[number % len(methods)]}}


def mixed(payments: list[Body]) -> list[Body]:
    """Every other payment as a checkout sends it, the rest as they are."""
    return [checkout(body, number) if number % 2 else body for number, body in enumerate(payments)]


def flat(body: Body) -> dict[str, Scalar]:
    """One payment as a flat row: dotted names, money in cents, rates in hundredths of a basis point."""
    row: dict[str, Scalar] = {"asked_by": "merchant"}
    _flatten(body, "", row)
    return row


def _flatten(part: Mapping[str, Any], path: str, row: dict[str, Scalar]) -> None:
    for key, value in part.items():
        name = f"{path}{key}"
        if isinstance(value, dict):
            _flatten(value, f"{name}.", row)
        elif name in {"amount", "payment.since_authenticated.amount", "payment.fraud_rate.bps"}:
            row[name] = int(Decimal(value) * 100)
        elif name == "payment.fraud_rate.suspended_bands":
            row.update({f"payment.fraud_rate.suspended_{band}": str(band) in value for band in BANDS})
        elif isinstance(value, list):
            row[name] = len(value)
        else:
            row[name] = value
