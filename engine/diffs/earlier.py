"""Payments made before the one that is tried, such that one feature counts them and another does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.diffs.normal import rewritten
from engine.diffs.sides import Ruled
from engine.diffs.trial import Payment
from engine.history import COLUMNS, FeatureForm, Of, column_of
from engine.language.tree import Expr, Past
from engine.money import Money
from engine.packs.feature import Feature
from engine.packs.lint.solve import NOON, Witness

_MOST: Final = 200
"""Earlier payments of one counterexample."""


def keyed(payment: Payment, features: Mapping[str, Feature]) -> Payment:
    """The payment with whatever says whose past is meant, where a feature is known."""
    wanted = {
        COLUMNS[column]
        for name, feature in features.items()
        if name in payment.known
        for column in (*feature.form.key, *feature.form.same)
    }
    stated = {path: _identity(path) for path in wanted if path not in payment.facts}
    return Payment({**payment.facts, **stated}, payment.at, payment.known, payment.past) if stated else payment


def _identity(path: str) -> str:
    return {
        "payment.card.last4": "4242", "payment.account.iban": "DE89370400440532013000", "direction": "in",
        "payment.method": "visa", "obliged_entity.role": "bank",
    }.get(path, "FR" if path.endswith("country") else "one")  # fmt: skip


def pasts(payment: Payment, was: Feature, now: Feature) -> Iterator[Payment]:
    """The payment after others that one of two features counts and the other does not."""
    value = payment.known.get(was.name)
    if value is None:
        return
    stated = keyed(payment, {was.name: was})
    for one, other in ((was, now), (now, was)):
        for at in _times(stated.at, one, other):
            before = tuple(_earlier(stated, one.form, value, at))
            yield Payment(stated.facts, stated.at, {}, before)


def _times(at: datetime, one: Feature, other: Feature) -> Iterator[datetime]:
    """A moment within one window and, if it reaches further back than the other, before the other."""
    starts = [feature.window.start(at) for feature in (one, other)]
    if starts[0] < starts[1]:
        yield starts[0] + (starts[1] - starts[0]) / 2
    yield at - timedelta(hours=1)


def _earlier(payment: Payment, form: FeatureForm, value: Any, at: datetime) -> Iterator[dict[str, Any]]:
    """As many earlier payments as make the feature what it was found to be."""
    where = {column: values[0] for column, values in form.where}
    columns = {column: column_of(column, payment.facts) for column in (*form.key, *form.same)}
    currency = payment.facts["currency"]
    number = value if isinstance(value, int) else 1
    amount = value if isinstance(value, Money) else Money(Decimal(1), currency)
    for at_number in range(min(max(number, 1), _MOST)):
        told = {
            "occurred_at": at.isoformat(),
            "amount": f"{amount.amount:f}",
            "currency": amount.currency,
            **columns,
            **where,
        }
        if form.of is Of.DISTINCT and form.column:
            told[form.column] = f"other {at_number}"
        yield told


def twofold(ruled: Ruled) -> Expr:
    """The condition with its features under other names, as if they were answered otherwise."""

    def change(part: Expr) -> Expr:
        return replace(part, path=f"was.{part.path}") if isinstance(part, Past) else part

    return rewritten(ruled.condition, change)


def witnesses_of(
    found: Iterable[Witness], seeds: Sequence[Mapping[str, Any]], names: Sequence[str], day: date
) -> list[Witness]:
    """Payments of which a feature is known: what a search found, the larger of two answers, and the examples that state one."""
    told = [Witness(seed, day, NOON) for seed in seeds if any(name in seed for name in names)]
    for one in found:
        facts = dict(one.facts)
        for name in names:
            answers = [value for value in (facts.pop(f"was.{name}", None), facts.get(name)) if value is not None]
            if answers:
                facts[name] = max(answers)
        told.append(Witness(facts, one.day, one.hour))
    return told
