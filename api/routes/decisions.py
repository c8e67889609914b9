"""Stored decisions: as they were answered, why, and whether they would be answered the same again."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from api import decision_document, decision_search, replaying
from api.answers import json_answer
from api.archived import missing
from api.decision_schemas import (
    DecisionQuery,
    DecisionSummary,
    DocumentBody,
    EventList,
    MessagesBody,
    SummaryPage,
    WholePage,
    no_nul,
)
from api.drafting import Desk
from api.explanations import ExplanationBody
from api.gate import Caller, Locale, Serving, needs
from api.masking import Masks, Personal, personal_in, require_whole, sees_persons
from api.problems import Problem, not_found
from api.schemas import READS, ReplayBody, problems
from api.service import Service
from engine.decision import DecisionBody
from engine.ledger import Scope, StoredDecision
from engine.packs import PackError
from engine.wire import read_date, read_instant

router = APIRouter(route_class=needs(Scope.READ), tags=["decisions"])


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    return read_date(value) if len(value) == 10 else read_instant(value).date()


Day = Annotated[date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "format": "date"})]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[str | None, AfterValidator(no_nul), Query(max_length=64, description="`next` of the page before.")]
DecisionId = Annotated[str, AfterValidator(no_nul), Path(max_length=64, examples=["dec_01kavw3e5n7x2v8g4yq0m6tz1b"])]
ReleaseId = Annotated[
    str | None, Query(description="Digest of another release that was in force here; default: the decision's own.")
]
DraftNamed = Annotated[
    str | None,
    Query(
        pattern=r"^drf_[0-9a-z]{1,40}$",
        description="Under what this draft would put in force; `release` is not looked at.",
    ),
]
LegalTime = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
    Query(description="Ask under the law of another day: a date, or an instant, whose own date is taken."),
]


@router.get(
    "/v1/decisions", response_model=WholePage | SummaryPage, responses={**READS, **problems(422)},
    summary="List and search decisions",
)  # fmt: skip
def listed(service: Serving, asked: Annotated[DecisionQuery, Query()]) -> Response:
    """The newest first. Whatever is asked must hold; a search looks at 100,000 decisions at most, and says how far it came.

    `view=summary` gives what a list shows of each, with the amount and what was stated.
    """
    return json_answer(decision_search.page_of(service, asked))


@router.get(
    "/v1/decisions/{decision_id}", response_model=DecisionBody, responses={**READS, **problems(404, 410, 422)},
    summary="Show a decision",
)  # fmt: skip
def shown(decision_id: DecisionId, service: Serving) -> Response:
    """The very bytes that were answered."""
    stored = find(service, decision_id)
    return json_answer(stored.answer, stored.release)


@router.get(
    "/v1/decisions/{decision_id}/explanation", response_model=ExplanationBody,
    responses={**READS, **problems(404, 410, 422)}, summary="Explain a decision",
)  # fmt: skip
def explained(decision_id: DecisionId, service: Serving, caller: Caller, locale: Locale) -> Response:
    """Every rule that was looked at in every domain that was decided, with the value of each sub-expression, worked out by the
    interpreter from the facts, history and rates that were kept with the decision; and each question of the tax procedure.

    Where `customer` is the payee, rules of `kyc` speak of the customer as the payer. Personal values are masked for who does not
    work on persons (scopes `review`, `screen`, `onboard`).
    """
    stored = find(service, decision_id)
    told = replaying.explanation(service.packs_of, stored, locale)
    if not sees_persons(caller):
        told = Masks(personal_in(stored.facts)).over(decision_document.impersonal(told))
    return json_answer(orjson.dumps(told), stored.release)


@router.post(
    "/v1/decisions/{decision_id}/replay", response_model=ReplayBody, responses={**READS, **problems(404, 409, 410, 422)},
    summary="Decide again",
)  # fmt: skip
def replayed(
    decision_id: DecisionId,
    service: Serving,
    release: ReleaseId = None,
    legal_time: LegalTime = None,
    draft: DraftNamed = None,
) -> Response:
    """From the stored request and the stored inputs: as it was, under another release, under what a draft would make of the law,
    or under the law of another day.

    Stores nothing.
    """
    stored = find(service, decision_id)
    packs_of = service.packs_of if draft is None else drafted(service, draft)
    result = replaying.replayed(packs_of, stored, release if draft is None else None, legal_time)
    return json_answer(orjson.dumps(result), result["release"])


@router.get(
    "/v1/decisions/{decision_id}/summary", response_model=DecisionSummary, responses={**READS, **problems(404, 422)},
    summary="Show a decision in short",
)  # fmt: skip
def summed_up(decision_id: DecisionId, service: Serving) -> Response:
    """What a list shows of it: the amount, and what was stated, beside what was found."""
    found = service.ledger.search.one(decision_id)
    if found is None:
        raise not_found("decision")
    return json_answer(orjson.dumps(decision_search.summary(found)), found.release)


@router.get(
    "/v1/decisions/{decision_id}/events", response_model=EventList, responses={**READS, **problems(404, 422)},
    summary="List what became of a payment",
)  # fmt: skip
def events(decision_id: DecisionId, service: Serving) -> Response:
    """In the order in which it was told."""
    stored = find(service, decision_id)
    told = decision_document.events(service.ledger.history.events(stored.id))
    return json_answer(orjson.dumps({"data": told}), stored.release)


@router.get(
    "/v1/decisions/{decision_id}/messages", response_model=MessagesBody, responses={**READS, **problems(404, 410, 422)},
    summary="Show what the payer is told",
)  # fmt: skip
def messages(decision_id: DecisionId, service: Serving) -> Response:
    """In every language of the release that decided: the sentence, and what is asked for with its reason."""
    stored = find(service, decision_id)
    return json_answer(orjson.dumps(decision_document.messages(service, stored)), stored.release)


@router.get(
    "/v1/decisions/{decision_id}/document", response_model=DocumentBody,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "The document"},
        **READS, **problems(404, 410, 422),
    },
    summary="Export a decision for an auditor",
)  # fmt: skip
def exported(
    decision_id: DecisionId,
    service: Serving,
    caller: Caller,
    locale: Locale,
    format: Literal["json", "pdf"] = "json",
    personal: Annotated[
        Personal, Query(description="whole: for the scopes review, screen and onboard; the chain tells who asked.")
    ] = "masked",
) -> Response:
    """The decision, its explanation, the digest of its request, the release and rulepacks with their digests, its place and
    hash in the audit chain, and whether it is answered the same now. Personal values are masked, and `masked` names the fields.

    The same bytes each time, until an event is told. The PDF names the SHA-256 of the JSON.
    """
    stored = find(service, decision_id)
    if personal == "whole":
        require_whole(service, caller, "decision document", stored.id)
    made = decision_document.document(service, stored, locale, personal)
    body = orjson.dumps(made, option=orjson.OPT_INDENT_2)
    headers = {
        "content-disposition": f'attachment; filename="{stored.id}.{format}"', "lexgate-release": stored.release,
    }  # fmt: skip
    if format == "json":
        return Response(body, media_type="application/json", headers=headers)
    # The library of papers takes a quarter of a second to load, which no start should wait for.
    from api.document_pdf import pdf_of

    return Response(pdf_of(made, body), media_type="application/pdf", headers=headers)


def drafted(service: Service, draft_id: str) -> replaying.PacksOf:
    """The law that a draft would put in force, whatever release is asked for. Raises 404, and 409 where it cannot be read."""
    draft = service.ledger.drafts.one(draft_id)
    if draft is None:
        raise not_found("draft")
    try:
        candidate = Desk(service, draft.author).candidate(draft)
    except PackError as error:
        raise Problem("not_possible", f"The draft cannot be read: {error.problems[0]}") from None
    return lambda _: candidate


def find(service: Service, decision_id: str) -> StoredDecision:
    """The decision with this id, of the ledger or its archive. Raises 404."""
    stored = service.ledger.decision(decision_id)
    if stored is None:
        raise missing(service.ledger, service.settings, decision_id)
    return stored
