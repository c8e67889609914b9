"""From text to the terms of a pattern: every name known, every comparison between things of one kind, nothing else let in."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.language.errors import LanguageError, did_you_mean
from engine.language.parse import column_of
from engine.language.parse import parse as python_tree
from engine.patterns.fields import FIELDS, FieldKind, PatternField
from engine.patterns.terms import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Number,
    Of,
    Param,
    Product,
    Sum,
    Whole,
    Word,
    fields_in,
)

LARGEST: Final = 10**15
"""Numbers in a pattern and sums of them stay far within 64 bits."""

_OPS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NUMBER: Final = PatternField(FieldKind.NUMBER)


class PatternFault(ValueError):
    """What a pattern may not say, with the reason and the column (from 1) where it says so."""

    def __init__(self, message: str, column: int = 1, hint: str = ""):
        super().__init__(message)
        self.message, self.column, self.hint = message, column, hint


@dataclass(frozen=True, slots=True)
class Names:
    """What a pattern may name."""

    aliases: tuple[str, ...]
    params: Collection[str] = ()
    """Parameters that are whole numbers."""
    measures: Collection[str] = ()
    """Measures of the scenario, as further numbers of each event."""
    fields: Mapping[str, PatternField] = field(default_factory=lambda: FIELDS)

    def of(self, name: str) -> PatternField | None:
        """What a field holds; None: there is none."""
        return _NUMBER if name in self.measures else self.fields.get(name)


def parse(text: str, names: Names) -> Condition:
    """A condition. Raises PatternFault."""
    try:
        tree = python_tree(text)
    except LanguageError as error:
        raise PatternFault(error.message, error.column, error.hint or "") from None
    return _condition(tree, names, holds=True)


def _condition(node: ast.expr, names: Names, *, holds: bool) -> Condition:
    """`holds`: False inside a `not`, which is carried down to the comparisons."""
    match node:
        case ast.BoolOp(op=op, values=values):
            items = tuple(_condition(value, names, holds=holds) for value in values)
            return AllOf(items) if isinstance(op, ast.And) is holds else AnyOf(items)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _condition(operand, names, holds=not holds)
        case ast.Compare():
            return _comparisons(node, names, holds=holds)
        case ast.Attribute() | ast.Name():
            return _flag(node, names, holds=holds)
    raise PatternFault(f"A pattern has no place for {_said(node)} here: it compares fields of events.", column_of(node))


def _said(node: ast.AST) -> str:
    known = {ast.Call: "a function", ast.IfExp: "`if` and `else`", ast.GeneratorExp: "a quantifier", ast.List: "a list"}
    return known.get(type(node), "this")


def _flag(node: ast.expr, names: Names, *, holds: bool) -> Condition:
    found = _field(node, names)
    if _kind(found, names) is not FieldKind.FLAG:
        raise PatternFault(f"{found.alias}.{found.field} is no flag: compare it with something.", column_of(node))
    return Compare("==", found, Word(int(holds)))


def _comparisons(node: ast.Compare, names: Names, *, holds: bool) -> Condition:
    sides = [node.left, *node.comparators]
    found: list[Condition] = []
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        if isinstance(op, ast.In | ast.NotIn):
            found.append(_one_of(left, right, names, within=isinstance(op, ast.In) is holds))
        else:
            sign = _OPS[type(op)]
            found.append(_compare(sign if holds else _OPPOSITE[sign], left, right, names))
    if len(found) == 1:
        return found[0]
    return AllOf(tuple(found)) if holds else AnyOf(tuple(found))


def _one_of(left: ast.expr, right: ast.expr, names: Names, *, within: bool) -> Condition:
    if not isinstance(right, ast.List):
        raise PatternFault("`in` is followed by a list of words in [ ].", column_of(right))
    items = tuple(_compare("==" if within else "!=", left, item, names) for item in right.elts)
    return AnyOf(items) if within else AllOf(items)


def _compare(op: str, left: ast.expr, right: ast.expr, names: Names) -> Compare:
    if _is_word(left):
        op, left, right = _MIRRORED[op], right, left
    if isinstance(right, ast.Constant) and isinstance(right.value, str):
        return _word(op, left, right, right.value, names)
    first, second = _number(left, names), _number(right, names)
    if not any(fields_in(first)) and not any(fields_in(second)):
        raise PatternFault("No field of an event is compared here.", column_of(left))
    kinds = {_kind(first, names), _kind(second, names)}
    if kinds == {FieldKind.NUMBER}:
        return Compare(op, first, second)
    if len(kinds) > 1 or FieldKind.FLAG in kinds:
        raise PatternFault(f"These are of different kinds: {', '.join(sorted(kinds))}.", column_of(left))
    if op not in ("==", "!="):
        raise PatternFault("Words and identities are the same or not: they have no order.", column_of(left))
    return Compare(op, first, second)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _word(op: str, left: ast.expr, right: ast.expr, word: str, names: Names) -> Compare:
    found = _field(left, names)
    known = names.of(found.field)
    if known is None or known.kind is not FieldKind.WORD or op not in ("==", "!="):
        message = f"{found.alias}.{found.field} is not compared with a word: identities differ from payment to payment."
        raise PatternFault(message, column_of(left))
    if known.words is not None and word not in known.words:
        hint = did_you_mean(word, known.words) or f"Known: {', '.join(sorted(known.words))}."
        raise PatternFault(f"{found.field} is never {word!r}.", column_of(right), hint)
    return Compare(op, found, Word(word))


def _number(node: ast.expr, names: Names) -> Number:
    match node:
        case ast.Constant(value=bool() | float() | None):
            raise PatternFault("Numbers of a pattern are whole: amounts are in minor units.", column_of(node))
        case ast.Constant(value=int(value)):
            if value > LARGEST:
                raise PatternFault(f"{value} is too large.", column_of(node))
            return Whole(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Product(Whole(-1), _number(operand, names))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            return Sum(_summand(left, names), _summand(right, names), 1 if isinstance(op, ast.Add) else -1)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _product(node, _summand(left, names), _summand(right, names))
        case ast.BinOp(op=ast.Div()):
            raise PatternFault("Nothing is divided: multiply the other side.", column_of(node))
        case ast.Name(id=name):
            return _param(name, node, names)
        case ast.Attribute():
            return _field(node, names)
    raise PatternFault(f"A pattern has no place for {_said(node)} here.", column_of(node))


def _summand(node: ast.expr, names: Names) -> Number:
    found = _number(node, names)
    if _kind(found, names) is not FieldKind.NUMBER:
        raise PatternFault("Only numbers are added and multiplied.", column_of(node))
    return found


def _product(node: ast.expr, left: Number, right: Number) -> Number:
    if any(fields_in(left)) and any(fields_in(right)):
        raise PatternFault("Two fields are not multiplied with one another: only with numbers.", column_of(node))
    return Product(left, right)


def _param(name: str, node: ast.expr, names: Names) -> Param:
    if name in names.params:
        return Param(name)
    if name in names.aliases:
        raise PatternFault(f"{name} is an event: name a field of it, as in {name}.amount.", column_of(node))
    raise PatternFault(f"There is no parameter {name}.", column_of(node), did_you_mean(name, names.params) or "")


def _field(node: ast.expr, names: Names) -> Of:
    match node:
        case ast.Attribute(value=ast.Name(id=alias), attr=name) if alias in names.aliases:
            if names.of(name) is None:
                hint = did_you_mean(name, [*names.fields, *names.measures]) or ""
                raise PatternFault(f"Events have no field {name}.", column_of(node), hint)
            return Of(alias, name)
        case ast.Attribute(value=ast.Name(id=alias)):
            hint = did_you_mean(alias, names.aliases) or f"Known here: {', '.join(names.aliases)}."
            raise PatternFault(f"No event is called {alias} here.", column_of(node), hint)
    raise PatternFault("A field of an event is wanted, as in came.amount.", column_of(node))


def _kind(term: Number, names: Names) -> FieldKind:
    if isinstance(term, Of):
        known = names.of(term.field)
        return known.kind if known else FieldKind.NUMBER
    return FieldKind.NUMBER
