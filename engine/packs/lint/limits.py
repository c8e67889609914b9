"""Thresholds: each is tested exactly at its value and just beyond it, with different outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.language.interpret import Seen
from engine.language.render import show, source
from engine.language.scope import CLOCK
from engine.language.tree import Compare, Const, Each, Expr, Fact, If, Let, Param, facts_used
from engine.language.types import ORDERED, Type
from engine.money import DIGITS
from engine.packs.lint.examples import Example
from engine.packs.lint.logic import Unit, inside, units
from engine.packs.lint.questions import Setting
from engine.packs.lint.view import View
from engine.packs.model import Domain, Pack

ORDER: Final = {"<": (-1, ">="), "<=": (1, ">"), ">": (1, "<="), ">=": (-1, "<")}
"""Where, seen from the threshold, the outcome is another; for the measured side on the left."""
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEAR: Final = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison of something measured with something that the law sets."""

    node: Compare
    measured: Expr
    limit: Expr
    op: str

    def split(self, seen: Seen) -> tuple[Any, Any]:
        """Measure and limit, as a test found them."""
        left, right = (below.value for below in seen.below)
        return (left, right) if self.measured is self.node.left else (right, left)


def thresholds(view: View, pack: Pack, part: Domain, found: list[Example]) -> None:
    """Every threshold of every rule and let of a domain."""
    shown: dict[int, list[tuple[Seen, Any]]] = {}
    for example in found:
        for seen, outcome in _compared(example.seen, example.outcome) if example.seen else ():
            shown.setdefault(id(seen.node), []).append((seen, outcome))
    for unit in units(view, pack, part):
        if unit.owner.spot in view.flawed:
            continue
        for threshold in _thresholds(unit.body):
            _tested(view, unit, threshold, shown.get(id(threshold.node), []))


def _compared(seen: Seen, outcome: Any) -> Iterator[tuple[Seen, Any]]:
    """Every comparison, with what came of it: the value of the let around it, or what the rule did."""
    if isinstance(seen.node, Compare):
        yield seen, outcome
    inner = seen.value if isinstance(seen.node, Let) and seen.node.type.kind == "bool" else outcome
    for below in seen.below:
        yield from _compared(below, inner)


def _thresholds(body: Expr) -> Iterator[Threshold]:
    for node in inside(body):
        if not isinstance(node, Compare) or node.op not in ORDER or node.left.type.kind not in ORDERED:
            continue
        left, right = _measures(node.left), _measures(node.right)
        if left != right:
            measured, limit = (node.left, node.right) if left else (node.right, node.left)
            yield Threshold(node, measured, limit, node.op if left else _TURNED[node.op])


def _measures(node: Expr) -> bool:
    """Whether a fact of the payment is part of the value, and not only of the choice between values."""
    match node:
        case Fact(path=path, var=var):
            return var is None and path not in CLOCK
        case Let(body=body):
            return _measures(body)
        case If(then=then, other=other):
            return _measures(then) or _measures(other)
        case Each():
            return True
        case Param() | Const():
            return False
    return bool(facts_used(node))


def _tested(view: View, unit: Unit, threshold: Threshold, shown: list[tuple[Seen, Any]]) -> None:
    known = [(threshold.split(seen), outcome) for seen, outcome in shown if None not in threshold.split(seen)]
    for limit in _limits(unit.settings, threshold):
        sign, _ = ORDER[threshold.op]
        at = {outcome for (value, held), outcome in known if held == limit and value == held}
        beyond = {outcome for (value, held), outcome in known if held == limit and _just(value, held, sign, threshold)}
        if _below_nought(limit, sign) or any(one != two for one in at for two in beyond):
            continue
        where = "above" if sign > 0 else "below"
        missing = (
            "exactly at it" if not at else f"just {where} it" if not beyond else f"with another outcome just {where} it"
        )
        said = show(limit, threshold.limit.type, threshold.node.unit)
        message = f"No test of {unit.name} meets `{source(threshold.node)}` at {said} {missing}."
        view.report("test-threshold", unit.spot(threshold.node), message)


def _limits(found: list[Setting], threshold: Threshold) -> list[Any]:
    """The values the limit takes in any period, however it is chosen."""
    values: dict[Any, None] = {}
    for setting in found:
        for node in _leaves(threshold.limit):
            value = setting.constant(node, threshold.node.unit)
            if value is not None:
                values[value] = None
    return list(values)


def _leaves(node: Expr) -> Iterator[Expr]:
    match node:
        case Let(body=body):
            yield from _leaves(body)
        case If(then=then, other=other):
            yield from _leaves(then)
            yield from _leaves(other)
        case _ if not facts_used(node):
            yield node


def _just(value: Any, limit: Any, sign: int, threshold: Threshold) -> bool:
    """Whether a value lies beyond the limit by no more than the smallest step, or two hundredths."""
    distance = (value - limit) if sign > 0 else (limit - value)
    nought = timedelta(0) if isinstance(distance, timedelta) else 0
    return bool(nought < distance <= _step(limit, threshold.measured.type, threshold.node.unit))


def _step(limit: Any, kind: Type, unit: str | None) -> Any:
    if isinstance(limit, timedelta):
        return max(timedelta(hours=1), limit / 50) if limit < timedelta(days=1) else timedelta(days=1)
    if isinstance(limit, date):
        return timedelta(days=1)
    if kind.kind == "int":
        return 1
    smallest = Decimal(1).scaleb(-DIGITS.get(unit or "", 2))
    return max(smallest, Decimal(limit) * _NEAR)


def _below_nought(limit: Any, sign: int) -> bool:
    return sign < 0 and isinstance(limit, int | Decimal) and limit == 0
