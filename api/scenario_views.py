"""Scenarios as people and machines read them: what is looked for, by which numbers, and how far these may be moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.language.render import source as condition_text
from engine.packs.model import Domain
from engine.packs.scenario import Measure, Scenario, ScenarioParameter
from engine.patterns.render import source as pattern_text
from engine.patterns.terms import Condition
from engine.scenarios.telling import amount_of


def scenarios_of(domain: Domain) -> dict[str, dict[str, Any]]:
    """The scenarios that a domain of a pack declares, by id; but for their law, which is told as of rules."""
    return {scenario.id: scenario_view(scenario) for scenario in domain.scenarios}


def scenario_view(scenario: Scenario) -> dict[str, Any]:
    """One scenario, JSON-ready. Conditions are in the language they are written in; amounts are decimal strings in `unit`."""
    absent = scenario.absent
    return {
        "title": scenario.title,
        "label": scenario.label,
        "kind": scenario.kind.value,
        "key": scenario.key.value,
        "unit": scenario.unit,
        "severity": scenario.severity.value,
        "inside": scenario.inside.value,
        "counts": scenario.counts.value,
        "basis": scenario.basis.value,
        "confidence": scenario.confidence.value,
        "note": scenario.note or None,
        "parameters": [_parameter(scenario, one) for one in scenario.parameters.values()],
        "measures": [_measure(one) for one in scenario.measures.values()],
        "events": {alias: pattern_text(condition) for alias, condition in scenario.aliases.items()},
        "when": _when(scenario),
        "none": None if absent is None else {absent[0]: pattern_text(absent[1])},
        "window": scenario.window or None,
        "shape": None if scenario.shape is None else scenario.shape.value,
    }


def _parameter(scenario: Scenario, one: ScenarioParameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "type": one.type.value,
        "default": amount_of(scenario, one, one.default),
        "min": amount_of(scenario, one, one.least),
        "max": amount_of(scenario, one, one.most),
        "segments": {name: amount_of(scenario, one, value) for name, value in sorted(one.segments.items())},
    }


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "of": one.of.value,
        "field": one.field,
        "where": _pattern(one.condition),
        "within": one.within or None,
        "since": one.since,
        "skip": one.skip,
        "own": "included" if one.own else "excluded",
        "unstated": "included" if one.unstated else "excluded",
    }


def _when(scenario: Scenario) -> str | None:
    return condition_text(scenario.counted) if scenario.counted is not None else _pattern(scenario.across)


def _pattern(condition: Condition | None) -> str | None:
    return None if condition is None else pattern_text(condition)


def scenario_lines(one: Mapping[str, Any]) -> Iterator[str]:
    """A scenario as it is told, in lines: whose payments, what is looked for, and by which numbers."""
    when = "before the payment and after it" if one["inside"] == "preflight" else "after the payment"
    shape = f", shape {one['shape']}" if one["shape"] else ""
    yield f"{one['kind']} over {one['counts']}, by {one['key']}, severity {one['severity']}, {when}{shape}"
    yield from (f"{event}: {condition}" for event, condition in one["events"].items())
    yield from (f"none between them: {event}: {condition}" for event, condition in (one["none"] or {}).items())
    if one["when"]:
        yield f"when {one['when']}"
    for measure in one["measures"]:
        far = f"since {measure['since']}" if measure["since"] else f"within {measure['within']}"
        what = " ".join(filter(None, (measure["of"], measure["field"])))
        yield f"{measure['name']}: {what} {far}" + (f" where {measure['where']}" if measure["where"] else "")
    for number in one["parameters"]:
        others = "".join(f", {name} {value}" for name, value in number["segments"].items())
        yield f"{number['name']} {number['default']} (from {number['min']} to {number['max']}{others})"
