"""Lexgate's own executors, asked the same question as the others: which rules fire for this payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress
from pathlib import Path
from typing import Any

import orjson

from bench.export import Exporter
from bench.payments import Body
from bench.tree import BenchRule, Row
from engine.language.law import Moment, no_rates
from engine.layouts import decode
from engine.packs.compile import Compiled
from engine.packs.packset import load_packs
from engine.packs.testing import see_all

PACKS = Path(__file__).resolve().parent.parent / "rulepacks"
# A member state without a pack of its own: what applies is the law of the EEA, all of it and nothing else.
PLACE = "FR"
DAY = date(2026, 11, 22)
NOON = 12


class Law:
    """The law of the EEA on one day, the rules of it that all engines get, and payments in both forms."""

    def __init__(self) -> None:
        self.compiled: Compiled = load_packs(PACKS).law(PLACE, "sca", DAY)
        self.moment = Moment(DAY, NOON, no_rates)
        self.exporter = Exporter(self.compiled, DAY)
        self.rules: list[BenchRule] = self.exporter.rules()

    def facts(self, bodies: Sequence[Body]) -> list[dict[str, Any]]:
        """The payments as Lexgate's executors take them."""
        return [decode(orjson.dumps(body)) for body in bodies]

    def row(self, facts: Mapping[str, Any]) -> Row:
        """A payment as the other engines take it."""
        return self.exporter.row(self.rules, facts, self.moment)


class CompiledExecutor:
    """The generated function."""

    def __init__(self, law: Law) -> None:
        self._ids = [active.rule.id for active in law.compiled.rules]
        self._evaluate, self._moment = law.compiled.evaluate, law.moment
        self.answer = law.compiled.executor.at(law.moment)

    def decide(self, facts: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        return frozenset(compress(self._ids, self._evaluate(facts, self._moment)))


class InterpretedExecutor:
    """The definition of truth: every sub-expression's value is kept."""

    def __init__(self, law: Law) -> None:
        self._compiled, self._moment = law.compiled, law.moment

    def decide(self, facts: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules that are true."""
        seen = see_all(self._compiled, facts, self._moment)
        return frozenset(rule for rule, found in seen.items() if found.value)
