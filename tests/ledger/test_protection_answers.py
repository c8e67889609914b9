"""Idempotency keys in a ledger that protects personal data: kept as HMACs, found by whoever has the key, old ones too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.ledger import (
    BodyErased,
    IdempotencyKey,
    KeyedAnswer,
    KeyReused,
    Ledger,
    LedgerCorrupt,
    Recorded,
    Replayed,
    Stored,
    StoredAnswer,
)
from engine.ledger._bodies import NotOpened, joined, open_parts, pieces_of, seal_parts
from engine.ledger.entries import Piece
from engine.wrapping import Ring
from tests.ledger.canaries import audited, canary, erase
from tests.ledger.factories import AT, asked, entry, store, stored, together
from tests.ledger.tampering import by_hand, placeholder


def rows(url: str) -> list[Any]:
    with by_hand(url) as hand:
        return list(hand.execute("SELECT scope, key, request_sha256, answer FROM answer").fetchall())


def test_neither_a_key_nor_a_digest_lies_in_the_clear(url: str, ring: Ring) -> None:
    key = asked("a word of the caller", b"body")
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: ring)
        store(ledger, canary(idempotency=key))
        ledger.writer.run(lambda batch: batch.claim(IdempotencyKey(*asked("another", b"body")), b"{}"))
    for scope, kept, digest, _ in rows(url):
        assert (scope, kept[:4], len(kept)) == ("key_1", "lxk_", 47)
        assert bytes(digest) != key[2]
    assert len({bytes(row[2]) for row in rows(url)}) == 2, "not even that two bodies are one can be seen"
    assert audited(url, None) is None


def test_a_batch_of_decisions_takes_and_gives_keys(kept: Ledger) -> None:
    old = canary(idempotency=asked("old", b"body"))
    store(kept, old)
    first = canary(idempotency=asked("k", b"body"), answer=b"first")
    results = together(
        kept, entry(idempotency=asked("old", b"body")), first, entry(idempotency=asked("k", b"body")),
        entry(idempotency=asked("k", b"other")), entry(idempotency=asked("old", b"other")),
    )  # fmt: skip
    assert results == [
        Replayed(StoredAnswer(old.id, asked("old", b"body")[2], old.answer)),
        Stored(3),
        Replayed(StoredAnswer(first.id, asked("k", b"body")[2], b"first")),
        KeyReused("key_1", "k"),
        KeyReused("key_1", "old"),
    ]
    erase(kept)
    results = together(kept, entry(idempotency=asked("old", b"body")), entry(idempotency=asked("new", b"body")))
    assert [type(one) for one in results] == [BodyErased, Stored]


def test_keys_from_before_stand_and_are_not_taken_twice(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        old = stored(ledger, idempotency=asked("old", b"body"), answer=b"old")
        event = KeyedAnswer(IdempotencyKey(*asked("event", b"event")), b'{"ok":true}')
        ledger.writer.run(lambda batch: batch.claim(*event))
        ledger.subjects.protect(lambda: ring)
        again = Replayed(StoredAnswer(old.id, asked("old", b"body")[2], b"old"))
        assert store(ledger, canary(idempotency=asked("old", b"body"))) == [again]
        assert ledger.given(IdempotencyKey(*asked("old", b"body"))) == again
        assert store(ledger, canary(idempotency=asked("old", b"other"))) == [KeyReused("key_1", "old")]
        results = together(
            ledger, canary(idempotency=asked("new", b"body")), canary(idempotency=asked("old", b"body"))
        )  # fmt: skip
        assert (type(results[0]), results[1]) == (Stored, again)
        told = Replayed(StoredAnswer(None, event.key.request_sha256, event.answer))
        assert ledger.writer.run(lambda batch: batch.claim(event.key, b"another")) == told
        assert ledger.given(event.key._replace(request_sha256=b"x" * 32)) == KeyReused("key_1", "event")
        assert ledger.verify().ok
    assert len(rows(url)) == 3


def test_who_guesses_what_stands_for_a_key_is_given_nothing(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: ring)
        store(ledger, canary(idempotency=asked("k", b"body")))
        ((scope, kept, digest, _),) = rows(url)
        guessed = IdempotencyKey(scope, kept, bytes(digest))
        assert ledger.given(guessed._replace(request_sha256=asked("k", b"body")[2])) == KeyReused(scope, kept)
        assert ledger.given(IdempotencyKey("key_2", "k", asked("k", b"body")[2])) is None


def test_two_ledgers_on_one_store_agree_who_was_first(url: str, ring: Ring) -> None:
    with Ledger.open(url) as one, Ledger.open(url) as two, ThreadPoolExecutor(2) as pool:
        for ledger in (one, two):
            ledger.subjects.protect(lambda: ring)
        for number in range(10):
            key = asked(f"k-{number}", b"body")
            made = [canary(idempotency=key), canary(idempotency=key)]
            results = [result[0] for result in pool.map(store, (one, two), made)]
            assert sorted(type(result).__name__ for result in results) == ["Replayed", "Stored"]
        assert one.verify().ok


def test_an_event_under_a_key_names_nobody_and_outlasts_an_erasure(kept: Ledger) -> None:
    made = canary()
    store(kept, made)
    once = KeyedAnswer(IdempotencyKey(*asked("k", b"event")), b'{"ok":true}')
    tell = kept.history.record_event
    assert isinstance(tell(made.id, "captured", AT, once=once), Recorded)  # type: ignore[arg-type]
    erase(kept)
    assert isinstance(tell(made.id, "captured", AT, once=once), Replayed)  # type: ignore[arg-type]


# -- pieces -------------------------------------------------------------------------------------------------------------


def test_pieces_that_change_places_do_not_open(sqlite_url: str, ring: Ring) -> None:
    key = IdempotencyKey(*asked("k", b"body"))
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        ledger.writer.run(lambda batch: batch.claim(key, [Piece("one", b"1"), Piece("two", b"2")]))
        assert ledger.given(key).stored.answer == b"12"  # type: ignore[union-attr]
        ((*_, body),) = rows(sqlite_url)
        changed = joined(pieces_of(body)[::-1])
        for spoilt in (changed, body[:-1], body + b"\0", b"\0lxa1\0", b"\0"):
            with by_hand(sqlite_url) as hand:
                hand.execute(f"UPDATE answer SET answer = {placeholder(sqlite_url)}", (spoilt,))
            with pytest.raises(LedgerCorrupt):
                ledger.given(key)
    bad = audited(sqlite_url, None)
    assert bad is not None
    assert bad.table == "answer"


def test_a_row_opens_into_the_parts_that_it_was_made_of(kept: Ledger) -> None:
    key = kept.writer.run(lambda batch: batch.keys(["c-7"]))["c-7"]
    for parts in ((b"",), (b"a", b"", b"bc"), (b"", b"")):
        assert open_parts(key, "x", seal_parts(key, "x", parts), len(parts)) == parts
    for about, body, parts in (
        ("y", seal_parts(key, "x", (b"a",)), 1), ("x", seal_parts(key, "x", (b"a",)), 2), ("x", b"\0lxd1" + bytes(40), 1),
    ):  # fmt: skip
        with pytest.raises(NotOpened):
            open_parts(key, about, body, parts)
