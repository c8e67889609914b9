"""The scenarios that are shipped: how many, of what kinds, and that their own examples hold."""

from collections import Counter

from engine.packs.scenario import Inside, ScenarioKind
from engine.scenarios import Scenarios
from engine.scenarios.testing import run_scenario_tests
from tests.scenarios.shipped import PACKS, READY, SCENARIOS


def test_there_are_more_than_enough_of_every_kind() -> None:
    kinds = Counter(scenario.kind for scenario in SCENARIOS)
    assert len(SCENARIOS) >= 25
    assert kinds[ScenarioKind.SEQUENCE] >= 9
    assert kinds[ScenarioKind.GRAPH] == 4


def test_every_example_comes_out_as_it_says() -> None:
    results = list(run_scenario_tests(PACKS))
    assert [f"{one.spot} {one.rule}: {one.name}: {one.found}" for one in results if not one.passed] == []
    assert len(results) >= 200


def test_each_finds_something_and_leaves_something_alone() -> None:
    for scenario in SCENARIOS:
        assert {"fires", "silent"} <= {test.expect for test in scenario.tests}, scenario.id


def test_plans_have_tags_of_their_own_and_few_rules() -> None:
    tags = [plan.tag for plan in READY.plans]
    assert len(tags) == len(set(tags))
    assert max(len(plan.rules) for plan in READY.plans) <= 12


def test_those_for_before_a_payment_can_be_had_alone() -> None:
    before = Scenarios.of(PACKS, Inside.PREFLIGHT)
    assert before.ready
    assert all(one.scenario.inside is Inside.PREFLIGHT for one in before.ready)
    assert len(before.ready) < len(READY.ready)


def test_the_release_is_another_when_a_number_of_a_scenario_is() -> None:
    from engine.packs.packset import PackSet
    from engine.packs.release import seal

    path = "MONITORING/aml/sequences.yaml"
    files = {**PACKS.files, path: PACKS.files[path].replace('default: "3000.00"', 'default: "3001.00"')}
    assert files[path] != PACKS.files[path]
    other = PackSet(PACKS.packs, files, seal(files, "x"))
    assert other.digests["MONITORING"] != PACKS.digests["MONITORING"]
