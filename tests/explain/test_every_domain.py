"""An explanation tells of every rule that was looked at, whatever domain looked, and of the same facts as the decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from api.explanations import ExplanationBody
from engine.cases import NO_RATES, CaseHistory
from engine.decide import decide
from engine.decision import Decision
from engine.explain import explain
from engine.history import NullHistory
from engine.packs.cases import facts_in, moment_of
from engine.packs.model import Case, Pack
from engine.replay import RememberedHistory, facts_from, remembered_profiles, remembered_rates
from engine.tax.sale import Profiles, unknown_merchant
from tests.law.telling import ecb, law

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOMAINS = ("sca", "aml", "kyc", "residency", "methods")


def decided(case: Case, pack: Pack, *domains: str) -> Decision:
    """A case of a pack as a caller would ask it."""
    when = moment_of(case, pack)
    return decide(
        facts_in(case, pack), law(), CaseHistory(case), rates=NO_RATES, decision_id="case", now=when, locale="en",
        domains=domains,
    )  # fmt: skip


def explained(case: Case, pack: Pack, inputs: dict[str, Any], *domains: str) -> dict[str, Any]:
    """Its explanation, from what was kept with the decision alone."""
    return explain(
        facts_in(case, pack), law(), RememberedHistory(inputs), rates=remembered_rates(inputs), decision_id="case",
        now=moment_of(case, pack), locale="en", domains=domains, profiles=remembered_profiles(inputs), kept=inputs,
    )  # fmt: skip


def cases(domain: str) -> Iterator[tuple[Case, Pack]]:
    """Every whole payment that travels with the packs."""
    for pack in law().packs.values():
        for case in pack.domains[domain].cases if domain in pack.domains else ():
            yield case, pack


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_finding_stands_among_the_rules_that_fired(domain: str) -> None:
    looked = 0
    for case, pack in cases(domain):
        body, inputs = decided(case, pack, domain)
        kept = orjson.loads(orjson.dumps(inputs))
        told = explained(case, pack, kept, domain)
        assert orjson.dumps(told) == orjson.dumps(explained(case, pack, kept, domain)), case.name
        assert {place["domain"] for place in told["places"]} <= {domain}
        ExplanationBody.model_validate(told)
        fired = [
            (rule["rule"], rule["fired"], rule["because"]["value"])
            for place in told["places"]
            for rule in place["rules"]
        ]
        for finding in body["findings"]:
            if finding["effect"] == "none":
                continue  # the place has no rule of this: nothing fired
            looked += 1
            grounds = (finding["rule"], None, "needs_input")  # of a transfer: it spoke, and could not tell
            assert (finding["rule"], True) in [one[:2] for one in fired] or grounds in fired, (case.name, finding)
    assert looked >= 5


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_rule_has_the_value_of_each_part(domain: str) -> None:
    for case, pack in cases(domain):
        _, inputs = decided(case, pack, domain)
        for place in explained(case, pack, inputs, domain)["places"]:
            for rule in place["rules"]:
                assert rule["because"]["expression"]
                assert bool(rule["missing"]) == (rule["fired"] is None), (case.name, rule["rule"])


# -- what each domain looked at -------------------------------------------------------------------------------------------


def ladder(body: dict[str, Any], *domains: str, profiles: Profiles = unknown_merchant) -> list[dict[str, Any]]:
    """The laws that a payment was asked under, explained from what was kept with its decision."""
    facts = facts_from(orjson.dumps(body))
    told = decide(
        facts, law(), NullHistory(), rates=ecb(), decision_id="d", now=NOW, locale="en", domains=domains,
        profiles=profiles,
    )  # fmt: skip
    kept = orjson.loads(orjson.dumps(told.inputs))
    found = explain(
        facts, law(), RememberedHistory(kept), rates=remembered_rates(kept), decision_id="d", now=NOW, locale="en",
        domains=domains, profiles=remembered_profiles(kept), kept=kept,
    )  # fmt: skip
    return list(found["places"])


def sides(places: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Whose law it was, and why."""
    return [(place["side"], place["place"]) for place in places]


def test_the_bank_and_the_wallet_are_each_under_their_own_law() -> None:
    places = ladder(
        {"amount": "10.00", "currency": "NGN", "payment": {"instrument": "e_money", "issuer_country": "NG"},
         "obliged_entity": {"role": "bank", "country": "DE"}},
        "kyc",
    )  # fmt: skip
    assert sides(places) == [("obliged_entity", "DE"), ("wallet", "NG")]


def test_where_a_stored_merchant_is_stays_as_it_was_when_decided() -> None:
    """The profile may have changed since: the explanation asks the law that the decision asked."""
    body = {"amount": "10.00", "currency": "EUR", "payment": {"instrument": "card", "issuer_country": "FR"},
            "payee": {"merchant": "m-1"}, "payer": {"date_of_birth": "1990-01-01"}}  # fmt: skip
    for domain in ("aml", "kyc"):
        places = ladder(body, domain, profiles=lambda _: {"country": "DE", "registrations": []})
        assert sides(places) == [("obliged_entity", "DE")]


def test_the_home_of_a_method_speaks_only_of_the_method() -> None:
    places = ladder(
        {"amount": "10.00", "currency": "EUR",
         "payment": {"instrument": "credit_transfer", "method": "blik", "issuer_country": "ES", "acquirer_country": "FR"}},
        "methods",
    )  # fmt: skip
    assert sides(places) == [("payer", "ES"), ("payee", "FR"), ("home", "PL")]
    assert places[2]["rules"]
    assert all("blik" in str(rule["because"]) for rule in places[2]["rules"] if rule["fired"])


CLAUSES = {"kind": "scc", "template": "eu", "tia_done": True}
STORED = {"data_class": "contact", "action": "store", "subject_country": "DE", "region_country": "US"}


def test_each_question_on_data_is_explained_apart() -> None:
    body = {"amount": "10.00", "currency": "EUR", "payment": {"instrument": "card", "issuer_country": "DE"},
            "data": [{**STORED, "mechanism": CLAUSES}, {**STORED, "region_country": "FR"}]}  # fmt: skip
    places = ladder(body, "residency")
    assert [(place["question"], place["region"], place["side"]) for place in places] == [
        (0, "US", "subject"), (1, "FR", "subject")
    ]  # fmt: skip
    assert [place["verdict"] for place in places] == ["allow_with_mechanism", "allow"]


def transfer_of(**stated: Any) -> dict[str, Any]:
    """The general law on the transfer, as it is explained."""
    body = {"amount": "10.00", "currency": "EUR", "payment": {"instrument": "card", "issuer_country": "DE"},
            "data": [{**STORED, **stated}]}  # fmt: skip
    (place,) = ladder(body, "residency")
    return dict(next(rule for rule in place["rules"] if rule["rule"] == "DE.transfer"))


def test_a_transfer_is_explained_by_what_was_asked_of_its_ground() -> None:
    rule = transfer_of(mechanism=CLAUSES)
    below = {rung["expression"]: rung for rung in rule["because"]["below"]}
    assert (rule["fired"], rule["because"]["value"]) == (True, "granted")
    assert below["region within this law"]["value"] == "false"
    assert (below["scc"]["value"], below["bcr"]["value"]) == ("true", "false")
    assert {rung["expression"]: rung["value"] for rung in below["scc"]["below"]}["data.mechanism.tia_done"] == "true"
    assert rule["law"]["provision"]


def test_a_transfer_of_which_nothing_is_stated_is_unknown_and_says_what_it_lacks() -> None:
    rule = transfer_of()
    assert (rule["fired"], rule["because"]["value"]) == (None, "needs_input")
    assert rule["missing"] == ["data.mechanism.kind"]
    assert {rung["value"] for rung in rule["because"]["below"][2:]} == {None}


def test_all_domains_are_told_together_in_the_order_of_the_answer() -> None:
    case, pack = next(cases("residency"))
    _, inputs = decided(case, pack, *DOMAINS)
    told = explained(case, pack, inputs, *DOMAINS)
    order = [place["domain"] for place in told["places"]]
    assert order == sorted(order, key=DOMAINS.index)
    assert set(order) >= {"residency"}


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "the means of payment"), ("zh", "支付工具"), ("fr", "the means of payment")]
)
def test_every_part_is_told_in_words_beside_its_expression(locale: str, said: str) -> None:
    case, pack = next(cases("sca"))
    _, inputs = decided(case, pack, "sca")
    told = explain(
        facts_in(case, pack), law(), RememberedHistory(inputs), rates=remembered_rates(inputs), decision_id="case",
        now=moment_of(case, pack), locale=locale, domains=("sca",), kept=inputs,
    )  # fmt: skip
    rungs = [rung for place in told["places"] for rule in place["rules"] for rung in _all(rule["because"])]
    assert {rung["said"] for rung in rungs if rung["expression"] == "payment.instrument"} == {said}
    assert all(rung["said"] for rung in rungs)
    assert not [rung["said"] for rung in rungs if "==" in rung["said"] or "payment." in rung["said"]]


def _all(rung: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield rung
    for part in rung.get("below", ()):
        yield from _all(part)
