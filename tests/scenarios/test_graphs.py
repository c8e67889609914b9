"""Money that goes through several hands, whoever else pays meanwhile."""

from datetime import timedelta
from random import Random

import pytest

from engine.scenarios import Event, Scenarios, evaluate_all
from engine.scenarios.evaluate import graph_reach
from tests.scenarios.shipped import PACKS, READY
from tests.scenarios.telling import _event, only

GRAPHS = ("cycle", "gather_scatter", "scatter_gather", "stacked_layers")


def _moved(name: str, hours: float, amount: int, payer: str, payee: str, kind: str = "transfer") -> Event:
    return _event(name, hours, amount, payer=payer, payee=payee, kind=kind)


def _ring(size: int) -> list[Event]:
    return [_moved(f"m{at}", at, 200_000, f"p{at}", f"p{(at + 1) % size}") for at in range(size)]


def _noise(dice: Random, number: int) -> list[Event]:
    """Payments among other people, none of them large enough."""
    return [
        _moved(
            f"n{at}",
            dice.uniform(0, 200),
            dice.randint(100, 90_000),
            f"q{dice.randrange(30)}",
            f"q{dice.randrange(30)}",
        )
        for at in range(number)
    ]


def test_how_far_back_everybodys_payments_are_wanted_is_the_longest_window_of_a_graph() -> None:
    assert graph_reach(PACKS) == timedelta(days=30)


@pytest.fixture(scope="module")
def cycle() -> Scenarios:
    return only(READY, "cycle")


@pytest.mark.parametrize("size", range(3, 9))
def test_a_circle_of_every_size_is_found_once_among_others(cycle: Scenarios, size: int) -> None:
    (alert,) = evaluate_all(cycle, [*_ring(size), *_noise(Random(size), 300)])
    assert alert.evidence == tuple(sorted(f"m{at}" for at in range(size)))
    assert alert.subject == "p0"


def test_what_is_paid_for_goods_is_not_passed_on(cycle: Scenarios) -> None:
    first, *others = _ring(4)
    assert evaluate_all(cycle, [_moved("m0", 0, 200_000, "p0", "p1", "sale"), *others]) == []
    assert len(evaluate_all(cycle, [first, *others])) == 1


def test_money_does_not_go_back_in_time(cycle: Scenarios) -> None:
    first, second, third = _ring(3)
    backwards = [_moved("m1", -1, 200_000, "p1", "p2")]
    assert evaluate_all(cycle, [first, *backwards, third]) == []
    assert len(evaluate_all(cycle, [first, second, third])) == 1


def test_a_hub_that_does_it_twice_is_told_twice() -> None:
    def once(prefix: str, start: float) -> list[Event]:
        came = [_moved(f"{prefix}i{at}", start + at, 200_000, f"{prefix}s{at}", "hub") for at in range(4)]
        went = [_moved(f"{prefix}o{at}", start + 10 + at, 190_000, "hub", f"{prefix}r{at}") for at in range(4)]
        return [*came, *went]

    alerts = evaluate_all(only(READY, "gather_scatter"), [*once("a", 0), *once("b", 100)])
    assert [alert.evidence[0][0] for alert in alerts] == ["a", "b"]


def test_everybody_paying_everybody_comes_to_an_end() -> None:
    """A crowd in which every path leads on: the steps are capped, and what is found is told as truncated or not at all."""
    dice = Random(5)
    crowd = [
        _moved(f"c{at}", at / 10, 200_000, f"p{dice.randrange(12)}", f"p{dice.randrange(12)}") for at in range(400)
    ]
    alerts = evaluate_all(only(READY, *GRAPHS), crowd)
    assert all(len(alert.evidence) >= 3 for alert in alerts)
