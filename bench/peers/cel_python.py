"""common-expression-language: CEL in Rust, behind the module name `cel`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import cel

from bench.peers import identifier
from bench.peers.infix import Infix
from bench.sharing import share, standalone
from bench.tree import BenchRule, Row, all_fields

LANGUAGE = Infix(and_="&&", or_="||", not_in="!({name} in {values})")


class CelPython:
    """One program that answers for all rules."""

    def __init__(self, *, hoist: bool = True) -> None:
        self._hoist = hoist

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """A one-element `map` binds a name, as this CEL has no `cel.bind`."""
        shared = share(rules) if self._hoist else standalone(rules)
        program = LANGUAGE.listed(shared)
        for name, text in reversed(LANGUAGE.lets(shared)):
            program = f"[{text}].map({name}, {program})[0]"
        self._ids = [rule.id for rule in rules]
        self._fields = [(identifier(field), field) for field in all_fields(rules)]
        self._execute = cel.compile(program).execute

    def shape(self, row: Row) -> dict[str, Any]:
        """Every variable has a value, null where it is not known."""
        return {name: row.get(field) for name, field in self._fields}

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        return frozenset(compress(self._ids, self._execute(row)))
