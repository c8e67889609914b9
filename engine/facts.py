"""From a stated Transaction to flat facts: `{"payment.channel": "remote", "amount": Money(...), ...}`.

Two ways lead here, generated from the same catalogue: `facts_of` from the pydantic model (the definition), and `decode`
straight from JSON (the hot path). `decode` accepts only what the model accepts, with the same facts, and refuses the rest
by `NotPlain`, after which the model decides and explains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine.catalogue import ALL_OBJECTS, NAMED, ROOT, Field, Node
from engine.money import DIGITS, Money
from engine.places import UnknownPlace, place, region_code
from engine.sums import agree
from engine.transaction import Transaction


class Shape:
    """What payments of one kind of caller have in common: which facts are stated, and the words among them.

    Interned: one object a shape, so that executors may keep code made for it. None of it is needed for a right answer.
    """

    __slots__ = ("fixed", "paths", "places")

    def __init__(self, layout: tuple[str, ...], fixed: Mapping[str, Any]):
        self.paths, self.fixed = frozenset(layout), fixed
        self.places = {path: at for at, path in enumerate(layout)}
        """Where each stated fact stands in `Facts.row`."""


class Facts(dict[str, Any]):
    """Only what is stated; keys are dotted paths of the Transaction. Never changed once made."""

    __slots__ = ("row", "shape")

    def __init__(self, stated: Mapping[str, Any]):
        super().__init__(stated)
        self.row = row = list(self.values())
        """The values in the order of the keys, amounts as whole minor units of the currency they are stated in."""
        layout = tuple(self)
        known = _layouts.get(layout)
        if known is None:
            known = _layout(layout)
        for at in known.money:
            money = row[at]
            row[at] = int(money[0] * MINOR[money[1]])
        values = tuple([self[path] for path in known.steering])
        shape = known.shapes.get(values)
        self.shape = shape if shape is not None else known.shape(values)


STEERING: Final = (
    "kind", "currency", "payment.instrument", "payment.channel", "payment.initiator",
    "payment.since_authenticated.policy", "payment.since_authenticated.currency",
)  # fmt: skip
"""Words that are part of a shape: those that one caller's payments share and that most rules turn on. More of them would
make more shapes, each rarer."""
MINOR: Final = {currency: Decimal(10) ** digits for currency, digits in DIGITS.items()}
"""Minor units in one major unit."""

_SHAPES_KEPT: Final = 4096


class _Layout:
    """An order of stated facts, and the shapes seen in it."""

    __slots__ = ("money", "paths", "shapes", "steering")

    def __init__(self, paths: tuple[str, ...]):
        self.paths = paths
        self.steering = tuple(path for path in paths if path in STEERING)
        self.money = tuple(at for at, path in enumerate(paths) if path in NAMED and NAMED[path].kind == "money")
        self.shapes: dict[tuple[Any, ...], Shape] = {}

    def shape(self, values: tuple[Any, ...]) -> Shape:
        """A shape met for the first time."""
        if len(self.shapes) >= _SHAPES_KEPT:
            self.shapes.clear()
        found = self.shapes[values] = Shape(self.paths, dict(zip(self.steering, values, strict=True)))
        return found


_layouts: dict[tuple[str, ...], _Layout] = {}


def _layout(paths: tuple[str, ...]) -> _Layout:
    if len(_layouts) >= _SHAPES_KEPT:
        _layouts.clear()
    found = _layouts[paths] = _Layout(paths)
    return found


class NotPlain(ValueError):
    """The fast decoder will not decide on this body; the model must."""


# -- from the model -------------------------------------------------------------------------------------------------


def facts_of(transaction: Transaction) -> Facts:
    """The stated facts of a validated Transaction."""
    facts: dict[str, Any] = {}
    _walk(transaction, ROOT, transaction.currency, facts)
    return Facts(facts)


def _walk(model: BaseModel, node: Node, currency: str, out: dict[str, Any]) -> None:
    for key, fact in node.facts.items():
        value = getattr(model, key)
        if value is None:
            continue
        if fact.kind == "money":
            value = Money(value, _currency_of(model, fact, currency) or currency)
        elif isinstance(value, list):
            value = tuple(value)
        out[fact.path] = value
    for key, part in node.parts.items():
        inner = getattr(model, key)
        if inner is not None:
            _walk(inner, part, currency, out)
    for key, part in node.lists.items():
        items = getattr(model, key)
        if items is not None:
            out[_list_path(node, key)] = tuple(_element(item, part, currency) for item in items)


def _element(model: BaseModel, node: Node, currency: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    _walk(model, node, currency, facts)
    return facts


def _currency_of(model: BaseModel, fact: Field, currency: str) -> str | None:
    return getattr(model, "currency", None) if fact.unit == ".currency" else currency


def _list_path(node: Node, key: str) -> str:
    prefix = next(iter(node.facts.values())).path.rpartition(".")[0]
    return f"{prefix}.{key}" if prefix else key


# -- straight from JSON -----------------------------------------------------------------------------------------------

_Reader = Callable[[Any], Any]
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


def _one_of(values: frozenset[str]) -> _Reader:
    def read(value: Any) -> str:
        if value.__class__ is str and value in values:
            return str(value)
        raise NotPlain

    return read


def _tuple_of(read: _Reader) -> _Reader:
    def read_all(value: Any) -> tuple[Any, ...]:
        if value.__class__ is not list:
            raise NotPlain
        return tuple([read(item) for item in value])

    return read_all


def _identifier(value: Any) -> str:
    if value.__class__ is str and 1 <= len(value) <= 200:
        return str(value)
    raise NotPlain


_PLAIN: Final[Mapping[str, _Reader]] = {
    "bool": _bool, "int": _count, "decimal": _amount, "rate": _amount, "money": _amount,
    "date": _date, "instant": _instant, "place": _place, "token": _token,
}  # fmt: skip
_IDENTIFIERS: Final = frozenset({"id", "reference", "merchant"})


def _by_model(node: Node, key: str) -> _Reader:
    """A text with a pattern or a length of its own is read by the very validator that the model uses."""
    annotation: Any = node.model.model_fields[key].annotation
    validate = TypeAdapter(annotation).validate_python

    def read(value: Any) -> Any:
        try:
            return validate(value)
        except ValidationError:
            raise NotPlain from None

    return read


def _reader(node: Node, key: str, fact: Field) -> _Reader | None:
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


class _Plan:
    """How to read one level: key -> what to do with its value."""

    __slots__ = ("lists", "money", "nullable", "own_currency", "parts", "plain", "region")

    def __init__(self, node: Node):
        self.plain: dict[str, tuple[str, _Reader]] = {}
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
        beside = next((pair for pair in _REGIONS if pair[1] in node.facts), None)
        self.region = tuple([node.facts[key].path for key in beside]) if beside else None
        """A country and the region that must lie in it."""
        self.parts = {key: _Plan(part) for key, part in node.parts.items()}
        self.lists = {key: (_list_path(node, key), _Plan(part)) for key, part in node.lists.items()}


_PLAN: Final = _Plan(ROOT)
_LIST_LIMITS: Final = {"lines": 1000, "data": 200}


def decode(body: bytes) -> Facts:
    """The facts of a JSON body, or NotPlain where the model must look at it. Never more lenient than the model."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotPlain from None
    return decode_tree(tree)


def decode_tree(tree: Any) -> Facts:
    """As `decode`, from parsed JSON."""
    if tree.__class__ is not dict:
        raise NotPlain
    currency = tree.get("currency")
    if currency.__class__ is not str or currency not in DIGITS or "amount" not in tree:
        raise NotPlain
    facts: dict[str, Any] = {}
    _read(tree, _PLAN, currency, facts)
    if "payment.instrument" not in facts or not _has_country(facts):
        raise NotPlain
    facts.setdefault("kind", "sale")
    facts.setdefault("asked_by", "merchant")
    lines = facts.get("lines")
    if lines and not agree(lines):
        raise NotPlain
    return Facts(facts)


def _read(tree: dict[str, Any], plan: _Plan, currency: str, out: dict[str, Any]) -> None:
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
            out[money[key]] = _money(value, tree.get("currency") if plan.own_currency else currency)
        elif key in parts:
            if value.__class__ is not dict:
                raise NotPlain
            _read(value, parts[key], currency, out)
        elif key in plan.lists:
            out[plan.lists[key][0]] = _elements(key, value, plan.lists[key][1], currency)
        else:
            raise NotPlain
    if plan.region is not None and plan.region[1] in out:
        _lies_within(out[plan.region[1]], out.get(plan.region[0]))


def _lies_within(region: str, country: str | None) -> None:
    try:
        region_code(region, country)
    except UnknownPlace:
        raise NotPlain from None


def _money(value: Any, currency: Any) -> Money:
    if currency.__class__ is not str or currency not in DIGITS:
        raise NotPlain
    if value.__class__ is str:
        found = _DECIMAL.fullmatch(value)
        if found is None or len(found[2] or ".") - 1 > DIGITS[currency]:
            raise NotPlain
        return Money(Decimal(value), currency)
    return Money(_amount(value), currency)


def _elements(key: str, value: Any, plan: _Plan, currency: str) -> tuple[dict[str, Any], ...]:
    if value.__class__ is not list or len(value) > _LIST_LIMITS.get(key, 10_000):
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


def _has_country(facts: Mapping[str, Any]) -> bool:
    return any(path in facts for path in _COUNTRIES)


# -- what is missing -------------------------------------------------------------------------------------------------


def collapse(missing: Iterable[str], facts: Mapping[str, Any]) -> set[str]:
    """Missing facts as a caller thinks of them: an object of which nothing is stated is named as a whole.

    >>> sorted(collapse(["payment.fraud_rate.bps", "payment.initiator"], {"payment.channel": "remote"}))
    ['payment.fraud_rate', 'payment.initiator']
    """
    stated = stated_objects(facts)
    return {whole(path, stated) for path in missing}


def stated_objects(facts: Mapping[str, Any]) -> set[str]:
    """Objects of which something is stated."""
    return {path.rpartition(".")[0] for path in facts}


def whole(path: str, stated: set[str]) -> str:
    """The object within a party or the payment of which nothing is stated, or the path itself."""
    parent = path.rpartition(".")[0]
    return parent if "." in parent and parent in ALL_OBJECTS and parent not in stated else path
