"""zen-engine (GoRules): one compiled expression that answers for all rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import zen

from bench.peers import identifier
from bench.peers.infix import Infix
from bench.sharing import share, standalone
from bench.tree import BenchRule, Row, all_fields

LANGUAGE = Infix(and_="and", or_="or", not_in="{name} not in {values}")


class Zen:
    """A list expression evaluated once a payment: the context is converted once, not once a rule."""

    def __init__(self, *, hoist: bool = True) -> None:
        self._hoist = hoist

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """Assignments for what is shared, then the list."""
        shared = share(rules) if self._hoist else standalone(rules)
        assignments = "".join(f"{name} = {text}; " for name, text in LANGUAGE.lets(shared))
        self._ids = [rule.id for rule in rules]
        self._fields = [(identifier(field), field) for field in all_fields(rules)]
        self.answer = self._evaluate = zen.compile_expression(assignments + LANGUAGE.listed(shared)).evaluate

    def shape(self, row: Row) -> dict[str, Any]:
        """Nulls are stated: resolving an absent name is slower."""
        return {name: row.get(field) for name, field in self._fields}

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        return frozenset(compress(self._ids, self._evaluate(row)))
