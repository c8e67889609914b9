"""One payment decided under two releases, and how the answers differ when words and citations are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any, Final

from pydantic import ValidationError

from engine.catalogue import FIELDS
from engine.decide import decide
from engine.diffs.model import Counterexample
from engine.diffs.past import ToldPast
from engine.facts import Facts, facts_of
from engine.joined import KEYS
from engine.money import FixedRates, Money, RateTable
from engine.packs.cases import NoTransaction, nested
from engine.packs.packset import PackSet
from engine.replay import differences
from engine.transaction import Transaction

NO_RATES: Final = FixedRates(())
WORDS: Final = frozenset({
    "asked_by", "because", "closed", "confidence", "due_diligence_reasons", "id", "invoice_note", "law", "message", "name_local",
    "note", "rate", "rule", "rules", "source", "steps", "title", "why",
})  # fmt: skip
"""What an answer says about itself, and no part of what it decides."""


class Level(IntEnum):
    """How far two answers differ."""

    SAME = 0
    FINDINGS = 1
    """In the rules that they name, in words, in what is asked for."""
    OUTCOME = 2
    """In the outcome, in a verdict, in an amount, in what somebody must do."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment to try. `facts` by dotted paths; `known`: what history is taken to answer, by the name of the feature."""

    facts: Mapping[str, Any]
    at: datetime
    known: Mapping[str, Any]
    past: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it."""

    level: Level
    example: Counterexample | None


class Trial:
    """Two releases to decide under."""

    def __init__(self, was: PackSet, now: PackSet, rates: RateTable = NO_RATES):
        self._packs, self._rates = (was, now), rates
        self.tried = 0

    def of(self, payment: Payment, domains: tuple[str, ...], *, edge: bool = False) -> Tried:
        """Decide it under both. What no caller could state differs in nothing. `edge`: on the first day of a difference, so that
        it is asked of the day before as well."""
        try:
            body = transaction(payment.facts, payment.at)
            facts = facts_of(Transaction.model_validate(body))
        except (NoTransaction, ValidationError):
            return Tried(Level.SAME, None)
        self.tried += 1
        answers = [self._decided(facts, payment, packs, domains) for packs in self._packs]
        told = [told_apart(answer, domains) for answer in answers]
        level = Level.OUTCOME if told[0] != told[1] else Level.SAME
        rules = [_rules(answer) for answer in answers]
        if level is Level.SAME and _worded(answers[0]) != _worded(answers[1]):
            level = Level.FINDINGS
        if level is Level.SAME:
            return Tried(level, None)
        before = self._decided_before(facts, payment, domains) if edge else None
        example = Counterexample(
            wire(body), domains, payment.past, {name: _shown(value) for name, value in payment.known.items()},
            _summary(answers[0], told[0]), _summary(answers[1], told[1]), tuple(differences(told[0], told[1])),
            tuple(sorted(rules[0] - rules[1])), tuple(sorted(rules[1] - rules[0])), before,
        )  # fmt: skip
        return Tried(level, example)

    def _decided(self, facts: Facts, payment: Payment, packs: PackSet, domains: tuple[str, ...]) -> dict[str, Any]:
        history = ToldPast(payment.past, payment.known)
        return decide(
            facts, packs, history, rates=self._rates, decision_id="diff", now=payment.at, locale="en", domains=domains
        ).body

    def _decided_before(self, facts: Facts, payment: Payment, domains: tuple[str, ...]) -> bool | None:
        """Whether the same payment a day before is decided alike."""
        try:
            earlier = payment.at - timedelta(days=1)
        except OverflowError:
            return None
        moved = Facts({**facts, "occurred_at": earlier})
        other = Payment(payment.facts, earlier, payment.known, payment.past)
        answers = [self._decided(moved, other, packs, domains) for packs in self._packs]
        return told_apart(answers[0], domains) == told_apart(answers[1], domains)


def transaction(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The Transaction that states these facts at a moment. Raises NoTransaction."""
    given = {path: value for path, value in facts.items() if path in FIELDS and path != "occurred_at"}
    element = {path[5:]: value for path, value in facts.items() if path.startswith("data.") and path not in FIELDS}
    if element and "data" not in given:
        given["data"] = (element,)
    given["occurred_at"] = at
    return nested(given, FIELDS, str(given["currency"]))


def wire(value: Any) -> Any:
    """As JSON carries it: amounts and rates as text, instants and days in ISO 8601."""
    if isinstance(value, Mapping):
        return {key: wire(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [wire(inner) for inner in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def told_apart(answer: Mapping[str, Any], domains: Sequence[str]) -> dict[str, Any]:
    """What an answer decides: outcome, each domain's own part and the obligations, without words and citations."""
    found = {"outcome": answer["outcome"], "obligations": _bare(answer["obligations"])}
    for domain in domains:
        key = KEYS.get(domain, domain)
        found[key] = _bare(answer.get(key))
    return found


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items() if key not in WORDS}
    return [_bare(inner) for inner in value] if isinstance(value, list | tuple) else value


def _worded(answer: Mapping[str, Any]) -> Any:
    """All that is said, but for which release said it."""
    return {key: value for key, value in answer.items() if key != "rulepacks"}


def _rules(answer: Mapping[str, Any]) -> set[str]:
    return {f"{finding['pack']} {finding['rule']}" for finding in answer["findings"]}


def _summary(answer: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": answer["outcome"], "said": dict(told), "message": answer["message"]}


def _shown(value: Any) -> Any:
    return {"amount": f"{value.amount:f}", "currency": value.currency} if isinstance(value, Money) else wire(value)
