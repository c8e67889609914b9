"""Parameters and tests of a scenario, as a domain file has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from pydantic_core import PydanticCustomError

from engine.catalogue import FIELDS as FACTS
from engine.catalogue import OBJECTS, Field
from engine.language.scope import CLOCK
from engine.money import DIGITS
from engine.packs.fields import Keys, Notes, each
from engine.packs.scenario import SEGMENT, ParameterType, ScenarioParameter, ScenarioTest
from engine.packs.values import read_fact
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Scalar, YamlNode
from engine.patterns.fields import FIELDS, FieldKind
from engine.wire import read_decimal

LARGEST_AMOUNT: Final = 10**11
"""In minor units: a thousand million of most currencies. Sums of a full window stay far within 64 bits."""

SEEN: Final = frozenset({"flow", "counterparty"})
"""What a subject sees in an event, and no caller states: a test states the parties, and the `direction` where it is stated."""
_NAMES: Final = frozenset({"id", "reference", "direction"})
_WAYS: Final = frozenset({"in", "out"})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_OFFSET: Final = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?", re.ASCII)
_WIDEST: Final = {
    ParameterType.COUNT: 10_000,
    ParameterType.PERCENT: 10_000,
    ParameterType.HOURS: 24 * 366 * 5,
    ParameterType.DAYS: 366 * 5,
}
_SECONDS: Final = {ParameterType.HOURS: 3600, ParameterType.DAYS: 86400}


def named(key: Scalar, taken: Collection[str], notes: Notes) -> None:
    """Refuse a name that is none, or means something already."""
    name = key.text
    if not _NAME.fullmatch(name):
        raise notes.stop("identifier", key.spot, f"{name!r} is not an identifier.", "Use lower case, digits and _.")
    if name in taken or name in FACTS or name in OBJECTS or name in CLOCK:
        raise notes.stop("scenario", key.spot, f"{name} is the name of a fact, a field or something else here.")


# -- parameters ----------------------------------------------------------------------------------------------------------


def read_parameters(keys: Keys, notes: Notes, unit: str) -> dict[str, ScenarioParameter]:
    """The parameters of one scenario, by name. A value out of its bounds is refused."""
    found: dict[str, ScenarioParameter] = {}
    for key, node in keys.entries("parameters"):
        named(key, found, notes)
        found[key.text] = _parameter(key, node, notes, unit)
    return found


def _parameter(key: Scalar, node: YamlNode, notes: Notes, unit: str) -> ScenarioParameter:
    keys = Keys(node, notes, f"The parameter {key.text}")
    kind = keys.one_of("type", ParameterType)

    def number(value: YamlNode, name: str) -> int:
        return _number(keys.scalar(value, name), kind, unit, notes)

    parameter = ScenarioParameter(
        key.text, keys.text("label", key.text.replace("_", " ")), kind,
        number(keys.need("default"), "default"), number(keys.need("min"), "min"), number(keys.need("max"), "max"),
        {name.text: number(value, name.text) for name, value in keys.entries("segments")}, keys.text("note", ""), key.spot,
    )  # fmt: skip
    _within(parameter, keys, notes)
    keys.done()
    return parameter


def _number(scalar: Scalar, kind: ParameterType, unit: str, notes: Notes) -> int:
    """Whole minor units, seconds, percent or a count."""
    try:
        number = read_decimal(scalar.text)
    except PydanticCustomError:
        raise notes.stop("value-type", scalar.spot, f"{scalar.text!r} is not a plain number.") from None
    if kind is ParameterType.MONEY:
        if scalar.plain:
            message = f"{scalar.text} stands without quotes."
            raise notes.stop("yaml-unquoted", scalar.spot, message, f'Write "{scalar.text}".')
        number *= Decimal(10) ** DIGITS[unit]
    if number != number.to_integral_value() or not 0 <= number <= _WIDEST.get(kind, LARGEST_AMOUNT):
        raise notes.stop("value-type", scalar.spot, f"{scalar.text} is not a number that a {kind} parameter can have.")
    return int(number) * _SECONDS.get(kind, 1)


def _within(parameter: ScenarioParameter, keys: Keys, notes: Notes) -> None:
    if parameter.least > parameter.most:
        raise notes.stop("scenario-bounds", keys.where("max"), f"{keys.said}: `min` is larger than `max`.")
    for name, value in [("default", parameter.default), *parameter.segments.items()]:
        if not parameter.least <= value <= parameter.most:
            spot = keys.where("default" if name == "default" else "segments")
            raise notes.stop("scenario-bounds", spot, f"{keys.said}: the value of {name} is out of its bounds.")


# -- tests ---------------------------------------------------------------------------------------------------------------


def read_scenario_test(node: YamlNode, notes: Notes, features: Mapping[str, Field]) -> ScenarioTest:
    """One element of `tests:` of a scenario."""
    keys = Keys(node, notes, "A test of a scenario")
    expect = keys.text("expect")
    if expect not in ("fires", "silent", "unknown"):
        message = f"A test expects fires, silent or unknown, not {expect!r}."
        raise notes.stop("test-expect", keys.where("expect"), message)
    events = each(keys.items("events"), lambda one: _event(one, notes))
    history = {name.text: _history(name, value, notes, features) for name, value in keys.entries("history")}
    test = ScenarioTest(
        keys.text("name"), keys.text("segment", SEGMENT), tuple(events), history, expect, keys.words("found"), keys.spot
    )
    keys.done()
    return test


def _history(name: Scalar, value: YamlNode, notes: Notes, features: Mapping[str, Field]) -> Any:
    if name.text not in features:
        raise notes.stop("name-unknown", name.spot, f"There is no feature {name.text}.")
    return read_fact(value, features[name.text], notes)


def _event(node: YamlNode, notes: Notes) -> dict[str, Any]:
    """An event as a test writes it: `id`, `at` (an offset such as 2d4h30m), `amount` ("10.00 EUR"), and fields of patterns;
    `times` and `every` repeat it, `#` in an identity stands for the number of the repetition."""
    if not isinstance(node, YamlMapping):
        raise notes.stop("shape", node.spot, "An event is a set of keys and values.")
    found: dict[str, Any] = {}
    for key, value in node.entries:
        if not isinstance(value, Scalar):
            raise notes.stop("shape", value.spot, f"`{key.text}` is one value.")
        found[key.text] = _stated(key, value, notes)
    for needed in ("id", "at"):
        if needed not in found:
            raise notes.stop("key-missing", node.spot, f"An event has no `{needed}`.")
    return found


def _stated(key: Scalar, value: Scalar, notes: Notes) -> Any:
    name = key.text
    if name in ("at", "every", "since"):
        return _offset(value, notes)
    if name == "amount":
        return read_fact(value, Field(name, "money"), notes)
    if name == "times":
        if not (value.text.isascii() and value.text.isdecimal() and 1 <= int(value.text) <= 100):
            raise notes.stop("value-type", value.spot, "`times` is a whole number from 1 to 100.")
        return int(value.text)
    known = FIELDS.get(name)
    writable = known is not None and known.kind in (FieldKind.WORD, FieldKind.IDENTITY) and name not in SEEN
    if not writable and name not in _NAMES:
        raise notes.stop("key-unknown", key.spot, f"An event has no key `{name}`.")
    words = _WAYS if name == "direction" else known.words if known is not None else None
    if words is not None and value.text not in words:
        raise notes.stop("enum-value", value.spot, f"{name} is never {value.text!r}.")
    return value.text


def _offset(value: Scalar, notes: Notes) -> timedelta:
    match = _OFFSET.fullmatch(value.text)
    if not value.text or match is None:
        raise notes.stop(
            "value-type", value.spot, f"{value.text!r} is not a time after the start.", "Write it as 2d4h30m."
        )
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
