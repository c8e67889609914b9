"""The compiled executor made for one shape of payment: what every such payment states is folded in, what none states is gone.

A checkout sends the same fields with the same words, payment after payment. Once a shape has come often enough, the rules are
compiled again for it alone, and the general function is left for the rest. The answers are the same by construction (the same
writer, more constants) and by test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.catalogue import FIELDS, SILENT
from engine.facts import Facts, Shape
from engine.language.compile import Evaluate, NamedRule, Statuses, Writer, compile_rules, is_literal
from engine.language.law import OWN, Law
from engine.language.scope import CLOCK
from engine.language.tree import Expr, IsKnown

WARM: Final = 24
"""Payments of a shape before it gets code of its own: fewer would compile for callers who never come back."""

KEPT: Final = 400


def adaptive(rules: Sequence[NamedRule], law: Law) -> Evaluate:
    """The general function, growing a specialised one for every shape that keeps coming."""
    general = compile_rules(rules, law)
    made: dict[Shape, Evaluate] = {}
    seen: dict[Shape, int] = {}

    def evaluate(facts: Mapping[str, Any], moment: Any) -> Statuses:
        if facts.__class__ is not Facts:
            return general(facts, moment)
        run = made.get(facts.shape)
        return run(facts, moment) if run is not None else warm(facts, moment)

    def warm(facts: Facts, moment: Any) -> Statuses:
        shape = facts.shape
        seen[shape] = count = seen.get(shape, 0) + 1
        if count < WARM:
            if len(seen) > 10 * KEPT:
                seen.clear()
            return general(facts, moment)
        if len(made) >= KEPT:
            made.clear()
        run = made[shape] = compile_rules(rules, law, ShapeWriter(law, shape))
        return run(facts, moment)

    return evaluate


class ShapeWriter(Writer):
    """Writes for payments of one shape."""

    def __init__(self, law: Law, shape: Shape):
        super().__init__(law)
        self.shape = shape
        self.head.append("    row = facts.row")

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
        raw = self._load(path)
        if raw == "None":
            return raw
        own, target = self._currency_of(path), self.shape.fixed["currency"] if unit == OWN else unit
        if own != target:
            return super()._load_money(path, unit)
        key = (path, unit)
        if key not in self._loaded:
            name = self._loaded[key] = self.name()
            self.head.append(f"    {name} = {raw}[0]")
            self._early_names.add(name)
            self.sure.add(name)
        return self._loaded[key]

    def _currency_of(self, path: str) -> Any:
        """The currency that every amount at this path is stated in, where the shape tells."""
        unit = FIELDS[path].unit
        beside = f"{path.rpartition('.')[0]}.currency" if unit == ".currency" else "currency"
        return self.shape.fixed.get(beside)

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
