"""A table of past payments read as the wire reads them: each distinct value of a column by the field's own validator.

The columns are named as the contract's fields are, with points: `amount`, `payment.instrument`, `payer.country`. A row that is no
payment is left out with its number and why; a column that nobody knows refuses the whole table, for a misspelt fact would else be
unknown in every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final

import polars as pl
from pydantic import TypeAdapter, ValidationError

from engine.backtest.compare import LeftOut
from engine.backtest.payments import LABEL, ROW, Payments
from engine.catalogue import FIELDS, ROOT, Field, Node
from engine.language.columns import columns_of, facts_to_frame
from engine.language.errors import did_you_mean
from engine.money import DIGITS, Money
from engine.places import UnknownPlace, region_code

BETWEEN: Final = ";"
"""What stands between the items of a list where a column holds text."""
DEFAULTS: Final = {"kind": "sale", "asked_by": "merchant"}
REQUIRED: Final = ("amount", "currency", "payment.instrument", "occurred_at")
_COUNTRIES: Final = (
    "payment.issuer_country", "payment.acquirer_country", "payer.country", "payee.country", "obliged_entity.country",
    "payment.account.iban",
)  # fmt: skip
_REGION: Final = ".region"
_TRUTHS: Final = {"true": True, "false": False, "1": True, "0": False}


class BadTable(ValueError):
    """A table that cannot be read at all. As text: why, and what to do."""


class _BadValue(ValueError):
    """As text: a code, a colon, and why."""


def read_table(table: pl.DataFrame, first: int = 1) -> tuple[Payments, list[LeftOut]]:
    """The payments of a table whose first row has the number `first`, and the rows left out. Raises BadTable."""
    _known(table.columns)
    frame = table.with_columns(pl.int_range(first, first + table.height, dtype=pl.UInt64).alias(ROW))
    bad: dict[int, tuple[str, str]] = {}
    typed = frame.select(ROW)
    for name in [name for name in table.columns if name != LABEL]:
        typed = typed.hstack(_read(frame, name, bad).get_columns())
    if LABEL in table.columns:
        typed = typed.with_columns(_labels(frame, bad))
    typed = typed.with_columns(
        pl.col(name).fill_null(word) if name in typed.columns else pl.lit(word).alias(name)
        for name, word in DEFAULTS.items()
    )
    _whole(typed, bad)
    kept = typed.filter(~pl.col(ROW).is_in(sorted(bad))) if bad else typed
    return Payments(kept), [LeftOut(str(row), *why) for row, why in sorted(bad.items())]


def _known(names: Sequence[str]) -> None:
    for name in names:
        if name != LABEL and (name not in FIELDS or FIELDS[name].kind in ("list:object", "open")):
            hint = did_you_mean(name, FIELDS)
            raise BadTable(
                f"There is no column {name}.{f' {hint}' if hint else ''} Columns are named as the contract's fields are."
            )
    for name in REQUIRED:
        if name not in names:
            raise BadTable(f"The column {name} is missing: without it there is no payment to decide on.")


# -- one column -----------------------------------------------------------------------------------------------------------


def _read(frame: pl.DataFrame, name: str, bad: dict[int, tuple[str, str]]) -> pl.DataFrame:
    """The typed columns of one fact, one row each; notes the rows whose value is none of it."""
    fact, keys = FIELDS[name], {"raw": pl.col(name)}
    if fact.kind == "money":
        beside = f"{name.rpartition('.')[0]}.currency" if fact.unit == ".currency" else "currency"
        keys["currency"] = pl.col(beside) if beside in frame.columns else pl.lit(None, dtype=pl.String)
    elif name.endswith(_REGION):
        beside = f"{name.removesuffix(_REGION)}.country"
        keys["country"] = pl.col(beside) if beside in frame.columns else pl.lit(None, dtype=pl.String)
    asked = frame.select(ROW, **keys)
    values = asked.select(list(keys)).unique(maintain_order=True).filter(pl.col("raw").is_not_null())
    facts, wrong = _values(name, fact, values)
    found = facts_to_frame([*facts, {name: None}])[:-1] if any(facts) else _nothing(name, values.height)
    known = values.hstack(found.get_columns()).with_columns(pl.Series("why", wrong, pl.String))
    joined = asked.join(known, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    for row, why in joined.filter(pl.col("why").is_not_null()).select(ROW, "why").iter_rows():
        code, _, text = why.partition(": ")
        bad.setdefault(row, (code, f"{name}: {text}"))
    return joined.drop(ROW, "why", *keys)


def _values(name: str, fact: Field, values: pl.DataFrame) -> tuple[list[dict[str, Any]], list[str | None]]:
    facts: list[dict[str, Any]] = []
    wrong: list[str | None] = []
    for raw, *beside in values.iter_rows():
        try:
            facts.append({name: _value(name, fact, raw, beside[0] if beside else None)})
            wrong.append(None)
        except _BadValue as error:
            facts.append({})
            wrong.append(str(error))
    return facts, wrong


def _nothing(name: str, height: int) -> pl.DataFrame:
    return pl.DataFrame(
        [pl.Series(column, [None], dtype).new_from_index(0, height) for column, dtype in columns_of(name).items()]
    )


def _value(name: str, fact: Field, raw: Any, beside: str | None) -> Any:
    """One value as a fact. Raises _BadValue."""
    try:
        value = _validator(name).validate_python(_wired(fact.kind, raw))
    except ValidationError as error:
        first = error.errors()[0]
        raise _BadValue(f"{first['type']}: {first['msg']}") from None
    if fact.kind == "money":
        return _money(value, beside)
    if name.endswith(_REGION):
        try:
            region_code(value, beside)
        except UnknownPlace as error:
            raise _BadValue(f"{error.code}: {error}") from None
    return tuple(value) if isinstance(value, list) else value


def _money(amount: Decimal, currency: str | None) -> Money:
    if currency is None or currency not in DIGITS:
        raise _BadValue("amounts_refused: an amount needs its currency beside it")
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > DIGITS[currency]:
        raise _BadValue(f"amounts_refused: {currency} has {DIGITS[currency]} decimals")
    return Money(amount, currency)


def _wired(kind: str, raw: Any) -> Any:
    """A cell as JSON would have it: CSV knows only text, Parquet has types of its own."""
    kind, _, item = kind.partition(":")
    if isinstance(raw, (pl.Series, list)):
        return [_wired(item, one) for one in raw]
    if isinstance(raw, str):
        if kind == "bool":
            return _TRUTHS.get(raw.lower(), raw)
        if kind == "int":
            return int(raw) if raw.isascii() and raw.isdigit() else raw
        return [_wired(item, one) for one in raw.split(BETWEEN)] if kind == "list" else raw
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    if isinstance(raw, datetime):
        return raw.isoformat() if raw.tzinfo is not None else f"{raw.isoformat()} without its offset"
    return raw.isoformat() if isinstance(raw, date) else raw


@cache
def _validator(path: str) -> TypeAdapter[Any]:
    node, key = _at(ROOT, path.split("."))
    info = node.model.model_fields[key]
    annotation: Any = info.annotation
    return TypeAdapter(Annotated[annotation, *info.metadata] if info.metadata else annotation)


def _at(node: Node, keys: Sequence[str]) -> tuple[Node, str]:
    return (node, keys[0]) if len(keys) == 1 else _at(node.parts[keys[0]], keys[1:])


def _labels(frame: pl.DataFrame, bad: dict[int, tuple[str, str]]) -> pl.Series:
    found: list[bool | None] = []
    for row, raw in frame.select(ROW, LABEL).iter_rows():
        value = _wired("bool", raw) if raw != "" else None
        if value is not None and not isinstance(value, bool):
            bad.setdefault(row, ("label", f"{LABEL}: true or false is wanted, or nothing"))
            value = None
        found.append(value)
    return pl.Series(LABEL, found, pl.Boolean())


# -- the whole row ----------------------------------------------------------------------------------------------------------


def _whole(typed: pl.DataFrame, bad: dict[int, tuple[str, str]]) -> None:
    """Note the rows that are no payment although each of their values could be part of one."""
    for name in REQUIRED:
        for row in typed.filter(pl.col(name).is_null())[ROW]:
            bad.setdefault(row, ("missing", f"{name}: without it there is no payment to decide on"))
    there = [pl.col(path).is_not_null() for path in _COUNTRIES if path in typed.columns]
    nowhere = ~pl.any_horizontal(there) if there else pl.lit(True)
    for row in typed.filter(nowhere)[ROW]:
        bad.setdefault(
            row, ("country_missing", "at least one country is needed: of a party or of its payment service provider")
        )


__all__ = ["BETWEEN", "BadTable", "read_table"]
