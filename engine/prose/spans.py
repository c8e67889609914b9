"""Which stretch of the author's text each node of an expression came from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from engine.language.errors import LanguageError
from engine.language.parse import parse
from engine.language.tree import And, Arith, Call, Compare, Contains, Each, Expr, If, Not, OneOf, Or, Within

Span = tuple[int, int]
"""Columns from 0, the end excluded."""


def spans(tree: Expr, text: str) -> dict[int, Span]:
    """`id` of a node -> where it stands. Empty where the text is not that of the tree.

    A comparison in a chain (`18 <= hour < 22`) stands where its own two sides do.
    """
    found: dict[int, Span] = {}
    try:
        _walk(tree, parse(text), found)
    except (LanguageError, _Differs):
        return {}
    return {node: _balanced(text, *span) for node, span in found.items()}


def _balanced(text: str, start: int, end: int) -> Span:
    """The side of a comparison in a chain may stand in brackets of its own, which are no part of its node."""
    depth = lowest = 0
    for char in text[start:end]:
        depth += (char == "(") - (char == ")")
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        start = text.rfind("(", 0, start)
    for _ in range(depth - lowest):
        end = text.find(")", end) + 1
    return start, end


class _Differs(Exception):
    """The two trees are not of one text."""


def _walk(node: Expr, written: ast.expr, found: dict[int, Span]) -> None:
    found[id(node)] = _span(written, written)
    for child, part in _pairs(node, written, found):
        _walk(child, part, found)


def _span(first: ast.expr, last: ast.expr) -> Span:
    """`parse` adds a bracket before the text, so that columns are one too many."""
    return first.col_offset - 1, (last.end_col_offset or last.col_offset) - 1


def _pairs(node: Expr, written: ast.expr, found: dict[int, Span]) -> Iterator[tuple[Expr, ast.expr]]:
    match node, written:
        case ((And(items=items) | Or(items=items)), ast.BoolOp()):
            yield from _zipped(items, list(_flat(written, type(written.op))))
        case And(items=items), ast.Compare():
            yield from _chain(items, written, found)
        case Not(body=body), ast.UnaryOp():
            yield body, written.operand
        case Not(body=body), ast.Compare():
            found[id(body)] = _span(written, written)
            yield from _sides(body, written.left, written.comparators[0])
        case ((Compare() | OneOf() | Contains()), ast.Compare()):
            yield from _sides(node, written.left, written.comparators[0])
        case Arith(left=left, right=right), ast.BinOp():
            yield from ((left, written.left), (right, written.right))
        case ((Call(args=args)), ast.Call()):
            yield from _zipped(args, written.args)
        case Within(left=left), ast.Call():
            yield left, written.args[0]
        case If(test=test, then=then, other=other), ast.IfExp():
            yield from ((test, written.test), (then, written.body), (other, written.orelse))
        case Each(body=body, where=where), ast.Call(args=[ast.GeneratorExp() as each]):
            yield body, each.elt
            if where is not None:
                yield where, each.generators[0].ifs[0]


def _zipped(items: Sequence[Expr], written: Sequence[ast.expr]) -> Iterator[tuple[Expr, ast.expr]]:
    if len(items) != len(written):
        raise _Differs
    return zip(items, written, strict=True)


def _flat(written: ast.BoolOp, op: type[ast.boolop]) -> Iterator[ast.expr]:
    """`a and (b and c)` is one conjunction of three."""
    for value in written.values:
        if isinstance(value, ast.BoolOp) and isinstance(value.op, op):
            yield from _flat(value, op)
        elif op is ast.And and isinstance(value, ast.Compare) and len(value.ops) > 1:
            yield from _links(value)
        else:
            yield value


def _links(written: ast.Compare) -> Iterator[ast.Compare]:
    """The comparisons of a chain, each with its own two sides."""
    sides = [written.left, *written.comparators]
    for at, op in enumerate(written.ops):
        left, right = sides[at], sides[at + 1]
        link = ast.Compare(left, [op], [right])
        link.col_offset, link.end_col_offset = left.col_offset, right.end_col_offset
        yield link


def _chain(items: Sequence[Expr], written: ast.Compare, found: dict[int, Span]) -> Iterator[tuple[Expr, ast.expr]]:
    return _zipped(items, list(_links(written)))


def _sides(node: Expr, left: ast.expr, right: ast.expr) -> Iterator[tuple[Expr, ast.expr]]:
    match node:
        case Compare():
            yield from ((node.left, left), (node.right, right))
        case OneOf():
            yield node.left, left
        case Contains():
            yield from ((node.item, left), (node.items, right))
