"""Clearances in the ledger: proposed by one, approved by another, lapsed by time or by anybody's word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.ledger import (
    ClearanceDone,
    ClearancesWanted,
    EntryRefused,
    KeyedAnswer,
    Ledger,
    OwnClearance,
    Replayed,
    StoredClearance,
    UnknownClearance,
    verify,
)
from engine.ledger import IdempotencyKey as Key
from tests.ledger.factories import AT, moment
from tests.ledger.tampering import by_hand

CLEARANCE = StoredClearance(
    "clr_1", "c-7", "aa" * 32, "UN-SC:QDi.001", "bb" * 32, ("birth_year", "name"), "scr_1", "Born in another year.",
    "key_ann", AT, moment(3600),
)  # fmt: skip


def test_a_clearance_holds_once_another_person_has_approved_it(ledger: Ledger) -> None:
    ledger.clearances.propose(CLEARANCE)
    assert ledger.clearances.one("clr_1") == CLEARANCE
    assert ledger.clearances.holding(moment(1)) == ()
    ledger.clearances.approve("clr_1", "key_ben", moment(1), "Agreed.")
    (held,) = ledger.clearances.holding(moment(1))
    assert held == replace(CLEARANCE, approver="key_ben", approved_at=moment(1))
    assert held.holds(moment(1))
    assert ledger.verify().ok


def test_a_clearance_lapses_by_time(ledger: Ledger) -> None:
    ledger.clearances.propose(CLEARANCE)
    ledger.clearances.approve("clr_1", "key_ben", moment(1), "Agreed.")
    assert len(ledger.clearances.holding(moment(3599))) == 1
    assert ledger.clearances.holding(moment(3600)) == ()
    (stored,) = ledger.clearances.page(ClearancesWanted("c-7"), now=AT, limit=9, after=None).data
    assert not stored.holds(moment(3600))


def test_a_clearance_ends_by_anybodys_word_and_for_good(ledger: Ledger) -> None:
    ledger.clearances.propose(CLEARANCE)
    ledger.clearances.approve("clr_1", "key_ben", moment(1), "Agreed.")
    ledger.clearances.revoke("clr_1", "key_ann", moment(2), "The passport was forged.")
    assert ledger.clearances.holding(moment(3)) == ()
    for step in (
        lambda: ledger.clearances.revoke("clr_1", "key_ben", moment(3), "r"),
        lambda: ledger.clearances.approve("clr_1", "key_ben", moment(3), "Agreed."),
    ):
        with pytest.raises(ClearanceDone):
            step()
    assert ledger.verify().ok


def test_who_wrote_it_does_not_approve_it(ledger: Ledger) -> None:
    ledger.clearances.propose(CLEARANCE)
    with pytest.raises(OwnClearance):
        ledger.clearances.approve("clr_1", "key_ann", moment(1), "Agreed.")
    with pytest.raises(UnknownClearance):
        ledger.clearances.approve("clr_2", "key_ben", moment(1), "Agreed.")
    with pytest.raises(ClearanceDone):
        ledger.clearances.approve("clr_1", "key_ben", moment(3600), "Agreed.")


def test_the_same_request_is_told_the_same_again(ledger: Ledger) -> None:
    once = KeyedAnswer(Key("key_ann /v1/clearances", "k", b"\1" * 32), b"answer")
    assert ledger.clearances.propose(CLEARANCE, once) is None
    assert isinstance(ledger.clearances.propose(replace(CLEARANCE, id="clr_2"), once), Replayed)
    assert ledger.clearances.one("clr_2") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"approver": "key_ann", "approved_at": AT},
        {"approver": "system", "approved_at": AT},
        {"author": "system", "approver": "key_ben", "approved_at": AT},
        {"expires_at": AT},
        {"approver": "key_ben"},
    ],
)
def test_the_database_itself_refuses(ledger: Ledger, changes: dict[str, object]) -> None:
    with pytest.raises(EntryRefused):
        ledger.clearances.propose(replace(CLEARANCE, **changes))  # type: ignore[arg-type]
    assert ledger.clearances.one("clr_1") is None
    assert ledger.verify().ok


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE clearance SET approver = 'key_ann', approved_at = 1",
        "UPDATE clearance SET expires_at = expires_at + 1",
        "UPDATE clearance SET entry = 'UN-SC:QDi.002'",
        "UPDATE clearance SET subject_digest = ''",
        "DELETE FROM clearance",
    ],
)
def test_plain_sql_is_refused_or_found(url: str, change: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.clearances.propose(CLEARANCE)
        errors = ledger._database.driver.Error
    with by_hand(url, guarded=True) as hand, pytest.raises(errors):
        hand.execute(change)
    assert verify(url).ok


def test_an_approval_by_hand_is_found(url: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.clearances.propose(CLEARANCE)
    with by_hand(url, guarded=True) as hand:
        hand.execute("UPDATE clearance SET approver = 'key_ben', approved_at = 1")
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == "clearance"
