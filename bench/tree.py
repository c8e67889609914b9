"""Engine-neutral conditions: the least every engine compared here can express.

A row is a flat mapping from field name to `str`, `int` or `bool`; a field that is absent or `None` is
not known. Money is an integer number of cents of one currency, so that every engine can hold it exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Op(StrEnum):
    """How two sides are compared."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class Kind(StrEnum):
    """What a field holds."""

    BOOL = "bool"
    INT = "int"
    STR = "str"


Scalar: TypeAlias = str | int | bool
Row: TypeAlias = Mapping[str, Scalar | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of integer fields; not known as soon as one of them is not."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`, where the right side is a constant."""

    op: Op
    left: str | Sum
    right: int | str


@dataclass(frozen=True, slots=True)
class In:
    """A text field is one of the values, or with `wanted=False` none of them."""

    field: str
    values: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean field equals `wanted`."""

    field: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a field is stated. The only condition that is never unknown."""

    field: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """The value of a condition that was hoisted out of several rules (see `bench.sharing`)."""

    name: str


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are; false when one is false, whatever the others."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one part is, whatever the others."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Unknown stays unknown."""

    part: Condition


Leaf: TypeAlias = Compare | In | Flag | Known | Named
Condition: TypeAlias = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class BenchRule:
    """A rule as every engine gets it: it fires when its condition is true, not when it is unknown."""

    id: str
    condition: Condition


class MixedKindError(ValueError):
    """One field is used as two kinds."""

    def __init__(self, field: str, first: Kind, second: Kind) -> None:
        super().__init__(f"field {field!r} is used as {first} and as {second}")


NEGATED = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.LE: Op.GT, Op.GT: Op.LE}


def both(*parts: Condition) -> And:
    """Shorthand for `And`."""
    return And(parts)


def either(*parts: Condition) -> Or:
    """Shorthand for `Or`."""
    return Or(parts)


def positive(condition: Condition, *, wanted: bool = True) -> Condition:
    """The same condition without `Not`: negation is pushed into the leaves.

    In this form a condition is true in three-valued logic exactly when it is true in two-valued logic with
    every unknown leaf read as false. That is how engines without an unknown can still give the same answer.
    """
    match condition:
        case Not(part):
            return positive(part, wanted=not wanted)
        case And(parts) | Or(parts):
            joined = tuple(positive(part, wanted=wanted) for part in parts)
            return And(joined) if isinstance(condition, And) == wanted else Or(joined)
        case Compare(op, left, right):
            return condition if wanted else Compare(NEGATED[op], left, right)
        case In(field, values, given):
            return In(field, values, given == wanted)
        case Flag(field, given):
            return Flag(field, given == wanted)
        case Known(field, given):
            return Known(field, given == wanted)
        case Named(name):
            raise ValueError(f"{name!r} was hoisted before negation was pushed down")


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every comparison of a condition, from left to right."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def fields_of(left: str | Sum) -> tuple[str, ...]:
    """The fields on the left of a comparison."""
    return left.fields if isinstance(left, Sum) else (left,)


def _kinds_of_leaf(leaf: Leaf) -> Iterator[tuple[str, Kind]]:
    match leaf:
        case Compare(_, left, right):
            kind = Kind.STR if isinstance(right, str) else Kind.INT
            for field in fields_of(left):
                yield field, kind
        case In(field):
            yield field, Kind.STR
        case Flag(field):
            yield field, Kind.BOOL
        case Known() | Named():
            return


def kinds(rules: Iterable[BenchRule]) -> dict[str, Kind]:
    """Every field that is compared and what it holds, sorted by name."""
    found: dict[str, Kind] = {}
    for rule in rules:
        for leaf in leaves(rule.condition):
            for field, kind in _kinds_of_leaf(leaf):
                if found.setdefault(field, kind) is not kind:
                    raise MixedKindError(field, found[field], kind)
    return dict(sorted(found.items()))


def all_fields(rules: Iterable[BenchRule]) -> list[str]:
    """Every field that any rule reads, also those only asked whether they are known."""
    found: set[str] = set()
    for rule in rules:
        for leaf in leaves(rule.condition):
            match leaf:
                case Compare(_, left):
                    found.update(fields_of(left))
                case In(field) | Flag(field) | Known(field):
                    found.add(field)
    return sorted(found)
