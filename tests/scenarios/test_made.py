"""What counts as paid: the rule of history. Attempts count only for scenarios that say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.packs.scenario import Counts
from engine.scenarios import Event, Subject, evaluate
from engine.scenarios.made import made
from tests.scenarios.shipped import READY, SCENARIOS
from tests.scenarios.telling import C, came, only, went

PASS = only(READY, "pass_through")
ATTEMPTS = {"scenario.card.many_merchants", "scenario.shared_card", "scenario.threshold_avoidance"}


def ids(*events: Event) -> list[str]:
    return [event.id for event in made(events)]


@pytest.mark.parametrize(
    ("status", "counts"),
    [("executed", True), ("refunded", True), ("charged_back", True), ("failed", False), ("abandoned", False)],
)
def test_money_that_never_moved_is_no_payment(status: str, counts: bool) -> None:
    assert bool(made([went("a", 0, status=status)])) is counts
    leaving = replace(went("b", 5), status=status)
    assert bool(evaluate(PASS, C, [came("a", 0), leaving])) is counts


def test_of_several_attempts_under_one_reference_the_last_that_was_told_of_is_the_payment() -> None:
    first = went("a", 0, reference="r", told=(10, 1))
    assert ids(first, went("b", 1, reference="r", told=(20, 2))) == ["b"]
    assert ids(first, went("b", 1, reference="r", told=(5, 2))) == ["a"], "told late, and happened before"
    assert ids(first, went("b", 1, reference="r", told=(10, 2))) == ["b"], "of one instant the one told last"
    assert ids(first, went("b", 1, reference="r", status="abandoned")) == ["a"], "nothing was told of it"


def test_a_last_word_that_it_failed_leaves_no_payment() -> None:
    failed = went("b", 1, reference="r", status="failed", told=(20, 2))
    assert ids(went("a", 0, reference="r", told=(10, 1)), failed) == []


def test_nothing_that_was_captured_is_hidden_behind_another_payment_under_its_reference() -> None:
    first = went("a", 0, reference="r", captured=True, told=(10, 1))
    assert ids(first, went("b", 1, reference="r", captured=True, told=(20, 2))) == ["a", "b"]
    assert ids(first, went("b", 1, reference="r", told=(20, 2))) == ["a", "b"], "tried once more after it was paid"
    assert ids(first, went("b", 1, reference="r", status="failed", told=(20, 2))) == ["a"], "the second try failed"
    assert ids(went("b", 1, reference="r", told=(5, 2)), first) == ["a"], "an attempt that was not captured is replaced"
    assert ids(replace(first, status="refunded"), went("b", 1, reference="r", captured=True)) == ["a", "b"]
    assert ids(replace(first, status="failed"), went("b", 1, reference="r", captured=True, told=(5, 2))) == ["b"]


def test_references_are_each_payers_own_and_payments_without_one_are_their_own() -> None:
    assert ids(went("a", 0, reference="r"), came("b", 1, reference="r")) == ["a", "b"]
    assert ids(went("a", 0), went("b", 1)) == ["a", "b"]
    assert ids(went("a", 0, reference="r"), went("b", 1, reference="s")) == ["a", "b"]


def test_without_a_time_of_its_word_it_is_told_when_it_happened() -> None:
    assert ids(went("b", 1, reference="r"), went("a", 0, reference="r")) == ["b"]


def test_what_was_only_tried_completes_nothing() -> None:
    events = [came("a", 0), went("b", 5), went("c", 6, status="failed")]
    assert evaluate(PASS, C, events, focus="c") == []
    assert len(evaluate(PASS, C, events, focus="b")) == 1


def test_scenarios_about_attempts_say_so() -> None:
    assert {one.id for one in SCENARIOS if one.counts is Counts.ATTEMPTS} == ATTEMPTS


def test_a_card_that_is_tried_at_many_merchants_is_found_by_its_failures() -> None:
    """Card testing is what fails."""
    tried = [_tried(f"a{at:02}", at, merchant=f"m{at}") for at in range(16)]
    assert len(evaluate(only(READY, "card.many_merchants"), Subject("card", "411111-1111"), tried)) == 1


def _tried(name: str, hours: float, **stated: Any) -> Event:
    return went(name, hours, 100, kind="sale", instrument="card", card="411111-1111", status="failed", **stated)
