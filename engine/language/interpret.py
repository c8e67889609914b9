"""The interpreter: slow, obvious, the definition of truth. It keeps every sub-expression's value: it is the explanation.

Kleene's strong logic: `false and unknown` is false, `true or unknown` is true, otherwise unknown; an unknown test whose two
branches agree does not matter. With every unknown value travels the set of facts that would be needed to know it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from engine.catalogue import SILENT
from engine.language.functions import RUN, add_durations, shift
from engine.language.law import OWN, Gap, Law, Moment, missing_law, missing_rate
from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
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
    Past,
    RuleRef,
    Within,
    past_missing,
)
from engine.money import EXACT, Money
from engine.places import country_of

NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Element:
    """One object of a list that a quantifier is looking at, and the path of the list."""

    path: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A node, the value found (None: unknown), what would be needed to know it, and the nodes looked at below it."""

    node: Expr
    value: Any
    missing: frozenset[str] = NOTHING
    below: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Evaluates trees against one transaction under one period of law. `rules`: what earlier rules were found to be."""

    facts: Mapping[str, Any]
    law: Law
    moment: Moment
    rules: Mapping[str, Seen]

    def see(self, node: Expr, unit: str | None = None, element: Element | None = None) -> Seen:
        """The value of a node; money in `unit`."""
        return getattr(self, "_" + type(node).__name__.lower())(node, unit, element)  # type: ignore[no-any-return]

    # -- leaves --

    def _const(self, node: Const, unit: str | None, _element: Any) -> Seen:
        return self._in_unit(node, node.value, unit)

    def _param(self, node: Param, unit: str | None, _element: Any) -> Seen:
        value = self.law.params.get(node.name, Gap.NONE)
        if isinstance(value, Gap):
            return Seen(node, None, frozenset({missing_law(node.name)}))
        return self._in_unit(node, value, unit)

    def _in_unit(self, node: Expr, value: Any, unit: str | None) -> Seen:
        if node.type.kind == "money" and unit is not None and node.type.unit is not None:
            return self._converted(node, Money(value, node.type.unit), unit)
        return Seen(node, value)

    def _fact(self, node: Fact, unit: str | None, element: Element | None) -> Seen:
        if node.var is not None and element is not None:
            value, name = element.facts.get(node.path), f"{element.path}.{node.path}"
        elif node.path == PAYMENT_DATE:
            return Seen(node, self.moment.day)
        elif node.path == LOCAL_HOUR:
            return Seen(node, self.moment.hour)
        else:
            value, name = self.facts.get(node.path, SILENT.get(node.path)), node.path
        if value is None:
            return Seen(node, None, frozenset({name}))
        if isinstance(value, Money):
            return self._converted(node, value, unit or OWN)
        return Seen(node, value)

    def _past(self, node: Past, unit: str | None, _element: Any) -> Seen:
        value = self.facts.get(node.path)
        if value is None:
            return Seen(node, None, past_missing(node.needs, self.facts))
        return self._converted(node, value, unit or OWN) if isinstance(value, Money) else Seen(node, value)

    def _converted(self, node: Expr, money: Money, unit: str) -> Seen:
        target = self.facts["currency"] if unit == OWN else unit
        if money.currency == target:
            return Seen(node, money.amount)
        amount = self.moment.convert(money, target)
        return Seen(node, amount, NOTHING if amount is not None else frozenset({missing_rate(money.currency, target)}))

    def _isknown(self, node: IsKnown, _unit: str | None, _element: Any) -> Seen:
        return Seen(node, any(path in self.facts for path in node.paths))

    def _ruleref(self, node: RuleRef, _unit: str | None, _element: Any) -> Seen:
        rule = self.rules[node.rule]
        return Seen(node, rule.value, rule.missing)

    def _let(self, node: Let, unit: str | None, element: Any) -> Seen:
        body = self.see(node.body, unit, element)
        return Seen(node, body.value, body.missing, (body,))

    # -- logic --

    def _not(self, node: Not, unit: str | None, element: Any) -> Seen:
        body = self.see(node.body, unit, element)
        return Seen(node, None if body.value is None else not body.value, body.missing, (body,))

    def _and(self, node: And, unit: str | None, element: Any) -> Seen:
        return _join(node, tuple(self.see(item, unit, element) for item in node.items), decisive=False)

    def _or(self, node: Or, unit: str | None, element: Any) -> Seen:
        return _join(node, tuple(self.see(item, unit, element) for item in node.items), decisive=True)

    def _if(self, node: If, unit: str | None, element: Any) -> Seen:
        test = self.see(node.test, unit, element)
        if test.value is not None:
            taken = self.see(node.then if test.value else node.other, unit, element)
            return Seen(node, taken.value, taken.missing, (test, taken))
        then, other = self.see(node.then, unit, element), self.see(node.other, unit, element)
        if then.value is not None and then.value == other.value:
            return Seen(node, then.value, NOTHING, (test, then, other))
        return Seen(node, None, test.missing | then.missing | other.missing, (test, then, other))

    # -- comparison --

    def _compare(self, node: Compare, _unit: str | None, element: Any) -> Seen:
        left, right = self.see(node.left, node.unit, element), self.see(node.right, node.unit, element)
        value = None if left.value is None or right.value is None else COMPARE[node.op](left.value, right.value)
        return Seen(node, value, left.missing | right.missing, (left, right))

    def _oneof(self, node: OneOf, _unit: str | None, element: Any) -> Seen:
        left = self.see(node.left, None, element)
        return Seen(node, None if left.value is None else left.value in node.values, left.missing, (left,))

    def _contains(self, node: Contains, _unit: str | None, element: Any) -> Seen:
        items, item = self.see(node.items, None, element), self.see(node.item, None, element)
        known = items.value is not None and item.value is not None
        return Seen(node, item.value in items.value if known else None, items.missing | item.missing, (item, items))

    def _within(self, node: Within, _unit: str | None, element: Any) -> Seen:
        left = self.see(node.left, None, element)
        value = None if left.value is None else is_within(left.value, node.group, self.law)
        return Seen(node, value, left.missing, (left,))

    # -- numbers --

    def _arith(self, node: Arith, unit: str | None, element: Any) -> Seen:
        left, right = self.see(node.left, unit, element), self.see(node.right, unit, element)
        known = left.value is not None and right.value is not None
        value = arithmetic(node.op, left.value, right.value, whole=node.type.kind == "int") if known else None
        return Seen(node, value, left.missing | right.missing, (left, right))

    def _call(self, node: Call, unit: str | None, element: Any) -> Seen:
        if node.name == "amount_of":
            unit = node.args[0].type.unit
        elif node.name == "ratio":
            unit = node.args[0].type.unit or unit
        args = tuple(self.see(arg, unit, element) for arg in node.args)
        if node.name == "coalesce":
            first = next((arg for arg in args if arg.value is not None), None)
            return Seen(node, first.value if first else None, NOTHING if first else _union(args), args)
        if any(arg.value is None for arg in args):
            return Seen(node, None, _union(args), args)
        return Seen(node, call(node.name, [arg.value for arg in args]), NOTHING, args)

    def _each(self, node: Each, unit: str | None, _element: Any) -> Seen:
        elements = self.facts.get(node.path)
        if elements is None:
            return Seen(node, None, frozenset({node.path}))
        looked_at = [Element(node.path, item) for item in elements]
        wheres = [self.see(node.where, None, item) if node.where else None for item in looked_at]
        bodies = [self.see(node.body, unit, item) for item in looked_at]
        parts = tuple(_filtered(node, where, body) for where, body in zip(wheres, bodies, strict=True))
        missing = _union(parts)
        if node.kind in ("any", "all"):
            joined = _join(node, parts, decisive=node.kind == "any")
            return Seen(node, joined.value, missing if joined.value is None else NOTHING, parts)
        if any(part.value is None for part in parts):
            return Seen(node, None, missing, parts)
        if node.type.kind == "int":
            return Seen(node, sum(part.value for part in parts), NOTHING, parts)
        return Seen(node, reduce(EXACT.add, (part.value for part in parts), Decimal(0)), NOTHING, parts)


def _filtered(node: Each, where: Seen | None, body: Seen) -> Seen:
    """What one element adds: `any` reads `where and body`, `all` reads `not where or body`, the others count or sum."""
    neutral: Any = {"any": False, "all": True}.get(node.kind, 0 if node.type.kind == "int" else Decimal(0))
    value: Any = body.value
    if node.kind == "count" and value is not None:
        value = int(value)
    if where is None or where.value is True:
        return Seen(body.node, value, body.missing)
    if where.value is False or (value is not None and value == neutral):
        return Seen(body.node, neutral)
    return Seen(body.node, None, where.missing | body.missing)


def _join(node: Expr, items: tuple[Seen, ...], *, decisive: bool) -> Seen:
    if any(item.value is decisive for item in items):
        return Seen(node, decisive, NOTHING, items)
    if any(item.value is None for item in items):
        return Seen(node, None, _union(items), items)
    return Seen(node, not decisive, NOTHING, items)


def _union(items: tuple[Seen, ...]) -> frozenset[str]:
    return frozenset().union(*(item.missing for item in items if item.value is None))


COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def is_within(place: str, group: str, law: Law) -> bool:
    """Whether a place is, or lies in, a country, a subdivision or a group as it stands in this period."""
    members = law.members.get(group)
    if members is None:
        return place == group or country_of(place) == group
    return place in members or country_of(place) in members


def arithmetic(op: str, left: Any, right: Any, *, whole: bool = False) -> Any:
    """+ - * / on known values; a date beyond the calendar is unknown. `whole`: of numbers that stay whole."""
    if hasattr(left, "year"):
        if hasattr(right, "year"):
            return left - right
        return shift(left, right, 1 if op == "+" else -1)
    if whole:
        return left + right if op == "+" else left - right if op == "-" else left * right
    if isinstance(left, timedelta):
        return add_durations(left, right if op == "+" else -right)
    left, right = Decimal(left), Decimal(right)
    if op == "+":
        return EXACT.add(left, right)
    if op == "-":
        return EXACT.subtract(left, right)
    return EXACT.multiply(left, right) if op == "*" else EXACT.divide(left, right)


def call(name: str, values: list[Any]) -> Any:
    """A function of the closed list on known values."""
    if name == "min":
        return min(values)
    if name == "max":
        return max(values)
    if name == "amount_of":
        return values[0]
    if name in ("round_half_up", "floor_to"):
        values = [Decimal(values[0]), Decimal(values[1])]
    return RUN[name](*values)
