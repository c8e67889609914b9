"""The law as it is served, and what was ever served."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import StringConstraints

from api.diff_page import in_form, page
from api.diff_schemas import ComparisonBody
from api.gate import Locale, Serving, needs
from api.problems import Fault, Problem, not_found
from api.replaying import digest_of
from api.routes.decisions import Day, Limit
from api.schemas import READS, ReleaseBody, ReleaseDetail, ReleasePage, problems
from api.service import Service
from api.views import effective, summary, today_at
from engine.diffs import Comparison, compare
from engine.diffs.body import body_of
from engine.ledger import Scope, StoredRelease
from engine.packs import PackSet
from engine.words import Words

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
    stored = service.ledger.release(digest_of(digest))
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


PAGE = {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "What differs, and what it means"}
Older = Annotated[str, Path(alias="a", pattern=r"^(sha256:)?[0-9a-f]{64}$", description="Digest of the old release.")]
Newer = Annotated[str, Path(alias="b", pattern=r"^(sha256:)?[0-9a-f]{64}$", description="Digest of the new release.")]
InDomain = Annotated[
    list[Literal["sca", "aml", "kyc", "residency", "methods", "tax"]] | None,
    Query(description="Only changes of these domains."),
]
InPack = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,12}(-[A-Z0-9]{1,7}){0,2}$")]] | None,
    Query(max_length=50, description="Only changes of these packs, by their codes."),
]
Meaning = Annotated[bool, Query(description="`false`: the text alone, which is found sooner.")]
Wanted = Annotated[str | None, Header(description="`text/html`: a page for people.")]
MOST = 80
"""Questions of meaning that one request may ask; the command line asks more."""


@router.get(
    "/v1/releases/{a}/diff/{b}", response_model=ComparisonBody, responses={200: PAGE, **READS, **problems(404, 422)},
    summary="Show what differs between two releases",
)  # fmt: skip
def diff(
    older: Older,
    newer: Newer,
    service: Serving,
    locale: Locale,
    domain: InDomain = None,
    jurisdiction: InPack = None,
    meaning: Meaning = True,
    accept: Wanted = None,
) -> Response:
    """What changed in the text, by stable ids, and what that means: for every rule, parameter and table that says something
    else, a proof that no payment is decided otherwise, a payment that is, or that it is not decided."""
    sides = [_packs(service, digest) for digest in (older, newer)]
    found = compare(*sides, domains=domain, jurisdictions=jurisdiction, rates=service.rates, meaning=meaning, most=MOST)
    words = sides[1].words(locale)
    return in_form(accept, words, lambda: page(found, words), lambda: compared_body(found, words, meaning=meaning))


def compared_body(found: Comparison, words: Words, *, meaning: bool) -> dict[str, Any]:
    """A comparison as JSON. Where the meaning was not asked for, nothing is said of it."""
    return {**body_of(found, words), **({} if meaning else {"meanings": None, "said": []})}


def _packs(service: Service, digest: str) -> PackSet:
    found = service.packs_of(digest_of(digest))
    if found is None:
        raise not_found("release")
    return found


def _release(service: Service, stored: StoredRelease) -> ReleaseBody:
    first = [
        one.active_from for one in service.ledger.activations.all() if one.release == stored.digest and not one.cancels
    ]
    return ReleaseBody(
        digest=stored.digest,
        version=stored.version,
        kept_at=stored.kept_at,
        activated_at=min(first, default=None),
        current=stored.digest == service.law.digest,
    )
