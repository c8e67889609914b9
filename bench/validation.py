"""`engine.decide` against pydantic's validation of the same body, turn by turn in one process."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

import orjson

from bench.lexgate import PACKS
from bench.payments import bodies
from engine.decide import decide
from engine.facts import facts_of
from engine.history import NullHistory
from engine.layouts import decode
from engine.money import RateTable
from engine.packs.packset import load_packs
from engine.transaction import Transaction

# Passes before the clock starts: the law is compiled, and what an engine learns of its traffic it has learnt.
WARM_UP = 5
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Steps:
    """Microseconds a payment, by round."""

    validate: tuple[float, ...]
    facts: tuple[float, ...]
    decode: tuple[float, ...]
    decide: tuple[float, ...]
    serialise: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The cost of deciding as a multiple of the cost of validating: the median of the rounds' ratios."""
        return median(ours / theirs for ours, theirs in zip(self.decide, self.validate, strict=True))


def steps(*, payments: int, rounds: int, cpu: int | None) -> Steps:
    """Time each step over all payments in turn. The first passes, which compile the law, are not timed."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    raw = [orjson.dumps(body) for body in bodies(payments)]
    facts = [decode(body) for body in raw]
    models = [Transaction.model_validate_json(body) for body in raw]
    packs, history, rates = load_packs(PACKS), NullHistory(), RateTable(())

    def decided(item: dict[str, Any]) -> Any:
        return decide(item, packs, history, rates=rates, decision_id="dec_bench", now=NOW, locale="en")

    for _ in range(WARM_UP):
        answers = [decided(item).body for item in facts]
    parts: list[tuple[Callable[[Any], Any], list[Any]]] = [
        (Transaction.model_validate_json, raw),
        (facts_of, models),
        (decode, raw),
        (decided, facts),
        (orjson.dumps, answers),
    ]
    columns = list(zip(*([timed(step, data) for step, data in parts] for _ in range(rounds)), strict=True))
    return Steps(*columns)


def timed(step: Callable[[Any], Any], data: list[Any]) -> float:
    """Microseconds an item, over one pass."""
    gc.collect()
    begun = time.perf_counter()
    for item in data:
        step(item)
    return (time.perf_counter() - begun) / len(data) * 1e6
