"""Merchants on their way into service: handed in, looked at, decided by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.answers import given_answer, json_answer
from api.gate import Caller, Entered, Serving, needs
from api.masking import masked_case, sees_persons
from api.onboarding import Bench, case_of, summary_of
from api.onboarding_schemas import CaseBody, CasePage, Decided, Documents
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import CaseMoved, OnboardingWanted, Scope, StoredCase
from engine.ledger import IdempotencyKey as LedgerKey
from engine.onboarding.life import Asked, decided, handed_in, opened
from engine.onboarding.model import Application, Case, MerchantId, Transition
from engine.onboarding.refusals import (
    AnotherMerchant,
    AnotherPerson,
    ConditionFault,
    ConditionsMissing,
    NotPossible,
    Refused,
)
from engine.onboarding.states import Stage, State
from engine.wire import Place

reading = APIRouter(route_class=needs(Scope.READ), tags=["onboarding"])
submitting = APIRouter(route_class=needs(Scope.ONBOARD, national=True), tags=["onboarding"])
reviewing = APIRouter(route_class=needs(Scope.REVIEW), tags=["onboarding"])

CaseId = Annotated[str, Path(pattern=r"^onb_[0-9a-z]{1,40}$", examples=["onb_01kavw3e5n7x2v8g4yq0m6tz1b"])]
Cursor = Annotated[str | None, Query(pattern=r"^onb_[0-9a-z]{1,40}$", description="`next` of the page before.")]
Seen = Annotated[
    int | None,
    Query(ge=1, le=10**9, description="The `number` of the case as it was seen; 409 where it has moved since."),
]
Draft = Annotated[bool, Query(description="Keep it, and do not hand it in yet.")]
TRIES: Final = 3
"""How often an application is looked at anew where another one with its numbers comes at the same moment."""

Step = Callable[[Asked], list[Transition]]


@reading.get(
    "/v1/onboarding", response_model=CasePage, responses={**READS, **problems(422)}, summary="List onboarding cases"
)
def listed(
    service: Serving,
    state: Annotated[State | None, Query()] = None,
    stage: Annotated[Stage | None, Query()] = None,
    country: Annotated[Place | None, Query()] = None,
    merchant: Annotated[MerchantId | None, Query()] = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """In the order in which they were opened."""
    wanted = OnboardingWanted(state and state.value, stage and stage.value, country, merchant)
    page = service.ledger.onboarding.page(wanted, limit=limit, after=after)
    return _json({"data": [summary_of(one) for one in page.data], "next": page.next})


@reading.get(
    "/v1/onboarding/{case_id}", response_model=CaseBody, responses={**READS, **problems(404, 422)},
    summary="Show an onboarding case",
)  # fmt: skip
def shown(case_id: CaseId, service: Serving, caller: Caller) -> Response:
    """As it stands today, with every transition that led there. Persons are masked for who does not work on them (scopes
    `review`, `screen`, `onboard`); `masked` names the fields."""
    stored = _stored(service, case_id)
    told = _bench(service).told(case_of(stored), [], stored.created_at)
    return _json(told if sees_persons(caller) else masked_case(told))


@submitting.post(
    "/v1/onboarding", response_model=CaseBody, responses=WRITES, summary="Ask for a merchant to be taken on"
)
def submit(
    application: Application,
    service: Serving,
    admitted: Entered,
    draft: Draft = False,
    _once: IdempotencyKey = None,
) -> Response:
    """Opens a case. Its documents are looked at, then the automatic review runs, at once: the answer says where the case rests.

    What was not looked up, or not stated, never passes: it flags, and a person decides. Nobody is in service before an officer
    who did not hand anything in has activated the case.
    """
    once = once_of(admitted, f"\0{draft}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    bench, case_id = _bench(service), service.new_case()
    for attempt in range(TRIES):
        asked, seen = bench.asked(case_id, application, admitted.key.id)
        made = opened(case_id, application, asked, draft=draft)
        answer = orjson.dumps(bench.told(made[-1].case, made, None))
        try:
            found = bench.store(made, 0, seen, keyed(once, answer))
        except CaseMoved:
            if attempt + 1 == TRIES:
                raise _moved() from None
            continue
        return given_answer(given_by(found, answer))
    raise AssertionError("the last attempt returns or raises")


@submitting.put(
    "/v1/onboarding/{case_id}", response_model=CaseBody, responses={**WRITES, **problems(404)},
    summary="Change an application",
)  # fmt: skip
def change(
    case_id: CaseId,
    application: Application,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    draft: Draft = False,
) -> Response:
    """The whole application anew; its documents are added to those that are there. The same again changes nothing.

    A material change of a merchant in service (who it is, owners, directors, account, category, country) leads back to the
    automatic review, and payments wait until the case is decided. A draft is handed in unless `draft` says to keep it.
    """
    stored = _stored(service, case_id)
    case = case_of(stored)
    asked, seen = _bench(service).asked(case_id, _same_marks(case, application), admitted.key.id)
    made = _refusing(lambda: handed_in(case, application, [], asked, draft=draft))
    return _moved_on(service, stored, number, (made, seen, None))


@submitting.post(
    "/v1/onboarding/{case_id}/documents", response_model=CaseBody, responses={**WRITES, **problems(404)},
    summary="Add documents",
)  # fmt: skip
def add_documents(
    case_id: CaseId,
    documents: Documents,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """What was missing, or asked for, or renewed. The files themselves are kept elsewhere: send kinds, days and digests."""
    once = once_of(admitted, f"{case_id}\0{number}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    stored = _stored(service, case_id)
    case = case_of(stored)
    asked, seen = _bench(service).asked(case_id, case.application, admitted.key.id)
    made = _refusing(lambda: handed_in(case, None, documents.documents, asked))
    return _moved_on(service, stored, number, (made, seen, once))


@reviewing.post(
    "/v1/onboarding/{case_id}/decision", response_model=CaseBody, responses={**WRITES, **problems(404)},
    summary="Decide on a case",
)  # fmt: skip
def decide(
    case_id: CaseId,
    decision: Decided,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """By somebody who handed nothing in; a high risk is approved by two. What is not possible is refused with what is.

    `activate` needs `conditions`: contract signed, account verified, monthly limit with its currency, monitoring profile. The
    first review comes within five years, of a high risk within one, if `first_review_on` does not say sooner.
    """
    once = once_of(admitted, f"{case_id}\0{number}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    stored = _stored(service, case_id)
    if number is not None and number != stored.number:
        raise _moved()
    case = case_of(stored)
    asked, seen = _bench(service).asked(case_id, case.application, admitted.key.id)
    made = _refusing(lambda: decided(case, decision.decision, decision.reason, decision.conditions, asked))
    return _moved_on(service, stored, number, (made, seen, once))


# -- what they share ----------------------------------------------------------------------------------------------------


def _bench(service: Service) -> Bench:
    return Bench(service.ledger, service.packs, service.clock(), service.screening)


def _stored(service: Service, case_id: str) -> StoredCase:
    stored = service.ledger.onboarding.one(case_id)
    if stored is None:
        raise not_found("case")
    return stored


def _same_marks(case: Case, application: Application) -> Application:
    """Registers are asked about what will be stored."""
    return application if application.merchant == case.application.merchant else case.application


def _moved_on(
    service: Service,
    stored: StoredCase,
    number: int | None,
    step: tuple[list[Transition], dict[str, tuple[str, ...]] | Any, LedgerKey | None],
) -> Response:
    """Store a step of a case and tell where it rests."""
    made, seen, once = step
    if number is not None and number != stored.number:
        raise _moved()
    bench = _bench(service)
    case = made[-1].case if made else case_of(stored)
    answer = orjson.dumps(bench.told(case, made, stored.created_at))
    kept = keyed(once, answer)
    try:
        if made:
            return given_answer(given_by(bench.store(made, stored.number, seen, kept), answer))
        return given_answer(given_by(None if kept is None else bench.keep(stored, kept), answer))
    except CaseMoved:
        raise _moved() from None


def _moved() -> Problem:
    return Problem("case_moved", "Read it again, and decide on what is there now.")


def _refusing(step: Callable[[], list[Transition]]) -> list[Transition]:
    try:
        return step()
    except Refused as refusal:
        raise _problem(refusal) from None


def _problem(refusal: Refused) -> Problem:
    match refusal:
        case NotPossible():
            return Problem("not_possible", str(refusal))
        case AnotherPerson():
            return Problem("another_person", str(refusal))
        case AnotherMerchant():
            return refused(Fault("/merchant", "not_allowed", str(refusal)))
        case ConditionsMissing():
            return refused(*(Fault(f"/conditions/{name}", "missing", "This field is needed") for name in refusal.names))
        case ConditionFault():
            return refused(Fault(f"/conditions/{refusal.name}", refusal.code, str(refusal)))
    raise AssertionError(refusal)


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
