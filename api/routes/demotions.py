"""What is in force: every activation of a release, and the rules that are held back at this moment."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.answers import json_answer
from api.demotion_schemas import DemotionPage
from api.demotion_views import demotions_body
from api.draft_schemas import ActivationPage
from api.draft_views import activations_body
from api.gate import Serving, needs
from api.routes.decisions import Limit
from api.schemas import READS, problems
from engine.ledger import Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["rulepacks"])

AfterActivation = Annotated[
    str | None, Query(pattern=r"^[1-9][0-9]{0,17}$", description="`next` of the page before: the number of its last.")
]
AfterDemotion = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Z][A-Z0-9-]{0,39}/[a-z_0-9.]{1,120}$",
        description="`next` of the page before: pack and rule of its last.",
    ),
]


@reading.get(
    "/v1/activations", response_model=ActivationPage, responses={**READS, **problems(422)}, tags=["drafts"],
    summary="Show what was in force when",
)  # fmt: skip
def activations(service: Serving, limit: Limit = 50, after: AfterActivation = None) -> Response:
    """Every release that was put in force, or will be, the newest first."""
    number, every = None if after is None else int(after), service.ledger.activations.all()
    return json_answer(orjson.dumps(activations_body(service.law.digest, every, limit, number)))


@reading.get(
    "/v1/demotions", response_model=DemotionPage, responses={**READS, **problems(422)},
    summary="Show the rules that are held back",
)  # fmt: skip
def demotions(service: Serving, limit: Limit = 50, after: AfterDemotion = None) -> Response:
    """By the release in force, by pack and rule. Where one of them would stop a payment, a person looks at it: the outcome is
    `review`. Lifted by a draft without its entry in `house/demoted.yaml`, or by going back to an earlier release."""
    return json_answer(orjson.dumps(demotions_body(service.packs, service.ledger, limit, after)))
