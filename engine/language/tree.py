"""The typed tree: what every executor reads. Immutable, total, free of anything a pack author could smuggle in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.language.types import BOOL, Type


@dataclass(frozen=True, slots=True)
class Expr:
    """A node: its type and the column where it starts in the source expression."""

    type: Type
    at: int


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A literal: bool, int, Decimal, str, date, timedelta, or Decimal in `type.unit` for money."""

    value: Any


@dataclass(frozen=True, slots=True)
class Fact(Expr):
    """A field of the transaction. With `var`, a field of the element a quantifier is looking at."""

    path: str
    var: str | None = None


@dataclass(frozen=True, slots=True)
class Past(Fact):
    """A feature: something known of past payments. It stands among the facts under its own name, money in `type.unit`.

    What is asked for where it is not known is never itself: it is whose past was meant (`needs`).
    """

    label: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Param(Expr):
    """A dated parameter of the pack; a constant within one period of law."""

    name: str


@dataclass(frozen=True, slots=True)
class Let(Expr):
    """A named sub-expression, with the words an officer reads for it."""

    name: str
    label: str
    body: Expr


@dataclass(frozen=True, slots=True)
class RuleRef(Expr):
    """Whether another rule of the pack set fires (from `unless`)."""

    rule: str


@dataclass(frozen=True, slots=True)
class Not(Expr):
    body: Expr


@dataclass(frozen=True, slots=True)
class And(Expr):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Expr):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`op`: == != < <= > >=. For money, both sides are read in `unit` ("=": the transaction's own currency)."""

    op: str
    left: Expr
    right: Expr
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf(Expr):
    """`left in ["a", "b"]`."""

    left: Expr
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contains(Expr):
    """`item in list_fact`."""

    item: Expr
    items: Expr


@dataclass(frozen=True, slots=True)
class Within(Expr):
    """`within(place, "EEA")`: the place is, or lies in, a country, subdivision or dated group of places."""

    left: Expr
    group: str


@dataclass(frozen=True, slots=True)
class Arith(Expr):
    """`op`: + - * (and / by a literal)."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function of the closed list."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class If(Expr):
    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class IsKnown(Expr):
    """Whether any of these facts is stated. Never unknown itself."""

    paths: tuple[str, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Each(Expr):
    """`any|all|count|sum(body for var in list if where)` over a list of objects."""

    kind: str
    var: str
    path: str
    body: Expr
    where: Expr | None


def children(node: Expr) -> Iterator[Expr]:
    """The direct sub-expressions, in source order."""
    match node:
        case Let(body=body) | Not(body=body):
            yield body
        case And(items=items) | Or(items=items) | Call(args=items):
            yield from items
        case Compare(left=left, right=right) | Arith(left=left, right=right):
            yield left
            yield right
        case OneOf(left=left) | Within(left=left):
            yield left
        case Contains(item=item, items=many):
            yield item
            yield many
        case If(test=test, then=then, other=other):
            yield test
            yield then
            yield other
        case Each(body=body, where=where):
            yield body
            if where is not None:
                yield where


def walk(node: Expr) -> Iterator[Expr]:
    """The node and everything under it."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_used(node: Expr) -> frozenset[str]:
    """Dotted paths of all facts the expression may read (quantified ones by their list)."""
    found: set[str] = set()
    for part in walk(node):
        if (isinstance(part, Fact) and part.var is None) or isinstance(part, Each):
            found.add(part.path)
        elif isinstance(part, IsKnown):
            found.update(part.paths)
    return frozenset(found)


def past_used(node: Expr) -> frozenset[str]:
    """Names of all features the expression may read."""
    return frozenset(part.path for part in walk(node) if isinstance(part, Past))


def past_missing(needs: tuple[str, ...], facts: Mapping[str, Any]) -> frozenset[str]:
    """What to ask for where a feature is not known: the facts that are not stated; all, where there is no history to look in."""
    return frozenset([path for path in needs if path not in facts] or needs)


def params_used(node: Expr) -> frozenset[str]:
    """Names of all parameters the expression may read."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Param))


def conjunction(items: list[Expr]) -> Expr:
    """All of these, flattened."""
    flat: list[Expr] = []
    for item in items:
        flat.extend(item.items if isinstance(item, And) else [item])
    return flat[0] if len(flat) == 1 else And(BOOL, flat[0].at, tuple(flat))
