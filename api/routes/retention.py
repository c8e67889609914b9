"""What may be erased today, and by which law."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.answers import json_answer
from api.gate import Serving, needs
from api.retention_schemas import DuePage
from api.retention_views import due_page
from api.schemas import READS, problems
from engine.ledger import Scope

router = APIRouter(route_class=needs(Scope.REVIEW), tags=["retention"])

Place = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,18}:[0-9a-z_]{1,64}$", description="`next` of the page before."),
]
Most = Annotated[int, Query(ge=1, le=100, description="How many at most.")]


@router.get(
    "/v1/retention/due", response_model=DuePage, responses={**READS, **problems(422)},
    summary="Show what may be erased",
)  # fmt: skip
def due(service: Serving, limit: Most = 20, after: Place = None) -> Response:
    """Payers whose records no law asks for any more, the longest untouched first, by the law in force today. A payer is here
    only when all its records may go: what cannot be told of one of them keeps all.

    One look goes over 20,000 decisions at most, and says where the next begins. Nothing is erased.
    """
    retention = service.retention()
    found = retention.due(limit=limit, after=after)
    body = due_page(
        found, retention.today.isoformat(), service.packs.release.digest, service.settings,
        eraser=retention.erases,
    )  # fmt: skip
    return json_answer(orjson.dumps(body))
