"""Payments that the shipped law has something to say about: drawn from the words and the amounts of its own rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import orjson

from engine.catalogue import FIELDS
from engine.facts import Facts
from engine.history import PastPayments
from engine.language.compile import NamedRule
from engine.language.tree import Compare, Const, Contains, Expr, Fact, OneOf, Param, walk
from engine.money import DIGITS, Money, RateRow, RateTable
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from tests.property.grown import facts_named, grow_fact
from tests.shipped import law

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAYS = [date(2026, 11, 22), date(2026, 11, 22), date(2026, 6, 1), date(2024, 5, 1), date(2020, 6, 1), date(2019, 9, 13)]
RATES = RateTable(
    RateRow(day, currency, Decimal(quote))
    for day in DAYS
    for currency, quote in (("USD", "1.1172"), ("GBP", "0.8338"), ("INR", "106.084"), ("JPY", "175.68"))
)
STRANGERS = ["US", "FI", "PT", "RE", "IS", "GI", "DZ", "AQ"]
"""Places without a folder of their own: members of a group, a place without law, a place without anything."""


def packs() -> PackSet:
    """The law in the repository."""
    return law()


@cache
def places() -> list[str]:
    """Jurisdictions with rules of their own, and some without."""
    found = [code for code, pack in packs().packs.items() if len(code) == 2 and "sca" in pack.domains]
    return sorted([code for code in found if packs().packs[code].domains["sca"].rules] + STRANGERS + ["DE", "FR"])


def rules_of(law: Compiled) -> list[NamedRule]:
    """The rules in force, exceptions included."""
    return [NamedRule(active.rule.id, active.condition) for active in law.rules]


@cache
def _vocabulary(place: str, day: date) -> dict[str, list[Any]]:
    """The words, numbers and amounts that the law of a place compares each fact with."""
    law, found = packs().law(place, "sca", day), {}
    for rule in rules_of(law):
        for node in walk(rule.condition):
            for path, value in _compared(node, law):
                found.setdefault(path, []).append(value)
    return found


def _compared(node: Expr, law: Compiled) -> list[tuple[str, Any]]:
    match node:
        case OneOf(left=Fact(path=path), values=values):
            return [(path, value) for value in values]
        case Contains(item=Const(value=value), items=Fact(path=path)):
            return [(path, value)]
        case Compare(left=left, right=right):
            facts = [part.path for part in walk(left) if isinstance(part, Fact) and part.var is None]
            return [(path, value) for path in facts for value in _limits(right, law)]
    return []


def _limits(node: Expr, law: Compiled) -> list[Any]:
    found: list[Any] = []
    for part in walk(node):
        value = (
            part.value
            if isinstance(part, Const)
            else law.law.params.get(part.name)
            if isinstance(part, Param)
            else None
        )
        if isinstance(value, Decimal) and part.type.kind == "money" and part.type.unit:
            found += [Money(value + step, part.type.unit) for step in (0, Decimal(1) / 10 ** DIGITS[part.type.unit])]
        elif isinstance(value, str | int | Decimal | date) and not isinstance(value, bool):
            found.append(value)
    return found


def grow_payment(rnd: Random, *, missing: float = 0.25) -> dict[str, Any]:
    """A payment somewhere in the world, stating most of what the law there asks for."""
    day, issuer = rnd.choice(DAYS), rnd.choice(places())
    acquirer = issuer if rnd.random() < 0.6 else rnd.choice(places())
    words: dict[str, list[Any]] = {}
    rules: list[NamedRule] = []
    for place in dict.fromkeys((issuer, acquirer)):
        rules += rules_of(packs().law(place, "sca", day))
        for path, values in _vocabulary(place, day).items():
            words.setdefault(path, []).extend(values)
    amounts = [value for value in words.get("amount", []) if isinstance(value, Money)] or [Money(Decimal(30), "EUR")]
    amount = rnd.choice(amounts)
    facts: dict[str, Any] = {
        "amount": amount,
        "currency": amount.currency,
        "kind": rnd.choice(["sale", "sale", "sale", "transfer", "refund"]),
        "asked_by": rnd.choice(["merchant", "acquirer", "issuer"]),
        "occurred_at": datetime(day.year, day.month, day.day, rnd.choice([0, 12, 23]), 30, tzinfo=UTC),
        "payment.instrument": rnd.choice([*words.get("payment.instrument", []), "card", "card"]),
    }
    stated = {**facts_named(rules), "payer.id": set[str](), "payment.card.last4": set[str]()}
    for path, inner in sorted(stated.items()):
        if path not in facts and rnd.random() >= missing:
            facts[path] = _fact(rnd, path, inner, words.get(path, []), amount.currency)
    facts |= {"payment.issuer_country": issuer, "payment.acquirer_country": acquirer}
    if "payment.card.last4" in facts:
        facts["payment.card.last4"] = rnd.choice(["4242", "0001"])
    counted = facts.get("payment.since_authenticated.amount")
    if counted is not None:
        facts["payment.since_authenticated.currency"] = counted.currency
    return facts


_LIKE: dict[str, type | None] = {
    "money": Money, "decimal": Decimal, "rate": Decimal, "int": int, "date": date,
    "bool": None, "instant": None, "open": None, "list:decimal": None, "list:object": None,
}  # fmt: skip
"""What a word must be to be a fact of that kind; all others are texts."""


def _fact(rnd: Random, path: str, inner: set[str], words: list[Any], currency: str) -> Any:
    """A value the law knows, or any value of that kind."""
    kind, known = FIELDS[path].kind, FIELDS[path].values
    like = _LIKE.get(kind, str)
    usable = [value for value in words if like and isinstance(value, like) and (known is None or value in known)]
    usable = [value for value in usable if kind != "money" or value.currency == currency]
    if kind == "instant":
        return NOW - timedelta(days=rnd.choice([0, 1, 400, 4000]))
    if kind == "int" and rnd.random() < 0.5:
        return rnd.choice([0, 3, 4, 5])
    if not usable or rnd.random() < 0.2:
        found = grow_fact(rnd, path, inner, currency, 0.1)
        return found.lower() if kind == "token" else found
    value = rnd.choice(usable)
    return (value,) if kind.startswith("list:") else value


class Memory:
    """A history that remembers some payments of everybody."""

    def __init__(self, count: int, *amounts: Money):
        self._past = PastPayments(amounts, count)

    def since_authenticated(self, _asked: Any) -> PastPayments:
        """The same for whoever is asked about."""
        return self._past


def as_facts(stated: dict[str, Any]) -> Facts:
    """As the decoder would hand them over."""
    return Facts(stated)


def request_of(facts: dict[str, Any]) -> bytes:
    """The body a caller would have sent."""
    tree: dict[str, Any] = {}
    for path, value in facts.items():
        *parents, key = path.split(".")
        level = tree
        for parent in parents:
            level = level.setdefault(parent, {})
        level[key] = _json(value)
    return orjson.dumps(tree)


def _json(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.amount:f}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_element(item) if isinstance(item, dict) else _json(item) for item in value]
    return value


def _element(facts: dict[str, Any]) -> Any:
    amount = facts.get("amount")
    beside = {"currency": amount.currency} if isinstance(amount, Money) else {}
    return orjson.loads(request_of({**facts, **beside}))
