"""The one writer: what it acknowledges is on disk, and nobody suffers for another's fault."""

import asyncio
import logging
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import current_thread

import pytest

from engine.ledger import EntryRefused, Ledger, LedgerBusy, LedgerClosed, LedgerUnavailable, Stored, verify
from engine.ledger._batch import Batch
from tests.ledger.factories import AT, asked, counted, entry, gathered, held, store, stored, together


def test_what_is_stored_is_read_back(ledger: Ledger) -> None:
    made = stored(ledger, idempotency=asked("k", b"body"), at=datetime(2026, 11, 22, 10, 15, 0, 123456, tzinfo=UTC))
    read = ledger.decision(made.id)
    assert read is not None
    for name in (
        "id",
        "at",
        "key_id",
        "reference",
        "payer_id",
        "outcome",
        "country",
        "release",
        "facts",
        "inputs",
        "answer",
    ):
        assert getattr(read, name) == getattr(made, name), name
    assert (read.seq, read.counted) == (1, made.counted)


def test_what_was_not_stated_stays_unstated(ledger: Ledger) -> None:
    made = stored(ledger, reference=None, payer_id=None, country=None, counted=None)
    read = ledger.decision(made.id)
    assert read is not None
    assert (read.reference, read.payer_id, read.country, read.counted) == (None, None, None, None)


@pytest.mark.parametrize("amount", ["0", "0.1", "25.00", "1E+3", "123456789012345678.123456789012", "0.000000000001"])
def test_amounts_are_kept_to_the_last_digit(ledger: Ledger, amount: str) -> None:
    made = stored(ledger, counted=counted(amount=Decimal(amount)))
    read = ledger.decision(made.id)
    assert read is not None
    assert read.counted is not None
    assert read.counted.amount.as_tuple() == Decimal(amount).as_tuple()


def test_the_acknowledgement_comes_after_the_commit_and_from_the_writer(ledger: Ledger) -> None:
    made = entry()
    seen: Future[tuple[str, bool]] = Future()
    ledger.writer.submit(made, lambda _: seen.set_result((current_thread().name, ledger.decision(made.id) is not None)))
    assert seen.result(10) == ("lexgate-ledger-writer", True)


def test_what_waits_becomes_one_batch(ledger: Ledger) -> None:
    entries = [entry() for _ in range(50)]
    batches = ledger.health().batches
    assert together(ledger, *entries) == [Stored(seq) for seq in range(1, 51)]
    assert ledger.health().batches == batches + 2  # the task that held the writer, and the fifty


def test_one_wake_up_for_each_batch(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        calls: list[object] = []
        wake = loop.call_soon_threadsafe
        with held(ledger):
            tasks = [asyncio.create_task(ledger.writer.write(entry())) for _ in range(40)]
            await asyncio.sleep(0)
            monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *args: (calls.append(args), wake(*args)))
        results = await asyncio.gather(*tasks)
        return len(calls), len({result.seq for result in results})

    assert asyncio.run(main()) == (1, 40)


def test_a_full_queue_refuses_and_keeps_what_it_had(url: str) -> None:
    results: list[object] = []
    with Ledger.open(url, queue_limit=3) as ledger:
        with held(ledger):
            for _ in range(3):
                ledger.writer.submit(entry(), results.append)
            with pytest.raises(LedgerBusy) as refused:
                ledger.writer.submit(entry(), results.append)
        assert refused.value.waiting == 3
        store(ledger, entry())
    assert results == [Stored(1), Stored(2), Stored(3)]


BAD = {
    "no offset": {"at": datetime(2026, 11, 22)},  # noqa: DTZ001 - that is what is wrong with it
    "not a number": {"counted": counted(amount=Decimal("NaN"))},
    "another payer": {"counted": counted("c-8")},
    "no bytes": {"answer": None},
    "half a letter": {"outcome": "\ud800"},
    "too far": {"facts": "text"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_entry_fails_alone(ledger: Ledger, bad: dict[str, object]) -> None:
    good = [entry() for _ in range(4)]
    results = together(ledger, good[0], good[1], entry(**bad), good[2], good[3])
    assert isinstance(results[2], EntryRefused)
    assert [result for result in results if isinstance(result, Stored)] == [Stored(seq) for seq in (1, 2, 3, 4)]
    assert ledger.health().ok
    assert ledger.verify().ok
    assert all(ledger.decision(made.id) is not None for made in good)


def test_an_id_is_given_once(ledger: Ledger) -> None:
    first = stored(ledger)
    again = replace(first, answer=b"other")
    with pytest.raises(EntryRefused):
        store(ledger, again)
    results = together(ledger, entry(), again, entry())
    assert [type(result) for result in results] == [Stored, EntryRefused, Stored]
    read = ledger.decision(first.id)
    assert read is not None
    assert read.answer == first.answer


def test_closing_stores_what_was_accepted(url: str) -> None:
    ledger = Ledger.open(url)
    results: list[object] = []
    for _ in range(300):
        ledger.writer.submit(entry(), results.append)
    ledger.close()
    assert results == [Stored(seq) for seq in range(1, 301)]
    assert verify(url).rows == 300


def test_a_closed_ledger_says_so(url: str) -> None:
    ledger = Ledger.open(url)
    made = stored(ledger)
    ledger.close()
    ledger.close()
    assert ledger.health().trouble == "The ledger is closed"
    with pytest.raises(LedgerClosed):
        ledger.writer.submit(entry(), print)
    with pytest.raises(LedgerClosed):
        ledger.decision(made.id)


def test_a_caller_that_fails_harms_nobody(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("the caller's own fault")

    results: list[object] = []
    with held(ledger):
        ledger.writer.submit(entry(), fail)
        ledger.writer.submit(entry(), results.append)
    store(ledger, entry())
    assert results == [Stored(2)]
    assert "could not take the result" in caplog.text


def test_a_caller_that_went_away_is_stored_all_the_same(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "engine.ledger")
    cancelled, orphan = entry(), entry()

    async def main() -> None:
        task = asyncio.create_task(ledger.writer.write(cancelled))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        asyncio.get_running_loop().create_task(ledger.writer.write(orphan))
        await asyncio.sleep(0)

    with held(ledger):
        asyncio.run(main())
    store(ledger, entry())
    store(ledger, entry())  # the first may have been in their batch, and heard of it before the loop was found closed
    assert ledger.decision(cancelled.id) is not None
    assert ledger.decision(orphan.id) is not None
    assert "An event loop ended" in caplog.text


def test_a_waiter_that_gave_up_does_not_disturb_the_others(ledger: Ledger) -> None:
    async def main() -> tuple[bool, object]:
        with held(ledger):
            impatient, patient = (asyncio.create_task(ledger.writer.write(entry())) for _ in range(2))
            await asyncio.sleep(0)
            impatient.cancel()
            await asyncio.sleep(0)
        return impatient.cancelled(), await patient

    assert asyncio.run(main()) == (True, Stored(2))


def test_a_task_survives_a_bad_decision_beside_it(ledger: Ledger) -> None:
    async def main() -> list[object]:
        with held(ledger):
            work = [
                ledger.writer.write(entry(answer=None)),
                ledger.writer.perform(lambda batch: batch.note("test.kind", "subject", 5, b"{}")),
                ledger.writer.write(entry()),
            ]
            tasks = [asyncio.ensure_future(one) for one in work]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks, return_exceptions=True)

    refused, noted, written = asyncio.run(main())
    assert isinstance(refused, EntryRefused)
    assert (noted, written) == (1, Stored(2))
    assert ledger.verify().rows == 2


def test_failures_reach_the_event_loop(ledger: Ledger) -> None:
    made = entry()
    results = gathered(lambda: [ledger.writer.write(made), ledger.writer.write(made), ledger.writer.write(entry())])
    assert [type(result) for result in results] == [Stored, EntryRefused, Stored]


def test_tasks_run_after_the_decisions_of_their_batch_and_fail_alone(ledger: Ledger) -> None:
    def refuse(_: object) -> None:
        raise EntryRefused("not this one")

    async def main() -> list[object]:
        with held(ledger):
            work = [
                ledger.writer.perform(lambda batch: batch.note("test.kind", "subject", 5, b"{}")),
                ledger.writer.perform(refuse),
                ledger.writer.write(entry()),
            ]
            tasks = [asyncio.ensure_future(one) for one in work]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks, return_exceptions=True)

    noted, refused, written = asyncio.run(main())
    assert (noted, str(refused), written) == (2, "not this one", Stored(1))
    assert ledger.verify().rows == 2


def test_what_a_refused_task_had_written_is_undone(ledger: Ledger) -> None:
    def note_and_refuse(batch: Batch) -> None:
        batch.note("test.kind", "subject", 5, b"{}")
        raise EntryRefused("after all, not")

    async def main() -> list[object]:
        with held(ledger):
            note = ledger.writer.perform(lambda batch: batch.note("test.kind", "kept", 5, b"{}"))
            tasks = [asyncio.ensure_future(one) for one in (ledger.writer.perform(note_and_refuse), note)]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks, return_exceptions=True)

    refused, noted = asyncio.run(main())
    assert (str(refused), noted) == ("after all, not", 1)
    assert (ledger.verify().ok, ledger.verify().rows) == (True, 1)


def test_an_unknown_fault_is_told_to_all_and_survived(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    with pytest.raises(LedgerUnavailable, match="nobody foresaw this"):
        ledger.writer.run(break_down)
    assert "does not know" in caplog.text
    store(ledger, entry())
    assert ledger.health().ok


def test_recorded_at_never_runs_backwards(url: str) -> None:
    now, made = AT, []
    with Ledger.open(url, clock=lambda: now) as ledger:
        for hour in (2, 1, 1, 3):
            now = AT + timedelta(hours=hour)
            made.append(stored(ledger))
        read = [ledger.decision(one.id) for one in made]
    hours = [(one.recorded_at - AT) // timedelta(hours=1) for one in read if one is not None]
    assert hours == [2, 2, 2, 3]


def test_health_counts(ledger: Ledger) -> None:
    store(ledger, entry(), entry())
    health = ledger.health()
    assert (health.ok, health.trouble, health.waiting, health.rows, health.batches) == (True, None, 0, 2, 2)
    assert health.last_commit > timedelta(0)
