"""A worker that dies between any two steps, or two that work at once: nothing is lost, nothing is doubled."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.monitoring import CONSUMERS, Background, Pace
from engine.ledger import Ledger, LedgerUnavailable
from tests.monitoring.watching import NOW, Register, World, names, paid, payment


class Died(BaseException):
    """The process is no more: nothing catches it."""


@contextmanager
def dying(ledger: Ledger, at: int, *, after: bool) -> Iterator[Callable[[], int]]:
    """The worker dies at its write number `at`: before anything of it is stored, or after, and never hears of it."""
    true_run, count = ledger.writer.run, 0

    def run(task: Any) -> Any:
        nonlocal count
        count += 1
        if count == at and not after:
            raise Died
        result = true_run(task)
        if count == at:
            raise Died
        return result

    ledger.writer.run = run  # type: ignore[method-assign]
    try:
        yield lambda: count
    finally:
        ledger.writer.run = true_run  # type: ignore[method-assign]


def prepare(ledger: Ledger) -> None:
    """Two who are listed, and are known to be; then four payments of one payer, and a word that cannot be read."""
    world = World(ledger, register=Register({"1": "Mona Listed", "2": "Paul Listed"}))
    for body in names("Mona Listed", "Paul Listed", "Free"):
        paid(ledger, body)
    world.worker().run_once()
    for _ in range(4):
        paid(ledger)
    paid(ledger, b'{"amount":"900.00"}', executed=False)


def world_of(ledger: Ledger) -> World:
    """Two minutes later the next edition is there: one left, one stayed, one came."""
    register = Register({"2": "Paul Listed", "3": "Free"})
    return World(ledger, NOW + timedelta(minutes=2), register, edition=2)


def to_the_end(world: World) -> None:
    """Another worker, once the lease of the dead one is over."""
    world.now += timedelta(minutes=2)
    worker = world.worker()
    for _ in range(Pace().tries + 1):
        worker.run_once()


def outcome(world: World) -> list[Any]:
    """What must be the same however it came about. The id of the payment that cannot be read is another one each time."""
    return [
        sorted((one.rule, one.subject, one.severity) for one in world.alerts()),
        sorted((one.subject, one.state, one.verdict, one.number, len(one.alerts)) for one in world.cases()),
        {name: lag.words for name, lag in world.ledger.monitoring.lags().items()},
        world.ledger.monitoring.parties("edition-2"),
    ]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in a file, to be copied."""
    path = tmp_path_factory.mktemp("prepared") / "ledger.db"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        prepare(ledger)
    # What lies in the log beside the file goes into it, or the copies would lack it.
    with closing(sqlite3.connect(path)) as hand:
        hand.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="module")
def undisturbed(prepared: Path) -> tuple[list[Any], int]:
    """What comes of it if nobody dies, and how many writes that takes."""
    with Ledger.open(_copy(prepared, "whole")) as ledger:
        world = world_of(ledger)
        with dying(ledger, 0, after=False) as count:
            to_the_end(world)
            writes = count()
        assert world.ledger.verify().ok
        return outcome(world), writes


def _copy(path: Path, name: str) -> str:
    copy = path.with_name(f"{name}.db")
    shutil.copy(path, copy)
    return f"sqlite:///{copy}"


def test_the_undisturbed_outcome_is_what_it_should_be(undisturbed: tuple[list[Any], int]) -> None:
    (alerts, cases, lags, parties), writes = undisturbed
    assert [rule for rule, *_ in alerts] == ["incident.monitor.intake", "scenario.thrice", *["screening.UN-SC"] * 3]
    assert [str(state) for _, state, *_ in cases].count("decided") == 1
    assert (lags, parties) == ({"hits": 0, "intake": 0, "scenarios": 0}, (3, 0))
    assert writes > 10


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_death_at_any_write_loses_and_doubles_nothing(
    prepared: Path, undisturbed: tuple[list[Any], int], after: bool
) -> None:
    wanted, writes = undisturbed
    for at in range(1, writes + 1):
        with Ledger.open(_copy(prepared, f"{at}-{after}")) as ledger:
            world = world_of(ledger)
            with dying(ledger, at, after=after), pytest.raises(Died):
                to_the_end(world)
            to_the_end(world)
            assert outcome(world) == wanted, f"death at write {at} of {writes}"
            assert ledger.verify().ok


@pytest.mark.slow
def test_two_workers_at_once_do_the_work_of_one(url: str, undisturbed: tuple[list[Any], int]) -> None:
    """Two ledgers on one store, as of two processes; their leases last no longer than a step."""
    wanted, _ = undisturbed
    with Ledger.open(url) as ledger, Ledger.open(url) as other:
        prepare(ledger)
        world = world_of(ledger)
        beside = World(other, world.now, world.register, world.edition)
        pace = Pace(words=1, events=1, parties=1, lease=timedelta(0))
        threads = [threading.Thread(target=_until_done, args=(one, pace)) for one in (world, beside)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        to_the_end(world)
        assert outcome(world) == wanted
        assert ledger.verify().ok


def _until_done(world: World, pace: Pace) -> None:
    worker = world.worker(pace=pace)
    for _ in range(40):
        worker.step()


def test_whoever_holds_a_consumer_keeps_the_others_off_until_the_lease_is_over(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        world = World(ledger)
        paid(ledger, payment(), executed=False)
        first, second = world.worker(), world.worker()
        assert first.run_once() > 0
        paid(ledger, payment(), executed=False)
        assert second.run_once() == 0
        world.now += Pace().lease + timedelta(seconds=1)
        assert second.run_once() > 0
        paid(ledger, payment(), executed=False)
        assert first.run_once() == 0, "it has noticed that another one went on"
        second.give_back()
        assert first.run_once() > 0


def test_an_idle_worker_writes_nothing(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        worker = World(ledger).worker()
        worker.run_once()
        before = ledger.health().batches
        for _ in range(10):
            worker.run_once()
        assert ledger.health().batches == before


def test_a_worker_beside_a_service_goes_on_after_trouble_and_ends_when_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(sqlite_url) as ledger:
        world, worked, failed = World(ledger), threading.Event(), threading.Event()
        worker = world.worker(pace=Pace(pause=timedelta(milliseconds=1)))
        take = ledger.monitoring.take

        def once_in_trouble(*given: Any) -> Any:
            if not failed.is_set():
                failed.set()
                raise LedgerUnavailable("not now")
            worked.set()
            return take(*given)

        monkeypatch.setattr(ledger.monitoring, "take", once_in_trouble)
        background = Background(worker)
        background.start()
        assert worked.wait(30)
        background.stop()
        assert all(world.ledger.monitoring.take(name, "other", world.now, timedelta(1)) for name in CONSUMERS)
