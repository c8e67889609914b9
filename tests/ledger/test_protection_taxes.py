"""Taxes under keys: nothing of whom was sold to lies in the store, what is sold is read as before, and once erased by nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.ledger import (
    AlreadyCommitted,
    BodyErased,
    CalculationEntry,
    Consultation,
    EntryRefused,
    Held,
    HoldKind,
    IdempotencyKey,
    KeyReused,
    Ledger,
    LedgerLocked,
    LegalHold,
    Refusal,
    Replayed,
    ReversalEntry,
    Stored,
    StoredReversal,
    StoredTransaction,
    TransactionEntry,
)
from engine.wrapping import Ring
from tests.ledger.canaries import CANARIES, audited, erase, found
from tests.ledger.conftest import Postgres
from tests.ledger.factories import AT
from tests.ledger.tampering import altered, by_hand, placeholder
from tests.ledger.taxing import PART, back, calculation, give_back, posting, transaction

NUMBER = "EL094259216"
REST = posting(quantity="1", net=500, taxable=500, tax=27, gross=527)
"""The other of two books."""
REQUEST = json.dumps(
    {
        "reference": CANARIES["reference"],
        "payer": {"id": CANARIES["payer"], "name": CANARIES["name"], "address": CANARIES["street"],
                  "tax_ids": [{"country": "GR", "value": NUMBER}]},
    }
).encode()  # fmt: skip


def asked(name: str, body: bytes = b"x" * 32) -> IdempotencyKey:
    return IdempotencyKey("key_1 /v1/tax", f"{name}-{CANARIES['email']}", body)


def worked_out(**changes: Any) -> CalculationEntry:
    """A calculation full of canaries."""
    said = {
        "payer_id": CANARIES["payer"], "reference": CANARIES["reference"], "facts": REQUEST,
        "inputs": json.dumps({"registers": [NUMBER], "ip": CANARIES["ip"]}).encode(),
        "answer": json.dumps({"reference": CANARIES["reference"], "customer": CANARIES["name"]}).encode(),
        **changes,
    }  # fmt: skip
    return calculation(**said)


def sale(of: CalculationEntry, **changes: Any) -> TransactionEntry:
    return transaction(of, **{"answer": json.dumps({"of": CANARIES["name"]}).encode(), **changes})


def given_back(of: TransactionEntry) -> ReversalEntry:
    said = json.dumps({"reference": CANARIES["said"]}).encode()
    return back(of, PART, reference=CANARIES["said"], request=said, answer=said)


def sold(ledger: Ledger, **changes: Any) -> tuple[CalculationEntry, TransactionEntry, ReversalEntry]:
    """Calculated, committed and given back in part, each under an idempotency key."""
    made = worked_out(**changes)
    assert isinstance(ledger.taxes.remember(made, asked(f"c{made.id}")), Stored)
    charged = sale(made)
    assert isinstance(ledger.taxes.commit(charged, asked(f"t{made.id}")), Stored)
    part = given_back(charged)
    assert isinstance(give_back(ledger, part, asked(f"r{made.id}")), tuple)
    return made, charged, part


def consult(ledger: Ledger, number: str = NUMBER) -> Consultation:
    answer = Consultation(number, "DE136695976", True, AT, "VIES", CANARIES["card"])
    asyncio.run(ledger.consultations.keep(answer))
    return answer


def whole(ledger: Ledger) -> None:
    assert found(ledger).first_bad is None


# -- as before ----------------------------------------------------------------------------------------------------------


def test_all_is_read_as_it_was_written(kept: Ledger) -> None:
    made, charged, part = sold(kept)
    one = kept.taxes.calculation(made.id)
    assert one is not None
    assert (one.facts, one.inputs, one.answer, one.reference) == (made.facts, made.inputs, made.answer, made.reference)
    assert not one.erased
    two = kept.taxes.transaction(charged.id)
    assert two is not None
    assert (two.answer, two.reference, two.postings) == (charged.answer, charged.reference, charged.postings)
    (three,) = kept.taxes.reversals(charged.id)
    assert (three.answer, three.postings) == (part.answer, part.postings)
    whole(kept)


def test_an_answer_is_given_again_until_it_is_erased(kept: Ledger) -> None:
    made, charged, part = sold(kept)
    keys = {name: asked(f"{name}{made.id}") for name in "ctr"}
    answers = {"c": made.answer, "t": charged.answer, "r": part.answer}
    for name, key in keys.items():
        given = kept.given(key)
        assert isinstance(given, Replayed)
        assert (given.stored.answer, given.stored.request_sha256) == (answers[name], key.request_sha256)
        other = key._replace(request_sha256=b"y" * 32)
        assert kept.given(other) == KeyReused(*other[:2])
    assert kept.taxes.remember(worked_out(), keys["c"]) == kept.given(keys["c"])
    assert kept.taxes.commit(charged, keys["t"]) == kept.given(keys["t"])
    assert give_back(kept, part, keys["r"]) == kept.given(keys["r"])
    erase(kept)
    for key in keys.values():
        with pytest.raises(BodyErased):
            kept.given(key)
    for again in (
        lambda: kept.taxes.remember(worked_out(), keys["c"]),
        lambda: kept.taxes.commit(charged, keys["t"]),
        lambda: give_back(kept, part, keys["r"]),
    ):
        with pytest.raises(BodyErased):
            again()
    assert not kept.subjects.status(CANARIES["payer"]).is_kept  # type: ignore[union-attr]  whoever asks again comes not back
    whole(kept)


def test_the_same_key_elsewhere_is_another(kept: Ledger) -> None:
    first = asked("k")
    kept.taxes.remember(worked_out(), first)
    assert kept.given(first._replace(scope="key_2 /v1/tax")) is None


def test_a_register_s_answer_is_found_by_its_number(kept: Ledger) -> None:
    answer = consult(kept)
    assert kept.consultations.since(NUMBER, AT) == [answer]
    assert kept.consultations.latest(NUMBER, "DE136695976", AT) == answer
    assert kept.consultations.latest(NUMBER, None, AT) is None
    assert kept.consultations.since("EL000000000", AT) == []
    whole(kept)


# -- nothing lies there -------------------------------------------------------------------------------------------------


SECRETS = {**CANARIES, "number": NUMBER}


def _seen_in(files: Sequence[Path]) -> set[str]:
    return {
        name for file in files if file.is_file() for name, one in SECRETS.items() if one.encode() in file.read_bytes()
    }  # fmt: skip


def _live(ledger: Ledger) -> None:
    sold(ledger)
    consult(ledger)
    pieces = [(NUMBER, b'["' + NUMBER.encode() + b'",'), ("DE1", b'"DE1"]')]
    asyncio.run(ledger.consultations.keep_answer(asked("ids"), pieces))


def test_no_byte_lies_in_the_files_of_sqlite(
    sqlite_url: str, ring: Ring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _live(ledger)
        assert (tmp_path / "ledger.db-wal").stat().st_size > 0
        assert _seen_in(list(tmp_path.iterdir())) == set()
        assert erase(ledger).emptied
        assert _seen_in(list(tmp_path.iterdir())) == set()
        whole(ledger)
    assert not any(one in caplog.text for one in SECRETS.values())


def test_without_protection_the_same_search_finds_them(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        _live(ledger)
    assert _seen_in(list(tmp_path.iterdir())) == set(SECRETS) - {"born", "iban"}


@pytest.mark.slow
def test_no_byte_lies_in_the_files_of_postgresql(postgres: Postgres, own_postgres_url: str, ring: Ring) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _live(ledger)
        erase(ledger)
    postgres.sql("CHECKPOINT")
    (folder,) = postgres.sql("SHOW data_directory")[0]
    assert _seen_in(list(Path(folder).rglob("*"))) == set()


# -- erasure ------------------------------------------------------------------------------------------------------------


def test_after_an_erasure_amounts_are_left_and_no_more(kept: Ledger) -> None:
    made, charged, _ = sold(kept)
    other, *_ = sold(kept, payer_id="c-8")
    before = kept.taxes.booked("m-1", date(2026, 1, 1), date(2026, 12, 31))
    flows = kept.taxes.flows("m-1", date(2026, 1, 1), date(2026, 12, 31))
    assert erase(kept).keys == 1
    one = kept.taxes.calculation(made.id)
    assert one is not None
    assert (one.erased, one.reference, one.verdict, one.merchant) == (True, None, "determined", "m-1")
    for body in ("facts", "inputs", "answer"):
        with pytest.raises(BodyErased, match=made.id):
            getattr(one, body)
    two = kept.taxes.transaction(charged.id)
    assert two is not None
    assert (two.erased, two.reference, two.gross) == (True, None, 3355)
    (three,) = kept.taxes.reversals(charged.id)
    for stored in (two, three):
        with pytest.raises(BodyErased, match=stored.id):
            _ = stored.answer
    assert kept.taxes.calculation(other.id).facts == other.facts  # type: ignore[union-attr]
    assert kept.taxes.booked("m-1", date(2026, 1, 1), date(2026, 12, 31)) == before
    assert kept.taxes.flows("m-1", date(2026, 1, 1), date(2026, 12, 31)) == flows
    whole(kept)


def test_nothing_more_comes_of_what_was_erased(kept: Ledger) -> None:
    made = worked_out()
    kept.taxes.remember(made)
    _, charged, _ = sold(kept)
    erase(kept)
    with pytest.raises(BodyErased):
        kept.taxes.commit(sale(made))
    with pytest.raises(BodyErased):
        give_back(kept, given_back(charged))
    assert kept.taxes.transaction(sale(made).id) is None
    assert len(kept.taxes.reversals(charged.id)) == 1
    # Somebody who comes back is somebody else to what was erased.
    sold(kept)
    with pytest.raises(BodyErased):
        kept.taxes.commit(sale(made))
    whole(kept)


def test_a_calculation_without_a_payer_has_a_key_of_its_own(kept: Ledger) -> None:
    made, charged, _ = sold(kept, payer_id=None)
    assert erase(kept, made.id).keys == 1
    assert kept.taxes.transaction(charged.id).erased  # type: ignore[union-attr]
    whole(kept)


def test_a_number_is_erased_by_itself_or_with_who_is_called_so(kept: Ledger) -> None:
    consult(kept)
    asyncio.run(kept.consultations.keep_answer(asked("ids"), [(NUMBER, b"[1,"), ("DE1", b"2]")]))
    given = kept.given(asked("ids"))
    assert isinstance(given, Replayed)
    assert given.stored.answer == b"[1,2]"
    sold(kept)
    assert erase(kept).keys == 1
    assert len(kept.consultations.since(NUMBER, AT)) == 1, "a number may be a firm's, whose it stays"
    sold(kept, payer_id=NUMBER)
    assert erase(kept, NUMBER).keys == 2
    assert kept.consultations.since(NUMBER, AT) == []
    with pytest.raises(BodyErased):
        kept.given(asked("ids"))
    assert kept.subjects.is_erased(NUMBER)
    whole(kept)
    answer = consult(kept)
    assert kept.consultations.since(NUMBER, AT) == [answer]


def test_an_erasure_between_a_look_and_a_write_is_heeded(url: str, ring: Ring) -> None:
    with Ledger.open(url) as one, Ledger.open(url) as other:
        for ledger in (one, other):
            ledger.subjects.protect(lambda: ring)
        made = worked_out()
        other.taxes.remember(made)
        erase(one)
        with pytest.raises(BodyErased):
            other.taxes.commit(sale(made))
        again, charged, _ = sold(other)

        def make(_: StoredTransaction, __: Sequence[StoredReversal]) -> ReversalEntry | Refusal:
            raise AssertionError("nothing is worked out of what was erased")

        erase(one)
        assert one.taxes.calculation(again.id).erased  # type: ignore[union-attr]
        with pytest.raises(BodyErased):
            other.taxes.reverse(charged.id, make)
        whole(one)


def _hold(kind: HoldKind, target: str) -> LegalHold:
    return LegalHold(f"hold_{target}", kind, target, "a case", "a court", "1 BvR 1/26", "ann", AT)


@pytest.mark.parametrize(
    ("kind", "target"), [(HoldKind.MERCHANT, "m-1"), (HoldKind.SUBJECT, CANARIES["payer"])]
)  # fmt: skip
def test_a_hold_over_what_was_sold_keeps_the_payer(kept: Ledger, kind: HoldKind, target: str) -> None:
    made, *_ = sold(kept)
    kept.holds.impose(_hold(HoldKind.MERCHANT, "m-another"))
    kept.holds.impose(_hold(kind, target))
    with pytest.raises(Held, match=f"hold_{target}"):
        erase(kept)
    assert not kept.taxes.calculation(made.id).erased  # type: ignore[union-attr]


def test_a_hold_over_a_number_keeps_what_a_register_said_of_it(kept: Ledger) -> None:
    consult(kept)
    kept.holds.impose(_hold(HoldKind.SUBJECT, NUMBER))
    with pytest.raises(Held):
        erase(kept, NUMBER)


def test_whoever_reckons_terms_is_told_of_every_tax(kept: Ledger) -> None:
    _, charged, part = sold(kept)
    kept.taxes.remember(worked_out())  # which was never committed
    (tax,) = kept.retained.taxes(CANARIES["payer"])
    assert (tax.day, tax.facts) == (part.day, REQUEST)
    assert list(kept.retained.taxes(kept.subjects.pseudonym_of(CANARIES["payer"]))) == [tax]
    assert list(kept.retained.taxes("c-8")) == []
    assert kept.retained.taxed(CANARIES["reference"]) == charged.day
    erase(kept)
    assert list(kept.retained.taxes(CANARIES["payer"])) == []


# -- keys ---------------------------------------------------------------------------------------------------------------


def test_after_a_rotation_everything_is_read_as_before(url: str) -> None:
    rings = [Ring.new()]
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: rings[-1])
        made, charged, part = sold(ledger)
        answer, head = consult(ledger), found(ledger).head
        rings += [rings[-1].with_new()]
        assert ledger.subjects.rewrap() == 3
        rings += [rings[-1].newest_only()]
        assert found(ledger).head == head
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: rings[-1])
        again = ledger.taxes.calculation(made.id)
        assert again is not None
        assert (again.facts, again.inputs, again.answer) == (made.facts, made.inputs, made.answer)
        assert ledger.taxes.transaction(charged.id).answer == charged.answer  # type: ignore[union-attr]
        assert [one.answer for one in ledger.taxes.reversals(charged.id)] == [part.answer]
        assert ledger.consultations.since(NUMBER, AT) == [answer]
        assert isinstance(ledger.given(asked(f"c{made.id}")), Replayed)


def test_a_locked_ledger_stores_and_shows_nothing(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        old, *_ = sold(ledger)
        ledger.subjects.protect(lambda: ring)
        made, charged, _ = sold(ledger)
    with Ledger.open(url) as ledger:
        for look in (
            lambda: ledger.taxes.calculation(made.id),
            lambda: ledger.taxes.calculation(old.id),
            lambda: ledger.taxes.transaction(charged.id),
            lambda: ledger.taxes.reversals(charged.id),
            lambda: ledger.taxes.remember(worked_out()),
            lambda: ledger.taxes.commit(sale(worked_out())),
            lambda: give_back(ledger, given_back(charged)),
            lambda: ledger.consultations.since(NUMBER, AT),
            lambda: consult(ledger),
            lambda: ledger.given(asked(f"c{made.id}")),
            lambda: ledger.writer.run(lambda batch: batch.claim(asked("new"), b"{}")),
        ):
            with pytest.raises(LedgerLocked):
                look()


def test_who_was_open_before_protection_began_stores_nothing_in_the_clear(url: str, ring: Ring) -> None:
    with Ledger.open(url) as late, Ledger.open(url) as other:
        other.subjects.protect(lambda: ring)
        made, charged, _ = sold(other)
        open_ = worked_out()
        other.taxes.remember(open_)
        for write in (
            lambda: late.taxes.remember(worked_out()),
            lambda: late.taxes.remember(worked_out(), asked("new")),
            lambda: late.taxes.commit(sale(open_)),
            lambda: late.taxes.calculation(made.id),
            lambda: give_back(late, given_back(charged)),
            lambda: consult(late),
        ):
            with pytest.raises(LedgerLocked):
                write()


def test_what_was_there_before_is_read_on_and_goes_on(url: str, ring: Ring) -> None:
    with Ledger.open(url) as ledger:
        old, charged, part = sold(ledger)
        open_ = worked_out()
        ledger.taxes.remember(open_)
        told = consult(ledger)
        ledger.subjects.protect(lambda: ring)
        assert ledger.taxes.calculation(old.id).facts == old.facts  # type: ignore[union-attr]
        assert ledger.taxes.transaction(charged.id).reference == charged.reference  # type: ignore[union-attr]
        assert ledger.consultations.since(NUMBER, AT) == [told]
        assert ledger.retained.taxed(CANARIES["reference"]) == charged.day
        # An idempotency key from before gives the same answer, and is not taken again.
        key = asked(f"c{old.id}")
        assert isinstance(ledger.given(key), Replayed)
        assert ledger.taxes.remember(worked_out(), key) == ledger.given(key)
        assert ledger.given(key._replace(request_sha256=b"y" * 32)) == KeyReused(*key[:2])
        # What follows from a calculation of before is kept under the key of whom it names.
        late = sale(open_)
        assert isinstance(ledger.taxes.commit(late), Stored)
        assert isinstance(give_back(ledger, back(charged, REST)), tuple)
        assert ledger.taxes.commit(sale(open_)) == AlreadyCommitted(late.id)
        whole(ledger)
        assert erase(ledger).keys == 1
        assert ledger.taxes.transaction(late.id).erased  # type: ignore[union-attr]
        assert ledger.taxes.transaction(charged.id).answer == charged.answer  # type: ignore[union-attr]
        assert [one.body is None for one in ledger.taxes.reversals(charged.id)] == [False, True]
        assert [one.answer for one in ledger.taxes.reversals(charged.id)[:1]] == [part.answer]
        whole(ledger)
    assert audited(url, None) is None


@pytest.mark.parametrize("facts", [b"{}", b"no json", b"[]", b'{"payer":{"id":7}}', b'{"payer":null}'])
def test_a_calculation_from_before_that_names_nobody_goes_on_under_its_own_key(
    sqlite_url: str, ring: Ring, facts: bytes
) -> None:
    with Ledger.open(sqlite_url) as ledger:
        made = worked_out(facts=facts)
        ledger.taxes.remember(made)
        ledger.subjects.protect(lambda: ring)
        ledger.taxes.commit(sale(made))
        assert erase(ledger, made.id).keys == 1
        whole(ledger)


def test_what_was_never_calculated_is_not_committed(kept: Ledger) -> None:
    with pytest.raises(EntryRefused):
        kept.taxes.commit(sale(worked_out()))


# -- the audit ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(url: str, ring: Ring) -> str:
    with Ledger.open(url) as ledger:
        ledger.subjects.protect(lambda: ring)
        _live(ledger)
    return url


@pytest.mark.parametrize(
    ("table", "column"),
    [("tax_calculation", "facts"), ("tax_transaction", "answer"), ("tax_reversal", "request"), ("answer", "answer")],
)
def test_a_changed_ciphertext_is_found(lived: str, table: str, column: str) -> None:
    with by_hand(lived) as hand:
        ((body,),) = hand.execute(f"SELECT min({column}) FROM {table}").fetchall()
        mark = placeholder(lived)
        hand.execute(f"UPDATE {table} SET {column} = {mark} WHERE {column} = {mark}", (altered(bytes(body)), body))
    bad = audited(lived, None)
    assert bad is not None
    assert bad.table == table


@pytest.mark.parametrize(
    ("by", "table", "word"),
    [
        ("DELETE FROM subject WHERE id = 1", "tax_calculation", "missing"),
        ("UPDATE subject SET pseudonym = 'lxn_another' WHERE id = 2", "note", "another subject's"),
        ("UPDATE subject SET wrapped = NULL, erased_at = 1 WHERE id = 1", "subject", "no note"),
    ],
)
def test_a_key_that_was_tampered_with_is_found(lived: str, by: str, table: str, word: str) -> None:
    with by_hand(lived) as hand:
        hand.execute(by)
    bad = audited(lived, None)
    assert bad is not None
    assert (bad.table, word in bad.what) == (table, True)


def test_a_body_put_in_another_s_place_does_not_open(sqlite_url: str, ring: Ring) -> None:
    """Where somebody made the chain anew over it."""
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        one, two = sold(ledger)[0], sold(ledger)[0]
        with by_hand(sqlite_url) as hand:
            hand.execute(
                "UPDATE tax_calculation SET facts = (SELECT facts FROM tax_calculation WHERE id = ?) WHERE id = ?",
                (one.id, two.id),
            )
        assert ledger.taxes.calculation(one.id).facts == one.facts  # type: ignore[union-attr]
        with pytest.raises(Exception, match=two.id):
            ledger.taxes.calculation(two.id)
