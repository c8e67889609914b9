"""durable_rules: a Rete network over JSON facts, driven the way its cage drives it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

import durable_rules_engine

from bench.peers import identifier
from bench.tree import (
    And,
    BenchRule,
    Compare,
    Condition,
    Flag,
    In,
    Known,
    Leaf,
    Named,
    Not,
    Op,
    Or,
    Row,
    all_fields,
    fields_of,
    positive,
)

COMPARISONS: Final = {Op.NE: "$neq", Op.LT: "$lt", Op.LE: "$lte", Op.GT: "$gt", Op.GE: "$gte"}
# Below this many values a branch for each is as fast as a regular expression.
SHORT_LIST = 3
# Every fact carries it: a condition of `$nex` alone would match the session's own state again and again.
MARKER = {"one": 1}
_rulesets = count()


class Durable:
    """One fact a payment, asserted and retracted again: nothing is left in the network between payments."""

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """One ruleset for all; its name is new each time because a ruleset cannot be replaced."""
        definition = {rule.id: {"all": [{"m": _condition(positive(rule.condition))}]} for rule in rules}
        name = f"bench-{next(_rulesets)}"
        self._handle = durable_rules_engine.create_ruleset(name, json.dumps(definition))
        self._fields = [(identifier(field), field) for field in all_fields(rules)]
        self._next = count().__next__

    def shape(self, row: Row) -> dict[str, Any]:
        """What is not known is absent; null is not a value here."""
        return {name: row[field] for name, field in self._fields if row.get(field) is not None} | MARKER

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """Assert, collect what fires, retract. Firings while retracting are not fetched."""
        fact = json.dumps({**row, "id": self._next(), "sid": "1"})
        refused, state = durable_rules_engine.assert_fact(self._handle, fact)
        fired = [] if refused else self._fired(state)
        durable_rules_engine.retract_fact(self._handle, fact)
        return frozenset(fired)

    def _fired(self, state: Any) -> list[str]:
        fired: list[str] = []
        started = durable_rules_engine.start_action_for_state(self._handle, state)
        action = started[1] if started else None
        while action:
            # The action's JSON is `{"rule id":{...}}`: the id ends at the second quote.
            fired.append(action[2 : action.index('"', 2)])
            action = durable_rules_engine.complete_and_start_action(self._handle, state)
        return fired


def _condition(condition: Condition) -> dict[str, Any]:
    match condition:
        case And(parts):
            return {"$and": [_condition(part) for part in parts]}
        case Or(parts):
            return {"$or": [_condition(part) for part in parts]}
        case Not() | Named():
            raise ValueError(f"{condition} cannot be said in durable_rules")
        case _:
            return _leaf(condition)


def _leaf(leaf: Leaf) -> dict[str, Any]:
    match leaf:
        case Compare(op, left, right):
            return _comparison(op, [identifier(field) for field in fields_of(left)], right)
        case In(field, values, wanted):
            return _membership(identifier(field), values, wanted=wanted)
        case Flag(field, wanted):
            return {identifier(field): wanted}
        case Known(field, wanted):
            name = identifier(field)
            return {"$ex": {name: 1}} if wanted else {"$and": [MARKER, {"$nex": {name: 1}}]}
        case Named(name):
            raise ValueError(f"{name!r} cannot be bound in durable_rules")


def _comparison(op: Op, names: list[str], right: Any) -> dict[str, Any]:
    """`a + b <= 9` is said as `a <= 9 - b`: the left side must be a field."""
    for name in names[1:]:
        right = {"$sub": {"$l": right, "$r": {"$m": name}}}
    test = {names[0]: right} if op is Op.EQ else {COMPARISONS[op]: {names[0]: right}}
    return {"$and": [*({"$ex": {name: 1}} for name in names[1:]), test]} if len(names) > 1 else test


def _membership(name: str, values: tuple[str, ...], *, wanted: bool) -> dict[str, Any]:
    if not wanted:
        tests: list[dict[str, Any]] = [{"$neq": {name: value}} for value in values]
        return tests[0] if len(tests) == 1 else {"$and": tests}
    if len(values) == 1:
        return {name: values[0]}
    if len(values) > SHORT_LIST and all(re.fullmatch(r"\w+", value) for value in values):
        return {"$mt": {name: "|".join(values)}}
    return {"$or": [{name: value} for value in values]}
