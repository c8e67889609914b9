"""A key stands for one request: its answer is given again, and another body under it is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.ledger import (
    EventKind,
    IdempotencyKey,
    KeyedAnswer,
    KeyReused,
    Ledger,
    Recorded,
    Replayed,
    Stored,
    StoredAnswer,
    UnknownDecision,
)
from tests.ledger.factories import AT, asked, entry, store, stored, together


def test_the_same_request_gets_the_same_bytes(ledger: Ledger) -> None:
    first = stored(ledger, idempotency=asked("k", b"body"), answer=b"the first answer")
    [again] = store(ledger, entry(idempotency=asked("k", b"body"), answer=b"another answer"))
    assert again == Replayed(StoredAnswer(first.id, asked("k", b"body")[2], b"the first answer"))
    assert ledger.given(IdempotencyKey(*asked("k", b"body"))) == again
    assert ledger.verify().rows == 1


def test_another_body_under_the_key_is_refused(ledger: Ledger) -> None:
    stored(ledger, idempotency=asked("k", b"body"))
    other = entry(idempotency=asked("k", b"other body"))
    assert store(ledger, other) == [KeyReused("key_1", "k")]
    assert ledger.decision(other.id) is None


def test_keys_of_two_callers_have_nothing_to_do_with_each_other(ledger: Ledger) -> None:
    first = entry(idempotency=asked("k", b"body", scope="key_1"))
    second = entry(idempotency=asked("k", b"other", scope="key_2"))
    assert store(ledger, first, second) == [Stored(1), Stored(2)]


def test_an_unused_key_has_no_answer(ledger: Ledger) -> None:
    assert ledger.given(IdempotencyKey(*asked("k", b"body"))) is None


def test_within_one_batch_the_first_wins(ledger: Ledger) -> None:
    first = entry(idempotency=asked("k", b"body"), answer=b"first")
    twin = entry(idempotency=asked("k", b"body"), answer=b"twin")
    other = entry(idempotency=asked("k", b"other"))
    unkeyed, alone = entry(), entry(idempotency=asked("j", b"body"))
    results = together(ledger, unkeyed, first, twin, other, alone)
    assert results == [
        Stored(1),
        Stored(2),
        Replayed(StoredAnswer(first.id, asked("k", b"body")[2], b"first")),
        KeyReused("key_1", "k"),
        Stored(3),
    ]
    assert ledger.verify().ok


def test_one_batch_may_hold_old_keys_and_new(ledger: Ledger) -> None:
    old = stored(ledger, idempotency=asked("old", b"body"), answer=b"old")
    results = together(ledger, entry(idempotency=asked("new", b"body")), entry(idempotency=asked("old", b"body")))
    assert results[0] == Stored(2)
    assert results[1] == Replayed(StoredAnswer(old.id, asked("old", b"body")[2], b"old"))


def test_the_very_same_entry_twice_is_one_decision(ledger: Ledger) -> None:
    made = entry(idempotency=asked("k", b"body"))
    results = together(ledger, made, made)
    assert [type(result) for result in results] == [Stored, Replayed]
    assert [type(result) for result in store(ledger, made)] == [Replayed]


def test_a_refused_entry_does_not_use_up_its_key(ledger: Ledger) -> None:
    known = stored(ledger)
    bad = entry(id=known.id, idempotency=asked("k", b"body"))
    results = together(ledger, entry(), bad)
    assert isinstance(results[0], Stored)
    assert ledger.given(IdempotencyKey(*asked("k", b"body"))) is None
    assert isinstance(store(ledger, entry(idempotency=asked("k", b"body")))[0], Stored)


def test_two_ledgers_on_one_store_agree_who_was_first(url: str) -> None:
    with Ledger.open(url) as one, Ledger.open(url) as two, ThreadPoolExecutor(2) as pool:
        for number in range(20):
            key = asked(f"k-{number}", b"body")
            made = [entry(idempotency=key), entry(idempotency=key)]
            results = [result[0] for result in pool.map(store, (one, two), made)]
            assert sorted(type(result).__name__ for result in results) == ["Replayed", "Stored"]
        assert one.verify().rows == 20


def test_an_event_can_be_told_under_a_key(ledger: Ledger) -> None:
    made = stored(ledger)
    once = KeyedAnswer(IdempotencyKey(*asked("k", b"event")), b'{"ok":true}')
    tell = ledger.history.record_event
    assert tell(made.id, EventKind.AUTHORISED, AT, once=once) == Recorded(2, fresh=True)
    replayed = Replayed(StoredAnswer(None, once.key.request_sha256, b'{"ok":true}'))
    assert tell(made.id, EventKind.AUTHORISED, AT, once=once) == replayed
    assert ledger.given(once.key) == replayed
    other = KeyedAnswer(IdempotencyKey(*asked("k", b"another event")), b"")
    assert tell(made.id, EventKind.CAPTURED, AT, once=other) == KeyReused("key_1", "k")
    assert len(ledger.history.events(made.id)) == 1


def test_an_event_about_nothing_does_not_use_up_its_key(ledger: Ledger) -> None:
    once = KeyedAnswer(IdempotencyKey(*asked("k", b"event")), b"{}")
    with pytest.raises(UnknownDecision):
        ledger.history.record_event("dec_none", EventKind.AUTHORISED, AT, once=once)
    assert ledger.given(once.key) is None
