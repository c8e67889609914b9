"""Tax numbers: what can be said of them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Response

from api import tax_ids
from api.answers import given_answer
from api.gate import Entered, Serving, needs
from api.schemas import WRITES, problems
from api.tax_ids import IdAnswer, Questions
from api.twin import IdempotencyKey
from engine.ledger import Scope

router = APIRouter(route_class=needs(Scope.TAX, lists=True, national=True), tags=["tax"])

_ASKED: Final[dict[str, Any]] = {
    "one": {"summary": "One number, its country told by its prefix", "value": {"value": "EL 094259216"}},
    "proof": {
        "summary": "With the number of who asks: VIES gives a consultation number",
        "value": {"country": "IT", "value": "00743110157", "own": {"country": "DE", "value": "DE136695976"}},
    },
    "vendor": {"summary": "A South African vendor", "value": {"country": "ZA", "value": "4220119988"}},
    "many": {
        "summary": "Several at once",
        "value": [{"country": "DE", "value": "DE136695976"}, {"country": "IN", "value": "27AAPFU0939F1ZV"}],
    },
}
_ANSWERED: Final[dict[str, Any]] = {
    "country": "IT", "value": "00743110157", "normalised": "IT00743110157", "state": "valid", "kind": "registration",
    "region": None, "checked_at": "2026-11-22T09:15:00Z", "source": "VIES", "consultation_number": "WAPIAAAAZ1example",
    "reason": None, "message": "VIES confirms the number.", "policy": None, "recheck_after": None,
}  # fmt: skip


@router.post(
    "/v1/tax/ids/validate",
    response_model=IdAnswer | list[IdAnswer],
    responses={
        200: {"content": {"application/json": {"example": _ANSWERED}}},
        **WRITES,
        **problems(410),
    },
    summary="Look at tax numbers",
)
async def validate(
    questions: Annotated[Questions, Body(openapi_examples=_ASKED)],
    service: Serving,
    admitted: Entered,
    _once: IdempotencyKey = None,
) -> Response:
    """One number, or a list of up to 100; the answer has the same form.

    Offline a number is `format_valid` at best and never `valid`. With `LEXGATE_VIES=on` numbers of the Union and of Northern
    Ireland are looked up in VIES; where that does not answer, they stay `format_valid` and `policy` says what was declared.
    """
    return given_answer(await tax_ids.answer(service, questions, admitted))
