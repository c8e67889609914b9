"""Decisions are sealed by whoever hands them over, before their batch begins: under a key that may be gone by then."""

from __future__ import annotations

from concurrent.futures import Future

from engine.ledger import DecisionEntry, Ledger, Stored, Written
from engine.ledger._bodies import key_of
from engine.ledger._writer import _Item
from tests.ledger.canaries import erase
from tests.ledger.factories import counted, entry, stored, together


def body_of(ledger: Ledger, one: DecisionEntry) -> bytes:
    ((body,),) = ledger.writer.run(lambda work: work.rows(f"SELECT facts FROM decision WHERE id = '{one.id}'"))
    return bytes(body)


def test_it_is_sealed_ahead_once_the_key_of_its_payer_is_known(kept: Ledger) -> None:
    assert kept.writer._sql.sealed(entry()) is None
    before = stored(kept)
    made = entry()
    ahead = kept.writer._sql.sealed(made)
    assert ahead is not None
    assert key_of(ahead.kept.facts) == key_of(body_of(kept, before))
    assert kept.writer._sql.sealed(entry(payer_id=None, counted=None)) is None, "each has a key of its own"
    stored(kept, id=made.id)
    found = kept.decision(made.id)
    assert found is not None
    assert (found.payer_id, found.facts, found.answer) == (made.payer_id, made.facts, made.answer)
    assert kept.verify().ok


def test_without_protection_nothing_is(ledger: Ledger) -> None:
    stored(ledger)
    assert ledger.writer._sql.sealed(entry()) is None


def test_after_an_erasure_it_is_sealed_anew(kept: Ledger) -> None:
    """Whoever is erased while a decision about them waits comes back as another: nothing lies under the key that is gone."""
    before = stored(kept)
    made, other = entry(), entry(payer_id="c-8", counted=counted("c-8"))
    stored(kept, payer_id="c-8", counted=counted("c-8"))
    waiting = [(one, kept.writer._sql.sealed(one)) for one in (made, other)]
    gone = key_of(body_of(kept, before))
    assert {ahead is not None and key_of(ahead.kept.facts) == gone for _, ahead in waiting} == {True, False}
    erase(kept, "c-7")
    told: list[Future[Written]] = []
    for one, ahead in waiting:
        told.append(Future())
        kept.writer._queue.put(_Item(one, told[-1].set_result, None, ahead))
    assert {type(one.result(30)) for one in told} == {Stored}
    assert key_of(body_of(kept, made)) != gone
    for one in (made, other):
        found = kept.decision(one.id)
        assert found is not None
        assert found.facts == one.facts
    assert kept.verify().ok


def test_of_several_in_one_batch_each_is_stored_as_it_was_said(kept: Ledger) -> None:
    """Some whose key is known, some who come for the first time, some without a payer."""
    stored(kept)
    made = [
        entry(facts=b"%d" % number, payer_id=payer, counted=None if payer is None else counted(payer))
        for number, payer in enumerate(["c-7", None, "c-9", "c-7", "c-9", None])
    ]
    assert {type(one) for one in together(kept, *made)} == {Stored}
    for one in made:
        found = kept.decision(one.id)
        assert found is not None
        assert (found.payer_id, found.facts) == (one.payer_id, one.facts)
    assert kept.verify().ok
