"""What the database itself refuses of trials, whoever writes into it past the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from engine.ledger import Ledger, verify
from engine.trials import ended
from tests.ledger.factories import AT
from tests.ledger.lawmaking import SHIPPED, Office, made_of
from tests.ledger.tampering import by_hand
from tests.ledger.test_draft_guards import MICROS, Hand
from tests.ledger.trying import NAME, approved, canary, piece, shadow

HIDDEN = b'{"guardrail":null,"reason":"r"}'
CANARY = {
    "seq": 9_000, "trial_id": "trl_9", "number": 1, "kind": "started", "at": MICROS, "recorded_at": MICROS, "actor": "cleo",
    "trial_kind": "canary", "draft": NAME, "base": SHIPPED.digest, "share": 1_000, "cause": None, "payload": HIDDEN,
}  # fmt: skip
SHADOW = CANARY | {"trial_kind": "shadow", "share": 0}
PIECE = {
    "seq": 9_000, "decisions": 1, "differing": 0, "recorded_at": MICROS, "tally": b"{}", "differences": b"[]",
}  # fmt: skip


@pytest.fixture
def office(ledger: Ledger) -> Office:
    ledger.remember_release(SHIPPED, AT)
    return Office(ledger)


@pytest.fixture
def hand(url: str, office: Office) -> Iterator[Hand]:
    with by_hand(url, guarded=True) as connection:
        yield Hand(url, connection)


def test_what_was_approved_by_enough_is_taken(hand: Hand, office: Office) -> None:
    draft = approved(office)
    office.ledger.keep_release(made_of(office.ledger, draft), AT)
    hand.insert("trial_event", CANARY | {"release": draft.content})


def test_a_scheduled_draft_is_as_good_as_an_approved_one(hand: Hand, office: Office) -> None:
    draft = office.schedule(approved(office), "cleo", AT, AT + timedelta(hours=1))
    hand.insert("trial_event", CANARY | {"release": draft.content})


@pytest.mark.parametrize("stage", ["checked", "submitted", "once approved", "sent back", "edited", "withdrawn"])
def test_a_canary_of_what_is_not_approved_now_is_refused(hand: Hand, office: Office, stage: str) -> None:
    draft = office.check(office.edit(office.open(NAME, "ann", AT), "ann", AT, "A/a.yaml", "1"), "ann", AT, 2)
    content = draft.content
    office.ledger.keep_release(made_of(office.ledger, draft), AT)
    if stage != "checked":
        draft = office.submit(draft, "ann", AT)
    if stage not in ("checked", "submitted"):
        draft = office.approve(draft, "cleo", AT)
    if stage in ("edited", "withdrawn"):
        draft = office.approve(draft, "dan", AT)
    if stage == "sent back":
        from engine.drafting import sent_back

        office.ledger.drafts.store(sent_back(draft, "dan", AT, "r"), AT)
    elif stage == "edited":
        office.edit(draft, "ann", AT, "A/a.yaml", "2")
    elif stage == "withdrawn":
        office.withdraw(draft, "ann", AT)
    with pytest.raises(Exception, match="nobody else approved this"):
        hand.insert("trial_event", CANARY | {"release": content})


def test_broken_glass_is_no_approval(hand: Hand, office: Office) -> None:
    draft = office.check(office.edit(office.open(NAME, "ann", AT), "ann", AT, "A/a.yaml", "1"), "ann", AT, 2)
    broken = office.break_glass(draft, "ann", AT)
    with pytest.raises(Exception, match="nobody else approved this"):
        hand.insert("trial_event", CANARY | {"release": broken.content})


@pytest.mark.parametrize("actor", ["ann", "ben"])
def test_nobody_who_wrote_any_of_it_starts_its_canary(hand: Hand, office: Office, actor: str) -> None:
    draft = approved(office)
    office.ledger.keep_release(made_of(office.ledger, draft), AT)
    with pytest.raises(Exception, match="nobody else approved this"):
        hand.insert("trial_event", CANARY | {"release": draft.content, "actor": actor})


def test_a_canary_of_other_contents_is_refused(hand: Hand, office: Office) -> None:
    draft, other = approved(office), approved(office, "drf_2")
    office.ledger.keep_release(made_of(office.ledger, other), AT)
    with pytest.raises(Exception, match="nobody else approved this"):
        hand.insert("trial_event", CANARY | {"release": other.content, "draft": draft.id})


def test_what_is_not_kept_is_not_tried(hand: Hand, office: Office) -> None:
    draft = approved(office)
    for row in (CANARY, SHADOW):
        with pytest.raises(Exception, match="there is no such release"):
            hand.insert("trial_event", row | {"release": draft.content})


def test_a_second_canary_is_refused_until_the_first_is_over(hand: Hand, office: Office) -> None:
    draft = approved(office)
    first = canary(office.ledger, draft)
    with pytest.raises(Exception, match="another canary is running"):
        hand.insert("trial_event", CANARY | {"release": draft.content})
    office.ledger.trials.end(ended(first, "dan", AT, "r"))
    hand.insert("trial_event", CANARY | {"release": draft.content})


def test_several_shadows_run_at_once(hand: Hand, office: Office) -> None:
    draft = approved(office)
    shadow(office.ledger, draft)
    hand.insert("trial_event", SHADOW | {"release": draft.content})
    hand.insert("trial_event", SHADOW | {"release": draft.content, "draft": None, "trial_id": "trl_8", "seq": 9_001})


def test_a_shadow_of_a_draft_is_of_what_was_checked(hand: Hand, office: Office) -> None:
    draft = office.check(office.edit(office.open(NAME, "ann", AT), "ann", AT, "A/a.yaml", "1"), "ann", AT, 2)
    office.ledger.keep_release(made_of(office.ledger, draft), AT)
    hand.insert("trial_event", SHADOW | {"release": draft.content})
    office.edit(draft, "ann", AT, "A/a.yaml", "2")
    with pytest.raises(Exception, match="this is not what was checked"):
        hand.insert("trial_event", SHADOW | {"release": draft.content, "trial_id": "trl_8", "seq": 9_001})


@pytest.mark.parametrize(
    "change",
    [
        {"share": 5_001}, {"share": 0}, {"trial_kind": "shadow"}, {"draft": None}, {"release": SHIPPED.digest},
        {"number": 2}, {"number": 3}, {"kind": "ended"}, {"trial_kind": "other"}, {"cause": "guardrail"}, {"actor": "system"},
    ],
    ids=str,
)  # fmt: skip
def test_a_beginning_that_cannot_be_is_refused(hand: Hand, office: Office, change: dict[str, Any]) -> None:
    draft = approved(office)
    office.ledger.keep_release(made_of(office.ledger, draft), AT)
    with pytest.raises(Exception, match=r"trial_event|check constraint|CHECK"):
        hand.insert("trial_event", CANARY | {"release": draft.content} | change)


@pytest.mark.parametrize(
    "change",
    [
        {"release": SHIPPED.digest, "base": "sha256:other"}, {"share": 2_000}, {"draft": "drf_2"}, {"base": "sha256:other"},
        {"trial_id": "trl_7"}, {"at": MICROS - 1}, {"kind": "withdrawn"}, {"kind": "superseded"}, {"cause": "crash"},
        {"kind": "withdrawn", "cause": "crash"}, {"number": 3},
    ],
    ids=str,
)  # fmt: skip
def test_an_end_that_does_not_follow_is_refused(hand: Hand, office: Office, change: dict[str, Any]) -> None:
    draft = approved(office)
    trial = canary(office.ledger, draft)
    end = CANARY | {"release": draft.content, "trial_id": trial.id, "number": 2, "kind": "ended"}
    with pytest.raises(Exception, match=r"trial_event|check constraint|CHECK"):
        hand.insert("trial_event", end | change)
    hand.insert("trial_event", end)
    with pytest.raises(Exception, match=r"(?i)unique"):
        hand.insert("trial_event", end | {"seq": 9_001})


def test_a_piece_begins_where_the_one_before_ended(hand: Hand, office: Office) -> None:
    draft = approved(office)
    trial, other = shadow(office.ledger, draft), canary(office.ledger, draft)
    office.ledger.trials.leave(piece(trial, 1, trial.begun, trial.begun + 5))
    at = trial.begun
    for row in (
        {"trial_id": trial.id, "number": 2, "after_seq": at, "upto_seq": at + 9},
        {"trial_id": trial.id, "number": 3, "after_seq": at + 5, "upto_seq": at + 9},
        {"trial_id": other.id, "number": 1, "after_seq": other.begun, "upto_seq": other.begun + 1},
        {"trial_id": "trl_7", "number": 1, "after_seq": 0, "upto_seq": 1},
    ):
        with pytest.raises(Exception, match="where the one before ended"):
            hand.insert("trial_piece", PIECE | row)
    again = {"trial_id": trial.id, "number": 1, "after_seq": at, "upto_seq": at + 9}
    with pytest.raises(Exception, match=r"(?i)unique"):
        hand.insert("trial_piece", PIECE | again)
    hand.insert("trial_piece", PIECE | {"trial_id": trial.id, "number": 2, "after_seq": at + 5, "upto_seq": at + 9})


def test_a_piece_of_nothing_or_beyond_the_end_is_refused(hand: Hand, office: Office) -> None:
    trial = shadow(office.ledger, approved(office))
    row = PIECE | {"trial_id": trial.id, "number": 1, "after_seq": trial.begun, "upto_seq": trial.begun + 1}
    for change in ({"upto_seq": trial.begun}, {"decisions": 0}, {"differing": 2}, {"differing": -1}):
        with pytest.raises(Exception, match=r"check constraint|CHECK"):
            hand.insert("trial_piece", row | change)
    office.ledger.trials.end(ended(trial, "ann", AT, "r"))
    with pytest.raises(Exception, match="where the one before ended"):
        hand.insert("trial_piece", row)


@pytest.mark.parametrize("table", ["trial_event", "trial_piece"])
def test_what_was_tried_is_never_changed_or_taken_out(url: str, hand: Hand, office: Office, table: str) -> None:
    trial = shadow(office.ledger, approved(office))
    office.ledger.trials.leave(piece(trial, 1, trial.begun, trial.begun + 5))
    for statement in (f"UPDATE {table} SET recorded_at = 1", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="append-only"):
            hand.run(statement)
    with by_hand(url) as unguarded:
        unguarded.execute(f"UPDATE {table} SET recorded_at = recorded_at + 1")
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == table


@pytest.mark.slow
def test_of_two_canaries_that_begin_at_once_the_second_sees_the_first(postgres_url: str) -> None:
    """On SQLite whoever writes holds the whole store."""
    with Ledger.open(postgres_url) as ledger:
        ledger.remember_release(SHIPPED, AT)
        draft = approved(Office(ledger))
        ledger.keep_release(made_of(ledger, draft), AT)
    refused: list[str] = []

    def second(hand: Hand) -> None:
        try:
            hand.insert("trial_event", CANARY | {"release": draft.content, "trial_id": "trl_8", "seq": 9_001})
        except Exception as error:
            refused.append(str(error))

    with by_hand(postgres_url, guarded=True) as one, by_hand(postgres_url, guarded=True) as other:
        one.execute("BEGIN")
        Hand(postgres_url, one).insert("trial_event", CANARY | {"release": draft.content})
        waits = Thread(target=second, args=(Hand(postgres_url, other),))
        waits.start()
        waits.join(0.3)
        assert waits.is_alive(), "it waits for the first one to be done"
        one.execute("COMMIT")
        waits.join(10)
    assert ["another canary is running" in one for one in refused] == [True]
