"""Silence never helps: a fact left out never lets a payment through that was not let through with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import Money
from engine.packs.model import ParameterRef
from engine.regimes.methods import homes_of, methods_in
from tests.law.telling import ecb, law

RULED = {
    code: pack for code, pack in law().packs.items() if "methods" in pack.domains and pack.domains["methods"].rules
}
PLACES = sorted(RULED.keys() - {"WORLD", "EU"})
DAYS = [date(2018, 1, 1), date(2023, 9, 7), date(2025, 6, 15), date(2026, 11, 22)]

SILENCE_MEANS = {
    "amount": "always stated",
    "currency": "always stated",
    "kind": "default: sale",
    "payment.instrument": "always stated",
    "payment.account.iban": "a wrong number is found where it is stated",
    "payment.account.alias": "a wrong key is found where it is stated",
    "payer.tax_ids": "a wrong number is found where it is stated",
    "payment.installments": "paid at once where no plan is stated",
    "payment.limits.user_threshold": "a limit of the payer's own: silence is the usual one",
    "payment.issuer_country": "default: where the payer is; whose law speaks",
    "payment.acquirer_country": "default: where the payee is; whose law speaks",
    "payer.country": "whose law speaks",
    "payee.country": "whose law speaks",
}
"""Facts whose absence is a statement of its own."""


def test_enough_places_are_drawn() -> None:
    assert len(PLACES) >= 40


@pytest.mark.parametrize("place", PLACES)
def test_a_fact_left_out_lets_nothing_through(place: str) -> None:
    rnd = Random(place)
    for _ in range(20):
        facts, day = grown(rnd, place), rnd.choice(DAYS)
        full = answer(facts, day)
        for gone in facts.keys() - SILENCE_MEANS.keys():
            if gone == "payment.method" and (facts["payment.instrument"] in ("card", "cash") or ended(full)):
                continue  # a plain card, and a tool that is no more, are what they are only where they are named
            now = answer({key: value for key, value in facts.items() if key != gone}, day)
            if full["outcome"] != "allow":
                assert now["outcome"] != "allow", f"without {gone}: {full['method']} -> {now['method']}\n{facts}"


def ended(body: dict[str, Any]) -> bool:
    """Whether a way to pay was refused for being no more, or not yet, or for what one processor accepts."""
    return all(entry["effect"] in ("refuse", "check", "oblige") for entry in body["findings"])


def answer(facts: dict[str, Any], day: date) -> dict[str, Any]:
    """What is said of a payment on a day."""
    now = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    return decide(Facts(facts), law(), NullHistory(), rates=ecb(), decision_id="x", now=now, domains=("methods",)).body


def grown(rnd: Random, place: str) -> dict[str, Any]:
    """A payment that states nearly all that the rules of a place ask for."""
    rules = law().packs[place].domains["methods"].rules
    methods = sorted({name for rule in rules for name in methods_in(rule.when)}) or ["visa"]
    currency = law().packs[place].currency
    values = law().packs[place].domains["methods"].parameters
    limits = [
        values[ref.name].values[-1].value
        for rule in rules
        for ref in rule.effect.details.values()
        if isinstance(ref, ParameterRef) and values[ref.name].kind == "money"
    ]
    limits = [limit for limit in limits if isinstance(limit, Decimal)]
    total = [Decimal(0), *limits]
    facts: dict[str, Any] = {
        "amount": Money(Decimal(int(rnd.choice([*limits, Decimal(100)]))) + rnd.choice([0, 1]), currency),
        "currency": currency,
        "kind": rnd.choice(["sale", "sale", "transfer", "deposit", "refund"]),
        "payment.instrument": rnd.choice(
            ["credit_transfer", "credit_transfer", "e_money", "card", "cash", "direct_debit"]
        ),
        "payment.method": rnd.choice([*methods, "other"]),
        "payment.issuer_country": place,
        "payment.acquirer_country": place,
        "payment.channel": rnd.choice(["remote", "contactless"]),
        "payment.initiator": rnd.choice(["payer", "payee"]),
        "payment.device.registered": rnd.choice([True, False]),
        "payment.mandate.id": "M-1",
        "payment.card.funding": rnd.choice(["prepaid", "credit"]),
        "payment.card.product": rnd.choice(["corporate", "consumer"]),
        "payment.account.iban": "DE89370400440532013000",
        "payment.installments": rnd.choice([1, 5, 20]),
        "payer.type": rnd.choice(["individual", "organisation"]),
        "payer.wallet_tier": rnd.choice(["type1", "type2", "other"]),
        "payer.balance": Money(Decimal(int(rnd.choice(total))), currency),
        "payer.tax_ids": ({"country": "BR", "value": "39053344705"},),
        "payee.industry": rnd.choice(["books", "fuel", "6211", "computer"]),
    }
    for path in ("payment.limits.day_total", "payment.limits.night_total", "payment.limits.month_total",
    "payer.totals.spent_year",
                 "payer.totals.spent_lifetime"):  # fmt: skip
        facts[path] = Money(Decimal(int(rnd.choice(total))), currency)
    return {path: value for path, value in facts.items() if path in SILENCE_MEANS or rnd.random() > 0.05}


def test_a_method_is_at_home_where_its_own_rules_are() -> None:
    homes = homes_of(law())
    assert homes["pix"] == ("BR",)
    assert homes["blik"] == ("PL",)
    assert "klarna" not in homes
