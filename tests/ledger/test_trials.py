"""Trials as they are kept: one canary at a time, ended once, and no decision counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.alerts import AlertKind
from engine.ledger import (
    AlertsWanted,
    EntryRefused,
    IdempotencyKey,
    KeyedAnswer,
    Ledger,
    Replayed,
    Told,
    TrialMoved,
)
from engine.trials import (
    Beginning,
    Cause,
    Counts,
    Guardrail,
    TrialNotPossible,
    TrialOutdated,
    TrialState,
    canary_started,
    ended,
    numbers_of,
    sides_in,
    superseded,
    withdrawn,
)
from tests.ledger.alerting import alert, occasion
from tests.ledger.factories import AT, entry, store, stored
from tests.ledger.lawmaking import SHIPPED, Office
from tests.ledger.trying import approved, canary, piece, shadow


@pytest.fixture
def office(ledger: Ledger) -> Office:
    ledger.remember_release(SHIPPED, AT)
    return Office(ledger)


def test_a_trial_is_read_as_it_was_begun(office: Office) -> None:
    ledger, draft = office.ledger, approved(office)
    trial = canary(ledger, draft)
    assert (trial.release, trial.base, trial.draft, trial.share, trial.guardrail) == (
        draft.content, SHIPPED.digest, draft.id, 1_000, Guardrail(),
    )  # fmt: skip
    assert (trial.started_by, trial.started_at, trial.reason, trial.state) == ("cleo", AT, "r", TrialState.RUNNING)
    assert trial.begun == ledger.trials.last()
    assert ledger.release(trial.release) is not None, "it is kept, so that its decisions replay"
    assert ledger.trials.running() == (trial,)
    assert ledger.verify().ok


def test_it_ends_once_whoever_ends_it(office: Office) -> None:
    ledger = office.ledger
    trial = canary(ledger, approved(office))
    numbers = numbers_of(Counts(3, {"block": 3}), Counts(9, {"allow": 9}))
    ledger.trials.end(withdrawn(trial, AT + timedelta(hours=1), Cause.GUARDRAIL, "Too many.", numbers))
    for step in (ended(trial, "ann", AT, "Enough."), superseded(trial, AT, "sha256:other")):
        with pytest.raises(TrialMoved):
            ledger.trials.end(step)
    over = ledger.trials.one(trial.id)
    assert over is not None
    assert (over.state, over.cause, over.end_reason) == (TrialState.WITHDRAWN, Cause.GUARDRAIL, "Too many.")
    assert sides_in(over.numbers) == (Counts(3, {"block": 3}), Counts(9, {"allow": 9}))
    assert over.over == ledger.trials.last()
    assert ledger.trials.withdrawn() == {"guardrail": 1}
    assert ledger.trials.running() == ()
    assert ledger.verify().ok


def test_what_is_told_of_an_end_is_told_with_it_or_not_at_all(office: Office) -> None:
    ledger = office.ledger
    trial = canary(ledger, approved(office))
    told = Told(alert("incident.canary", trial.id, kind=AlertKind.INCIDENT, subject_kind="service"))
    ledger.trials.end(withdrawn(trial, AT, Cause.CRASH, "It fell."), told=told, occasion=occasion())
    with pytest.raises(TrialMoved):
        ledger.trials.end(withdrawn(trial, AT, Cause.CRASH, "Again."), told=Told(alert()), occasion=occasion())
    assert [one.alert.rule for one in ledger.alerts.page(AlertsWanted(), limit=9, after=None).data] == [
        "incident.canary"
    ]


def test_a_second_canary_waits_until_the_first_is_over(office: Office) -> None:
    ledger, draft = office.ledger, approved(office)
    first = canary(ledger, draft)
    with pytest.raises(TrialNotPossible, match="Another canary is running: trl_1"):
        canary(ledger, draft, "trl_3")
    shadow(ledger, draft)
    ledger.trials.end(ended(first, "dan", AT, "Enough."))
    assert canary(ledger, draft, "trl_3").running


def test_a_trial_beside_what_is_not_in_force_is_refused(office: Office) -> None:
    draft = approved(office)
    office.schedule(draft, "cleo", AT, AT + timedelta(hours=1))
    with pytest.raises(TrialOutdated):
        canary(office.ledger, draft, at=AT + timedelta(hours=1))
    assert office.ledger.trials.running() == ()


def test_the_same_key_begins_one_trial(office: Office) -> None:
    step = canary_started(Beginning("trl_1", "cleo", AT, SHIPPED.digest, "r"), approved(office), 1, Guardrail())
    office.ledger.keep_release(office.ledger.release(SHIPPED.digest) or SHIPPED, AT)
    once = KeyedAnswer(IdempotencyKey("cleo", "k", bytes(32)), b'{"id":"trl_1"}')
    canary(office.ledger, approved(office, "drf_9"), "trl_9")
    office.ledger.trials.end(ended(office.ledger.trials.running()[0], "cleo", AT, "r"))
    with pytest.raises(EntryRefused, match="there is no such release"):
        office.ledger.trials.start(step, None, once)
    key = KeyedAnswer(IdempotencyKey("cleo", "end", bytes(32)), b"{}")
    trial = canary(office.ledger, approved(office, "drf_8"), "trl_8")
    assert office.ledger.trials.end(ended(trial, "dan", AT, "r"), key) is None
    assert isinstance(office.ledger.trials.end(ended(trial, "dan", AT, "r"), key), Replayed)


def test_trials_are_listed_by_where_they_stand(office: Office) -> None:
    ledger, draft = office.ledger, approved(office)
    first, second = canary(ledger, draft), shadow(ledger, draft)
    ledger.trials.end(ended(first, "dan", AT, "r"))
    listed = {
        state: [one.id for one in ledger.trials.page(state=state, limit=9, after=None).data]
        for state in (None, TrialState.RUNNING, TrialState.ENDED, TrialState.WITHDRAWN)
    }
    assert list(listed.values()) == [[first.id, second.id], [second.id], [first.id], []]
    page = ledger.trials.page(state=None, limit=1, after=None)
    assert (page.data[0].id, page.next) == (first.id, first.id)
    assert [one.id for one in ledger.trials.page(state=None, limit=1, after=page.next).data] == [second.id]


# -- pieces -------------------------------------------------------------------------------------------------------------


def test_a_shadow_counts_what_was_decided_since_it_began(office: Office) -> None:
    ledger = office.ledger
    stored(ledger)
    trial = shadow(ledger, approved(office))
    assert (ledger.trials.cursor(trial), ledger.trials.to_count()) == ((0, trial.begun), ())
    store(ledger, entry(), entry())
    assert ledger.trials.waiting(trial, trial.begun).decisions == 2
    assert ledger.trials.waiting(trial, trial.begun, limit=1).decisions == 1
    assert ledger.trials.to_count() == (trial,)
    upto = (ledger.newest_decision() or (0, b""))[0]
    ledger.trials.leave(piece(trial, 1, trial.begun, upto, ["dec_1", "allow", "block", ["sca"]]))
    assert ledger.trials.cursor(trial) == (1, upto)
    assert (ledger.trials.to_count(), ledger.trials.counted(trial.id)) == ((), (1, 1))
    assert ledger.verify().ok


def test_of_two_workers_one_counts(office: Office) -> None:
    ledger = office.ledger
    trial = shadow(ledger, approved(office))
    ledger.trials.leave(piece(trial, 1, trial.begun, trial.begun + 3))
    for late in (
        piece(trial, 1, trial.begun, trial.begun + 2),
        piece(trial, 2, trial.begun, trial.begun + 5),
        piece(trial, 3, trial.begun + 3, trial.begun + 5),
    ):
        with pytest.raises(TrialMoved):
            ledger.trials.leave(late)
    ledger.trials.leave(piece(trial, 2, trial.begun + 3, trial.begun + 5))
    assert [one.number for one in ledger.trials.pieces(trial.id)] == [1, 2]
    assert [one.number for one in ledger.trials.pieces(trial.id, 1)] == [2]


def test_what_was_decided_after_its_end_is_not_of_a_shadow(office: Office) -> None:
    ledger = office.ledger
    trial = shadow(ledger, approved(office))
    inside = stored(ledger)
    ledger.trials.end(ended(trial, "ann", AT, "Enough."))
    stored(ledger)
    over = ledger.trials.one(trial.id)
    assert over is not None
    assert over.over is not None
    assert ledger.trials.to_count() == (over,), "what was made before its end is counted still"
    assert ledger.trials.waiting(over, over.begun).decisions == 1
    with pytest.raises(TrialMoved):
        ledger.trials.leave(piece(over, 1, over.begun, over.over))
    made = ledger.decision(inside.id)
    assert made is not None
    ledger.trials.leave(piece(over, 1, over.begun, made.seq))
    assert ledger.trials.to_count() == ()


def test_differences_are_read_page_by_page_across_pieces(office: Office) -> None:
    ledger = office.ledger
    trial = shadow(ledger, approved(office))
    at = trial.begun
    for number, named in enumerate((["a", "b"], [], ["c"], ["d", "e", "f"]), 1):
        ledger.trials.leave(piece(trial, number, at + number - 1, at + number, *([one] for one in named)))
    found, place = [], (0, 0)
    while page := ledger.trials.differences(trial.id, place, 2):
        found += [one[0] for _, _, one in page]
        place = page[-1][0], page[-1][1] + 1
    assert found == ["a", "b", "c", "d", "e", "f"]


def test_outcomes_are_counted_from_a_row_on(office: Office) -> None:
    ledger = office.ledger
    store(ledger, *(replace(entry(), outcome=outcome) for outcome in ("allow", "block", "block")))
    counts, last = ledger.outcomes(after=0, below=None, limit=2)
    more, end = ledger.outcomes(after=last, below=None, limit=9)
    assert sum(counts.values()) == 2
    assert sum(more.values()) == 1
    assert sorted(outcome for _, outcome in (*counts, *more)) == ["allow", "block", "block"]
    assert ledger.outcomes(after=end, below=None, limit=9) == ({}, end)
    assert ledger.outcomes(after=0, below=last, limit=9)[1] < last
