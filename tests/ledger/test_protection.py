"""Personal data under keys: nothing of them lies in the store, they are read as before, and once erased by nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.history import EventKind, FeatureForm, FeatureQuestion, Of
from engine.ledger import (
    AuditReport,
    BodyErased,
    DecisionEntry,
    DecisionsWanted,
    Ledger,
    LedgerError,
    LedgerLocked,
    Owed,
    Replayed,
    UnknownSubject,
    verify,
)
from engine.ledger import subjects as subjects_
from engine.ledger._audit_found import BadRow
from engine.wrapping import Ring
from tests.ledger.conftest import Postgres
from tests.ledger.factories import AT, asked, counted, entry, moment, store, stored
from tests.ledger.tampering import altered, by_hand, placeholder

CANARIES = {
    "payer": "canary-payer-4711",
    "name": "Kanariana Vogelsang",
    "born": "1961-02-03",
    "street": "Kanarienweg 17",
    "email": "kanariana@vogelsang.example",
    "ip": "203.0.113.177",
    "reference": "canary-order-99",
    "card": "canary-card-2244",
    "iban": "DE02120300000000202051",
    "said": "canary-details-81",
}
FACTS = json.dumps(
    {
        "amount": "24.90", "currency": "EUR", "reference": CANARIES["reference"], "occurred_at": AT.isoformat(),
        "payer": {
            "id": CANARIES["payer"], "name": CANARIES["name"], "date_of_birth": CANARIES["born"],
            "address": CANARIES["street"], "email": CANARIES["email"], "country": "DE",
        },
        "payee": {"id": "m-1", "country": "FR"},
        "payment": {"instrument": "card", "channel": "remote", "account": {"iban": CANARIES["iban"]}},
    }
).encode()  # fmt: skip


_BY_PAYER = FeatureForm(Of.COUNT, None, (), ("payer_id",), ("account",))
_BY_PAYEE = FeatureForm(Of.SUM, None, (("currency", ("EUR",)),), ("payee_id",), ())


def canary(**changes: object) -> DecisionEntry:
    """A decision full of canaries."""
    payer = CANARIES["payer"]
    stated = {
        "payer_id": payer, "reference": CANARIES["reference"], "facts": FACTS,
        "inputs": json.dumps({"screened": CANARIES["name"], "seen": CANARIES["ip"]}).encode(),
        "answer": json.dumps({"outcome": "allow", "hello": CANARIES["name"]}).encode(),
        "counted": counted(payer, card=CANARIES["card"]),
        "owed": (Owed("report", "aml", "merchant", None, None, "Report it"),),
        **changes,
    }  # fmt: skip
    return entry(**stated)


@pytest.fixture
def ring() -> Ring:
    return Ring.new()


@pytest.fixture
def kept(ledger: Ledger, ring: Ring) -> Ledger:
    """An empty ledger that protects personal data, on each store in turn."""
    ledger.subjects.protect(lambda: ring)
    return ledger


def erase(ledger: Ledger, who: str = CANARIES["payer"]) -> subjects_.Erasure:
    return ledger.subjects.erase(who, "operator", "asked for", moment(100))


def found(ledger: Ledger) -> AuditReport:
    return ledger.verify()


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
    known = kept.idempotent("key_1", "k-1")
    assert known is not None
    assert known.answer == made.answer
    erase(kept)
    with pytest.raises(BodyErased):
        store(kept, canary(idempotency=key))
    with pytest.raises(BodyErased):
        kept.idempotent("key_1", "k-1")


def test_history_counts_by_payer_and_card(kept: Ledger) -> None:
    made = canary()
    store(kept, made)
    kept.history.record_event(made.id, EventKind.CAPTURED, moment(5), {"said": CANARIES["said"]})
    past = kept.history.since_authenticated(
        payer_id=CANARIES["payer"], instrument="card", channel="remote", card=CANARIES["card"], before=moment(60)
    )
    assert past.count == 1
    nobody = kept.history.since_authenticated(
        payer_id="somebody else", instrument="card", channel="remote", card=None, before=moment(60)
    )
    assert nobody.count == 0
    (event,) = kept.history.events(made.id)
    assert json.loads(event.details) == {"said": CANARIES["said"]}


# -- nothing lies there -------------------------------------------------------------------------------------------------


def _lived(ledger: Ledger) -> DecisionEntry:
    ledger.history.keep([_BY_PAYER, _BY_PAYEE])
    made = canary(idempotency=asked("k-1", b"body"))
    store(ledger, made)
    ledger.history.record_event(made.id, EventKind.CAPTURED, moment(5), {"said": CANARIES["said"]})
    ledger.search.take_in(10)
    return made


def _seen_in(files: Iterator[Path]) -> set[str]:
    return {
        name for file in files if file.is_file() for name, one in CANARIES.items() if one.encode() in file.read_bytes()
    }  # fmt: skip


def test_no_byte_lies_in_the_files_of_sqlite(
    sqlite_url: str, ring: Ring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _lived(ledger)
        assert (tmp_path / "ledger.db-wal").stat().st_size > 0
        assert _seen_in(tmp_path.iterdir()) == set()
        wrapped = _wrapped(sqlite_url)
        assert erase(ledger).emptied
        assert _seen_in(tmp_path.iterdir()) == set()
        assert not any(one.encode() in file.read_bytes() for file in tmp_path.iterdir() for one in wrapped)
    assert not any(one in caplog.text for one in CANARIES.values())


def test_without_protection_the_same_search_finds_them(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        _lived(ledger)
    assert _seen_in(tmp_path.iterdir()) == set(CANARIES)


@pytest.mark.slow
def test_no_byte_lies_in_the_files_of_postgresql(postgres: Postgres, own_postgres_url: str, ring: Ring) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _lived(ledger)
        erase(ledger)
    postgres.sql("CHECKPOINT")
    (folder,) = postgres.sql("SHOW data_directory")[0]
    assert _seen_in(Path(folder).rglob("*")) == set()


def _wrapped(url: str) -> list[str]:
    with by_hand(url) as hand:
        return [one for (one,) in hand.execute("SELECT wrapped FROM subject WHERE wrapped IS NOT NULL").fetchall()]


# -- erasure ------------------------------------------------------------------------------------------------------------


def test_after_an_erasure_nothing_opens_and_the_chain_is_whole(kept: Ledger, ring: Ring) -> None:
    made = _lived(kept)
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
        FeatureQuestion("n", _BY_PAYER, (CANARIES["payer"],), (CANARIES["iban"],), "30d", moment(-99), moment(99)),
        FeatureQuestion("s", _BY_PAYEE, ("m-1",), (), "30d", moment(-99), moment(99)),
    ]
    by_payer, by_payee = ledger.history.features(asked_)
    assert by_payer is not None
    assert by_payee is not None
    return by_payer.number, " ".join(str(one.amount) for one in by_payee.amounts)


def test_features_are_told_by_the_names_of_the_caller(kept: Ledger) -> None:
    _lived(kept)
    assert _paid(kept) == (1, "24.90")
    assert found(kept).ok


def test_what_was_paid_still_counts_for_the_rest(kept: Ledger) -> None:
    made = _lived(kept)
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
        _lived(ledger)
        ledger.subjects.protect(lambda: ring)
        assert _paid(ledger) == (1, "24.90")
        new = canary(reference="ord-new")
        store(ledger, new)
        ledger.history.record_event(new.id, EventKind.CAPTURED, moment(6), {})
        assert _paid(ledger) == (2, "49.80")
        assert found(ledger).ok
    assert _audited(url, None) is None


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


# -- the audit ----------------------------------------------------------------------------------------------------------


def _audited(url: str, ring: Ring | None) -> BadRow | None:
    return verify(url, ring=None if ring is None else lambda: ring).first_bad


@pytest.fixture
def lived(url: str, ring: Ring) -> str:
    """The address of a ledger with a decision full of canaries, and one more."""
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _lived(ledger)
        stored(ledger, payer_id="c-8", counted=counted("c-8"))
        ledger.search.take_in(10)
    return url


def test_a_whole_ledger_is_found_whole_with_and_without_its_key(lived: str, ring: Ring) -> None:
    assert _audited(lived, ring) is None
    assert _audited(lived, None) is None


@pytest.mark.parametrize("table", ["decision", "event"])
def test_a_changed_ciphertext_is_found(lived: str, ring: Ring, table: str) -> None:
    column = {"decision": "facts", "event": "details"}[table]
    with by_hand(lived) as hand:
        ((seq, body),) = hand.execute(f"SELECT seq, {column} FROM {table} ORDER BY seq LIMIT 1").fetchall()
        mark = placeholder(lived)
        hand.execute(f"UPDATE {table} SET {column} = {mark} WHERE seq = {mark}", (altered(bytes(body)), seq))
    bad = _audited(lived, None)
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
        bad = _audited(lived, opened)
        assert bad is not None
        assert bad.table == table
        assert word in bad.what


def test_a_key_that_is_there_again_after_its_erasure_is_found(lived: str, ring: Ring) -> None:
    (wrapped, *_) = _wrapped(lived)
    with Ledger.open(lived) as ledger:
        ledger.subjects.protect(lambda: ring)
        erase(ledger)
    with by_hand(lived) as hand:
        mark = placeholder(lived)
        hand.execute(f"UPDATE subject SET wrapped = {mark}, erased_at = NULL WHERE id = 1", (wrapped,))
    bad = _audited(lived, ring)
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
            payer_id=CANARIES["payer"], instrument="card", channel="remote", card=CANARIES["card"], before=moment(60)
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
