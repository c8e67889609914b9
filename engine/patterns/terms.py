"""The terms of a pattern: whole numbers, words and flags of events that have a name, compared, and joined by and/or.

There is no `not`: the reader turns it inward. There is no division and no fraction: what the engine of sequences compares
exactly are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    value: int


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the scenario, as a whole number: minor units, seconds, percent, or a count."""

    name: str


@dataclass(frozen=True, slots=True)
class Of:
    """A field of a named event."""

    alias: str
    field: str


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + sign * right`; `sign` is 1 or -1."""

    left: Number
    right: Number
    sign: int


@dataclass(frozen=True, slots=True)
class Product:
    """Of two numbers, at most one of which turns on an event."""

    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed vocabulary, or a flag as 0 or 1."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Compare:
    """`op`: == != < <= > >=. Of words and identities only the first two."""

    op: str
    left: Number
    right: Number | Word


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these holds; none at all holds always."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these holds."""

    items: tuple[Condition, ...]


Number = Whole | Param | Of | Sum | Product
Condition = Compare | AllOf | AnyOf


def fields_in(term: Condition | Number | Word) -> Iterator[Of]:
    """Every field that a term reads."""
    match term:
        case Of():
            yield term
        case Sum(left=left, right=right) | Product(left=left, right=right) | Compare(left=left, right=right):
            yield from fields_in(left)
            yield from fields_in(right)
        case AllOf(items=items) | AnyOf(items=items):
            for item in items:
                yield from fields_in(item)


def params_in(term: Condition | Number | Word) -> Iterator[str]:
    """Every parameter that a term reads."""
    match term:
        case Param(name=name):
            yield name
        case Sum(left=left, right=right) | Product(left=left, right=right) | Compare(left=left, right=right):
            yield from params_in(left)
            yield from params_in(right)
        case AllOf(items=items) | AnyOf(items=items):
            for item in items:
                yield from params_in(item)
