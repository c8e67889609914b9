"""Neutral conditions as text, for the languages that look like arithmetic."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bench.peers import identifier
from bench.sharing import Shared
from bench.tree import And, Compare, Condition, Flag, In, Known, Leaf, Named, Not, Or, fields_of


@dataclass(frozen=True, slots=True)
class Infix:
    """How a language spells its connectives. Equality with null is false in all of them, ordering is an error."""

    and_: str
    or_: str
    not_in: str

    def text(self, condition: Condition) -> str:
        """A condition without `Not`, true exactly when it is true in three-valued logic."""
        match condition:
            case And(parts):
                return self._joined(self.and_, parts)
            case Or(parts):
                return self._joined(self.or_, parts)
            case Not():
                raise ValueError("negation must have been pushed into the comparisons")
            case _:
                return self._leaf(condition)

    def _joined(self, connective: str, parts: tuple[Condition, ...]) -> str:
        return "(" + f" {connective} ".join(self.text(part) for part in parts) + ")"

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Compare(op, left, right):
                names = [identifier(field) for field in fields_of(left)]
                guards = [f"{name} != null" for name in names]
                return self._guarded(guards, f"{' + '.join(names)} {op} {json.dumps(right)}")
            case In(field, values, wanted):
                return self._membership(identifier(field), values, wanted=wanted)
            case Flag(field, wanted):
                return f"{identifier(field)} == {json.dumps(wanted)}"
            case Known(field, wanted):
                return f"{identifier(field)} {'!=' if wanted else '=='} null"
            case Named(name):
                return name

    def _membership(self, name: str, values: tuple[str, ...], *, wanted: bool) -> str:
        if len(values) == 1:
            value = json.dumps(values[0])
            return f"{name} == {value}" if wanted else self._guarded([f"{name} != null"], f"{name} != {value}")
        listed = json.dumps(list(values))
        if wanted:
            return f"{name} in {listed}"
        return self._guarded([f"{name} != null"], self.not_in.format(name=name, values=listed))

    def _guarded(self, guards: list[str], test: str) -> str:
        return "(" + f" {self.and_} ".join([*guards, test]) + ")"

    def lets(self, shared: Shared) -> list[tuple[str, str]]:
        """The hoisted conditions, in order."""
        return [(name, self.text(condition)) for name, condition in shared.lets]

    def listed(self, shared: Shared) -> str:
        """All rules as one list of booleans."""
        return "[" + ", ".join(self.text(rule.condition) for rule in shared.rules) + "]"
