"""Who is asking: what a caller may know of itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.gate import Serving
from api.schemas import READS

router = APIRouter(tags=["identity"])


@router.get("/v1/session", response_model=dict[str, Any], summary="Show who is asking", responses=READS)
async def shown(request: Request, service: Serving) -> Any:
    """The caller, with what it may do."""
    headers = dict(request.scope["headers"])
    key = await service.door.known(headers.get(b"authorization"))
    scopes = sorted(scope.value for scope in key.scopes)
    told = {"id": key.id, "kind": "key", "name": key.name, "display_name": key.name, "roles": [], "scopes": scopes}
    return {"caller": told, "expires_at": None}
