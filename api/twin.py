"""POST /v1/preflight as FastAPI would have it: the documented route, and the measure of the hot one in front of it.

The model validates every body here and the answer is written by the response model; `api.hot` must give the same bytes.
"""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Response

from api.deciding import Asked, answer
from api.domains import Domains
from api.gate import Entered, Locale, Serving, needs
from api.hot import PATH
from api.schemas import WRITES, problems
from engine.decision import DecisionBody
from engine.facts import facts_of
from engine.ledger import Scope
from engine.transaction import Transaction

router = APIRouter(route_class=needs(Scope.DECIDE), tags=["preflight"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Equal requests with the same key are one: the stored answer is given again, byte for byte, with"
        " `Idempotent-Replayed: true`.",
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
    ),
]
"""For the document: the door reads it."""


@router.post(
    PATH,
    response_model=DecisionBody,
    response_model_exclude_unset=True,  # a domain that was not asked for is not there
    responses={**WRITES, **problems(410, 429)},
    summary="Decide on one payment before it is made",
)
async def preflight(
    transaction: Transaction,
    service: Serving,
    admitted: Entered,
    locale: Locale,
    response: Response,
    domains: Domains = None,
    _once: IdempotencyKey = None,
) -> Any:
    """One payment in, one decision out: stored before it is answered.

    Everything is optional but `amount`, `currency`, `payment.instrument` and one country. What is not stated is unknown,
    never false: an exemption that would need it is closed by name, a tax that would need it is undecided and never zero, and
    `missing` says which facts would settle the answer. Each domain has its own part of the answer; `domains` narrows.
    """
    asked = Asked(admitted.key.id, admitted.body, locale, admitted.once, domains, admitted.key.terms)
    answered = await answer(service, facts_of(transaction), asked)
    response.headers["lexgate-release"] = answered.release
    if answered.replayed:
        response.headers["idempotent-replayed"] = "true"
    return orjson.loads(answered.body)
