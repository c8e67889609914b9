"""The field catalogue: every fact a rule may name, read off the Transaction model. It feeds the decoder, the checker,
the documentation and the executors, so that a field is described once and means one thing.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.transaction import (
    Account,
    Card,
    Crypto,
    Linked,
    NationalId,
    Owner,
    Party,
    PartyAccount,
    Phone,
    TaxId,
    Transaction,
)
from engine.wire import Fact


class Shown(StrEnum):
    """How a personal fact is shown to whoever does not work on persons."""

    WHOLE = "whole"
    """It is nobody's, or tells nobody who it is."""
    LAST_FOUR = "last_four"
    INITIAL = "initial"
    """The first letter of each word."""
    YEAR = "year"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact. `kind`: bool int decimal money rate date instant place enum token text open list:<kind> list:object."""

    path: str
    kind: str
    unit: str | None = None
    values: frozenset[str] | None = None
    silent: Any = None
    doc: str = ""
    item: Mapping[str, Field] = field(default_factory=dict)
    """For `list:object`: the fields of one element, by relative path."""
    shown: Shown = Shown.WHOLE
    """How it is shown to whoever does not work on persons."""


@dataclass(frozen=True, slots=True)
class Node:
    """One level of the model: its fields by key, each a fact, a nested level, or a list of levels."""

    model: type[BaseModel]
    facts: Mapping[str, Field]
    parts: Mapping[str, Node]
    lists: Mapping[str, Node]


def _unwrap(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """Strip Optional and Annotated, gathering the metadata on the way."""
    while True:
        origin = get_origin(annotation)
        if origin in (Union, types.UnionType):
            options = [option for option in get_args(annotation) if option is not type(None)]
            annotation = options[0]
        elif hasattr(annotation, "__metadata__"):
            metadata = [*annotation.__metadata__, *metadata]
            annotation = annotation.__origin__
        else:
            return annotation, metadata


def _describe(path: str, info: FieldInfo) -> Field | type[BaseModel] | tuple[type[BaseModel]]:
    annotation, metadata = _unwrap(info.annotation, list(info.metadata))
    doc = info.description or ""
    marks = [mark for mark in metadata if isinstance(mark, Fact)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    values: frozenset[str] | None = None
    if get_origin(annotation) is Literal:
        return Field(path, "enum", values=frozenset(get_args(annotation)), doc=doc)
    if get_origin(annotation) is list:
        inner, inner_marks = _unwrap(get_args(annotation)[0], [])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return (inner,)
        if get_origin(inner) is Literal:
            values = frozenset(get_args(inner))
        marks = marks or [Fact("list:" + mark.kind) for mark in inner_marks if isinstance(mark, Fact)]
    mark = marks[-1]
    return Field(path, mark.kind, unit=mark.unit, values=values, silent=mark.silent, doc=doc)


PERSONAL: Final[Mapping[tuple[type[BaseModel], str], Shown]] = {
    (Account, "alias"): Shown.HIDDEN,
    (Account, "iban"): Shown.LAST_FOUR,
    (Card, "expiry"): Shown.HIDDEN,
    (Crypto, "beneficiary_wallet"): Shown.LAST_FOUR,
    (Crypto, "originator_wallet"): Shown.LAST_FOUR,
    (Linked, "beneficiary"): Shown.LAST_FOUR,
    (Linked, "conductor"): Shown.LAST_FOUR,
    (NationalId, "value"): Shown.LAST_FOUR,
    (Owner, "address"): Shown.HIDDEN,
    (Owner, "date_of_birth"): Shown.YEAR,
    (Owner, "name"): Shown.INITIAL,
    (Party, "address"): Shown.HIDDEN,
    (Party, "date_of_birth"): Shown.YEAR,
    (Party, "email"): Shown.HIDDEN,
    (Party, "facts"): Shown.HIDDEN,
    (Party, "monthly_income"): Shown.HIDDEN,
    (Party, "name"): Shown.INITIAL,
    (Party, "place_of_birth"): Shown.HIDDEN,
    (Party, "postal_code"): Shown.HIDDEN,
    (PartyAccount, "iban"): Shown.LAST_FOUR,
    (PartyAccount, "number"): Shown.LAST_FOUR,
    (Phone, "number"): Shown.LAST_FOUR,
    (TaxId, "value"): Shown.LAST_FOUR,
}
"""Personal facts. The caller's own ids of persons are not among them: they are what everybody works by, and mean something in the
caller's house only."""


def _node(model: type[BaseModel], prefix: str) -> Node:
    facts: dict[str, Field] = {}
    parts: dict[str, Node] = {}
    lists: dict[str, Node] = {}
    for key, info in model.model_fields.items():
        described = _describe(prefix + key, info)
        if isinstance(described, Field):
            facts[key] = replace(described, shown=PERSONAL.get((model, key), Shown.WHOLE))
        elif isinstance(described, tuple):
            lists[key] = _node(described[0], "")
        else:
            parts[key] = _node(described, f"{prefix}{key}.")
    return Node(model, facts, parts, lists)


def _flat(node: Node, prefix: str) -> Iterator[Field]:
    yield from node.facts.values()
    for part in node.parts.values():
        yield from _flat(part, prefix)
    for key, part in node.lists.items():
        base = next(iter(node.facts.values())).path.rpartition(".")[0] if node.facts else ""
        path = f"{base}.{key}" if base else key
        yield Field(path, "list:object", item={fact.path: fact for fact in _flat(part, "")})


ROOT: Final = _node(Transaction, "")
"""The model as a tree."""

FIELDS: Final[Mapping[str, Field]] = {fact.path: fact for fact in _flat(ROOT, "")}
"""Every fact by its dotted path."""

OBJECTS: Final = frozenset(path[:at] for path in FIELDS for at in range(len(path)) if path[at] == ".")
"""Every object by its dotted path: when nothing of it is stated, it is named as a whole in `missing`."""

ONE_BY_ONE: Final[Mapping[str, str]] = {"residency": "data"}
"""Domains whose rules are asked of each element of a list apart, and the list. Their rules name the element's fields as facts
of their own (`data.action`), and never the list."""

ELEMENTS: Final[Mapping[str, Field]] = {
    f"{name}.{path}": replace(fact, path=f"{name}.{path}")
    for name in ONE_BY_ONE.values()
    for path, fact in FIELDS[name].item.items()
}
"""The facts of one element of such a list."""

NAMED: Final[Mapping[str, Field]] = {**FIELDS, **ELEMENTS}
"""Every fact that a rule of some domain may name."""

_ELEMENT_OBJECTS: Final = frozenset(path[:at] for path in ELEMENTS for at in range(len(path)) if path[at] == ".")
ALL_OBJECTS: Final = OBJECTS | _ELEMENT_OBJECTS


def fields_of(domain: str) -> Mapping[str, Field]:
    """The facts that rules of a domain may name."""
    asked = ONE_BY_ONE.get(domain)
    if asked is None:
        return FIELDS
    return {path: fact for path, fact in NAMED.items() if path != asked}


def objects_of(domain: str) -> frozenset[str]:
    """The objects that rules of a domain may ask of whether they are stated."""
    return ALL_OBJECTS if domain in ONE_BY_ONE else OBJECTS


SILENT: Final[Mapping[str, Any]] = {path: fact.silent for path, fact in NAMED.items() if fact.silent is not None}
"""Facts whose silence has a meaning of its own: a report nobody made, a purpose nobody stated."""

NONE_IF_ABSENT: Final = frozenset({"payment.risk", "payment.mandate"})
"""Objects whose absence as a whole has a meaning: the monitoring reported nothing, there is no mandate. Half told, they have
none: whoever states a mandate is asked whether this is its first payment."""
