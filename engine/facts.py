"""From a stated Transaction to flat facts: `{"payment.channel": "remote", "amount": Money(...), ...}`.

Two ways lead here, generated from the same catalogue: `facts_of` from the pydantic model (the definition), and `decode` of
`engine.layouts` straight from JSON (the hot path).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from engine.catalogue import ALL_OBJECTS, NAMED, ROOT, Field, Node
from engine.money import DIGITS, Money
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
        known = layout_of(tuple(self))
        for at in known.money:
            money = row[at]
            row[at] = int(money[0] * MINOR[money[1]])
        values = tuple([self[path] for path in known.steering])
        shape = known.shapes.get(values)
        self.shape = shape if shape is not None else known.shape(values)

    @classmethod
    def bare(cls, stated: Mapping[str, Any]) -> Facts:
        """Facts whose row and shape the caller knows and fills in."""
        facts = cls.__new__(cls)
        facts.update(stated)
        return facts


STEERING: Final = (
    "kind", "currency", "payment.instrument", "payment.channel", "payment.initiator",
    "payment.since_authenticated.policy", "payment.since_authenticated.currency",
)  # fmt: skip
"""Words that are part of a shape: those that one caller's payments share and that most rules turn on. More of them would
make more shapes, each rarer."""
MINOR: Final = {currency: Decimal(10) ** digits for currency, digits in DIGITS.items()}
"""Minor units in one major unit."""

_SHAPES_KEPT: Final = 4096


class Layout:
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


_layouts: dict[tuple[str, ...], Layout] = {}


def layout_of(paths: tuple[str, ...]) -> Layout:
    """The layout of facts stated in this order: one object each."""
    found = _layouts.get(paths)
    if found is None:
        if len(_layouts) >= _SHAPES_KEPT:
            _layouts.clear()
        found = _layouts[paths] = Layout(paths)
    return found


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
            out[list_path(node, key)] = tuple(_element(item, part, currency) for item in items)


def _element(model: BaseModel, node: Node, currency: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    _walk(model, node, currency, facts)
    return facts


def _currency_of(model: BaseModel, fact: Field, currency: str) -> str | None:
    return getattr(model, "currency", None) if fact.unit == ".currency" else currency


def list_path(node: Node, key: str) -> str:
    prefix = next(iter(node.facts.values())).path.rpartition(".")[0]
    return f"{prefix}.{key}" if prefix else key


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
