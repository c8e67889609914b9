"""Lives of merchants: taken on, looked at by two persons, changed, expired, stopped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.onboarding.life import drawn, handed_in, hit, opened, swept, trading
from engine.onboarding.model import Activation, Application, Case, Document
from engine.onboarding.refusals import AnotherMerchant, AnotherPerson, ConditionFault, ConditionsMissing, NotPossible
from engine.onboarding.states import State, Trading
from tests.onboarding.applying import (
    CONDITIONS,
    DAY,
    PERSON,
    applied,
    asked,
    decide,
    decide_all,
    document,
    in_service,
    kinds,
    known,
    law,
    opened_case,
    packs,
)

EXPOSED = {**PERSON, "politically_exposed": "foreign"}


def risky() -> Application:
    """A foreign minister's bookshop."""
    return applied(directors=[EXPOSED], owners=[{**EXPOSED, "share": "100"}])


def change(case: Case, day: date = DAY, actor: str = "key_1", **changes: Any) -> list:
    new = Application.model_validate({**case.application.model_dump(exclude_none=True), **changes})
    return handed_in(case, new, [], asked(new, actor, day))


def test_whoever_is_in_order_is_approved_by_itself_and_never_active_by_itself() -> None:
    made = opened("onb_1", applied(), asked(applied(), "key_1"), draft=False)
    assert kinds(made) == ["created", "submitted", "documents_complete", "passed", "approved", "activation_begun"]
    assert made[-1].case.state is State.ACTIVATING
    assert [one.actor for one in made] == ["key_1", "key_1", "system", "system", "system", "system"]
    assert trading(made[-1].case, DAY) is Trading.NONE


def test_some_are_drawn_and_always_the_same_ones() -> None:
    release = packs()
    states = {}
    for number in range(300):
        case_id = f"onb_{number}"
        case = opened(case_id, applied(), asked(applied(), "key_1", release=release), draft=False)[-1].case
        states[case_id] = case.state
        assert (case.state is State.IN_REVIEW) is drawn(case_id, Decimal(10))
    assert 10 <= sum(state is State.IN_REVIEW for state in states.values()) <= 60
    assert drawn("onb_1", Decimal(100))
    assert not drawn("onb_1", Decimal(0))


def test_documents_first() -> None:
    application = applied(documents=[document("bank_statement")])
    made = opened("onb_1", application, asked(application, "key_1"), draft=False)
    case = made[-1].case
    assert (kinds(made)[-1], case.state) == ("documents_missing", State.DOCUMENTS_MISSING)
    assert {(one.name, one.about) for one in case.missing} == {
        ("proof_of_address", None), ("register_extract", None), ("ownership_chart", None), ("identity_document", "Anne Martin"),
    }  # fmt: skip
    rest = [Document.model_validate(one.model_dump()) for one in applied().documents]
    made = handed_in(case, None, rest, asked(applied(), "key_4"))
    assert made[-1].case.state is State.ACTIVATING
    assert made[-1].case.submitters == ["key_1", "key_4"]
    assert made[-1].case.missing == []


def test_a_flag_is_always_seen_by_a_person_even_when_it_is_gone() -> None:
    case = opened_case(
        applied(
            industry="gambling", documents=[*(one.model_dump() for one in applied().documents), document("licence")]
        )
    )
    assert (case.state, case.high_risk) == (State.IN_REVIEW, False)
    made = change(case, industry="5942")
    assert kinds(made)[-2:] == ["flagged", "assigned"]


def test_a_low_risk_needs_one_officer_who_did_not_hand_it_in() -> None:
    case = opened_case(company=None)
    assert case.state is State.IN_REVIEW
    with pytest.raises(AnotherPerson):
        decide(case, "approve", "key_1")
    assert decide(case, "approve", "key_2").state is State.ACTIVATING


def test_a_high_risk_needs_two_officers() -> None:
    """AMLR Art. 34(4)(e) and section 8: senior management beside the officer, and neither is the submitter."""
    case = opened_case(risky())
    assert (case.state, case.high_risk) == (State.IN_REVIEW, True)
    first = decide_all(case, "approve", "key_2")
    assert (kinds(first), first[-1].case.state) == (["first_approved"], State.IN_REVIEW)
    for same in ("key_2", "key_1"):
        with pytest.raises(AnotherPerson):
            decide(first[-1].case, "approve", same)
    second = decide_all(first[-1].case, "approve", "key_3")
    assert kinds(second) == ["approved", "activation_begun"]
    assert second[0].case.first_approver == "key_2"


def test_what_is_handed_in_after_a_first_approval_voids_it() -> None:
    first = decide(opened_case(risky()), "approve", "key_2")
    again = change(first, address="2 rue du Four")[-1].case
    assert (again.state, again.first_approver) == (State.IN_REVIEW, None)
    held = decide(decide(opened_case(company=None), "escalate"), "approve", "key_2")
    assert held.first_approver == "key_2"
    assert change(held, address="2 rue du Four")[-1].case.first_approver is None


def test_a_risk_is_not_talked_down() -> None:
    """The minister's form comes again, and now says that nobody is exposed: two persons decide all the same."""
    case = opened_case(risky())
    again = change(case, directors=[PERSON], owners=[{**PERSON, "share": "100"}])[-1].case
    assert again.review is not None
    assert again.review.risk.level == "low"
    assert (again.state, again.high_risk) == (State.IN_REVIEW, True)


def test_a_list_hit_is_held_and_never_refused_silently() -> None:
    names = dict.fromkeys(known(applied()).screening or {}, "clear")
    for said in ("possible", "confirmed"):
        case = opened_case(screening={**names, "Anne Martin": said}, company="not_found")
        assert (case.state, case.held, case.high_risk) == (State.ESCALATED, True, True)
    # A wrong check digit beside it does not make it a silent refusal.
    wrong = applied(account={**(applied().account.model_dump()), "iban": "FR15 2004 1010 0505 0001 3M02 606"})
    assert opened_case(wrong).state is State.AUTO_REJECTED
    assert opened_case(wrong, screening={**names, "Anne Martin": "possible"}).state is State.ESCALATED
    one = decide(case, "approve", "key_2")
    assert one.state is State.ESCALATED
    two = decide(one, "approve", "key_3")
    assert (two.state, two.held) == (State.ACTIVATING, False)


def test_a_hold_is_not_shaken_off_by_handing_in() -> None:
    case = decide(opened_case(company=None), "escalate")
    assert change(case, owners=[{**PERSON, "share": "100", "votes": "100"}])[-1].case.state is State.ESCALATED
    asked_for = decide(case, "request_information")
    assert change(asked_for, address="2 rue du Four")[-1].case.state is State.ESCALATED


def test_a_formal_fault_of_a_merchant_in_service_is_a_persons_matter() -> None:
    """AMLR Art. 76(5): what a machine proposes to end, a person decides."""
    case = in_service()
    made = change(case, account={"iban": "FR15 2004 1010 0505 0001 3M02 606", "holder": "Librairie Martin SARL"})
    assert kinds(made) == ["materially_changed", "flagged", "assigned"]


# -- into service -----------------------------------------------------------------------------------------------------------


def test_activation_needs_all_its_conditions() -> None:
    case = opened_case()
    with pytest.raises(ConditionsMissing) as refused:
        decide(case, "activate", conditions=Activation(contract_signed_on=DAY))
    assert refused.value.names == ("account_verified_on", "monthly_limit", "currency", "monitoring_profile")
    for changes, name in (
        ({"contract_signed_on": DAY + timedelta(1)}, "contract_signed_on"),
        ({"account_verified_on": DAY - timedelta(1)}, "account_verified_on"),
        ({"first_review_on": DAY}, "first_review_on"),
        ({"first_review_on": date(2031, 11, 27)}, "first_review_on"),
    ):
        with pytest.raises(ConditionFault) as fault:
            decide(case, "activate", conditions=CONDITIONS.model_copy(update=changes))
        assert fault.value.name == name
    with pytest.raises(AnotherPerson):
        decide(case, "activate", "key_1")


def test_the_first_review_comes_within_five_years_and_of_a_high_risk_within_one() -> None:
    """AMLR Art. 26."""
    assert in_service().next_review == date(2031, 11, 26)
    case = decide(decide(opened_case(risky()), "approve", "key_2"), "approve", "key_3")
    with pytest.raises(ConditionFault):
        decide(case, "activate", conditions=CONDITIONS.model_copy(update={"first_review_on": date(2027, 11, 27)}))
    active = decide(case, "activate", conditions=CONDITIONS.model_copy(update={"limited": True}))
    assert (active.state, active.next_review) == (State.ACTIVE_LIMITED, date(2027, 11, 26))
    assert trading(active, DAY) is Trading.LIMITED


def test_new_limits_do_not_put_off_a_review() -> None:
    case = in_service()
    later = decide(case, "activate", day=DAY + timedelta(days=365), conditions=Activation(limited=True))
    assert (later.state, later.next_review) == (State.ACTIVE_LIMITED, case.next_review)
    back = decide(later, "activate", day=DAY + timedelta(days=366), conditions=Activation(limited=False))
    assert back.state is State.ACTIVE


# -- in service ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"owners": [{**PERSON, "share": "60"}, {**PERSON, "name": "Paul Roux", "share": "40"}]},
        {"account": {"iban": "DE89 3704 0044 0532 0130 00", "holder": "Librairie Martin SARL"}},
        {"industry": "5732"},
        {"country": "DE"},
    ],
    ids=["owner", "account", "category", "country"],
)
def test_a_material_change_leads_back_to_the_automatic_review(changes: dict[str, Any]) -> None:
    made = change(in_service(), **changes)
    assert kinds(made)[0] == "materially_changed"
    assert made[0].case.state is State.AUTO_REVIEW
    assert trading(made[-1].case, DAY) is Trading.NONE, "what was approved is not what there is now"


def test_another_address_is_recorded_and_nothing_else() -> None:
    made = change(in_service(), address="2 rue du Four")
    assert (kinds(made), made[-1].case.state) == (["changed"], State.ACTIVE)


def test_a_new_account_is_verified_anew() -> None:
    later = DAY + timedelta(days=10)
    case = change(in_service(), later, account={"number": "123", "holder": "Librairie Martin SARL"})[-1].case
    case = decide(case, "approve", day=later)
    with pytest.raises(ConditionFault) as fault:
        decide(case, "activate", day=later)
    assert fault.value.code == "before_the_account_was_stated"
    fresh = CONDITIONS.model_copy(update={"account_verified_on": later})
    assert decide(case, "activate", day=later, conditions=fresh).state is State.ACTIVE


LAST = date(2026, 12, 31)


def expiring() -> Case:
    """A merchant whose director's identity card ends with the year."""
    documents = [one.model_dump() for one in applied().documents if one.type != "identity_document"]
    card = document("identity_document", "Anne Martin", expires_on=LAST)
    return in_service(applied(documents=[*documents, card]))


def sweep(case: Case, day: date) -> list:
    return swept(case, asked(case.application, day=day))


def test_a_document_is_in_date_on_its_last_day_and_not_on_the_next() -> None:
    case = expiring()
    assert case.deadline == LAST + timedelta(days=1)
    assert sweep(case, LAST) == []
    made = sweep(case, LAST + timedelta(days=1))
    assert kinds(made) == ["document_expired"]
    after = made[-1].case
    assert (after.state, after.carry_until) == (State.INFO_REQUESTED, LAST + timedelta(days=30))
    assert [(one.name, one.about, one.because) for one in after.missing] == [
        ("identity_document", "Anne Martin", "expired")
    ]
    assert sweep(after, LAST + timedelta(days=1)) == []


def test_grace_lasts_through_its_last_day() -> None:
    case = sweep(expiring(), LAST + timedelta(days=1))[-1].case
    end = LAST + timedelta(days=30)
    assert (trading(case, end), trading(case, end + timedelta(days=1))) == (Trading.LIMITED, Trading.NONE)
    assert sweep(case, end) == []
    over = sweep(case, end + timedelta(days=1))
    assert (kinds(over), over[-1].case.state) == (["grace_over"], State.SUSPENDED)


def test_a_sweep_that_comes_late_makes_up_for_it() -> None:
    assert kinds(sweep(expiring(), LAST + timedelta(days=60))) == ["document_expired", "grace_over"]


def test_a_renewed_document_leads_through_the_stages_again() -> None:
    day = LAST + timedelta(days=5)
    case = sweep(expiring(), day)[-1].case
    new = [Document.model_validate(document("identity_document", "Anne Martin"))]
    recent = [
        Document.model_validate(document(kind, issued_on=day))
        for kind in ("proof_of_address", "bank_statement", "register_extract")
    ]
    made = handed_in(case, None, [*new, *recent], asked(case.application, "key_1", day))
    assert kinds(made) == ["submitted", "documents_complete", "passed", "approved", "activation_begun"]
    assert trading(made[-1].case, day) is Trading.LIMITED


def test_a_review_is_due_on_its_day() -> None:
    case = in_service(applied(documents=[
        *(one.model_dump() for one in applied().documents if one.type != "identity_document"),
        document("identity_document", "Anne Martin", expires_on="2040-01-01"),
    ]))  # fmt: skip
    due = date(2031, 11, 26)
    assert case.deadline == due
    assert sweep(case, due - timedelta(days=1)) == []
    made = sweep(case, due)
    assert kinds(made)[0] == "review_due"
    assert made[-1].case.state is State.IN_REVIEW, "the documents are five years old by now"
    assert trading(made[-1].case, due) is Trading.LIMITED
    assert kinds(sweep(made[-1].case, due + timedelta(days=31))) == ["grace_over"]


def test_a_list_that_is_brought_up_to_date_suspends_and_the_way_back_is_the_whole_way() -> None:
    case = in_service()
    stopped = hit(case, ["Anne Martin"], asked(case.application))[-1].case
    assert (stopped.state, stopped.held, trading(stopped, DAY)) == (State.SUSPENDED, True, Trading.NONE)
    made = decide_all(stopped, "reinstate")
    assert kinds(made) == ["reinstated", "held"]
    one = decide(made[-1].case, "approve", "key_2")
    two = decide(one, "approve", "key_3")
    assert decide(two, "activate").state is State.ACTIVE


def test_a_suspended_merchant_who_changes_stays_suspended() -> None:
    case = decide(in_service(), "suspend")
    changed = change(case, industry="5732")[-1].case
    assert changed.state is State.SUSPENDED
    assert kinds(decide_all(changed, "reinstate"))[:2] == ["reinstated", "flagged"]


@pytest.mark.parametrize("end", ["reject", "terminate"])
def test_the_end_is_the_end(end: str) -> None:
    case = decide(opened_case(company=None), "reject") if end == "reject" else decide(in_service(), "terminate")
    for decision in ("approve", "activate", "reinstate", "suspend", "terminate", "reject"):
        with pytest.raises(NotPossible):
            decide(case, decision)
    with pytest.raises(NotPossible):
        change(case, address="2 rue du Four")
    assert sweep(case, date(2099, 1, 1)) == []


def test_a_case_is_of_one_merchant() -> None:
    with pytest.raises(AnotherMerchant):
        change(in_service(), merchant="m-8")


def test_a_case_is_the_same_after_a_night_on_disk() -> None:
    case = in_service()
    assert Case.model_validate_json(case.model_dump_json()) == case
    assert law(case.application).day == DAY
