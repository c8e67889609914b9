"""The help of a prover where facts are compared with one another, if one is installed (`pip install lexgate[prove]`).

Conditions become statements over the reals: of each fact whether it is stated and what it is, of each condition when it is true
and when it is false. What cannot be said so exactly, such as a condition over the elements of a list, is left undecided.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, Final

from engine.diffs.normal import units_used
from engine.language.law import OWN, Gap, Law
from engine.language.tree import (
    And,
    Arith,
    Compare,
    Const,
    Expr,
    Fact,
    If,
    IsKnown,
    Not,
    Or,
    Param,
    Past,
    facts_used,
    walk,
)
from engine.packs.lint.atoms import FALSE, TRUE, UNKNOWN
from engine.packs.lint.cells import ABSENT, ALWAYS
from engine.packs.lint.solve import Question

CAP_MS: Final = 200
"""Milliseconds that the prover may take for one pair; after that it is not decided."""
_NUMBERS: Final = frozenset({"money", "int", "rate", "decimal"})

Truth = tuple[Any, Any]
"""When a condition is true, and when it is false."""


class NotSaid(ValueError):
    """What the prover cannot be told exactly."""


@cache
def prover() -> Any | None:
    """The module of the prover; None where it is not installed."""
    try:
        return import_module("z3")
    except ImportError:
        return None


def proved_alike(pair: tuple[Expr, Expr], law: Law, question: Question) -> bool:
    """Whether it is proved that two conditions come out alike for every payment, amounts converted from elsewhere included.

    `question`: the same pair as the search sees it. False: not proved, for whatever reason.
    """
    z3 = prover()
    if z3 is None:
        return False
    try:
        return _Statement(z3, law, question).alike(*pair)
    except NotSaid:
        return False


class _Statement:
    """Two conditions as statements of the prover."""

    def __init__(self, z3: Any, law: Law, question: Question):
        self._z3, self._law, self._question = z3, law, question
        self._known: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        self._limits: list[Any] = []

    def alike(self, one: Expr, two: Expr) -> bool:
        """Whether no assignment tells them apart."""
        z3 = self._z3
        if len(units_used(one) | units_used(two)) > 1:  # amounts of one payment in two currencies: it turns on the rate
            raise NotSaid
        (true_one, false_one), (true_two, false_two) = self._truth(one), self._truth(two)
        solver = z3.Solver()
        solver.set("timeout", CAP_MS)
        solver.set("random_seed", 0)
        solver.add(*self._limits, z3.Or(true_one != true_two, false_one != false_two))
        return bool(solver.check() == z3.unsat)

    # -- conditions --

    def _truth(self, node: Expr) -> Truth:
        z3 = self._z3
        match node:
            case Const(value=bool(value)):
                return z3.BoolVal(value), z3.BoolVal(not value)
            case Not(body=body):
                true, false = self._truth(body)
                return false, true
            case And(items=items) | Or(items=items):
                parts = [self._truth(item) for item in items]
                trues, falses = [part[0] for part in parts], [part[1] for part in parts]
                return (z3.And(*trues), z3.Or(*falses)) if isinstance(node, And) else (z3.Or(*trues), z3.And(*falses))
            case If(test=test, then=then, other=other):
                chosen, left = self._truth(test), (self._truth(then), self._truth(other))
                return self._choice(chosen, left[0][0], left[1][0]), self._choice(chosen, left[0][1], left[1][1])
            case IsKnown(paths=paths):
                known = z3.Or(*(self._is_known(path) for path in paths))
                return known, z3.Not(known)
            case Compare() if self._numeric(node):
                return self._compared(node)
        return self._table(node)

    def _choice(self, test: Truth, then: Any, other: Any) -> Any:
        """Kleene's choice: of a test that is not known, what both branches agree in."""
        z3 = self._z3
        return z3.Or(z3.And(test[0], then), z3.And(test[1], other), z3.And(then, other))

    def _table(self, node: Expr) -> Truth:
        """A comparison of one fact, value by value as the search tells them apart."""
        z3 = self._z3
        paths = facts_used(node)
        if len(paths) != 1:
            raise NotSaid
        (path,) = paths
        space = self._question.space
        if path not in space or (path in self._values and self._values[path].sort() == z3.RealSort()):
            raise NotSaid
        trues, falses = [], []
        for at, value in enumerate(space[path]):
            outcome = self._question.possible(node, {**space, path: (value,)})
            if outcome not in (TRUE, FALSE, UNKNOWN):
                raise NotSaid
            here = (
                z3.Not(self._is_known(path))
                if value is ABSENT
                else z3.And(self._is_known(path), self._word(path) == at)
            )
            trues += [here] if outcome == TRUE else []
            falses += [here] if outcome == FALSE else []
        return z3.Or(*trues), z3.Or(*falses)

    def _word(self, path: str) -> Any:
        """A fact of few values, as the position of one among them."""
        if path not in self._values:
            self._values[path] = self._z3.Int(path)
            stated = [value for value in self._question.space[path] if value is not ABSENT]
            self._limits += [self._values[path] >= 0, self._values[path] < max(len(stated), 1)]
        return self._values[path]

    def _is_known(self, path: str) -> Any:
        if path not in self._known:
            self._known[path] = self._z3.BoolVal(True) if path in ALWAYS else self._z3.Bool(f"known {path}")
        return self._known[path]

    # -- numbers --

    def _numeric(self, node: Compare) -> bool:
        return node.left.type.kind in _NUMBERS and node.right.type.kind in _NUMBERS

    def _compared(self, node: Compare) -> Truth:
        z3 = self._z3
        left, right = self._number(node.left), self._number(node.right)
        if left is None or right is None:  # a number of the law that is not known: never true, never false
            return z3.BoolVal(False), z3.BoolVal(False)
        holds = {
            "==": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
            ">": left > right, ">=": left >= right,
        }[node.op]  # fmt: skip
        facts = facts_used(node)
        known = z3.And(*(self._is_known(path) for path in facts), self._rate(node))
        return z3.And(known, holds), z3.And(known, z3.Not(holds))

    def _rate(self, node: Compare) -> Any:
        """Whether there is an exchange rate into the currency of a comparison: of all of them together."""
        stated = any(isinstance(part, Fact) and not isinstance(part, Past) for part in walk(node))
        wanted = stated and node.unit not in (None, OWN)
        return self._z3.Bool(f"rate {node.unit}") if wanted else self._z3.BoolVal(True)

    def _number(self, node: Expr) -> Any:
        match node:
            case Const(value=value) if isinstance(value, int | Decimal):
                return self._z3.RealVal(str(value))
            case Param(name=name):
                value = self._law.params.get(name, Gap.NONE)
                return None if isinstance(value, Gap) else self._z3.RealVal(str(value))
            case Fact(path=path, var=None):
                return self._real(path, whole=node.type.kind == "int")
            case Arith(op=op, left=left, right=right) if op in "+-*":
                sides = self._number(left), self._number(right)
                if sides[0] is None or sides[1] is None:
                    return None
                return sides[0] + sides[1] if op == "+" else sides[0] - sides[1] if op == "-" else sides[0] * sides[1]
        raise NotSaid

    def _real(self, path: str, *, whole: bool) -> Any:
        if path not in self._values:
            made = self._z3.Int(path) if whole else self._z3.Real(path)
            self._values[path] = self._z3.ToReal(made) if whole else made
            self._limits.append(self._values[path] >= 0)
        elif self._values[path].sort() != self._z3.RealSort():
            raise NotSaid
        return self._values[path]
