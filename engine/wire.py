"""The field types of the wire: how a caller may write money, places, instants and rates, and what is refused at the door.

Every refusal is a `PydanticCustomError` with a stable code, so that each face of the service reports it alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from engine.money import DIGITS
from engine.places import UnknownPlace, place, region_code

_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,12})?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})")


FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Instants outside are slips of the pen, and every calendar beyond them overflows somewhere."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a field means to the rule language. `unit` of money names the sibling (or root) field with its currency."""

    kind: str
    unit: str | None = None
    silent: Any = None
    """What silence means, where it has a meaning: an adverse report not made, a purpose not stated. None: unknown."""


def _refuse(code: str, message: str) -> PydanticCustomError:
    return PydanticCustomError(code, message)


def read_decimal(value: object) -> Decimal:
    """An exact decimal from a string or an integer. A JSON float has already lost cents and is refused."""
    if isinstance(value, bool) or value is None:
        raise _refuse("decimal_type", 'A decimal string is wanted, such as "25.00"')
    if isinstance(value, float):
        raise _refuse("float_refused", 'A JSON float has already lost cents: send a decimal string, such as "25.00"')
    if isinstance(value, int):
        if abs(value) >= 10**18:
            raise _refuse("decimal_too_large", "At most 18 digits before the point")
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise _refuse("decimal_form", "Not a plain decimal number: digits, one point, no exponent, no grouping")


def _read_amount(value: object) -> Decimal:
    amount = read_decimal(value)
    if amount.is_signed():
        raise _refuse("negative_amount", "An amount is never negative: the kind and direction say which way money goes")
    return amount


def read_place(value: object) -> str:
    """A canonical ISO place code; `UK` and `EL` are read as `GB` and `GR`."""
    if not isinstance(value, str):
        raise _refuse("place_type", "A place is an ISO 3166 code in a string")
    try:
        return place(value)
    except UnknownPlace as error:
        raise _refuse(error.code, str(error)) from None


STORED: Final = {"stored": True}
"""Context of validation for what was accepted before: rules of today that hold facts against each other do not refuse it."""


def is_stored(info: ValidationInfo) -> bool:
    """Whether a body is read again that was accepted before."""
    return bool(info.context and info.context.get("stored"))


def part_of(country: str) -> Callable[[Any, ValidationInfo], Any]:
    """A validator of a region beside that field of its object: a code of ISO 3166-2 that lies in the country stated there."""

    def check(region: Any, info: ValidationInfo) -> Any:
        known = country in info.data  # of a country that is refused itself nothing can be said
        if region is not None and known and not is_stored(info):
            try:
                region_code(region, info.data.get(country))
            except UnknownPlace as error:
                raise _refuse(error.code, str(error)) from None
        return region

    return check


def _read_currency(value: object) -> str:
    if isinstance(value, str) and value in DIGITS:
        return value
    raise _refuse("unknown_currency", "Not an ISO 4217 currency code")


def read_instant(value: object) -> datetime:
    """An aware instant in RFC 3339 form."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise _refuse(
            "instant_form", "An RFC 3339 instant with its offset is wanted, such as 2026-11-22T10:15:00+01:00"
        )
    try:
        instant = datetime.fromisoformat(value.upper().replace("Z", "+00:00"))
    except ValueError:
        raise _refuse("instant_range", "No such day or hour") from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise _refuse("instant_range", f"Between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant


def read_day_or_instant(value: object) -> datetime:
    """An instant, or a calendar day, read as its noon in UTC: the same day nearly everywhere on earth."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return read_instant(datetime.combine(read_date(value), time(12), UTC).isoformat())
    return read_instant(value)


def read_date(value: object) -> date:
    """A calendar day in ISO 8601 form."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _refuse("date_range", "No such day") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _refuse("date_form", "An ISO 8601 date is wanted, such as 2026-11-22")


_AMOUNT_SCHEMA: Final = {
    "anyOf": [
        {"type": "string", "pattern": r"^(0|[1-9]\d{0,17})(\.\d{1,12})?$"},
        {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
    ]
}


class _AmountSchema:
    @classmethod
    def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> dict[str, Any]:
        return dict(_AMOUNT_SCHEMA)


class _DayOrInstantSchema:
    @classmethod
    def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}


Amount = Annotated[Decimal, BeforeValidator(_read_amount), _AmountSchema, Fact("money", unit="currency")]
"""Money in the transaction's currency."""

OwnAmount = Annotated[Decimal, BeforeValidator(_read_amount), _AmountSchema, Fact("money", unit=".currency")]
"""Money in the currency stated beside it, in the same object."""

Ratio = Annotated[Decimal, BeforeValidator(_read_amount), _AmountSchema, Fact("decimal")]
BasisPoints = Annotated[Decimal, BeforeValidator(_read_amount), _AmountSchema, Fact("rate", unit="bps")]
Place = Annotated[str, BeforeValidator(read_place), Fact("place")]
CurrencyCode = Annotated[str, BeforeValidator(_read_currency), Fact("token"), Field(examples=["EUR"])]
Instant = Annotated[datetime, BeforeValidator(read_instant), Fact("instant")]
DayOrInstant = Annotated[datetime, BeforeValidator(read_day_or_instant), _DayOrInstantSchema, Fact("instant")]
"""What callers keep to the second or to the day: when a mandate, an account or a check of identity was made."""
Day = Annotated[date, BeforeValidator(read_date), Fact("date")]
Token = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$"), Fact("token")
]
"""An open vocabulary: lower case, digits and underscores."""
Text = Annotated[str, StringConstraints(strict=True, max_length=400), Fact("text")]
Identifier = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), Fact("text")]
Flag = Annotated[bool, Field(strict=True), Fact("bool")]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000), Fact("int")]


def _read_open(value: object) -> object:
    if isinstance(value, float):
        raise _refuse("float_refused", "A JSON float has already lost digits: send a decimal string")
    if isinstance(value, dict):
        return {str(key): _read_open(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_read_open(item) for item in value]
    return value


Open = Annotated[dict[str, Any], BeforeValidator(_read_open), Fact("open")]
"""Facts that a single pack asks for, under names of its own."""


class Stated(BaseModel):
    """A part of what a caller states: closed, so that a misspelt field is an error and never a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
