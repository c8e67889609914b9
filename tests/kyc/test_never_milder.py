"""Silence never helps: a fact left out never lets a payment through that was not let through with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import Money
from engine.packs.model import ParameterRef
from engine.transaction import Totals
from tests.law.telling import ecb, law

PLACES = sorted(code for code, pack in law().packs.items() if "kyc" in pack.domains and code not in ("WORLD", "EU"))
DAYS = [
    date(2015, 1, 1),
    date(2020, 3, 20),
    date(2024, 2, 29),
    date(2026, 2, 15),
    date(2026, 11, 22),
    date(2027, 7, 10),
]

SILENCE_MEANS = {
    "amount": "always stated",
    "currency": "always stated",
    "kind": "default: sale",
    "payment.instrument": "always stated",
    "customer": "default: the payer",
    "obliged_entity.role": "default: a merchant",
    "obliged_entity.country": "default: where the payee is",
    "payment.issuer_country": "default: where the payer is",
    "suspicion": "a report that nobody made",
    "payer.national_ids": "a wrong number is found where it is stated",
    "payer.tax_ids": "a wrong number is found where it is stated",
    "payer.identity.verified_at": "one of two days of which the later counts: without it the other speaks",
    "payer.last_review": "one of two days of which the later counts: without it the other speaks",
    "payer.totals.balance": "the balance under another name",
}
"""Facts whose absence is a statement of its own."""


def test_every_pack_is_drawn() -> None:
    assert len(PLACES) >= 90


@pytest.mark.parametrize("place", PLACES)
def test_a_fact_left_out_lets_nothing_through(place: str) -> None:
    rnd = Random(place)
    for _ in range(12):
        facts = grown(rnd, place)
        day = rnd.choice(DAYS)
        full = answer(facts, day)
        for gone, less in saying_less(facts):
            now = answer(less, day)
            if full["outcome"] != "allow":
                assert now["outcome"] != "allow", f"without {gone}: {full['kyc']} -> {now['kyc']}\n{facts}"
            if full["kyc"]["verdict"] != "met":
                assert now["kyc"]["verdict"] != "met", f"without {gone}\n{facts}"


def answer(facts: dict[str, Any], day: date) -> dict[str, Any]:
    """What is said of a payment on a day."""
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return decide(Facts(facts), law(), NullHistory(), rates=ecb(), decision_id="x", now=now, domains=("kyc",)).body


def saying_less(facts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way to leave one thing unsaid."""
    for path in facts:
        if path not in SILENCE_MEANS:
            yield path, {key: value for key, value in facts.items() if key != path}
    for at, owner in enumerate(facts.get("payer.owners", ())):
        for key in owner:
            if key not in ("verified", "listed"):
                less = {name: inner for name, inner in owner.items() if name != key}
                owners = (*facts["payer.owners"][:at], less, *facts["payer.owners"][at + 1 :])
                yield f"payer.owners[{at}].{key}", {**facts, "payer.owners": owners}


def grown(rnd: Random, place: str) -> dict[str, Any]:
    """A payment that states nearly all that the law of a place asks for."""
    compiled = law().law(place, "kyc", DAYS[-2])
    tiers = [
        str(active.rule.effect.details["tier"]) for active in compiled.rules if "tier" in active.rule.effect.details
    ]
    currency = law().packs[place].currency
    limits = [
        compiled.law.params[ref.name]
        for active in compiled.rules
        for ref in active.rule.effect.details.values()
        if isinstance(ref, ParameterRef) and isinstance(compiled.law.params.get(ref.name), Decimal)
    ]
    amount = Money(Decimal(int(rnd.choice([*limits, Decimal(100)]))) + rnd.choice([0, 1]), currency)
    total = [Decimal(0), *limits]
    facts: dict[str, Any] = {
        "amount": amount,
        "currency": currency,
        "kind": rnd.choice(["sale", "deposit", "withdrawal", "transfer", "refund"]),
        "payment.instrument": rnd.choice(["e_money", "e_money", "credit_transfer", "card", "cash", "crypto"]),
        "payment.method": rnd.choice(["enaira", "other"]),
        "payment.issuer_country": place,
        "payment.acquirer_country": rnd.choice([place, "GB"]),
        "payer.country": place,
        "payer.type": rnd.choice(["individual", "organisation"]),
        "payer.risk": rnd.choice(["low", "low", "high"]),
        "payer.edd": rnd.choice([True, False]),
        "payer.politically_exposed": rnd.choice(["none", "none", "domestic", "foreign", "former"]),
        "payer.exposed_until": rnd.choice(DAYS),
        "payer.date_of_birth": rnd.choice([date(1990, 1, 1), date(2010, 2, 28)]),
        "payer.identity.level": rnd.choice(["none", "basic", "verified", "enhanced"]),
        "payer.identity.documents": (rnd.choice(["ghana_card", "passport"]),),
        "payer.last_review": rnd.choice(DAYS),
        "payer.opened_at": datetime.combine(rnd.choice(DAYS), datetime.min.time(), UTC) - timedelta(days=30),
        "payer.balance": Money(Decimal(int(rnd.choice(total))), currency),
        "payer.wallet_tier": rnd.choice([*tiers, "other"]),
        "payer.national_ids": ({"type": "nin", "value": "12345678901", "country": "NG"},),
        "payer.owners": ({"share": Decimal(rnd.choice(["4", "25", "60"])), "name": "Bo", "country": "FR"},),
        "relationship": rnd.choice(["new", "established", "occasional"]),
        "linked": (),
        "obliged_entity.role": rnd.choice(["bank", "merchant", "car_dealer", "e_money_institution"]),
        "obliged_entity.country": place,
    }
    for name in sorted(Totals.model_fields.keys() - {"balance"}):
        facts[f"payer.totals.{name}"] = Money(Decimal(int(rnd.choice(total))), currency)
    return {path: value for path, value in facts.items() if path in SILENCE_MEANS or rnd.random() > 0.1}
