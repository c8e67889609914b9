"""Silence never helps: without any stated fact the answer is as strict as with it, or says that it cannot be told.

Drawn over the packs of every place with money laundering law: payments made of the words and amounts of its own rules.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.catalogue import SILENT
from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.language.tree import Compare, Param, walk
from engine.money import DIGITS, Money
from tests.aml.telling import NOW, Past
from tests.law.telling import ecb, law

ROOMY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
)
RANK = {"allow": 0, "challenge": 1, "collect": 2, "review": 3, "block": 4}
VERDICTS = {"clear": 0, "report": 1, "undecided": 2, "review": 2, "block": 3}
LEVELS = {"none": 0, "simplified": 1, "standard": 2, "enhanced": 3}

STATED_ALWAYS = {"amount", "currency", "payment.instrument", "occurred_at", "kind", "asked_by"}
ADVERSE = {
    "payer.politically_exposed": "a finding about a person: where none is stated, none was made",
    "payee.politically_exposed": "a finding about a person: where none is stated, none was made",
    "payer.risk": "a rating of the customer: where none is stated, none was made",
    "payer.owners": "owners are found by due diligence: where none are stated, none were",
    "payment.anonymous_prepaid": "the card scheme says so: where nothing is stated, nothing was said",
    "unusual": "a report that somebody makes",
    "suspicion": "a report that somebody makes",
    "linked": "operations that somebody knows to belong together: a duty that hangs on knowledge",
    "obliged_entity.role": "silence is a merchant, by the contract",
    "payer.id": "limits on cash in shops add what history knows of a named payer; a shop may sell to whom it does not know",
}
"""Facts whose absence is a statement of its own, and why."""
STAND_IN = {
    "payer.country": ("payment.issuer_country",),
    "payment.issuer_country": ("payer.country",),
    "payee.country": ("payment.acquirer_country", "obliged_entity.country"),
    "payment.acquirer_country": ("payee.country", "obliged_entity.country"),
    "obliged_entity.country": ("payee.country", "payment.acquirer_country"),
}
"""Places for which another one stands in: another place is another law."""
PAYEE = ("payee.country", "payment.acquirer_country")


@cache
def places() -> list[str]:
    """Every place with the domain, and some without."""
    return sorted(
        [code for code, pack in law().packs.items() if len(code) == 2 and "aml" in pack.domains and code != "EU"]
        + ["AT", "AQ", "FJ"]
    )


@cache
def amounts(place: str, day: datetime) -> list[Money]:
    """The thresholds of a place's law and the unit below each."""
    compiled = law().law(place, "aml", day.date())
    found = []
    for active in compiled.rules:
        for node in walk(active.condition):
            if isinstance(node, Compare) and isinstance(node.right, Param) and node.right.type.kind == "money":
                value, unit = compiled.law.params.get(node.right.name), node.right.type.unit or "EUR"
                if hasattr(value, "as_tuple"):
                    found += [Money(value + step, unit) for step in (0, -_unit(unit), _unit(unit)) if value + step > 0]
    return found or [Money(_unit("EUR") * 1000, "EUR")]


def _unit(currency: str) -> Any:
    from decimal import Decimal

    return Decimal(1).scaleb(-DIGITS[currency])


def grow(rnd: Random) -> dict[str, Any]:
    """A payment somewhere, stating most of what the law there asks for."""
    place = rnd.choice(places())
    day = datetime.fromisoformat(
        rnd.choice(["2026-11-22", "2027-08-02", "2025-05-01", "2022-10-07", "2018-03-01"]) + "T12:00:00+00:00"
    )
    amount = rnd.choice(amounts(place, day))
    there = ["DE", "US", "UA", "KP", "IR", "SY", "CU", "VN", "AF", place, place, place]
    facts: dict[str, Any] = {
        "amount": amount,
        "currency": amount.currency,
        "occurred_at": day,
        "kind": rnd.choice(["sale", "transfer", "deposit", "withdrawal", "payout", "refund"]),
        "asked_by": "merchant",
        "payment.instrument": rnd.choice(["cash", "cash", "credit_transfer", "card", "crypto", "e_money"]),
        "obliged_entity.country": place,
    }
    optional: dict[str, list[Any]] = {
        "obliged_entity.role": [
            "bank",
            "payment_institution",
            "crypto_provider",
            "goods_trader",
            "jeweller",
            "casino",
            "merchant",
        ],
        "relationship": ["occasional", "new", "established"],
        "direction": ["in", "out"],
        "suspicion": [True, False],
        "unusual": [True, False],
        "payer.country": there,
        "payee.country": there,
        "payer.region": ["UA-43", "UA-65", "UA-30"],
        "payee.region": ["UA-43", "UA-65", "UA-30"],
        "payer.type": ["individual", "organisation"],
        "payee.type": ["individual", "organisation"],
        "payer.id": ["c-1"],
        "payer.name": ["Ada"],
        "payer.address": ["1 Main Street"],
        "payee.name": ["Bob"],
        "payee.id": ["b-1"],
        "payment.account.iban": ["DE89370400440532013000"],
        "payment.issuer_country": there,
        "payment.acquirer_country": there,
        "payment.channel": ["remote", "contactless"],
        "payer.politically_exposed": ["none", "foreign"],
        "payer.risk": ["low", "medium", "high"],
        "linked": [
            (),
            ({"amount": amount, "currency": amount.currency, "instrument": "cash", "direction": "in", "at": day},),
        ],
        "lines": [({"category": "jewellery", "kind": "goods"},), ({"category": "books", "kind": "goods"},)],
        "crypto.beneficiary_wallet_hosted": [True, False],
    }
    for path, values in optional.items():
        if rnd.random() < 0.7:
            facts[path] = rnd.choice(values)
    return facts


def asked(facts: dict[str, Any], past: bool) -> dict[str, Any]:
    history = Past("10", "USD") if past else NullHistory()
    return decide(
        Facts(facts), law(), history, rates=ecb(), decision_id="d", now=NOW, locale="en", domains=("aml",)
    ).body


def excepted(path: str, facts: dict[str, Any]) -> bool:
    here = facts["payment.instrument"] == "cash" or (path in PAYEE and facts["kind"] not in ("transfer", "payout"))
    if path in STAND_IN and here:
        return True  # cash changes hands where the obliged entity is; who sells is the one who asks
    return (
        path in STATED_ALWAYS
        or path in ADVERSE
        or path in SILENT
        or any(other in facts for other in STAND_IN.get(path, ()))
    )


def milder(full: dict[str, Any], less: dict[str, Any]) -> str | None:
    """What became milder. Undecided is as strict as a review: what was blocked for a fact cannot be without it."""
    if RANK[less["outcome"]] < min(RANK[full["outcome"]], RANK["review"]):
        return f"outcome {full['outcome']} -> {less['outcome']}"
    one, two = full["aml"], less["aml"]
    if VERDICTS[two["verdict"]] < min(VERDICTS[one["verdict"]], VERDICTS["undecided"]):
        return f"verdict {one['verdict']} -> {two['verdict']}"
    settled = two["verdict"] in ("clear", "report")
    if LEVELS[two["due_diligence"]] < LEVELS[one["due_diligence"]] and settled:
        return f"due diligence {one['due_diligence']} -> {two['due_diligence']}"
    lost = {entry["rule"] for entry in one["reports"]} - {entry["rule"] for entry in two["reports"]}
    if lost and settled:
        return f"reports lost: {lost}"
    if one["travel_rule"]["applies"] and not two["travel_rule"]["applies"] and settled:
        return "the travel rule no longer applies"
    return None


@settings(ROOMY, max_examples=500)
@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_silence_never_makes_anything_milder(seed: int) -> None:
    rnd = Random(seed)
    facts, past = grow(rnd), rnd.random() < 0.5
    full = asked(facts, past)
    for path in facts:
        if excepted(path, facts):
            continue
        found = milder(full, asked({key: value for key, value in facts.items() if key != path}, past))
        if found:
            pytest.fail(f"without {path}: {found}\n{facts}")


@settings(ROOMY, max_examples=300)
@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_undecided_always_names_what_would_settle_it(seed: int) -> None:
    rnd = Random(seed)
    told = asked(grow(rnd), past=False)
    if told["aml"]["verdict"] == "undecided":
        assert told["outcome"] in ("review", "block")
        assert told["missing"]


@pytest.mark.parametrize("path", ADVERSE)
def test_every_exception_is_explained(path: str) -> None:
    assert len(ADVERSE[path].split()) >= 4


def test_a_role_that_nobody_knows_is_obliged_all_the_same() -> None:
    facts = {
        "amount": Money(_unit("EUR") * 100, "EUR"),
        "currency": "EUR",
        "kind": "sale",
        "payment.instrument": "card",
        "obliged_entity.role": "something_new",
        "obliged_entity.country": "DE",
        "relationship": "new",
        "payer.country": "DE",
        "occurred_at": NOW,
    }
    assert asked(facts, past=False)["aml"]["due_diligence"] == "standard"
