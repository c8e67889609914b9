"""Screenings: what the lists say of somebody; and clearances: why a match is not meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator

from api.answers import given_answer, json_answer
from api.case_schemas import Agree, Clear, ClearanceBody, ClearancePage, Revoke
from api.cases import clearance_body
from api.gate import Entered, Serving, needs
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit, no_nul
from api.schemas import READS, WRITES, problems
from api.screening import summary_of, told
from api.screening_schemas import ScreeningBody, ScreeningPage, ScreeningQuestion
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import (
    ClearanceDone,
    ClearanceState,
    ClearancesWanted,
    OwnClearance,
    Scope,
    ScreeningEntry,
    ScreeningsWanted,
    StoredClearance,
    UnknownClearance,
)
from engine.screening.clearances import digest_of, feature_of

screening = APIRouter(route_class=needs(Scope.SCREEN, national=True), tags=["screenings"])
looking = APIRouter(route_class=needs(Scope.SCREEN, otherwise=Scope.REVIEW), tags=["screenings"])
clearing = APIRouter(route_class=needs(Scope.REVIEW), tags=["clearances"])

ScreeningId = Annotated[str, Path(pattern=r"^scr_[0-9a-z]{1,40}$", examples=["scr_01kavw3e5n7x2v8g4yq0m6tz1b"])]
ClearanceId = Annotated[str, Path(pattern=r"^clr_[0-9a-z]{1,40}$", examples=["clr_01kavw3e5n7x2v8g4yq0m6tz1b"])]
Cursor = Annotated[str | None, Query(pattern=r"^clr_[0-9a-z]{1,40}$", description="`next` of the page before.")]
Named = Annotated[str | None, AfterValidator(no_nul), Query(min_length=1, max_length=300)]
LONGEST: Final = timedelta(days=366)
"""How long a clearance may hold: a year is a choice of the house."""


@screening.post("/v1/screenings", response_model=ScreeningBody, responses=WRITES, summary="Screen somebody")
def screen(question: ScreeningQuestion, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Held against every list that is loaded. A match comes with the reasons for its score, a list with its edition and age.

    `clear` only where every required list is loaded and none is older than its policy; otherwise `review`, and why. The answer
    is stored. It is for whoever screens: nothing of it may be told to the person it is about.
    """
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    now, asked, identity = service.clock(), question.asked(), service.new_screening()
    held = () if question.subject is None else service.ledger.clearances.of(question.subject, now)
    found, fingerprint = service.screening.of(asked, now, held)
    answer = orjson.dumps(told(found, now, id=identity, subject=question.subject, query=asked))
    entry = ScreeningEntry(
        identity, now, admitted.key.id, question.subject, found.verdict, fingerprint, orjson.dumps(asked), answer
    )
    return given_answer(given_by(service.ledger.screenings.store(entry, keyed(once, answer)), answer))


@looking.get(
    "/v1/screenings", response_model=ScreeningPage, responses={**READS, **problems(422)}, summary="List screenings"
)
def screenings(
    service: Serving,
    subject: Named = None,
    verdict: Annotated[Literal["clear", "review", "hit"] | None, Query()] = None,
    limit: Limit = 50,
    after: Annotated[
        str | None, Query(pattern=r"^scr_[0-9a-z]{1,40}$", description="`next` of the page before.")
    ] = None,
) -> Response:
    """The last one first: those that persons asked for, and those that the monitor made."""
    page = service.ledger.screenings.page(ScreeningsWanted(subject, verdict), limit=limit, after=after)
    return _json({"data": [summary_of(one) for one in page.data], "next": page.next})


@looking.get(
    "/v1/screenings/{screening_id}", response_model=ScreeningBody, responses={**READS, **problems(404, 410, 422)},
    summary="Show a screening",
)  # fmt: skip
def screened(screening_id: ScreeningId, service: Serving) -> Response:
    """As it was answered, byte for byte. Of the erased nothing."""
    stored = service.ledger.screenings.one(screening_id)
    if stored is None:
        raise not_found("screening")
    return json_answer(stored.answer)


@clearing.get(
    "/v1/clearances", response_model=ClearancePage, responses={**READS, **problems(422)}, summary="List clearances"
)
def listed(
    service: Serving,
    subject: Named = None,
    state: ClearanceState | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """In the order in which they were proposed."""
    now = service.clock()
    page = service.ledger.clearances.page(ClearancesWanted(subject, state), now=now, limit=limit, after=after)
    return _json({"data": [clearance_body(one, now) for one in page.data], "next": page.next})


@clearing.get(
    "/v1/clearances/{clearance_id}", response_model=ClearanceBody, responses={**READS, **problems(404, 422)},
    summary="Show a clearance",
)  # fmt: skip
def shown(clearance_id: ClearanceId, service: Serving) -> Response:
    """As it stands now."""
    return _json(clearance_body(_stored(service, clearance_id), service.clock()))


@clearing.post(
    "/v1/clearances", response_model=ClearanceBody, responses={**WRITES, **problems(410)}, summary="Propose a clearance"
)
def propose(body: Clear, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Of one match of a stored screening. It clears nothing before another person has approved it.

    It is bound to the subject's data as they were screened, to the version of the entry and to the features that matched: where
    one of them changes, it says nothing any more.
    """
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    clearance = _clearance(service, body, admitted.key.id)
    answer = orjson.dumps(clearance_body(clearance, clearance.created_at))
    return given_answer(given_by(service.ledger.clearances.propose(clearance, keyed(once, answer)), answer))


@clearing.post(
    "/v1/clearances/{clearance_id}/approval", response_model=ClearanceBody, responses={**WRITES, **problems(404)},
    summary="Approve a clearance",
)  # fmt: skip
def approve(
    clearance_id: ClearanceId, body: Agree, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Never by its author."""
    return _changed(service, admitted, clearance_id, body.reason, approving=True)


@clearing.post(
    "/v1/clearances/{clearance_id}/revoke", response_model=ClearanceBody, responses={**WRITES, **problems(404)},
    summary="Revoke a clearance",
)  # fmt: skip
def revoke(
    clearance_id: ClearanceId, body: Revoke, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """By anybody who reviews, at once and for good. The subject is screened anew."""
    return _changed(service, admitted, clearance_id, body.reason, approving=False)


# -- what they share ----------------------------------------------------------------------------------------------------


def _stored(service: Service, clearance_id: str) -> StoredClearance:
    stored = service.ledger.clearances.one(clearance_id)
    if stored is None:
        raise not_found("clearance")
    return stored


def _clearance(service: Service, body: Clear, author: str) -> StoredClearance:
    """The clearance of a match as it stands in a stored screening. Raises 422 with every fault."""
    now, faults = service.clock(), []
    stored = service.ledger.screenings.one(body.screening)
    match: dict[str, Any] | None = None
    if stored is None:
        faults.append(Fault("/screening", "not_known", "There is no such screening here"))
    else:
        if stored.subject is None:
            faults.append(
                Fault("/screening", "subject_missing", "It was made without a `subject` to bind a clearance to")
            )
        matches = orjson.loads(stored.answer)["matches"]
        match = next((one for one in matches if one["entry"]["id"] == body.entry), None)
        if match is None:
            faults.append(Fault("/entry", "not_known", "The screening has no match with this entry"))
    if not now < body.expires_at <= now + LONGEST:
        message = f"It ends after now, and at most {LONGEST.days} days from now"
        faults.append(Fault("/expires_at", "instant_range", message))
    if faults or stored is None or stored.subject is None or match is None:
        raise refused(*faults)
    features = tuple(sorted({feature_of(one["code"], one["queried"], one["listed"]) for one in match["features"]}))
    return StoredClearance(
        service.new_clearance(), stored.subject, digest_of(orjson.loads(stored.query)), body.entry,
        match["entry"]["digest"], features, stored.id, body.reason, author, now, body.expires_at,
    )  # fmt: skip


def _changed(service: Service, admitted: Entered, clearance_id: str, reason: str, *, approving: bool) -> Response:
    """Approve or revoke, and tell what the clearance is then."""
    once = once_of(admitted, clearance_id)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    stored, now, actor = _stored(service, clearance_id), service.clock(), admitted.key.id
    if approving:
        after, step = replace(stored, approver=actor, approved_at=now), service.ledger.clearances.approve
    else:
        after = replace(stored, revoked_by=actor, revoked_at=now, revoke_reason=reason)
        step = service.ledger.clearances.revoke
    answer = orjson.dumps(clearance_body(after, now))
    try:
        return given_answer(given_by(step(clearance_id, actor, now, reason, keyed(once, answer)), answer))
    except UnknownClearance:
        raise not_found("clearance") from None
    except OwnClearance:
        raise Problem("another_person", "Whoever wrote a clearance does not approve it.") from None
    except ClearanceDone:
        raise Problem("not_possible", "It was approved or revoked before, or has run out.") from None


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
