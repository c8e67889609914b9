"""The token bucket against what it promises: never more than a whole quota and what the time fills in, whatever a
clock does."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from api.rates import Bucket
from engine.ledger import KeyRate

SECOND = 1_000_000_000
RATES = st.builds(KeyRate, st.integers(1, 5_000), st.integers(1, 600))
STEPS = st.lists(st.tuples(st.integers(0, 30 * SECOND), st.integers(1, 40)), max_size=80)
JUMPS = st.lists(st.tuples(st.integers(-30 * SECOND, 30 * SECOND), st.integers(1, 40)), max_size=80)


@given(RATES, st.integers(-(2**62), 2**62), STEPS)
def test_never_more_than_a_quota_and_what_time_fills_in(
    rate: KeyRate, begin: int, steps: list[tuple[int, int]]
) -> None:
    """In every stretch of time, not only from the begin."""
    bucket, now = Bucket(rate, begin), begin
    taken: list[tuple[int, int]] = []
    for passed, number in steps:
        now += passed
        if bucket.take(number, now):
            taken.append((now, number))
    for first, (since, _) in enumerate(taken):
        total = 0
        for until, number in taken[first:]:
            total += number
            assert total <= rate.requests + Fraction(rate.requests * (until - since), rate.seconds * SECOND)


@given(RATES, STEPS)
def test_what_is_there_is_given(rate: KeyRate, steps: list[tuple[int, int]]) -> None:
    """The same in fractions, which have nothing to round."""
    bucket, now, level = Bucket(rate, 0), 0, Fraction(rate.requests)
    for passed, number in steps:
        now += passed
        level = min(Fraction(rate.requests), level + Fraction(rate.requests * passed, rate.seconds * SECOND))
        taken = bucket.take(number, now)
        assert taken == (number <= level)
        level -= number if taken else 0
        assert bucket.left == level.__floor__()
        assert bucket.whole_in() == -((-(rate.requests - level) * rate.seconds / rate.requests).__floor__())


@given(RATES, JUMPS)
@example(KeyRate(1, 1), [(0, 1), (-30 * SECOND, 1), (30 * SECOND, 1), (-30 * SECOND, 1), (30 * SECOND, 1)])
def test_a_clock_that_goes_back_gains_nothing_and_loses_nothing(rate: KeyRate, jumps: list[tuple[int, int]]) -> None:
    """Time is as far as the clock has ever been: no request is paid by an hour that was there twice, none that is there is lost,
    and nobody is told to wait longer than an empty bucket takes."""
    bucket, now, furthest, taken = Bucket(rate, 0), 0, 0, 0
    for jump, number in jumps:
        now += jump
        before, furthest_before = bucket.left, furthest
        furthest = max(furthest, now)
        got = bucket.take(number, now)
        if furthest == furthest_before:
            assert got == (number <= before)
        taken += number if got else 0
        assert taken <= rate.requests + Fraction(rate.requests * furthest, rate.seconds * SECOND)
        assert 0 <= bucket.left <= rate.requests
        if number <= rate.requests:
            assert 1 <= bucket.ready_in(number) <= rate.seconds


@given(RATES, STEPS)
def test_who_waits_as_long_as_was_said_is_served(rate: KeyRate, steps: list[tuple[int, int]]) -> None:
    bucket, now = Bucket(rate, 0), 0
    for passed, number in steps:
        now += passed
        if number <= rate.requests and not bucket.take(number, now):
            now += bucket.ready_in(number) * SECOND
            assert bucket.take(number, now)


@given(RATES, STEPS)
def test_who_is_refused_pays_nothing(rate: KeyRate, steps: list[tuple[int, int]]) -> None:
    bucket, now = Bucket(rate, 0), 0
    for passed, number in steps:
        now += passed
        bucket.take(0, now)
        before = bucket.left
        if not bucket.take(number, now):
            assert bucket.left == before < number
