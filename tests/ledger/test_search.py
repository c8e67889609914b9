"""Looking for decisions: what is asked is found, how far was looked is said, and nobody hides a decision unseen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine.ledger import DecisionEntry, DecisionsWanted, Ledger, verify
from tests.ledger.factories import AT, entry, moment, store
from tests.ledger.tampering import by_hand, placeholder

FACTS: dict[str, Any] = {
    "amount": "24.90", "currency": "EUR", "kind": "sale",
    "payment": {"instrument": "card", "method": "visa", "channel": "remote", "issuer_country": "FR", "acquirer_country": "DE"},
    "payer": {"id": "c-7", "country": "FR"}, "payee": {"merchant": "m-1", "country": "UK"},
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "outcome": "allow", "sca": {"verdict": "exempt"}, "method": {"verdict": "not_applicable"},
    "rulepacks": [{"jurisdiction": "EEA"}, {"jurisdiction": "FR"}],
    "findings": [{"rule": "sca.low_value", "pack": "EEA"}],
}  # fmt: skip


def decided(seconds: int = 0, **changes: Any) -> DecisionEntry:
    """A decision of the example, made some seconds later."""
    facts, answer = changes.pop("facts", {}), changes.pop("answer", {})
    bodies = {"facts": orjson.dumps({**FACTS, **facts}), "answer": orjson.dumps({**ANSWER, **answer})}
    return entry(at=moment(seconds), **bodies, **changes)


def taken(ledger: Ledger, *made: DecisionEntry) -> None:
    store(ledger, *made)
    ledger.search.take_in(1_000)


def ids(ledger: Ledger, limit: int = 50, after: str | None = None, **wanted: Any) -> list[str]:
    return [one.id for one in ledger.search.find(DecisionsWanted(**wanted), limit=limit, after=after).data]


def test_a_found_decision_says_what_was_stated_and_what_was_found(ledger: Ledger) -> None:
    made = decided(reference="ord-1")
    taken(ledger, made)
    (found,) = ledger.search.find(DecisionsWanted(), limit=5, after=None).data
    assert (found.id, found.at, found.outcome, found.reference) == (made.id, AT, "allow", "ord-1")
    assert (found.amount, found.currency, found.payer, found.merchant) == ("24.90", "EUR", "c-7", "m-1")
    assert found.countries == {"payer": "FR", "payee": "GB", "issuer": "FR", "acquirer": "DE"}
    assert found.verdicts == {"sca": "exempt", "methods": "not_applicable"}
    assert (found.laws, found.rules) == (("EEA", "FR"), ("EEA/sca.low_value",))
    assert found.stated == {"kind": "sale", "instrument": "card", "method": "visa", "channel": "remote"}
    assert ledger.search.one(made.id) == found


@pytest.mark.parametrize(
    "wanted",
    [
        {"outcome": "block"},
        {"reference": "ord-x99"},
        {"text": "RD-X9"},
        {"country": "JP"},
        {"country": "JP", "role": "payee"},
        {"jurisdiction": "JP"},
        {"rule": "sca.tra"},
        {"rule": "UK/sca.tra"},
        {"verdicts": (("sca", "required"),)},
        {"verdicts": (("sca", "required"), ("methods", "not_applicable"))},
        {"currency": "JPY"},
        {"least": Decimal(100)},
        {"least": Decimal("100.5"), "most": Decimal("100.5"), "currency": "JPY"},
        {"payer": "c-8"},
        {"merchant": "m-2"},
        {"release": "sha256:" + "cd" * 32},
        {"since": moment(5)},
    ],
)
def test_what_is_asked_is_found_and_nothing_else(ledger: Ledger, wanted: dict[str, Any]) -> None:
    other = decided(
        9,
        outcome="block",
        reference="Ord-x99",
        payer_id="c-8",
        counted=None,
        release="sha256:" + "cd" * 32,
        facts={
            "amount": "100.5", "currency": "JPY", "payee": {"merchant": "m-2", "country": "JP"},
        },
        answer={
            "sca": {"verdict": "required"}, "rulepacks": [{"jurisdiction": "JP"}],
            "findings": [{"rule": "sca.tra", "pack": "UK"}],
        },
    )  # fmt: skip
    taken(ledger, decided(1), decided(2), other, decided(3))
    wanted = {**wanted, "reference": "Ord-x99"} if "reference" in wanted else wanted
    assert ids(ledger, **wanted) == [other.id]


def test_a_country_of_another_role_is_not_meant(ledger: Ledger) -> None:
    made = decided()
    taken(ledger, made)
    assert ids(ledger, country="DE", role="acquirer") == [made.id]
    assert ids(ledger, country="DE", role="payer") == []


@pytest.mark.parametrize("text", ["%", "\\", "ord_1"])
def test_signs_of_patterns_are_letters_like_others(ledger: Ledger, text: str) -> None:
    made = decided(1, reference=f"a{text}b")
    taken(ledger, made, decided(2, reference="ord-1"))
    assert ids(ledger, text=text) == [made.id]


def test_an_instant_is_within_and_the_last_is_not(ledger: Ledger) -> None:
    made = [decided(seconds) for seconds in range(4)]
    taken(ledger, *made)
    assert ids(ledger, since=moment(1), until=moment(3)) == [made[2].id, made[1].id]


def test_pages_follow_one_another_without_gap_or_repeat(ledger: Ledger) -> None:
    made = [decided(seconds // 2, outcome="block" if seconds % 2 else "allow") for seconds in range(9)]
    taken(ledger, *made)
    seen, after = [], None
    while True:
        page = ledger.search.find(DecisionsWanted(outcome="block"), limit=2, after=after)
        seen += [one.id for one in page.data]
        after = page.next
        if after is None:
            break
    assert seen == [one.id for one in reversed(made) if one.outcome == "block"]
    assert ids(ledger, after="dec_nobody") == []


def test_a_search_looks_no_further_than_it_may_and_says_how_far_it_came(ledger: Ledger) -> None:
    made = [decided(0, outcome="block"), *(decided(seconds) for seconds in range(1, 8))]
    taken(ledger, *made)
    wanted = DecisionsWanted(outcome="block")
    first = ledger.search.find(wanted, limit=5, after=None, most=4)
    assert (first.data, first.next, first.until) == ((), made[4].id, made[4].at)
    second = ledger.search.find(wanted, limit=5, after=first.next, most=4)
    assert [one.id for one in second.data] == [made[0].id]
    assert ledger.search.find(wanted, limit=5, after=second.next, most=4).next is None


def test_it_says_what_was_not_taken_in_yet(url: str) -> None:
    with Ledger.open(url) as ledger:
        store(ledger, decided(1), decided(2), decided(3))
        with by_hand(url, guarded=True) as hand:
            hand.execute("DELETE FROM decision_search")  # a ledger from before there were such rows
        assert ledger.search.find(DecisionsWanted(), limit=5, after=None).since == AT - timedelta(
            microseconds=AT.timestamp() * 1_000_000
        )
        assert ledger.search.take_in(2) == 2
        store(ledger, decided(4))
        found = ledger.search.find(DecisionsWanted(), limit=5, after=None)
        assert (len(found.data), found.since) == (2, moment(2)), "whoever comes later waits behind the others"
        assert ledger.search.take_in(100) == 2
        assert ledger.search.find(DecisionsWanted(), limit=5, after=None).since is None
        assert ledger.search.take_in(100) == 0
    assert verify(url).ok


def test_in_a_file_what_is_decided_is_found_at_once(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        made = [
            decided(1, told=ANSWER),
            decided(2),
            decided(3, facts={"amount": 7}, told=ANSWER | {"outcome": "allow"}),
        ]
        store(ledger, *made)
        assert ids(ledger) == [one.id for one in reversed(made)]
        assert ledger.search.take_in(100) == 0
        with by_hand(sqlite_url, guarded=True) as hand:
            hand.execute("DELETE FROM decision_search WHERE seq > 1")
        store(ledger, decided(4))
        assert ids(ledger) == [made[0].id]
        assert ledger.search.take_in(100) == 3
        store(ledger, decided(5))
        assert len(ids(ledger)) == 5
    assert verify(sqlite_url).ok


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"no json", b'{"payment":7,"findings":[3],"amount":true,"currency":"E U"}']
)
def test_bodies_that_say_nothing_are_taken_in_too(ledger: Ledger, body: bytes) -> None:
    made = entry(facts=body, answer=body, reference="plain")
    taken(ledger, made)
    assert ids(ledger, text="plain") == [made.id]


@pytest.mark.parametrize(
    ("column", "value"), [("outcome", "allow"), ("terms", " "), ("at", 7), ("seq", 77), ("payer", None)]
)
def test_a_row_that_hides_a_decision_is_found(url: str, column: str, value: object) -> None:
    with Ledger.open(url) as ledger:
        taken(ledger, decided(1, outcome="block"))
    assert verify(url).ok
    with by_hand(url, guarded=True) as hand:
        hand.execute(f"UPDATE decision_search SET {column} = {placeholder(url)}", (value,))
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == "decision_search"


def test_a_row_that_is_gone_is_found(url: str) -> None:
    with Ledger.open(url) as ledger:
        taken(ledger, decided(1), decided(2))
    with by_hand(url, guarded=True) as hand:
        hand.execute("DELETE FROM decision_search WHERE seq = 1")
    bad = verify(url).first_bad
    assert bad is not None
    assert (bad.table, bad.seq, bad.what) == ("decision_search", 1, "the row of a decision is missing")
