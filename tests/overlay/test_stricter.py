"""What a house says on its own authority is stricter than the law, or nothing: shown by a payment, or said not to be known."""

from __future__ import annotations

from typing import Any

import pytest

from engine.diffs.text import text_changes
from engine.overlay import milder
from engine.overlay.stricter import _is_milder
from engine.packs import PackSet
from engine.packs.problems import Problem
from tests.diffs.releases import base, edited, release
from tests.held_back import holding_back

RULE = """  - id: sca.own
    title: What this house adds
    basis: BASIS
    cite: {source: code, at: L. 1}
    confidence: A
    note: The house has decided it.
    applies: {by: payment_date, from: "2026-01-01"}
    when: WHEN
    effect: EFFECT
    tests:
      - {name: remote, given: {payment: {channel: remote}}, expect: fires}
"""
LARGE = """domain: aml
parameters:
  house_large_max:
    type: money
    unit: EUR
    basis: house
    confidence: A
    note: The house has decided it.
    values:
      - {from: "2026-02-01", value: "777777.00"}
rules:
  - id: aml.house_large
    title: The house takes no payment so large
    basis: house
    confidence: A
    note: The house has decided it.
    applies: {by: payment_date, from: "2026-02-01"}
    when: amount > house_large_max
    effect: {block: house_large}
    tests:
      - {name: one cent over, given: {amount: "777777.01 EUR"}, expect: fires}
"""
REMOTE = 'payment.channel == "remote" and payment.instrument == "card"'
EXEMPT = "{exempt: own, by: [issuer, acquirer]}"


def own(effect: str, when: str = REMOTE, basis: str = "house") -> PackSet:
    """The small release with a rule more."""
    files = dict(base("small").files)
    files["FR/sca.yaml"] += RULE.replace("EFFECT", effect).replace("WHEN", when).replace("BASIS", basis)
    return release(files)


def said(upstream: PackSet, house: PackSet) -> list[Problem]:
    return list(milder(upstream, house, text_changes(upstream, house)))


def test_an_exemption_of_the_houses_own_is_milder() -> None:
    (found,) = said(base("small"), own(EXEMPT))
    assert (found.code, found.severity, found.spot.file) == ("draft-milder", "error", "FR/sca.yaml")
    assert found.spot.line > 1
    assert "was challenge" in found.message
    assert "now allow" in found.message


def test_an_exemption_that_a_statute_gives_is_for_those_who_approve() -> None:
    assert said(base("small"), own(EXEMPT, basis="statute")) == []


@pytest.mark.parametrize("effect", ["{require: own, always: true}", "{method: own, forbid: [sms_otp]}"])
def test_what_asks_for_more_is_not_milder(effect: str) -> None:
    assert said(base("small"), own(effect)) == []


def test_taking_back_what_the_house_added_is_measured_against_the_law_and_not_the_house() -> None:
    assert said(base("small"), base("small")) == []
    strict = own("{require: own, always: true}")
    (found,) = said(strict, base("small"))
    assert found.code == "draft-milder", "had it come with the software, nobody took it out alone"


def test_a_change_of_the_house_is_not_told_of_a_statutes_rule_that_is_held_back_beside_it() -> None:
    """Two persons hold that one back, or the circuit breaker does: what the house says stays as strict as it was."""
    files = dict(base("some").files)
    files["DE/aml/house.yaml"] = LARGE
    house = PackSet.of(files, "house")
    held = holding_back(house, "DE/aml.de.cash.real_estate", "DE/aml.house_large")
    assert {one.code for one in said(base("some"), house)} == {"draft-unproved"}
    assert {one.code for one in said(base("some"), held)} == {"draft-unproved"}


def test_what_is_not_decided_is_told_and_not_passed_over() -> None:
    """What a flag of the house's own does to others, no payment shows."""
    (found,) = said(base("small"), own("{flag: own}"))
    assert (found.code, found.severity) == ("draft-unproved", "warning")


def preferring(order: str) -> PackSet:
    """The small release with another of the house's own orders."""
    return edited("small", (("AREA/sca.yaml", "value: [small, trusted, low_risk]", f"value: [{order}]"),))


def test_an_order_that_changes_no_outcome_is_left_to_the_house() -> None:
    assert [
        one.code for one in said(base("small"), preferring("low_risk, small, trusted")) if one.severity == "error"
    ] == []


def test_a_milder_answer_that_a_statutes_new_value_explains_too_is_for_those_who_approve() -> None:
    """A rule of the house reads what a statute says: where the statute's value changes with it, nobody blames the house alone."""
    house = own(EXEMPT, when=f"{REMOTE} and amount <= small_max")
    changed = dict(house.files)
    changed["AREA/sca.yaml"] = changed["AREA/sca.yaml"].replace(
        '"2024-01-01", value: "50.00"', '"2024-01-01", value: "60.00"'
    )
    changed["FR/sca.yaml"] = changed["FR/sca.yaml"].replace('value: "20.00"', 'value: "25.00"')
    codes = {(one.code, "sca.own" in one.message) for one in said(base("small"), release(changed))}
    assert codes == {("draft-unproved", True)}


@pytest.mark.parametrize(("when", "codes"), [
    (f"{REMOTE} and amount <= small_max", {"draft-milder"}),
    (f"{REMOTE} and not within(payment.issuer_country, \"AREA\")", {"draft-milder"}),
    (REMOTE, set()),
])  # fmt: skip
def test_a_demand_of_the_houses_own_is_not_narrowed(when: str, codes: set[str]) -> None:
    """Where what the house demands came with the software, asking it of fewer payments is milder."""
    demand = "{require: own, always: true}"
    assert {one.code for one in said(own(demand), own(demand, when=when))} == codes


def test_a_duty_less_and_one_for_fewer_years_are_milder() -> None:
    def answer(outcome: str, **years: int | None) -> dict[str, Any]:
        duties = [{"code": code, "who": "merchant", "years": for_years} for code, for_years in years.items()]
        return {"outcome": outcome, "said": {"obligations": duties}}

    was = answer("review", report=None, records=5)
    for now, milder_now in (
        (answer("review", report=None, records=5, more=None), False), (answer("review", report=None, records=10), False),
        (answer("review", report=None, records=4), True), (answer("review", records=5), True),
        (answer("collect", report=None, records=5), True), (answer("block"), False),
    ):  # fmt: skip
        assert _is_milder(was, now) is milder_now, now
