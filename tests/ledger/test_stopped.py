"""Payments that were held or stopped, as whoever follows them up reads them: all of them, in the order of the chain."""

from __future__ import annotations

from engine.ledger import Ledger
from tests.ledger.factories import entry, store


def test_only_what_was_held_or_stopped_is_read_and_all_of_it(ledger: Ledger) -> None:
    made = [entry(outcome=one) for one in ("allow", "review", "challenge", "block", "collect", "review")]
    store(ledger, *made)
    found, upto = ledger.stopped.after(0, 10)
    assert [(one.id, one.outcome) for one in found] == [(made[at].id, made[at].outcome) for at in (1, 3, 5)]
    assert (found[0].facts, found[0].inputs) == (made[1].facts, made[1].inputs)
    assert upto >= found[-1].seq
    assert ledger.stopped.after(upto, 10) == ((), upto)


def test_a_page_that_is_full_ends_with_its_last_and_the_next_goes_on(ledger: Ledger) -> None:
    made = [entry(outcome="block") for _ in range(3)]
    store(ledger, *made)
    first, upto = ledger.stopped.after(0, 2)
    rest, _ = ledger.stopped.after(upto, 2)
    assert [one.id for one in (*first, *rest)] == [one.id for one in made]
    assert upto == first[-1].seq


def test_a_number_beyond_the_chain_stays_where_it_is(ledger: Ledger) -> None:
    assert ledger.stopped.after(99, 5) == ((), 99)
