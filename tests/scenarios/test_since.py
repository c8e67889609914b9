"""Sums between two events of a sequence: however many payments lie there, and whatever lies before."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from engine.money import Money
from engine.scenarios import Event, Means, Subject, evaluate, examine
from engine.scenarios.plan import MOST_FACTS, Linear
from tests.scenarios.shipped import READY
from tests.scenarios.telling import C, came, only, went

PASS = only(READY, "pass_through")
PAYEE = Subject("payee", "C")


def test_a_sum_since_an_event_is_a_flat_comparison_of_two() -> None:
    (plan,) = (one for one in READY.plans if one.tag == "scenario.pass_through/standard")
    sums = [
        side for rule in plan.rules for tests in rule.tests for test in tests for side in (test.left, test.right)
        if isinstance(side, Linear) and any(of.field == "left" for _, of in side.terms)
    ]  # fmt: skip
    assert sums
    for side in sums:
        assert {(number, of.alias) for number, of in side.terms if of.field == "left"} == {
            (100, "went"),
            (-100, "came"),
        }


@pytest.mark.parametrize("parts", [1, 2, 3, 8, 60])
def test_money_that_leaves_in_parts_is_as_much_as_money_that_leaves_at_once(parts: int) -> None:
    events = [came("a", 0), *(went(f"b{at:02}", 1 + at / 2, 288_000 // parts) for at in range(parts))]
    (alert,) = evaluate(PASS, C, events)
    assert len(alert.evidence) == parts + 1


def test_what_left_before_it_came_is_no_part_of_it() -> None:
    earlier = [went(f"x{at}", -10 + at, 100_000) for at in range(5)]
    assert evaluate(PASS, C, [*earlier, came("a", 0), went("b", 5, 239_999)]) == []
    (alert,) = evaluate(PASS, C, [*earlier, came("a", 0), went("b", 5, 240_000)])
    assert alert.evidence == ("a", "b")
    assert "left 2400.00 EUR" in alert.summary


@pytest.mark.parametrize("seed", range(40))
def test_it_is_told_for_some_payment_whenever_the_sum_stands_between_the_bounds(seed: int) -> None:
    """Against sums that are taken by hand: what came alone, or all that came since."""
    dice = Random(seed)
    events = [
        (came if dice.random() < 0.4 else went)(f"e{at:02}", at * dice.choice([1, 4]), dice.randint(500, 4_000) * 100)
        for at in range(9)
    ]
    ordered = sorted(events, key=lambda event: (event.at, event.id))
    for end in range(1, len(ordered) + 1):
        found = evaluate(PASS, C, ordered[:end])
        assert bool(found) is _by_hand(ordered[:end]), [event.id for event in ordered[:end]]


def _by_hand(events: list[Event]) -> bool:
    *before, last = events
    if last.payer != "C":
        return False
    for at, first in enumerate(before):
        if first.payee != "C" or (last.at - first.at).total_seconds() > 48 * 3600:
            continue
        since = events[at + 1 :]
        left = sum(event.amount for event in since if event.payer == "C")
        received = first.amount + sum(event.amount for event in since if event.payee == "C")
        pairs = [
            (received, left),
            *([(first.amount, last.amount), (first.amount, left)] if first.amount >= 300_000 else []),
        ]
        if received >= 300_000 and any(80 * one <= 100 * other <= 110 * one for one, other in pairs):
            return True
    return False


def test_an_amount_that_nobody_can_convert_blinds_nobody_to_the_others() -> None:
    unknown = came("x", 1, 100, currency="USD")
    assert len(evaluate(PASS, C, [came("a", 0), unknown, went("b", 5)])) == 1
    found = examine(PASS, C, [came("a", 0), went("x", 1, 100, currency="USD"), went("b", 5, 10_000)])
    assert [one.missing for one in found.unknown] == [("amount",)]


def test_parts_in_other_currencies_are_converted() -> None:
    def rate(money: Money, unit: str) -> Decimal | None:
        return money.amount / 2 if (money.currency, unit) == ("USD", "EUR") else None

    events = [came("a", 0), went("b", 1, 300_000, currency="USD"), went("c", 2, 140_000)]
    assert len(evaluate(PASS, C, events, Means(convert=rate))) == 1


def test_what_came_is_told_last_and_found_with_whoever_was_paid() -> None:
    """Only captured once it had been sent on: the word about it speaks of C as who is paid."""
    (alert,) = evaluate(PASS, PAYEE, [came("a", 0), went("b", 5)], focus="a")
    assert (alert.subject_kind, alert.subject, alert.evidence) == ("payer", "C", ("a", "b"))
    assert alert.id == evaluate(PASS, C, [came("a", 0), went("b", 5)], focus="b")[0].id


def test_a_sequence_in_which_nothing_comes_in_is_not_asked_of_who_is_paid() -> None:
    asked = {one.scenario.id for one in READY.about(PAYEE)}
    assert {"scenario.pass_through", "scenario.fan_in.then_out"} <= asked
    assert not {"scenario.dormant.wakes", "scenario.threshold_avoidance", "scenario.structuring.cash"} & asked


def test_a_flood_of_other_payments_hides_nothing() -> None:
    shopping = [went(f"s{at:03}", 1 + at / 10, 500, kind="sale") for at in range(3 * MOST_FACTS)]
    found = examine(PASS, C, [came("a", 0), *shopping, went("z", 30)])
    assert [alert.evidence for alert in found.alerts] == [("a", "z")]
    assert not found.truncated, "none of them could be a part"


def test_a_flood_of_parts_does_not_push_out_what_came() -> None:
    parts = [went(f"p{at:03}", 1 + at / 10, 2_500) for at in range(2 * MOST_FACTS)]
    found = examine(PASS, C, [came("a", 0), *parts])
    assert found.truncated
    (alert,) = found.alerts
    assert len(alert.evidence) == len(parts) + 1


def test_who_stops_is_the_one_who_tries_again() -> None:
    """Somebody else's attempt to pay C says nothing about C."""
    avoiding = only(READY, "threshold_avoidance")
    theirs = came("a", 0, 200_000, status="abandoned", outcome="collect")
    own = went("a", 0, 200_000, status="abandoned", outcome="collect")
    assert evaluate(avoiding, C, [theirs, went("b", 1, 150_000)]) == []
    assert len(evaluate(avoiding, C, [own, went("b", 1, 150_000)])) == 1
