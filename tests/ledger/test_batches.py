"""How a batch goes to the store: who joins it, and what becomes of it where the server refuses in the middle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from engine.ledger import EntryRefused, Ledger, LedgerUnavailable, Stored, verify
from engine.ledger import _batch as batch_module
from engine.ledger._batch import _apart
from engine.ledger._database import Database
from engine.ledger.entries import Owed
from tests.ledger.factories import AT, asked, counted, entry, store, stored, together

OWED = Owed("report", "aml", "issuer", None, None, "Report it.")
FAILS = """
CREATE SEQUENCE fails;
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('fails') <= {times} THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '{state}'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON {table} DEFERRABLE INITIALLY {when} FOR EACH ROW EXECUTE FUNCTION fail()
"""


@contextmanager
def head_held(url: str) -> Iterator[None]:
    """As long as another process writes."""
    hand = Database(url).connect()
    hand.execute(Database(url).begin)
    hand.execute("UPDATE head SET seq = seq WHERE id = 1")
    try:
        yield
    finally:
        hand.execute("ROLLBACK")
        hand.close()


def until(said: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not said():
        assert time.monotonic() < end
        time.sleep(0.005)


def by_hand(url: str, sql: str) -> None:
    hand = Database(url).connect()
    hand.execute(sql)
    hand.close()


def test_what_comes_while_another_process_holds_the_head_joins_the_batch(ledger: Ledger, url: str) -> None:
    futures: list[Future[Any]] = [Future() for _ in range(20)]
    batches = ledger.health().batches
    with head_held(url):
        ledger.writer.submit(entry(), futures[0].set_result)
        until(lambda: ledger.health().waiting == 0)
        time.sleep(0.1)  # until it stands before the head
        for future in futures[1:]:
            ledger.writer.submit(entry(), future.set_result)
    assert [future.result(30) for future in futures] == [Stored(seq) for seq in range(1, 21)]
    assert ledger.health().batches == batches + 1
    assert ledger.verify().ok


def test_the_end_may_come_while_the_head_is_waited_for(url: str) -> None:
    ledger, told = Ledger.open(url), []
    with head_held(url):
        ledger.writer.submit(entry(), told.append)
        until(lambda: ledger.health().waiting == 0)
        ledger.writer.submit(entry(), told.append)
        ending = Thread(target=ledger.close)
        ending.start()
        time.sleep(0.1)
    ending.join(30)
    assert told == [Stored(1), Stored(2)]
    assert verify(url).rows == 2


def test_many_rows_of_every_kind_are_what_they_were(ledger: Ledger) -> None:
    """With and without each column, short and long, over the bound of one statement."""
    made = [
        entry(
            reference=None if number % 2 else f"é\U0001f600\\\"{{,}}' {number}",
            payer_id="payer" if number % 3 else None,
            country=None if number % 5 else "FR",
            counted=counted("payer", amount=Decimal(f"-{number}.50")) if number % 3 else None,
            at=AT - timedelta(days=365 * 60 * (number % 2)),
            facts=bytes(reversed(range(256))) * (number % 40),  # no body begins as a sealed one does
            inputs=b"",
            answer=b"x" * (number * 37),
            owed=(OWED,) * (number % 4),
            idempotency=asked(f"k{number}", b"{}") if number % 7 == 0 else None,
        )
        for number in range(300)
    ]
    assert together(ledger, *made) == [Stored(seq) for seq in range(1, 301)]
    for one in made:
        read = ledger.decision(one.id)
        assert read is not None
        for name in ("at", "reference", "payer_id", "country", "counted", "facts", "inputs", "answer"):
            assert getattr(read, name) == getattr(one, name), name
    assert ledger.verify().rows == 300


def test_refusals_again_and_again_leave_the_line_as_it_was(ledger: Ledger) -> None:
    """A driver that prepares what it sends often must not believe that a statement is there which was never done."""
    first = stored(ledger)
    for _ in range(12):
        kinds = [type(result) for result in together(ledger, entry(), replace(first, answer=b"other"), entry())]
        assert kinds == [Stored, EntryRefused, Stored]
    assert ledger.health().ok
    assert ledger.verify().rows == 25


def test_text_that_the_server_cannot_hold_is_refused_alone(postgres_url: str) -> None:
    with Ledger.open(postgres_url) as ledger:
        kinds = [type(result) for result in together(ledger, entry(), entry(reference="\x00"), entry())]
        assert kinds == [Stored, EntryRefused, Stored]
        assert ledger.verify().ok


@pytest.mark.slow
@pytest.mark.parametrize(("state", "when"), [("40001", "IMMEDIATE"), ("40P01", "DEFERRED")])
def test_a_conflict_within_a_batch_or_at_its_commit_is_tried_again(
    own_postgres_url: str, state: str, when: str
) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        by_hand(own_postgres_url, FAILS.format(times=2, state=state, when=when, table="decision"))
        batches = ledger.health().batches
        assert together(ledger, entry(), entry()) == [Stored(1), Stored(2)]
        assert ledger.health().batches == batches + 2  # the one that held the writer, and this one
        assert ledger.verify().rows == 2


@pytest.mark.slow
def test_what_is_refused_at_the_commit_is_told_to_all_and_nothing_of_it_stays(own_postgres_url: str) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        by_hand(own_postgres_url, FAILS.format(times=1000, state="23514", when="DEFERRED", table="decision"))
        results = together(ledger, entry(), entry())
        assert [type(result) for result in results] == [LedgerUnavailable, LedgerUnavailable]
        by_hand(own_postgres_url, "DROP TRIGGER fail ON decision")
        until(lambda: ledger.health().ok)
        assert store(ledger, entry()) == [Stored(1)]
        assert ledger.verify().rows == 1


@pytest.mark.slow
def test_where_a_row_beside_the_chain_fails_nobody_is_told_that_decisions_are_in(own_postgres_url: str) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        by_hand(own_postgres_url, FAILS.format(times=1, state="58030", when="IMMEDIATE", table="obligation"))
        first, second = together(ledger, entry(), entry(owed=(OWED,)))
        assert isinstance(first, LedgerUnavailable)
        assert isinstance(second, LedgerUnavailable)
        assert store(ledger, entry()) == [Stored(1)]
        assert ledger.verify().rows == 1


def test_rows_go_in_by_statements_of_bounded_length(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_module, "_IN_ARRAYS", 3)
    monkeypatch.setattr(batch_module, "_TOGETHER", 3)
    assert together(ledger, *(entry() for _ in range(10))) == [Stored(seq) for seq in range(1, 11)]
    assert ledger.verify().rows == 10


SECOND = 1_000_000


@pytest.mark.parametrize(
    ("before", "by_server", "after", "waited", "apart"),
    [
        (0, 0, 0, 0, 0),
        (0, 2, 4, 4, 0),  # read while the head was waited for
        (10, 7, 14, 4, 3),
        (10, 20, 14, 4, -6),
        (0, 2, 3600, 4, 3594),  # the clock jumped ahead meanwhile
        (3600, 3602, 4, 4, -3598),  # or back, so that the first look was right and the second is not
    ],
)
def test_how_far_clocks_are_apart(before: int, by_server: int, after: int, waited: int, apart: int) -> None:
    found = _apart(*(one * SECOND for one in (before, by_server, after, waited)))
    assert found == apart * SECOND


@pytest.mark.slow
def test_the_wait_for_the_head_is_no_difference_of_clocks(postgres_url: str) -> None:
    with Ledger.open(postgres_url, skew=timedelta(milliseconds=300)) as ledger:
        told: Future[Any] = Future()
        with head_held(postgres_url):
            ledger.writer.submit(entry(at=ledger.writer.now()), told.set_result)
            time.sleep(1)
        assert told.result(30) == Stored(1)
