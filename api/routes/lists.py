"""The lists that names are held against: what is in force, how old it is, and what changed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.gate import Serving, needs
from api.list_views import DiffBody, ListsBody, listed
from api.problems import not_found
from api.schemas import READS, problems
from api.screening_lists import difference, names_in
from engine.ledger import Scope, StoredEdition

router = APIRouter(route_class=needs(Scope.READ), tags=["lists"])

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,66}$", description="A list.", examples=["OFAC-SDN"])]
Older = Annotated[
    str | None,
    Query(alias="from", pattern=r"^[0-9a-f]{64}$", description="Digest of the older edition; default: the one before."),
]
Newer = Annotated[
    str | None,
    Query(alias="to", pattern=r"^[0-9a-f]{64}$", description="Digest of the newer edition; default: the one in force."),
]
_KEPT_IN_VIEW = 1000


@router.get("/v1/lists", response_model=ListsBody, responses=READS, summary="List the lists")
def lists(service: Serving) -> Any:
    """Every list that is loaded or required, with its edition in force, its age, and whether it is stale."""
    chosen = service.settings
    return ListsBody(data=listed(service.ledger, chosen.required_lists, chosen.stale_days, service.clock()))


@router.get(
    "/v1/lists/{code}/diff", response_model=DiffBody, responses={**READS, **problems(404, 422)},
    summary="Show what changed in a list",
)  # fmt: skip
def diff(
    code: Code,
    service: Serving,
    older: Older = None,
    newer: Newer = None,
    names: Annotated[bool, Query(description="Tell the names of the entries too.")] = False,
) -> Any:
    """Keys of entries that came, went and changed from one edition to another."""
    editions = service.ledger.lists.editions(code, limit=_KEPT_IN_VIEW)
    last = _one(editions, newer) if newer else next(iter(editions), None)
    first = _one(editions, older) if older else next((one for one in editions if last and one.seq < last.seq), None)
    if first is None or last is None:
        raise not_found("edition of this list")
    found = difference(service.ledger, first, last)
    named = names_in(service.ledger, first, last) if names else {}
    return DiffBody(
        code=code,
        older=first.digest,
        newer=last.digest,
        added=list(found.added),
        removed=list(found.removed),
        changed=list(found.changed),
        names={key: named[key] for key in (*found.added, *found.removed, *found.changed) if key in named},
    )


def _one(editions: tuple[StoredEdition, ...], digest: str) -> StoredEdition | None:
    return next((one for one in editions if one.digest == digest), None)
