"""The table of transitions: nothing else happens, and nothing in it leads around a stage."""

from __future__ import annotations

from itertools import product

import pytest

from engine.onboarding.life import decided, handed_in, hit, opened, swept
from engine.onboarding.model import Case
from engine.onboarding.refusals import AnotherPerson, NotPossible
from engine.onboarding.states import (
    DECISIONS,
    FINAL,
    IN_SERVICE,
    PASSING,
    STAGES,
    TABLE,
    Stage,
    State,
    Who,
    allowed,
    possible,
)
from tests.onboarding.applying import CONDITIONS, applied, asked

RESTING = [state for state in State if state not in PASSING]


def case_in(state: State, *, was_active: bool = True, **changes: object) -> Case:
    """A case put into a state by hand."""
    case = Case(
        id="onb_1", number=5, state=state, application=applied(), submitter="key_1", submitters=["key_1"],
        was_active=was_active,
    )  # fmt: skip
    return case.model_copy(update=changes)


def test_every_state_has_a_stage_and_active_is_said_of_nobody_who_may_not_trade() -> None:
    assert set(STAGES) == set(State)
    assert {state for state, stage in STAGES.items() if stage is Stage.ACTIVE} == IN_SERVICE


def test_every_state_is_reached_and_only_the_final_ones_are_not_left() -> None:
    assert {row.after for row in TABLE} == set(State)
    assert {row.before for row in TABLE} - {None} == set(State) - FINAL


def test_the_table_says_each_thing_once() -> None:
    lines = [(row.before, row.event, row.after, row.who) for row in TABLE]
    assert len(lines) == len(set(lines))


def test_into_service_leads_one_way_only() -> None:
    """In service only from activation, into activation only from approval, into approval only from a review."""

    def before(*afters: State) -> set[State | None]:
        return {row.before for row in TABLE if row.after in afters and row.before not in afters}

    assert before(*IN_SERVICE) == {State.ACTIVATING}
    assert before(State.ACTIVATING) == {State.APPROVED}
    assert before(State.APPROVED) == {State.AUTO_PASSED, State.IN_REVIEW, State.ESCALATED}
    assert before(State.AUTO_PASSED) == {State.AUTO_REVIEW}
    assert {row.who for row in TABLE if row.after is State.APPROVED and row.before is State.ESCALATED} == {Who.OFFICER}


@pytest.mark.parametrize(("state", "decision"), list(product(RESTING, DECISIONS)))
@pytest.mark.parametrize("was_active", [True, False])
def test_every_decision_in_every_state_is_done_or_refused(state: State, decision: str, was_active: bool) -> None:
    """What is done is a line of the table; what is refused is told what is possible instead."""
    case = case_in(state, was_active=was_active)
    everything = asked(case.application, "key_2")
    if decision not in possible(state, was_active):
        with pytest.raises(NotPossible) as refused:
            decided(case, decision, "r", CONDITIONS, everything)
        assert list(refused.value.possible) == possible(state, was_active)
        return
    made = decided(case, decision, "r", CONDITIONS, everything)
    assert made[0].kind in DECISIONS[decision]
    follow(case, made)


def follow(case: Case | None, made: list) -> None:
    """Every transition is of the table and begins where the one before ended."""
    state, number = (case.state, case.number) if case else (None, 0)
    for one in made:
        number += 1
        assert (one.before, one.case.number) == (state, number)
        assert one.before is None or any(allowed(one.before, one.kind, one.case.state, who) for who in Who)
        state = one.case.state
    assert state not in PASSING, "the machine goes on until the case rests"


MILD = [name for name in DECISIONS if name not in ("suspend", "escalate", "request_information")]


@pytest.mark.parametrize(("state", "decision"), list(product(RESTING, DECISIONS)))
def test_whoever_handed_something_in_decides_nothing_but_to_stop_or_to_ask(state: State, decision: str) -> None:
    case = case_in(state, submitters=["key_1", "key_9"], submitter="key_9")
    if decision not in possible(state, was_active=True):
        return
    everything = asked(case.application, "key_1")
    if decision in MILD:
        with pytest.raises(AnotherPerson):
            decided(case, decision, "r", CONDITIONS, everything)
    else:
        assert decided(case, decision, "r", None, everything)


@pytest.mark.parametrize("state", RESTING)
def test_handing_in_follows_the_table(state: State) -> None:
    for changes in ({"address": "2 rue du Four"}, {"industry": "5732"}):
        new = applied(**changes)
        case, everything = case_in(state), asked(new, "key_1")
        if state in FINAL:
            with pytest.raises(NotPossible):
                handed_in(case, new, [], everything)
        else:
            made = handed_in(case, new, [], everything)
            assert made
            follow(case, made)


@pytest.mark.parametrize("state", RESTING)
def test_the_same_again_changes_nothing(state: State) -> None:
    case = case_in(state)
    if state not in FINAL and state is not State.DRAFT:
        assert handed_in(case, applied(), [], asked(case.application, "key_1")) == []


@pytest.mark.parametrize(("state", "was_active"), list(product(RESTING, [True, False])))
def test_a_hit_stops_or_holds(state: State, was_active: bool) -> None:
    case = case_in(state, was_active=was_active)
    everything = asked(case.application)
    if state in FINAL or (not was_active and state in (State.DRAFT, State.DOCUMENTS_MISSING)):
        with pytest.raises(NotPossible):
            hit(case, ["Anne Martin"], everything)
    elif (was_active and state is State.DRAFT) or (not was_active and state in (*IN_SERVICE, State.SUSPENDED)):
        return  # no such case is ever met
    else:
        made = hit(case, ["Anne Martin"], everything)
        follow(case, made)
        assert made[-1].case.state in (State.ESCALATED, State.SUSPENDED)
        assert made[-1].case.held
        assert made[-1].case.high_risk


@pytest.mark.parametrize("state", RESTING)
def test_a_day_without_deadlines_brings_nothing(state: State) -> None:
    assert swept(case_in(state), asked(applied())) == []


def test_a_draft_waits_until_it_is_handed_in() -> None:
    application = applied()
    everything = asked(application, "key_1")
    made = opened("onb_1", application, everything, draft=True)
    assert [one.kind for one in made] == ["created"]
    kept = handed_in(made[-1].case, applied(address="2 rue du Four"), [], everything, draft=True)
    assert [one.kind for one in kept] == ["changed"]
    sent = handed_in(kept[-1].case, applied(address="2 rue du Four"), [], everything)
    assert sent[0].kind == "submitted"
    follow(kept[-1].case, sent)


def test_who_hands_in_what_another_drafted_does_not_decide_either() -> None:
    application = applied()
    drafted = opened("onb_1", application, asked(application, "key_1", company=None), draft=True)[-1].case
    case = handed_in(drafted, application, [], asked(application, "key_3", company=None))[-1].case
    assert (case.state, case.submitters) == (State.IN_REVIEW, ["key_1", "key_3"])
    with pytest.raises(AnotherPerson):
        decided(case, "approve", "r", None, asked(application, "key_3"))
