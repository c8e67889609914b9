"""The rules of a compiled pack as neutral conditions, and payments as the rows they read.

What the other engines cannot say at all (the number of distinct elements of a list, the local day of an instant, a
word in a list) becomes a *derived field*: it is computed here, before the clock starts, and handed to them as a plain
number or flag. That favours them: Lexgate computes it from the payment every time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from bench.peers import identifier
from bench.tree import And, BenchRule, Compare, Condition, Flag, In, Known, Not, Op, Or, Scalar, Sum, all_fields
from engine.catalogue import SILENT
from engine.language import tree
from engine.language.interpret import Interpreter
from engine.language.law import Gap, Moment
from engine.language.render import source
from engine.money import Money
from engine.packs.compile import Compiled

CURRENCY = "EUR"
# Money in cents, rates in hundredths of a basis point; instants and the rest have no number here.
SCALES = {"money": 100, "rate": 100, "decimal": 100, "int": 1, "date": 1}
WORDS = frozenset({"string", "enum", "place"})
MIRRORED = {Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.EQ, Op.NE: Op.NE}

# A condition, or a truth value where the law of the period settles it.
Folded: TypeAlias = Condition | bool


class NotExactError(ValueError):
    """A number that the integers of a row cannot hold."""


@dataclass(frozen=True, slots=True)
class _Linear:
    """Integer fields and a constant, added."""

    fields: tuple[str, ...]
    constant: int


@dataclass(slots=True)
class Exporter:
    """Translates the rules of one compiled period of law."""

    compiled: Compiled
    day: date
    derived: dict[str, tree.Expr] = field(default_factory=dict)

    def rules(self) -> list[BenchRule]:
        """Every rule of the pack set whose condition the law does not settle by itself."""
        found = [(active.rule.id, self._condition(active.condition, negated=False)) for active in self.compiled.rules]
        return [BenchRule(rule_id, folded) for rule_id, folded in found if not isinstance(folded, bool)]

    def settled(self) -> dict[str, bool]:
        """Rules that always or never fire in this period, whatever the payment."""
        found = {active.rule.id: self._condition(active.condition, negated=False) for active in self.compiled.rules}
        return {rule_id: folded for rule_id, folded in found.items() if isinstance(folded, bool)}

    # -- conditions --

    def _condition(self, node: tree.Expr, *, negated: bool) -> Folded:
        """`negated`: under an odd number of `not`, where being false must be exact rather than being true."""
        match node:
            case tree.Const(value=value):
                return bool(value)
            case tree.Let(body=body):
                return self._condition(body, negated=negated)
            case tree.RuleRef(rule=name):
                return self._condition(self._rule(name), negated=negated)
            case tree.Not(body=body):
                return negation(self._condition(body, negated=not negated))
            case tree.And(items=items):
                return conjunction([self._condition(item, negated=negated) for item in items])
            case tree.Or(items=items):
                return disjunction([self._condition(item, negated=negated) for item in items])
            case tree.If():
                return self._choice(node, negated=negated)
            case tree.Compare():
                return self._compare(node, negated=negated)
            case _:
                return self._atom(node)

    def _rule(self, name: str) -> tree.Expr:
        return next(active.condition for active in self.compiled.rules if active.rule.id == name)

    def _atom(self, node: tree.Expr) -> Folded:
        match node:
            case tree.Param(name=name):
                value = self.compiled.law.params.get(name, Gap.NONE)
                return Flag(f"law.{name}") if isinstance(value, Gap) else bool(value)
            case tree.Fact(path=path, var=None):
                return Flag(path)
            case tree.OneOf(left=tree.Fact(path=path, var=None, type=kind), values=values) if kind.kind in WORDS:
                return In(path, tuple(str(value) for value in values))
            case tree.Within(left=tree.Fact(path=path, var=None), group=group):
                return In(path, tuple(sorted(self.compiled.law.members.get(group, {group}))))
            case tree.IsKnown(paths=paths):
                return disjunction([Known(path) for path in paths])
            case _:
                return Flag(self._derive(node))

    def _choice(self, node: tree.If, *, negated: bool) -> Folded:
        """Where the test is unknown, two branches that agree decide."""
        test, opposite = self._both_ways(node.test)
        then, other = (self._condition(branch, negated=negated) for branch in (node.then, node.other))
        agreed = False if negated else conjunction([then, other])
        return disjunction([conjunction([test, then]), conjunction([opposite, other]), agreed])

    def _both_ways(self, test: tree.Expr) -> tuple[Folded, Folded]:
        """A test where it must be exactly true, and its negation where that must be."""
        return self._condition(test, negated=False), negation(self._condition(test, negated=True))

    # -- comparisons --

    def _compare(self, node: tree.Compare, *, negated: bool) -> Folded:
        """A choice among numbers is taken out of the comparison: each branch is compared by itself."""
        for side in ("left", "right"):
            chosen = _without_lets(getattr(node, side))
            if isinstance(chosen, tree.If):
                then, other = (self._with_side(node, side, branch) for branch in (chosen.then, chosen.other))
                test, opposite = self._both_ways(chosen.test)
                branches = [self._compare(branch, negated=negated) for branch in (then, other)]
                # With the test unknown the number is, so the comparison may not be called false.
                unknown = conjunction([test, opposite]) if negated else False
                return disjunction([conjunction([test, branches[0]]), conjunction([opposite, branches[1]]), unknown])
        return self._plain_comparison(node)

    @staticmethod
    def _with_side(node: tree.Compare, side: str, branch: tree.Expr) -> tree.Compare:
        left, right = (branch, node.right) if side == "left" else (node.left, branch)
        return tree.Compare(node.type, node.at, node.op, left, right, node.unit)

    def _plain_comparison(self, node: tree.Compare) -> Folded:
        left, right, op = _without_lets(node.left), _without_lets(node.right), Op(node.op)
        if left.type.kind in WORDS:
            return self._words(op, left, right, node)
        if left.type.kind == "bool" or left.type.kind not in SCALES or right.type.kind not in SCALES:
            return Flag(self._derive(node))
        first, second = self._linear(left), self._linear(right)
        if first is None or second is None:
            return Flag(f"law.{source(node)}")
        if first.fields and second.fields:
            return Flag(self._derive(node))
        if not first.fields:
            first, second, op = second, first, MIRRORED[op]
        constant = second.constant - first.constant
        if not first.fields:
            return {Op.EQ: constant == 0, Op.NE: constant != 0, Op.LT: constant > 0, Op.LE: constant >= 0}.get(
                op, constant < 0 if op is Op.GT else constant <= 0
            )
        return Compare(op, first.fields[0] if len(first.fields) == 1 else Sum(first.fields), constant)

    def _words(self, op: Op, left: tree.Expr, right: tree.Expr, node: tree.Compare) -> Folded:
        left, right = self._settled_word(left), self._settled_word(right)
        if isinstance(left, tree.Const) and isinstance(right, tree.Const):
            return (left.value == right.value) == (op is Op.EQ)
        if isinstance(left, tree.Const):
            left, right = right, left
        if isinstance(left, tree.Fact) and left.var is None and isinstance(right, tree.Const):
            return In(left.path, (str(right.value),), op is Op.EQ)
        return Flag(self._derive(node))

    def _settled_word(self, node: tree.Expr) -> tree.Expr:
        if isinstance(node, tree.Param):
            value = self.compiled.law.params.get(node.name, Gap.NONE)
            if not isinstance(value, Gap):
                return tree.Const(node.type, node.at, value)
        return node

    # -- numbers --

    def _linear(self, node: tree.Expr) -> _Linear | None:
        """Fields plus a constant; None for a number the law has not been read for."""
        node = _without_lets(node)
        match node:
            case tree.Const(value=value):
                return _Linear((), integer(value, node.type.kind))
            case tree.Param(name=name):
                value = self.compiled.law.params.get(name, Gap.NONE)
                return None if isinstance(value, Gap) else _Linear((), integer(value, node.type.kind))
            case tree.Fact(path=path, var=None):
                return _Linear((path,), 0)
            case tree.If(test=test, then=then, other=other):
                settled = self._condition(test, negated=False)
                if isinstance(settled, bool):
                    return self._linear(then if settled else other)
            case tree.Arith(op="+", left=left, right=right) if left.type.kind == right.type.kind != "date":
                first, second = self._linear(left), self._linear(right)
                if first is None or second is None:
                    return None
                return _Linear((*first.fields, *second.fields), first.constant + second.constant)
        return _Linear((self._derive(node),), 0)

    def _derive(self, node: tree.Expr) -> str:
        name = f"derived.{identifier(source(node))}"
        self.derived[name] = node
        return name

    # -- rows --

    def row(self, rules: Sequence[BenchRule], facts: Mapping[str, Any], moment: Moment) -> dict[str, Scalar]:
        """What the exported rules read of a payment. What is not known is absent."""
        interpreter = Interpreter(facts, self.compiled.law, moment, {})
        row: dict[str, Scalar] = {}
        for name in all_fields(rules):
            node = self.derived.get(name)
            value = interpreter.see(node).value if node else facts.get(name, SILENT.get(name))
            if value is not None:
                row[name] = scalar(value, node.type.kind if node else "")
        return row


def _without_lets(node: tree.Expr) -> tree.Expr:
    while isinstance(node, tree.Let):
        node = node.body
    return node


def integer(value: Any, kind: str) -> int:
    """A number of the law as the rows have it. Raises NotExactError rather than rounding."""
    if isinstance(value, date):
        return value.toordinal()
    scaled = Decimal(value) * SCALES[kind]
    if scaled != int(scaled):
        raise NotExactError(f"{value} is finer than 1/{SCALES[kind]}")
    return int(scaled)


def scalar(value: Any, kind: str) -> Scalar:
    """A fact as a row has it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Money):
        if value.currency != CURRENCY:
            raise NotExactError(f"{value} is not in {CURRENCY}")
        return integer(value.amount, "money")
    if isinstance(value, tuple | list):
        return len(value)
    if isinstance(value, int) and kind in ("", "int"):
        return value
    return integer(value, kind or "rate")


# -- folding ----------------------------------------------------------------------------------------------------------


def negation(folded: Folded) -> Folded:
    """`not`, folded."""
    if isinstance(folded, bool):
        return not folded
    return folded.part if isinstance(folded, Not) else Not(folded)


def conjunction(parts: Sequence[Folded]) -> Folded:
    """`and`, folded and flattened."""
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return _joined(And, [part for part in kept if not isinstance(part, bool)], empty=True)


def disjunction(parts: Sequence[Folded]) -> Folded:
    """`or`, folded and flattened."""
    kept = [part for part in parts if part is not False]
    if any(part is True for part in kept):
        return True
    return _joined(Or, [part for part in kept if not isinstance(part, bool)], empty=False)


def _joined(kind: type[And] | type[Or], parts: list[Condition], *, empty: bool) -> Folded:
    unique = tuple(dict.fromkeys(parts))
    if not unique:
        return empty
    return unique[0] if len(unique) == 1 else kind(unique)
