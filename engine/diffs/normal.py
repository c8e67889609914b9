"""Conditions in one form, so that what is written otherwise and says the same is seen to be the same without a search.

Everything here holds in Kleene's three-valued logic: names of terms are opened, `not` is moved inward, `and` and `or` are
flattened, what stands twice is kept once, and their items are sorted. What is left to tell apart is then only the parts that two
conditions do not share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from engine.language.interpret import arithmetic
from engine.language.render import source
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
    Let,
    Not,
    OneOf,
    Or,
    Param,
    Within,
    walk,
)
from engine.language.types import BOOL

TURNED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The comparison that holds exactly where another does not."""
_COUNTED: Final = frozenset({"int", "decimal", "money", "rate"})
TRUTH: Final = Const(BOOL, 1, True)
FALSEHOOD: Final = Const(BOOL, 1, False)


def normal(node: Expr) -> Expr:
    """The one form of a condition."""
    return _normal(rewritten(node, _opened), negated=False)


def _opened(node: Expr) -> Expr:
    return node.body if isinstance(node, Let) else _folded(node)


def _folded(node: Expr) -> Expr:
    """Arithmetic of constants of one type worked out, and the choice between values that a constant makes."""
    match node:
        case Arith(op=op, left=Const() as one, right=Const() as two) if (
            one.type == two.type and one.type.kind in _COUNTED
        ):
            whole = one.type.kind == "int"
            if op in "+-" or (op == "*" and one.type.kind in ("int", "decimal")):
                return Const(node.type, node.at, arithmetic(op, one.value, two.value, whole=whole))
        case If(test=Const(value=value), then=then, other=other):
            return then if value else other
    return node


def _normal(node: Expr, *, negated: bool) -> Expr:
    match node:
        case Not(body=body):
            return _normal(body, negated=not negated)
        case And(items=items) | Or(items=items):
            conjunctive = isinstance(node, And) is not negated
            return _junction(conjunctive, [_normal(item, negated=negated) for item in items])
        case If(test=test, then=then, other=other) if node.type.kind == "bool":
            parts = _normal(test, negated=False), _normal(then, negated=negated), _normal(other, negated=negated)
            return replace(node, test=parts[0], then=parts[1], other=parts[2])
        case Compare(op=op) if negated:
            return replace(node, op=TURNED[op])
        case Const(value=bool(value)):
            return Const(BOOL, 1, value is not negated)
        case OneOf(values=values):
            node = replace(node, values=tuple(sorted(dict.fromkeys(values), key=str)))
    return Not(BOOL, node.at, node) if negated else node


def _junction(conjunctive: bool, items: list[Expr]) -> Expr:
    """`and` or `or` of these, flat, each once, in the order of their spelling; constants do their work."""
    kind: type[And | Or] = And if conjunctive else Or
    flat: dict[str, Expr] = {}
    for item in items:
        for part in item.items if isinstance(item, kind) else (item,):
            if isinstance(part, Const):
                if part.value is not conjunctive:
                    return Const(BOOL, 1, not conjunctive)
                continue
            flat[spelled(part)] = part
    if not flat:
        return Const(BOOL, 1, conjunctive)
    found = tuple(flat[text] for text in sorted(flat))
    return found[0] if len(found) == 1 else kind(BOOL, 1, found)


def spelled(node: Expr) -> str:
    """The text of a condition with the currencies that its amounts are compared in: equal for equal conditions only."""
    units = [part.unit or "" for part in walk(node) if isinstance(part, Compare)]
    return f"{source(node)} | {' '.join(units)}"


def apart(one: Expr, two: Expr) -> tuple[Expr, Expr]:
    """What two normal conditions do not share. Where the rest says the same, so do they."""
    while type(one) is type(two) and isinstance(one, And | Or) and isinstance(two, And | Or):
        texts = [{spelled(item) for item in node.items} for node in (one, two)]
        shared = texts[0] & texts[1]
        if not shared:
            break
        conjunctive = isinstance(one, And)
        one, two = (
            _junction(conjunctive, [item for item in node.items if spelled(item) not in shared]) for node in (one, two)
        )
    return one, two


def rewritten(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The tree with every node changed, the innermost first."""
    return change(_below(node, lambda part: rewritten(part, change)))


def _below(node: Expr, deep: Callable[[Expr], Expr]) -> Expr:
    match node:
        case Let(body=body) | Not(body=body):
            return replace(node, body=deep(body))
        case And(items=items) | Or(items=items):
            return replace(node, items=tuple(deep(item) for item in items))
        case Call(args=args):
            return replace(node, args=tuple(deep(arg) for arg in args))
        case Compare(left=left, right=right) | Arith(left=left, right=right):
            return replace(node, left=deep(left), right=deep(right))
        case OneOf(left=left) | Within(left=left):
            return replace(node, left=deep(left))
        case Contains(item=item, items=items):
            return replace(node, item=deep(item), items=deep(items))
        case If(test=test, then=then, other=other):
            return replace(node, test=deep(test), then=deep(then), other=deep(other))
        case Each(body=body, where=where):
            return replace(node, body=deep(body), where=None if where is None else deep(where))
    return node


def groups_used(node: Expr) -> frozenset[str]:
    """Groups of places that a condition asks about."""
    return frozenset(part.group for part in walk(node) if isinstance(part, Within))


def units_used(node: Expr) -> frozenset[str]:
    """The currencies that amounts are compared in."""
    return frozenset(part.unit for part in walk(node) if isinstance(part, Compare) and part.unit)


def facts_in(node: Expr) -> Iterator[Fact]:
    """The facts of a condition, those of list elements left out."""
    return (part for part in walk(node) if isinstance(part, Fact) and part.var is None)


def renamed(node: Expr, names: dict[str, Any]) -> Expr:
    """The tree with parameters under other names, `{"param:x": "was.x", "group:EEA": "was.EEA"}`."""

    def change(part: Expr) -> Expr:
        match part:
            case Param(name=name) if f"param:{name}" in names:
                return replace(part, name=names[f"param:{name}"])
            case Within(group=group) if f"group:{group}" in names:
                return replace(part, group=names[f"group:{group}"])
        return part

    return rewritten(node, change)
