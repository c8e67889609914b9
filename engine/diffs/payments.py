"""Whole payments to try: what a search found of the facts that tell two laws apart, set among the examples of the packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from engine.catalogue import FIELDS
from engine.diffs.earlier import keyed
from engine.diffs.sides import Ruled
from engine.diffs.trial import Payment
from engine.language.scope import PAYMENT_DATE
from engine.language.tree import facts_used
from engine.money import DIGITS, Money
from engine.packs.lint.solve import NOON, Witness
from engine.packs.packset import PackSet
from engine.wire import FIRST_YEAR, LAST_YEAR

Facts = Mapping[str, Any]
_SEEDS: Final = 40
"""Examples of the packs that are tried with one payment."""
_PLACES: Final = (
    "payment.issuer_country", "payment.acquirer_country", "payer.country", "payee.country", "obliged_entity.country",
    "data.subject_country",
)  # fmt: skip


def home(place: str, currency: str) -> dict[str, Any]:
    """An ordinary payment within one place."""
    return {
        "kind": "sale", "asked_by": "merchant", "currency": currency, "amount": Money(Decimal(20), currency),
        "payment.instrument": "card", "payment.channel": "remote", "payment.initiator": "payer",
        **dict.fromkeys(_PLACES[:5], place),
    }  # fmt: skip


def built(place: str, at: datetime, chosen: Facts, asked: frozenset[str], seed: Facts, currency: str) -> Payment:
    """One payment. `chosen`: what a search found, of all that was `asked`: the rest of that is left unstated."""
    currency = str(chosen.get("currency", currency))
    facts = {**home(place, currency), **seed, **chosen}
    for path in asked - chosen.keys():
        if path not in ("amount", "currency", "payment.instrument", "kind", "asked_by"):
            facts.pop(path, None)
    facts["currency"] = currency
    known = {path: value for path, value in facts.items() if path not in FIELDS and not path.startswith("data.")}
    stated = {path: _in(value, path, currency) for path, value in facts.items() if path not in known}
    return Payment(stated, at, known)


def _in(value: Any, path: str, currency: str) -> Any:
    """An amount of an example, in the currency of this payment, as far as its minor units go."""
    own = path in FIELDS and FIELDS[path].unit == ".currency"
    if not isinstance(value, Money) or own:
        return value
    digits = DIGITS.get(currency, 2)
    return Money(
        value.amount.quantize(Decimal(1).scaleb(-digits)) if _finer(value.amount, digits) else value.amount, currency
    )


def _finer(amount: Decimal, digits: int) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and -exponent > digits


def moment(packs: PackSet, place: str, day: date, hour: int = NOON) -> datetime:
    """An hour of a day at a place, within the calendar of the wire."""
    year = min(max(day.year, FIRST_YEAR), LAST_YEAR)
    return datetime.combine(day.replace(year=year) if year != day.year else day, time(hour), packs.layers.zone(place))


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when payments are made: a place, the day that the law is asked about, and the currency of its amounts."""

    packs: PackSet
    place: str
    day: date
    currency: str


def payments(
    where: Setting, witnesses: Iterable[Witness], ruled: Sequence[Ruled], seeds: Sequence[Facts]
) -> Iterator[Payment]:
    """Payments that tell the law of two releases apart, the plainest first: each found one alone, then among the examples."""
    asked = frozenset(path for one in ruled for path in facts_used(one.condition))
    features = {name: feature for one in ruled for name, feature in one.features.items()}

    def made(witness: Witness, seed: Facts) -> Payment:
        day = witness.day if PAYMENT_DATE in asked else where.day
        at = moment(where.packs, where.place, day, witness.hour)
        currency = _currency_of(witness.facts, where.currency)
        return keyed(built(where.place, at, witness.facts, asked, seed, currency), features)

    found = []
    for witness in witnesses:
        found.append(witness)
        yield made(witness, {})
    for seed in islice(seeds, _SEEDS):
        yield from (made(witness, seed) for witness in found)


def _currency_of(facts: Facts, otherwise: str) -> str:
    amounts = (value.currency for path, value in facts.items() if isinstance(value, Money) and path in FIELDS)
    return str(facts.get("currency") or next(amounts, otherwise))
