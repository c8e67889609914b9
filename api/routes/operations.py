"""For those who run the service: is it alive, can it decide, what are its numbers, and what can be asked."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from api.docs_page import render
from api.gate import Serving
from api.metrics import CONTENT_TYPE
from api.problems import Problem
from api.schemas import HealthBody, ReadyBody, problems
from api.upgrading import waiting

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="The process lives")
async def healthz() -> HealthBody:
    """Touches nothing: for liveness."""
    return HealthBody(status="ok")


@router.get("/readyz", summary="Decisions can be made and stored", responses=problems(503))
def readyz(service: Serving) -> ReadyBody:
    """Packs compiled, ledger writable, and not about to stop: for the balancer."""
    if service.draining:
        raise Problem("not_ready", "This process is about to stop.", headers={"retry-after": "5"})
    health = service.ledger.health()
    if not health.ok:
        raise Problem("not_ready", "The ledger cannot be written.", headers={"retry-after": "5"})
    upgrade = waiting(service)
    return ReadyBody(
        status="ready",
        release=service.packs.release.digest,
        jurisdictions=len(service.packs.packs),
        rates_until=service.rates.latest(),
        upgrade=None if upgrade is None else upgrade.version,
    )


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response, responses={
    200: {"description": "In Prometheus' text format", "content": {"text/plain": {"schema": {"type": "string"}}}}
})  # fmt: skip
def metrics(service: Serving) -> Response:
    """Counted since the start of the process."""
    return Response(service.metrics.text(), headers={"content-type": CONTENT_TYPE})


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The document of this interface."""
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> Response:
    """The same for people: one page, no script, nothing loaded from anywhere."""
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Response(render(request.app.openapi()), media_type="text/html", headers={"content-security-policy": policy})
