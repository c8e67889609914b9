"""Scenarios: names that mean one thing, numbers that are read, examples on both sides that come out as they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.language.tree import params_used, past_used
from engine.packs.lint.view import View
from engine.packs.model import Domain, Pack
from engine.packs.problems import Spot
from engine.packs.scenario import GRAPH_PARAMETERS, Scenario
from engine.patterns.terms import Condition, fields_in, params_in

_SHOWN: Final = (("fires", "test-fires"), ("silent", "test-silent"))


def _all(view: View) -> Iterator[tuple[Pack, Domain, Scenario]]:
    for pack, part in view.domains():
        for scenario in part.scenarios:
            yield pack, part, scenario


def identity(view: View) -> None:
    """Ids unique in all packs: an alert names its scenario and nothing else."""
    first: dict[str, Scenario] = {}
    for _, _, scenario in _all(view):
        if scenario.id in first:
            message = f"The scenario {scenario.id} stands twice."
            spot = view.at(scenario.spot, "id")
            view.report("duplicate-id", spot, message, f"See {first[scenario.id].spot}.")
        first.setdefault(scenario.id, scenario)
        names: dict[str, Spot] = {}
        for test in scenario.tests:
            if test.name in names:
                message = f"The scenario {scenario.id} has two tests called {test.name!r}."
                view.report("duplicate-id", test.spot, message, f"See {names[test.name]}.")
            names.setdefault(test.name, test.spot)


def used(view: View) -> None:
    """Every parameter and every measure is read by something."""
    for _, _, scenario in _all(view):
        params, measures = _read(scenario)
        for name, parameter in scenario.parameters.items():
            if name not in params:
                view.report("scenario-unused", parameter.spot, f"Nothing of {scenario.id} reads the parameter {name}.")
        for name, measure in scenario.measures.items():
            if name not in measures:
                view.report("scenario-unused", measure.spot, f"Nothing of {scenario.id} reads the measure {name}.")


def _read(scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the parameters and of the measures that something reads."""
    conditions = list(_conditions(scenario))
    params = {name for condition in conditions for name in params_in(condition)}
    params |= {span for measure in scenario.measures.values() for span in (measure.within, measure.skip) if span}
    params |= {scenario.window, *(GRAPH_PARAMETERS[scenario.shape] if scenario.shape else ())}
    measures = {of.field for condition in conditions for of in fields_in(condition)}
    if scenario.counted is not None:
        params |= params_used(scenario.counted)
        measures |= past_used(scenario.counted)
    return frozenset(params), frozenset(measures)


def _conditions(scenario: Scenario) -> Iterator[Condition]:
    yield from scenario.aliases.values()
    if scenario.across is not None:
        yield scenario.across
    if scenario.absent is not None:
        yield scenario.absent[1]
    yield from (measure.condition for measure in scenario.measures.values() if measure.condition is not None)


def shown(view: View) -> None:
    """A scenario is shown to find something, and to leave something alone."""
    for _, _, scenario in _all(view):
        outcomes = {test.expect for test in scenario.tests}
        for outcome, code in _SHOWN:
            if outcome not in outcomes:
                view.report(code, scenario.spot, f"No test of {scenario.id} expects it to be {outcome}.", "Add one.")


def run(view: View) -> None:
    """The tests of scenarios, where somebody is brought who can look for them."""
    chosen = sorted({pack.jurisdiction for pack, _, _ in _all(view)})
    if view.run_scenarios is None or not chosen:
        return
    for result in view.run_scenarios(view.release, chosen):
        if not result.passed:
            view.report("test-fails", result.spot, f"The test {result.name!r} of {result.rule} found {result.found}.")


CHECKS: Final[tuple[Callable[[View], None], ...]] = (identity, used, shown, run)
"""The checks of this module, in their order."""
