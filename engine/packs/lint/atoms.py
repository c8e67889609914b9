"""The comparisons that a condition is made of, each with the facts it reads.

An `if` among the operands is drawn out of the comparison first: `rate <= (a if card else b)` is `rate <= a` where the payment
is by card and `rate <= b` elsewhere. What remains is mostly one fact beside one constant, and such a comparison can tell
only a few ranges of that fact apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

from engine.language.interpret import Interpreter
from engine.language.law import Law, Moment
from engine.language.render import source
from engine.language.tree import (
    And,
    Arith,
    Call,
    Compare,
    Const,
    Contains,
    Each,
    Expr,
    Fact,
    If,
    IsKnown,
    Let,
    Not,
    OneOf,
    Or,
    Param,
    Within,
    facts_used,
    walk,
)

TRUE: Final = 1
FALSE: Final = 2
UNKNOWN: Final = 4
ANY: Final = TRUE | FALSE | UNKNOWN

_MOST: Final = 16
"""Alternatives of one comparison; beyond, it is taken as a whole."""

Guards = tuple[tuple[Expr, bool], ...]
"""Tests of the `if`s that lead to an alternative, and the answer each must give."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A comparison without `if`s. `path`: its only fact, where it is a fact beside constants; its key names equal ones."""

    node: Expr
    facts: frozenset[str]
    path: str | None
    key: str
    values: dict[Any, int] = field(default_factory=dict, compare=False)


def mask(value: Any) -> int:
    """A truth value as a set of one."""
    return UNKNOWN if value is None else TRUE if value else FALSE


class Reader:
    """Takes conditions apart under one law."""

    def __init__(self, law: Law, moment: Moment, currency: str):
        self.law, self.moment, self.currency = law, moment, currency
        self._split: dict[int, tuple[tuple[Guards, Atom], ...]] = {}
        self._kept: list[Expr] = []

    def constant(self, node: Expr, unit: str | None = None) -> Any:
        """The value of an expression without facts; None where the law has none."""
        return Interpreter({"currency": self.currency}, self.law, self.moment, {}).see(node, unit).value

    def split(self, node: Expr) -> tuple[tuple[Guards, Atom], ...]:
        """The comparison's alternatives, with the tests that lead to each."""
        found = self._split.get(id(node))
        if found is None:
            self._kept.append(node)
            found = self._split[id(node)] = tuple((guards, atom(part)) for guards, part in self._alternatives(node))
        return found

    def _alternatives(self, node: Expr) -> list[tuple[Guards, Expr]]:
        match node:
            case Let(body=body):
                return self._alternatives(body)
            case If(test=test, then=then, other=other) if not facts_used(test):
                return self._alternatives(then if self.constant(test) else other)
            case If(test=test, then=then, other=other):
                yes = [((*guards, (test, True)), part) for guards, part in self._alternatives(then)]
                return yes + [((*guards, (test, False)), part) for guards, part in self._alternatives(other)]
            case Compare(left=left, right=right) | Arith(left=left, right=right):
                return self._joined(node, (left, right), lambda parts: {"left": parts[0], "right": parts[1]})
            case OneOf(left=left) | Within(left=left):
                return self._joined(node, (left,), lambda parts: {"left": parts[0]})
            case Contains(item=item, items=items):
                return self._joined(node, (item, items), lambda parts: {"item": parts[0], "items": parts[1]})
            case Call(args=args):
                return self._joined(node, args, lambda parts: {"args": parts})
        return [((), node)]

    def _joined(
        self, node: Expr, operands: tuple[Expr, ...], build: Callable[[tuple[Expr, ...]], dict[str, Any]]
    ) -> list[tuple[Guards, Expr]]:
        choices = list(product(*(self._alternatives(operand) for operand in operands)))
        if len(choices) > _MOST:
            return [((), node)]
        return [
            (sum((guards for guards, _ in choice), ()), replace(node, **build(tuple(part for _, part in choice))))
            for choice in choices
        ]


def atom(node: Expr) -> Atom:
    """A comparison with what it reads."""
    facts = facts_used(node)
    unit = node.unit if isinstance(node, Compare) else None
    return Atom(node, facts, next(iter(facts)) if len(facts) == 1 and _plain(node) else None, f"{source(node)} {unit}")


def _plain(node: Expr) -> bool:
    """Whether a comparison of one fact is of the kind that cuts it into ranges."""
    match node:
        case Fact() | IsKnown():
            return True
        case Compare(left=left, right=right):
            return bool(measured(left)) != bool(measured(right)) and not (facts_used(left) and facts_used(right))
        case OneOf(left=left) | Within(left=left):
            return isinstance(left, Fact)
        case Contains(item=item, items=items):
            return isinstance(items, Fact) or isinstance(item, Fact)
    return False


def measured(node: Expr) -> Fact | None:
    """The fact that one side of a comparison measures: itself, its day, or how many different items it has."""
    if isinstance(node, Call) and node.name in ("day_of", "distinct") and isinstance(node.args[0], Fact):
        return node.args[0]
    return node if isinstance(node, Fact) and node.var is None else None


def leaves(node: Expr) -> Iterator[Expr]:
    """The truth-valued nodes below a condition that are not connectives."""
    match node:
        case And(items=items) | Or(items=items):
            for item in items:
                yield from leaves(item)
        case Not(body=body) | Let(body=body):
            yield from leaves(body)
        case If(test=test, then=then, other=other):
            for part in (test, then, other):
                yield from leaves(part)
        case _:
            yield node


def has_facts(node: Expr) -> bool:
    """Whether anything of the payment decides the node, or only the law does."""
    return bool(facts_used(node))


def elements(node: Expr) -> list[tuple[Each, Fact]]:
    """Facts of list elements that quantifiers below a node read."""
    return [
        (each, part)
        for each in walk(node)
        if isinstance(each, Each)
        for part in walk(each)
        if isinstance(part, Fact) and part.var == each.var
    ]


def numbers_of(node: Expr) -> list[Expr]:
    """Constants and parameters below a node."""
    return [part for part in walk(node) if isinstance(part, Const | Param)]
