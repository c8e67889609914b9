"""What a tier counts is taken from the past where the caller does not state it and the holder is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.decide import decide
from engine.features import RememberedFeatures
from engine.history import FeatureAnswer, FeatureQuestion, NullHistory
from engine.money import Money
from engine.replay import facts_from
from tests.kyc.asking import Told
from tests.law.telling import ecb, law

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Spent(NullHistory):
    """A past in which so much was paid."""

    def __init__(self, amount: str):
        self._amount = amount
        self.asked: list[FeatureQuestion] = []

    def features(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
        """The same for every question."""
        self.asked += asked
        return [FeatureAnswer((Money(Decimal(self._amount), "BDT"),)) for _ in asked]


def cash_out(history: NullHistory, **payer: Any) -> tuple[Told, dict[str, Any]]:
    """One taka taken out of a mobile wallet in Bangladesh."""
    body = {
        "amount": "1.00", "currency": "BDT", "kind": "withdrawal", "payment": {"instrument": "e_money", "issuer_country": "BD"},
        "payer": payer,
    }  # fmt: skip
    decision = decide(
        facts_from(orjson.dumps(body)), law(), history, rates=ecb(), decision_id="x", now=NOON, domains=("kyc",)
    )
    return Told(decision.body), decision.inputs


def test_the_past_counts_for_a_holder_who_is_known() -> None:
    """30,000 a day and 200,000 a month at an agent since 27 March 2025."""
    found, _ = cash_out(Spent("29999.00"), id="h-1")
    assert found.verdict == "met"
    over, _ = cash_out(Spent("29999.01"), id="h-1")
    assert over.exceeded == {"mfs_cash_out_agent_daily"}


def test_a_day_and_a_month_are_those_of_dhaka() -> None:
    past = Spent("0.00")
    cash_out(past, id="h-1")
    starts = {question.name: question.start.isoformat() for question in past.asked}
    assert starts["wallet_withdrawn_today"] == "2026-11-21T18:00:00+00:00"
    assert starts["wallet_withdrawn_month"] == "2026-10-31T18:00:00+00:00"


def test_what_is_stated_comes_before_what_is_remembered() -> None:
    past = Spent("99999.00")
    found, _ = cash_out(past, id="h-1", totals={"withdrawn_today": "0", "withdrawn_month": "0"})
    assert found.verdict == "met"
    assert past.asked == []


def test_without_a_holder_or_a_past_the_total_is_missing() -> None:
    for found, _ in (cash_out(Spent("0.00")), cash_out(NullHistory(), id="h-1")):
        assert found.missing == {"payer.totals.withdrawn_today", "payer.totals.withdrawn_month"}


def test_what_was_remembered_is_kept_for_the_repetition() -> None:
    _, inputs = cash_out(Spent("29999.01"), id="h-1")
    kept = orjson.loads(orjson.dumps(inputs))

    class Again(NullHistory):
        def features(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
            return RememberedFeatures(kept).features(asked)

    again, _ = cash_out(Again(), id="h-1")
    assert again.exceeded == {"mfs_cash_out_agent_daily"}
