"""cel-expr-python: Google's C++ CEL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings

from bench.peers import identifier
from bench.peers.infix import Infix
from bench.sharing import share, standalone
from bench.tree import BenchRule, Row, all_fields

LANGUAGE = Infix(and_="&&", or_="||", not_in="!({name} in {values})")


class CelExpr:
    """One checked program that answers for all rules."""

    def __init__(self, *, hoist: bool = True) -> None:
        self._hoist = hoist

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """`cel.bind` around the list for what is shared. Dynamic types: a typed variable cannot be null."""
        shared = share(rules) if self._hoist else standalone(rules)
        program = LANGUAGE.listed(shared)
        for name, text in reversed(LANGUAGE.lets(shared)):
            program = f"cel.bind({name}, {text}, {program})"
        self._ids = [rule.id for rule in rules]
        self._fields = [(identifier(field), field) for field in all_fields(rules)]
        variables = {name: cel.Type.DYN for name, _ in self._fields}
        environment = cel.NewEnv(variables=variables, extensions=[ext_bindings.ExtBindings()])
        self._eval = environment.compile(program).eval

    def shape(self, row: Row) -> dict[str, Any]:
        """Every declared variable has a value, null where it is not known."""
        return {name: row.get(field) for name, field in self._fields}

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        return frozenset(compress(self._ids, self._eval(data=row).plain_value()))
