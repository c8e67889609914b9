"""Stored merchants: profiles with establishments and registrations, every version kept."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.answers import json_answer
from api.gate import Entered, Serving, needs
from api.merchants import MerchantProfiles, body_of
from api.problems import not_found
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.tax_schemas import MerchantBody, MerchantPage, Profile
from engine.ledger import Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["merchants"])
editing = APIRouter(route_class=needs(Scope.EDIT), tags=["merchants"])

MerchantId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$", description="The caller's own id.", examples=["m-1"])
]
Cursor = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$", description="`next` of the page before.")
]
Version = Annotated[int | None, Query(ge=1, le=10**9, description="An earlier version; default: the latest.")]


@reading.get(
    "/v1/merchants", response_model=MerchantPage, responses={**READS, **problems(422)}, summary="List merchants"
)
def listed(service: Serving, limit: Limit = 50, after: Cursor = None) -> Response:
    """In the order of their ids, each as it is now."""
    page = service.ledger.merchants.page(limit=limit, after=after)
    return _json({"data": [body_of(stored) for stored in page.data], "next": page.next})


@reading.get(
    "/v1/merchants/{merchant_id}", response_model=MerchantBody, responses={**READS, **problems(404, 422)},
    summary="Show a merchant",
)  # fmt: skip
def shown(merchant_id: MerchantId, service: Serving, version: Version = None) -> Response:
    """The profile as it is, or as it was in one version: calculations name the version that they used."""
    stored = service.ledger.merchants.one(merchant_id, version)
    if stored is None:
        raise not_found("merchant")
    return _json(body_of(stored))


@editing.put(
    "/v1/merchants/{merchant_id}", response_model=MerchantBody,
    responses={status: said for status, said in WRITES.items() if status != 409}, summary="Keep a merchant's profile",
)  # fmt: skip
def put(merchant_id: MerchantId, profile: Profile, service: Serving, admitted: Entered) -> Response:
    """The whole profile: what is not in it is not known any more. The same profile again changes nothing, and makes no version.

    Transactions and calculations of before keep the version that they used.
    """
    stored, _ = service.ledger.merchants.put(merchant_id, profile.stored(), service.clock(), admitted.key.id)
    if isinstance(service.profiles, MerchantProfiles):
        service.profiles.forget(merchant_id)
    return _json(body_of(stored))


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
