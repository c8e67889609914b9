"""Legal holds: set by one person, lifted by another, and what they hold while they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.ledger import Held, HoldKind, HoldLifted, HoldState, Ledger, LegalHold, OwnHold, UnknownHold
from engine.ledger._database import Database
from tests.ledger.factories import AT, counted, moment, stored
from tests.ledger.tampering import by_hand

HOLD = LegalHold("hld_1", HoldKind.SUBJECT, "c-7", "Ordered to be kept.", "Amtsgericht", "12 Gs 34/26", "key_ann", AT)
PAID = b'{"amount":"24.90","payee":{"merchant":"m-1"}}'


def test_a_hold_stands_at_once_and_until_another_person_lifts_it(ledger: Ledger) -> None:
    ledger.holds.impose(HOLD)
    assert ledger.holds.standing("c-7") == (HOLD,)
    assert ledger.holds.standing("c-8") == ()
    with pytest.raises(OwnHold):
        ledger.holds.lift("hld_1", "key_ann", moment(1), "Enough.")
    assert ledger.holds.standing("c-7") == (HOLD,)
    ledger.holds.lift("hld_1", "key_ben", moment(2), "The court closed it.")
    assert ledger.holds.standing("c-7") == ()
    assert ledger.holds.one("hld_1") == replace(
        HOLD, lifted_by="key_ben", lifted_at=moment(2), lift_reason="The court closed it."
    )
    with pytest.raises(HoldLifted):
        ledger.holds.lift("hld_1", "key_ben", moment(3), "Again.")
    with pytest.raises(UnknownHold):
        ledger.holds.lift("hld_2", "key_ben", moment(3), "Again.")
    assert ledger.verify().ok


def test_holds_are_listed_by_what_they_are_on_and_where_they_stand(ledger: Ledger) -> None:
    ledger.holds.impose(HOLD)
    ledger.holds.impose(replace(HOLD, id="hld_2", kind=HoldKind.MERCHANT, target="m-1"))
    ledger.holds.lift("hld_1", "key_ben", moment(1), "Over.")
    pages = {state: ledger.holds.page(limit=9, after=None, state=state).data for state in HoldState}
    assert [one.id for one in pages[HoldState.STANDING]] == ["hld_2"]
    assert [one.id for one in pages[HoldState.LIFTED]] == ["hld_1"]
    first = ledger.holds.page(limit=1, after=None)
    assert [one.id for one in first.data] == ["hld_1"]
    assert [one.id for one in ledger.holds.page(limit=1, after=first.next).data] == ["hld_2"]
    assert ledger.holds.page(limit=9, after=None, kind=HoldKind.MERCHANT, target="m-2").data == ()
    assert ledger.holds.count() == 1


@pytest.mark.parametrize("indexed", [True, False])
def test_a_hold_on_a_decision_or_a_merchant_holds_the_payers_of_them(ledger: Ledger, indexed: bool) -> None:
    held = stored(ledger, payer_id="c-1", counted=counted("c-1"))
    stored(ledger, payer_id="c-2", counted=counted("c-2"), facts=PAID)
    stored(ledger, payer_id="c-3", counted=counted("c-3"))
    if indexed:
        ledger.search.take_in(99)
    ledger.holds.impose(replace(HOLD, kind=HoldKind.DECISION, target=held.id))
    ledger.holds.impose(replace(HOLD, id="hld_2", kind=HoldKind.MERCHANT, target="m-1"))
    assert [one.id for one in ledger.holds.standing("c-1")] == ["hld_1"]
    assert [one.id for one in ledger.holds.standing("c-2")] == ["hld_2"]
    assert ledger.holds.standing("c-3") == ()


def test_whoever_erases_asks_within_its_own_transaction(ledger: Ledger) -> None:
    ledger.holds.impose(HOLD)

    def erase(subject: str) -> None:
        ledger.writer.run(lambda batch: ledger.holds.require_none(batch, subject))

    with pytest.raises(Held) as refused:
        erase("c-7")
    assert refused.value.holds == (HOLD,)
    erase("c-8")


def _forget(ledger: Ledger) -> None:
    """As if no decision had been taken in by the search."""
    ledger.writer.run(lambda batch: batch.execute("DELETE FROM decision_search"))


def test_a_stretch_of_time_is_held_by_what_lies_in_it(ledger: Ledger) -> None:
    day = timedelta(days=1)
    stored(ledger, payer_id="c-7", counted=counted("c-7"), at=AT)
    merchants = stored(ledger, payer_id="c-8", counted=counted("c-8"), at=AT + day, facts=PAID)
    ledger.holds.impose(HOLD)
    ledger.holds.impose(replace(HOLD, id="hld_2", kind=HoldKind.MERCHANT, target="m-1"))
    ledger.holds.impose(replace(HOLD, id="hld_3", kind=HoldKind.DECISION, target=merchants.id))

    _forget(ledger)

    def between(days: int) -> list[str]:
        return [one.id for one in ledger.holds.standing_between(AT + day * days, AT + day * (days + 1))]

    assert between(0) == ["hld_1", "hld_2", "hld_3"], "not indexed yet: nobody knows what they hold"
    ledger.search.take_in(99)
    assert between(0) == ["hld_1"]
    assert between(1) == ["hld_2", "hld_3"]
    assert between(2) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE legal_hold SET target = 'c-8'",
        "UPDATE legal_hold SET lifted_by = set_by, lifted_at = 1, lift_reason = 'x'",
        "UPDATE legal_hold SET lifted_at = 1",
        "DELETE FROM legal_hold",
    ],
)
def test_the_database_itself_keeps_a_hold(url: str, change: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.holds.impose(HOLD)
    connection = Database(url).connect()
    try:
        with pytest.raises(Exception, match=r"legal_hold|append-only"):
            connection.execute(change)
    finally:
        connection.close()


def test_a_hold_that_was_taken_away_by_hand_is_seen(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.holds.impose(HOLD)
    with by_hand(sqlite_url) as hand:
        hand.execute("DROP TRIGGER legal_hold_kept")
        hand.execute("DELETE FROM legal_hold")
    with Ledger.open(sqlite_url) as ledger:
        found = ledger.verify()
    assert not found.ok
    assert "legal_hold" in str(found)


def test_a_hold_finds_a_payer_under_the_name_that_the_ledger_keeps(ledger: Ledger) -> None:
    """Where payers are kept by pseudonyms, whoever erases may say either name."""
    pseudonym = f"p-{'7' * 20}"
    there = ledger.holds
    holds = type(there)(
        ledger._database, ledger._readers, ledger.writer, ledger._decisions, lambda name: (f"p-{name[-1] * 20}",)
    )
    held = stored(ledger, payer_id=pseudonym, counted=counted(pseudonym), facts=PAID)
    ledger.search.take_in(99)
    for number, (kind, target) in enumerate(
        [(HoldKind.SUBJECT, "c-7"), (HoldKind.DECISION, held.id), (HoldKind.MERCHANT, "m-1")], 1
    ):
        holds.impose(replace(HOLD, id=f"hld_{number}", kind=kind, target=target))
    for name in ("c-7", pseudonym):
        assert [one.id for one in holds.standing(name)] == ["hld_1", "hld_2", "hld_3"], name
    assert holds.standing("c-8") == ()
    assert [one.id for one in holds.standing_between(AT, AT + timedelta(days=1))] == ["hld_1", "hld_2", "hld_3"]


def test_a_decision_that_cannot_be_read_is_held_by_every_merchants_hold(ledger: Ledger) -> None:
    for payer, facts in (("c-1", b"not JSON"), ("c-2", b"\x00 not sealed either")):
        stored(ledger, payer_id=payer, counted=counted(payer), facts=facts)
    _forget(ledger)
    ledger.holds.impose(replace(HOLD, kind=HoldKind.MERCHANT, target="m-9"))
    assert [[one.id for one in ledger.holds.standing(payer)] for payer in ("c-1", "c-2")] == [["hld_1"], ["hld_1"]]
