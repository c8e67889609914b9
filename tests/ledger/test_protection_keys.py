"""Keys of personal data: held against the chain, turned with the master key, and begun in a ledger that was there before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.history import EventKind, PastQuestion
from engine.ledger import (
    DecisionsWanted,
    Ledger,
    LedgerError,
    LedgerLocked,
)
from engine.ledger import subjects as subjects_
from engine.wrapping import Ring
from tests.ledger.canaries import (
    CANARIES,
    FACTS,
    audited,
    canary,
    erase,
    found,
    lived_in,
    wrapped_in,
)
from tests.ledger.factories import AT, counted, moment, store, stored
from tests.ledger.tampering import altered, by_hand, placeholder

# -- the audit ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(url: str, ring: Ring) -> str:
    """The address of a ledger with a decision full of canaries, and one more."""
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: ring)
        lived_in(ledger)
        stored(ledger, payer_id="c-8", counted=counted("c-8"))
        ledger.search.take_in(10)
    return url


def test_a_whole_ledger_is_found_whole_with_and_without_its_key(lived: str, ring: Ring) -> None:
    assert audited(lived, ring) is None
    assert audited(lived, None) is None


@pytest.mark.parametrize("table", ["decision", "event"])
def test_a_changed_ciphertext_is_found(lived: str, ring: Ring, table: str) -> None:
    column = {"decision": "facts", "event": "details"}[table]
    with by_hand(lived) as hand:
        ((seq, body),) = hand.execute(f"SELECT seq, {column} FROM {table} ORDER BY seq LIMIT 1").fetchall()
        mark = placeholder(lived)
        hand.execute(f"UPDATE {table} SET {column} = {mark} WHERE seq = {mark}", (altered(bytes(body)), seq))
    bad = audited(lived, None)
    assert bad is not None
    assert (bad.seq, bad.table) == (seq, table)


@pytest.mark.parametrize(
    ("by", "table", "word"),
    [
        ("DELETE FROM subject WHERE id = 1", "decision", "missing"),
        ("UPDATE subject SET pseudonym = 'lxp_another' WHERE id = 1", "decision", "another subject's"),
        ("UPDATE subject SET wrapped = NULL, erased_at = 1 WHERE id = 1", "subject", "no note"),
        ("UPDATE subject SET wrapped = 'lxw1.x' WHERE id = 1", "subject", "not what was written"),
        ("UPDATE head SET erasures = NULL", "head", "protection"),
        ("UPDATE decision_search SET payer = 'x' WHERE payer LIKE 'lxp%'", "decision_search", "not what"),
    ],
)
def test_a_key_that_was_tampered_with_is_found(lived: str, ring: Ring, by: str, table: str, word: str) -> None:
    with by_hand(lived) as hand:
        hand.execute(by)
    for opened in (ring, None):
        bad = audited(lived, opened)
        assert bad is not None
        assert bad.table == table
        assert word in bad.what


def test_a_key_that_is_there_again_after_its_erasure_is_found(lived: str, ring: Ring) -> None:
    (wrapped, *_) = wrapped_in(lived)
    with Ledger.open(lived) as ledger:
        ledger.subjects.protect(lambda: ring)
        erase(ledger)
    with by_hand(lived) as hand:
        mark = placeholder(lived)
        hand.execute(f"UPDATE subject SET wrapped = {mark}, erased_at = NULL WHERE id = 1", (wrapped,))
    bad = audited(lived, ring)
    assert bad is not None
    assert "there again" in bad.what


# -- the master key -----------------------------------------------------------------------------------------------------


def test_without_its_master_key_a_ledger_is_locked(lived: str) -> None:
    with Ledger.open(lived) as ledger:
        with pytest.raises(LedgerLocked):
            ledger.decisions(limit=5)
        with pytest.raises(LedgerError):
            store(ledger, canary())
        with pytest.raises(LedgerLocked):
            ledger.subjects.pseudonym_of("c-7")
        with pytest.raises(LedgerLocked):
            ledger.subjects.protect(Ring.new)
        with pytest.raises(LedgerLocked):
            ledger.decisions(limit=5)


def test_who_was_open_before_protection_began_stores_nothing_in_the_clear(url: str, ring: Ring) -> None:
    with Ledger.open(url) as late, Ledger.open(url) as other:
        stored(late)
        other.subjects.protect(lambda: ring)
        with pytest.raises(LedgerError):
            store(late, canary())
        with pytest.raises(LedgerError):
            late.history.record_event("dec_1", EventKind.CAPTURED, AT)


def test_after_a_rotation_everything_is_read_as_before(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects_, "BITE", 3)
    rings = [Ring.new()]
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: rings[-1])
        made = [canary(payer_id=f"c-{number}", counted=None) for number in range(8)]
        store(ledger, *made)
        before = found(ledger).head
        rings.append(rings[-1].with_new())
        assert ledger.subjects.rewrap() == 9
        assert ledger.subjects.rewrap() == 0
        assert set(ledger.subjects.used()) == {rings[-1].ids[0]}
        rings.append(rings[-1].newest_only())
        assert found(ledger).head == before
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: rings[-1])
        for one in made:
            again = ledger.decision(one.id)
            assert again is not None
            assert (again.facts, again.inputs, again.answer) == (one.facts, one.inputs, one.answer)


def test_a_rotation_that_was_stopped_is_taken_up_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects_, "BITE", 3)
    rings = [Ring.new()]
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: rings[-1])
        store(ledger, *(canary(payer_id=f"c-{number}", counted=None) for number in range(8)))
        rings.append(rings[-1].with_new())
        with monkeypatch.context() as patch:
            run = ledger.writer.run
            calls = iter(range(2))

            def killed(task: object) -> object:
                if next(calls, None) is None:
                    raise KeyboardInterrupt
                return run(task)  # type: ignore[arg-type]

            patch.setattr(ledger.writer, "run", killed)
            with pytest.raises(KeyboardInterrupt):
                ledger.subjects.rewrap()
        used = ledger.subjects.used()
        assert used[rings[0].ids[0]] == 5
        assert used[rings[1].ids[0]] == 4
        assert found(ledger).ok
        assert ledger.subjects.rewrap() == 5
        assert set(ledger.subjects.used()) == {rings[-1].ids[0]}


# -- a ledger that was there before -------------------------------------------------------------------------------------


def test_what_was_there_before_is_read_on_and_counted(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        old = canary()
        store(ledger, old)
        ledger.history.record_event(old.id, EventKind.CAPTURED, moment(5), {"said": "before"})
        ledger.search.take_in(10)
        ledger.subjects.protect(lambda: ring)
        new = canary(reference="ord-new")
        store(ledger, new)
        ledger.history.record_event(new.id, EventKind.CAPTURED, moment(6), {"said": "after"})
        ledger.history.record_event(old.id, EventKind.REFUNDED, moment(7), {"said": "after"})
        ledger.search.take_in(10)
        assert ledger.decision(old.id).facts == FACTS  # type: ignore[union-attr]
        past = ledger.history.since_authenticated(
            PastQuestion(
                payer_id=CANARIES["payer"],
                instrument="card",
                channel="remote",
                card=CANARIES["card"],
                before=moment(60),
            )
        )
        assert past.count == 2
        both = ledger.search.find(DecisionsWanted(payer=CANARIES["payer"]), limit=5, after=None).data
        assert {one.id for one in both} == {old.id, new.id}
        assert ledger.decisions(limit=5, reference=CANARIES["reference"]).data[0].id == old.id
        assert found(ledger).ok
        assert erase(ledger).unprotected == 1
        assert ledger.decision(old.id).facts == FACTS  # type: ignore[union-attr]
        assert found(ledger).ok


def test_the_clock_of_keys_is_that_of_the_ledger(kept: Ledger) -> None:
    store(kept, canary())
    status = kept.subjects.status(CANARIES["payer"])
    assert status is not None
    assert abs(status.keys[0].made_at - kept.writer.now()) < timedelta(minutes=1)
