"""When a canary leaves its band: exactly where the difference of two rates is more than it may be, either way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trials import Band, Counts, Guardrail, GuardState, judged, percent

TWO_POINTS = Guardrail((Band("block", 200, 200),), minimum=100)


def side(decided: int, block: int) -> Counts:
    return Counts(decided, {"block": block, "allow": decided - block})


def state(guardrail: Guardrail, canary: Counts, control: Counts) -> GuardState:
    return judged(guardrail, canary, control).state


@pytest.mark.parametrize(
    ("canary", "control", "expected"),
    [
        ((1_000, 30), (10_000, 100), GuardState.WITHIN),
        ((1_000, 31), (10_000, 100), GuardState.LEFT),
        ((10_000, 301), (10_000, 100), GuardState.LEFT),
        ((10_000, 100), (1_000, 30), GuardState.WITHIN),
        ((10_000, 99), (1_000, 30), GuardState.LEFT),
        ((1_000, 0), (1_000, 0), GuardState.WITHIN),
    ],
    ids=[
        "at the edge above",
        "one beyond above",
        "a hundredth beyond",
        "at the edge below",
        "one beyond below",
        "none",
    ],
)
def test_the_edge_of_a_band(canary: tuple[int, int], control: tuple[int, int], expected: GuardState) -> None:
    assert state(TWO_POINTS, side(*canary), side(*control)) is expected


@pytest.mark.parametrize(("canary", "control"), [(99, 1_000), (1_000, 99), (0, 1_000), (1_000, 0), (0, 0)])
def test_nothing_is_judged_with_too_few_on_either_side(canary: int, control: int) -> None:
    verdict = judged(TWO_POINTS, side(canary, canary), side(control, 0))
    assert verdict.state is GuardState.WAITING
    assert [one.left for one in verdict.readings] == [False]
    assert verdict.sentences() == [
        f"{canary:,} decisions under the canary, {control:,} beside it: nothing is judged below 100 on both sides."
    ]


def test_the_minimum_itself_is_enough() -> None:
    assert state(TWO_POINTS, side(100, 3), side(100, 0)) is GuardState.LEFT
    assert state(TWO_POINTS, side(100, 2), side(100, 0)) is GuardState.WITHIN


def test_a_band_may_be_open_to_one_side() -> None:
    only_more = Guardrail((Band("block", 200, None),), minimum=100)
    assert state(only_more, side(100, 0), side(100, 90)) is GuardState.WITHIN
    assert state(only_more, side(100, 3), side(100, 0)) is GuardState.LEFT


def test_a_band_of_nought_allows_no_difference_at_all() -> None:
    exactly = Guardrail((Band("block", 0, 0),), minimum=20)
    assert state(exactly, side(20, 1), side(40, 2)) is GuardState.WITHIN
    assert state(exactly, side(20, 1), side(40, 1)) is GuardState.LEFT


def test_any_band_that_is_left_is_enough_and_is_told_first() -> None:
    both = Guardrail((Band("block", 200, 200), Band("challenge", 500, 500)), minimum=100)
    canary = Counts(512, {"block": 6, "challenge": 300})
    verdict = judged(both, canary, Counts(9_870, {"block": 109, "challenge": 1_000}))
    assert verdict.state is GuardState.LEFT
    assert [one.band.outcome for one in verdict.readings if one.left] == ["challenge"]
    assert verdict.sentences()[0].startswith("challenge 58.59 % of 512 under the canary, 10.13 % of 9,870 beside it:")


def test_an_officer_reads_the_verdict_as_a_sentence() -> None:
    (said,) = judged(TWO_POINTS, side(512, 38), side(9_870, 109)).sentences()
    assert said == (
        "block 7.42 % of 512 under the canary, 1.10 % of 9,870 beside it: 6.32 points apart; at most 2.00 more and 2.00 less."
    )


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 3, "33.33"), (2, 3, "66.67"), (1, 20_000, "0.01"), (0, 0, "0.00"),
                                                     (1, 20_001, "0.00"), (5, 5, "100.00")])  # fmt: skip
def test_a_share_is_told_with_two_decimals_half_up(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


@given(
    st.integers(1, 400), st.integers(1, 400), st.integers(0, 10_000), st.integers(0, 10_000), st.data()
)  # fmt: skip
def test_it_is_what_exact_fractions_say(canary: int, control: int, up: int, down: int, data: st.DataObject) -> None:
    here, there = data.draw(st.integers(0, canary)), data.draw(st.integers(0, control))
    verdict = judged(Guardrail((Band("block", up, down),), minimum=1), side(canary, here), side(control, there))
    apart = Fraction(here, canary) - Fraction(there, control)
    left = apart > Fraction(up, 10_000) or -apart > Fraction(down, 10_000)
    assert verdict.state is (GuardState.LEFT if left else GuardState.WITHIN)
    (reading,) = verdict.readings
    assert (reading.apart > up or -reading.apart > down) is left, (
        "what is shown is beyond the band where the band is left"
    )
    assert abs(reading.apart - apart * 10_000) < 1
