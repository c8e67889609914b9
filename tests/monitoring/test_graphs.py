"""Once a day everybody's payments are looked over for money that goes through several hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.alerts import Alert, AlertKind
from engine.history import EventKind
from engine.ledger import Ledger, Watched
from tests.ledger.factories import AT, moment
from tests.monitoring.rings import DAY, Circles, found, pay, ring, worker
from tests.monitoring.watching import NOW, World, paid, payment


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """All that is told in it is recorded days before the look."""
    with Ledger.open(url, clock=lambda: AT) as ledger:
        yield World(ledger)


def test_a_circle_over_three_people_becomes_one_alert_and_a_case(world: World) -> None:
    made = ring(world.ledger)
    worker(world).run_once()
    assert found(world) == [tuple(made)]
    (case,) = world.cases()
    assert (case.subject, case.number) == ("ring-0", 1)
    assert world.ledger.monitoring.mark("graphs") == "2026-11-26"
    assert world.ledger.verify().ok


def test_it_is_done_once_a_day_by_whoever_comes_first(world: World) -> None:
    ring(world.ledger)
    circles, other = Circles(), Circles()
    first, second = worker(world, circles), worker(world, other)
    first.run_once()
    ring(world.ledger, who="late")
    first.run_once()
    second.run_once()
    assert (len(circles.asked), len(other.asked)) == (1, 0)
    world.now += DAY
    second.run_once()
    first.run_once()
    assert (len(circles.asked), len(other.asked)) == (1, 1)
    assert len(found(world)) == 2


def test_a_day_that_begins_within_a_look_waits_for_nothing(world: World) -> None:
    circles = Circles()
    world.now = NOW.replace(hour=23, minute=59)
    ring(world.ledger)
    one = worker(world, circles)
    one.run_once()
    world.now += timedelta(minutes=2)
    ring(world.ledger, who="late")
    one.run_once()
    assert len(circles.asked) == 2


def test_what_the_window_leaves_a_part_of_is_told_again_only_with_a_new_payment_in_it(world: World) -> None:
    told: list[int] = []

    def together() -> int:
        return sum(one.rule == "scenario.together" for one in world.alerts())

    def all_together(events: Sequence[Watched]) -> list[Alert]:
        """A finding that shrinks and grows with the window."""
        told.append(len(events))
        return [_alert(tuple(one.id for one in events))]

    for days in (36, 35, 1):
        pay(world.ledger, "a", "b", NOW - days * DAY)
    one = worker(world)
    one.evaluate_graphs = all_together
    one.run_once()
    for _ in range(4):
        world.now += DAY
        paid(world.ledger, payment(), executed=False)
        one.run_once()
    assert (told, together()) == ([3, 3, 3, 2, 1], 1)
    pay(world.ledger, "c", "d", world.now)
    world.now += DAY
    one.run_once()
    assert together() == 1, "the one that is known grows"
    (grown,) = (one for one in world.alerts() if one.rule == "scenario.together")
    assert len(grown.evidence) == 4


def _alert(evidence: tuple[str, ...]) -> Alert:
    return Alert(
        AlertKind.SCENARIO,
        "scenario.together",
        "WORLD",
        "1",
        "payer",
        "a",
        tuple(sorted(evidence)),
        NOW,
        "medium",
        "So.",
    )


def test_days_on_which_nobody_worked_are_caught_up_with(world: World) -> None:
    one = worker(world)
    one.run_once()
    made = ring(world.ledger, end=NOW + DAY, span=29 * DAY)
    world.now += 60 * DAY
    one.run_once()
    assert found(world) == [tuple(made)]


@pytest.mark.parametrize(("late", "seen"), [(7, True), (9, False)])
def test_a_payment_told_late_by_a_week_completes_a_circle(world: World, late: int, seen: bool) -> None:
    people, end = ("a", "b", "c"), NOW - late * DAY
    for at in range(2):
        pay(world.ledger, people[at], people[at + 1], end - (30 - at) * DAY)
    one = worker(world)
    one.run_once()
    world.now += timedelta(hours=10)
    pay(world.ledger, "c", "a", end)
    one.run_once()
    assert found(world) == []
    world.now += timedelta(hours=14)
    one.run_once()
    assert bool(found(world)) is seen


def test_a_payment_that_is_told_of_after_the_look_is_new_on_the_next_day(world: World) -> None:
    decision = pay(world.ledger, "a", "b", NOW - 3 * DAY, executed=False)
    pay(world.ledger, "b", "c", NOW - 2 * DAY)
    pay(world.ledger, "c", "a", NOW - DAY)
    one = worker(world)
    one.run_once()
    assert found(world) == []
    world.ledger.history.record_event(decision, EventKind.AUTHORISED, moment(1))
    world.now += DAY
    one.run_once()
    assert [decision in evidence for evidence in found(world)] == [True]


def test_only_money_between_two_people_is_held_in_memory(world: World) -> None:
    circles = Circles()
    paid(world.ledger, payment())
    pay(world.ledger, "a", "b", NOW - 90 * DAY)
    kept = [pay(world.ledger, "a", "b", NOW - DAY), pay(world.ledger, "b", "c", NOW - DAY / 2, kind="payout")]
    worker(world, circles).run_once()
    assert circles.asked == [kept]


def test_a_day_on_which_nothing_was_told_costs_no_look(world: World) -> None:
    circles = Circles()
    ring(world.ledger)
    one = worker(world, circles)
    one.run_once()
    world.now += DAY
    one.run_once()
    assert (len(circles.asked), world.ledger.monitoring.mark("graphs")) == (1, "2026-11-27")


def test_more_payments_than_a_look_holds_are_an_incident_and_the_last_are_looked_at(world: World) -> None:
    circles = Circles()
    ring(world.ledger, who="old")
    made = ring(world.ledger, who="new")
    worker(world, circles, graph_events=3).run_once()
    assert circles.asked == [made]
    assert found(world) == [tuple(made)]
    (incident,) = [one for one in world.alerts() if one.kind is AlertKind.INCIDENT]
    assert (incident.rule, incident.severity, incident.evidence) == (
        "incident.monitor.graphs.bound",
        "high",
        ("2026-11-26",),
    )
    assert "after 3 of them" in incident.summary


def test_as_many_as_a_look_holds_are_no_incident(world: World) -> None:
    ring(world.ledger)
    worker(world, graph_events=3).run_once()
    assert [one.kind for one in world.alerts()] == [AlertKind.SCENARIO]


def test_a_look_that_fails_is_tried_told_and_passed_over_until_the_next_day(world: World) -> None:
    made, broken = ring(world.ledger), [True]

    def look(events: Sequence[Watched]) -> Sequence[Alert]:
        if broken:
            raise ZeroDivisionError
        return Circles()(events)

    one = worker(world)
    one.evaluate_graphs = look
    for _ in range(one.pace.tries + 1):
        one.run_once()
    (incident,) = world.alerts()
    assert (incident.rule, incident.evidence) == ("incident.monitor.graphs", ("2026-11-26",))
    assert world.ledger.monitoring.lags()["scenarios"].words == 0, "the others went on"
    broken.clear()
    world.now += DAY
    one.run_once()
    assert found(world) == [tuple(made)], "what the failed look should have told is told by the next one"


def test_an_alert_that_the_ledger_refuses_is_an_incident_too(world: World) -> None:
    ring(world.ledger)
    one = worker(world)
    one.evaluate_graphs = lambda events: [replace(alert, severity="grave") for alert in Circles()(events)]
    for _ in range(one.pace.tries + 1):
        one.run_once()
    assert [one.rule for one in world.alerts()] == ["incident.monitor.graphs"]


def test_it_waits_until_the_words_of_the_days_before_are_taken_in(world: World) -> None:
    circles = Circles()
    ring(world.ledger)
    one = worker(world, circles, words=1)
    one.step()
    assert world.ledger.monitoring.lags()["intake"].words > 0
    assert (circles.asked, world.ledger.monitoring.mark("graphs")) == ([], "")
    one.run_once()
    assert len(circles.asked) == 1


def test_what_is_told_on_the_day_itself_is_not_waited_for(url: str) -> None:
    circles = Circles()
    with Ledger.open(url, clock=lambda: NOW) as ledger:
        world = World(ledger)
        made = ring(ledger)
        one = worker(world, circles, words=1)
        one.step()
        assert world.ledger.monitoring.mark("graphs") == "2026-11-26"
        world.now += DAY
        one.run_once()
        assert found(world) == [tuple(made)]


class TestNow:
    """A look that somebody asks for."""

    def test_it_hears_what_waits_and_counts_as_the_look_of_the_day(self, world: World) -> None:
        made, circles = ring(world.ledger), Circles()
        one = worker(world, circles)
        assert one.look_over() == 1
        one.run_once()
        assert (found(world), len(circles.asked)) == ([tuple(made)], 1)

    def test_with_days_it_tells_what_was_looked_at_under_another_law(self, world: World) -> None:
        made = ring(world.ledger)
        before = worker(world)
        before.evaluate_graphs = lambda _events: []
        before.run_once()
        before.give_back()
        again = worker(world)
        assert again.look_over(2) == 0, "the first payment of the circle lies before"
        assert again.look_over(4) == 1
        assert again.look_over(4) == 0
        assert found(world) == [tuple(made)]

    def test_with_days_the_look_of_the_day_is_still_to_come(self, world: World) -> None:
        ring(world.ledger)
        circles = Circles()
        one = worker(world, circles)
        one.look_over(1)
        assert world.ledger.monitoring.mark("graphs") == ""
        one.run_once()
        assert (len(circles.asked), len(found(world))) == (2, 1)

    def test_while_another_worker_is_at_it_nothing_is_done(self, world: World) -> None:
        ring(world.ledger)
        worker(world).run_once()
        assert worker(world).look_over() is None

    def test_without_graph_scenarios_it_is_a_wrong_call(self, world: World) -> None:
        with pytest.raises(ValueError, match="No graph scenario"):
            world.worker().look_over()
        assert world.ledger.monitoring.mark("graphs") == ""
