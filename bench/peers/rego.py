"""regopy: Microsoft's rego-cpp, one module compiled to a bundle once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from regopy import Interpreter

from bench.peers import identifier
from bench.sharing import share
from bench.tree import (
    And,
    BenchRule,
    Compare,
    Condition,
    Flag,
    In,
    Known,
    Leaf,
    Named,
    Not,
    Or,
    Row,
    all_fields,
    fields_of,
)

ENTRYPOINT = "bench/fired"


class Rego:
    """A partial set rule `fired`; shared conditions are rules, as a Rego author would write them."""

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """Write the module, compile it with its lists as base document."""
        writer = _Writer()
        module = writer.module(rules)
        compiler = Interpreter()
        compiler.add_module("bench.rego", module)
        compiler.add_data({"lists": writer.lists})
        self._bundle = compiler.build(None, [ENTRYPOINT])
        self._interpreter = Interpreter()
        self._fields = [(identifier(field), field) for field in all_fields(rules)]

    def shape(self, row: Row) -> dict[str, Any]:
        """What is not known is undefined, not null."""
        return {name: row[field] for name, field in self._fields if row.get(field) is not None}

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        self._interpreter.set_input(row)
        output = self._interpreter.query_bundle_entrypoint(self._bundle, ENTRYPOINT)
        return frozenset(output.results[0].expressions[0])


class _Writer:
    def __init__(self) -> None:
        self.lists: dict[str, dict[str, bool]] = {}
        self._helpers: dict[Condition, str] = {}
        self._lines: list[str] = []

    def module(self, rules: Sequence[BenchRule]) -> str:
        shared = share(rules)
        for name, condition in shared.lets:
            self._define(name, condition)
        for rule in shared.rules:
            self._lines.append(f"fired contains {json.dumps(rule.id)} if {{ {self._body(rule.condition)} }}")
        known = [f"known_{name} if {{ _ = input.{name} }}" for name in map(identifier, all_fields(rules))]
        return "\n".join(["package bench", "import rego.v1", *known, *self._lines, ""])

    def _define(self, name: str, condition: Condition) -> None:
        branches = condition.parts if isinstance(condition, Or) else (condition,)
        self._lines.extend([f"{name} if {{ {self._body(branch)} }}" for branch in branches])

    def _body(self, condition: Condition) -> str:
        match condition:
            case And(parts):
                return "; ".join(self._body(part) for part in parts)
            case Or():
                return self._alternative(condition)
            case Not():
                raise ValueError("negation must have been pushed into the comparisons")
            case _:
                return self._leaf(condition)

    def _alternative(self, condition: Or) -> str:
        """A disjunction is a rule with several bodies."""
        name = self._helpers.get(condition)
        if name is None:
            name = self._helpers[condition] = f"any_{len(self._helpers)}"
            self._define(name, condition)
        return name

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Compare(op, left, right):
                total = " + ".join(f"input.{identifier(field)}" for field in fields_of(left))
                return f"{total} {op} {json.dumps(right)}"
            case In(field, values, wanted):
                return self._membership(f"input.{identifier(field)}", values, wanted=wanted)
            case Flag(field, wanted):
                return f"input.{identifier(field)} == {json.dumps(wanted)}"
            case Known(field, wanted):
                return f"{'' if wanted else 'not '}known_{identifier(field)}"
            case Named(name):
                return name

    def _membership(self, name: str, values: tuple[str, ...], *, wanted: bool) -> str:
        if len(values) == 1:
            return f"{name} {'==' if wanted else '!='} {json.dumps(values[0])}"
        listed = self._listed(values)
        return f"data.lists.{listed}[{name}]" if wanted else f"{name}; not data.lists.{listed}[{name}]"

    def _listed(self, values: tuple[str, ...]) -> str:
        wanted = dict.fromkeys(values, True)
        for name, members in self.lists.items():
            if members == wanted:
                return name
        name = f"list_{len(self.lists)}"
        self.lists[name] = wanted
        return name
