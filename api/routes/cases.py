"""Alerts, and the cases they open: claimed, remarked on, decided; what is grave, by two."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator

from api.answers import given_answer, json_answer
from api.case_payments import payment_body, payments_of
from api.case_schemas import (
    AlertBody,
    AlertCaseBody,
    AlertCasePage,
    AlertPage,
    Approval,
    CasePaymentPage,
    CaseTotalsBody,
    Claim,
    Decided,
    GiveBack,
    Note,
    Reopen,
    Severity,
)
from api.cases import KINDS, CaseDesk, StepOf, alert_body, summary_of
from api.gate import Caller, Entered, Serving, needs
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found
from api.routes.decisions import Limit, no_nul
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.alerts import AlertKind
from engine.casework import CaseRefused, CaseState, Verdict, approved, claimed, noted, released, reopened
from engine.ledger import AlertsWanted, CaseMoved, CasesWanted, EntryRefused, Scope, UnknownCase
from engine.wire import Instant

router = APIRouter(route_class=needs(Scope.REVIEW), tags=["cases"])

CaseId = Annotated[str, Path(pattern=r"^case_[0-9a-z]{1,40}$", examples=["case_01kavw3e5n7x2v8g4yq0m6tz1b"])]
AlertId = Annotated[str, Path(pattern=r"^al_[0-9a-f]{32}$", examples=["al_0123456789abcdef0123456789abcdef"])]
AfterCase = Annotated[str | None, Query(pattern=r"^case_[0-9a-z]{1,40}$", description="`next` of the page before.")]
AfterAlert = Annotated[str | None, Query(pattern=r"^al_[0-9a-f]{32}$", description="`next` of the page before.")]
Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
Named = Annotated[str | None, AfterValidator(no_nul), Query(min_length=1, max_length=300)]
States = Annotated[list[CaseState] | None, Query(max_length=4, description="One or several.")]
Seen = Annotated[
    int | None,
    Query(ge=1, le=10**9, description="The `number` of the case as it was seen; 409 where it has moved since."),
]
_MOVES: Any = {**WRITES, **problems(404)}


@router.get("/v1/alerts", response_model=AlertPage, responses={**READS, **problems(422)}, summary="List alerts")
def alerts(
    service: Serving,
    kind: AlertKind | None = None,
    rule: Word = None,
    subject_kind: Word = None,
    subject: Named = None,
    limit: Limit = 50,
    after: AfterAlert = None,
) -> Response:
    """In the order of their ids, which say nothing of time: cases are what to work through."""
    wanted = AlertsWanted(kind, rule, subject_kind, subject)
    page = service.ledger.alerts.page(wanted, limit=limit, after=after)
    return _json({"data": [alert_body(one) for one in page.data], "next": page.next})


@router.get(
    "/v1/alerts/{alert_id}",
    response_model=AlertBody,
    responses={**READS, **problems(404, 422)},
    summary="Show an alert",
)
def alert(alert_id: AlertId, service: Serving) -> Response:
    """As it stands now."""
    stored = service.ledger.alerts.one(alert_id)
    if stored is None:
        raise not_found("alert")
    return _json(alert_body(stored))


@router.get("/v1/cases", response_model=AlertCasePage, responses={**READS, **problems(422)}, summary="List cases")
def listed(
    service: Serving,
    state: States = None,
    severity: Severity | None = None,
    subject_kind: Word = None,
    subject: Named = None,
    claimed_by: Word = None,
    due_before: Annotated[Instant | None, Query(description="To be reported before this instant.")] = None,
    overdue: Annotated[bool, Query(description="Only what is not decided, and whose day is over.")] = False,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")] = "oldest",
    limit: Limit = 50,
    after: AfterCase = None,
) -> Response:
    """In the order in which they were opened, or the other way round."""
    now = service.clock()
    states = tuple(dict.fromkeys(state or ()))
    wanted = CasesWanted(
        states, severity, subject_kind, subject, claimed_by, due_before, now if overdue else None, order == "newest"
    )
    try:
        page = service.ledger.cases.page(wanted, limit=limit, after=after)
    except OverflowError:
        fault = Fault("", "instant_range", "Too far from today", parameter="due_before")
        raise Problem("parameters_refused", "1 fault.", faults=[fault]) from None
    return _json({"data": [summary_of(one, now) for one in page.data], "next": page.next})


@router.get("/v1/cases/totals", response_model=CaseTotalsBody, responses=READS, summary="Count cases")
def totals(service: Serving, caller: Caller) -> Response:
    """By state, and what waits for whoever asks."""
    found = service.ledger.cases.totals(caller.id, service.clock())
    states = {one.value: found.states.get(one.value, 0) for one in CaseState}
    waiting = {
        "overdue": found.overdue, "high": found.high, "mine": found.mine, "to_approve": found.to_approve,
    }  # fmt: skip
    return _json({**states, **waiting})


@router.get(
    "/v1/cases/{case_id}",
    response_model=AlertCaseBody,
    responses={**READS, **problems(404, 422)},
    summary="Show a case",
)
def shown(case_id: CaseId, service: Serving) -> Response:
    """As it stands now, with its alerts and every event."""
    case = service.ledger.cases.one(case_id)
    if case is None:
        raise not_found("case")
    return _json(_desk(service).told(case))


@router.get(
    "/v1/cases/{case_id}/payments",
    response_model=CasePaymentPage,
    responses={**READS, **problems(404, 422)},
    summary="Show the payments of a case",
)
def payments(
    case_id: CaseId,
    service: Serving,
    limit: Limit = 50,
    after: Annotated[
        str | None, Query(pattern=r"^dec_[0-9A-Za-z_]{1,60}$", description="`next` of the page before.")
    ] = None,
) -> Response:
    """What the alerts of the case were found by: the payments in evidence, in the order in which they were decided."""
    case = service.ledger.cases.one(case_id)
    if case is None:
        raise not_found("case")
    named = payments_of(service.ledger, case)
    rest = [one for one in named if after is None or one > after]
    data = [payment_body(service.ledger, one, named[one]) for one in rest[:limit]]
    return _json({"data": data, "next": rest[limit - 1] if len(rest) > limit else None})


@router.post("/v1/cases/{case_id}/claim", response_model=AlertCaseBody, responses=_MOVES, summary="Claim a case")
def claim(
    case_id: CaseId, body: Claim, service: Serving, admitted: Entered, number: Seen = None, _once: IdempotencyKey = None
) -> Response:
    """Whoever decides has claimed it. A case of another person is taken over with a reason."""
    now, actor = service.clock(), admitted.key.id
    return _moved_on(service, admitted, case_id, number, lambda case: claimed(case, actor, now, body.reason))


@router.post("/v1/cases/{case_id}/release", response_model=AlertCaseBody, responses=_MOVES, summary="Give a case back")
def release(
    case_id: CaseId,
    body: GiveBack,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """By whoever has claimed it: it is open again, for anybody to claim."""
    now, actor = service.clock(), admitted.key.id
    return _moved_on(service, admitted, case_id, number, lambda case: released(case, actor, now, body.reason))


@router.post("/v1/cases/{case_id}/notes", response_model=AlertCaseBody, responses=_MOVES, summary="Remark on a case")
def note(
    case_id: CaseId, body: Note, service: Serving, admitted: Entered, number: Seen = None, _once: IdempotencyKey = None
) -> Response:
    """Kept with the case, for good."""
    now, actor = service.clock(), admitted.key.id
    return _moved_on(service, admitted, case_id, number, lambda case: noted(case, actor, now, body.text))


@router.post("/v1/cases/{case_id}/decision", response_model=AlertCaseBody, responses=_MOVES, summary="Decide on a case")
def decide(
    case_id: CaseId,
    body: Decided,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """By whoever has claimed it. A report, and anything of high severity, is proposed by it: another person approves.

    With a report comes `due_at`, where the law of the payments in evidence gives a day from the suspicion on.
    """
    desk, actor, verdict = _desk(service), admitted.key.id, Verdict(body.decision)
    return _moved_on(service, admitted, case_id, number, lambda case: desk.decided(case, actor, verdict, body.reason))


@router.post(
    "/v1/cases/{case_id}/approval", response_model=AlertCaseBody, responses=_MOVES, summary="Approve a decision"
)
def approve(
    case_id: CaseId,
    body: Approval,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """Never by the person who proposed it; that person may withdraw. What was found since takes a proposal back by itself."""
    now, actor = service.clock(), admitted.key.id
    return _moved_on(
        service, admitted, case_id, number, lambda case: approved(case, actor, now, body.reason, agrees=body.approve)
    )


@router.post(
    "/v1/cases/{case_id}/reopen",
    response_model=AlertCaseBody,
    responses={**_MOVES, **problems(410)},
    summary="Reopen a case",
)
def reopen(
    case_id: CaseId,
    body: Reopen,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """Looked at again. Where the subject has another case by now, that one is the place."""
    now, actor = service.clock(), admitted.key.id
    return _moved_on(service, admitted, case_id, number, lambda case: reopened(case, actor, now, body.reason))


# -- what they share ----------------------------------------------------------------------------------------------------


def _desk(service: Service) -> CaseDesk:
    return CaseDesk(service.ledger, service.packs, service.rates, service.clock())


def _moved_on(service: Service, admitted: Entered, case_id: str, number: int | None, step_of: StepOf) -> Response:
    """Take a step of a case, store it, and tell where the case rests."""
    once = once_of(admitted, f"{case_id}\0{number}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    case = service.ledger.cases.one(case_id)
    if case is None:
        raise not_found("case")
    if number is not None and number != case.number:
        raise _moved()
    try:
        step = step_of(case)
    except CaseRefused as refusal:
        raise Problem(KINDS[type(refusal)], str(refusal)) from None
    desk = _desk(service)
    answer = orjson.dumps(desk.told(step.case, step))
    try:
        written = service.ledger.cases.store(step, desk.now, desk.release, keyed(once, answer))
    except (CaseMoved, UnknownCase):
        raise _moved() from None
    except EntryRefused:
        raise Problem("not_possible", "The ledger refuses it: two persons are needed here.") from None
    return given_answer(given_by(written, answer))


def _moved() -> Problem:
    return Problem("case_moved", "Read it again, and decide on what is there now.")


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
