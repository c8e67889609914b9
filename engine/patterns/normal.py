"""Disjunctive normal form: what `or` and `in` say becomes several flat conjunctions, because only those are matched right."""

from __future__ import annotations

from itertools import product
from typing import Final

from engine.patterns.parse import PatternFault
from engine.patterns.terms import AllOf, AnyOf, Compare, Condition

MOST_BRANCHES: Final = 48
"""Rules that one scenario may become."""


def branches(condition: Condition) -> tuple[tuple[Compare, ...], ...]:
    """Conjunctions, one of which holds if and only if the condition does. Raises PatternFault where there would be too many."""
    match condition:
        case Compare():
            return ((condition,),)
        case AnyOf(items=items):
            return _few(tuple(branch for item in items for branch in branches(item)))
        case AllOf(items=items):
            found: tuple[tuple[Compare, ...], ...] = ((),)
            for item in items:
                found = _few(tuple(one + two for one, two in product(found, branches(item))))
            return found


def _few(found: tuple[tuple[Compare, ...], ...]) -> tuple[tuple[Compare, ...], ...]:
    if len(found) > MOST_BRANCHES:
        message = (
            f"Its `or` and `in` come to more than {MOST_BRANCHES} rules: a sequence has none but flat conjunctions."
        )
        raise PatternFault(message, 1, "Say it with fewer alternatives, or in two scenarios.")
    return found
