"""The compiled executor made for one shape of payment: what every such payment states is folded in, what none states is gone.

A checkout sends the same fields with the same words, payment after payment. Once a shape has come often enough, the rules are
compiled again for it alone, and the general function is left for the rest. The answers are the same by construction (the same
writer, more constants) and by test.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.catalogue import NAMED, SILENT
from engine.facts import MINOR, Facts, Shape
from engine.language.compile import Evaluate, NamedRule, Statuses, Writer, compile_rules, is_literal
from engine.language.interpret import COMPARE
from engine.language.law import OWN, Gap, Law
from engine.language.scope import CLOCK
from engine.language.tighten import tightened
from engine.language.tree import Arith, Compare, Const, Expr, Fact, If, IsKnown, Let, Param, facts_used
from engine.money import Money

WINDOW: Final = 8192
"""Calls of the general function over which shapes are counted."""

WARM: Final = 24
"""Payments of a shape within a window before it gets code of its own: a third of a percent of the traffic."""

BUDGET: Final = 32
"""Compilations a window at most: traffic of ever new shapes stays with the general function and costs no more than that."""

KEPT: Final = 400


class Grown:
    """The functions made so far, and the count of the shapes that have none."""

    def __init__(self, rules: Sequence[NamedRule], law: Law):
        self._rules, self._law = rules, law
        writer = Writer(law)
        self.general = compile_rules(rules, law, writer)
        self._converted = tuple(writer.converted)
        self.made: dict[Shape, Evaluate] = {}
        self._alike: dict[tuple[Any, ...], Evaluate] = {}
        self._brief: dict[tuple[Any, ...], Evaluate] = {}
        used = frozenset().union(*(facts_used(rule.condition) for rule in rules))
        self._used = sorted(used | {_currency_beside(path) for path in used if path in NAMED} | {"currency"})
        self._seen: dict[Shape, int] = {}
        self._calls = self._spent = 0

    def evaluate(self) -> Evaluate:
        """The function to call: specialised code for a shape that has some, the general function otherwise."""
        made, meet = self.made, self.meet

        def evaluate(facts: Mapping[str, Any], moment: Any) -> Statuses:
            try:
                run = made[facts.shape]  # type: ignore[attr-defined]
            except (KeyError, AttributeError):  # a new shape, or a plain mapping
                return meet(facts, moment)
            return run(facts, moment)

        return evaluate

    def at(self, moment: Any) -> Callable[[Facts], Statuses]:
        """The same for many payments of one moment."""
        made, meet = self.made, self.meet

        def evaluate(facts: Facts) -> Statuses:
            run = made.get(facts.shape)
            return run(facts, moment) if run is not None else meet(facts, moment)

        return evaluate

    def meet(self, facts: Mapping[str, Any], moment: Any) -> Statuses:
        """Decide a payment whose shape has no code of its own yet; give it some if it is a regular."""
        if not isinstance(facts, Facts):
            return self.general(facts, moment)
        self._calls += 1
        if self._calls >= WINDOW:
            self._seen.clear()
            self._calls = self._spent = 0
        count = self._seen[facts.shape] = self._seen.get(facts.shape, 0) + 1
        if count == WARM and self._spent < BUDGET:
            self._grow(facts.shape)
        return self.general(facts, moment)

    def _grow(self, shape: Shape) -> None:
        if len(self.made) >= KEPT:
            self.made.clear()
            self._alike.clear()
            self._brief.clear()
        key = self._key(shape)
        if key not in self._alike:
            self._spent += 1
            self._alike[key] = compile_rules(self._rules, self._law, self._writer(shape))
        self.made[shape] = self._alike[key]

    def brief(self, shape: Shape) -> Evaluate:
        """Only the statuses that differ between payments of a shape that has code: what a memory of them needs to know,
        and a fraction of all."""
        key = self._key(shape)
        found = self._brief.get(key)
        if found is None:
            found = self._brief[key] = compile_rules(self._rules, self._law, self._writer(shape), brief=True)
        return found

    def _writer(self, shape: Shape) -> ShapeWriter:
        return ShapeWriter(self._law, shape, converted=self._converted)

    def _key(self, shape: Shape) -> tuple[Any, ...]:
        """Shapes that differ only in facts no rule asks for, or in words no rule reads, share their code."""
        return tuple([(path, shape.fixed.get(path), shape.places.get(path)) for path in self._used])


_WHOLE: Final = "whole"


def _currency_beside(path: str) -> str:
    """The fact that says which currency an amount is stated in."""
    if path not in NAMED:
        return ""  # a feature of the past: no fact beside it says its currency
    return f"{path.rpartition('.')[0]}.currency" if NAMED[path].unit == ".currency" else "currency"


class _Finer(Exception):
    """Not a whole number of minor units."""


class ShapeWriter(Writer):
    """Writes for payments of one shape."""

    def __init__(
        self, law: Law, shape: Shape, *, hoist: bool = True, converted: Sequence[tuple[str | Money, str]] = ()
    ):
        """`converted`: what code for all payments converts."""
        super().__init__(law, hoist=hoist)
        self.shape, self._noted = shape, converted
        self.head.append("    row = facts.row")

    def prelude(self) -> None:
        """Ask for the rates that code for all payments asks for: whether an answer names a rate must not hang on how often
        payments like it came before."""
        for what, unit in self._noted:
            if isinstance(what, str):
                self._load_money(what, unit)
            elif what[1] != (self.shape.fixed.get("currency") if unit == OWN else unit):
                self.head.append(f"    {self.name()} = {self._convert(self.constant(what), unit)}")

    def finished(self, body: list[str]) -> list[str]:
        """Without variables that are read once: there is little else left to save."""
        return tightened(body)

    def _load(self, path: str) -> str:
        if path in CLOCK:
            name = super()._load(path)
            self.sure.add(name)
            return name
        if path in self.shape.fixed:
            return self.constant(self.shape.fixed[path])
        if path not in self.shape.paths:
            return self.constant(SILENT.get(path))
        key = (path, None)
        if key not in self._loaded:
            name = self._loaded[key] = self.name()
            self.head.append(f"    {name} = row[{self.shape.places[path]}]")
            self._early_names.add(name)
            self.sure.add(name)
        return self._loaded[key]

    def _load_money(self, path: str, unit: str) -> str:
        raw = self._load_whole(path)
        if raw == "None":
            return raw
        own, target = self._currency_of(path), self.shape.fixed["currency"] if unit == OWN else unit
        key = (path, unit)
        if key not in self._loaded:
            name = self._loaded[key] = self.name()
            self.head.append(f"    {name} = {f'{raw}[0]' if own == target else self._convert(raw, unit)}")
            self._early_names.add(name)
            if own == target:
                self.sure.add(name)
        return self._loaded[key]

    def _load_whole(self, path: str) -> str:
        """An amount with its currency; the row holds minor units only."""
        if path not in self.shape.paths:
            return "None"
        key = (path, _WHOLE)
        if key not in self._loaded:
            name = self._loaded[key] = self.name()
            self.head.append(f"    {name} = facts[{self.constant(path)}]")
            self._early_names.add(name)
            self.sure.add(name)
        return self._loaded[key]

    def _currency_of(self, path: str) -> Any:
        """The currency that every amount at this path is stated in, where the shape tells."""
        return self.shape.fixed.get(_currency_beside(path))

    def _compare(self, node: Compare, unit: str | None) -> str:
        """Amounts of one currency compare as whole minor units, where every amount in sight has them."""
        if node.unit is not None:
            currency = self.shape.fixed["currency"] if node.unit == OWN else node.unit
            try:
                left, right = self._minor(node.left, currency), self._minor(node.right, currency)
            except _Finer:
                return super()._compare(node, unit)
            return self._known(f"{left} {node.op} {right}", COMPARE[node.op], left, right)
        return super()._compare(node, unit)

    def _minor(self, node: Expr, currency: str) -> str:
        """Money in minor units of a currency. Raises _Finer where it may be anything but a whole number of them."""
        match node:
            case Let(body=body):
                return self._minor(body, currency)
            case Fact(path=path, var=None):
                if path not in self.shape.paths:
                    return "None"
                if self._currency_of(path) == currency:
                    return self._load(path)
            case Const(value=value) if node.type.unit == currency:
                return self._minor_constant(value, currency)
            case Param(name=name) if node.type.unit == currency:
                value = self.law.params.get(name, Gap.NONE)
                return "None" if isinstance(value, Gap) else self._minor_constant(value, currency)
            case Arith(op="+" | "-" as op, left=left, right=right):
                a, b = self._minor(left, currency), self._minor(right, currency)
                return self._known(f"{a} {op} {b}", operator.add if op == "+" else operator.sub, a, b)
            case If(test=test, then=then, other=other):
                chosen = self.value(test, None)
                if chosen in ("True", "False"):
                    return self._minor(then if chosen == "True" else other, currency)
        raise _Finer

    def _minor_constant(self, value: Decimal, currency: str) -> str:
        minor = value * MINOR[currency]
        if minor != int(minor):
            raise _Finer
        return self.constant(int(minor))

    def _isknown(self, node: IsKnown, _unit: str | None) -> str:
        return str(any(path in self.shape.paths for path in node.paths))

    def _junction(self, items: tuple[Expr, ...], unit: str | None, *, decisive: str, neutral: str) -> str:
        """Where nothing is left to skip, Kleene's tables as plain expressions of values already at hand."""
        so_far = neutral
        for item in items:
            mark = len(self.lines)
            value = self.value(item, unit)
            if len(self.lines) > mark:  # something inside must stay conditional: the general form does that
                del self.lines[mark:]
                return super()._junction(items, unit, decisive=decisive, neutral=neutral)
            if decisive in (value, so_far):
                return decisive
            if so_far == neutral or value in (neutral, so_far):
                so_far = value if so_far == neutral else so_far
            else:
                so_far = self._both(so_far, value, decisive=decisive, neutral=neutral)
        return so_far

    def _both(self, left: str, right: str, *, decisive: str, neutral: str) -> str:
        """Two values joined: `decisive` if either is, else unknown if either is, else `neutral`."""
        word = "and" if decisive == "False" else "or"
        sure = left in self.sure and right in self.sure
        if left in self.sure and right != "None":
            expression = f"{left} {word} {right}"
        elif right in self.sure and left != "None":
            expression = f"{right} {word} {left}"
        elif "None" in (left, right):
            other = right if left == "None" else left
            expression = f"{decisive} if {other} is {decisive} else None"
        else:
            expression = (
                f"{decisive} if {left} is {decisive} or {right} is {decisive} else "
                f"None if {left} is None or {right} is None else {neutral}"
            )
        known = self._early.get(expression)
        if known is None:
            known = self.name()
            if all(is_literal(part) or part in self._early_names for part in (left, right)):
                self._early[expression] = known
                self._early_names.add(known)
                self.head.append(f"    {known} = {expression}")
            else:
                self.line(f"{known} = {expression}")
            if sure:
                self.sure.add(known)
        return known
