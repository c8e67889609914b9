"""`engine.decide` for all domains against pydantic's validation of the same body, turn by turn in one process.

The payments are mixed: every other one as a checkout sends it, with a basket, the payer's id and a method; the rest as in the
step on authentication alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import orjson

from bench.lexgate import PACKS
from bench.payments import bodies, mixed
from bench.validation import NOW, timed
from engine.authentication import SIDES
from engine.decide import BUILT, decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.layouts import decode
from engine.money import RateTable
from engine.packs.packset import PackSet, load_packs
from engine.regimes.aml import PLACES, UNDER_LAW_OF
from engine.tax.told import DOMAIN as TAX
from engine.transaction import Transaction

WARM_UP: Final = 20
"""Passes before the clock starts: some seconds of traffic. The law of each place gets to know its own payments only."""


@dataclass(frozen=True, slots=True)
class Domains:
    """Microseconds a payment, by round, and how much law there was."""

    validate: tuple[float, ...]
    decode: tuple[float, ...]
    decide: tuple[float, ...]
    serialise: tuple[float, ...]
    in_scope: tuple[int, ...]
    """For each payment: the rules in force, in the domains asked for, at the places of its parties. Tax is a procedure, and its
    rates and articles are not counted."""
    together: int
    """Different rules in scope of any of the payments."""

    @property
    def ratio(self) -> float:
        """The cost of deciding as a multiple of the cost of validating: the median of the rounds' ratios."""
        return median(ours / theirs for ours, theirs in zip(self.decide, self.validate, strict=True))


def measure(*, payments: int, rounds: int, cpu: int | None) -> Domains:
    """Time each step over all payments in turn; the first passes, which compile the law, are not timed."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    raw = [orjson.dumps(body) for body in mixed(bodies(payments))]
    facts = [decode(body) for body in raw]
    packs, history, rates = load_packs(PACKS), NullHistory(), RateTable(())

    def decided(item: Facts) -> Any:
        return decide(item, packs, history, rates=rates, decision_id="dec_bench", now=NOW, locale="en", domains=BUILT)

    for _ in range(WARM_UP):
        answers = [decided(item).body for item in facts]
    steps: list[tuple[Callable[[Any], Any], list[Any]]] = [
        (Transaction.model_validate_json, raw),
        (decode, raw),
        (decided, facts),
        (orjson.dumps, answers),
    ]
    validate, decoded, decides, serialise = zip(
        *([timed(step, data) for step, data in steps] for _ in range(rounds)), strict=True
    )
    scopes = [frozenset(rules_of(item, packs)) for item in facts]
    return Domains(
        validate, decoded, decides, serialise, tuple(map(len, scopes)), len(frozenset[tuple[str, str]]().union(*scopes))
    )


def rules_of(facts: Facts, packs: PackSet) -> Iterator[tuple[str, str]]:
    """The rules in scope of a payment, with their domains."""
    providers = [facts.get(side) for side in SIDES]
    parties = [facts.get("payer.country"), facts.get("payee.country")]
    obliged = next((place for path in PLACES if (place := facts.get(path))), None)
    places = {
        "sca": providers,
        "aml": [UNDER_LAW_OF.get(obliged, obliged) if obliged else None],
        "kyc": [obliged],
        "residency": [*providers, *parties],
        "methods": [*providers, *parties],
    }
    day = facts.get("occurred_at", NOW).date()
    for domain in BUILT:
        for place in {place for place in places.get(domain, ()) if place} if domain != TAX else ():
            for active in packs.law(place, domain, day).rules:
                yield domain, active.rule.id
