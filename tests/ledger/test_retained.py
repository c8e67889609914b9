"""Whose records lie here, the longest untouched first: on both stores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.ledger import Ledger, ScreeningEntry, Untouched
from tests.ledger.alerting import alert, tell
from tests.ledger.factories import AT, counted, entry, store
from tests.ledger.tampering import by_hand
from tests.ledger.taxing import committed

HORIZON = AT + timedelta(days=30)


def paid(ledger: Ledger, payer: str | None, day: int, **more: object) -> str:
    at = AT + timedelta(days=day)
    made = entry(payer_id=payer, at=at, counted=None if payer is None else counted(payer, occurred_at=at), **more)
    store(ledger, made)
    return made.id


def test_each_payer_is_found_once_at_its_last_decision(ledger: Ledger) -> None:
    paid(ledger, "c-1", 0)
    paid(ledger, None, 1)
    paid(ledger, "c-2", 2)
    last = paid(ledger, "c-1", 3)
    paid(ledger, "c-3", 40)
    ledger.search.take_in(99)
    found = ledger.retained.untouched(HORIZON, after=None, rows=99)
    assert [(one.subject, one.at) for one in found.found] == [
        ("c-2", AT + timedelta(days=2)), ("c-1", AT + timedelta(days=3)),
    ]  # fmt: skip
    assert found.found[1] == Untouched("c-1", AT + timedelta(days=3), last)
    assert found.next is None


def test_a_look_takes_so_many_rows_and_says_where_it_ended(ledger: Ledger) -> None:
    for day in range(5):
        paid(ledger, f"c-{day}", day)
    ledger.search.take_in(99)
    seen, after, looks = [], None, 0
    while True:
        bite = ledger.retained.untouched(HORIZON, after=after, rows=2)
        seen += [one.subject for one in bite.found]
        looks += 1
        if bite.next is None:
            break
        after = bite.next
    assert (seen, looks) == ([f"c-{day}" for day in range(5)], 3)
    behind = ledger.retained.untouched(HORIZON, after=Untouched("c-1", AT + timedelta(days=1), "z").place, rows=9)
    assert [one.subject for one in behind.found] == ["c-2", "c-3", "c-4"]


def test_what_is_not_findable_yet_counts(ledger: Ledger) -> None:
    paid(ledger, "c-1", 0)
    ledger.search.take_in(99)
    paid(ledger, "c-1", 60)
    assert ledger.retained.untouched(HORIZON, after=None, rows=99).found == ()


def test_decisions_of_a_payer_come_the_newest_first_however_many_there_are(ledger: Ledger) -> None:
    made = [paid(ledger, "c-1", day, facts=b'{"n":%d}' % day) for day in range(3)]
    paid(ledger, "c-2", 1)
    ledger.search.take_in(99)
    found = list(ledger.retained.decisions("c-1"))
    assert [one.id for one in found] == made[::-1]
    assert [one.facts for one in found] == [b'{"n":2}', b'{"n":1}', b'{"n":0}']
    assert found[0].at == AT + timedelta(days=2)


def test_more_than_are_read_at_once(ledger: Ledger, monkeypatch) -> None:
    monkeypatch.setattr("engine.ledger.retained._TOGETHER", 2)
    made = [paid(ledger, "c-1", day) for day in range(5)]
    ledger.search.take_in(99)
    assert [one.id for one in ledger.retained.decisions("c-1")] == made[::-1]


def test_what_else_is_kept_of_a_payer(ledger: Ledger) -> None:
    assert (ledger.retained.screened("c-1"), ledger.retained.case("c-1")) == (None, (None, False))
    for number in (1, 2):
        at = AT + timedelta(days=number)
        ledger.screenings.store(ScreeningEntry(f"scr_{number}", at, "key_1", "c-1", "clear", "f", b"{}", b"{}"))
    assert ledger.retained.screened("c-1") == AT + timedelta(days=2)
    tell(ledger, alert(subject="c-1", subject_kind="party"))
    moved, waits = ledger.retained.case("c-1")
    assert waits
    assert moved is not None
    assert ledger.retained.taxed("ord-none") is None


def test_the_last_day_of_tax_under_a_reference(ledger: Ledger) -> None:
    made = committed(ledger)
    assert made.reference is not None
    assert ledger.retained.taxed(made.reference) == date.fromisoformat(str(made.day))


def test_a_run_is_told_in_the_chain_in_numbers(ledger: Ledger) -> None:
    before = ledger.checkpoints.end()[0].seq
    ledger.retained.ran("system", datetime(2026, 11, 27, tzinfo=UTC), {"erased": 3, "counted": {"may": 3}})
    assert ledger.checkpoints.end()[0].seq == before + 1
    assert ledger.verify().ok


def test_a_walk_uses_its_indexes(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url):
        pass
    with by_hand(sqlite_url, guarded=True) as hand:
        plans = {
            question: " ".join(str(row) for row in hand.execute(f"EXPLAIN QUERY PLAN {question}").fetchall())
            for question in (
                "SELECT at, id FROM decision_search WHERE payer = 'c' ORDER BY at DESC, id DESC LIMIT 1",
                "SELECT max(day) FROM tax_transaction WHERE reference = 'r'",
                "SELECT at, id, payer FROM decision_search WHERE (at, id) > (1, 'a') AND at < 9 ORDER BY at, id LIMIT 3",
            )
        }
    first, second, third = plans.values()
    assert "ix_decision_search_payer" in first
    assert "ix_tax_transaction_reference" in second
    assert "SEARCH" in third
    assert "TEMP B-TREE" not in first + second + third
