"""What decisions asked somebody to do: listed with their days, ended when done."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator

from api.answers import given_answer, json_answer
from api.gate import Entered, Serving, needs
from api.obligation_schemas import End, EndedBody, ObligationBody, ObligationPage
from api.once import given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit, no_nul
from api.schemas import READS, WRITES, problems
from api.twin import IdempotencyKey
from engine.ledger import (
    EndedBefore,
    Scope,
    Status,
    StoredObligation,
    UnknownObligation,
    Wanted,
)
from engine.wire import Instant

reading = APIRouter(route_class=needs(Scope.READ), tags=["obligations"])
reviewing = APIRouter(route_class=needs(Scope.REVIEW), tags=["obligations"])

ObligationId = Annotated[
    str, AfterValidator(no_nul), Path(max_length=80, examples=["dec_01kavw3e5n7x2v8g4yq0m6tz1b.001"])
]
Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
Cursor = Annotated[
    str | None, Query(pattern=r"^(-?\d{1,19}:)?[A-Za-z0-9_.]{0,80}$", description="`next` of the page before.")
]
Which = Annotated[Status, Query(description="`overdue`: open, and its day is over.")]
Before = Annotated[Instant | None, Query(description="Due before this instant.")]


@reading.get(
    "/v1/obligations", response_model=ObligationPage, responses={**READS, **problems(422)}, summary="List obligations"
)
def listed(
    service: Serving,
    status: Which = Status.OPEN,
    domain: Word = None,
    code: Word = None,
    who: Word = None,
    decision: Word = None,
    due_before: Before = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """What is open by its day, the most urgent first and what has no day last; what ended, or all, in the order of decisions."""
    by_day = status in (Status.OPEN, Status.OVERDUE)
    if after is not None and (":" in after) is not by_day:
        fault = Fault("", "not_allowed", "It is the cursor of another list", parameter="after")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    now = service.clock()
    wanted = Wanted(status, domain, code, who, decision, due_before)
    try:
        page = service.ledger.obligations.page(wanted, now=now, limit=limit, after=after)
    except OverflowError:
        fault = Fault("", "instant_range", "Too far from today", parameter="due_before")
        raise Problem("parameters_refused", "1 fault.", faults=[fault]) from None
    return _json({"data": [body_of(one, now) for one in page.data], "next": page.next})


@reading.get(
    "/v1/obligations/{obligation_id}", response_model=ObligationBody, responses={**READS, **problems(404, 422)},
    summary="Show an obligation",
)  # fmt: skip
def shown(obligation_id: ObligationId, service: Serving) -> Response:
    """As it stands now."""
    stored = service.ledger.obligations.one(obligation_id)
    if stored is None:
        raise not_found("obligation")
    return _json(body_of(stored, service.clock()))


@reviewing.post(
    "/v1/obligations/{obligation_id}/end", response_model=EndedBody, responses={**WRITES, **problems(404)},
    summary="End an obligation",
)  # fmt: skip
def end(
    obligation_id: ObligationId, ending: End, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Done, lapsed or waived; once and for good. Who ended it, when and why is kept in the chain of the ledger."""
    at = ending.at or service.clock()
    answer = orjson.dumps(
        {"id": obligation_id, "ended": ending.outcome.value, "at": at.isoformat(), "note": ending.note}
    )
    once = keyed(once_of(admitted, obligation_id), answer)
    try:
        given = service.ledger.obligations.end(
            obligation_id, ending.outcome, at, by=admitted.key.id, note=ending.note, once=once
        )
    except UnknownObligation:
        raise not_found("obligation") from None
    except EndedBefore:
        raise Problem("ended_before", "It ends once and for good.") from None
    except OverflowError:
        raise refused(Fault("/at", "instant_range", "Too far from today")) from None
    return given_answer(given_by(given, answer))


def body_of(stored: StoredObligation, now: Any) -> dict[str, Any]:
    """An obligation as it is answered."""
    ended = None
    if stored.ended_at is not None and stored.ended_as is not None:
        ended = {
            "outcome": stored.ended_as.value,
            "at": stored.ended_at.isoformat(),
            "by": stored.ended_by,
            "note": stored.note,
        }
    late = ended is None and stored.due_at is not None and stored.due_at < now
    return {
        "id": stored.id,
        "decision": stored.decision_id,
        "reference": stored.reference,
        "code": stored.code,
        "domain": stored.domain,
        "who": stored.who,
        "due": stored.due,
        "overdue": late,
        "executed": stored.executed,
        "message": stored.message,
        "decided_at": stored.recorded_at.isoformat(),
        "ended": ended,
    }


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
