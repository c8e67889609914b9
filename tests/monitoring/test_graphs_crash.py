"""A worker that dies in the look over everybody's payments, or two that begin it at once: nothing is lost, nothing is doubled."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from engine.ledger import Ledger
from tests.ledger.factories import AT
from tests.monitoring.rings import DAY, Circles, found, ring, worker
from tests.monitoring.test_crash import Died, dying
from tests.monitoring.watching import World


def _outcome(world: World) -> list[object]:
    cases = sorted((one.subject, one.state, one.number, len(one.alerts)) for one in world.cases())
    return [found(world), cases, world.ledger.monitoring.mark("graphs"), world.ledger.monitoring.lags()]


def _to_the_end(world: World) -> None:
    """Another worker, once the lease of the dead one is over; the day is still the same."""
    world.now += timedelta(hours=2)
    worker(world).run_once()


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.slow
def test_death_at_any_write_of_a_day_loses_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, after: bool
) -> None:
    at = 0
    while True:
        at += 1
        path = tmp_path_factory.mktemp("day") / "ledger.db"
        with Ledger.open(f"sqlite:///{path}", clock=lambda: AT) as ledger:
            world = World(ledger)
            made = [tuple(ring(ledger, who=who)) for who in ("a", "b")]
            died = _dies(world, ledger, at, after=after)
            _to_the_end(world)
            assert _outcome(world)[0] == sorted(made), f"death at write {at}"
            assert [one.number for one in world.cases()] == [1, 1]
            assert world.ledger.monitoring.mark("graphs") == "2026-11-26"
            assert ledger.verify().ok
        if not died:
            break
    assert at > 5, "intake, scenarios and the look itself write"


def _dies(world: World, ledger: Ledger, at: int, *, after: bool) -> bool:
    with dying(ledger, at, after=after):
        try:
            worker(world).run_once()
        except Died:
            return True
    return False


def test_death_within_the_look_leaves_it_to_the_next_worker_once_the_lease_is_over(url: str) -> None:
    with Ledger.open(url, clock=lambda: AT) as ledger:
        world, circles = World(ledger), Circles()
        made = ring(ledger)

        def dies(_events: object) -> list[object]:
            raise Died

        one = worker(world)
        one.evaluate_graphs = dies  # type: ignore[assignment]
        with pytest.raises(Died):
            one.run_once()
        world.now += timedelta(minutes=2)
        worker(world, circles).run_once()
        assert (circles.asked, found(world)) == ([], []), "for all that is known the other one is still at it"
        world.now += timedelta(hours=1)
        worker(world, circles).run_once()
        assert (len(circles.asked), found(world)) == (1, [tuple(made)])


def test_whoever_comes_back_after_the_lease_leaves_nothing(url: str) -> None:
    with Ledger.open(url, clock=lambda: AT) as ledger:
        world = World(ledger)
        made = ring(ledger)
        slow, quick, circles = worker(world), worker(world), Circles()

        def sleeps(events: object) -> list[object]:
            world.now += timedelta(hours=2)
            quick.run_once()
            return circles(events)  # type: ignore[arg-type, return-value]

        slow.evaluate_graphs = sleeps  # type: ignore[assignment]
        slow.run_once()
        assert (len(circles.asked), found(world)) == (1, [tuple(made)])
        assert [one.number for one in world.cases()] == [1]
        assert ledger.verify().ok


@pytest.mark.slow
def test_two_workers_at_once_do_the_look_of_one(url: str) -> None:
    """Two ledgers on one store, as of two processes; their leases last no longer than a step."""
    with Ledger.open(url, clock=lambda: AT) as ledger, Ledger.open(url, clock=lambda: AT) as other:
        made = [tuple(ring(ledger, who=who)) for who in ("a", "b")]
        worlds = World(ledger), World(other)
        threads = [threading.Thread(target=_steps, args=(world,)) for world in worlds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        worlds[0].now += DAY
        worker(worlds[0]).run_once()
        assert found(worlds[0]) == sorted(made)
        assert [one.number for one in worlds[0].cases()] == [1, 1]
        assert ledger.verify().ok


def _steps(world: World) -> None:
    one = worker(world, lease=timedelta(0), graph_lease=timedelta(0))
    for _ in range(20):
        one.step()
