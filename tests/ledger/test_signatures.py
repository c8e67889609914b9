"""Signatures, keys, imports and checkpoints in the ledger: only added to, vouched for, and four eyes in the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from engine.drafting import ActivationKind
from engine.ledger import BadCheckpoint, EntryRefused, Ledger, ReleaseSignature, read_checkpoint, verify
from engine.ledger._database import Database
from engine.signing import SigningKey, checkpoint_statement
from tests.ledger.factories import AT, moment, stored
from tests.ledger.tampering import by_hand

KEY = SigningKey.new()
TRUSTED = frozenset((KEY.public,))


@dataclass(frozen=True)
class Rules:
    """A release."""

    digest: str = "sha256:" + "ab" * 32
    canonical: bytes = b"the rules"
    version: str = "2026.11.0"


SIGNED = ReleaseSignature(Rules().digest, "drf_1", KEY.public, b"{}", KEY.sign(b"{}"))


def test_the_key_registered_last_is_whose_signature_counts(ledger: Ledger) -> None:
    assert ledger.signatures.key_of("key_1") is None
    ledger.signatures.register("key_1", bytes(32), AT)
    ledger.signatures.register("key_1", KEY.public, moment(1))
    rows = ledger.verify().rows
    ledger.signatures.register("key_1", KEY.public, moment(2))
    assert ledger.signatures.key_of("key_1") == KEY.public
    assert (ledger.verify().ok, ledger.verify().rows) == (True, rows), "the same again changes nothing"


def test_a_release_that_is_brought_twice_is_kept_once_and_both_are_named(ledger: Ledger) -> None:
    ledger.signatures.take_in(Rules(), SIGNED, "key_1", AT)
    ledger.signatures.take_in(Rules(), SIGNED, "key_2", moment(1))
    assert [one.actor for one in ledger.signatures.imports(Rules().digest)] == ["key_1", "key_2"]
    (signature,) = ledger.signatures.of(Rules().digest)
    assert (signature.public_key, signature.signature, signature.draft) == (KEY.public, SIGNED.signature, "drf_1")
    assert ledger.release(Rules().digest) is not None
    with pytest.raises(EntryRefused, match="other contents"):
        ledger.signatures.take_in(Rules(canonical=b"others"), SIGNED, "key_1", AT)
    assert ledger.verify().ok


def test_whoever_imported_a_release_does_not_put_it_in_force(ledger: Ledger) -> None:
    def activate(actor: str) -> None:
        ledger.activations.switch(Rules().digest, AT, ActivationKind.IMPORTED, actor, "Needed.")

    ledger.keep_release(Rules(), AT)
    with pytest.raises(EntryRefused, match="another person must have imported this"):
        activate("key_2")
    ledger.signatures.take_in(Rules(), SIGNED, "key_1", AT)
    with pytest.raises(EntryRefused, match="another person must have imported this"):
        activate("key_1")
    activate("key_2")
    holds = ledger.activations.now(AT)
    assert holds is not None
    assert (holds.release, holds.kind) == (Rules().digest, ActivationKind.IMPORTED)
    assert ledger.verify().ok


@pytest.mark.parametrize("table", ["release_signature", "signing_key", "release_import", "checkpoint"])
def test_nothing_of_it_is_ever_changed(url: str, table: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.signatures.register("key_1", KEY.public, AT)
        ledger.signatures.take_in(Rules(), SIGNED, "key_1", AT)
        ledger.checkpoints.make(KEY, AT)
    for statement in (f"UPDATE {table} SET recorded_at = 1", f"DELETE FROM {table}"):
        with by_hand(url, guarded=True) as hand, pytest.raises(Database(url).driver.Error, match="append-only"):
            hand.execute(statement)
    with by_hand(url) as hand:
        hand.execute(f"UPDATE {table} SET recorded_at = recorded_at + 1")
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == table


def test_checkpoints_name_one_another_and_lie_on_the_chain(ledger: Ledger) -> None:
    stored(ledger)
    first = ledger.checkpoints.make(KEY, AT)
    assert ledger.checkpoints.make(KEY, moment(1)) is None, "nothing was chained since"
    stored(ledger)
    assert ledger.checkpoints.make(KEY, moment(2), apart=timedelta(days=1)) is None, "a day has not passed"
    second = ledger.checkpoints.make(KEY, moment(86_400), apart=timedelta(days=1))
    assert first is not None
    assert second is not None
    assert (first.head.seq, second.head.seq) == (1, 3)
    assert second.follows(first)
    assert not first.follows(second)
    assert ledger.checkpoints.all() == (first, second)
    assert ledger.verify(expected=[first.head, second.head]).ok
    assert first.name < second.name


def test_a_chain_made_anew_does_not_go_through_a_checkpoint_kept_elsewhere(url: str) -> None:
    with Ledger.open(url) as ledger:
        stored(ledger)
        kept = ledger.checkpoints.make(KEY, AT)
        assert kept is not None
    false = [kept.head._replace(hash=bytes(32))]
    bad = verify(url, expected=false).first_bad
    assert bad is not None
    assert (bad.seq, "made anew" in bad.what) == (1, True)
    later = verify(url, expected=[kept.head, kept.head._replace(seq=99)]).first_bad
    assert later is not None
    assert "expected head is row 99" in later.what


def test_a_checkpoint_survives_its_file(ledger: Ledger) -> None:
    stored(ledger)
    made = ledger.checkpoints.make(KEY, AT)
    assert made is not None
    assert read_checkpoint(made.file(), TRUSTED) == made
    with pytest.raises(BadCheckpoint, match="not trusted"):
        read_checkpoint(made.file(), frozenset())
    for at in range(len(made.file())):
        changed = bytearray(made.file())
        changed[at] ^= 1
        with pytest.raises(BadCheckpoint):
            read_checkpoint(bytes(changed), TRUSTED)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"public_key":"","signature":"","statement":"[]"}'])
def test_what_is_no_checkpoint_is_refused(content: bytes) -> None:
    with pytest.raises(BadCheckpoint, match="no checkpoint"):
        read_checkpoint(content, TRUSTED)


def test_a_checkpoint_of_no_hash_is_refused() -> None:
    from engine.ledger import Checkpoint, Head

    statement = checkpoint_statement(AT, 1, b"short", None)
    made = Checkpoint(AT, Head(1, b"short"), KEY.public, statement, KEY.sign(statement))
    with pytest.raises(BadCheckpoint, match="spelt"):
        read_checkpoint(made.file(), TRUSTED)
