"""Releases carried from house to house: taken out as one signed file, put in force where they were brought in; and the keys of
those who approve."""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Response

from api.answers import json_answer
from api.draft_schemas import ActivationPage, Because, SigningKeyAsked, SigningKeyBody
from api.gate import Entered, Serving, needs
from api.problems import Problem, not_found
from api.routes.drafts import Release, switched
from api.routes.rulepacks import Digest
from api.schemas import CALLER_PATTERN, READS, WRITES, problems
from api.signing_keys import carried, drafted, signed_of
from api.twin import IdempotencyKey
from engine.drafting import ActivationKind
from engine.ledger import Scope
from engine.packs.envelope import MEDIA_TYPE, pack
from engine.packs.release import digest_of

reading = APIRouter(route_class=needs(Scope.READ), tags=["rulepacks"])
approving = APIRouter(route_class=needs(Scope.APPROVE), tags=["drafts"])

Holder = Annotated[str, Path(pattern=CALLER_PATTERN, description="The API key whose signing key it is.")]
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The release as one signed file.", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
}


@reading.get(
    "/v1/releases/{digest}/export", responses={**READS, **problems(404, 409, 422), **_FILE}, response_class=Response,
    summary="Take a release out as one signed file",
)  # fmt: skip
def export(digest: Digest, service: Serving) -> Response:
    """The release, the publisher's statement of who approved it, and its signature: the same bytes every time. For a site that
    no network reaches."""
    full = digest if digest.startswith("sha256:") else f"sha256:{digest}"
    stored = service.ledger.release(full)
    if stored is None:
        raise not_found("release")
    signatures = service.ledger.signatures.of(full)
    if not signatures or digest_of(stored.canonical) != full:
        raise Problem(
            "not_possible", "Nobody signed this release here: it came with the software, or is not in force yet."
        )
    if not carried(service.ledger, full):
        # Signed for a canary: where it is brought in, nobody could tell it from one that persons put in force.
        raise Problem("not_possible", "Nobody has put this release in force: it was tried only.")
    name = f"lexgate-{full.removeprefix('sha256:')[:16]}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(pack(stored.canonical, signed_of(signatures[0])), media_type=MEDIA_TYPE, headers=headers)


@approving.post(
    "/v1/releases/{digest}/activate", response_model=ActivationPage, responses={**WRITES, **problems(404)},
    summary="Put an imported release in force",
)  # fmt: skip
def activate(
    digest: Release, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """One that was brought here in a signed file, by another person than whoever brought it."""
    full = digest if digest.startswith("sha256:") else f"sha256:{digest}"
    if service.ledger.release(full) is None:
        raise not_found("release")
    brought = service.ledger.signatures.imports(full)
    if not brought:
        raise Problem(
            "not_possible",
            "Nobody brought this release here: drafts are scheduled, and earlier releases rolled back to.",
        )
    if all(one.actor == admitted.key.id for one in brought):
        raise Problem("another_person", "Whoever imported a release does not put it in force.")
    if drafted(service.ledger, full):
        # A file taken out while it was approved must not bring back what was withdrawn since.
        raise Problem("not_possible", "It was drafted here: publish its draft, or roll back to it.")
    fault = service.signing.fault(service.ledger, full)
    if fault is not None:
        raise Problem("not_possible", f"This release cannot be trusted here: {fault}.")
    return switched(service, admitted, full, why.reason, ActivationKind.IMPORTED)


@approving.put(
    "/v1/approvers/{holder}/signing-key", response_model=SigningKeyBody, responses=WRITES,
    summary="Register the key that you sign approvals with",
)  # fmt: skip
def register(holder: Holder, asked: SigningKeyAsked, service: Serving, admitted: Entered) -> Response:
    """The public half of an Ed25519 key, for your own API key only. Approvals that were signed before keep the key they came
    with."""
    if holder != admitted.key.id:
        raise Problem("forbidden", "A signing key is registered by the API key that it belongs to.")
    service.ledger.signatures.register(holder, bytes.fromhex(asked.public_key), service.clock())
    return json_answer(orjson.dumps({"holder": holder, "public_key": asked.public_key}))
