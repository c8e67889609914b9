"""The level of identification beside money laundering law: its due diligence is a floor, and neither law lowers the other's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.decision import Decision
from engine.history import NullHistory
from engine.replay import facts_from, replay
from engine.tax.sale import Profiles, unknown_merchant
from tests.kyc.asking import PLAIN, merged
from tests.law.telling import ecb, law

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = {
    "amount": "10.00",
    "currency": "EUR",
    "payment": {"instrument": "card"},
    "obliged_entity": {"role": "bank", "country": "DE"},
    "payer": PLAIN,
    "relationship": "established",
}
RANK = {"none": 0, "basic": 1, "verified": 2, "enhanced": 3}
FOLLOWS = {"none": "none", "simplified": "basic", "standard": "verified", "enhanced": "enhanced"}


def decided(*parts: dict[str, Any], domains: tuple[str, ...], profiles: Profiles = unknown_merchant) -> Decision:
    """A payment of a bank's customer, under these domains."""
    body = orjson.dumps(merged(BASE, *parts))
    return decide(
        facts_from(body),
        law(),
        NullHistory(),
        rates=ecb(),
        decision_id="d",
        now=NOW,
        domains=domains,
        profiles=profiles,
    )


def level(*parts: dict[str, Any], domains: tuple[str, ...] = ("aml", "kyc")) -> str:
    """The level that is asked for."""
    return str(decided(*parts, domains=domains).body["kyc"]["level_required"])


CASES = [
    {},
    {"relationship": "new"},
    {"relationship": "occasional", "linked": []},
    {"relationship": "occasional", "linked": [], "amount": "10000.01"},
    {"payer": {"risk": "high"}},
    {"payer": {"politically_exposed": "foreign"}},
    {"payer": {"country": "IR"}},
    {"obliged_entity": {"role": "merchant"}},
    {"obliged_entity": {"role": "merchant"}, "payment": {"instrument": "cash"}, "amount": "10000.00"},
    {"obliged_entity": {"role": "crypto_provider"}, "payment": {"instrument": "crypto"}},
    {"suspicion": True},
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("place", ["DE", "GB", "US", "IN", "BR"])
def test_the_stricter_of_the_two_laws_counts(case: dict[str, Any], place: str) -> None:
    stated = merged(case, {"obliged_entity": {"country": place}})
    together = decided(stated, domains=("aml", "kyc")).body
    alone = level(stated, domains=("kyc",))
    wanted = max(alone, FOLLOWS[together["aml"]["due_diligence"]], key=RANK.__getitem__)
    assert together["kyc"]["level_required"] == wanted


def test_a_payer_from_a_country_of_high_risk_is_known_better_where_both_are_asked() -> None:
    """The list of high-risk countries is money laundering law's: rules of identification alone do not know it."""
    iran = {"payer": {"country": "IR", "identity": {"level": "verified"}}}
    assert level(iran, domains=("kyc",)) == "verified"
    assert level(iran) == "enhanced"
    body = decided(iran, domains=("aml", "kyc")).body
    assert body["kyc"]["verdict"] == "collect"
    assert "payer.identity.level" in {entry["field"] for entry in body["kyc"]["collect"]}


def test_the_level_rests_on_what_money_laundering_law_rests_on() -> None:
    body = decided({"payer": {"country": "IR"}}, domains=("aml", "kyc")).body
    assert body["kyc"]["confidence"] >= body["aml"]["confidence"]


@pytest.mark.parametrize("case", CASES)
def test_asked_beside_it_the_answer_on_the_customer_is_never_milder(case: dict[str, Any]) -> None:
    mild = {"met": 0, "undecided": 1, "collect": 2, "refuse": 3}
    both = decided(case, domains=("aml", "kyc")).body["kyc"]
    alone = decided(case, domains=("kyc",)).body["kyc"]
    assert RANK[both["level_required"]] >= RANK[alone["level_required"]]
    assert mild[both["verdict"]] >= mild[alone["verdict"]]


@pytest.mark.parametrize("domains", [("kyc",), ("aml", "kyc"), ("sca", "aml", "kyc", "residency", "tax", "methods")])
@pytest.mark.parametrize("case", CASES)
def test_it_is_repeated_to_the_letter(case: dict[str, Any], domains: tuple[str, ...]) -> None:
    body = orjson.dumps(merged(BASE, case))
    first = decided(case, domains=domains)
    again = replay(body, orjson.loads(orjson.dumps(first.inputs)), law())
    assert orjson.dumps(again.body) == orjson.dumps(first.body)


def test_the_place_of_a_stored_merchant_is_repeated_as_it_was() -> None:
    """Whose law it is hangs on the merchant's profile, which may have changed since."""
    body = {"amount": "10.00", "currency": "EUR", "payment": {"instrument": "card"}, "relationship": "new",
            "payer": {**PLAIN, "country": "FR"}, "payee": {"merchant": "m-1"}, "obliged_entity": {"role": "bank"}}  # fmt: skip
    raw = orjson.dumps(body)
    first = decide(
        facts_from(raw), law(), NullHistory(), rates=ecb(), decision_id="d", now=NOW, domains=("kyc",),
        profiles=lambda _: {"country": "DE", "registrations": []},
    )  # fmt: skip
    assert first.body["kyc"]["level_required"] == "verified"
    again = replay(raw, orjson.loads(orjson.dumps(first.inputs)), law())
    assert orjson.dumps(again.body) == orjson.dumps(first.body)
