"""A plan as rules of durable_rules, in the one form that was shown to be matched right and safely.

Flat conjunctions of named facts; every comparison reads a property of the fact at hand on its left, so that a sum of its own
fields is worked out beforehand (`derived`); each conjunction over several facts ends with one that always holds and refers to the
first of them, because the engine steps over the end of a conjunction whose last part is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from engine.patterns.terms import Of, Word
from engine.scenarios.plan import Fact, Linear, Plan, PlannedRule, Test, fields_of

LARGEST: Final = 10**17
"""Whole numbers beyond this are not handed over: the reference matcher answers."""

_SIGNS: Final = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
TAG: Final = "of"
"""The property that keeps the facts of one plan apart from the rules of another."""

Json = dict[str, Any]


class TooLarge(ValueError):
    """A number of a window is larger than the engine compares exactly."""


def ruleset(plans: Iterable[Plan]) -> Json:
    """The rules of all plans together: one ruleset a release, JSON-ready. Who runs them adds the action."""
    return {rule.name: {"all": _parts(rule, plan.tag)} for plan in plans for rule in plan.rules}


def handed(plan: Plan, facts: Sequence[Fact]) -> list[Json]:
    """The facts of one window as they are asserted: only what the plan's rules read. Raises TooLarge."""
    derived = {name: sum_ for rule in plan.rules for name, sum_ in _derived(rule).items()}
    return [_handed(plan, place, fact, derived) for place, fact in enumerate(facts)]


def _handed(plan: Plan, place: int, fact: Fact, derived: Mapping[str, Linear]) -> Json:
    found: Json = {name: value for name, value in fact.items() if name in plan.fields}
    for name, sum_ in derived.items():
        values = [(number, fact.get(of.field)) for number, of in sum_.terms]
        if all(value is not None for _, value in values):
            found[name] = sum(number * int(value) for number, value in values if value is not None)
    if any(isinstance(value, int) and abs(value) > LARGEST for value in found.values()):
        raise TooLarge(f"a number of {plan.tag} is too large to be handed over")
    return {**found, "id": f"e{place}", TAG: plan.tag, "zero": 0, "one": 1}


# -- rules ---------------------------------------------------------------------------------------------------------------


def _parts(rule: PlannedRule, tag: str) -> list[Json]:
    first = rule.aliases[0]
    parts = [
        {alias: {"$and": _conjuncts(tests, alias, tag, first, _asked_later(rule, alias))}}
        for alias, tests in zip(rule.aliases, rule.tests, strict=True)
    ]
    for at, never in enumerate(rule.never):
        name = f"{rule.absent}{at}"
        parts.append({f"{name}$not": {"$and": _conjuncts(never, str(rule.absent), tag, first, ())}})
    return parts


def _asked_later(rule: PlannedRule, alias: str) -> tuple[str, ...]:
    """The fields of a fact that later facts are compared with. The engine fails where it reckons with one that is not there."""
    tests = [test for group in (*rule.tests, *rule.never) for test in group if not test.aliases <= {alias}]
    return tuple(sorted({of.field for test in tests for of in fields_of(test) if of.alias == alias} - {"seq", "ts"}))


def _conjuncts(tests: Sequence[Test], alias: str, tag: str, first: str, there: Sequence[str]) -> list[Json]:
    """What is asked of the fact alone comes first: the network shares it among rules."""
    alone = [_conjunct(test, alias) for test in tests if test.aliases <= {alias}]
    between = [_conjunct(test, alias) for test in tests if not test.aliases <= {alias}]
    # INVARIANT: the last conjunct of a join is always true and refers to an earlier fact.
    closed = [{"$lte": {"zero": {first: "one"}}}] if alias != first else [{"one": 1}]
    return [{TAG: tag}, *({"$ex": {name: 1}} for name in there), *alone, *between, *closed]


def _conjunct(test: Test, alias: str) -> Json:
    if isinstance(test.left, Of):
        return _words(test, test.left, alias)
    assert isinstance(test.right, Linear)
    own, others = _sides(test.left, test.right, alias)
    name, op = _property(own), test.op
    if len(own.terms) == 1 and own.terms[0][0] == -1:
        op, others = _MIRRORED[op], _scaled(others, -1)
    return _compared(op, name, _sum(others))


def _words(test: Test, left: Of, alias: str) -> Json:
    right = test.right
    assert not isinstance(right, Linear)
    if isinstance(right, Word):
        return _compared(test.op, left.field, right.value)
    if left.alias == alias:
        return _compared(test.op, left.field, {right.alias: right.field})
    return _compared(_MIRRORED[test.op], right.field, {left.alias: left.field})


def _compared(op: str, name: str, right: Any) -> Json:
    return {name: right} if op == "==" else {_SIGNS[op]: {name: right}}


def _sides(left: Linear, right: Linear, alias: str) -> tuple[Linear, Linear]:
    """Everything of the fact at hand on the left, everything else on the right."""
    moved = [*left.terms, *((-number, of) for number, of in right.terms)]
    own = tuple((number, of) for number, of in moved if of.alias == alias)
    others = tuple((-number, of) for number, of in moved if of.alias != alias)
    return Linear(own, 0), Linear(others, right.constant - left.constant)


def _scaled(found: Linear, factor: int) -> Linear:
    return Linear(tuple((factor * number, of) for number, of in found.terms), factor * found.constant)


def _property(own: Linear) -> str:
    """The property that holds the sum: the field itself, or one that is worked out before."""
    if len(own.terms) == 1 and abs(own.terms[0][0]) == 1:
        return own.terms[0][1].field
    return "_".join(f"{'m' if number < 0 else 'p'}{abs(number)}_{of.field}" for number, of in own.terms)


def _sum(found: Linear) -> Any:
    """`a * 90 + b + 5` as the engine nests it; a bare number where there is no field."""
    parts: list[Any] = [_product(number, of) for number, of in found.terms]
    if not parts:
        return found.constant
    if found.constant:
        parts.append(found.constant)
    whole = parts[0]
    for part in parts[1:]:
        whole = {"$add": {"$l": whole, "$r": part}}
    return whole


def _product(number: int, of: Of) -> Json:
    field = {of.alias: of.field}
    return field if number == 1 else {"$mul": {"$l": field, "$r": number}}


def _derived(rule: PlannedRule) -> dict[str, Linear]:
    """The sums of a fact's own fields that the rules of a plan compare."""
    found: dict[str, Linear] = {}
    named = [*zip(rule.aliases, rule.tests, strict=True), *((str(rule.absent), never) for never in rule.never)]
    for alias, tests in named:
        for test in tests:
            if isinstance(test.left, Linear) and isinstance(test.right, Linear):
                own, _ = _sides(test.left, test.right, alias)
                if len(own.terms) > 1 or abs(own.terms[0][0]) != 1:
                    found[_property(own)] = own
    return found
