"""The obvious evaluation of neutral conditions in three-valued logic: what the other engines are checked against."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from bench.tree import And, BenchRule, Compare, Condition, Flag, In, Known, Leaf, Named, Not, Op, Or, Row, fields_of

COMPARISONS: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def truth(condition: Condition, row: Row) -> bool | None:
    """True, false, or None for unknown."""
    match condition:
        case And(parts):
            values = [truth(part, row) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            values = [truth(part, row) for part in parts]
            return True if True in values else None if None in values else False
        case Not(part):
            value = truth(part, row)
            return None if value is None else not value
        case _:
            return _leaf(condition, row)


def _leaf(leaf: Leaf, row: Row) -> bool | None:
    match leaf:
        case Known(field, wanted):
            return (row.get(field) is not None) == wanted
        case Compare(op, left, right):
            values = [row.get(field) for field in fields_of(left)]
            if None in values:
                return None
            value: Any = values[0] if isinstance(left, str) else sum(int(part) for part in values if part is not None)
            return COMPARISONS[op](value, right)
        case In(field, wanted_values, wanted):
            found = row.get(field)
            return None if found is None else (found in wanted_values) == wanted
        case Flag(field, wanted):
            found = row.get(field)
            return None if found is None else found is wanted
        case Named(name):
            return row[name] is True


def fired(rules: Sequence[BenchRule], row: Row) -> frozenset[str]:
    """The ids of the rules whose condition is true for this row."""
    return frozenset(rule.id for rule in rules if truth(rule.condition, row) is True)
