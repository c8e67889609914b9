"""The examples that packs bring along, and what is tried around them: other amounts, other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from engine.catalogue import FIELDS
from engine.diffs.sides import Ruled
from engine.diffs.trial import Payment
from engine.money import DIGITS, Money
from engine.packs.packset import PackSet

Facts = Mapping[str, Any]
_AMOUNTS: Final = 12
"""Amounts that an example is given again with."""


def seeds_of(sides: Iterable[PackSet], domain: str, codes: Sequence[str], rules: Sequence[str] = ()) -> list[Facts]:
    """What the tests and cases of these packs state, those of the named rules first, each once."""
    near: list[Facts] = []
    far: list[Facts] = []
    for packs in sides:
        for code in codes:
            part = packs.packs[code].domains.get(domain) if code in packs.packs else None
            for rule in part.rules if part else ():
                (near if rule.id in rules else far).extend(test.given for test in rule.tests)
            far.extend(case.given for case in (part.cases if part else ()))
    found: dict[str, Facts] = {}
    for given in (*near, *far):
        found.setdefault(repr(sorted(given.items(), key=str)), given)
    return list(found.values())


def together(sides: Iterable[PackSet], domain: str, codes: Sequence[str]) -> Iterator[Facts]:
    """Examples under which two rules hold at once: what fires the one, with what fires the other. For either party that asks."""
    fires: dict[str, Facts] = {}
    for packs in sides:
        parts = (packs.packs[code].domains.get(domain) for code in codes if code in packs.packs)
        for rule in (rule for part in parts if part for rule in part.rules):
            given = next((test.given for test in rule.tests if test.expect == "fires"), None)
            if given is not None:
                fires.setdefault(rule.id, given)
    for one, two in combinations(fires.values(), 2):
        for party in ("merchant", "issuer"):
            yield {**one, **two, "asked_by": party}


def at_limits(seeds: Sequence[Facts], ruled: Iterable[Ruled], currency: str) -> list[Facts]:
    """The examples, and again with the amounts that the conditions compare, at each and beside it."""
    values = (value for one in ruled for value in one.params.values() if value and value[1] == "money")
    limits = {value[0] for value in values if isinstance(value[0], Decimal)}
    amounts = list(around(limits, currency))[:_AMOUNTS]
    again = ({**seed, "amount": Money(amount, seed.get("currency", currency))} for seed in seeds for amount in amounts)
    return [*seeds, *again]


def around(limits: Iterable[Decimal], currency: str) -> Iterator[Decimal]:
    """Each amount, and a minor unit less and more."""
    step = Decimal(1).scaleb(-DIGITS.get(currency, 2))
    return (amount for limit in sorted(limits) for amount in (limit, limit + step, limit - step) if amount > 0)


def varied(payment: Payment, details: Sequence[Mapping[str, Any]]) -> Iterator[Payment]:
    """A payment, and it again where two effects part: with the amounts that they name, and with words that one alone lists."""
    yield payment
    currency = payment.facts["currency"]
    for amount in around(_amounts(details), currency):
        yield replace(payment, facts={**payment.facts, "amount": Money(amount, currency)})
    for detail in details:
        path = str(detail.get("field"))
        for word in _words(details) if path in FIELDS else ():
            yield replace(payment, facts={**payment.facts, path: word, **_in(word, path, payment)})


def _in(currency: str, path: str, payment: Payment) -> dict[str, Any]:
    """Of another currency, the amount in it."""
    return {"amount": Money(Decimal(payment.facts["amount"].amount), currency)} if path == "currency" else {}


def _amounts(details: Iterable[Mapping[str, Any]]) -> set[Decimal]:
    values = [
        one["value"] for detail in details for one in detail.values() if isinstance(one, dict) and one.get("value")
    ]
    return {Decimal(value[0]) for value in values if value[1] == "money" and _number(value[0])}


def _words(details: Sequence[Mapping[str, Any]]) -> list[str]:
    """The words of lists that are in one of the effects alone."""
    lists = [_listed(detail) for detail in details]
    return sorted(set().union(*lists).difference(set(lists[0]).intersection(*lists))) if lists else []


def _listed(detail: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for one in detail.values():
        value = one.get("value") if isinstance(one, dict) else one
        words = value[0] if isinstance(one, dict) and isinstance(value, list) else value
        found |= set(words) if isinstance(words, list) else set()
    return found


def _number(text: Any) -> bool:
    return isinstance(text, str) and text.replace(".", "", 1).isdigit()
