"""The life of a case: who may do what, when, and what the machine may do by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.alerts import Alert, AlertKind
from engine.casework import (
    CaseFile,
    CaseNotPossible,
    CaseOfAnother,
    CaseState,
    OwnProposal,
    Verdict,
    approved,
    claimed,
    decided,
    ended,
    gathered,
    grown,
    needs_two,
    noted,
    opened,
    possible,
    released,
    reopened,
)

AT = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
PATTERN = Alert(
    AlertKind.SCENARIO, "scenario.pass_through", "WORLD", "2026.11.0", "payer", "c-7", ("dec_1",), AT, "medium", "In, out."
)  # fmt: skip
MATCH = replace(PATTERN, kind=AlertKind.SCREENING, rule="screening.UN-SC", evidence=("UN-SC:1",))


def a_case(*alerts: Alert, held_by: str | None = "ann") -> CaseFile:
    first, *others = alerts or (PATTERN,)
    case = opened("case_1", first, AT).case
    for one in others:
        case = gathered(case, one, AT).case
    return case if held_by is None else claimed(case, held_by, AT, None).case


def test_a_case_is_decided_by_whoever_has_claimed_it() -> None:
    step = decided(a_case(), "ann", AT, Verdict.EXPLAINED, "A house was sold.")
    assert (step.kind, step.case.state, step.case.verdict, step.case.decided_by) == (
        "decided", CaseState.DECIDED, Verdict.EXPLAINED, "ann",
    )  # fmt: skip
    with pytest.raises(CaseOfAnother):
        decided(a_case(), "ben", AT, Verdict.EXPLAINED, "A house was sold.")
    with pytest.raises(CaseNotPossible):
        decided(a_case(held_by=None), "ann", AT, Verdict.EXPLAINED, "A house was sold.")


@pytest.mark.parametrize(
    ("severity", "verdict", "two"),
    [
        ("medium", Verdict.FALSE_POSITIVE, False),
        ("medium", Verdict.MONITOR, False),
        ("low", Verdict.REPORT, True),
        ("high", Verdict.FALSE_POSITIVE, True),
        ("high", Verdict.EXPLAINED, True),
        ("high", Verdict.MONITOR, True),
        ("high", Verdict.CONFIRM_MATCH, True),
        ("medium", Verdict.CONFIRM_MATCH, False),
    ],
)
def test_what_is_grave_takes_two(severity: str, verdict: Verdict, two: bool) -> None:
    case = a_case(replace(MATCH, severity=severity))
    assert needs_two(case, verdict) is two
    assert decided(case, "ann", AT, verdict, "r").case.state is (CaseState.PROPOSED if two else CaseState.DECIDED)


def test_nobody_approves_a_proposal_of_their_own() -> None:
    case = decided(a_case(), "ann", AT, Verdict.REPORT, "r").case
    with pytest.raises(OwnProposal):
        approved(case, "ann", AT, "r", agrees=True)
    assert approved(case, "ben", AT, "r", agrees=True).case.decided_by == "ben"


@pytest.mark.parametrize(("who", "kind"), [("ben", "declined"), ("ann", "withdrawn")])
def test_a_proposal_that_is_not_agreed_to_goes_back_to_whoever_has_the_case(who: str, kind: str) -> None:
    step = approved(decided(a_case(), "ann", AT, Verdict.REPORT, "r").case, who, AT, "r", agrees=False)
    assert (step.kind, step.case.state, step.case.verdict, step.case.claimed_by) == (
        kind, CaseState.CLAIMED, None, "ann",
    )  # fmt: skip


def test_new_evidence_takes_a_proposal_back() -> None:
    case = gathered(decided(a_case(), "ann", AT, Verdict.REPORT, "r").case, MATCH, AT).case
    assert (case.state, case.proposal, case.claimed_by) == (CaseState.CLAIMED, None, "ann")
    with pytest.raises(CaseNotPossible):
        approved(case, "ben", AT, "r", agrees=True)


def test_a_pattern_that_goes_on_leaves_a_proposal_as_it_is_and_says_what_came() -> None:
    case = decided(a_case(), "ann", AT, Verdict.REPORT, "r").case
    step = grown(case, PATTERN.grown(replace(PATTERN, evidence=("dec_1", "dec_2"))), ("dec_2",), AT)
    assert (step.kind, step.details["further"], step.case.state) == ("alert_added", ["dec_2"], CaseState.PROPOSED)
    assert (step.case.number, step.case.proposal, step.case.verdict) == (case.number + 1, case.proposal, Verdict.REPORT)
    assert [one.id for one in step.case.alerts] == [PATTERN.id]
    assert approved(step.case, "ben", AT, "r", agrees=True).case.state is CaseState.DECIDED


def test_a_pattern_that_becomes_graver_takes_a_proposal_back() -> None:
    case = decided(a_case(), "ann", AT, Verdict.REPORT, "r").case
    graver = PATTERN.grown(replace(PATTERN, evidence=("dec_2",), severity="high"))
    step = grown(case, graver, ("dec_2",), AT)
    assert (step.case.state, step.case.proposal, step.case.severity) == (CaseState.CLAIMED, None, "high")
    assert step.case.claimed_by == "ann"


def test_a_pattern_that_grows_is_told_in_the_later_words_and_never_less_grave() -> None:
    high = replace(PATTERN, severity="high", truncated=True)
    later = replace(PATTERN, evidence=("dec_2",), severity="low", summary="Later.", occurred_at=AT - timedelta(days=1))
    found = high.grown(later)
    assert (found.severity, found.summary, found.occurred_at, found.truncated) == ("high", "Later.", AT, True)
    assert (found.id, found.evidence) == (high.id, ("dec_1", "dec_2"))
    assert found.grown(later).id == high.id


def test_a_case_of_another_is_taken_over_with_a_reason() -> None:
    with pytest.raises(CaseOfAnother):
        claimed(a_case(), "ben", AT, None)
    with pytest.raises(CaseNotPossible):
        claimed(a_case(), "ann", AT, "again")
    step = claimed(a_case(), "ben", AT, "Ann is on leave.")
    assert (step.kind, step.case.claimed_by) == ("taken_over", "ben")


def test_only_a_match_can_be_confirmed_and_only_the_machine_delists() -> None:
    for verdict in (Verdict.CONFIRM_MATCH, Verdict.DELISTED):
        with pytest.raises(CaseNotPossible):
            decided(a_case(PATTERN), "ann", AT, verdict, "r")


def test_the_last_match_that_ends_closes_the_case() -> None:
    other = replace(MATCH, evidence=("EU-FSF:2",))
    case = ended(a_case(MATCH, other), MATCH.id, AT, "gone").case
    assert case.state is CaseState.CLAIMED
    step = ended(case, other.id, AT, "gone")
    assert (step.kind, step.case.state, step.case.verdict) == ("delisted", CaseState.DECIDED, Verdict.DELISTED)


@pytest.mark.parametrize(
    "case",
    [
        lambda: a_case(MATCH, PATTERN),
        lambda: decided(a_case(MATCH), "ann", AT, Verdict.REPORT, "r").case,
    ],
    ids=["a pattern is in it", "a report is proposed"],
)
def test_a_list_does_not_close_what_is_more_than_a_match(case: Callable[[], CaseFile]) -> None:
    before = case()
    step = ended(before, MATCH.id, AT, "gone")
    assert (step.kind, step.case.state) == ("alert_ended", before.state)


def test_a_decided_case_is_reopened_and_claimed_anew() -> None:
    done = decided(a_case(), "ann", AT, Verdict.EXPLAINED, "r").case
    for step in (
        lambda: noted(done, "ann", AT, "r"),
        lambda: claimed(done, "ann", AT, None),
        lambda: approved(done, "ben", AT, "r", agrees=True),
    ):
        with pytest.raises(CaseNotPossible):
            step()
    again = reopened(done, "ben", AT, "Doubts.").case
    assert (again.state, again.claimed_by, again.verdict, again.decided_by) == (CaseState.OPEN, None, None, None)
    with pytest.raises(CaseNotPossible):
        reopened(again, "ben", AT, "r")


def test_severity_never_falls_and_time_never_runs_back() -> None:
    case = gathered(a_case(replace(PATTERN, severity="high")), MATCH, AT - timedelta(days=1)).case
    assert (case.severity, case.updated_at) == ("high", AT)


def test_what_may_be_done_is_said() -> None:
    assert possible(a_case(held_by=None)) == ["claim", "note"]
    assert possible(a_case()) == ["claim", "note", "decide", "release"]
    with pytest.raises(CaseNotPossible, match=r"claimed.+claim, note, decide"):
        reopened(a_case(), "ann", AT, "r")


def test_whoever_has_a_case_may_give_it_back_and_nobody_else_may() -> None:
    step = released(a_case(), "ann", AT, "On leave.")
    assert (step.kind, step.case.state, step.case.claimed_by) == ("released", CaseState.OPEN, None)
    assert claimed(step.case, "ben", AT, None).case.claimed_by == "ben"
    with pytest.raises(CaseOfAnother):
        released(a_case(), "ben", AT, "Not mine.")
    with pytest.raises(CaseNotPossible):
        released(a_case(held_by=None), "ann", AT, "Nobody has it.")
