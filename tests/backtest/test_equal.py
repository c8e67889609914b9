"""From columns or one by one: the same outcome, the same verdicts and the same rules for every payment."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bench.past_payments import past_payments
from engine.backtest import Bench, Payments, evaluate_batch, one_by_one, payments_of
from engine.backtest.evaluate import BY, columns
from engine.packs import PackSet
from tests.backtest.past import Past, halved, law, rates

COLUMNAR = ("sca", "aml", "kyc", "residency", "methods")
EEA = {"DE": 40, "FR": 12, "NL": 12, "AT": 12, "IT": 12, "SE": 6, "PL": 6}


def agree(payments: Payments, packs: PackSet, legal_day: date | None = None) -> pl.DataFrame:
    """Hold both ways against each other, row by row; returns what was told."""
    bench = Bench(packs, COLUMNAR, rates(), legal_day)
    found, wanted = evaluate_batch(payments, bench), one_by_one(payments, bench)
    for name in columns(COLUMNAR):
        wrong = (found[name] != wanted[name]).arg_true()
        where = [(payments.frame["row"][at], found[name][at], wanted[name][at]) for at in wrong[:3]]
        assert wrong.is_empty(), f"{name} differs in {len(wrong)} rows: {where}"
    return found


@pytest.mark.slow
def test_twenty_thousand_payments_of_the_area_are_told_the_same() -> None:
    found = agree(past_payments(20_000, places=EEA, foreign=20, by_row=True), law())
    assert found.filter(pl.col(BY) == "columns").height > 15_000
    assert found["outcome"].n_unique() >= 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_payments_of_every_kind_are_told_the_same(seed: int) -> None:
    found = agree(payments_of(Past(seed).facts(2_500)), law())
    assert set(found[BY]) == {"columns", "alone"}
    assert found["aml.verdict"].n_unique() >= 4
    assert found["kyc.verdict"].n_unique() >= 3


@pytest.mark.slow
def test_a_changed_law_is_told_the_same_both_ways() -> None:
    agree(past_payments(2_000, places=EEA, by_row=True), halved())


def test_the_law_of_another_day_is_asked_of_all() -> None:
    agree(past_payments(300, places=EEA, by_row=True), law(), date(2018, 1, 1))


def test_the_clocks_change_where_the_payer_lives() -> None:
    """On 25 October 2026 at 01:00 UTC the clocks of the Union go back; the day and the hour of the law follow them."""
    night = past_payments(300, places=EEA)
    at = pl.datetime_range(
        pl.datetime(2026, 10, 24, 21, 0, time_zone="UTC"),
        pl.datetime(2026, 10, 25, 2, 59, time_zone="UTC"),
        "72s",
        eager=True,
    )
    frame = night.frame.with_columns(at.cast(pl.Datetime("us", "UTC"))[:300].alias("occurred_at"))
    agree(Payments(frame), law())


def test_no_payments_are_told_nothing() -> None:
    assert evaluate_batch(past_payments(3).slice(0, 0), Bench(law(), COLUMNAR, rates())).is_empty()
