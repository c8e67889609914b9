"""The life of a trial: who may begin which, and that it ends once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.drafting import Checked, Draft, DraftState, checked, opened
from engine.trials import (
    MOST,
    Beginning,
    Cause,
    Counts,
    Guardrail,
    Trial,
    TrialNotPossible,
    TrialOfAnother,
    TrialOutdated,
    TrialState,
    TrialStep,
    canary_started,
    ended,
    numbers_of,
    shadow_started,
    sides_in,
    stands_behind,
    superseded,
    withdrawn,
)

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
BASE, CONTENT = "sha256:" + "0" * 64, "sha256:" + "1" * 64
FOUND = Checked(CONTENT, ("sca",), statute=False, required=1)
DRAFT = checked(opened("drf_1", BASE, "A change", "ann", AT).draft, "ann", AT, FOUND, {}).draft
APPROVED = replace(DRAFT, state=DraftState.APPROVED, approvals=("cleo",))


def begins(actor: str = "cleo", in_force: str = BASE) -> Beginning:
    return Beginning("trl_1", actor, AT, in_force, "Let us see.")


def canary(draft: Draft = APPROVED, share: int = 1_000) -> Trial:
    return canary_started(begins(), draft, share, Guardrail()).trial


@pytest.mark.parametrize("state", [DraftState.APPROVED, DraftState.SCHEDULED])
def test_a_canary_takes_what_was_approved(state: DraftState) -> None:
    trial = canary(replace(APPROVED, state=state))
    assert (trial.release, trial.base, trial.draft, trial.share) == (CONTENT, BASE, "drf_1", 1_000)
    assert trial.running


@pytest.mark.parametrize("state", [DraftState.DRAFT, DraftState.CHECKED, DraftState.SUBMITTED, DraftState.WITHDRAWN])
def test_a_canary_of_anything_less_is_refused(state: DraftState) -> None:
    with pytest.raises(TrialNotPossible, match="takes what was approved"):
        canary(replace(APPROVED, state=state))


def test_what_went_in_force_by_broken_glass_has_no_canary() -> None:
    with pytest.raises(TrialNotPossible):
        canary(replace(APPROVED, state=DraftState.SCHEDULED, emergency=True))


def test_whoever_wrote_any_of_it_does_not_start_its_canary() -> None:
    with pytest.raises(TrialOfAnother):
        canary_started(begins("ann"), APPROVED, 1_000, Guardrail())


def test_a_canary_runs_beside_what_it_was_made_of() -> None:
    with pytest.raises(TrialOutdated):
        canary_started(begins(in_force=CONTENT), APPROVED, 1_000, Guardrail())
    upgrade = replace(APPROVED, replaces=CONTENT, content="sha256:" + "2" * 64)
    assert canary_started(begins(in_force=CONTENT), upgrade, 1_000, Guardrail()).trial.base == CONTENT


@pytest.mark.parametrize("share", [0, MOST + 1, -1])
def test_a_share_beyond_half_or_of_nobody_is_refused(share: int) -> None:
    with pytest.raises(TrialNotPossible, match=r"0\.01 to 50\.00"):
        canary(share=share)


def test_the_smallest_and_the_largest_share() -> None:
    assert [canary(share=share).share for share in (1, MOST)] == [1, MOST]


@pytest.mark.parametrize("state", [DraftState.CHECKED, DraftState.SUBMITTED, DraftState.APPROVED, DraftState.SCHEDULED])
def test_a_shadow_takes_what_was_checked_and_its_author_may_begin_it(state: DraftState) -> None:
    trial = shadow_started(begins("ann"), CONTENT, replace(DRAFT, state=state)).trial
    assert (trial.share, trial.guardrail, trial.draft) == (0, None, "drf_1")


def test_a_shadow_of_what_is_not_checked_any_more_is_refused() -> None:
    for draft in (replace(DRAFT, state=DraftState.DRAFT, content=None), replace(DRAFT, content=BASE)):
        with pytest.raises(TrialNotPossible, match="takes what was checked"):
            shadow_started(begins(), CONTENT, draft)


def test_a_shadow_of_what_is_in_force_is_refused() -> None:
    with pytest.raises(TrialNotPossible, match="differ in nothing"):
        shadow_started(begins(), BASE, None)
    assert shadow_started(begins(), CONTENT, None).trial.draft is None


ENDS: list[Callable[[Trial], TrialStep]] = [
    lambda trial: ended(trial, "ann", AT, "Enough."),
    lambda trial: withdrawn(trial, AT, Cause.CRASH, "It fell."),
    lambda trial: superseded(trial, AT, CONTENT),
]


@pytest.mark.parametrize(("end", "state"), list(zip(ENDS, list(TrialState)[1:], strict=True)))
def test_what_is_over_stays_over(end: Callable[[Trial], TrialStep], state: TrialState) -> None:
    over = end(canary()).trial
    assert (over.state, over.running) == (state, False)
    for again in ENDS:
        with pytest.raises(TrialNotPossible, match="nothing is possible any more"):
            again(over)


def test_it_does_not_end_before_it_began_where_a_clock_lags() -> None:
    assert ended(canary(), "ann", AT - timedelta(seconds=3), "Enough.").trial.ended_at == AT


def test_a_canary_of_a_draft_that_nobody_stands_behind() -> None:
    trial = canary()
    assert stands_behind(APPROVED, trial)
    assert stands_behind(replace(APPROVED, state=DraftState.SCHEDULED), trial)
    for draft in (None, replace(APPROVED, state=DraftState.DRAFT), replace(APPROVED, content=BASE)):
        assert not stands_behind(draft, trial)
    assert stands_behind(None, shadow_started(begins(), CONTENT, DRAFT).trial)


def test_what_was_counted_is_read_back_as_it_was_kept() -> None:
    sides = Counts(2, {"allow": 1, "block": 1}), Counts(1, {"allow": 1})
    assert sides_in(numbers_of(*sides)) == sides
    assert sides_in({}) is None
