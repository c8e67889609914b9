"""Tests for the day before a number changes and the day on which it does, made from the tests that its rules have.

What a test expects is worked out with the law after the change, by the engine: it is a skeleton, and a person should look whether
the law means it so. Chosen are the examples that the change turns: what was just allowed and is not, or the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.diffs.affected import read_by
from engine.language.law import Moment, no_rates
from engine.money import Money
from engine.packs.compile import Compiled, compile_domain
from engine.packs.lines import EditRefused, File, flow, items_of, key_of, text_of
from engine.packs.lint.render import given as rendered
from engine.packs.model import Parameter, Rule, Test, Value
from engine.packs.packset import PackSet
from ingest.link.target import Target

_DAY: Final = timedelta(days=1)
_SAID: Final = {True: "fires", False: "silent"}
_UNKNOWN: Final = "unknown"


@dataclass(slots=True)
class Skeletons:
    """Lines of tests, by file and rule."""

    by_file: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many tests there are."""
        return sum(len(lines) for rules in self.by_file.values() for lines in rules.values())

    def inserted(self, path: str, text: str, rules: Mapping[str, list[str]]) -> str:
        """The file with the tests at the end of those that each rule has."""
        file = File(path, text)
        for node in items_of(key_of(file.root, "rules")):
            lines = rules.get(text_of(node, "id"), [])
            tests = items_of(key_of(node, "tests"))
            if lines and not tests:
                raise EditRefused(f"The rule {text_of(node, 'id')} has no tests to add to.")
            if lines:
                lead = " " * (tests[0].spot.column - 3)
                file.after(file.end_of(tests[-1]), [f"{lead}- {line}" for line in lines])
        return file.written()


def skeletons(target: Target, day: date, was: PackSet, now: PackSet) -> Skeletons:
    """Tests for every rule of the target's own pack that reads it. `was`, `now`: the packs without and with the change."""
    found = Skeletons()
    pack = now.packs[target.place]
    part = pack.domains[target.domain]
    parameter = part.parameters[target.name]
    before, after = parameter.at(day - _DAY), parameter.at(day)
    reading = [rule for rule in part.rules if target.name in read_by(rule) and _lives(rule, day)]
    if not reading:
        found.notes.append(f"{target.id}: no rule of the pack reads it on {day}; there is nothing to test.")
    if before is None or after is None:
        return found
    laws = {one: _law(now, target, one) for one in (day - _DAY, day)}
    for rule in reading:
        lines = [f"{{{body}}}" for body in _tests(rule, parameter, (before, after), laws, day)]
        if lines:
            found.by_file.setdefault(rule.spot.file, {})[rule.id] = lines
        else:
            found.notes.append(f"{rule.id}: it fires on both days alike; its answer tells another number.")
    return found


def _lives(rule: Rule, day: date) -> bool:
    return rule.start <= day and (rule.end is None or day < rule.end)


def _law(packs: PackSet, target: Target, day: date) -> Compiled:
    chain = packs.layers.lineage(target.place, day)
    return compile_domain(packs.layers, chain, target.domain, day)


def _tests(
    rule: Rule, parameter: Parameter, values: tuple[Value, Value], laws: Mapping[date, Compiled], day: date
) -> Iterator[str]:
    """For each outcome the example nearest to the limit, shifted to the new one: of the number itself, and of a sum with it."""
    eve = day - _DAY
    step = _step(values)
    chosen: dict[tuple[str, bool], tuple[Any, Test, Mapping[str, Any]]] = {}
    for number, test in enumerate(rule.tests):
        for moved, far in _shifted(test.given, step, values[0].value):
            key = test.expect, far is None
            if far is None and test.expect == _UNKNOWN:
                continue
            rank = far or Decimal(0), number
            if _turned(rule, test, moved, laws, day) and (key not in chosen or rank < chosen[key][0]):
                chosen[key] = (rank, test, moved)
    taken = {one.name for one in rule.tests}
    for (outcome, summed), (_, test, moved) in sorted(chosen.items(), key=lambda one: one[0]):
        name = f"{test.name} (a sum)" if summed and (outcome, False) in chosen else test.name
        if outcome == _UNKNOWN:
            yield _line(_free(f"from {day}: {name}", taken), day, moved, f"{{unknown: {flow(test.missing)}}}")
            continue
        yield _line(_free(f"from {day}: {name}", taken), day, moved, outcome)
        earlier = _outcome(rule, moved, laws, eve, test)
        if earlier in _SAID.values():
            yield _line(_free(f"the day before {day}: {name}", taken), eve, moved, earlier)


def _free(name: str, taken: set[str]) -> str:
    """A name that no test of the rule has."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def _turned(rule: Rule, test: Test, moved: Mapping[str, Any], laws: Mapping[date, Compiled], day: date) -> bool:
    """Whether an example stands to the new limit as it stood to the old one, and the change of limits makes it another."""
    eve = day - _DAY
    outcome = _outcome(rule, moved, laws, day, test)
    if outcome != test.expect or _outcome(rule, test.given, laws, eve, test) != test.expect:
        return False
    return _outcome(rule, moved, laws, eve, test) != outcome or _outcome(rule, test.given, laws, day, test) != outcome


def _step(values: tuple[Value, Value]) -> Decimal | None:
    old, new = (one.value for one in values)
    numbers = isinstance(old, int | Decimal) and isinstance(new, int | Decimal)
    return Decimal(new) - Decimal(old) if numbers else None


def _outcome(rule: Rule, given: Mapping[str, Any], laws: Mapping[date, Compiled], day: date, test: Test) -> str:
    """What the rule does, as tests say it; empty where it is not in force."""
    law = laws[day]
    position = next((at for at, active in enumerate(law.rules) if active.rule.id == rule.id), None)
    if position is None:
        return ""
    found = law.evaluate(given, Moment(day, test.hour, no_rates))[position]
    return _UNKNOWN if found is None else _SAID[found]


def _shifted(
    given: Mapping[str, Any], step: Decimal | None, limit: Any
) -> Iterator[tuple[Mapping[str, Any], Decimal | None]]:
    """The facts with one number moved along with the limit, and how far from the limit it was; None of a part of a sum."""
    if step is None:
        return
    for path, value in given.items():
        for moved, number in _moved(value, step):
            far = abs(number - Decimal(limit))
            yield {**given, path: moved}, far if far * 2 < abs(Decimal(limit)) else None


def _moved(value: Any, step: Decimal) -> Iterator[tuple[Any, Decimal]]:
    if isinstance(value, Money):
        if value.amount + step >= 0:
            yield Money(value.amount + step, value.currency), value.amount
    elif isinstance(value, bool):
        return
    elif isinstance(value, int) and step == step.to_integral_value():
        if value + int(step) >= 0:
            yield value + int(step), Decimal(value)
    elif isinstance(value, Decimal) and value + step >= 0:
        yield value + step, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            for moved, number in _moved(inner, step):
                yield {**value, name: moved}, number


def _line(name: str, day: date, given: Mapping[str, Any], outcome: str) -> str:
    return f"name: {flow(name)}, on: {flow(day.isoformat())}, given: {rendered(given)}, expect: {outcome}"


__all__ = ["Skeletons", "skeletons"]
