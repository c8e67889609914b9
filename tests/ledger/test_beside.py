"""Decisions written by a process beside the service: stored as by a thread of it, and whatever happens to that process, nobody is
told of a decision that is not there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from api import ledger_writer
from api.ledger_writer import beside
from api.master_key import MasterKey
from api.settings import Settings
from engine.history import EventKind
from engine.ledger import (
    BodyErased,
    DecisionEntry,
    DecisionsWanted,
    EntryRefused,
    KeyReused,
    Ledger,
    LedgerError,
    LedgerUnavailable,
    Recorded,
    Replayed,
    Stored,
    Written,
)
from engine.ledger import beside as beside_
from engine.ledger._writer import Writer
from engine.ledger.beside import Beside, Reply
from engine.ledger.obligations import Wanted
from tests.empty import empty_ledger
from tests.ledger.canaries import CANARIES, canary
from tests.ledger.factories import asked, entry, held, moment, submitted, together
from tests.ledger.test_batches import until

URL = "LEXGATE_DATABASE"


def ready(process: Beside) -> int:
    """Wait until it takes a batch. Its number."""
    until = time.monotonic() + 60
    while not process.is_ready():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    assert process.process is not None
    return process.process


@pytest.fixture
def settings(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(URL, sqlite_url)
    monkeypatch.setenv("LEXGATE_WRITER", "beside")
    return Settings(database=sqlite_url, writer="beside")


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    with Ledger.open(settings.database) as opened:
        MasterKey(settings).protect(opened)
        yield opened


@pytest.fixture
def process(ledger: Ledger, settings: Settings) -> Beside:
    """It is ready; the writer of the ledger has it."""
    found = beside(settings)
    assert found is not None
    ledger.writer.write_beside(found)
    ready(found)
    return found


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger whose decisions are written beside, for all tests that end nothing: the process takes its time to begin."""
    url = empty_ledger(tmp_path_factory.mktemp("beside") / "ledger.db")
    chosen = Settings(database=url, writer="beside")
    with pytest.MonkeyPatch.context() as patch, Ledger.open(url) as opened:
        patch.setenv(URL, url)
        MasterKey(chosen).protect(opened)
        found = beside(chosen)
        assert found is not None
        opened.writer.write_beside(found)
        ready(found)
        yield opened


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries this process wrote in each batch of its own."""
    batches: list[int] = []
    real = Writer._outcome

    def outcome(self: Writer, items: list[object]) -> Sequence[object]:
        batches.append(len(items))
        return real(self, items)  # type: ignore[arg-type]

    monkeypatch.setattr(Writer, "_outcome", outcome)
    return batches


def batch(number: int = 8, **changes: object) -> list[DecisionEntry]:
    return [entry(**changes) for _ in range(number)]


def two_batches(ledger: Ledger, process: Beside) -> list[tuple[DecisionEntry, Future[Written | LedgerError]]]:
    """Sixteen that have been handed over, eight and eight, while the process wrote nothing, and what will become of each."""
    first, second = batch(), batch()
    real, go_on = process.has_replied, Event()

    def has_replied(within: timedelta) -> bool:
        """The next batch is looked for once all of it waits."""
        return go_on.wait(30) and real(within)

    process.has_replied = has_replied  # type: ignore[method-assign]
    with held(ledger):
        futures = submitted(ledger, *first)
    until(lambda: len(ledger.writer._handed) == 1)
    futures += submitted(ledger, *second)
    go_on.set()
    until(lambda: len(ledger.writer._handed) == 2)
    process.has_replied = real  # type: ignore[method-assign]
    return list(zip([*first, *second], futures, strict=True))


# -- as by a thread -----------------------------------------------------------------------------------------------------


def test_it_stores_what_a_thread_would(lived: Ledger, here: list[int]) -> None:
    made = [canary(id=f"dec_{number:026d}") for number in range(9_000, 9_008)]
    written = together(lived, *made)
    assert here in ([], [1]), "the one that holds the queue alone"
    numbers = [one.seq for one in written if isinstance(one, Stored)]
    assert numbers == list(range(numbers[0], numbers[0] + 8))
    for one in made:
        found = lived.decision(one.id)
        assert found is not None
        assert (found.facts, found.inputs, found.answer) == (one.facts, one.inputs, one.answer)
    owed = lived.obligations.page(Wanted(), now=moment(60), limit=100, after=None).data
    assert {one.decision_id for one in owed} >= {one.id for one in made}
    assert lived.verify().ok
    health = lived.health()
    assert health.ok
    assert health.last_commit > timedelta(0)


def test_it_makes_decisions_findable(lived: Ledger) -> None:
    made = batch()
    together(lived, *made)
    found = lived.search.find(DecisionsWanted(reference=made[3].reference), limit=5, after=None)
    assert [one.id for one in found.data] == [made[3].id]


def test_keys_stand_for_one_request(lived: Ledger) -> None:
    first = batch(4, idempotency=None)
    keyed = entry(idempotency=asked("k", b"one"))
    assert isinstance(together(lived, keyed, *first)[0], Stored)
    again, other = entry(idempotency=asked("k", b"one")), entry(idempotency=asked("k", b"two"))
    replayed, reused, *_ = together(lived, again, other, *batch(4))
    assert isinstance(replayed, Replayed)
    assert replayed.stored.answer == keyed.answer
    assert reused == KeyReused("key_1", "k")


def test_of_whom_was_erased_it_says_so(lived: Ledger) -> None:
    once = asked("erased", b"one")
    made = canary(idempotency=once)
    together(lived, made, *batch(4))
    lived.subjects.erase(CANARIES["payer"], by="dpo", reason="asked for", at=moment(60))
    refused, *_ = together(lived, canary(idempotency=once), *batch(4))
    assert isinstance(refused, BodyErased)
    assert refused.what == f"the decision {made.id}"
    assert str(refused).count(made.id) == 1
    after = canary()
    assert isinstance(together(lived, after, *batch(4))[0], Stored), "under another key"
    assert lived.verify().ok


def test_one_that_cannot_be_stored_takes_none_with_it(lived: Ledger) -> None:
    made = batch(6)
    made[2] = entry(id=made[1].id)
    written = together(lived, *made)
    assert [isinstance(one, Stored) for one in written] == [True, True, False, True, True, True]
    assert isinstance(written[2], EntryRefused)
    assert lived.health().ok


def test_a_batch_is_handed_over_while_the_one_before_is_written(ledger: Ledger, process: Beside) -> None:
    number = ready(process)
    os.kill(number, signal.SIGSTOP)
    made = two_batches(ledger, process)
    told: list[object] = []
    ledger.writer.later(lambda work: told.append(work.rows("SELECT count(*) FROM decision")[0][0]))
    time.sleep(0.1)
    assert not any(future.done() for _, future in made)
    assert not told
    os.kill(number, signal.SIGCONT)
    stored = [future.result(30) for _, future in made]
    numbers = [one.seq for one in stored if isinstance(one, Stored)]
    assert numbers == list(range(numbers[0], numbers[0] + 16)), "in the order in which they came"
    ledger.writer.run(lambda work: None)
    assert told == [16], "what is no decision comes after all of them"
    assert ledger.verify().ok


def test_answers_that_are_long_do_not_wait_for_one_another(lived: Ledger) -> None:
    """Each side says more than a line holds while the other one does."""
    large = bytes(200_000)
    first = [entry(idempotency=asked(f"long-{number}", b"one"), answer=large) for number in range(40)]
    again = [entry(idempotency=asked(f"long-{number}", b"one"), facts=large) for number in range(40)]
    together(lived, *first)
    with held(lived):
        waiting = submitted(lived, *again, *again, *again)
    waiting += submitted(lived, *again)
    assert {type(future.result(60)) for future in waiting} == {Replayed}


def test_what_is_no_decision_is_written_after_them_here(lived: Ledger) -> None:
    made = batch()
    told_before = lived.writer.run(lambda work: work.rows("SELECT count(*) FROM decision")[0][0])
    results: list[Written] = []
    with held(lived):
        for one in made:
            lived.writer.submit(one, results.append)  # type: ignore[arg-type]
        told: list[object] = []
        lived.writer.later(lambda work: told.append(work.rows("SELECT count(*) FROM decision")[0][0]))
    event = lived.history.record_event(made[0].id, EventKind.CAPTURED, moment(5))
    assert isinstance(event, Recorded)
    assert [type(one) for one in results] == [Stored] * 8
    assert told[0] == told_before + 8
    assert lived.verify().ok


def test_one_who_asks_alone_waits_for_nobody(lived: Ledger, here: list[int]) -> None:
    assert isinstance(together(lived, entry())[0], Stored)
    assert sum(here) >= 1


# -- whatever happens to it ---------------------------------------------------------------------------------------------


def test_until_it_is_ready_this_process_writes(ledger: Ledger, settings: Settings, here: list[int]) -> None:
    found = beside(settings)
    assert found is not None
    found.is_ready = lambda: False  # type: ignore[method-assign]
    ledger.writer.write_beside(found)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}
    assert sum(here) >= 8


def test_a_process_that_died_says_nothing_of_what_it_held(
    ledger: Ledger, process: Beside, here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ready(process)
    os.kill(number, signal.SIGSTOP)
    lost = two_batches(ledger, process)
    os.kill(number, signal.SIGKILL)
    assert {type(future.result(30)) for _, future in lost} == {LedgerUnavailable}
    assert [ledger.decision(one.id) for one, _ in lost] == [None] * 16
    assert ledger.health().ok, "the store is well"
    assert {type(one) for one in together(ledger, *batch())} == {Stored}, "by this process"
    assert sum(here) >= 8
    monkeypatch.setattr(beside_, "AGAIN", timedelta(0))
    ready(process)
    before = sum(here)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}
    assert sum(here) - before <= 1, "by another of its kind"
    assert ledger.verify().ok


def test_a_process_that_died_with_nothing_in_its_hands_is_not_missed(
    ledger: Ledger, process: Beside, here: list[int]
) -> None:
    number = ready(process)
    os.kill(number, signal.SIGKILL)
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}
    assert sum(here) >= 8


def test_a_process_that_is_silent_is_ended(ledger: Ledger, process: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_, "ANSWERS", timedelta(seconds=0.5))
    number = ready(process)
    os.kill(number, signal.SIGSTOP)
    lost, *_ = together(ledger, *batch())
    assert isinstance(lost, LedgerUnavailable)
    assert "silent" in str(lost)
    assert not Path(f"/proc/{number}").exists()
    assert {type(one) for one in together(ledger, *batch())} == {Stored}


def test_a_process_that_takes_nothing_is_ended(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_writer, "ANSWERS", timedelta(seconds=1))
    found = beside(settings)
    assert found is not None
    ledger.writer.write_beside(found)
    number = ready(found)
    os.kill(number, signal.SIGSTOP)
    lost = together(ledger, *batch(facts=bytes(1_000_000)))
    assert {type(one) for one in lost} == {LedgerUnavailable}
    assert not Path(f"/proc/{number}").exists()
    assert {type(one) for one in together(ledger, *batch())} == {Stored}


@pytest.mark.parametrize("what", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_service_and_not_before(ledger: Ledger, process: Beside, what: signal.Signals) -> None:
    number = ready(process)
    os.kill(number, what)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}
    assert ready(process) == number
    ledger.writer.close()
    assert not Path(f"/proc/{number}").exists()


def test_a_store_that_it_cannot_write_is_trouble_here_too(ledger: Ledger, process: Beside) -> None:
    real = process.reply

    def reply() -> Reply:
        return replace(real(), trouble="disk full")

    process.reply = reply  # type: ignore[method-assign]
    assert {str(one) for one in together(ledger, *batch())} == {"The ledger could not be written: disk full"}
    process.reply = real  # type: ignore[method-assign]
    until = time.monotonic() + 30
    while not ledger.health().ok:
        assert time.monotonic() < until, "it looks again each second"
        time.sleep(0.05)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}


def test_without_the_master_key_it_does_not_begin(ledger: Ledger, settings: Settings, here: list[int]) -> None:
    path = MasterKey(settings).path
    assert path is not None
    path.rename(path.with_suffix(".away"))
    found = beside(settings)
    assert found is not None
    found.start()
    until = time.monotonic() + 60
    while found.process is not None:
        assert time.monotonic() < until
        assert not found.is_ready()
        time.sleep(0.05)
    path.with_suffix(".away").rename(path)
    ledger.writer.write_beside(found)
    assert {type(one) for one in together(ledger, *batch())} == {Stored}


def test_a_command_that_is_not_there_is_no_end(ledger: Ledger, here: list[int]) -> None:
    ledger.writer.write_beside(Beside(lambda line: ["/nowhere/lexgate", str(line)]))
    assert {type(one) for one in together(ledger, *batch())} == {Stored}
    assert sum(here) >= 8


# -- where it is wanted -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("writer", "cores", "database", "wanted"),
    [
        ("auto", 1, "sqlite:///l.db", False),
        ("auto", 2, "sqlite:///l.db", True),
        ("beside", 1, "sqlite:///l.db", True),
        ("inside", 8, "sqlite:///l.db", False),
        ("auto", 8, "postgresql+psycopg://u@h/d", False),
        ("beside", 8, "postgresql+psycopg://u@h/d", False),
    ],
)
def test_who_has_one(writer: str, cores: int, database: str, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.ledger_writer.cores", lambda: cores)
    settings = Settings(database=database, writer=writer)  # type: ignore[arg-type]
    assert (beside(settings) is not None) is wanted
