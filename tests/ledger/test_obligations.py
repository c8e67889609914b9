"""Obligations: stored with their decision, listed by day, ended once, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.ledger import (
    EndedBefore,
    Ending,
    EntryRefused,
    KeyedAnswer,
    KeyReused,
    Ledger,
    Owed,
    Replayed,
    Status,
    UnknownObligation,
    Wanted,
)
from engine.ledger import IdempotencyKey as Key
from engine.ledger.history import EventKind
from tests.ledger.factories import AT, asked, entry, moment, store, stored, together


def owed(code: str = "file_report", due_at: datetime | None = AT, **changes: str) -> Owed:
    """A report by a day."""
    due = None if due_at is None else due_at.isoformat()
    return Owed(code, changes.get("domain", "aml"), changes.get("who", "obliged_entity"), due, due_at, "File it.")


def codes(ledger: Ledger, wanted: Wanted | None = None, *, now: datetime = AT, limit: int = 50) -> list[str]:
    """The codes of a list, read page by page."""
    found, after = [], None
    while True:
        page = ledger.obligations.page(wanted or Wanted(), now=now, limit=limit, after=after)
        found += [one.code for one in page.data]
        after = page.next
        if after is None:
            return found


def test_the_most_urgent_stands_first_and_what_has_no_day_last(ledger: Ledger) -> None:
    stored(ledger, owed=(owed("later", moment(60)), owed("undated", None), owed("now", AT)))
    stored(ledger, owed=(owed("sooner", moment(30)),))
    assert codes(ledger) == ["now", "sooner", "later", "undated"]
    assert codes(ledger, limit=1) == ["now", "sooner", "later", "undated"]


def test_what_a_decision_owes_is_named_after_it(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed("first"), owed("second")))
    found = ledger.obligations.one(f"{made.id}.002")
    assert found is not None
    assert (found.decision_id, found.reference, found.code) == (made.id, made.reference, "second")
    assert found.due_at == AT
    assert ledger.obligations.one(f"{made.id}.003") is None


def test_an_instant_is_overdue_only_when_it_is_past(ledger: Ledger) -> None:
    stored(ledger, owed=(owed(due_at=AT), owed("undated", None)))
    overdue = Wanted(status=Status.OVERDUE)
    assert codes(ledger, overdue, now=AT) == []
    assert codes(ledger, overdue, now=AT + timedelta(microseconds=1)) == ["file_report"]
    assert ledger.obligations.counted(AT) == {"aml": (2, 0)}
    assert ledger.obligations.counted(moment(1)) == {"aml": (2, 1)}
    assert ledger.obligations.due(AT, moment(1)) == (2, 0, 1)


def test_a_list_can_be_narrowed(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed("a", moment(1)), owed("b", moment(9), domain="kyc", who="acquirer")))
    stored(ledger, owed=(owed("c", moment(2)),))
    assert codes(ledger, Wanted(domain="kyc")) == ["b"]
    assert codes(ledger, Wanted(code="c")) == ["c"]
    assert codes(ledger, Wanted(who="acquirer")) == ["b"]
    assert codes(ledger, Wanted(decision_id=made.id)) == ["a", "b"]
    assert codes(ledger, Wanted(due_before=moment(2))) == ["a"]
    assert codes(ledger, Wanted(status=Status.ALL), limit=2) == ["a", "b", "c"]


def test_it_ends_once_and_for_good(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed(),))
    identity = f"{made.id}.001"
    assert ledger.obligations.end(identity, Ending.FULFILLED, moment(5), by="key_2", note="no. 17", once=None) is None
    found = ledger.obligations.one(identity)
    assert found is not None
    assert (found.ended_as, found.ended_at, found.ended_by, found.note) == (
        Ending.FULFILLED,
        moment(5),
        "key_2",
        "no. 17",
    )
    with pytest.raises(EndedBefore):
        ledger.obligations.end(identity, Ending.WAIVED, moment(6), by="key_2", note=None, once=None)
    with pytest.raises(UnknownObligation):
        ledger.obligations.end(f"{made.id}.002", Ending.WAIVED, moment(6), by="key_2", note=None, once=None)
    assert codes(ledger) == []
    assert codes(ledger, Wanted(status=Status.ENDED)) == ["file_report"]
    assert ledger.obligations.counted(moment(9)) == {}


def test_that_it_ended_is_part_of_the_chain(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed(),))
    before = ledger.verify().rows
    ledger.obligations.end(f"{made.id}.001", Ending.LAPSED, AT, by="key_2", note=None, once=None)
    report = ledger.verify()
    assert report.ok
    assert report.rows == before + 1


def test_the_same_request_again_is_answered_the_same(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed(),))
    identity = f"{made.id}.001"
    first = KeyedAnswer(Key(*asked("k", b"body")), b"ended")
    assert ledger.obligations.end(identity, Ending.WAIVED, AT, by="k", note=None, once=first) is None
    again = ledger.obligations.end(identity, Ending.WAIVED, AT, by="k", note=None, once=first)
    assert isinstance(again, Replayed)
    assert again.stored.answer == b"ended"
    other = KeyedAnswer(Key(*asked("k", b"other")), b"ended")
    assert isinstance(ledger.obligations.end(identity, Ending.WAIVED, AT, by="k", note=None, once=other), KeyReused)


def test_it_says_whether_its_payment_was_executed(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed(),))
    identity = f"{made.id}.001"

    def executed() -> bool | None:
        found = ledger.obligations.one(identity)
        assert found is not None
        return found.executed

    assert executed() is None
    ledger.history.record_event(made.id, EventKind.FAILED, moment(1))
    assert executed() is False
    ledger.history.record_event(made.id, EventKind.CAPTURED, moment(2))
    assert executed() is True


def test_a_replayed_request_owes_nothing_twice(ledger: Ledger) -> None:
    one = entry(owed=(owed(),), idempotency=asked("k", b"body"))
    two = entry(owed=(owed(),), idempotency=asked("k", b"body"))
    together(ledger, one, two)
    assert codes(ledger) == ["file_report"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE obligation SET due_at = 1",
        "UPDATE obligation SET code = 'none'",
        "UPDATE obligation SET ended_at = 1, due_at = 1",
        "DELETE FROM obligation",
    ],
)
def test_the_database_itself_refuses_any_other_change(ledger: Ledger, change: str) -> None:
    stored(ledger, owed=(owed(),))
    with pytest.raises(EntryRefused):
        ledger.writer.run(lambda batch: batch.execute(change))
    assert codes(ledger) == ["file_report"]


def test_the_database_itself_refuses_to_end_it_again(ledger: Ledger) -> None:
    made = stored(ledger, owed=(owed(),))
    ledger.obligations.end(f"{made.id}.001", Ending.FULFILLED, AT, by="k", note=None, once=None)
    with pytest.raises(EntryRefused):
        ledger.writer.run(lambda batch: batch.execute("UPDATE obligation SET ended_as = 'waived'"))
    store(ledger, entry())
