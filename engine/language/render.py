"""Expressions and values as text an officer reads: in explanations, in `because`, in refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from keyword import iskeyword
from typing import Any, Final

from engine.language.tree import (
    And,
    Arith,
    Call,
    Compare,
    Const,
    Contains,
    Each,
    Expr,
    Fact,
    If,
    IsKnown,
    Let,
    Not,
    OneOf,
    Or,
    Param,
    Past,
    RuleRef,
    Within,
)
from engine.language.types import Type
from engine.money import DIGITS, plain


def show(value: Any, kind: Type, unit: str | None) -> str:
    """A known value in words: `24.90 EUR`, `13 bps`, `true`, `2026-11-22`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind.kind == "money":
        text, digits = str(value), DIGITS.get(unit or "EUR", 2)
        if digits and text[-digits - 1 : -digits] == "." and "E" not in text:
            return f"{text} {unit}"  # in the currency's own digits already, as nearly every amount is
        return f"{plain(_shortest(value), unit or 'EUR')} {unit}"
    if kind.kind == "rate":
        return f"{_plain(value)} bps"
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, tuple | list):
        return ", ".join(_plain(item) if isinstance(item, Decimal) else str(item) for item in value) or "none"
    return str(value)


_WIDE: Final = Context(prec=400)


def _shortest(value: Decimal) -> Decimal:
    """The one spelling of a number: equal numbers are shown alike, however they were written or worked out."""
    return _WIDE.normalize(_WIDE.plus(value))


@lru_cache(maxsize=4096)
def _plain(value: Decimal) -> str:
    return (
        f"{_shortest(Decimal(value)):f}" if value else "0"
    )  # 0 and -0 are equal, so that only one of them is remembered


def duration(value: timedelta) -> str:
    """ISO 8601: `P3D`, `PT24H`."""
    seconds = int(value.total_seconds())
    if seconds % 86400 == 0:
        return f"P{seconds // 86400}D"
    return f"PT{seconds // 3600}H" if seconds % 3600 == 0 else f"PT{seconds}S"


_WEAK: Final = {Or: 1, And: 2, Not: 3, Compare: 4, OneOf: 4, Contains: 4}


def source(node: Expr) -> str:
    """The expression in the language's own syntax, with as few brackets as it needs."""
    match node:
        case Const():
            return _literal(node)
        case Fact(path=path, var=var):
            return f"{var}.{path}" if var else path
        case Param(name=name) | Let(name=name):
            return name
        case RuleRef(rule=rule):
            return rule
        case Not(body=body):
            return f"not {_inside(body, 3)}"
        case And(items=items):
            return " and ".join(_inside(item, 2) for item in items)
        case Or(items=items):
            return " or ".join(_inside(item, 1) for item in items)
        case Compare(op=op, left=left, right=right):
            return f"{_inside(left, 5)} {op} {_inside(right, 5)}"
        case OneOf(left=left, values=values):
            return f"{_inside(left, 5)} in [{', '.join(_quoted(value) for value in values)}]"
        case Contains(item=item, items=items_):
            return f"{_inside(item, 5)} in {source(items_)}"
        case Within(left=left, group=group):
            return f'within({source(left)}, "{group}")'
        case Arith(op=op, left=left, right=right):
            return f"({source(left)} {op} {source(right)})"
        case Call(name=name, args=args):
            return f"{name}({', '.join(source(arg) for arg in args)})"
        case If(test=test, then=then, other=other):
            return f"({_inside(then, 1)} if {source(test)} else {_inside(other, 1)})"
        case IsKnown(shown=shown):
            return f"is_known({shown})"
        case Each(kind=kind, var=var, path=path, body=body, where=where):
            return f"{kind}({source(body)} for {var} in {path}{f' if {source(where)}' if where else ''})"
    raise AssertionError(type(node).__name__)


def _inside(node: Expr, strength: int) -> str:
    text = source(node)
    return f"({text})" if _WEAK.get(type(node), 9) < strength else text


def _quoted(value: Any) -> str:
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, Decimal):
        return f'decimal("{value:f}")'
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value)


def _literal(node: Const) -> str:
    value = node.value
    match node.type.kind:
        case "bool":
            return "true" if value else "false"
        case "money":
            return f'{_currency_function(node.type.unit or "")}("{value:f}")'
        case "rate":
            return f'bps("{value:f}")'
        case "duration":
            whole = value % timedelta(days=1) == timedelta(0)
            return f"days({value.days})" if whole else f"hours({value // timedelta(hours=1)})"
    return _quoted(value)


def _currency_function(unit: str) -> str:
    """`eur`; but `TRY`, for in lower case that is a word of Python's own."""
    return unit if iskeyword(unit.lower()) else unit.lower()


def label(node: Expr) -> str:
    """What a value is called in `because`: its fact, its let's own words, or the expression itself."""
    if isinstance(node, Let | Past):
        return node.label
    return source(node)
