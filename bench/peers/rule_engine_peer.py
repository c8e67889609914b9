"""rule-engine: a Python interpreter of its own expression language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import rule_engine

from bench.peers import identifier
from bench.peers.infix import Infix
from bench.sharing import share, standalone
from bench.tree import BenchRule, Row, all_fields

LANGUAGE = Infix(and_="and", or_="or", not_in="{name} not in {values}")


def _item(thing: Mapping[str, Any], name: str) -> Any:
    """The library's own resolver without its checks: every name is there."""
    return thing[name]


class RuleEngine:
    """One compiled rule each; shared conditions are rules asked first, their answers added to the payment."""

    def __init__(self, *, hoist: bool = True) -> None:
        self._hoist = hoist

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """Parse once, in one context."""
        shared = share(rules) if self._hoist else standalone(rules)
        context = rule_engine.Context(resolver=_item)
        lets = LANGUAGE.lets(shared)
        self._lets = [(name, rule_engine.Rule(text, context=context).matches) for name, text in lets]
        self._rules = [
            (rule.id, rule_engine.Rule(LANGUAGE.text(rule.condition), context=context).matches) for rule in shared.rules
        ]
        self._fields = [(identifier(field), field) for field in all_fields(rules)]

    def shape(self, row: Row) -> dict[str, Any]:
        """Every symbol has a value, null where it is not known."""
        return {name: row.get(field) for name, field in self._fields}

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        known = dict(row)
        for name, matches in self._lets:
            known[name] = matches(known)
        return frozenset(rule_id for rule_id, matches in self._rules if matches(known))
