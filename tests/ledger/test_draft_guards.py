"""What the database itself refuses of the law's making, whoever writes into it past the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.drafting import Draft
from engine.ledger import Ledger
from engine.ledger._database import Connection
from tests.ledger.factories import AT
from tests.ledger.lawmaking import SHIPPED, Office
from tests.ledger.tampering import by_hand, placeholder

NAME = "drf_1"
MICROS = int(AT.timestamp()) * 1_000_000
EVENT = {
    "seq": 9_000, "draft_id": NAME, "at": MICROS, "recorded_at": MICROS, "statute": 0, "required": 2, "payload": b"{}",
}  # fmt: skip
ACTIVATION = {
    "seq": 9_000, "active_from": MICROS, "kind": "published", "actor": "eve", "recorded_at": MICROS, "draft": NAME,
    "cancels": None, "reason": "r",
}  # fmt: skip


class Hand:
    """A connection past the engine, with the triggers in place."""

    def __init__(self, url: str, connection: Connection) -> None:
        self._mark, self._connection = placeholder(url), connection

    def insert(self, table: str, row: dict[str, Any]) -> None:
        marks = ", ".join([self._mark] * len(row))
        self._connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    def run(self, sql: str) -> None:
        self._connection.execute(sql)


@pytest.fixture
def office(ledger: Ledger) -> Office:
    ledger.remember_release(SHIPPED, AT)
    return Office(ledger)


@pytest.fixture
def submitted(office: Office) -> Draft:
    """Opened by ann, edited by ben too, submitted; two others must approve."""
    draft = office.open(NAME, "ann", AT)
    draft = office.edit(draft, "ann", AT, "A/a.yaml", "1")
    draft = office.edit(draft, "ben", AT, "A/a.yaml", "2")
    return office.submit(office.check(draft, "ann", AT, 2), "ann", AT)


@pytest.fixture
def hand(url: str, submitted: Draft) -> Iterator[Hand]:
    with by_hand(url, guarded=True) as connection:
        yield Hand(url, connection)


def step(draft: Draft, kind: str, before: str, after: str, actor: str, **more: Any) -> dict[str, Any]:
    """A row of an event that would follow the draft's last one."""
    said = {"number": draft.number + 1, "kind": kind, "from_state": before, "to_state": after, "actor": actor}
    return {**EVENT, **said, "content": draft.content, **more}


@pytest.mark.parametrize("actor", ["ann", "ben"])
def test_nobody_who_wrote_any_of_it_approves(hand: Hand, submitted: Draft, actor: str) -> None:
    with pytest.raises(Exception, match="another person must approve"):
        hand.insert("draft_event", step(submitted, "approved", "submitted", "submitted", actor))


def test_nobody_approves_twice(hand: Hand, office: Office, submitted: Draft) -> None:
    once = office.approve(submitted, "cleo", AT)
    with pytest.raises(Exception, match="another person must approve"):
        hand.insert("draft_event", step(once, "approved", "submitted", "approved", "cleo"))


def test_one_word_is_not_enough_where_two_are_wanted(hand: Hand, submitted: Draft) -> None:
    with pytest.raises(Exception, match="another person must approve"):
        hand.insert("draft_event", step(submitted, "approved", "submitted", "approved", "cleo"))


@pytest.mark.parametrize(
    "change",
    [{"content": "sha256:other"}, {"required": 1}, {"statute": 1}, {"from_state": "checked"}, {"number": 9}],
    ids=lambda change: next(iter(change)),
)
def test_an_event_that_does_not_follow_is_refused(hand: Hand, submitted: Draft, change: dict[str, Any]) -> None:
    forged = step(submitted, "approved", "submitted", "submitted", "cleo") | change
    with pytest.raises(Exception, match="draft_event"):
        hand.insert("draft_event", forged)


def test_nothing_is_scheduled_with_too_few_voices(hand: Hand, office: Office, submitted: Draft) -> None:
    once = office.approve(submitted, "cleo", AT)
    for before in ("submitted", "approved"):
        with pytest.raises(Exception, match="draft_event"):
            hand.insert("draft_event", step(once, "scheduled", before, "scheduled", "dan"))


def test_an_approval_does_not_outlive_an_edit(hand: Hand, office: Office, submitted: Draft) -> None:
    once = office.approve(submitted, "cleo", AT)
    edited = office.edit(once, "ann", AT, "A/a.yaml", "3")
    again = office.submit(office.check(edited, "ann", AT, 2), "ann", AT)
    with pytest.raises(Exception, match="another person must approve"):
        hand.insert("draft_event", step(again, "approved", "submitted", "approved", "dan"))


def test_what_nobody_approved_is_not_put_in_force(hand: Hand, office: Office, submitted: Draft) -> None:
    for release in (submitted.content, SHIPPED.digest, "sha256:other"):
        for kind in ("published", "broke_glass"):
            with pytest.raises(Exception, match="nobody approved this"):
                hand.insert("activation", {**ACTIVATION, "release": release, "kind": kind})
    with pytest.raises(Exception, match="nobody approved this"):
        hand.insert("activation", {**ACTIVATION, "release": submitted.content, "kind": "rolled_back", "draft": None})


def test_what_was_taken_back_is_not_put_in_force_after_all(hand: Hand, office: Office, submitted: Draft) -> None:
    approved = office.approve(office.approve(submitted, "cleo", AT), "dan", AT)
    later = office.schedule(approved, "dan", AT, AT + timedelta(hours=1))
    office.withdraw(later, "ann", AT)
    for row in ({"kind": "published"}, {"kind": "rolled_back", "active_from": MICROS + 7_200_000_000}):
        with pytest.raises(Exception, match="nobody approved this"):
            hand.insert("activation", {**ACTIVATION, "release": submitted.content, **row})


def test_a_draft_is_put_in_force_once(hand: Hand, office: Office, submitted: Draft) -> None:
    approved = office.approve(office.approve(submitted, "cleo", AT), "dan", AT)
    office.schedule(approved, "dan", AT, AT + timedelta(hours=1))
    with pytest.raises(Exception, match="nobody approved this"):
        hand.insert("activation", {**ACTIVATION, "release": submitted.content})


def test_another_release_is_not_what_a_cancellation_names(hand: Hand, submitted: Draft) -> None:
    with pytest.raises(Exception, match="nobody approved this"):
        hand.insert("activation", {**ACTIVATION, "kind": "cancelled", "cancels": 1, "release": "sha256:other"})


@pytest.mark.parametrize("table", ["draft_event", "draft_file", "activation"])
def test_what_was_done_is_never_changed_or_taken_out(hand: Hand, table: str) -> None:
    column = {"draft_event": "actor", "draft_file": "editor", "activation": "actor"}[table]
    with pytest.raises(Exception, match="append-only"):
        hand.run(f"UPDATE {table} SET {column} = 'eve'")
    with pytest.raises(Exception, match="append-only"):
        hand.run(f"DELETE FROM {table}")


def test_a_draft_is_kept(hand: Hand) -> None:
    with pytest.raises(Exception, match=r"draft is kept|append-only"):
        hand.run("DELETE FROM draft")


@pytest.mark.parametrize("sql", [
    "UPDATE draft SET state = 'approved'",
    "UPDATE draft SET base = 'sha256:other'",
    "UPDATE approval_policy SET required = 1",
])  # fmt: skip
def test_what_a_row_says_of_itself_is_held_against_the_chain(url: str, ledger: Ledger, hand: Hand, sql: str) -> None:
    from engine.ledger import ApprovalPolicy

    ledger.drafts.set_policy(ApprovalPolicy("sca", 3), AT)
    assert ledger.verify().ok
    hand.run(sql)
    assert not ledger.verify().ok
