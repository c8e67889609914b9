"""The closed list of functions: what they take, what they give, what they do. Unknown in, unknown out (but `coalesce`)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from pydantic_core import PydanticCustomError

from engine.language.errors import TypeFault
from engine.language.tree import Const, Expr
from engine.language.types import DATE, DECIMAL, DURATION, INT, NUMBERS, RATE, Type
from engine.money import DIGITS, EXACT
from engine.wire import read_decimal

_Signature = Callable[[tuple[Expr, ...], int], Type]


def _arity(args: tuple[Expr, ...], count: int, usage: str, at: int) -> None:
    if len(args) != count:
        raise TypeFault("call", f"Use {usage}.", at)


def _same_number(usage: str) -> _Signature:
    def give(args: tuple[Expr, ...], at: int) -> Type:
        _arity(args, 1, usage, at)
        if args[0].type.kind not in NUMBERS | {"money", "rate"}:
            raise TypeFault("type-mismatch", f"{args[0].type} is not a number.", args[0].at)
        return args[0].type

    return give


def _rounding(usage: str) -> _Signature:
    def give(args: tuple[Expr, ...], at: int) -> Type:
        _arity(args, 2, usage, at)
        if args[0].type.kind not in ("decimal", "money"):
            raise TypeFault("type-mismatch", f"{args[0].type} is not rounded.", args[0].at)
        if not (isinstance(args[1], Const) and args[1].type.kind in NUMBERS and args[1].value > 0):
            raise TypeFault("type-mismatch", "The step is a positive literal.", args[1].at)
        return args[0].type

    return give


def _many(args: tuple[Expr, ...], at: int) -> Type:
    raise TypeFault("call", "At least two values are wanted.", at)


def _months_add(args: tuple[Expr, ...], at: int) -> Type:
    usage = 'months_add(date, months, "up"|"down"): the law must say where a month without that day ends'
    _arity(args, 3, usage, at)
    if args[0].type.kind != "date" or args[1].type.kind != "int":
        raise TypeFault("type-mismatch", f"Use {usage}.", at)
    if not (isinstance(args[1], Const) and abs(args[1].value) <= 1200):
        raise TypeFault("type-mismatch", "A literal number of months is wanted, at most 1200.", args[1].at)
    if not (isinstance(args[2], Const) and args[2].value in ("up", "down")):
        raise TypeFault("month-rounding", f"Use {usage}.", args[2].at)
    return DATE


def _day_before(args: tuple[Expr, ...], at: int) -> Type:
    _arity(args, 1, "day_before(date)", at)
    if args[0].type.kind != "date":
        raise TypeFault("type-mismatch", f"{args[0].type} is not a date.", args[0].at)
    return DATE


def _ratio(args: tuple[Expr, ...], at: int) -> Type:
    _arity(args, 2, "ratio(a, b)", at)
    kinds = {arg.type.kind for arg in args}
    if not (kinds <= NUMBERS or kinds == {"money"}):
        raise TypeFault("type-mismatch", "ratio() divides a number by a number, or money by money.", at)
    if kinds == {"money"} and None in {arg.type.unit for arg in args}:
        raise TypeFault("unit-mismatch", "ratio() of money wants both amounts in a declared currency.", at)
    units = {arg.type.unit for arg in args}
    if len(units) > 1:
        raise TypeFault("unit-mismatch", "ratio() of money wants one currency.", at)
    return DECIMAL


def _amount_of(args: tuple[Expr, ...], at: int) -> Type:
    _arity(args, 1, "amount_of(money parameter)", at)
    if args[0].type.kind != "money" or not args[0].type.unit:
        raise TypeFault("type-mismatch", "amount_of() takes money in a declared currency.", at)
    return DECIMAL


def _day_of(args: tuple[Expr, ...], at: int) -> Type:
    _arity(args, 1, "day_of(instant)", at)
    if args[0].type.kind != "instant":
        raise TypeFault("type-mismatch", f"{args[0].type} is not an instant.", args[0].at)
    return DATE


def _distinct(args: tuple[Expr, ...], at: int) -> Type:
    _arity(args, 1, "distinct(list)", at)
    if args[0].type.kind != "list":
        raise TypeFault("type-mismatch", f"{args[0].type} is not a list.", args[0].at)
    return INT


FUNCTIONS: Final[Mapping[str, _Signature]] = {
    "min": _many,
    "max": _many,
    "coalesce": _many,
    "abs": _same_number("abs(number)"),
    "round_half_up": _rounding("round_half_up(amount, step)"),
    "floor_to": _rounding("floor_to(amount, step)"),
    "months_add": _months_add,
    "day_before": _day_before,
    "ratio": _ratio,
    "amount_of": _amount_of,
    "day_of": _day_of,
    "distinct": _distinct,
}
"""Functions by name, each with the check of its arguments. `any all count sum is_known within` are syntax."""

LITERALS: Final = frozenset({"decimal", "percent", "bps", "date", "days", "hours"})
"""Literals with a unit; besides them, every ISO 4217 code in lower case makes money: eur("30.00")."""


def literal(name: str, value: object, at: int) -> Const:
    """The constant behind `percent("0.13")`, `days(3)`, `eur("30.00")` and the like."""
    if name in ("days", "hours"):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 100_000:
            raise TypeFault("literal", f"{name}() takes a whole number.", at)
        return Const(DURATION, at, timedelta(**{name: value}))
    if not isinstance(value, str):
        raise TypeFault("literal", f'{name}() takes a quoted literal, as in {name}("...").', at)
    if name == "date":
        return Const(DATE, at, _date(value, at))
    try:
        number = read_decimal(value)
    except PydanticCustomError as error:
        raise TypeFault("literal", f"{value!r} is not a plain decimal number.", at) from error
    if name == "decimal":
        return Const(DECIMAL, at, number)
    if name in ("percent", "bps"):
        return Const(RATE, at, EXACT.multiply(number, 100) if name == "percent" else number)
    currency = name.upper()
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > DIGITS[currency]:
        raise TypeFault("literal", f"{currency} has {DIGITS[currency]} decimals.", at)
    return Const(Type("money", unit=currency), at, number)


def _date(value: str, at: int) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise TypeFault("literal", f"{value!r} is not an ISO 8601 date.", at) from None


# -- what they do -----------------------------------------------------------------------------------------------------


def round_half_up(value: Decimal, step: Decimal) -> Decimal:
    """Commercial rounding to a multiple of `step`."""
    return EXACT.multiply(EXACT.divide(value, step).to_integral_value(ROUND_HALF_UP), step)


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """The multiple of `step` at or below."""
    return EXACT.multiply(EXACT.divide(value, step).to_integral_value(ROUND_FLOOR), step)


def months_add(day: date, months: int, rounding: str) -> date | None:
    """Calendar months later; where that month lacks the day, its last day (`down`) or the next month's first (`up`)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return None
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    end = date(year, month + 1, last)
    return end if rounding == "down" else end + timedelta(days=1)


def day_before(day: date) -> date | None:
    """The day before, unless the calendar ends."""
    return day - timedelta(days=1) if day > date.min else None


def ratio(a: Decimal, b: Decimal) -> Decimal | None:
    """a / b to 34 digits; unknown where b is nought."""
    return EXACT.divide(Decimal(a), Decimal(b)) if b else None


def absolute(value: Any) -> Any:
    """Without its sign, and with every digit: Decimal's own abs() rounds to the thread's precision."""
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def shift(moment: Any, by: timedelta, sign: int) -> date | datetime | None:
    """A date or instant moved; unknown beyond the calendar's ends."""
    try:
        return moment + by if sign > 0 else moment - by  # type: ignore[no-any-return]
    except OverflowError:
        return None


def add_durations(a: timedelta, b: timedelta) -> timedelta | None:
    """The sum of two durations; unknown beyond what a duration can hold."""
    try:
        return a + b
    except OverflowError:
        return None


def day_of(moment: datetime) -> date:
    """The calendar day of an instant, in the offset in which it was stated."""
    return moment.date()


def distinct(items: tuple[Any, ...]) -> int:
    """How many different items there are."""
    return len(set(items))


RUN: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": absolute,
    "round_half_up": round_half_up,
    "floor_to": floor_to,
    "months_add": months_add,
    "day_before": day_before,
    "ratio": ratio,
    "day_of": day_of,
    "distinct": distinct,
}
"""Functions that simply take known values. `min max coalesce amount_of` are the executors' own."""
