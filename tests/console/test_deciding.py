"""What the page of a decision is made of: what led to it, the ladder, and what differs."""

from __future__ import annotations

from typing import Any

from api.console import deciding


def _rung(expression: str, value: str | None, *below: dict[str, Any]) -> dict[str, Any]:
    return {"expression": expression, "value": value, **({"below": list(below)} if below else {})}


def _rule(fired: bool | None, because: dict[str, Any]) -> dict[str, Any]:
    return {"rule": "r", "pack": "P", "title": "R", "fired": fired, "because": because, "missing": []}


DECISION: dict[str, Any] = {
    "outcome": "block",
    "domains": ["sca", "aml", "methods"],
    "sca": {"verdict": "required"},
    "aml": {"verdict": "block"},
    "method": {"verdict": "not_applicable"},
    "rulepacks": [{"jurisdiction": "FR", "as_of": "2026-11-20"}],
    "findings": [
        {"rule": "sca.x", "pack": "EEA", "domain": "sca", "effect": "require"},
        {"rule": "aml.note", "pack": "FR", "domain": "aml", "effect": "note"},
        {"rule": "aml.care", "pack": "FR", "domain": "aml", "effect": "due_diligence"},
        {"rule": "aml.cash", "pack": "FR", "domain": "aml", "effect": "block"},
    ],
}


def test_the_domain_that_led_to_the_outcome_stands_first() -> None:
    found = deciding.domains(DECISION)
    assert [(one["name"], one["led"]) for one in found] == [("aml", True), ("sca", False), ("methods", False)]


def test_the_rules_of_the_leading_domain_stand_first_and_notes_after_them() -> None:
    assert [one["rule"] for one in deciding.findings(DECISION)] == ["aml.cash", "aml.care", "aml.note", "sca.x"]
    assert deciding.findings(DECISION)[0]["as_of"] == "2026-11-20"


def test_where_nothing_was_stopped_the_exemption_is_the_reason() -> None:
    told = {
        **DECISION,
        "outcome": "allow",
        "sca": {"verdict": "exempt"},
        "aml": {"verdict": "clear"},
        "findings": [
            {"rule": "sca.duty", "pack": "EEA", "domain": "sca", "effect": "require"},
            {"rule": "sca.low", "pack": "EEA", "domain": "sca", "effect": "exempt"},
        ],
    }
    assert [one["rule"] for one in deciding.findings(told)] == ["sca.low", "sca.duty"]


def test_of_a_rule_that_did_not_fire_the_part_that_is_not_met_is_told_with_its_values() -> None:
    because = _rung(
        "a and b > 3", "false", _rung("a", "true"), _rung("b > 3", "false", _rung("b", "2 EUR"), _rung("a fact", None))
    )
    place = {"domain": "sca", "place": "FR", "rules": [_rule(False, because), _rule(True, _rung("a", "true"))]}
    (domain,) = deciding.ladder({"places": [place]}, whole=False)
    (quiet,) = domain["places"][0]["groups"]["not_fired"]
    assert quiet["not_met"] == {"said": "b > 3", "values": [{"name": "b", "value": "2 EUR"}]}
    assert (domain["fired"], domain["undecided"], domain["not_fired"]) == (1, 0, 1)
    (whole,) = deciding.ladder({"places": [place]}, whole=True)
    assert whole["places"][0]["groups"]["not_fired"][0]["because"]["below"][1]["expression"] == "b > 3"


def test_values_that_are_compared_stand_in_the_line_of_their_comparison() -> None:
    because = _rung("amount <= most", "true", _rung("amount", "24.90 EUR"), _rung("most", "30.00 EUR"))
    rung = deciding._rung(because)
    assert [one["value"] for one in rung["inline"]] == ["24.90 EUR", "30.00 EUR"]
    assert rung["below"] == []


def test_rules_that_only_one_answer_has() -> None:
    now = {**DECISION, "findings": [*DECISION["findings"][:1], {"rule": "new", "pack": "FR"}]}
    moved = deciding.moved_rules(DECISION, now)
    assert [one["rule"] for one in moved["lost"]] == ["aml.note", "aml.care", "aml.cash"]
    assert [one["rule"] for one in moved["gained"]] == ["new"]


def test_differences_are_told_in_lines() -> None:
    told = deciding.flat([
        {"pointer": "/findings", "was": [{"rule": "a"}, {"rule": "b"}], "now": []},
        {"pointer": "/outcome", "was": "allow", "now": None},
        {"pointer": "/tax/rounding", "was": {"method": "half_up"}, "now": {}},
    ])  # fmt: skip
    assert list(told) == [
        {"pointer": "/findings", "was": "a, b", "now": None},
        {"pointer": "/outcome", "was": "allow", "now": None},
        {"pointer": "/tax/rounding", "was": "half_up", "now": "…"},
    ]


def test_the_way_of_a_payment_says_what_was_not_stated() -> None:
    assert deciding.way({"countries": {"issuer": "FR"}}) == "FR → ?"
    assert deciding.way({"countries": {}}) == ""
    assert deciding.means({"stated": {"instrument": "card", "method": "visa", "channel": "remote"}}) == "visa · remote"
