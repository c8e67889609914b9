"""Cases of onboarding in the ledger: moved only from where they were seen, and by two persons where two are needed."""

from __future__ import annotations

from datetime import date

import pytest

from engine.ledger import (
    CaseMoved,
    EntryRefused,
    KeyedAnswer,
    KeyReused,
    Ledger,
    OnboardingWanted,
    Replayed,
    UnknownCase,
    verify,
)
from engine.ledger import IdempotencyKey as Key
from engine.ledger._database import Database
from tests.ledger.factories import AT
from tests.ledger.onboarding import OPENED, event, put
from tests.ledger.tampering import by_hand, placeholder

FIRST = event("first_approved", "in_review", "in_review", "key_2", first_approver="key_2", high_risk=True)
SECOND = event("approved", "in_review", "approved", "key_3", first_approver="key_2", high_risk=True)


def test_a_case_is_kept_as_its_last_event_leaves_it(ledger: Ledger) -> None:
    put(ledger, OPENED)
    put(ledger, FIRST, SECOND, number=1, deadline=date(2027, 1, 1), body=b"{}")
    found = ledger.onboarding.one("onb_1")
    assert found is not None
    assert (found.number, found.state, found.deadline, found.body) == (3, "approved", date(2027, 1, 1), b"{}")
    told = [(one.number, one.kind, one.actor, one.before, one.after) for one in ledger.onboarding.history("onb_1")]
    assert told == [
        (1, "created", "key_1", None, "in_review"),
        (2, "first_approved", "key_2", "in_review", "in_review"),
        (3, "approved", "key_3", "in_review", "approved"),
    ]
    assert ledger.verify().ok


def test_a_case_is_moved_only_from_where_it_was_seen(ledger: Ledger) -> None:
    put(ledger, OPENED)
    put(ledger, event("escalated", "in_review", "escalated", "key_2", high_risk=True), number=1)
    with pytest.raises(CaseMoved):
        put(ledger, event("approved", "in_review", "approved", "key_2"), number=1)
    with pytest.raises(CaseMoved):
        put(ledger, OPENED)
    with pytest.raises(UnknownCase):
        put(ledger, event("rejected", "in_review", "rejected", "key_2"), number=1, case_id="onb_9")
    assert len(ledger.onboarding.history("onb_1")) == 2


def test_two_applications_of_one_firm_find_each_other_even_at_the_same_moment(ledger: Ledger) -> None:
    mark = "registration:DE:hrb1"
    put(ledger, OPENED, seen={mark: ()})
    with pytest.raises(CaseMoved):
        put(ledger, OPENED, case_id="onb_2", seen={mark: ()})
    put(ledger, OPENED, case_id="onb_2", seen={mark: ("onb_1",)})
    assert ledger.onboarding.others("onb_1", [mark]) == {mark: (("onb_2", "in_review", "m-7"),)}
    put(ledger, FIRST, number=1, case_id="onb_2", marks=())
    assert ledger.onboarding.others("onb_1", [mark]) == {mark: ()}


def test_cases_are_listed_counted_and_found_when_due(ledger: Ledger) -> None:
    put(ledger, OPENED, case_id="onb_a", country="FR", deadline=date(2027, 1, 2))
    put(ledger, event("created", None, "draft", "key_1"), case_id="onb_b", deadline=date(2027, 1, 1), stage="submitted")
    put(ledger, OPENED, case_id="onb_c")

    def ids(**wanted: str) -> list[str]:
        return [one.id for one in ledger.onboarding.page(OnboardingWanted(**wanted), limit=9, after=None).data]

    assert ids() == ["onb_a", "onb_b", "onb_c"]
    assert ids(state="draft") == ids(stage="submitted") == ["onb_b"]
    assert ids(country="FR") == ["onb_a"]
    assert ids(merchant="nobody") == []
    page = ledger.onboarding.page(OnboardingWanted(), limit=2, after=None)
    assert (page.next, len(page.data)) == ("onb_b", 2)
    assert ledger.onboarding.due(date(2026, 12, 31)) == ()
    assert ledger.onboarding.due(date(2027, 1, 1)) == ("onb_b",)
    assert ledger.onboarding.due(date(2027, 1, 2)) == ("onb_b", "onb_a")
    assert ledger.onboarding.counted() == {"draft": 1, "in_review": 2}


def test_the_same_request_is_told_the_same_again(ledger: Ledger) -> None:
    once = KeyedAnswer(Key("key_1 /v1/onboarding", "k", b"\1" * 32), b"answer")
    assert put(ledger, OPENED, once=once) is None
    again = put(ledger, OPENED, once=once)
    assert isinstance(again, Replayed)
    assert again.stored.answer == b"answer"
    other = KeyedAnswer(Key("key_1 /v1/onboarding", "k", b"\2" * 32), b"answer")
    assert isinstance(put(ledger, OPENED, case_id="onb_2", once=other), KeyReused)
    assert ledger.onboarding.one("onb_2") is None


FORBIDDEN = {
    "the submitter approves": [event("approved", "in_review", "approved", "key_1")],
    "the submitter is one of two": [
        FIRST, event("approved", "in_review", "approved", "key_1", first_approver="key_2", high_risk=True),
    ],
    "the submitter approves first": [
        event("first_approved", "in_review", "in_review", "key_1", first_approver="key_1", high_risk=True)
    ],
    "somebody else stands as submitter": [event("approved", "in_review", "approved", "key_1", submitter="key_9")],
    "one person approves twice": [
        FIRST, event("approved", "in_review", "approved", "key_2", first_approver="key_2", high_risk=True),
    ],
    "a high risk with one person": [event("approved", "in_review", "approved", "key_2", high_risk=True)],
    "a first approver who never approved": [
        event("approved", "in_review", "approved", "key_3", first_approver="key_2", high_risk=True)
    ],
    "a high risk that is written off": [FIRST, event("approved", "in_review", "approved", "key_2")],
    "the machine and a person": [
        FIRST, event("approved", "in_review", "approved", "system", first_approver="key_2", high_risk=True),
    ],
    "the submitter rejects": [event("rejected", "in_review", "rejected", "key_1")],
    "a state is skipped": [event("activated", "activating", "active", "key_2")],
    "something after the end": [
        event("rejected", "in_review", "rejected", "key_2"), event("approved", "rejected", "approved", "key_3"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", FORBIDDEN)
def test_the_database_itself_refuses(ledger: Ledger, story: str) -> None:
    put(ledger, OPENED)
    with pytest.raises(EntryRefused):
        put(ledger, *FORBIDDEN[story], number=1)
    assert len(ledger.onboarding.history("onb_1")) == 1
    assert ledger.verify().ok


def test_plain_sql_is_refused_as_well(url: str) -> None:
    """Whoever has a connection, but honours the triggers, gets no further than the service."""
    with Ledger.open(url) as ledger:
        put(ledger, OPENED)
    mark, errors = placeholder(url), Database(url).driver.Error
    insert = f"INSERT INTO onboarding_event VALUES ({', '.join([mark] * 16)})"
    row = [9, "onb_1", 2, "approved", 1, 1, "key_1", "in_review", "approved", "key_1", None, 0, "r", b"", b"", b"{}"]
    with by_hand(url, guarded=True) as hand:
        with pytest.raises(errors):
            hand.execute(insert, row)
        with pytest.raises(errors):
            hand.execute(insert, [*row[:6], "key_2", *row[7:11], 1, *row[12:]])
        with pytest.raises(errors):
            hand.execute("UPDATE onboarding_event SET actor = 'key_2'")
        with pytest.raises(errors):
            hand.execute("DELETE FROM onboarding_event")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE onboarding_case SET state = 'active'",
        "UPDATE onboarding_case SET number = 2",
        "UPDATE onboarding_case SET created_at = 1",
        "INSERT INTO onboarding_case SELECT 'onb_x', number, merchant, state, stage, country, created_at, updated_at,"
        " deadline, body, seal FROM onboarding_case",
    ],
)
def test_a_case_that_is_not_as_the_chain_says_is_found(url: str, change: str) -> None:
    with Ledger.open(url) as ledger:
        put(ledger, OPENED)
    with by_hand(url) as hand:
        hand.execute(change)
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == "onboarding_case"


def test_a_case_that_is_gone_is_found(url: str) -> None:
    with Ledger.open(url) as ledger:
        put(ledger, OPENED, marks=())
    with by_hand(url) as hand:
        hand.execute("DELETE FROM onboarding_case")
    bad = verify(url).first_bad
    assert bad is not None
    assert (bad.seq, bad.table) == (1, "onboarding_case")


def test_times_are_those_of_the_service(ledger: Ledger) -> None:
    put(ledger, OPENED)
    found = ledger.onboarding.one("onb_1")
    assert found is not None
    assert found.created_at == found.updated_at == AT
