"""The silent counterparts: packs that come close to a fault and have none."""

from typing import Any

import pytest

from engine.packs.lint.codes_checks import CHECKS
from engine.packs.lint.codes_features import FEATURE_CHECKS
from engine.packs.lint.codes_tax import TAX_CHECKS
from tests.packs.fixture import good, lint, load

ALLOWED = load("allowed")
BUDGETS = {"cost-rule", "cost-domain"}
"""Shown by every pack that is not refused."""


@pytest.mark.parametrize("case", [case for _, case in ALLOWED], ids=[name for name, _ in ALLOWED])
def test_nothing_is_said(case: dict[str, Any]) -> None:
    assert [str(problem) for problem in lint(case["edits"])] == []


@pytest.mark.parametrize("case", [case for _, case in ALLOWED], ids=[name for name, _ in ALLOWED])
def test_the_edits_change_something(case: dict[str, Any]) -> None:
    assert any(good().get(edit["file"]) != edit["new"] and edit.get("old") != edit["new"] for edit in case["edits"])


def test_every_check_has_its_counterpart() -> None:
    checks = {
        row[0].removeprefix("?")
        for group, rows in [*CHECKS.items(), *FEATURE_CHECKS.items(), *TAX_CHECKS.items()]
        for row in rows
        if group != "Drafts"  # said of a change only, beside what it was made of
    }
    assert {code for _, case in ALLOWED for code in case["for"]} == checks - BUDGETS


@pytest.mark.parametrize("code", ["verified-stale", "verified-future", "pending-overdue", "tax-standard-missing"])
def test_without_a_day_nothing_is_said_of_days(code: str) -> None:
    edits = {
        "verified-stale": {"file": "FR/pack.yaml", "old": '"2026-01-10"', "new": '"2001-01-01"'},
        "verified-future": {"file": "FR/pack.yaml", "old": '"2026-01-10"', "new": '"2999-01-01"'},
        "pending-overdue": {"file": "AREA/sca.yaml", "old": '"2027-01-01"', "new": '"2001-01-01"'},
        "tax-standard-missing": {
            "file": "FR/tax.yaml",
            "old": 'percent: "20",',
            "new": 'percent: "20", to: "2020-01-01",',
        },
    }
    assert [problem.code for problem in lint([edits[code]])] == [code]
    assert lint([edits[code]], today=None) == []
