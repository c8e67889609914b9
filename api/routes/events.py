"""What became of a payment: told once or several times, it counts once."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import given_answer
from api.gate import Entered, Serving, needs
from api.once import given_by, keyed, once_of
from api.problems import Fault, not_found, refused
from api.schemas import WRITES, Event, EventBody, problems
from api.twin import IdempotencyKey
from engine.ledger import Scope, UnknownDecision

router = APIRouter(route_class=needs(Scope.DECIDE), tags=["decisions"])


@router.post(
    "/v1/decisions/{decision_id}/events",
    response_model=EventBody,
    responses={**WRITES, **problems(404)},
    summary="Tell what became of a payment",
)
def tell(decision_id: str, event: Event, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Counters and history count only what really happened.

    A payment counts as executed from its first `authorised` or `captured`, and no longer if `failed` came after;
    `refunded` does not take it back. `authenticated` starts the counters again. The same kind at the same instant is the
    same event.
    """
    at = event.at or service.clock()
    answer = orjson.dumps({"decision": decision_id, "kind": event.kind.value, "at": at.isoformat()})
    once = keyed(once_of(admitted, decision_id), answer)
    try:
        written = service.ledger.history.record_event(
            decision_id, event.kind, at, event.details, key_id=admitted.key.id, once=once
        )
    except UnknownDecision:
        raise not_found("decision") from None
    except OverflowError:
        raise refused(Fault("/at", "instant_range", "Too far from today")) from None
    return given_answer(given_by(written, answer))
