"""Personal data under keys: nothing of them lies in the store, they are read as before, and once erased by nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.history import EventKind, FeatureQuestion, PastQuestion
from engine.ledger import (
    BodyErased,
    DecisionsWanted,
    IdempotencyKey,
    Ledger,
    LedgerError,
    Replayed,
    UnknownSubject,
)
from engine.wrapping import Ring
from tests.ledger.canaries import (
    BY_PAYEE,
    BY_PAYER,
    CANARIES,
    FACTS,
    audited,
    canary,
    erase,
    found,
    lived_in,
    wrapped_in,
)
from tests.ledger.conftest import Postgres
from tests.ledger.factories import AT, asked, entry, moment, store, stored

# -- as before ----------------------------------------------------------------------------------------------------------


def test_a_decision_is_read_as_it_was_written(kept: Ledger) -> None:
    made = canary()
    store(kept, made)
    one = kept.decision(made.id)
    assert one is not None
    assert (one.facts, one.inputs, one.answer, one.erased) == (made.facts, made.inputs, made.answer, False)
    assert (one.payer_id, one.reference, one.counted) == (made.payer_id, made.reference, made.counted)


def test_a_decision_without_a_payer_has_a_key_of_its_own(kept: Ledger) -> None:
    made = canary(payer_id=None, counted=None)
    store(kept, made)
    one = kept.decision(made.id)
    assert one is not None
    assert (one.payer_id, one.facts) == (None, made.facts)
    assert erase(kept, made.id).keys == 1
    with pytest.raises(BodyErased):
        _ = kept.decision(made.id).facts  # type: ignore[union-attr]


def test_it_is_found_by_its_names(kept: Ledger) -> None:
    made = canary()
    store(kept, made, entry())
    kept.search.take_in(10)
    for wanted in (
        DecisionsWanted(payer=CANARIES["payer"]),
        DecisionsWanted(reference=CANARIES["reference"]),
        DecisionsWanted(text=CANARIES["reference"][2:-2].upper()),
        DecisionsWanted(text=made.id[-12:].upper()),
    ):
        (one,) = kept.search.find(wanted, limit=5, after=None).data
        assert (one.id, one.payer, one.reference) == (made.id, CANARIES["payer"], CANARIES["reference"])
    assert [one.id for one in kept.decisions(limit=5, reference=CANARIES["reference"]).data] == [made.id]
    listed = kept.search.one(made.id)
    assert listed is not None
    assert (listed.payer, listed.amount) == (CANARIES["payer"], "24.90")


def test_no_letter_of_a_pseudonym_is_found(kept: Ledger) -> None:
    store(kept, canary())
    kept.search.take_in(10)
    assert kept.search.find(DecisionsWanted(text="lxr_"), limit=5, after=None).data == ()


def test_the_obligation_names_the_reference(kept: Ledger) -> None:
    made = canary()
    store(kept, made)
    one = kept.obligations.one(f"{made.id}.001")
    assert one is not None
    assert one.reference == CANARIES["reference"]
    erase(kept)
    after = kept.obligations.one(f"{made.id}.001")
    assert after is not None
    assert after.reference is None


def test_an_answer_is_given_again_until_it_is_erased(kept: Ledger) -> None:
    key = asked("k-1", b"body")
    made = canary(idempotency=key)
    store(kept, made)
    (again,) = store(kept, canary(idempotency=key))
    assert isinstance(again, Replayed)
    assert again.stored.answer == made.answer
    assert kept.given(IdempotencyKey(*key)) == again
    erase(kept)
    with pytest.raises(BodyErased):
        store(kept, canary(idempotency=key))
    with pytest.raises(BodyErased):
        kept.given(IdempotencyKey(*key))


def test_history_counts_by_payer_and_card(kept: Ledger) -> None:
    made = canary()
    store(kept, made)
    kept.history.record_event(made.id, EventKind.CAPTURED, moment(5), {"said": CANARIES["said"]})
    past = kept.history.since_authenticated(
        PastQuestion(
            payer_id=CANARIES["payer"], instrument="card", channel="remote", card=CANARIES["card"], before=moment(60)
        )
    )
    assert past.count == 1
    for reference, number in (("another-order", 1), (CANARIES["reference"], 0)):
        past = kept.history.since_authenticated(
            PastQuestion(
                payer_id=CANARIES["payer"],
                instrument="card",
                channel="remote",
                card=None,
                before=AT,
                reference=reference,
            )
        )
        assert past.count == number, "of one instant, all but itself"
    nobody = kept.history.since_authenticated(
        PastQuestion(payer_id="somebody else", instrument="card", channel="remote", card=None, before=moment(60))
    )
    assert nobody.count == 0
    (event,) = kept.history.events(made.id)
    assert json.loads(event.details) == {"said": CANARIES["said"]}


# -- nothing lies there -------------------------------------------------------------------------------------------------


def _seen_in(files: Iterator[Path]) -> set[str]:
    return {
        name for file in files if file.is_file() for name, one in CANARIES.items() if one.encode() in file.read_bytes()
    }  # fmt: skip


def test_no_byte_lies_in_the_files_of_sqlite(
    sqlite_url: str, ring: Ring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        lived_in(ledger)
        assert (tmp_path / "ledger.db-wal").stat().st_size > 0
        assert _seen_in(tmp_path.iterdir()) == set()
        wrapped = wrapped_in(sqlite_url)
        assert erase(ledger).emptied
        assert _seen_in(tmp_path.iterdir()) == set()
        assert not any(one.encode() in file.read_bytes() for file in tmp_path.iterdir() for one in wrapped)
    assert not any(one in caplog.text for one in CANARIES.values())


def test_without_protection_the_same_search_finds_them(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        lived_in(ledger)
    assert _seen_in(tmp_path.iterdir()) == set(CANARIES)


@pytest.mark.slow
def test_no_byte_lies_in_the_files_of_postgresql(postgres: Postgres, own_postgres_url: str, ring: Ring) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        lived_in(ledger)
        erase(ledger)
    postgres.sql("CHECKPOINT")
    (folder,) = postgres.sql("SHOW data_directory")[0]
    assert _seen_in(Path(folder).rglob("*")) == set()


# -- erasure ------------------------------------------------------------------------------------------------------------


def test_after_an_erasure_nothing_opens_and_the_chain_is_whole(kept: Ledger, ring: Ring) -> None:
    made = lived_in(kept)
    other = stored(kept)
    done = erase(kept)
    assert (done.pseudonym, done.keys, done.unprotected) == (kept.subjects.pseudonym_of(CANARIES["payer"]), 1, 0)
    one = kept.decision(made.id)
    assert one is not None
    assert (one.erased, one.outcome, one.payer_id, one.reference) == (True, "allow", None, None)
    for body in ("facts", "inputs", "answer"):
        with pytest.raises(BodyErased):
            getattr(one, body)
    assert kept.decision(other.id).facts == other.facts  # type: ignore[union-attr]
    (event,) = kept.history.events(made.id)
    assert event.details == b"{}"
    listed = {one.id: one for one in kept.search.find(DecisionsWanted(outcome="allow"), limit=5, after=None).data}
    assert (listed[made.id].erased, listed[made.id].payer, listed[made.id].reference) == (True, None, None)
    assert found(kept).ok
    assert (_wrapped_left(kept), kept.subjects.status(CANARIES["payer"]).is_kept) == (1, False)  # type: ignore[union-attr]


def _wrapped_left(ledger: Ledger) -> int:
    return sum(ledger.subjects.used().values()) - 1  # that of pseudonyms


def _paid(ledger: Ledger) -> tuple[int, str]:
    """How many payments the payer made by the account, and how much the payee was paid."""
    asked_ = [
        FeatureQuestion("n", BY_PAYER, (CANARIES["payer"],), (CANARIES["iban"],), "30d", moment(-99), moment(99)),
        FeatureQuestion("s", BY_PAYEE, ("m-1",), (), "30d", moment(-99), moment(99)),
    ]
    by_payer, by_payee = ledger.history.features(asked_)
    assert by_payer is not None
    assert by_payee is not None
    return by_payer.number, " ".join(str(one.amount) for one in by_payee.amounts)


def test_features_are_told_by_the_names_of_the_caller(kept: Ledger) -> None:
    lived_in(kept)
    assert _paid(kept) == (1, "24.90")
    assert found(kept).ok


def test_what_was_paid_still_counts_for_the_rest(kept: Ledger) -> None:
    made = lived_in(kept)
    erase(kept)
    kept.history.make_features_anew()
    assert _paid(kept) == (1, "24.90")
    assert found(kept).ok
    kept.history.record_event(made.id, EventKind.FAILED, moment(50), {})
    assert _paid(kept) == (0, "")
    kept.history.record_event(made.id, EventKind.AUTHORISED, moment(51), {})
    assert _paid(kept) == (1, "24.90")
    assert found(kept).ok


def test_the_past_from_before_protection_counts_on(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        lived_in(ledger)
        ledger.subjects.protect(lambda: ring)
        assert _paid(ledger) == (1, "24.90")
        new = canary(reference="ord-new")
        store(ledger, new)
        ledger.history.record_event(new.id, EventKind.CAPTURED, moment(6), {})
        assert _paid(ledger) == (2, "49.80")
        assert found(ledger).ok
    assert audited(url, None) is None


def test_who_comes_back_is_given_another_key(kept: Ledger) -> None:
    first = canary()
    store(kept, first)
    erase(kept)
    second = canary()
    store(kept, second)
    assert kept.decision(first.id).erased  # type: ignore[union-attr]
    assert kept.decision(second.id).facts == FACTS  # type: ignore[union-attr]
    status = kept.subjects.status(CANARIES["payer"])
    assert status is not None
    assert [one.erased_at is None for one in status.keys] == [False, True]
    assert (status.keys[0].by, status.keys[0].reason, status.keys[0].erased_at) == (
        "operator",
        "asked for",
        moment(100),
    )
    assert found(kept).ok


def test_another_process_does_not_go_on_with_an_erased_key(url: str, ring: Ring) -> None:
    with Ledger.open(url) as one, Ledger.open(url) as other:
        for ledger in (one, other):
            ledger.subjects.protect(lambda: ring)
        store(other, canary())
        erase(one)
        made = canary()
        store(other, made)
        assert other.decision(made.id).facts == FACTS  # type: ignore[union-attr]
        assert one.decision(made.id).facts == FACTS  # type: ignore[union-attr]
        erase(one)
        assert other.decision(made.id).erased  # type: ignore[union-attr]
        assert one.verify().ok


def test_nobody_is_erased_who_is_not_kept(kept: Ledger) -> None:
    with pytest.raises(UnknownSubject):
        erase(kept)
    store(kept, canary())
    assert erase(kept).keys == 1
    assert erase(kept).keys == 0
    assert erase(kept, kept.subjects.pseudonym_of(CANARIES["payer"])).keys == 0
    assert kept.subjects.status("somebody else") is None


def test_a_key_of_a_transaction_that_failed_is_not_remembered(kept: Ledger) -> None:
    first = canary()
    with pytest.raises(LedgerError):
        store(kept, canary(facts="no bytes"))
    store(kept, first)
    assert kept.decision(first.id).facts == FACTS  # type: ignore[union-attr]
    with pytest.raises(LedgerError):
        store(kept, canary(id=first.id, payer_id="c-new", counted=None))
    later = canary(payer_id="c-new", counted=None)
    store(kept, later)
    assert kept.decision(later.id).payer_id == "c-new"  # type: ignore[union-attr]
    assert found(kept).ok
