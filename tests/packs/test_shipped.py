"""The packs as shipped: no error, no warning, and no long wait for either."""

import inspect
from collections import Counter
from datetime import date

import pytest

from engine.cases import run_cases
from engine.packs.lint import CHECKED, lint, lint_files
from engine.packs.model import Basis
from engine.packs.testing import run_rule_tests
from engine.scenarios.testing import run_scenario_tests
from tests.shipped import files, law


def verified() -> date:
    """The day on which a pack was last compared with its sources."""
    return max(pack.verified.on for pack in law().packs.values())


@pytest.mark.slow
def test_lint_is_clean() -> None:
    found = lint_files(files(), today=verified(), run_cases=run_cases, run_scenarios=run_scenario_tests)
    assert [str(problem) for problem in found] == []


@pytest.mark.slow
def test_packs_in_memory_are_linted_alike_and_are_stale_in_two_years(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same files: what does not look at the day finds what it found above, and need not look again."""
    packs = law()
    assert packs.files == files()
    by_day = tuple(module for module in CHECKED if "today" in inspect.getsource(module))
    assert [module.__name__.rpartition(".")[2] for module in by_day] == ["law", "tax"]
    monkeypatch.setattr("engine.packs.lint.CHECKED", by_day)
    stale = Counter(problem.code for problem in lint(packs, today=date(verified().year + 2, 1, 1)))
    assert set(stale) <= {"verified-stale", "pending-overdue"}
    assert stale["verified-stale"] >= len(packs.packs)


def test_every_embedded_test_passes_and_there_are_enough() -> None:
    results = list(run_rule_tests(law()))
    assert [f"{result.spot} {result.rule}: {result.found}" for result in results if not result.passed] == []
    assert len(results) >= 600


def test_every_statute_rule_is_tested() -> None:
    rules = [rule for pack in law().packs.values() for part in pack.domains.values() for rule in part.rules]
    statute = [rule for rule in rules if rule.basis is Basis.STATUTE]
    assert len(statute) >= 50
    assert [rule.id for rule in statute if len(rule.tests) < 2] == []
