"""Listing decisions: newest first, by page, by reference."""

from datetime import timedelta

from engine.ledger import Ledger
from tests.ledger.factories import entry, store


def _listed(ledger: Ledger, limit: int, reference: str | None = None) -> list[list[str]]:
    pages, after = [], None
    while True:
        page = ledger.decisions(limit=limit, after=after, reference=reference)
        pages.append([one.id for one in page.data])
        after = page.next
        if after is None:
            return pages


def test_pages_follow_one_another_without_gap_or_repeat(ledger: Ledger) -> None:
    made = [entry() for _ in range(5)]
    store(ledger, *made)
    ids = [one.id for one in reversed(made)]
    assert _listed(ledger, 2) == [ids[:2], ids[2:4], ids[4:]]
    assert _listed(ledger, 5) == [ids]
    assert _listed(ledger, 50) == [ids]


def test_an_empty_ledger_has_one_empty_page(ledger: Ledger) -> None:
    assert _listed(ledger, 10) == [[]]


def test_a_reference_finds_its_attempts(ledger: Ledger) -> None:
    attempts = [entry(reference="ord-x"), entry(reference="ord-y"), entry(reference="ord-x"), entry(reference=None)]
    store(ledger, *attempts)
    assert _listed(ledger, 1, "ord-x") == [[attempts[2].id], [attempts[0].id]]
    assert _listed(ledger, 9, "ord-none") == [[]]


def test_what_comes_later_does_not_move_a_page(ledger: Ledger) -> None:
    made = [entry() for _ in range(4)]
    store(ledger, *made)
    first = ledger.decisions(limit=2)
    store(ledger, entry())
    second = ledger.decisions(limit=2, after=first.next)
    assert [one.id for one in second.data] == [made[1].id, made[0].id]


def test_the_order_is_that_of_the_bytes_of_the_ids(ledger: Ledger) -> None:
    ids = ["dec_a", "dec_B", "dec_1", "dec-z", "dec_é"]
    store(ledger, *(entry(id=one) for one in ids))
    assert _listed(ledger, 9) == [sorted(ids, key=str.encode, reverse=True)]


def test_a_back_test_reads_what_was_there_when_it_began_the_oldest_first(ledger: Ledger) -> None:
    made = [entry() for _ in range(4)]
    store(ledger, *made)
    newest = ledger.newest_decision()
    assert newest is not None
    upto, digest = newest
    assert digest == ledger.decision(made[3].id).hash
    store(ledger, entry())
    ever = (made[0].at - timedelta(days=1), made[0].at + timedelta(days=1))
    first = ledger.stretch(*ever, after=0, upto=upto, limit=3)
    rest = ledger.stretch(*ever, after=first[-1].seq, upto=upto, limit=3)
    assert [one.id for one in (*first, *rest)] == [one.id for one in made]
    assert ledger.stretch(ever[0], made[0].at, after=0, upto=upto, limit=3) == ()


def test_an_empty_ledger_has_no_newest_decision(ledger: Ledger) -> None:
    assert ledger.newest_decision() is None


def test_no_such_decision(ledger: Ledger) -> None:
    assert ledger.decision("dec_none") is None
    assert ledger.history.events("dec_none") == ()
