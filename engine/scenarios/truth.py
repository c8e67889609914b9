"""Conditions on the events of a window in three truths: what an event does not state leaves them open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.patterns.terms import AllOf, AnyOf, Compare, Condition
from engine.scenarios.plan import Fact, resolved
from engine.scenarios.reference import OPS, side

Judge = Callable[[Sequence[Fact]], bool | None]
"""Of the events in the order of their names: True, False, or None where it cannot be told."""


def judge(condition: Condition | None, aliases: tuple[str, ...], params: Mapping[str, int]) -> Judge:
    """A condition as a function. None holds of every event."""
    match condition:
        case None:
            return lambda _facts: True
        case Compare():
            return _comparison(condition, aliases, params)
        case AllOf(items=items):
            return _joined([judge(item, aliases, params) for item in items], decisive=False)
        case AnyOf(items=items):
            return _joined([judge(item, aliases, params) for item in items], decisive=True)


def _joined(parts: list[Judge], *, decisive: bool) -> Judge:
    def joined(facts: Sequence[Fact]) -> bool | None:
        found: bool | None = not decisive
        for part in parts:
            value = part(facts)
            if value is decisive:
                return decisive
            if value is None:
                found = None
        return found

    return joined


def _comparison(compare: Compare, aliases: tuple[str, ...], params: Mapping[str, int]) -> Judge:
    test = resolved(compare, params)
    left, right, compared = side(test.left, aliases), side(test.right, aliases), OPS[test.op]

    def comparison(facts: Sequence[Fact]) -> bool | None:
        one, two = left(facts), right(facts)
        return None if one is None or two is None else compared(one, two)

    return comparison
