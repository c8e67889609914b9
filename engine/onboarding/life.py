"""The life of a case, step by step: what is asked of it in, the transitions that follow out. Nothing is stored or looked up.

Every step is a line of `states.TABLE`; what is in none of them is refused with what is possible. After each step the machine goes
on by itself until the case rests: with the applicant, with an officer, in service, or at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from engine.onboarding.documents import expired, lasting, missing_of
from engine.onboarding.law import OnboardingLaw
from engine.onboarding.model import Activation, Application, Case, Document, Missing, Registers, Transition, last_day
from engine.onboarding.refusals import AnotherMerchant, AnotherPerson, ConditionFault, ConditionsMissing, NotPossible
from engine.onboarding.review import review
from engine.onboarding.states import (
    CAUTIOUS,
    DECISIONS,
    FINAL,
    IN_SERVICE,
    MACHINE,
    PASSING,
    State,
    Trading,
    Who,
    allowed,
    possible,
)

MATERIAL: Final = (
    "legal_form", "name", "country", "region", "acquirer_country", "registration_number", "tax_ids", "industry", "website",
    "directors", "owners", "account",
)  # fmt: skip
"""What leads a merchant in service back to the automatic review: who it is, who owns and directs it, what it does, where it is
paid. The rest (address, expectations, further documents) is recorded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Under what law, with which registers looked into, by whom."""

    law: OnboardingLaw
    registers: Registers
    actor: str = MACHINE

    @property
    def day(self) -> date:
        """The merchant's local day."""
        return self.law.day


def opened(case_id: str, application: Application, asked: Asked, *, draft: bool) -> list[Transition]:
    """A new case: kept as a draft, or handed in at once."""
    actor = asked.actor
    case = Case(
        id=case_id, number=1, state=State.DRAFT, application=application, submitter=actor, submitters=[actor],
        account_since=asked.day, missing=missing_of(application, asked.law),
    )  # fmt: skip
    life = _Life(case, asked, [Transition("created", actor, "application", None, case, _stated(application))])
    if not draft:
        life.move("submitted", State.SUBMITTED, Who.SUBMITTER, "application")
    return life.settled()


def handed_in(
    case: Case, application: Application | None, documents: Sequence[Document], asked: Asked, *, draft: bool = False
) -> list[Transition]:
    """A changed application, further documents, or both. Documents are added, never taken away. The same again changes nothing.

    Raises NotPossible where the case is at its end, AnotherMerchant.
    """
    new = _with_documents(application or case.application, [*case.application.documents, *documents])
    if new.merchant != case.application.merchant:
        raise AnotherMerchant(case.application.merchant)
    life = _Life(case, asked, [])
    changed = [name for name in Application.model_fields if getattr(new, name) != getattr(case.application, name)]
    if case.state in FINAL or case.state in PASSING:
        raise NotPossible(case.state, "change", possible(case.state, case.was_active))
    if changed:
        life.hand_in(new, changed)
    if case.state is State.DRAFT and application is not None and not draft:
        life.move("submitted", State.SUBMITTED, Who.SUBMITTER, "application", **life.by_another())
    return life.settled()


def decided(case: Case, decision: str, reason: str, conditions: Activation | None, asked: Asked) -> list[Transition]:
    """What an officer decides.

    Raises NotPossible, AnotherPerson (one who handed something in, or who approved first), ConditionsMissing, ConditionFault.
    """
    events = DECISIONS[decision]
    if decision not in possible(case.state, case.was_active):
        raise NotPossible(case.state, decision, possible(case.state, case.was_active))
    if not CAUTIOUS.issuperset(events) and asked.actor in case.submitters:
        raise AnotherPerson("submitter")
    life = _Life(case, asked, [])
    if decision == "approve":
        life.approve(reason)
    elif decision == "activate":
        life.activate(reason, conditions or Activation())
    else:
        _DECIDED[decision](life, reason)
    return life.settled()


def swept(case: Case, asked: Asked) -> list[Transition]:
    """What the day brings by itself: documents that ended, reviews that are due, grace that is over. Twice on a day: nothing."""
    life = _Life(case, asked, [])
    while life.day_brings():
        life.settled()
    return life.made


def hit(case: Case, names: Sequence[str], asked: Asked) -> list[Transition]:
    """A list was brought up to date and may name somebody of this case: whoever is in service is suspended, whoever is to be
    taken on is held. Raises NotPossible where the case is at its end, or not handed in (the review will look)."""
    life = _Life(case, asked, [])
    if case.state in FINAL or case.state in PASSING or (not case.was_active and case.state not in _LOOKED_AT):
        raise NotPossible(case.state, "list_hit", possible(case.state, case.was_active))
    if case.state in (State.ESCALATED, State.SUSPENDED):
        after = case.state
    else:
        after = State.SUSPENDED if case.was_active else State.ESCALATED
    life.move(
        "list_hit", after, Who.MACHINE, "list_hit", {"names": list(names)},
        held=True, high_risk=True, person=True, first_approver=None, carry_until=None,
    )  # fmt: skip
    return life.settled()


_LOOKED_AT: Final = frozenset({State.IN_REVIEW, State.INFO_REQUESTED, State.ESCALATED, State.ACTIVATING})


def trading(case: Case, day: date) -> Trading:
    """Whether payments may be taken for the merchant on its local day.

    Out of `active` and `active_limited` only a merchant who is as it was approved goes on, within limits and until a day: while a
    document is renewed or a review that fell due is done. Who has changed, or may be on a list, waits.
    """
    if case.state is State.ACTIVE:
        return Trading.FULL
    if case.state is State.ACTIVE_LIMITED:
        return Trading.LIMITED
    carried = case.was_active and case.carry_until is not None and day <= case.carry_until
    stopped = case.held or case.state in _STOPPED
    return Trading.LIMITED if carried and not stopped else Trading.NONE


def drawn(case_id: str, percent: Decimal) -> bool:
    """Whether a case is among the sample that a person looks at. The same case is drawn or not, however often it is asked."""
    return int.from_bytes(sha256(case_id.encode()).digest()[:8], "big") % 10_000 < percent * 100


class _Life:
    """A case on its way through the table."""

    def __init__(self, case: Case, asked: Asked, made: list[Transition]) -> None:
        self.case, self.asked, self.made = case, asked, made

    def move(
        self, event: str, after: State, who: Who, reason: str, details: Mapping[str, Any] | None = None, **changes: Any
    ) -> None:
        """One step."""
        before = self.case.state
        if not allowed(before, event, after, who):
            raise NotPossible(before, event, possible(before, self.case.was_active))
        number = self.case.number + 1
        case = self.case.model_copy(update={**changes, "number": number, "state": after})
        case = case.model_copy(update={"deadline": _deadline(case, self.asked.law)})
        actor = MACHINE if who is Who.MACHINE else self.asked.actor
        self.made.append(Transition(event, actor, reason, before, case, details or {}))
        self.case = case

    def settled(self) -> list[Transition]:
        """Let the machine go on until the case rests."""
        while self.case.state in PASSING:
            _MACHINE[self.case.state](self)
        return self.made

    # -- by itself ------------------------------------------------------------------------------------------------------

    def completeness(self) -> None:
        """Stage 1."""
        missing = missing_of(self.case.application, self.asked.law)
        if missing:
            self.move("documents_missing", State.DOCUMENTS_MISSING, Who.MACHINE, "incomplete", missing=missing)
        else:
            self.move("documents_complete", State.AUTO_REVIEW, Who.MACHINE, "complete", missing=[])

    def look(self) -> None:
        """Stage 2."""
        case = self.case
        found = review(case.application, self.asked.registers, self.asked.law)
        results = {one.result for one in found.checks}
        told = {"review": found.model_dump(mode="json")}
        # Within one review a risk is not talked down: what was stated once is not unsaid by another application.
        high = found.risk.level == "high" or (case.high_risk and case.person)
        if found.hit or case.held:
            self.move("held", State.ESCALATED, Who.MACHINE, "list_hit" if found.hit else "held_before", told, review=found,
                      held=True, high_risk=True, person=True, carry_until=None, first_approver=None)  # fmt: skip
        elif "fail" in results and not case.was_active:
            self.move("failed", State.AUTO_REJECTED, Who.MACHINE, "formal_fault_or_ban", told, review=found)
        elif results != {"pass"} or high or case.person:
            self.move("flagged", State.AUTO_FLAGGED, Who.MACHINE, "flagged", told, review=found, high_risk=high,
                      person=True)  # fmt: skip
        else:
            self.move("passed", State.AUTO_PASSED, Who.MACHINE, "passed", told, review=found, high_risk=False)

    def draw(self) -> None:
        """After a review in which nothing was found."""
        if drawn(self.case.id, self.asked.law.share("onboarding_sampling_percent")):
            self.move("sampled", State.IN_REVIEW, Who.MACHINE, "sampled", person=True)
        else:
            self.move("approved", State.APPROVED, Who.MACHINE, "not_sampled")

    def day_brings(self) -> bool:
        """One step that is due today, if any is."""
        case, law, day = self.case, self.asked.law, self.asked.day
        grace = timedelta(days=law.number("onboarding_grace_days", 0))
        if case.state in IN_SERVICE:
            over = expired(case.application, law)
            if over:
                first = min(until for _, _, until in lasting(case.application, law) if until < day)
                self.move("document_expired", State.INFO_REQUESTED, Who.MACHINE, "document_expired", _told(over),
                          missing=over, carry_until=first + grace)  # fmt: skip
                return True
            if case.next_review is not None and case.next_review <= day:
                self.move("review_due", State.AUTO_REVIEW, Who.MACHINE, "review_due",
                          carry_until=case.next_review + grace)  # fmt: skip
                return True
        elif case.was_active and case.carry_until is not None and case.carry_until < day and case.state not in _STOPPED:
            self.move("grace_over", State.SUSPENDED, Who.MACHINE, "grace_over", carry_until=None)
            return True
        return False

    def by_another(self) -> dict[str, Any]:
        """Whoever hands in, even what somebody else drafted, decides nothing of it."""
        actor = self.asked.actor
        return {"submitter": actor, "submitters": list(dict.fromkeys([*self.case.submitters, actor]))}

    # -- handed in ------------------------------------------------------------------------------------------------------

    def hand_in(self, new: Application, changed: list[str]) -> None:
        """What a changed application leads to in this state."""
        case, day = self.case, self.asked.day
        update: dict[str, Any] = {"application": new, "first_approver": None, **self.by_another()}
        if "account" in changed:
            update["account_since"] = day
        material = any(name in MATERIAL for name in changed)
        if material:
            update["carry_until"] = None
        told = {"changed": changed, **_stated(new)}
        if case.state in (State.DOCUMENTS_MISSING, State.INFO_REQUESTED, State.IN_REVIEW):
            self.move("submitted", State.SUBMITTED, Who.SUBMITTER, "handed_in", told, **update)
        elif material and case.state in (State.ACTIVATING, *IN_SERVICE):
            self.move("materially_changed", State.AUTO_REVIEW, Who.SUBMITTER, "material_change", told, **update)
        else:
            kind = "documents_added" if changed == ["documents"] else "changed"
            if case.state is State.ESCALATED:
                update["review"] = review(new, self.asked.registers, self.asked.law)
                told["review"] = update["review"].model_dump(mode="json")
            if case.state is State.DRAFT:
                update["missing"] = missing_of(new, self.asked.law)
            self.move(kind, case.state, Who.SUBMITTER, "handed_in", told, **update)

    # -- decided --------------------------------------------------------------------------------------------------------

    def approve(self, reason: str) -> None:
        """One person, or the first and the second of two."""
        case, actor = self.case, self.asked.actor
        needs_two = case.high_risk or case.held or case.state is State.ESCALATED
        if needs_two and case.first_approver is None:
            self.move("first_approved", case.state, Who.OFFICER, reason, first_approver=actor)
        elif needs_two and case.first_approver == actor:
            raise AnotherPerson("first_approver")
        else:
            self.move("approved", State.APPROVED, Who.OFFICER, reason, person=False, held=False)

    def begin(self) -> None:
        """Stage 4."""
        self.move("activation_begun", State.ACTIVATING, Who.MACHINE, "approved", first_approver=None)

    def activate(self, reason: str, given: Activation) -> None:
        """Into service, or from full service to limited and back."""
        case, law = self.case, self.asked.law
        serving = case.state in IN_SERVICE
        known = case.activation if serving and case.activation is not None else Activation()
        stated = given.model_dump(exclude_unset=True, exclude_none=True)
        conditions = Activation.model_validate({**known.model_dump(exclude_none=True), **stated})
        years = "onboarding_review_years_high" if case.high_risk else "onboarding_review_years"
        latest = last_day(law.number(years, 1), self.asked.day)
        if serving and case.next_review is not None:
            latest = min(latest, case.next_review)  # a review is not put off by changing limits
        review_on = given.first_review_on or latest
        _require(conditions, review_on, latest, case, self.asked.day)
        conditions = conditions.model_copy(update={"first_review_on": review_on})
        after = State.ACTIVE_LIMITED if conditions.limited else State.ACTIVE
        self.move("activated", after, Who.OFFICER, reason, {"conditions": conditions.model_dump(mode="json")},
                  activation=conditions, next_review=review_on, was_active=True, limited=conditions.limited,
                  carry_until=None, missing=[])  # fmt: skip


_STOPPED: Final = frozenset({*FINAL, State.ESCALATED, State.SUSPENDED})
_MACHINE: Final = {
    State.SUBMITTED: _Life.completeness,
    State.AUTO_REVIEW: _Life.look,
    State.AUTO_FLAGGED: lambda life: life.move("assigned", State.IN_REVIEW, Who.MACHINE, "flagged"),
    State.AUTO_PASSED: _Life.draw,
    State.APPROVED: _Life.begin,
}
_DECIDED: Final = {
    "reject": lambda life, reason: life.move("rejected", State.REJECTED, Who.OFFICER, reason, carry_until=None),
    "request_information": lambda life, reason: life.move(
        "information_requested", State.INFO_REQUESTED, Who.OFFICER, reason, first_approver=None
    ),
    "escalate": lambda life, reason: life.move(
        "escalated", State.ESCALATED, Who.OFFICER, reason,
        held=True, high_risk=True, person=True, first_approver=None, carry_until=None,
    ),
    "suspend": lambda life, reason: life.move(
        "suspended", State.SUSPENDED, Who.OFFICER, reason, carry_until=None, first_approver=None, person=True
    ),
    "reinstate": lambda life, reason: life.move("reinstated", State.AUTO_REVIEW, Who.OFFICER, reason, person=True),
    "terminate": lambda life, reason: life.move("terminated", State.TERMINATED, Who.OFFICER, reason, carry_until=None),
}  # fmt: skip


def _require(conditions: Activation, review_on: date, latest: date, case: Case, day: date) -> None:
    """Raise unless everything stands that must stand before the first payment."""
    needed = ("contract_signed_on", "account_verified_on", "monthly_limit", "currency", "monitoring_profile")
    missing = [name for name in needed if getattr(conditions, name) is None]
    if missing:
        raise ConditionsMissing(missing)
    for name in ("contract_signed_on", "account_verified_on"):
        if getattr(conditions, name) > day:
            raise ConditionFault(name, "in_the_future")
    verified, since = conditions.account_verified_on, case.account_since
    if verified is not None and since is not None and verified < since:
        raise ConditionFault("account_verified_on", "before_the_account_was_stated")
    if not day < review_on <= latest:
        raise ConditionFault("first_review_on", "not_between_tomorrow_and_the_last_day")


def _deadline(case: Case, law: OnboardingLaw) -> date | None:
    """The first day on which `swept` would do something."""
    if case.state in IN_SERVICE:
        days = [until + timedelta(days=1) for _, _, until in lasting(case.application, law)]
        return min([*days, *filter(None, [case.next_review])], default=None)
    if case.was_active and case.carry_until is not None and case.state not in _STOPPED:
        return case.carry_until + timedelta(days=1)
    return None


def _with_documents(application: Application, documents: Sequence[Document]) -> Application:
    """Every document once; what is said anew of the same file takes the place of what was said."""
    found: dict[tuple[Any, ...], Document] = {}
    for one in [*documents, *application.documents]:
        key = (one.type, one.about, one.sha256) if one.sha256 else tuple(one.model_dump().values())
        found[key] = one
    return application.model_copy(update={"documents": list(found.values())})


def _stated(application: Application) -> dict[str, Any]:
    return {"application": application.model_dump(mode="json", exclude_none=True)}


def _told(missing: Sequence[Missing]) -> dict[str, Any]:
    return {"missing": [one.model_dump(mode="json") for one in missing]}
