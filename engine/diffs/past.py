"""A past that a counterexample tells: a few payments made before, or what history is taken to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.features import StatedFeatures
from engine.history import FeatureAnswer, FeatureQuestion, NullHistory, Of
from engine.money import EXACT, Money


class ToldPast(NullHistory):
    """Answers features from payments that are told one by one; of the counters it says nothing.

    A payment: `occurred_at` in ISO 8601, `amount`, `currency`, and columns of `engine.history.COLUMNS`.
    """

    def __init__(self, payments: Sequence[Mapping[str, Any]], known: Mapping[str, Any]):
        self._payments, self._known = payments, StatedFeatures(known)

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """Of the payments told; without any, as it is taken to be known."""
        if not self._payments:
            return self._known.features(asked)
        return [self._answer(one) for one in asked]

    def _answer(self, one: FeatureQuestion) -> FeatureAnswer:
        form = one.form
        found = [payment for payment in self._payments if _counts(payment, one)]
        if form.of is Of.COUNT:
            return FeatureAnswer(number=len(found))
        if form.of is Of.DISTINCT:
            column = form.column or ""
            return FeatureAnswer(number=len({payment[column] for payment in found if column in payment}))
        by_currency: dict[str, list[Decimal]] = {}
        for payment in found:
            by_currency.setdefault(payment["currency"], []).append(Decimal(payment["amount"]))
        return FeatureAnswer(tuple(Money(_reckoned(form.of, by_currency[code]), code) for code in sorted(by_currency)))


def _reckoned(of: Of, amounts: list[Decimal]) -> Decimal:
    if of is Of.SUM:
        return reduce(EXACT.add, amounts)
    return min(amounts) if of is Of.MIN else max(amounts)


def _counts(payment: Mapping[str, Any], one: FeatureQuestion) -> bool:
    """As every history counts: the key equal, the rest equal where it is stated, within the window."""
    form = one.form
    if not one.start <= datetime.fromisoformat(payment["occurred_at"]) < one.end:
        return False
    keyed = all(payment.get(column) == value for column, value in zip(form.key, one.key, strict=True))
    same = all(payment.get(column, value) == value for column, value in zip(form.same, one.same, strict=True))
    return keyed and same and all(payment.get(column, values[0]) in values for column, values in form.where)
