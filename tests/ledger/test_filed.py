"""Filed returns in the ledger: one after another for each merchant and scheme, whoever files."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import Any

from engine.ledger import IdempotencyKey, Ledger, Overtaken, Replayed, Stored
from engine.postings import Filed
from tests.ledger.factories import AT
from tests.ledger.taxing import committed, returned


def test_a_return_comes_back_as_it_was_filed(ledger: Ledger) -> None:
    made = returned(committed(ledger))
    assert ledger.returns.place() == 2
    assert ledger.returns.file(made, ()) == Stored(3)
    found = ledger.returns.one(made.id)
    assert found is not None
    assert (found.answer, found.digest, found.release, found.at) == (made.answer, made.digest, made.release, AT)
    days = (date(2026, 10, 1), date(2026, 12, 31))
    assert ledger.returns.filed("m-1", "oss") == (Filed(made.id, "2026-Q4", *days, 1, 1, AT.date()),)
    assert ledger.returns.filed("m-1", "ioss") == ledger.returns.filed("m-2", "oss") == ()
    assert ledger.returns.one("ret_no") is None
    assert ledger.verify().ok


def test_a_return_that_was_worked_out_before_another_was_filed_is_not_stored(ledger: Ledger) -> None:
    sold = committed(ledger)
    assert isinstance(ledger.returns.file(returned(sold), ()), Stored)
    late = returned(sold, period="2027-Q1", first=date(2027, 1, 1), last=date(2027, 3, 31))
    assert ledger.returns.file(late, ()) == Overtaken()
    assert isinstance(ledger.returns.file(late, ledger.returns.filed("m-1", "oss")), Stored)
    other = returned(sold, merchant="m-2")
    assert isinstance(ledger.returns.file(other, ()), Stored), "another merchant's are another matter"


def test_the_same_key_files_once(ledger: Ledger) -> None:
    made = returned(committed(ledger))
    once = IdempotencyKey("key_1 /v1/tax/returns", "q4", b"x" * 32)
    assert isinstance(ledger.returns.file(made, (), once), Stored)
    again = ledger.returns.file(returned(committed(ledger), id="ret_other"), (), once)
    assert isinstance(again, Replayed)
    assert again.stored.answer == made.answer


def test_of_many_hands_one_files(ledger: Ledger) -> None:
    sold = committed(ledger)
    written: list[Any] = []
    hands = [Thread(target=lambda: written.append(ledger.returns.file(returned(sold), ()))) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(type(one).__name__ for one in written) == ["Overtaken"] * 7 + ["Stored"]


def test_returns_are_listed_a_page_at_a_time(ledger: Ledger) -> None:
    sold = committed(ledger)
    for month in (1, 2, 3):
        day = date(2026, month, 1)
        made = returned(sold, scheme="ioss", period=f"2026-{month:02d}", first=day, last=day.replace(day=28))
        ledger.returns.file(made, ledger.returns.filed("m-1", "ioss"))
    first = ledger.returns.page("m-1", limit=2, after=None)
    assert [one.period for one in first.data] == ["2026-01", "2026-02"]
    rest = ledger.returns.page("m-1", limit=2, after=first.next)
    assert ([one.period for one in rest.data], rest.next) == (["2026-03"], None)
    assert ledger.returns.page("m-2", limit=2, after=None).data == ()
