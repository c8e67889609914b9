"""Rates in force, thresholds and returns."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from api import tax_reports
from api.answers import json_answer
from api.gate import Serving, needs
from api.problems import Fault, Problem
from api.routes.decisions import Day, no_nul
from api.schemas import READS, problems
from api.tax_schemas import RatesBody, ThresholdsBody
from engine.ledger import Scope
from engine.places import country_of
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
    merchant: Merchant, scheme: SchemeName, period: PeriodLabel, service: Serving, format: Format = "json"
) -> Response:
    """OSS, non-Union OSS and IOSS in euro at the European Central Bank's rate of the period's last day; the boxes of a United
    Kingdom return in pounds, sales in other currencies at the rate of their day that its law wants. What became known after a
    return was due is in a later one, as a correction of its own period. Every return is reconciled to the transactions it was
    made of: the difference is shown.
    """
    found = tax_reports.returned(service, merchant, scheme, period)
    if format == "json":
        return json_answer(orjson.dumps(found))
    name = f'attachment; filename="{scheme}-{found["period"]}.csv"'
    return Response(table(found), media_type="text/csv", headers={"content-disposition": name})


def _parameter(name: str, code: str, message: str) -> Problem:
    return Problem("parameters_refused", "1 fault.", faults=[Fault("", code, message, parameter=name)])
