"""What a parameter or a test may hold: text in the file, an exact typed value in the engine."""

from __future__ import annotations

from collections.abc import Mapping as Mapping_
from decimal import Decimal
from typing import Any, Final

from pydantic_core import PydanticCustomError

from engine.catalogue import FIELDS, OBJECTS, Field
from engine.language.errors import did_you_mean
from engine.language.types import BOOL, DATE, DECIMAL, INT, PLACE, RATE, STRING, Type
from engine.money import DIGITS, Money
from engine.packs.fields import Keys, Notes, is_null, read_day
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode
from engine.places import UnknownPlace, place
from engine.wire import read_decimal, read_instant

KINDS: Final = ("money", "int", "decimal", "rate", "bool", "date", "token", "tokens", "text", "place", "list")
"""Types of parameters. `tokens` and `list` are lists of words and of plain values; `text` is for people only."""

NOON: Final = 12
_NONE: Final[Mapping_[str, Field]] = {}

_TYPES: Final = {
    "int": INT,
    "decimal": DECIMAL,
    "rate": RATE,
    "bool": BOOL,
    "date": DATE,
    "token": STRING,
    "place": PLACE,
}
RATE_UNITS: Final = {"percent": Decimal(100), "bps": Decimal(1)}


def parameter_type(kind: str, unit: str | None) -> Type | None:
    """The type a condition sees; None for what no condition compares."""
    if kind == "money":
        return Type("money", unit=unit)
    if kind == "tokens":
        return Type("list", item=STRING)
    return _TYPES.get(kind)


def read_value(node: YamlNode, kind: str, unit: str | None, notes: Notes) -> Any:
    """A parameter's value. Money and rates must be quoted decimals: money in its unit, rates as basis points."""
    if kind in ("tokens", "list"):
        if not isinstance(node, Sequence):
            raise notes.stop("shape", node.spot, "A list of words is wanted.")
        return tuple(_scalar(item, notes).text for item in node.items)
    scalar = _scalar(node, notes)
    if kind in ("token", "text"):
        return scalar.text
    if kind == "date":
        return read_day(scalar, notes)
    if kind == "place":
        return _place(scalar, notes)
    if kind == "bool":
        return _bool(scalar, notes)
    return _number(scalar, kind, unit, notes)


def _scalar(node: YamlNode, notes: Notes) -> Scalar:
    if not isinstance(node, Scalar) or is_null(node):
        raise notes.stop("shape", node.spot, "One value is wanted.")
    return node


def _place(scalar: Scalar, notes: Notes) -> str:
    try:
        return place(scalar.text)
    except UnknownPlace:
        raise notes.stop("place-unknown", scalar.spot, f"{scalar.text!r} is not an ISO 3166 place.") from None


def _bool(scalar: Scalar, notes: Notes) -> bool:
    if scalar.plain and scalar.text in ("true", "false"):
        return scalar.text == "true"
    raise notes.stop("value-type", scalar.spot, f"{scalar.text!r} is neither true nor false.")


def _number(scalar: Scalar, kind: str, unit: str | None, notes: Notes) -> Any:
    try:
        number = read_decimal(scalar.text)
    except PydanticCustomError:
        raise notes.stop("value-type", scalar.spot, f"{scalar.text!r} is not a plain decimal number.") from None
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if kind == "int":
        if decimals > 0:
            raise notes.stop("value-type", scalar.spot, f"{scalar.text} is not a whole number.")
        return int(number)
    if scalar.plain:
        raise notes.stop(
            "yaml-unquoted", scalar.spot, f"{scalar.text} stands without quotes.", f'Write "{scalar.text}".'
        )
    if kind == "money" and decimals > DIGITS.get(unit or "", 0):
        raise notes.stop("value-digits", scalar.spot, f"{unit} has {DIGITS.get(unit or '', 0)} decimals.")
    if kind == "rate":
        return number * RATE_UNITS[unit or "percent"]
    return number


# -- facts in tests -----------------------------------------------------------------------------------------------------


def read_hour(keys: Keys, notes: Notes) -> int:
    """The `hour` of a test or a case; noon where none is stated."""
    text = keys.text("hour", str(NOON))
    if not text.isdecimal() or int(text) > 23:
        raise notes.stop("hour", keys.where("hour"), f"{text!r} is not an hour of the day.", "0 to 23.")
    return int(text)


def read_given(
    node: YamlNode, notes: Notes, *, currency: str, features: Mapping_[str, Field] = _NONE
) -> dict[str, Any]:
    """The facts of a test, from `path: value` pairs; nested keys are joined with dots. `amount` sets the currency.

    `features`: what is known of the past, stated by its name like a fact.
    """
    facts: dict[str, Any] = {}
    _given(node, "", facts, notes, {**FIELDS, **features} if features else FIELDS)
    for name, feature in features.items():
        if name in facts and feature.unit and facts[name].currency != feature.unit:
            raise notes.stop("value-type", node.spot, f"{name} is an amount in {feature.unit}.")
    amount = facts.get("amount")
    facts.setdefault("currency", amount.currency if isinstance(amount, Money) else currency)
    facts.setdefault("kind", "sale")
    facts.setdefault("asked_by", "merchant")
    return facts


def _given(node: YamlNode, prefix: str, out: dict[str, Any], notes: Notes, fields: Mapping_[str, Field]) -> None:
    if not isinstance(node, Mapping):
        raise notes.stop("shape", node.spot, "Facts are given as `path: value`.")
    for key, value in node.entries:
        path = prefix + key.text
        known = fields.get(path)
        if known is None and path in OBJECTS:
            _given(value, path + ".", out, notes, fields)
        elif known is None:
            raise notes.stop("name-unknown", key.spot, f"There is no fact {path}.", did_you_mean(path, fields) or "")
        elif not is_null(value):
            out[path] = read_fact(value, known, notes)


def read_fact(node: YamlNode, known: Field, notes: Notes) -> Any:
    """A fact as a test writes it: `"30.00 EUR"`, `remote`, `true`, `5`, `"2026-11-22T10:00:00+01:00"`."""
    kind, _, item = known.kind.partition(":")
    if kind == "list":
        return _fact_list(node, known, item, notes)
    scalar = _scalar(node, notes)
    if kind == "enum" and known.values is not None and scalar.text not in known.values:
        hint = did_you_mean(scalar.text, known.values) or f"Known: {', '.join(sorted(known.values))}."
        raise notes.stop("enum-value", scalar.spot, f"{known.path} is never {scalar.text!r}.", hint)
    if kind == "money":
        return _money(scalar, notes)
    if kind == "instant":
        try:
            return read_instant(scalar.text)
        except PydanticCustomError as error:
            raise notes.stop("value-type", scalar.spot, f"{error.message()}.") from None
    if kind in ("place", "bool", "date", "int", "decimal"):
        return read_value(
            Scalar(scalar.text, scalar.spot, scalar.plain and kind in ("bool", "int"), scalar.offsets),
            kind,
            None,
            notes,
        )
    if kind == "rate":
        return _number(Scalar(scalar.text, scalar.spot, False, scalar.offsets), "rate", "bps", notes)
    return scalar.text


def _fact_list(node: YamlNode, known: Field, item: str, notes: Notes) -> tuple[Any, ...]:
    if not isinstance(node, Sequence):
        raise notes.stop("shape", node.spot, f"{known.path} is a list.")
    if item == "object":
        return tuple(_fact_object(element, known, notes) for element in node.items)
    single = Field(known.path, "enum" if known.values else item, values=known.values)
    return tuple(read_fact(element, single, notes) for element in node.items)


def _fact_object(node: YamlNode, known: Field, notes: Notes) -> dict[str, Any]:
    if not isinstance(node, Mapping):
        raise notes.stop("shape", node.spot, f"An element of {known.path} is a set of keys and values.")
    found: dict[str, Any] = {}
    for key, value in node.entries:
        field = known.item.get(key.text)
        if field is None:
            raise notes.stop(
                "name-unknown", key.spot, f"{known.path} has no {key.text}.", did_you_mean(key.text, known.item) or ""
            )
        found[key.text] = read_fact(value, field, notes)
    return found


def _money(scalar: Scalar, notes: Notes) -> Money:
    number, _, currency = scalar.text.partition(" ")
    if currency not in DIGITS:
        raise notes.stop("value-type", scalar.spot, f"{scalar.text!r} is not an amount.", 'Write it as "30.00 EUR".')
    amount = _number(Scalar(number, scalar.spot, False, scalar.offsets), "money", currency, notes)
    return Money(amount, currency)
