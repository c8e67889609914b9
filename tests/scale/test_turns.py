"""Work that one of several processes does at a time, and what each of them may say of another's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api import backtest_life, turns, verifying
from api.indexing import Indexer
from api.turns import Turn
from api.verifying import Verification, Verifications
from engine.ledger import Ledger
from tests.empty import empty_ledger
from tests.ledger.factories import stored

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class Hand:
    """A clock for both purposes: what the hour is, and how much time has passed."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    made = Hand()
    monkeypatch.setattr(turns.time, "monotonic", made.monotonic)
    return made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as opened:
        yield opened


@pytest.fixture
def turn(ledger: Ledger, hand: Hand) -> Callable[[], Turn]:
    """Another process that would do the same work."""
    return lambda: Turn(ledger, "search", hand.now, timedelta(seconds=10))


def test_one_of_two_has_it_and_keeps_it(turn: Callable[[], Turn], hand: Hand) -> None:
    one, other = turn(), turn()
    for _ in range(100):
        assert (one.mine(), other.mine()) == (True, False)
        hand.passed += 1


def test_the_other_has_it_once_the_lease_of_the_dead_is_over(turn: Callable[[], Turn], hand: Hand) -> None:
    dead, other = turn(), turn()
    assert dead.mine()
    hand.passed += 9
    assert not other.mine()
    hand.passed += 2
    assert other.mine()
    assert not dead.mine(), "it was only slow, and asks again"


def test_it_is_given_back_at_the_end(turn: Callable[[], Turn], hand: Hand) -> None:
    one, other = turn(), turn()
    assert one.mine()
    one.give_back()
    assert other.mine()


def test_it_is_not_counted_as_a_consumer_that_lags(turn: Callable[[], Turn], ledger: Ledger) -> None:
    assert turn().mine()
    assert "search" not in ledger.monitoring.lags()


def _waiting(ledger: Ledger) -> None:
    """A decision that is not findable yet, in a file neither."""
    made = stored(ledger)
    ledger.writer.run(lambda batch: batch.execute("DELETE FROM decision_search WHERE id = :id", {"id": made.id}))


def test_only_one_of_two_indexers_takes_decisions_in(turn: Callable[[], Turn], ledger: Ledger, hand: Hand) -> None:
    one, other = Indexer(ledger, turn()), Indexer(ledger, turn())
    one.look()
    _waiting(ledger)
    other.look()
    assert ledger.search.take_in(1) == 1, "the other one left it"
    _waiting(ledger)
    one.look()
    assert ledger.search.take_in(1) == 0


# -- verifications ----------------------------------------------------------------------------------------------------


def ended(walks: Verifications, identity: str) -> Verification:
    until = time.monotonic() + 60
    while (found := walks.one(identity)) is None or found.state == "running":
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


def test_a_walk_is_told_by_a_process_that_did_not_begin_it(ledger: Ledger, tmp_path: Path) -> None:
    stored(ledger)
    one, other = Verifications(tmp_path / "walks"), Verifications(tmp_path / "walks")
    begun = one.start(ledger, lambda: NOW, "key_1")
    found = ended(other, begun.id)
    head = ledger.verify().head
    assert (found.state, found.by, found.rows, found.ended_at) == ("whole", "key_1", 1, NOW)
    assert (found.head, found.first_bad) == ((head.seq, head.hash.hex()), None)
    assert other.newest_first() == [found]


def test_while_one_walks_nobody_begins_another(ledger: Ledger, tmp_path: Path) -> None:
    walks = Verifications(tmp_path)
    running = Verification("ver_0", "key_1", NOW, rows=3, of=9)
    walks._write(running)
    assert Verifications(tmp_path).start(ledger, lambda: NOW, "key_2") == running


def test_a_walk_of_a_process_that_died_has_failed(ledger: Ledger, tmp_path: Path) -> None:
    walks = Verifications(tmp_path)
    walks._write(Verification("ver_0", "key_1", NOW))
    long_ago = time.time() - backtest_life.DEAD_SECONDS - 1
    os.utime(tmp_path / "ver_0.json", (long_ago, long_ago))
    assert [one.state for one in walks.newest_first()] == ["failed"]
    begun = walks.start(ledger, lambda: NOW, "key_2")
    assert begun.id != "ver_0"
    assert ended(walks, begun.id).state == "whole"


def test_the_last_ones_are_remembered(ledger: Ledger, tmp_path: Path) -> None:
    walks = Verifications(tmp_path)
    for number in range(verifying.KEPT + 5):
        walks._write(replace(Verification(f"ver_{number:03d}", "key_1", NOW), state="whole"))
    begun = walks.start(ledger, lambda: NOW, "key_1")
    ended(walks, begun.id)
    names = [one.id for one in walks.newest_first()]
    assert (len(names), names[0], names[-1]) == (verifying.KEPT, max(names), "ver_006")


# -- back-tests -------------------------------------------------------------------------------------------------------


def test_others_see_that_a_folder_is_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / "bt_1"
    folder.mkdir()
    assert backtest_life.alive_in(tmp_path) == set()
    backtest_life.begin(folder)
    with backtest_life.Life(folder):
        assert backtest_life.alive_in(tmp_path) == {"bt_1"}
    assert not backtest_life.is_alive(folder)


def test_a_process_that_died_is_not_at_work(tmp_path: Path) -> None:
    backtest_life.begin(tmp_path)
    long_ago = time.time() - backtest_life.DEAD_SECONDS - 1
    os.utime(tmp_path / backtest_life.ALIVE, (long_ago, long_ago))
    assert not backtest_life.is_alive(tmp_path)


def test_another_process_may_ask_it_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_life, "BEAT_SECONDS", 0.01)
    with backtest_life.Life(tmp_path) as life:
        backtest_life.ask_to_stop(tmp_path)
        until = time.monotonic() + 60
        while not life.asked_to_stop:
            assert time.monotonic() < until
            time.sleep(0.01)
    backtest_life.begin(tmp_path)
    assert not (tmp_path / backtest_life.STOP).exists(), "the next one is not stopped by it"
