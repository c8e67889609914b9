"""The law as it is served, and what was ever served."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query

from api.gate import Serving, needs
from api.problems import Fault, Problem, not_found
from api.routes.decisions import Day, Limit
from api.schemas import READS, ReleaseBody, ReleaseDetail, ReleasePage, problems
from api.service import Service
from api.views import effective, summary, today_at
from engine.ledger import Scope, StoredRelease

router = APIRouter(route_class=needs(Scope.READ), tags=["rulepacks"])

At = Annotated[Day | None, Query(description="A day; default: today there.")]
Jurisdiction = Annotated[
    str,
    Path(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,3})?$", description="A pack, a country or a part of one.", examples=["FR"]),
]
Some = Annotated[int | None, Query(ge=1, le=200, description="How many at most; default: all.")]
AfterPack = Annotated[
    str | None, Query(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,3})?$", description="`next` of the page before.")
]
Digest = Annotated[str, Path(pattern=r"^(sha256:)?[0-9a-f]{64}$", description="`sha256:` and 64 hexadecimal digits.")]
Cursor = Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$", description="`next` of the page before.")]


@router.get(
    "/v1/rulepacks", response_model=dict[str, Any], responses={**READS, **problems(422)},
    summary="List the packs in force",
)  # fmt: skip
def listed(service: Serving, limit: Some = None, after: AfterPack = None) -> Any:
    """By their codes, with their versions and digests."""
    packs = service.packs
    codes = [code for code in sorted(packs.packs) if after is None or code > after]
    page = codes[:limit]
    return {
        "data": [summary(packs.packs[code], packs) for code in page],
        "next": page[-1] if len(page) < len(codes) else None,
    }


@router.get(
    "/v1/rulepacks/{jurisdiction}", response_model=dict[str, Any], responses={**READS, **problems(404, 422)},
    summary="Show the law of a place",
)  # fmt: skip
def shown(jurisdiction: Jurisdiction, service: Serving, at: At = None) -> Any:
    """The effective pack of a day: every layer's parameters with the values in force, and rules with their conditions."""
    day = at or today_at(service.packs, jurisdiction, service.clock())
    found = effective(service.packs, jurisdiction, day)
    if found is None:
        raise not_found("pack or place")
    return found


@router.get("/v1/releases", response_model=ReleasePage, responses={**READS, **problems(422)}, summary="List releases")
def releases(service: Serving, limit: Limit = 20, after: Cursor = None) -> Any:
    """Every release that was in force here, the newest first."""
    try:
        page = service.ledger.releases(limit=limit, after=after)
    except ValueError:
        fault = Fault("", "cursor", "Not a cursor of this listing", parameter="after")
        raise Problem("parameters_refused", "1 fault.", faults=[fault]) from None
    return {"data": [_release(service, stored) for stored in page.data], "next": page.next}


@router.get(
    "/v1/releases/{digest}", response_model=ReleaseDetail, responses={**READS, **problems(404, 422)},
    summary="Show a release",
)  # fmt: skip
def release(digest: Digest, service: Serving) -> Any:
    """A release and the digests of its files."""
    stored = service.ledger.release(digest if digest.startswith("sha256:") else f"sha256:{digest}")
    if stored is None:
        raise not_found("release")
    files = orjson.loads(stored.canonical)["files"]
    return {
        **_release(service, stored).model_dump(),
        "files": [
            {"path": path, "sha256": sha256(text.encode()).hexdigest(), "bytes": len(text.encode())}
            for path, text in files.items()
        ],
    }


def _release(service: Service, stored: StoredRelease) -> ReleaseBody:
    return ReleaseBody(
        digest=stored.digest,
        version=stored.version,
        activated_at=stored.activated_at,
        current=stored.digest == service.packs.release.digest,
    )
