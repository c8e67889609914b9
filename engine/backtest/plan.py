"""The rules of one law, taken apart for columns: the questions asked of values, each once, and how their answers make the rules.

Nothing is known of payments but what they state: what a rule asks of the past is unknown, and so is what it asks of a list of
objects, which no payment here states. What no payment can make a difference to is decided here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple

import polars as pl

from engine.backtest.payments import Payments
from engine.catalogue import FIELDS, SILENT
from engine.language.columns import SCALE
from engine.language.compile import NamedRule
from engine.language.frame import Writer
from engine.language.frame_values import COUNTED, WIDE, Column, NotInFrame, unknown
from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
from engine.language.tree import And, Each, Expr, Fact, Let, Not, Or, Past, RuleRef, walk
from engine.packs.compile import Compiled

CLOCK: Final = frozenset({PAYMENT_DATE, LOCAL_HOUR})
"""What is not stated but told by the clocks of a place."""
_UNSEEN: Final = frozenset({"at", "label", "shown"})
"""Fields of a node that make no difference to its value."""

Pairs = frozenset[tuple[str, str]]
"""Amounts that are compared, by path, and the currency that they must stand in; `=` is the payment's own."""


class Atom(NamedTuple):
    """A question asked of the values of each payment."""

    expr: pl.Expr
    pairs: Pairs


class Step(NamedTuple):
    """How an answer is made of others: `atom`, `and`, `or`, `not`, or `fixed` where it is the same for every payment."""

    kind: str
    of: tuple[int, ...] = ()
    value: bool | None = None


@dataclass(slots=True)
class Plan:
    """Steps in an order in which each finds what it is made of."""

    atoms: list[Atom]
    steps: list[Step]
    rules: dict[str, int]
    """Rule -> the step that tells whether it holds."""
    parts: dict[str, list[int]]
    """Of duties that no exemption lifts: the steps of everything in their condition that is true or false."""
    pairs: dict[str, Pairs]
    """Rule -> the amounts that it may compare."""
    refused: dict[str, str]
    """Rules that are not asked of columns, and why."""


def plan_of(compiled: Compiled, payments: Payments) -> Plan:
    """The plan for payments that state these facts."""
    planner = _Planner(compiled, payments)
    for active in compiled.rules:
        planner.add(NamedRule(active.rule.id, active.condition), parts=active.rule.effect.always)
    return planner.plan


class _Planner(Writer):
    """Writes rules for payments of which nothing but what they state is known."""

    def __init__(self, compiled: Compiled, payments: Payments):
        super().__init__(compiled.law)
        self._payments = payments
        self._columns = frozenset(payments.frame.columns)
        self._numbers: dict[Hashable, int] = {}
        self._pairs_of: list[Pairs] = []
        self.plan = Plan([], [], {}, {}, {}, {})

    def add(self, rule: NamedRule, *, parts: bool = False) -> None:
        """Take one rule apart, or note why it cannot be."""
        try:
            number = self._number(rule.condition)
            if parts:
                nodes = [node for node in walk(rule.condition) if node.type.kind == "bool"]
                self.plan.parts[rule.id] = [self._number(node) for node in nodes]
        except NotInFrame as refused:
            self.plan.refused[rule.id] = str(refused)
        else:
            self.plan.rules[rule.id], self.plan.pairs[rule.id] = number, self._pairs_of[number]

    # -- truths --

    def _number(self, node: Expr) -> int:
        """The step that tells whether a condition holds."""
        match node:
            case Let(body=body):
                return self._number(body)
            case RuleRef(rule=rule):
                if rule in self.plan.refused:
                    raise NotInFrame(f"its exception {rule} is not in the frame: {self.plan.refused[rule]}")
                return self.plan.rules[rule]
            case Not(body=body):
                return self._step("not", (self._number(body),))
            case And(items=items):
                return self._step("and", tuple(self._number(item) for item in items))
            case Or(items=items):
                return self._step("or", tuple(self._number(item) for item in items))
        return self._leaf(node)

    def _step(self, kind: str, of: tuple[int, ...]) -> int:
        steps = self.plan.steps
        known = [steps[number].value for number in of if steps[number].kind == "fixed"]
        of = tuple(number for number in dict.fromkeys(of) if steps[number].kind != "fixed")
        if kind == "not":
            return self._fixed_step(None if known[0] is None else not known[0]) if known else self._keep(kind, of)
        decisive = kind == "or"
        if decisive in known:
            return self._fixed_step(decisive)
        if None in known:
            of = (*of, self._fixed_step(None))
            return of[0] if len(of) == 1 else self._keep(kind, of)
        if not of:
            return self._fixed_step(not decisive)
        return of[0] if len(of) == 1 else self._keep(kind, of)

    def _fixed_step(self, value: bool | None) -> int:
        return self._known(("fixed", value), lambda: Step("fixed", value=value), frozenset())

    def _keep(self, kind: str, of: tuple[int, ...]) -> int:
        pairs = frozenset[tuple[str, str]]().union(*(self._pairs_of[number] for number in of))
        return self._known((kind, of), lambda: Step(kind, of), pairs)

    def _known(self, key: Hashable, make: Callable[[], Step], pairs: Pairs) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.plan.steps)
            self.plan.steps.append(make())
            self._pairs_of.append(pairs)
        return number

    def _leaf(self, node: Expr) -> int:
        key = ("leaf", _shape(node))
        if key in self._numbers:
            return self._numbers[key]
        self._amounts.append(set())
        try:
            expr = self.see(node, None).expr
        finally:
            pairs = frozenset(pair for pair in self._amounts.pop() if pair[0] in self._payments.paths)
        if not expr.meta.root_names():
            number = self._numbers[key] = self._fixed_step(pl.select(expr.cast(pl.Boolean)).item())
            return number
        self.plan.atoms.append(Atom(expr, pairs))
        return self._known(key, lambda: Step("atom", (len(self.plan.atoms) - 1,)), pairs)

    # -- values --

    def column(self, path: str) -> pl.Expr:
        """Where the values of a fact stand, or the offsets of its instants."""
        if path in CLOCK or path in self._columns:
            return pl.col(path)
        return self._payments.column(path) if path in FIELDS else pl.lit(None, dtype=pl.Int64)

    def _fact(self, node: Fact, unit: str | None) -> Column:
        """A fact that nobody states stays one value for all, so that what hangs on it alone is decided once."""
        kind = node.type.kind
        if node.path in self._columns or node.path in CLOCK or node.path in SILENT or kind not in COUNTED:
            return super()._fact(node, unit)
        scale = SCALE if kind in ("decimal", "rate", "money") else 0
        nothing = pl.lit(None, dtype=WIDE)
        return Column(nothing, scale, 1, nothing if kind == "instant" else None)

    def _past(self, node: Past, _unit: str | None) -> Column:
        return unknown(node.type.kind)

    def _each(self, node: Each, _unit: str | None) -> Column:
        return unknown(node.type.kind)

    def _atom(self, node: Expr, build: Callable[[], pl.Expr]) -> Column:
        return Column(build())


def _shape(node: Any) -> Hashable:
    """A node as far as its value hangs on it."""
    if isinstance(node, Let):
        return _shape(node.body)
    if isinstance(node, Expr):
        return (type(node).__name__, *_fields(node))
    return tuple(map(_shape, node)) if isinstance(node, tuple) else (type(node).__name__, node)


def _fields(node: Expr) -> Iterator[Hashable]:
    for one in fields(node):
        if one.name not in _UNSEEN:
            yield _shape(getattr(node, one.name))
