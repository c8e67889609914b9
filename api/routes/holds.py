"""Legal holds: what must not be erased, set by one person and lifted by another."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator

from api.answers import given_answer, json_answer
from api.decision_schemas import no_nul
from api.gate import Entered, Serving, needs
from api.once import given_before, given_by, keyed, once_of
from api.problems import Problem, not_found
from api.retention_schemas import HoldBody, HoldPage, HoldWanted, LiftWanted
from api.retention_views import hold_body
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import HoldKind, HoldLifted, HoldState, LegalHold, OwnHold, Scope, UnknownHold

reviewing = APIRouter(route_class=needs(Scope.REVIEW), tags=["retention"])
lifting = APIRouter(route_class=needs(Scope.APPROVE), tags=["retention"])

HoldId = Annotated[str, Path(pattern=r"^hld_[0-9a-z]{1,40}$", examples=["hld_01kavw3e5n7x2v8g4yq0m6tz1b"])]
Cursor = Annotated[str | None, Query(pattern=r"^hld_[0-9a-z]{1,40}$", description="`next` of the page before.")]
Target = Annotated[str | None, AfterValidator(no_nul), Query(min_length=1, max_length=200)]


@reviewing.get(
    "/v1/legal-holds", response_model=HoldPage, responses={**READS, **problems(422)}, summary="List legal holds"
)
def listed(
    service: Serving, state: HoldState | None = None, kind: HoldKind | None = None, target: Target = None,
    limit: Limit = 50, after: Cursor = None,
) -> Response:  # fmt: skip
    """In the order in which they were set. Not for the person they are about: it could tip somebody off."""
    page = service.ledger.holds.page(limit=limit, after=after, state=state, kind=kind, target=target)
    return _json({"data": [hold_body(one) for one in page.data], "next": page.next})


@reviewing.get(
    "/v1/legal-holds/{hold_id}", response_model=HoldBody, responses={**READS, **problems(404, 422)},
    summary="Show a legal hold",
)  # fmt: skip
def shown(hold_id: HoldId, service: Serving) -> Response:
    """As it stands now."""
    return _json(hold_body(_stored(service, hold_id)))


@reviewing.post("/v1/legal-holds", response_model=HoldBody, responses=WRITES, summary="Set a legal hold")
def hold(body: HoldWanted, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """It stands at once: nothing of a payer, of a decision's payer or of a merchant's payers is erased or dropped by anybody
    until another person lifts it."""
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    made = LegalHold(
        service.new_hold(), body.kind, body.target, body.reason, body.authority, body.reference, admitted.key.id,
        service.clock(),
    )  # fmt: skip
    answer = orjson.dumps(hold_body(made))
    return given_answer(given_by(service.ledger.holds.impose(made, keyed(once, answer)), answer))


@lifting.post(
    "/v1/legal-holds/{hold_id}/lift", response_model=HoldBody, responses={**WRITES, **problems(404)},
    summary="Lift a legal hold",
)  # fmt: skip
def lift(
    hold_id: HoldId, body: LiftWanted, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Once, for good, and never by whoever set it: the database itself refuses that."""
    once = once_of(admitted, hold_id)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    now, by = service.clock(), admitted.key.id
    lifted = replace(_stored(service, hold_id), lifted_by=by, lifted_at=now, lift_reason=body.reason)
    answer = orjson.dumps(hold_body(lifted))
    try:
        return given_answer(
            given_by(service.ledger.holds.lift(hold_id, by, now, body.reason, keyed(once, answer)), answer)
        )
    except UnknownHold:
        raise not_found("legal hold") from None
    except OwnHold:
        raise Problem("another_person", "Whoever set a legal hold does not lift it.") from None
    except HoldLifted:
        raise Problem("not_possible", "It was lifted before.") from None


def _stored(service: Service, hold_id: str) -> LegalHold:
    stored = service.ledger.holds.one(hold_id)
    if stored is None:
        raise not_found("legal hold")
    return stored


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
