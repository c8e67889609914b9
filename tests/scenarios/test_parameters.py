"""Every number of every scenario has tests on both sides: moved by its least step, some embedded test comes out otherwise."""

from dataclasses import replace

import pytest

from engine.packs.scenario import SEGMENT, Scenario, ScenarioParameter
from engine.scenarios import Scenarios
from engine.scenarios.evaluate import _ready
from engine.scenarios.testing import outcome_of
from tests.scenarios.shipped import PACKS, SCENARIOS

NUMBERS = [(scenario, parameter) for scenario in SCENARIOS for parameter in scenario.parameters.values()]


def _outcomes(scenario: Scenario) -> list[str]:
    pack = PACKS.packs["MONITORING"]
    scenarios = Scenarios([_ready(scenario, pack, pack.domains["aml"].features)], PACKS.layers.members)
    tests = [test for test in scenario.tests if test.segment == SEGMENT]
    return [outcome_of(scenarios, scenario, test)[0] for test in tests]


def _moved(scenario: Scenario, parameter: ScenarioParameter, step: int) -> Scenario:
    other = replace(parameter, default=parameter.default + step)
    return replace(scenario, parameters={**scenario.parameters, parameter.name: other})


@pytest.mark.parametrize(("scenario", "parameter"), NUMBERS, ids=lambda one: getattr(one, "id", None) or one.name)
@pytest.mark.parametrize("step", [1, -1], ids=["more", "less"])
def test_a_step_of_the_number_changes_what_some_test_finds(
    scenario: Scenario, parameter: ScenarioParameter, step: int
) -> None:
    assert _outcomes(_moved(scenario, parameter, step)) != _outcomes(scenario)
