"""Rates in force, thresholds and returns, filed ones too."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from api import returning, tax_reports
from api.answers import given_answer, json_answer
from api.gate import Entered, Serving, needs
from api.problems import Fault, Problem
from api.routes.decisions import After, Day, Limit, no_nul
from api.schemas import READS, WRITES, problems
from api.tax_schemas import FiledBody, FiledPage, FilingQuestion, RatesBody, ThresholdsBody
from api.twin import IdempotencyKey
from engine.ledger import Scope
from engine.places import country_of
from engine.tax import uk_return
from engine.tax.returns_csv import table
from engine.wire import Amount, read_place

router = APIRouter(route_class=needs(Scope.TAX), tags=["tax"])

_PLACE = {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"}


def _amount(value: object) -> object:
    """An amount in a query is written as text."""
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("decimal_form", "A decimal number is wanted")
    return value


Country = Annotated[
    str,
    BeforeValidator(read_place),
    WithJsonSchema(_PLACE),
    Query(description="ISO 3166-1, or ISO 3166-2 of a part.", examples=["FR"]),
]
Region = Annotated[
    str | None,
    BeforeValidator(lambda value: None if value is None else read_place(value)),
    WithJsonSchema(_PLACE),
    Query(description="ISO 3166-2 of a part of the country.", examples=["US-TX"]),
]
At = Annotated[Day | None, Query(description="A day; default: today there.")]
Category = Annotated[
    str | None,
    Query(pattern=r"^[a-z0-9_]{1,64}$", description="Only lines of this category.", examples=["books"]),
]
Merchant = Annotated[
    str, AfterValidator(no_nul), Query(min_length=1, max_length=200, description="Id of a merchant.", examples=["m-1"])
]
WhatIf = Annotated[
    Amount | None,
    BeforeValidator(_amount),
    Query(
        description="A further sale of this amount without tax, in each threshold's own currency.", examples=["2500"]
    ),
]
SchemeName = Annotated[
    Literal["oss", "non_union_oss", "ioss", "uk"], Query(description="The scheme whose return is wanted.")
]
PeriodLabel = Annotated[
    str,
    AfterValidator(no_nul),
    Query(
        max_length=20,
        description="`2026-Q4`; `2026-11` for IOSS; `2026-11..2027-01` for a United Kingdom stagger group.",
        examples=["2026-Q4"],
    ),
]
Format = Annotated[Literal["json", "csv"], Query(description="How it is written.")]

Pounds = Annotated[
    Amount | None,
    BeforeValidator(_amount),
    Query(description="Scheme `uk`: what is not recorded here, in pounds. Not stated: not known.", examples=["120.00"]),
]
ReturnId = Annotated[str, AfterValidator(no_nul), Path(max_length=64, examples=["ret_01kavw3e5n7x2v8g4yq0m6tz1b"])]

_TABLE = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The return"}


@router.get(
    "/v1/tax/rates", response_model=RatesBody, responses={**READS, **problems(404, 422)}, summary="List rates of a place",
)  # fmt: skip
def rates(country: Country, service: Serving, date: At = None, category: Category = None, region: Region = None) -> Any:
    """Every rate in force on a day, with its article, how surely it is known, and when it was last looked at."""
    if region is not None and country_of(region) != country_of(country):
        raise _parameter("region", "other_country", "The region lies in another country")
    return tax_reports.rates(service, region or country, date, category)


@router.get(
    "/v1/tax/thresholds", response_model=ThresholdsBody, responses={**READS, **problems(404, 422)},
    summary="Show how near thresholds are", response_model_exclude_unset=True,
)  # fmt: skip
def thresholds(merchant: Merchant, service: Serving, what_if: WhatIf = None) -> Any:
    """For each place sold into: the threshold, the total so far, the very sale that crossed it, and when it will be crossed at
    the present rate of sales. A sale that crossed is not undone by a later refund.
    """
    amount: Decimal | None = what_if
    return tax_reports.near(service, merchant, amount)


@router.get(
    "/v1/tax/returns", response_model=dict[str, Any], responses={200: _TABLE, **READS, **problems(404, 422)},
    summary="Draw up a return",
)  # fmt: skip
def returns(
    merchant: Merchant,
    scheme: SchemeName,
    period: PeriodLabel,
    service: Serving,
    format: Format = "json",
    input_tax: Pounds = None,
    purchases: Pounds = None,
    acquisition_tax: Pounds = None,
    acquisitions: Pounds = None,
) -> Response:
    """OSS, non-Union OSS and IOSS in euro at the European Central Bank's rate of the period's last day; the nine boxes of a
    United Kingdom return in pounds, sales in other currencies at the rate of their day that its law wants, those of purchases as
    stated, or null.

    What became known after a return was filed, or was due, is in a later one, as a correction of its own period. Every return is
    reconciled to the transactions it was made of: the difference is shown. `filed` names the return of the period that was filed,
    if any: what is shown is then drawn up from the same transactions.
    """
    stated = uk_return.Stated(input_tax, purchases, acquisition_tax, acquisitions)
    found = returning.returned(service, merchant, scheme, period, stated)
    return json_answer(orjson.dumps(found)) if format == "json" else _csv(found)


@router.post(
    "/v1/tax/returns", response_model=FiledBody, responses={**WRITES, **problems(404)}, summary="File a return"
)
def file(question: FilingQuestion, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Keeps a return of a period that is over as it is now: rows, rates, every transaction in it, and a digest of them. From then
    on corrections depend on it: what it does not hold goes into the next return, even where it was filed before it was due.

    Once for each period: 409 `already_filed` names the one there is. A corrected return names it under `corrects`, until the day
    on which it is due; afterwards only later returns correct it. Lexgate sends nothing to a tax office.
    """
    return given_answer(returning.filed(service, question, admitted))


@router.get(
    "/v1/tax/returns/filed",
    response_model=FiledPage,
    responses={**READS, **problems(422)},
    summary="List filed returns",
)
def filed_returns(merchant: Merchant, service: Serving, limit: Limit = 50, after: After = None) -> Response:
    """In the order in which they were filed, corrected ones included."""
    return json_answer(orjson.dumps(returning.listed(service, merchant, limit, after)))


@router.get(
    "/v1/tax/returns/filed/{return_id}", response_model=FiledBody, responses={200: _TABLE, **READS, **problems(404, 422)},
    summary="Show a filed return",
)  # fmt: skip
def filed_return(return_id: ReturnId, service: Serving, format: Format = "json") -> Response:
    """The very bytes that were answered when it was filed; as CSV the return in them."""
    stored = returning.find_return(service, return_id)
    return (
        json_answer(stored.answer, stored.release) if format == "json" else _csv(orjson.loads(stored.answer)["return"])
    )


def _csv(found: dict[str, Any]) -> Response:
    name = f'attachment; filename="{found["scheme"]}-{found["period"]}.csv"'
    return Response(table(found), media_type="text/csv", headers={"content-disposition": name})


def _parameter(name: str, code: str, message: str) -> Problem:
    return Problem("parameters_refused", "1 fault.", faults=[Fault("", code, message, parameter=name)])
