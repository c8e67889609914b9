"""Whether the record is what was written: the whole chain walked on request."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Response

from api.administration_schemas import VerificationBody, VerificationPage
from api.answers import json_answer
from api.gate import Caller, Serving, needs
from api.problems import not_found
from api.schemas import READS, problems
from api.verifying import Verification
from engine.ledger import Scope

router = APIRouter(route_class=needs(Scope.READ), tags=["administration"])

VerificationId = Annotated[str, Path(pattern=r"^ver_[0-9a-z]{1,40}$", examples=["ver_01kavw3e5n7x2v8g4yq0m6tz1b"])]


@router.post(
    "/v1/audit/verifications",
    response_model=VerificationBody,
    status_code=202,
    responses=READS,
    summary="Verify the chain",
)
def start(service: Serving, caller: Caller) -> Response:
    """Walks every row from the first, beside a ledger in service; what is found is asked for by its id. One at a time: who asks
    meanwhile gets the one under way. Changes nothing."""
    found = service.verifications.start(service.ledger, lambda: service.clock(), caller.id)
    answer = _json(body_of(found))
    answer.status_code = 202
    return answer


@router.get("/v1/audit/verifications", response_model=VerificationPage, responses=READS, summary="List verifications")
def listed(service: Serving) -> Response:
    """The last ones, the newest first, whichever process walked."""
    return _json({"data": [body_of(one) for one in service.verifications.newest_first()], "next": None})


@router.get(
    "/v1/audit/verifications/{verification_id}", response_model=VerificationBody, responses={**READS, **problems(404, 422)},
    summary="Show a verification",
)  # fmt: skip
def shown(verification_id: VerificationId, service: Serving) -> Response:
    """How far it has come, and what it found: the first row that is not what was written, or none."""
    found = service.verifications.one(verification_id)
    if found is None:
        raise not_found("verification")
    return _json(body_of(found))


def body_of(one: Verification) -> dict[str, Any]:
    """A walk as it is answered."""
    head, bad = one.head, one.first_bad
    return {
        "id": one.id,
        "state": one.state,
        "by": one.by,
        "started_at": one.started_at.isoformat(),
        "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
        "rows": one.rows,
        "of": max(one.of, one.rows),
        "head": None if head is None else dict(zip(("seq", "hash"), head, strict=True)),
        "first_bad": None if bad is None else dict(zip(("seq", "table", "what"), bad, strict=True)),
    }


def _json(body: Any) -> Response:
    return json_answer(orjson.dumps(body))
