"""When a rule has run away: the counts, the window, the time before, and every boundary of the three limits."""

from __future__ import annotations

import time
from typing import Any

import pytest

from engine.breaker import MEMORY, Counts, Limits, Runaway, has_run_away, stops_of, why
from engine.packs.demotions import Numbers

LIMITS = Limits(window=5, minimum=100, ceiling=50, factor=5)
RULE = "DE/aml.house"


def fill(counts: Counts, minute: int, stopped: int, asked: int, rule: str = RULE) -> None:
    """So many payments of one pack, of which a rule stopped some."""
    pack, _, name = rule.partition("/")
    for at in range(asked):
        counts.add(minute, (pack,), ((pack, name),) if at < stopped else ())


@pytest.mark.parametrize(
    ("stopped", "asked", "before", "trips"),
    [
        (99, 99, (0, 1000), False),
        (100, 100, (0, 1000), True),
        (100, 200, (0, 1000), False),
        (101, 200, (0, 1000), True),
        (100, 100, (200, 1000), False),
        (100, 100, (199, 1000), True),
        (100, 100, (99, 99), True),
        (100, 100, (100, 100), False),
        (100, 100, (0, 0), True),
        (150, 200, (15, 100), False),
        (150, 200, (14, 100), True),
    ],
    ids=[
        "one below the minimum", "at the minimum", "at the ceiling", "one above the ceiling", "at the factor",
        "one above the factor", "too little before to know", "enough before to know", "never seen",
        "exactly five times the share", "more than five times the share",
    ],
)  # fmt: skip
def test_all_three_limits_must_be_exceeded(stopped: int, asked: int, before: tuple[int, int], trips: bool) -> None:
    assert has_run_away(stopped, asked, *before, LIMITS) is trips


def test_what_ran_away_is_named_with_its_numbers() -> None:
    counts = Counts(LIMITS)
    fill(counts, 0, 3, 500)
    fill(counts, 20, 120, 150)
    assert counts.runaway(20) == (Runaway(RULE, Numbers(120, 150, 3, 500, "PT5M")),)


@pytest.mark.parametrize(("minute", "within"), [(14, True), (15, False)])
def test_the_window_ends_after_its_last_minute(minute: int, within: bool) -> None:
    counts = Counts(LIMITS)
    fill(counts, 10, 120, 120)
    assert bool(counts.runaway(minute)) is within


def test_what_left_the_window_is_the_time_before() -> None:
    counts = Counts(LIMITS)
    fill(counts, 0, 60, 120)
    fill(counts, 5, 110, 110)
    assert counts.runaway(5) == (), "five times a half is more than all"


def test_after_a_day_it_is_forgotten() -> None:
    counts = Counts(LIMITS)
    fill(counts, 0, 120, 120)
    later = MEMORY + LIMITS.window
    fill(counts, later - 1, 120, 120)
    assert counts.runaway(later - 1) == ()
    (found,) = counts.runaway(later)
    assert (found.numbers.stopped_before, found.numbers.asked_before) == (0, 0)


def test_another_release_begins_anew_and_the_window_is_no_time_before() -> None:
    counts = Counts(LIMITS)
    fill(counts, 0, 1, 1_000)
    fill(counts, 9, 400, 400)
    counts.restart(10)
    assert counts.runaway(10) == ()
    fill(counts, 10, 100, 100)
    (found,) = counts.runaway(10)
    assert (found.numbers.stopped_before, found.numbers.asked_before) == (1, 1_000)


def test_one_payer_counts_once_a_minute() -> None:
    counts = Counts(LIMITS)
    for _ in range(500):
        counts.add(0, ("DE",), (("DE", "aml.house"),), "again")
    assert counts.runaway(0) == ()
    for at in range(99):
        counts.add(0, ("DE",), (("DE", "aml.house"),), f"payer-{at}")
    (found,) = counts.runaway(0)
    assert found.numbers.stopped == 100


def test_the_share_is_of_the_payments_that_the_pack_was_applied_to() -> None:
    counts = Counts(LIMITS)
    fill(counts, 0, 0, 5_000, rule="FR/aml.x")
    fill(counts, 0, 100, 100)
    assert [one.rule for one in counts.runaway(0)] == [RULE]


def answer(domain: str, effect: str, verdict: str, **more: Any) -> dict[str, Any]:
    """An answer with one finding."""
    finding = {"pack": "DE", "rule": "x.rule", "domain": domain, "effect": effect}
    return {
        "findings": [finding | more.pop("finding", {})],
        domain if domain != "methods" else "method": {"verdict": verdict, **more},
    }


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        (answer("aml", "block", "block"), True),
        (answer("aml", "review", "block"), False),
        (answer("aml", "block", "review"), False),
        (answer("aml", "block", "block", finding={"demoted": {}}), False),
        (answer("sca", "require", "required", satisfied=False), True),
        (answer("sca", "require", "required", satisfied=True), False),
        (answer("sca", "require", "exempt", satisfied=False), False),
        (answer("kyc", "level", "met"), False),
        (answer("kyc", "level", "collect"), True),
        (answer("methods", "refuse", "refuse"), True),
        (answer("residency", "deny", "deny"), False),
        (answer("tax", "oblige", "determined"), False),
    ],
)
def test_a_rule_is_counted_where_its_domain_stops_the_payment(found: dict[str, Any], counted: bool) -> None:
    assert stops_of(found) == ((("DE", "x.rule"),) if counted else ())


def test_an_answer_of_before_a_domain_was_built_counts_nothing() -> None:
    assert stops_of({"findings": [{"pack": "DE", "rule": "x", "domain": "aml", "effect": "block"}]}) == ()


def test_the_reason_has_the_numbers() -> None:
    assert why(Numbers(120, 150, 3, 5000, "PT5M")) == (
        "It stopped 120 of 150 payments within PT5M; of the 5000 before it stopped 3."
    )
    assert why(Numbers(120, 150, 0, 0, "PT5M")).endswith("nothing is known of the time before.")


@pytest.mark.slow
def test_looking_at_an_answer_takes_less_than_a_microsecond_a_finding() -> None:
    found = answer("aml", "block", "block")
    found["findings"] = found["findings"] * 20
    best = min(_took(found) for _ in range(5))
    assert best < 20_000, f"{best} ns for twenty findings"


def _took(found: dict[str, Any]) -> int:
    start = time.perf_counter_ns()
    for _ in range(100):
        stops_of(found)
    return (time.perf_counter_ns() - start) // 100
