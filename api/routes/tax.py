"""The life of a tax: calculated, committed, given back; and asked again under another law."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import AfterValidator

from api import taxing
from api.answers import given_answer, json_answer
from api.gate import Entered, Locale, Serving, needs
from api.problems import not_found
from api.replaying import digest_of
from api.routes.decisions import LegalTime, ReleaseId, no_nul
from api.schemas import READS, WRITES, problems
from api.tax_schemas import (
    CalculationBody,
    Commit,
    RecalculationBody,
    ReversalBody,
    ReversalQuestion,
    TaxQuestion,
    TransactionBody,
)
from api.twin import IdempotencyKey
from engine.calculation import recalculate
from engine.facts import facts_of
from engine.ledger import Scope
from engine.replay import differences

router = APIRouter(route_class=needs(Scope.TAX), tags=["tax"])

CalculationId = Annotated[
    str, AfterValidator(no_nul), Path(max_length=64, examples=["calc_01kavw3e5n7x2v8g4yq0m6tz1b"])
]
TransactionId = Annotated[str, AfterValidator(no_nul), Path(max_length=64, examples=["tax_01kavw3e5n7x2v8g4yq0m6tz1b"])]


@router.post(
    "/v1/tax/calculations",
    response_model=CalculationBody,
    responses={**WRITES, **problems(410)},
    summary="Work out a tax",
)
def calculate(
    question: TaxQuestion, service: Serving, admitted: Entered, locale: Locale, _once: IdempotencyKey = None
) -> Response:
    """The tax part of a Transaction in, the tax of every line out, with the article behind each step.

    Stored before it is answered, and valid for 90 days. Where facts are missing the verdict is `undecided`, and `missing` names
    them: never a silent zero. Of a tax number that is not said to be `verified`, what VIES told this service before counts, and
    the operator's policy while it is not confirmed.
    """
    return given_answer(taxing.calculated(service, question, admitted, locale))


@router.get(
    "/v1/tax/calculations/{calculation_id}", response_model=CalculationBody,
    responses={**READS, **problems(404, 410, 422)}, summary="Show a calculation",
)  # fmt: skip
def shown_calculation(calculation_id: CalculationId, service: Serving) -> Response:
    """The very bytes that were answered; 410 once whom it was about was erased."""
    stored = taxing.find_calculation(service, calculation_id)
    return json_answer(stored.answer, stored.release)


@router.post(
    "/v1/tax/calculations/{calculation_id}/replay", response_model=RecalculationBody,
    responses={**READS, **problems(404, 410, 422)}, summary="Work out a tax again",
)  # fmt: skip
def replayed(
    calculation_id: CalculationId, service: Serving, release: ReleaseId = None, legal_time: LegalTime = None
) -> Response:
    """From the stored request, profile and exchange rates: as it was, under another release, or under the law of another day.

    Stores nothing.
    """
    stored = taxing.find_calculation(service, calculation_id)
    packs = service.packs_of(digest_of(release) if release is not None else stored.release)
    if packs is None:
        raise not_found("release")
    facts = facts_of(taxing.question_of(stored.facts))
    found = recalculate(facts, orjson.loads(stored.inputs), packs, legal_day=legal_time).body
    identical = orjson.dumps(found) == stored.answer
    body = {
        "id": stored.id,
        "identical": identical,
        "release": packs.release.digest,
        "legal_day": _iso(legal_time),
        "differences": [] if identical else list(differences(orjson.loads(stored.answer), found)),
        "calculation": found,
    }
    return json_answer(orjson.dumps(body), packs.release.digest)


@router.post(
    "/v1/tax/transactions", response_model=TransactionBody, responses={**WRITES, **problems(404, 410)},
    summary="Commit a calculation",
)  # fmt: skip
def commit(commit: Commit, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """The sale was made: its tax counts from now on, in totals and returns.

    Once for each calculation, within its 90 days, and only where every line is determined: 409 otherwise.
    """
    return given_answer(taxing.committed(service, commit, admitted))


@router.get(
    "/v1/tax/transactions/{transaction_id}", response_model=TransactionBody,
    responses={**READS, **problems(404, 410, 422)}, summary="Show a transaction",
)  # fmt: skip
def shown_transaction(transaction_id: TransactionId, service: Serving) -> Any:
    """What was charged, what went back of it, and what is left."""
    stored = service.ledger.taxes.transaction(transaction_id)
    if stored is None:
        raise not_found("transaction")
    return json_answer(orjson.dumps(taxing.shown(stored, service.ledger.taxes.reversals(stored.id))), stored.release)


@router.post(
    "/v1/tax/transactions/{transaction_id}/reversals", response_model=ReversalBody,
    responses={**WRITES, **problems(404, 410)}, summary="Give back a tax",
)  # fmt: skip
def reverse(
    transaction_id: TransactionId,
    question: ReversalQuestion,
    service: Serving,
    admitted: Entered,
    _once: IdempotencyKey = None,
) -> Response:
    """In full, by lines, or by an amount; under the rates and the law of the sale, whatever they are today.

    Several partial reversals add up to the whole to the last cent, and never to more: more than is left is 422.
    """
    return given_answer(taxing.reversed_(service, transaction_id, question, admitted))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
