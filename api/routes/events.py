"""What became of a payment: told once or several times, it counts once."""

from __future__ import annotations

from hashlib import sha256

import orjson
from fastapi import APIRouter, Response

from api.gate import Entered, Serving, needs
from api.problems import Fault, Problem, not_found, refused
from api.schemas import WRITES, Event, EventBody, problems
from api.twin import IdempotencyKey
from engine.ledger import IdempotencyKey as LedgerKey
from engine.ledger import KeyedAnswer, KeyReused, Replayed, Scope, UnknownDecision

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
    once = admitted.once
    keyed = None
    if once is not None:
        request = sha256(decision_id.encode() + b"\0" + admitted.body).digest()
        keyed = KeyedAnswer(LedgerKey(*once, request), answer)
    try:
        written = service.ledger.history.record_event(
            decision_id, event.kind, at, event.details, key_id=admitted.key.id, once=keyed
        )
    except UnknownDecision:
        raise not_found("decision") from None
    except OverflowError:
        raise refused(Fault("/at", "instant_range", "Too far from today")) from None
    if isinstance(written, KeyReused):
        raise Problem("key_reused", "It came with another body. Use a new key for a new request.")
    if isinstance(written, Replayed):
        return Response(written.stored.answer, media_type="application/json", headers={"idempotent-replayed": "true"})
    return Response(answer, media_type="application/json")
