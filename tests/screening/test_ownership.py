"""Fifty percent: three regimes, and exactly the half of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.model import Owner
from engine.screening.ownership import Chart, Holding, Owned, Regime, owned_by_listed

TODAY = date(2026, 11, 26)
BLOCKED, REVIEW, CLEAR = Holding.BLOCKED, Holding.REVIEW, Holding.CLEAR
US, EU, UK = Regime.US, Regime.EU, Regime.UK


def own(**owners: str) -> tuple[Owner, ...]:
    return tuple(Owner(key, Decimal(percent)) for key, percent in owners.items())


def judged(chart: Chart, regime: Regime, *listed: str, on: date = TODAY) -> Owned:
    return owned_by_listed("target", chart, listed or ("x", "y"), regime, on)


@pytest.mark.parametrize(
    ("percent", "us", "eu", "uk"),
    [
        ("49.9999", CLEAR, CLEAR, CLEAR),
        ("50.00", BLOCKED, BLOCKED, CLEAR),
        ("50.0001", BLOCKED, BLOCKED, BLOCKED),
    ],
)
def test_the_half_itself_is_enough_in_two_of_three(percent: str, us: Holding, eu: Holding, uk: Holding) -> None:
    chart = {"target": own(x=percent)}
    assert [judged(chart, regime).verdict for regime in (US, EU, UK)] == [us, eu, uk]


@pytest.mark.parametrize(("on", "verdict"), [(date(2024, 7, 2), CLEAR), (date(2024, 7, 3), BLOCKED)])
def test_the_union_counts_the_half_since_its_best_practices_of_july_2024(on: date, verdict: Holding) -> None:
    assert judged({"target": own(x="50")}, EU, on=on).verdict is verdict


def test_two_listed_owners_are_added_but_not_in_the_united_kingdom() -> None:
    chart = {"target": own(x="30", y="25")}
    assert [judged(chart, regime).verdict for regime in (US, EU, UK)] == [BLOCKED, BLOCKED, REVIEW]
    assert judged(chart, UK).reasons == ("together",)
    assert judged(chart, US).by == ("x", "y")


def test_what_a_blocked_company_holds_counts_in_full() -> None:
    """OFAC FAQ 401: half of half is a quarter, and still blocked, for the company in between is blocked itself."""
    chart = {"middle": own(x="50"), "target": own(middle="50")}
    answer = judged(chart, US)
    assert (answer.verdict, answer.percent, answer.multiplied) == (BLOCKED, Decimal(50), Decimal(25))


def test_what_a_company_holds_that_is_not_blocked_does_not_count_but_is_looked_at() -> None:
    chart = {"middle": own(x="49"), "target": own(middle="98", y="2")}
    answer = judged(chart, US)
    assert (answer.verdict, answer.percent, answer.multiplied) == (REVIEW, Decimal(2), Decimal("50.02"))
    assert answer.reasons == ("multiplied",)


def test_control_blocks_in_europe_and_is_a_question_in_the_united_states() -> None:
    chart = {"target": (Owner("x", Decimal(5), controls=True),)}
    assert [judged(chart, regime).verdict for regime in (US, EU, UK)] == [REVIEW, BLOCKED, BLOCKED]
    assert judged(chart, US).reasons == judged(chart, EU).reasons == ("control",)


def test_an_unknown_share_of_a_listed_owner_is_a_question() -> None:
    assert judged({"target": (Owner("x"), *own(z="40"))}, US).reasons == ("share_unknown",)
    assert judged({"target": (Owner("x"), *own(z="60"))}, US).verdict is CLEAR


def test_companies_that_own_each_other_block_nobody_by_themselves() -> None:
    chart = {"target": own(ring="60", z="40"), "ring": own(target="90", x="10")}
    answer = judged(chart, US)
    assert answer.percent == 0
    assert answer.multiplied == Decimal("13.0434")


def test_a_ring_that_owns_itself_wholly_is_a_question() -> None:
    chart = {"target": (*own(ring="100"), Owner("x")), "ring": own(target="100")}
    assert judged(chart, US).verdict is REVIEW
    assert "circular" in judged(chart, US).reasons


def test_more_than_all_does_not_add_up() -> None:
    assert "over_100" in judged({"target": own(x="30", z="80")}, US).reasons


def test_nobody_listed_above_is_clear() -> None:
    assert judged({"target": own(z="100")}, UK, "x").verdict is CLEAR
    assert judged({}, EU).verdict is CLEAR


def test_paths_are_added_up() -> None:
    chart = {"target": own(a="50", b="50"), "a": own(x="40"), "b": own(x="30")}
    assert judged(chart, US).multiplied == Decimal(35)


percents = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@given(percents, percents)
def test_one_percent_more_never_makes_it_milder(share: Decimal, other: Decimal) -> None:
    order = [CLEAR, REVIEW, BLOCKED]
    for regime in Regime:
        less = judged({"target": (Owner("x", share), Owner("z", Decimal(100) - share))}, regime)
        more = judged({"target": (Owner("x", max(share, other)), Owner("z", Decimal(100) - max(share, other)))}, regime)
        assert order.index(more.verdict) >= order.index(less.verdict)


@given(percents, percents)
def test_along_a_chain_without_circles_shares_multiply_exactly(one: Decimal, two: Decimal) -> None:
    answer = judged({"target": (Owner("a", one),), "a": (Owner("x", two),)}, US)
    assert answer.multiplied == (one * two / 100).quantize(Decimal("0.0001"), rounding="ROUND_DOWN")
