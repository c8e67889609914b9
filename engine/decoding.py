"""Straight from JSON to facts, level by level: what the hot path does with a body whose layout has no code of its own yet.

It accepts only what the model accepts, with the same facts, and refuses the rest by `NotPlain`, after which the model decides and
explains. `engine.layouts` is the way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from engine.catalogue import ROOT, Field, Node
from engine.facts import Facts, list_path
from engine.money import DIGITS, Money
from engine.places import COUNTRIES, SUBDIVISIONS, UnknownPlace, place, region_code
from engine.sums import agree


class NotPlain(ValueError):
    """The fast decoder will not decide on this body; the model must."""


Reader = Callable[[Any], Any]
_DECIMAL: Final = re.compile(r"(0|[1-9]\d{0,17})(\.\d{1,12})?", re.ASCII)
_TOKEN: Final = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?([+-]\d{2}:\d{2}|Z)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _amount(value: Any) -> Decimal:
    if value.__class__ is str:
        if _DECIMAL.fullmatch(value):
            return Decimal(value)
    elif value.__class__ is int and 0 <= value < 10**18:
        return Decimal(value)
    raise NotPlain


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise NotPlain


def _count(value: Any) -> int:
    if value.__class__ is int and 0 <= value <= 1_000_000_000:
        return int(value)
    raise NotPlain


def _place(value: Any) -> str:
    if value.__class__ is not str:
        raise NotPlain
    try:
        return place(value)
    except UnknownPlace:
        raise NotPlain from None


def _token(value: Any) -> str:
    if value.__class__ is str and _TOKEN.fullmatch(value):
        return str(value)
    raise NotPlain


def _instant(value: Any) -> datetime:
    if value.__class__ is str and _INSTANT.fullmatch(value) and "1900" <= value[:4] <= "2199":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise NotPlain from None
    raise NotPlain


def _date(value: Any) -> date:
    if value.__class__ is str and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise NotPlain from None
    raise NotPlain


def _one_of(values: frozenset[str]) -> Reader:
    def read(value: Any) -> str:
        if value.__class__ is str and value in values:
            return str(value)
        raise NotPlain

    return read


def _tuple_of(read: Reader) -> Reader:
    def read_all(value: Any) -> tuple[Any, ...]:
        if value.__class__ is not list:
            raise NotPlain
        return tuple([read(item) for item in value])

    return read_all


def _identifier(value: Any) -> str:
    if value.__class__ is str and 1 <= len(value) <= 200:
        return str(value)
    raise NotPlain


AS_WRITTEN: Final = COUNTRIES | SUBDIVISIONS
"""Codes of places that are read as they are written."""
_PLAIN: Final[Mapping[str, Reader]] = {
    "bool": _bool, "int": _count, "decimal": _amount, "rate": _amount, "money": _amount,
    "date": _date, "instant": _instant, "place": _place, "token": _token,
}  # fmt: skip
_IDENTIFIERS: Final = frozenset({"id", "reference", "merchant"})


def _by_model(node: Node, key: str) -> Reader:
    """A text with a pattern or a length of its own is read by the very validator that the model uses."""
    annotation: Any = node.model.model_fields[key].annotation
    validate = TypeAdapter(annotation).validate_python

    def read(value: Any) -> Any:
        try:
            return validate(value)
        except ValidationError:
            raise NotPlain from None

    return read


class Inline(NamedTuple):
    """How a reader without a function looks at a value: what generated code writes out."""

    kind: str
    """bool | count | identifier | word | words | place"""
    values: frozenset[str] = frozenset()


def _inline(key: str, fact: Field) -> Inline | None:
    kind, _, _ = fact.kind.partition(":")
    if kind in ("enum", "list") and fact.values:
        return Inline("word" if kind == "enum" else "words", fact.values)
    if key == "currency":
        return Inline("word", frozenset(DIGITS))
    if kind == "text" and key in _IDENTIFIERS:
        return Inline("identifier")
    return {"bool": Inline("bool"), "int": Inline("count"), "place": Inline("place", AS_WRITTEN)}.get(kind)


def _reader(node: Node, key: str, fact: Field) -> Reader | None:
    """The reader of one fact, or None where only the whole model reads it (open facts)."""
    kind, _, item = fact.kind.partition(":")
    if kind == "list":
        inner = _one_of(fact.values) if fact.values else _PLAIN.get(item)
        return _tuple_of(inner) if inner else None
    if kind == "enum" and fact.values:
        return _one_of(fact.values)
    if key == "currency":
        return _one_of(frozenset(DIGITS))
    if kind == "text":
        return _identifier if key in _IDENTIFIERS else _by_model(node, key)
    return _PLAIN.get(kind)


_REGIONS: Final = (("country", "region"), ("region_country", "region_subdivision"))


class Plan:
    """How to read one level: key -> what to do with its value."""

    __slots__ = ("inline", "lists", "money", "nullable", "own_currency", "parts", "plain", "region")

    def __init__(self, node: Node):
        self.plain: dict[str, tuple[str, Reader]] = {}
        self.inline: dict[str, Inline] = {}
        self.money: dict[str, str] = {}
        self.nullable = {key for key, info in node.model.model_fields.items() if info.default is None}
        self.own_currency = any(fact.unit == ".currency" for fact in node.facts.values())
        for key, fact in node.facts.items():
            read = _reader(node, key, fact)
            if read is None:
                continue
            if fact.kind == "money":
                self.money[key] = fact.path
            else:
                self.plain[key] = (fact.path, read)
                if (inline := _inline(key, fact)) is not None:
                    self.inline[key] = inline
        beside = next((pair for pair in _REGIONS if pair[1] in node.facts), None)
        self.region = tuple([node.facts[key].path for key in beside]) if beside else None
        """A country and the region that must lie in it."""
        self.parts = {key: Plan(part) for key, part in node.parts.items()}
        self.lists = {key: (list_path(node, key), Plan(part)) for key, part in node.lists.items()}


PLAN: Final = Plan(ROOT)
LIST_LIMITS: Final = {"lines": 1000, "data": 200}


def decode_tree(tree: Any) -> Facts:
    """The facts of parsed JSON, or NotPlain where the model must look at it. Never more lenient than the model."""
    if tree.__class__ is not dict:
        raise NotPlain
    currency = tree.get("currency")
    if currency.__class__ is not str or currency not in DIGITS or "amount" not in tree:
        raise NotPlain
    facts: dict[str, Any] = {}
    _read(tree, PLAN, currency, facts)
    if "payment.instrument" not in facts or not has_country(facts):
        raise NotPlain
    facts.setdefault("kind", "sale")
    facts.setdefault("asked_by", "merchant")
    lines = facts.get("lines")
    if lines and not agree(lines):
        raise NotPlain
    return Facts(facts)


def _read(tree: dict[str, Any], plan: Plan, currency: str, out: dict[str, Any]) -> None:
    plain, money, parts = plan.plain, plan.money, plan.parts
    for key, value in tree.items():
        if value is None:
            if key in plan.nullable:
                continue
            raise NotPlain
        entry = plain.get(key)
        if entry is not None:
            out[entry[0]] = entry[1](value)
        elif key in money:
            out[money[key]] = money_of(value, tree.get("currency") if plan.own_currency else currency)
        elif key in parts:
            if value.__class__ is not dict:
                raise NotPlain
            _read(value, parts[key], currency, out)
        elif key in plan.lists:
            out[plan.lists[key][0]] = elements(key, value, plan.lists[key][1], currency)
        else:
            raise NotPlain
    if plan.region is not None and plan.region[1] in out:
        lies_within(out[plan.region[1]], out.get(plan.region[0]))


def lies_within(region: str, country: str | None) -> None:
    try:
        region_code(region, country)
    except UnknownPlace:
        raise NotPlain from None


def money_of(value: Any, currency: Any) -> Money:
    if currency.__class__ is not str or currency not in DIGITS:
        raise NotPlain
    if value.__class__ is str:
        found = _DECIMAL.fullmatch(value)
        if found is None or len(found[2] or ".") - 1 > DIGITS[currency]:
            raise NotPlain
        return Money(Decimal(value), currency)
    return Money(_amount(value), currency)


def elements(key: str, value: Any, plan: Plan, currency: str) -> tuple[dict[str, Any], ...]:
    if value.__class__ is not list or len(value) > LIST_LIMITS.get(key, 10_000):
        raise NotPlain
    elements = []
    for item in value:
        if item.__class__ is not dict:
            raise NotPlain
        facts: dict[str, Any] = {}
        _read(item, plan, currency, facts)
        elements.append(facts)
    return tuple(elements)


_COUNTRIES: Final = (
    "payment.issuer_country", "payment.acquirer_country", "payer.country", "payee.country", "obliged_entity.country",
)  # fmt: skip


def has_country(facts: Mapping[str, Any]) -> bool:
    return any(path in facts for path in _COUNTRIES)
