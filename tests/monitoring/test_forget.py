"""Records are kept as long as some window asks for them, and no longer. What is in the chain stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from api.everybody import GRAPHS
from api.monitoring import FORGET
from api.pace import Pace
from api.watching import under_subjects
from engine.alerts import Alert
from engine.ledger import Ledger, Left, Occasion, Watched
from tests.ledger.factories import AT
from tests.monitoring.watching import NOW, World, paid, payment

DAY = timedelta(days=1)
PACE = Pace(reach=20 * DAY, graph_reach=timedelta(), graph_late=timedelta(), late=10 * DAY, forgotten=2)


@pytest.fixture
def world(ledger: Ledger) -> World:
    return World(ledger)


def at_age(world: World, days: float, who: str = "c-7") -> str:
    return paid(world.ledger, payment(who, occurred_at=(NOW - days * DAY).isoformat()))


def kept(world: World) -> set[str]:
    return {one.id for one in world.ledger.monitoring.since(AT - 9999 * DAY, None, 100)}


def test_they_are_kept_for_the_longest_window_and_a_margin() -> None:
    assert Pace(reach=400 * DAY, graph_reach=30 * DAY, late=30 * DAY).kept == 430 * DAY
    assert Pace(reach=5 * DAY, graph_reach=30 * DAY, graph_late=7 * DAY, late=30 * DAY).kept == 67 * DAY


def test_what_no_window_reaches_is_taken_out_with_all_its_subjects(world: World) -> None:
    old = [at_age(world, age) for age in (400, 90, 31, 30.1, 30.01)]
    new = {at_age(world, age) for age in (29.9, 1)}
    worker = world.worker(pace=PACE)
    worker.run_once()
    assert kept(world) == new
    window = world.ledger.monitoring.window("party", "c-7", NOW, 9999 * DAY, 100)
    assert {one.id for one in window} == new
    assert all(world.ledger.decision(one) is not None for one in old)
    assert world.ledger.verify().ok


def test_it_is_done_once_a_day_and_again_the_next(world: World) -> None:
    at_age(world, 29.5)
    worker = world.worker(pace=PACE)
    worker.run_once()
    assert len(kept(world)) == 1
    assert world.ledger.monitoring.mark(FORGET) == "2026-11-26"
    world.now += timedelta(hours=14)
    worker.run_once()
    assert len(kept(world)) == 1, "still the same day"
    world.now += DAY
    assert worker.run_once() > 0
    assert kept(world) == set()


def test_a_worker_that_starts_anew_knows_that_it_was_done(world: World) -> None:
    world.worker(pace=PACE).run_once()
    at_age(world, 60)
    world.now += timedelta(minutes=5)
    world.worker(pace=PACE).run_once()
    assert len(kept(world)) == 1


def test_nothing_is_forgotten_before_it_was_looked_at(world: World) -> None:
    """Begun anew over years of payments, old ones are held against the scenarios as well."""
    seen: list[str] = []

    def watch(_kind: str, _subject: str, _events: Sequence[Watched], focus: str) -> list[Alert]:
        seen.append(focus)
        return []

    old = [at_age(world, 400 + number) for number in range(7)]
    world.worker(evaluate=watch, pace=PACE).run_once()
    assert set(seen) == set(old)
    assert kept(world) == set()


def test_the_look_over_everybodys_payments_of_the_day_comes_first(world: World) -> None:
    at_age(world, 60)
    worker = world.worker(evaluate_graphs=lambda _events: [], pace=PACE)
    world.ledger.monitoring.take(GRAPHS, "another", world.now, timedelta(hours=1))
    worker.run_once()
    assert len(kept(world)) == 1
    world.now += timedelta(hours=2)
    worker.run_once()
    assert kept(world) == set()


def test_a_word_that_came_meanwhile_keeps_the_record(world: World) -> None:
    name = at_age(world, 60)
    worker = world.worker(pace=PACE)
    while worker._turn("intake"):
        pass
    (read,) = world.ledger.monitoring.older(world.now, 10_000, 9)
    hold = world.ledger.monitoring.take(FORGET, "one", world.now, DAY)
    assert hold is not None
    gone = under_subjects(replace(read, seq=read.seq - 1))
    world.ledger.monitoring.leave(hold, Left(0, "", gone=(gone,)), Occasion(world.now, "", worker.new_case))
    assert kept(world) == {name}
    assert len(world.ledger.monitoring.window("party", "c-7", NOW, 9999 * DAY, 9)) == 1


def test_a_payment_that_is_told_years_late_is_looked_at_and_forgotten(world: World) -> None:
    worker = world.worker(pace=PACE)
    worker.run_once()
    at_age(world, 1000)
    world.now += DAY
    worker.run_once()
    assert kept(world) == set()
