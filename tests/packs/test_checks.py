"""Checks whose findings depend on a budget or on something too long to be written out."""

import pytest

from engine.packs.lint import cost, solve
from tests.packs.fixture import lint


def test_a_condition_beyond_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "RULE", 12)
    found = [str(problem) for problem in lint([])]
    assert found == [
        "AREA/sca.yaml:83:7: warning [cost-rule] The condition of sca.small has 14 parts, lets and exceptions included; "
        "12 are allowed. Split the rule or simplify its lets."
    ]


def test_a_domain_beyond_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "DOMAIN", 42)
    found = [str(problem) for problem in lint([])]
    assert found == [
        "FR/sca.yaml:13:5: warning [cost-domain] The rules of FR have 43 parts in one period; 42 are allowed. "
        "Move what is rare behind cheap conditions."
    ]


def test_what_cannot_be_decided_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "STEPS", 1)
    given = "given: {payment: {instrument: card, channel: remote}}"
    edits = [
        {"file": "FR/sca.yaml", "old": f"      - {{name: remote, {given}, expect: fires}}\n", "new": ""},
        {
            "file": "FR/sca.yaml",
            "old": f"{given}, expect: fires",
            "new": "given: {payment: {instrument: cash}}, expect: silent",
        },
        {
            "file": "FR/sca.yaml",
            "old": f"{given}, expect: silent",
            "new": "given: {payment: {instrument: card}}, expect: silent",
        },
    ]
    assert str(lint(edits)[0]) == (
        "FR/sca.yaml:19:11: warning [condition-undecided] Whether the condition of sca.no_sms is true of any payment could "
        "not be decided. Name lets, or add a test that shows the missing outcome."
    )


def test_a_part_that_cannot_be_decided_is_said() -> None:
    """No total is below nought, but the search knows nothing of sums: it says that it has found no such payment."""
    condition = 'payment.channel == "remote" and (payment.own_account or amount + payment.limits.day_total >= eur("0"))'
    edits = [{"file": "FR/sca.yaml", "old": 'when: payment.channel == "remote"', "new": f"when: {condition}"}]
    found = {problem.message: str(problem.spot) for problem in lint(edits) if problem.code == "condition-undecided"}
    comparison = '(amount + payment.limits.day_total) >= eur("0")'
    said = f"Whether `{comparison}` matters in the condition of sca.no_sms could not be decided."
    assert found[said] == "FR/sca.yaml:19:67"


def test_a_condition_of_more_than_twelve_hundred_characters() -> None:
    word = "x" * 1200
    edits = [
        {"file": "FR/sca.yaml", "old": 'when: payment.channel == "remote"', "new": f'when: payment.method == "{word}"'}
    ]
    assert [str(problem) for problem in lint(edits)] == [
        "FR/sca.yaml:19:11: error [expr-too-long] The expression has 1220 characters; 1200 are allowed. Name a let."
    ]
