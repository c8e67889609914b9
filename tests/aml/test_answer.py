"""The part of the answer: its form, its words, its repetition letter by letter, and what it never says."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from engine.decide import BUILT, decide
from engine.decision import AmlVerdict, DecisionBody
from engine.explain import explain
from engine.history import NullHistory
from engine.money import FixedRates
from engine.replay import facts_from, replay
from tests.aml.telling import NOW, Past, Told, ask, at, request
from tests.law.telling import ecb, law

SUSPICIOUS = request(
    "9000.00 EUR",
    "credit_transfer",
    kind="transfer",
    suspicion=True,
    obliged_entity=at("bank", "EE"),
    relationship="established",
    payer={"country": "EE", "name": "Ada"},
    payee={"country": "KP"},
    payment={"issuer_country": "EE"},
)
QUIET = request(
    "24.90 EUR", "card", payer={"country": "FR"}, payment={"issuer_country": "FR", "acquirer_country": "DE"}
)
CASH = request(
    "10000.01 USD",
    "cash",
    kind="deposit",
    obliged_entity=at("bank", "US"),
    relationship="established",
    payer={"id": "c-1", "country": "US"},
)
BODIES = [QUIET, CASH, SUSPICIOUS, {**CASH, "amount": "6000.00"}]
LOCALES = ("en", "de", "es", "fr", "id", "pt", "vi", "zh")
TELLING = (
    "suspic",
    "suspect",
    "verdacht",
    "sospech",
    "soupçon",
    "curig",
    "suspeit",
    "nghi",
    "可疑",
    "launder",
    "geldwäsche",
    "lavado",
    "blanch",
    "pencucian",
    "lavagem",
    "rửa tiền",
    "洗钱",
    "sanction",
    "sanktion",
    "embargo",
    "禁运",
    "制裁",
    "terror",
    "aml",
    "fiu",
)


def test_all_domains_are_decided_in_the_order_of_the_answer() -> None:
    assert BUILT == ("sca", "aml", "kyc", "residency", "tax", "methods")


@pytest.mark.parametrize("body", BODIES)
def test_the_answer_has_the_form_of_the_contract(body: dict[str, Any]) -> None:
    told = ask(body, Past())
    DecisionBody.model_validate(told.body)
    assert list(told.aml)[:9] == [
        "verdict",
        "due_diligence",
        "due_diligence_reasons",
        "reports",
        "travel_rule",
        "scenarios",
        "screening",
        "retain_until",
        "confidence",
    ]
    assert set(told.aml) == set(AmlVerdict.model_fields) - {"ownership"}


def test_a_plain_card_payment_needs_nothing() -> None:
    told = ask(QUIET)
    assert (told.verdict, told.outcome, told.missing, told.duties) == ("clear", "allow", [], {})
    assert told.diligence == "none"
    assert told.aml["travel_rule"] == {"applies": False, "missing": []}


def test_screening_is_honest_about_what_was_not_done() -> None:
    assert ask(QUIET).aml["screening"]["performed"] is False
    assert ask(QUIET).aml["scenarios"] == []


def test_where_nobody_says_who_asks_nothing_can_be_told() -> None:
    told = ask(request("10.00 EUR", "card", payment={"issuer_country": "FR"}))
    assert (told.verdict, told.outcome, told.missing) == ("undecided", "review", ["obliged_entity.country"])


def test_the_stated_entity_goes_before_the_payee_and_its_provider() -> None:
    body = request("1000.01 EUR", "cash", payee={"country": "FR"}, payment={"acquirer_country": "DE"})
    assert ask(body).verdict == "block"
    assert ask({**body, "obliged_entity": at("merchant", "DE")}).verdict == "clear"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("body", BODIES)
def test_the_payer_learns_nothing(body: dict[str, Any], locale: str) -> None:
    """Nobody is tipped off: not a word of what this law is about, in any language."""
    said = ask(body, Past("9000", "USD"), locale).body["message"].lower()
    assert said
    assert not [word for word in TELLING if word in said]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("locale", ["de", "zh"])
def test_what_is_decided_does_not_hang_on_the_language(body: dict[str, Any], locale: str) -> None:
    one, two = ask(body, Past()), ask(body, Past(), locale)
    assert one.aml == two.aml
    assert one.outcome == two.outcome
    assert one.rules == two.rules


@pytest.mark.parametrize("body", BODIES)
def test_a_decision_is_repeated_letter_by_letter(body: dict[str, Any]) -> None:
    told = ask(body, Past("9000", "USD"))
    inputs = orjson.loads(orjson.dumps(told.inputs))
    again = replay(orjson.dumps(body), inputs, law())
    assert orjson.dumps(again.body) == orjson.dumps(told.body)
    assert orjson.dumps(again.inputs) == orjson.dumps(told.inputs)


def test_a_later_calendar_changes_no_stored_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days off that were counted are kept: whoever upgrades the calendar repeats what was decided."""
    body = {
        **CASH,
        "obliged_entity": at("bank", "PH"),
        "currency": "PHP",
        "amount": "500000.01",
        "payer": {"id": "c-1", "country": "PH"},
    }
    told = ask(body, Past("0", "PHP"))
    monkeypatch.setattr("engine.deadlines.is_off", lambda *_asked: pytest.fail("the calendar was asked again"))
    again = replay(orjson.dumps(body), orjson.loads(orjson.dumps(told.inputs)), law())
    assert again.body["aml"]["reports"] == told.aml["reports"]


def test_what_history_said_is_kept() -> None:
    told = ask({**CASH, "amount": "6000.00"}, Past("4000.01", "USD"))
    assert told.inputs["aml"]["features"]


def test_the_stored_merchant_fills_what_is_not_stated() -> None:
    body = request("1000.01 EUR", "cash", payee={"merchant": "m-1"}, payment={"acquirer_country": "DE"})
    stored = {"country": "FR"}
    found = decide(
        facts_from(orjson.dumps(body)),
        law(),
        NullHistory(),
        rates=FixedRates(()),
        decision_id="d",
        now=NOW,
        locale="en",
        domains=("aml",),
        profiles={"m-1": stored}.get,
    )
    assert found.body["aml"]["verdict"] == "block"
    again = replay(orjson.dumps(body), orjson.loads(orjson.dumps(found.inputs)), law())
    assert again.body == found.body


def test_packs_and_the_day_that_chose_the_law_are_named() -> None:
    told = ask(CASH)
    assert [pack["jurisdiction"] for pack in told.body["rulepacks"]] == ["US", "WORLD"]
    assert told.body["rulepacks"][0]["as_of"] == "2026-11-22"


def test_local_midnight_decides_which_law_holds() -> None:
    """The limit of the Netherlands began on 2026-01-01 there, an hour before it did in London."""
    body = request("3000.00 EUR", "cash", payee={"country": "NL"})
    assert ask({**body, "occurred_at": "2025-12-31T22:59:59+00:00"}).verdict == "clear"
    assert ask({**body, "occurred_at": "2025-12-31T23:00:00+00:00"}).verdict == "block"


def test_findings_say_which_values_made_a_rule_fire() -> None:
    told = ask(CASH)
    found = next(entry for entry in told.body["findings"] if entry["rule"] == "aml.us.report.ctr")
    assert any("10000" in text for text in found["because"].values())
    assert found["law"]["provision"] == "31 CFR 1010.311"


def test_confidence_is_the_weakest_of_what_the_answer_rests_on() -> None:
    assert ask(request("1000.01 EUR", "cash", payee={"country": "FR"})).aml["confidence"] == "A"
    assert ask(request("500000.01 MUR", "cash", payee={"country": "MU"})).aml["confidence"] == "R"


def told_twice(body: dict[str, Any]) -> tuple[Told, Told]:
    return ask(body, Past()), ask(body, Past())


@pytest.mark.parametrize("body", BODIES)
def test_the_same_question_has_the_same_answer(body: dict[str, Any]) -> None:
    one, two = told_twice(body)
    assert one.body == two.body


def test_the_explanation_has_every_rule_that_was_looked_at() -> None:
    found = explain(
        facts_from(orjson.dumps(CASH)),
        law(),
        Past("0", "USD"),
        rates=ecb(),
        decision_id="d",
        now=NOW,
        locale="en",
        domains=("aml",),
    )
    (place,) = found["places"]
    assert (place["side"], place["place"], place["packs"]) == ("obliged_entity", "US", ["WORLD", "US"])
    rules = {rule["rule"]: rule for rule in place["rules"]}
    assert rules["aml.us.report.ctr"]["fired"] is True
    assert rules["aml.us.embargo"]["fired"] is False
    assert rules["aml.us.report.ctr"]["because"]["below"]


def test_gibraltar_is_not_under_the_law_of_the_kingdom() -> None:
    """The two are one group for payments alone."""
    told = ask(
        request(
            "10.00 GBP",
            "card",
            payer={"country": "GI"},
            payee={"country": "GI"},
            suspicion=True,
            obliged_entity=at("bank", "GI"),
        )
    )
    assert not [rule for rule in told.rules if rule.startswith("aml.gb.")]
    assert [pack["jurisdiction"] for pack in told.body["rulepacks"]] == ["GI", "WORLD"]


@pytest.mark.parametrize(("place", "verdict"), [("RE", "block"), ("GP", "block"), ("PF", "clear")])
def test_outermost_regions_are_under_the_law_of_their_state(place: str, verdict: str) -> None:
    assert ask(request("1000.01 EUR", "cash", payee={"country": place})).verdict == verdict
    crimea = {"country": "UA", "region": "UA-43"}
    assert (
        "aml.eu.embargo_regions" in ask(request("10.00 EUR", "card", payer=crimea, payee={"country": place})).rules
    ) is (verdict == "block")
