"""Hoisting: what several rules have in common is computed once a payment, by name.

Every engine that can bind a name gets the rules in this form too. Without it they would compute "both providers
are in the EEA" twenty times, and the comparison would be with a careless translation, not with the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.tree import And, BenchRule, Condition, In, Named, Or, positive

# Membership in a list this long costs more than reading a name.
LONG_LIST = 4


@dataclass(frozen=True, slots=True)
class Shared:
    """Conditions to compute first, in this order, and the rules that refer to them. Free of `Not`."""

    lets: tuple[tuple[str, Condition], ...]
    rules: tuple[BenchRule, ...]


def standalone(rules: Sequence[BenchRule]) -> Shared:
    """Every rule by itself, as it is written."""
    return Shared((), tuple(BenchRule(rule.id, positive(rule.condition)) for rule in rules))


def share(rules: Sequence[BenchRule]) -> Shared:
    """The same rules with repeated conditions hoisted."""
    plain = standalone(rules).rules
    seen: Counter[Condition] = Counter()
    for rule in plain:
        _count(rule.condition, seen)
    hoister = _Hoister(seen)
    kept = tuple(BenchRule(rule.id, hoister.rewritten(rule.condition)) for rule in plain)
    return Shared(tuple(hoister.lets), kept)


def _count(condition: Condition, seen: Counter[Condition]) -> None:
    """Count the condition, and what is under it unless an equal one was counted before."""
    seen[condition] += 1
    if isinstance(condition, And | Or) and seen[condition] == 1:
        for part in condition.parts:
            _count(part, seen)


@dataclass(slots=True)
class _Hoister:
    seen: Counter[Condition]
    lets: list[tuple[str, Condition]] = field(default_factory=list)
    names: dict[Condition, str] = field(default_factory=dict)

    def rewritten(self, condition: Condition) -> Condition:
        if self.seen[condition] < 2 or not _worth_a_name(condition):
            return self._inside(condition)
        if condition not in self.names:
            body = self._inside(condition)
            self.names[condition] = f"shared_{len(self.names)}"
            self.lets.append((self.names[condition], body))
        return Named(self.names[condition])

    def _inside(self, condition: Condition) -> Condition:
        match condition:
            case And(parts):
                return And(tuple(self.rewritten(part) for part in parts))
            case Or(parts):
                return Or(tuple(self.rewritten(part) for part in parts))
            case _:
                return condition


def _worth_a_name(condition: Condition) -> bool:
    return isinstance(condition, And | Or) or (isinstance(condition, In) and len(condition.values) >= LONG_LIST)
