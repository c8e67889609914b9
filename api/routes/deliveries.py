"""Alerts on their way to other systems and people: where they go, every attempt, and what was given up sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.administration_schemas import DeliveryBody, DeliveryPage, DeliveryShown, DestinationPage
from api.answers import given_answer, json_answer
from api.delivery_views import attempt_body, delivery_body
from api.gate import Entered, Serving, needs
from api.identity_schemas import Reason
from api.once import given_before, given_by, once_of
from api.problems import Problem, not_found
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.twin import IdempotencyKey
from engine.ledger import Counted, DeliveryState, Scope, StoredDestination, UnknownDelivery

router = APIRouter(route_class=needs(Scope.ADMIN), tags=["administration"])

DeliveryId = Annotated[str, Path(pattern=r"^dl_[0-9a-f]{1,40}$", examples=["dl_0c4f6a1b2d3e4f5a6b7c8d9e0f1a2b3c"])]
Where = Annotated[
    str | None, Query(max_length=330, pattern=r"^[^\x00]*$", description="Only those for this destination.")
]
Cursor = Annotated[str | None, Query(pattern=r"^\d{1,18}:dl_[0-9a-f]{1,40}$", description="`next` of the page before.")]
_NONE = Counted(0, 0, 0, None, 0)


@router.get("/v1/destinations", response_model=DestinationPage, responses=READS, summary="List where alerts go")
def destinations(service: Serving) -> Response:
    """Webhooks and mailboxes, with what waits for each. They are set up in the settings of the service, with their secrets."""
    counted = service.ledger.deliveries.counted()
    found = [_destination(one, counted) for one in service.ledger.deliveries.destinations()]
    return _json({"data": found, "next": None})


@router.get(
    "/v1/deliveries", response_model=DeliveryPage, responses={**READS, **problems(422)}, summary="List deliveries"
)
def listed(
    service: Serving,
    state: DeliveryState | None = None,
    destination: Where = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """Of every alert to every destination, those queued last first."""
    page = service.ledger.deliveries.newest(state=state, destination=destination, limit=limit, after=after)
    return _json({"data": [delivery_body(one, _told) for one in page.data], "next": page.next})


@router.get(
    "/v1/deliveries/{delivery_id}", response_model=DeliveryShown, responses={**READS, **problems(404, 422)},
    summary="Show a delivery",
)  # fmt: skip
def shown(delivery_id: DeliveryId, service: Serving) -> Response:
    """With every attempt and what came of it."""
    found = service.ledger.deliveries.one(delivery_id)
    if found is None:
        raise not_found("delivery")
    attempts = service.ledger.deliveries.attempts(delivery_id)
    return _json({**delivery_body(found, _told), "attempts": [attempt_body(one, _told) for one in attempts]})


@router.post(
    "/v1/deliveries/{delivery_id}/replay", response_model=DeliveryBody, responses={**WRITES, **problems(404)},
    summary="Send a delivery again",
)  # fmt: skip
def replay(
    delivery_id: DeliveryId, asked: Reason, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """One that was given up, with all its tries. Who had it sent again, and why, stands in the chain."""
    once = once_of(admitted, delivery_id)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    if service.ledger.deliveries.one(delivery_id) is None:
        raise not_found("delivery")
    try:
        again = service.ledger.deliveries.replay(delivery_id, service.clock(), admitted.key.id, asked.reason)
    except UnknownDelivery:
        raise Problem("not_possible", "It was not given up: only what was is sent again.") from None
    answer = orjson.dumps(delivery_body(again, _told))
    if once is not None:
        service.ledger.writer.run(lambda batch: batch.claim(once, answer))
    return given_answer(given_by(None, answer))


def _destination(one: StoredDestination, counted: dict[str, Counted]) -> dict[str, Any]:
    to, numbers = one.destination, counted.get(one.destination.name, _NONE)
    return {
        "name": to.name, "kind": to.kind, "address": to.address, "known_at": _told(one.known_at), "off_at": _told(one.off_at),
        "why": one.why, "waiting": numbers.waiting, "delivered": numbers.delivered, "dead": numbers.dead,
        "failed_attempts": numbers.failed, "oldest_waiting": _told(numbers.oldest),
    }  # fmt: skip


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _json(body: Any) -> Response:
    return json_answer(orjson.dumps(body))
