"""Transactions as columns: one column a fact, exact types only, null for what is not stated.

| kind of fact             | column                                                                              |
| bool, int, date          | Boolean, Int64, Date                                                                |
| money                    | Decimal(30, 12) in major units, and `<path>.currency` beside it                     |
| decimal, rate            | Decimal(30, 12); rates in basis points                                              |
| instant                  | Datetime in UTC, and `<path>.offset`: the seconds by which it was stated off UTC    |
| place, enum, token, text | String                                                                              |
| list of those            | List                                                                                |
| list of objects          | Int64: how many. What is in them is no column                                       |
| open facts               | Boolean: whether any is stated                                                      |

Beside the facts stand `payment_date` and `local_hour`, local to the jurisdiction whose rules are asked, and where amounts are
converted `rate_date` (else `payment_date`) and a column of rates for each pair (`rate_column`), as text: no column type
holds the 34 digits of a cross rate.

This module and `frame` alone know Polars; nothing that decides imports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import polars as pl

from engine.catalogue import NAMED
from engine.language.law import OWN, Moment
from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
from engine.money import Money, RateTable

SCALE: Final = 12
"""Decimals that an amount or a rate may have on the wire."""
NUMBER: Final = pl.Decimal(30, SCALE)
RATE_DATE: Final = "rate_date"

_INSTANT: Final = pl.Datetime("us", "UTC")
_TYPES: Final[Mapping[str, pl.DataType]] = {
    "bool": pl.Boolean(),
    "int": pl.Int64(),
    "decimal": NUMBER,
    "rate": NUMBER,
    "money": NUMBER,
    "date": pl.Date(),
    "instant": _INSTANT,
    "place": pl.String(),
    "enum": pl.String(),
    "token": pl.String(),
    "text": pl.String(),
    "open": pl.Boolean(),
    "list:decimal": pl.List(NUMBER),
    "list:object": pl.Int64(),
}
_CLOCK: Final[Mapping[str, str]] = {PAYMENT_DATE: "date", LOCAL_HOUR: "int"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = timedelta(seconds=1)


class NotColumnar(ValueError):
    """A value or a column that cannot be held exactly. It is refused, never rounded."""


def kind_of(path: str) -> str:
    """The kind of a fact, or of what the engine itself knows of a payment."""
    if path in _CLOCK:
        return _CLOCK[path]
    if path not in NAMED:
        raise NotColumnar(f"There is no fact {path}.")
    return NAMED[path].kind


def columns_of(path: str) -> dict[str, pl.DataType]:
    """The columns of one fact with their types."""
    kind = kind_of(path)
    found = {path: _TYPES.get(kind) or pl.List(pl.String())}
    if kind == "money":
        found[currency_column(path)] = pl.String()
    elif kind == "instant":
        found[offset_column(path)] = pl.Int64()
    return found


def currency_column(path: str) -> str:
    """Where the currency of an amount stands."""
    return f"{path}.currency"


def offset_column(path: str) -> str:
    """Where the offset of an instant stands."""
    return f"{path}.offset"


def rate_column(path: str, unit: str) -> str:
    """Where the rates stand that convert the amounts at a path into a unit (`=`: the transaction's own currency)."""
    return f"{path}.to.{unit}"


# -- from facts -----------------------------------------------------------------------------------------------------


def facts_to_frame(transactions: Sequence[Mapping[str, Any]], moments: Sequence[Moment] | None = None) -> pl.DataFrame:
    """One row a transaction, with the columns of every fact that any of them states. Raises NotColumnar."""
    found: dict[str, pl.Series] = {}
    for path in sorted({path for facts in transactions for path in facts}):
        found.update((series.name, series) for series in _series(path, [facts.get(path) for facts in transactions]))
    if moments is not None:
        found[PAYMENT_DATE] = pl.Series(PAYMENT_DATE, [moment.day for moment in moments], pl.Date())
        found[LOCAL_HOUR] = pl.Series(LOCAL_HOUR, [moment.hour for moment in moments], pl.Int64())
    return pl.DataFrame(list(found.values()))


def _series(path: str, values: list[Any]) -> Iterator[pl.Series]:
    kind, types = kind_of(path), columns_of(path)
    if kind == "money":
        yield pl.Series(path, [value and _number(value.amount, path) for value in values], NUMBER)
        yield pl.Series(currency_column(path), [value and value.currency for value in values], pl.String())
    elif kind == "instant":
        yield pl.Series(path, [value and (value - _EPOCH) // _MICROSECOND for value in values], pl.Int64()).cast(
            _INSTANT
        )
        offsets = [value and value.utcoffset() // _SECOND for value in values]
        yield pl.Series(offset_column(path), offsets, pl.Int64())
    else:
        yield pl.Series(path, [_plain(value, kind, path) for value in values], types[path])


def _plain(value: Any, kind: str, path: str) -> Any:
    if value is None:
        return None
    if kind in ("decimal", "rate"):
        return _number(value, path)
    if kind == "list:decimal":
        return [_number(item, path) for item in value]
    if kind == "list:object":
        return len(value)
    if kind == "open":
        return True
    return list(value) if isinstance(value, tuple) else value


def _number(value: Decimal | int, path: str) -> Decimal:
    number = Decimal(value)
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) + exponent > 18 or any(digits[len(digits) + exponent + SCALE :]):
        raise NotColumnar(f"{path} is {number}: a column holds 18 digits before the point and {SCALE} behind it.")
    return number


# -- from any frame ---------------------------------------------------------------------------------------------------


def prepared(frame: pl.DataFrame, paths: Iterable[str]) -> pl.DataFrame:
    """The frame with the columns of these facts, each in its one type; null where the frame has none."""
    columns: dict[str, pl.Series] = {}
    for path in sorted({*paths, "currency"}):
        for name, dtype in columns_of(path).items():
            columns[name] = _column(frame, name, dtype)
        if kind_of(path) == "money":
            own = columns[currency_column(path)]
            columns[currency_column(path)] = own.zip_with(own.is_not_null(), _column(frame, "currency", pl.String()))
    if frame.height and columns["currency"].null_count():
        raise NotColumnar("Every transaction needs its currency, in the column `currency`.")
    return frame.with_columns(columns.values())


def _column(frame: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Series:
    if name not in frame.columns:
        return pl.Series(name, [None], dtype).new_from_index(0, frame.height)
    column = frame[name]
    if column.dtype.is_float() or (dtype == NUMBER and column.dtype.is_integer() and name in NAMED):
        what = "a float has already lost digits" if column.dtype.is_float() else "major or minor units?"
        raise NotColumnar(f"The column {name} is {column.dtype}: {what} Decimal is wanted.")
    try:
        cast = column.cast(dtype)
    except pl.exceptions.PolarsError as error:
        raise NotColumnar(f"The column {name} is {column.dtype}, not {dtype}: {error}.") from error
    if (
        isinstance(column.dtype, pl.Decimal)
        and column.dtype.scale > SCALE
        and not (cast.cast(column.dtype) == column).all()
    ):
        raise NotColumnar(f"The column {name} has more than {SCALE} decimals.")
    return cast


def with_rates(frame: pl.DataFrame, pairs: Iterable[tuple[str, str]], rates: RateTable | None) -> pl.DataFrame:
    """The frame with a column of rates for each (path, unit), joined on currency and day, where it brings none itself."""
    day = next((name for name in (RATE_DATE, PAYMENT_DATE) if name in frame.columns), None)
    for path, unit in sorted(pairs):
        name = rate_column(path, unit)
        if name in frame.columns:
            continue
        if rates is None or day is None:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name))
            continue
        keys = [pl.col(currency_column(path)).alias("_base"), target(unit).alias("_target"), pl.col(day).alias("_day")]
        frame = frame.with_columns(keys).join(
            _quoted(frame.select(keys).unique().drop_nulls(), rates).rename({"_rate": name}),
            on=["_base", "_target", "_day"],
            how="left",
            maintain_order="left",
        )
        frame = frame.drop("_base", "_target", "_day")
    return frame


def _quoted(asked: pl.DataFrame, rates: RateTable) -> pl.DataFrame:
    found = [rates.rate(base, to, day) for base, to, day in asked.iter_rows()]
    return asked.with_columns(pl.Series("_rate", [rate and f"{rate.rate:f}" for rate in found], pl.String()))


def target(unit: str) -> pl.Expr:
    """The currency that a unit stands for."""
    return pl.col("currency") if unit == OWN else pl.lit(unit)


# -- back to facts ----------------------------------------------------------------------------------------------------


def row_columns(paths: Iterable[str]) -> list[pl.Expr]:
    """What `facts_of_row` reads, from a prepared frame."""
    return [
        pl.col(name).to_physical() if dtype == _INSTANT else pl.col(name)
        for path in sorted(paths)
        for name, dtype in columns_of(path).items()
    ]


def facts_of_row(row: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The stated facts of one row. Of a list of objects, as many empty ones."""
    return {path: _fact(row, path) for path in paths if path not in _CLOCK and row[path] is not None}


def _fact(row: Mapping[str, Any], path: str) -> Any:
    kind, value = kind_of(path), row[path]
    if kind == "money":
        return Money(value, row[currency_column(path)])
    if kind == "instant":
        offset = timedelta(seconds=row[offset_column(path)])
        local = _EPOCH.replace(tzinfo=None) + (timedelta(microseconds=value) + offset)
        return local.replace(tzinfo=timezone(offset))
    if kind == "list:object":
        return ({},) * value
    return tuple(value) if isinstance(value, list) else value
