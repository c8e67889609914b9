"""When the law has moved on: drafts brought up to date, what merges could not settle, and the upgrade that waits."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import json_answer
from api.draft_schemas import ConflictPage, DraftBody, Rebasing, UpgradePage
from api.drafting import Desk
from api.gate import Caller, Entered, Locale, Serving, needs
from api.problems import Fault, Problem, refused
from api.routes.drafts import DraftId, draft_named, told_by
from api.schemas import READS, WRITES, problems
from api.twin import IdempotencyKey
from api.upgrading import conflicts_of, open_upgrade, rebase, upgrade_body, waiting
from engine.drafting import OPEN, Draft, DraftStep
from engine.ledger import Along, Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["drafts"])
editing = APIRouter(route_class=needs(Scope.EDIT), tags=["drafts"])


@editing.post(
    "/v1/drafts/{draft_id}/rebase", response_model=DraftBody, responses={**WRITES, **problems(404)},
    summary="Bring a draft up to date",
)  # fmt: skip
def bring_up_to_date(
    draft_id: DraftId, wanted: Rebasing, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """The same changes upon the release in force, or another, put together entry by entry. What both changed differently stands
    marked in the files, and must be settled before the draft is submitted. Whatever was checked or approved is void."""
    onto = wanted.onto or service.held
    if service.files_of(onto) is None:
        raise refused(Fault("/onto", "unknown_release", "There is no such release here"))

    def step(desk: Desk, draft: Draft) -> tuple[DraftStep, Along]:
        return rebase(desk, draft, onto)

    return told_by(step, service, admitted, draft_id)


@reading.get(
    "/v1/drafts/{draft_id}/conflicts", response_model=ConflictPage, responses={**READS, **problems(404, 422)},
    summary="Show what a merge could not settle",
)  # fmt: skip
def conflicts(draft_id: DraftId, service: Serving, caller: Caller, locale: Locale) -> Response:
    """Of the last merge of a draft: each entry as both had it, and as either side has it now."""
    draft = draft_named(service, draft_id)
    found = conflicts_of(Desk(service, caller.id), draft, service.packs.words(locale))
    return json_answer(orjson.dumps({"data": found}))


@reading.get(
    "/v1/upgrade",
    response_model=UpgradePage,
    responses={**READS, **problems(422)},
    summary="Show the upgrade that waits",
)
def upgrade(service: Serving, locale: Locale) -> Response:
    """What came with the software is never put over the house's own law: it waits, as a draft that persons check and approve."""
    return json_answer(orjson.dumps(upgrade_body(service, waiting(service), service.packs.words(locale))))


@editing.post(
    "/v1/upgrade",
    response_model=UpgradePage,
    responses={**READS, **problems(409, 422)},
    summary="Open the upgrade again",
)
def open_again(service: Serving, caller: Caller, locale: Locale) -> Response:
    """A new draft of the upgrade that waits, where the one before was withdrawn or rolled back."""
    found = waiting(service)
    if found is None:
        raise Problem("not_possible", "No upgrade waits.")
    if found.draft is not None and found.draft.state in OPEN:
        raise Problem("not_possible", f"The draft {found.draft.id} of the upgrade is open.")
    open_upgrade(service, found, caller.id)
    return json_answer(orjson.dumps(upgrade_body(service, waiting(service), service.packs.words(locale))))
