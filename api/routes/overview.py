"""One look at what matters today, and how much of the law is told."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.answers import json_answer
from api.gate import Caller, Serving, needs
from api.overview import coverage_body, overview_body
from api.overview_schemas import CoverageBody, OverviewBody
from api.schemas import READS, problems
from engine.ledger import Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["operations"])

Hours = Annotated[int, Query(ge=1, le=24, description="How far back decisions and latency are told.")]
Days = Annotated[int, Query(ge=1, le=366, description="How far ahead it is told what begins, ends and changes.")]
Day = Annotated[date | None, Query(description="The day whose law is counted; default: today, in UTC.")]


@reading.get("/v1/overview", response_model=OverviewBody, responses={**READS, **problems(422)}, summary="Look at today")
def overview(service: Serving, caller: Caller, hours: Hours = 3, days: Days = 30) -> Response:
    """What bites within some days, what waits for a person, what has fallen silent or grown old, and what flows. Decisions are
    those of all workers; latency is that of the worker which answers. `approvals.data` are drafts that the caller may approve."""
    return json_answer(orjson.dumps(overview_body(service, caller, hours=hours, days=days)))


@reading.get(
    "/v1/coverage",
    response_model=CoverageBody,
    responses={**READS, **problems(422)},
    summary="Show how much law is told",
)
def coverage(service: Serving, at: Day = None) -> Response:
    """Every country of ISO 3166-1, those of which nothing is told included, domain by domain: entries in force, how surely they
    are known, and when they were last seen to hold. Of the release in force."""
    day = at or service.clock().date()
    return json_answer(orjson.dumps(coverage_body(service, service.packs, day)))
