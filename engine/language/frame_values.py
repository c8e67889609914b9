"""Values as columns: whole numbers of known scale and bound, days, moments and lengths of time. The frame's arithmetic.

Polars' own decimals are not used to calculate: an Int128 of known scale can neither round nor, within its bound, overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, Final

import polars as pl

from engine.language.columns import SCALE

WIDE: Final = pl.Int128()
HELD: Final = 10**38
"""Int128 holds a little more than this."""
EXACT_TO: Final = 10**34
"""Beyond it the engine's decimals round, and whole numbers do not."""

EPOCH: Final = date(1970, 1, 1)
NUMERIC: Final = frozenset({"int", "decimal", "rate", "money"})
COUNTED: Final = NUMERIC | {"date", "instant", "duration"}
_LIKE: Final = {"bool": pl.Boolean(), "list": pl.List(pl.String())}
_DAY: Final = 86_400_000_000
_FIRST, _LAST = (date.min - EPOCH).days, (date.max - EPOCH).days


class NotInFrame(ValueError):
    """Why a condition is not asked of columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value: of numbers, `scale` digits stand behind the point, and no whole is larger than `most`.

    Dates are days and instants microseconds since 1970, durations microseconds; instants carry the `offset`, in
    microseconds, that they were stated in.
    """

    expr: pl.Expr
    scale: int = 0
    most: int = 0
    offset: pl.Expr | None = None

    def at(self, scale: int) -> Column:
        """The same number at a larger scale."""
        if scale == self.scale:
            return self
        factor = 10 ** (scale - self.scale)
        return replace(self, expr=self.expr * whole(factor), scale=scale, most=fits(self.most * factor, HELD))


def whole(value: int) -> pl.Expr:
    """A fixed whole number."""
    return pl.lit(value, dtype=WIDE)


ONE_DAY: Final = Column(whole(_DAY))


def unknown(kind: str) -> Column:
    """Nothing known, as a column of a kind."""
    return Column(pl.lit(None, dtype=WIDE if kind in COUNTED else _LIKE.get(kind, pl.String())))


def fixed(kind: str, value: Any) -> Column:
    """A value that is the same in every row."""
    if kind in NUMERIC:
        sign, digits, exponent = Decimal(value).as_tuple()
        number = int("".join(map(str, digits))) * (-1 if sign else 1) * 10 ** max(0, int(exponent))
        return Column(whole(number), max(0, -int(exponent)), fits(abs(number), HELD))
    if kind == "date":
        return Column(whole((value - EPOCH).days))
    if kind == "duration":
        return Column(whole(value // timedelta(microseconds=1)))
    return Column(pl.lit(list(value), dtype=pl.List(pl.String())) if kind == "list" else pl.lit(value))


def fits(most: int, limit: int) -> int:
    """The bound, if it is within the limit."""
    if most >= limit:
        raise NotInFrame(f"a number could have {len(str(most))} digits, more than a column holds exactly")
    return most


def alike(columns: Sequence[Column], kind: str) -> list[Column]:
    """The columns at one scale."""
    if kind not in NUMERIC:
        return list(columns)
    scale = max(column.scale for column in columns)
    return [column.at(scale) for column in columns]


Pick = Callable[[pl.Expr, pl.Expr], pl.Expr]


def joined(pick: Pick, a: Column, b: Column) -> Column:
    """One or the other of two columns of one scale, row by row."""
    offset = pick(a.offset, b.offset) if a.offset is not None and b.offset is not None else None
    return Column(pick(a.expr, b.expr), a.scale, max(a.most, b.most), offset)


def chosen(test: pl.Expr, then: Column, other: Column, kind: str) -> Column:
    """`then if test else other`; an unknown test does not matter where both agree."""
    then, other = alike([then, other], kind)
    agreed = then.expr == other.expr

    def pick(a: pl.Expr, b: pl.Expr) -> pl.Expr:
        return pl.when(test).then(a).when(~test).then(b).otherwise(pl.when(agreed).then(a))

    return joined(pick, then, other)


def first_known(columns: Sequence[Column], kind: str) -> Column:
    """The first that is known."""

    def of(a: Column, b: Column) -> Column:
        return joined(lambda x, y: pl.when(a.expr.is_not_null()).then(x).otherwise(y), a, b)

    return reduce(of, alike(columns, kind))


def extreme(columns: Sequence[Column], kind: str, better: Callable[[Any, Any], Any]) -> Column:
    """The first of the smallest or the largest, unknown where one of them is."""

    def of(a: Column, b: Column) -> Column:
        known, taken = a.expr.is_not_null() & b.expr.is_not_null(), better(b.expr, a.expr)
        return joined(lambda x, y: pl.when(known).then(pl.when(taken).then(y).otherwise(x)), a, b)

    return reduce(of, alike(columns, kind))


def calculated(op: str, left: Column, right: Column, kind: str) -> Column:
    """+ - and * of numbers or durations."""
    if kind == "duration":
        return Column(left.expr + right.expr if op == "+" else left.expr - right.expr)
    limit = HELD if kind == "int" else EXACT_TO
    if op == "*":
        most = fits(left.most * right.most, limit)
        return Column(left.expr * right.expr, left.scale + right.scale, most)
    left, right = alike([left, right], "decimal")
    most = fits(left.most + right.most, limit)
    return Column(left.expr + right.expr if op == "+" else left.expr - right.expr, left.scale, most)


def divided(left: Column, divisor: Decimal) -> Column:
    """Division by a fixed number as multiplication by its reciprocal, where that ends."""
    by, digits = fixed("decimal", divisor), 0
    while 10**digits % by.most:
        digits += 1
        if digits > SCALE:
            raise NotInFrame(f"a division by {divisor} does not come out even")
    factor = 10**digits // by.most * 10**by.scale * (-1 if divisor < 0 else 1)
    return Column(left.expr * whole(factor), left.scale + digits, fits(left.most * abs(factor), EXACT_TO))


def moved(op: str, left: Column, by: Column, kind: str) -> Column:
    """A day or a moment some time earlier or later, unknown beyond the ends of the calendar."""
    step = by.expr // whole(_DAY) if kind == "date" else by.expr
    there = left.expr + step if op == "+" else left.expr - step
    if left.offset is None:
        return Column(_between(there, there, _FIRST, _LAST))
    return replace(left, expr=_between(there, there + left.offset, _FIRST * _DAY, (_LAST + 1) * _DAY - 1))


def between(left: Column, right: Column, kind: str) -> Column:
    """The time from one day or moment to another."""
    return Column((left.expr - right.expr) * whole(_DAY if kind == "date" else 1))


def day_of(moment: Column) -> Column:
    """The calendar day of a moment, in the offset in which it was stated."""
    local = moment.expr if moment.offset is None else moment.expr + moment.offset
    return Column(local // whole(_DAY))


def _between(value: pl.Expr, tested: pl.Expr, first: int, last: int) -> pl.Expr:
    return pl.when((tested >= whole(first)) & (tested <= whole(last))).then(value)
