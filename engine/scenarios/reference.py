"""The reference matcher: plain, the definition of what a sequence matches. What an event does not state is never so."""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final, Protocol

from engine.patterns.terms import Of, Word
from engine.scenarios.plan import Fact, Linear, Plan, PlannedRule, Test

Match = tuple[int, ...]
"""The places of the matched events within the window, in the order of the rule's events."""

Holds = Callable[[Sequence[Fact]], bool]
"""A test of the events bound so far."""

OPS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Matcher(Protocol):
    """Who finds sequences. Every one finds the same."""

    def first(self, plan: Plan, facts: Sequence[Fact], focus: int | None = None) -> Match | None:
        """The earliest match in the order of its events; with `focus`, of those that the event at that place is part of."""
        ...


@dataclass(frozen=True, slots=True)
class _Rule:
    """A planned rule with its tests as functions."""

    planned: PlannedRule
    """Kept, so that its identity is nobody else's."""
    alone: tuple[tuple[Holds, ...], ...]
    """For each event: what is asked of this one alone."""
    between: tuple[tuple[Holds, ...], ...]
    """For each event: what is asked of it and of those before it."""
    never: tuple[tuple[Holds, ...], ...]
    never_alone: tuple[tuple[Holds, ...], ...]

    def candidates(self, at: int, facts: Sequence[Fact]) -> list[int]:
        """The events of which everything holds that is asked of this one alone."""
        return [place for place, fact in enumerate(facts) if all(holds((fact,)) for holds in self.alone[at])]

    def matches(self, facts: Sequence[Fact], focus: int | None = None) -> Iterator[Match]:
        """The matches, in the order of their events; with `focus`, those that the event at that place is part of."""
        candidates = [self.candidates(at, facts) for at in range(len(self.alone))]
        for chosen in [candidates] if focus is None else _with_focus(candidates, focus):
            if all(chosen):
                yield from self._extended(facts, chosen, [], ())

    def _extended(
        self, facts: Sequence[Fact], candidates: list[list[int]], bound: list[Fact], match: Match
    ) -> Iterator[Match]:
        at = len(match)
        if at == len(candidates):
            if not self._present(facts, bound):
                yield match
            return
        # Events stand in the order of their rule: each behind the one before.
        for place in candidates[at][bisect_right(candidates[at], match[-1]) if match else 0 :]:
            further = [*bound, facts[place]]
            if all(holds(further) for holds in self.between[at]):
                yield from self._extended(facts, candidates, further, (*match, place))

    def _present(self, facts: Sequence[Fact], bound: list[Fact]) -> bool:
        """Whether there is an event of the kind that must not be there."""
        return any(all(holds([*bound, fact]) for holds in never) for never in self.never for fact in facts)

    def unwanted(self, facts: Sequence[Fact]) -> Iterator[int]:
        """The events that could be the one that must not be there."""
        for alone in self.never_alone:
            yield from (place for place, fact in enumerate(facts) if all(holds((fact,)) for holds in alone))


class Reference:
    """The reference matcher."""

    def __init__(self) -> None:
        self._rules: dict[int, _Rule] = {}

    def first(self, plan: Plan, facts: Sequence[Fact], focus: int | None = None) -> Match | None:
        """As `Matcher` says."""
        firsts = (min(rule.matches(facts, focus), default=None) for rule in self._of(plan))
        return min((match for match in firsts if match is not None), default=None)

    def all(self, plan: Plan, facts: Sequence[Fact]) -> frozenset[Match]:
        """Every match of every rule."""
        return frozenset(match for rule in self._of(plan) for match in rule.matches(facts))

    def relevant(self, plan: Plan, facts: Sequence[Fact]) -> list[int]:
        """The events that some rule could be about, as one of its events or as the one that must not be there."""
        found: set[int] = set()
        for rule in self._of(plan):
            found.update(place for at in range(len(rule.alone)) for place in rule.candidates(at, facts))
            found.update(rule.unwanted(facts))
        return sorted(found)

    def combinations(self, plan: Plan, facts: Sequence[Fact], focus: int | None = None) -> int:
        """How many combinations of events there are to look at, each rule's together; nought where the event at the place
        `focus` is none of those that are meant."""
        if focus is not None and not any(
            focus in rule.candidates(at, facts) for rule in self._of(plan) for at in range(len(rule.alone))
        ):
            return 0
        return sum(prod(len(rule.candidates(at, facts)) for at in range(len(rule.alone))) for rule in self._of(plan))

    def _of(self, plan: Plan) -> Iterator[_Rule]:
        for planned in plan.rules:
            rule = self._rules.get(id(planned))
            if rule is None:
                rule = self._rules[id(planned)] = _ready(planned)
            yield rule


REFERENCE: Final = Reference()


def _with_focus(candidates: list[list[int]], focus: int) -> Iterator[list[list[int]]]:
    """The candidates with one event in each place in turn that it could have."""
    for at, places in enumerate(candidates):
        if focus in places:
            yield [*candidates[:at], [focus], *candidates[at + 1 :]]


# -- tests as functions ----------------------------------------------------------------------------------------------------


def _ready(rule: PlannedRule) -> _Rule:
    alone, between = [], []
    for alias, tests in zip(rule.aliases, rule.tests, strict=True):
        own, others = _split(tests, alias)
        alone.append(tuple(_holds(test, (alias,)) for test in own))
        between.append(tuple(_holds(test, rule.aliases) for test in others))
    absent = str(rule.absent)
    never = tuple(tuple(_holds(test, (*rule.aliases, absent)) for test in tests) for tests in rule.never)
    never_alone = tuple(tuple(_holds(test, (absent,)) for test in _split(tests, absent)[0]) for tests in rule.never)
    return _Rule(rule, tuple(alone), tuple(between), never, never_alone)


def _split(tests: Sequence[Test], alias: str) -> tuple[list[Test], list[Test]]:
    """What is asked of one event alone, and what of others with it."""
    own = [test for test in tests if test.aliases <= {alias}]
    return own, [test for test in tests if test not in own]


def _holds(test: Test, aliases: tuple[str, ...]) -> Holds:
    left, right, compared = side(test.left, aliases), side(test.right, aliases), OPS[test.op]

    def holds(facts: Sequence[Fact]) -> bool:
        one, two = left(facts), right(facts)
        return one is not None and two is not None and compared(one, two)

    return holds


def side(part: Linear | Of | Word, aliases: tuple[str, ...]) -> Callable[[Sequence[Fact]], int | str | None]:
    """One side of a test as a function of the events in the order of their names; None where something is not stated."""
    if isinstance(part, Word):
        value = part.value
        return lambda _facts: value
    if isinstance(part, Of):
        at, name = aliases.index(part.alias), part.field
        return lambda facts: facts[at].get(name)
    if not part.terms:
        constant = part.constant
        return lambda _facts: constant
    terms = [(number, aliases.index(of.alias), of.field) for number, of in part.terms]
    return _one(*terms[0], part.constant) if len(terms) == 1 else lambda facts: _summed(facts, terms, part.constant)


def _one(number: int, at: int, name: str, constant: int) -> Callable[[Sequence[Fact]], int | str | None]:
    """A single field times a number, and a number."""
    if number == 1 and constant == 0:
        return lambda facts: facts[at].get(name)

    def one(facts: Sequence[Fact]) -> int | None:
        value = facts[at].get(name)
        return None if value is None else number * int(value) + constant

    return one


def _summed(facts: Sequence[Fact], terms: list[tuple[int, int, str]], constant: int) -> int | None:
    total = constant
    for number, at, name in terms:
        value = facts[at].get(name)
        if value is None:
            return None
        total += number * int(value)
    return total
