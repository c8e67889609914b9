"""The plan of a sequence: flat conjunctions over named events, with every parameter in its place. Both matchers read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from engine.packs.scenario import Scenario
from engine.patterns.normal import branches
from engine.patterns.terms import AllOf, Compare, Condition, Number, Of, Param, Product, Sum, Whole, Word

Fact = Mapping[str, int | str]
"""What one event of a window states: whole numbers, short words, identities as numbers of the window's own."""

MOST_FACTS: Final = 64
"""Events of a window that are matched: those nearest to the one at hand. Sums and counts are over all of them."""
NOTHING_SINCE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of fields times numbers, and a number: `100 * went.amount - 90 * came.amount + 0`."""

    terms: tuple[tuple[int, Of], ...]
    constant: int

    @property
    def aliases(self) -> frozenset[str]:
        return frozenset(of.alias for _, of in self.terms)


@dataclass(frozen=True, slots=True)
class Test:
    """`op` between nought and a sum, or between a field and a word or another field."""

    __test__ = False

    op: str
    left: Linear | Of
    right: Linear | Of | Word

    @property
    def aliases(self) -> frozenset[str]:
        """The events it is about."""
        sides = [side for side in (self.left, self.right) if not isinstance(side, Word)]
        return frozenset().union(*({side.alias} if isinstance(side, Of) else side.aliases for side in sides))


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """One flat conjunction."""

    name: str
    aliases: tuple[str, ...]
    """In the order of their events."""
    tests: tuple[tuple[Test, ...], ...]
    """For each event: what is asked of it and of events before it."""
    absent: str | None
    """The name of the event that must not be there."""
    never: tuple[tuple[Test, ...], ...]
    """Conjunctions none of which may hold for any event, between the first and the last."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All rules of one scenario for one segment."""

    tag: str
    """Unique among the plans of a release."""
    rules: tuple[PlannedRule, ...]
    fields: frozenset[str]
    """What the rules read of an event."""


def plan_of(scenario: Scenario, segment: str) -> Plan:
    """The plan of a sequence for a segment."""
    params = {name: parameter.value(segment) for name, parameter in scenario.parameters.items()}
    since = {name: measure.since for name, measure in scenario.measures.items() if measure.since}
    aliases = tuple(scenario.aliases)
    whole = AllOf((*scenario.aliases.values(), *([scenario.across] if scenario.across else ())))
    implied = _implied(aliases, params[scenario.window])
    tag = f"{scenario.id}/{segment}"
    absent, never = _never(scenario, aliases, params)
    rules = tuple(
        PlannedRule(
            f"{tag}/{at}", aliases, _placed(aliases, [*map(_with(params, since), branch), *implied]), absent, never
        )
        for at, branch in enumerate(branches(whole))
    )
    return Plan(tag, rules, _fields(rules))


def _implied(aliases: tuple[str, ...], window: int) -> list[Test]:
    """Events follow one another, and the last is within the window of the first."""
    found = [later(after, before) for before, after in pairwise(aliases)]
    if len(aliases) > 1:
        first, last = Of(aliases[0], "ts"), Of(aliases[-1], "ts")
        found.append(Test("<=", Linear(((1, last),), 0), Linear(((1, first),), window)))
    return found


def later(after: str, before: str) -> Test:
    """One event stands behind another in the window."""
    return Test(">", Linear(((1, Of(after, "seq")),), 0), Linear(((1, Of(before, "seq")),), 0))


def _never(
    scenario: Scenario, aliases: tuple[str, ...], params: Mapping[str, int]
) -> tuple[str | None, tuple[tuple[Test, ...], ...]]:
    if scenario.absent is None:
        return None, ()
    name, condition = scenario.absent
    between = [later(name, aliases[0]), later(aliases[-1], name)]
    return name, tuple((*map(_with(params), branch), *between) for branch in branches(condition))


def _placed(aliases: tuple[str, ...], tests: list[Test]) -> tuple[tuple[Test, ...], ...]:
    """Each test with the last of the events that it is about."""
    placed: dict[str, list[Test]] = {alias: [] for alias in aliases}
    for test in tests:
        about = test.aliases
        placed[max(about, key=aliases.index) if about else aliases[0]].append(test)
    return tuple(tuple(placed[alias]) for alias in aliases)


def _fields(rules: tuple[PlannedRule, ...]) -> frozenset[str]:
    tests = (test for rule in rules for group in (*rule.tests, *rule.never) for test in group)
    return frozenset(of.field for test in tests for of in fields_of(test))


def fields_of(test: Test) -> Iterator[Of]:
    """Every field that a test reads."""
    for side in (test.left, test.right):
        if isinstance(side, Of):
            yield side
        elif isinstance(side, Linear):
            yield from (of for _, of in side.terms)


# -- parameters in their places -------------------------------------------------------------------------------------------


class _with:  # noqa: N801 - reads as a word where it is used
    """Puts the parameters of a segment into comparisons."""

    def __init__(self, params: Mapping[str, int], since: Mapping[str, str] = NOTHING_SINCE):
        self._params, self._since = params, since

    def __call__(self, compare: Compare) -> Test:
        return resolved(compare, self._params, self._since)


def resolved(compare: Compare, params: Mapping[str, int], since: Mapping[str, str] = NOTHING_SINCE) -> Test:
    """A comparison with its parameters as numbers. `since`: measure -> the event behind which it is taken."""
    left, right = compare.left, compare.right
    if isinstance(right, Word):
        assert isinstance(left, Of)
        return Test(compare.op, left, right)
    if isinstance(left, Of) and isinstance(right, Of) and not {left.field, right.field} & since.keys():
        return Test(compare.op, left, right)
    return Test(compare.op, linear(left, params, since), linear(right, params, since))


def linear(term: Number, params: Mapping[str, int], since: Mapping[str, str] = NOTHING_SINCE) -> Linear:
    """A number as a sum of fields times numbers. The reader lets nothing else through.

    What is taken since an event is the running total at the one less that at the other: so a sum of any number of payments
    between two events is still a flat comparison of those two.
    """
    match term:
        case Of(field=name) if name in since:
            return Linear(((1, term), (-1, Of(since[name], name))), 0)
        case Whole(value=value):
            return Linear((), value)
        case Param(name=name):
            return Linear((), params[name])
        case Of():
            return Linear(((1, term),), 0)
        case Sum(left=left, right=right, sign=sign):
            return _added(linear(left, params, since), linear(right, params, since), sign)
        case Product(left=left, right=right):
            one, two = linear(left, params, since), linear(right, params, since)
            return _times(two, one.constant) if not one.terms else _times(one, two.constant)


def _added(left: Linear, right: Linear, sign: int) -> Linear:
    return Linear((*left.terms, *_times(right, sign).terms), left.constant + sign * right.constant)


def _times(found: Linear, factor: int) -> Linear:
    return Linear(tuple((factor * number, of) for number, of in found.terms), factor * found.constant)


def conditions_of(scenario: Scenario) -> Iterator[tuple[str, Condition]]:
    """Each named event of a sequence and what is asked of it alone."""
    yield from scenario.aliases.items()
