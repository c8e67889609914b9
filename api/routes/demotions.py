"""The rules that are held back at this moment."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import json_answer
from api.demotion_schemas import DemotionPage
from api.demotion_views import demotions_body
from api.gate import Serving, needs
from api.schemas import READS
from engine.ledger import Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["rulepacks"])


@reading.get("/v1/demotions", response_model=DemotionPage, responses=READS, summary="Show the rules that are held back")
def demotions(service: Serving) -> Response:
    """By the release in force. Where one of them would stop a payment, a person looks at it: the outcome is `review`. Lifted by a
    draft without its entry in `house/demoted.yaml`, or by going back to an earlier release."""
    return json_answer(orjson.dumps(demotions_body(service.packs, service.ledger)))
