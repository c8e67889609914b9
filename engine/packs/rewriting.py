"""What persons and machines write into pack files: dated values, lines of rates, conditions, tests, the next version.

Each changes what it is asked to in an opened file (`engine.packs.lines.File`) and leaves the rest byte by byte. Whether what is
written then is law that holds together is for the checker to say. All raise EditRefused for what cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from engine.packs.lines import EditRefused, File, Raw, flow, items_of, key_of, plain, same, scalar_of, text_of
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Scalar, YamlNode

_YEAR: Final = re.compile(r"(?:\.\d{2,4})+$")
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_NOT_COPIED: Final = frozenset(
    {"id", "percent", "unread", "from", "to", "cite", "confidence", "evidence", "note", "verified"}
)
_LISTS: Final = frozenset({"tokens", "list"})


# -- records -------------------------------------------------------------------------------------------------------------


def parameter_in(file: File, name: str) -> YamlMapping:
    """The record of a parameter."""
    node = key_of(file.root, "parameters", name)
    if not isinstance(node, YamlMapping):
        raise EditRefused(f"{file.path} has no parameter {name}.")
    return node


def rule_in(file: File, identity: str) -> YamlMapping:
    """The record of a rule."""
    return _named(file, "rules", "id", identity)


def rate_in(file: File, identity: str) -> YamlMapping:
    """The record of a line of rates."""
    return _named(file, "rates", "id", identity)


def _named(file: File, key: str, by: str, name: str) -> YamlMapping:
    for node in items_of(key_of(file.root, key)):
        if isinstance(node, YamlMapping) and text_of(node, by) == name:
            return node
    raise EditRefused(f"{file.path} has no {key.removesuffix('s')} {name}.")


def start_of(node: YamlNode) -> date | None:
    """The first day of a record; None where it was not read."""
    text = text_of(node, "from")
    try:
        return date.fromisoformat(text) if text and text != "unread" else None
    except ValueError:
        raise EditRefused(f"{text!r} is not a day.") from None


# -- values of parameters ------------------------------------------------------------------------------------------------


def as_written(kind: str, value: str | None) -> object:
    """A value as the file has it, by the type of its parameter. None: the law has none. What is no such value is written as
    a text, and the checker says so.

    >>> flow(as_written("money", "50")), flow(as_written("int", "5")), flow(as_written("tokens", "visa, mastercard"))
    ('"50"', '5', '["visa", "mastercard"]')
    """
    if value is None:
        return Raw("null")
    if kind in _LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    if (kind == "int" and _WHOLE.fullmatch(value)) or (kind == "bool" and value in ("true", "false")):
        return Raw(value)
    return Raw(plain(value)) if kind in ("token", "place", "text") else value


def add_value(file: File, name: str, day: date, keys: Mapping[str, object]) -> None:
    """A dated value in its place among the others. `keys`: the value, and what is said of it."""
    values = items_of(key_of(parameter_in(file, name), "values"))
    if not values:
        raise EditRefused("The parameter has no values to add to.")
    earlier = [one for one in values if text_of(one, "from") and (start_of(one) or date.min) < day]
    if any(start_of(one) == day for one in values):
        raise EditRefused(f"There is a value from {day} on already.")
    lead = " " * (values[0].spot.column - 3)
    line = f"{lead}- {flow({'from': day.isoformat(), **keys})}"
    file.after(file.end_of(earlier[-1]) if earlier else values[0].spot.line - 1, [line])


def set_value(file: File, name: str, start: str, value: object) -> None:
    """Another value from the same day on. `start`: as the file has it, `unread` too."""
    record = _value_from(file, name, start)
    if key_of(record, "unread") is not None:
        raise EditRefused("The value was not read yet: write in the file what was read, and where.")
    file.set(record, "value", flow(value), after=("from",))


def remove_value(file: File, name: str, start: str) -> None:
    """A value that does not begin after all; what was before it goes on."""
    record = _value_from(file, name, start)
    if len(items_of(key_of(parameter_in(file, name), "values"))) == 1:
        raise EditRefused("It is the only value: a parameter needs one.")
    file.take_out(record.spot.line, file.end_of(record))


def movable(file: File, name: str, was: date, now: date) -> YamlMapping:
    """The value that may begin on another day, as the order of time allows it; its day is still to be written."""
    values = items_of(key_of(parameter_in(file, name), "values"))
    at = next((number for number, one in enumerate(values) if start_of(one) == was), None)
    if at is None:
        raise EditRefused(f"{name} has no value from {was} on.")
    before = [one for number, one in enumerate(values) if number < at and (start_of(one) or date.min) >= now]
    after = [one for number, one in enumerate(values) if number > at and (start_of(one) or date.max) <= now]
    if before or after:
        raise EditRefused(f"{name} has another value between {was} and {now}.")
    found = values[at]
    assert isinstance(found, YamlMapping), "a value is a set of keys"
    return found


def move_value(file: File, name: str, was: date, now: date) -> None:
    """A value that begins on another day."""
    file.put(scalar_of(movable(file, name, was, now), "from"), flow(now.isoformat()))


def _value_from(file: File, name: str, start: str) -> YamlMapping:
    for one in items_of(key_of(parameter_in(file, name), "values")):
        if isinstance(one, YamlMapping) and text_of(one, "from") == start:
            return one
    raise EditRefused(f"{name} has no value from {start} on.")


# -- lines of rates ------------------------------------------------------------------------------------------------------


def set_percent(file: File, identity: str, percent: str) -> None:
    """Another percentage in a line of rates: a correction of what was written, not a change of the law."""
    file.put(scalar_of(rate_in(file, identity), "percent"), flow(percent))


def add_rate(file: File, lines: tuple[str, ...], day: date, percent: str, keys: Mapping[str, object]) -> None:
    """A line of rates from a day on: the newest of `lines`, which ends then, at another rate. `keys`: what is said of it."""
    rates = items_of(key_of(file.root, "rates"))
    own = [one for one in rates if text_of(one, "id") in lines and (start_of(one) or date.min) < day]
    if not own:
        raise EditRefused(f"{file.path} has no line of {lines[-1]} before {day}.")
    line = max(own, key=lambda one: start_of(one) or date.min)
    assert isinstance(line, YamlMapping), "items of rates are sets of keys"
    end = text_of(line, "to")
    if end and end != day.isoformat():
        raise EditRefused(f"The line {text_of(line, 'id')} ends on {end} already.")
    taken = {text_of(one, "id") for one in rates} | {one.text for one in _scalars(key_of(file.root, "retired"))}
    kept = {key.text: same(value) for key, value in line.entries if key.text not in _NOT_COPIED}
    first: dict[str, object] = {key: kept[key] for key in ("category", "kind", "component") if key in kept}
    new: dict[str, object] = {"id": _identity(text_of(line, "id"), day, taken), **first, "percent": percent}
    new |= {key: value for key, value in kept.items() if key not in new}
    new |= {"from": day.isoformat(), **keys}
    if not end:
        file.beside(scalar_of(line, "from"), "to", f'"{day.isoformat()}"')
    file.after(file.end_of(line), [f"{' ' * (line.spot.column - 3)}- {flow(new)}"])


def _identity(identity: str, day: date, taken: set[str]) -> str:
    base = _YEAR.sub("", identity)
    for one in (f"{base}.{day:%Y}", f"{base}.{day:%Y.%m}", f"{base}.{day:%Y.%m.%d}"):
        if one not in taken:
            return one
    raise EditRefused(f"There is a line {base}.{day:%Y.%m.%d} already.")


def _scalars(node: YamlNode | None) -> Iterator[Scalar]:
    yield from (one for one in items_of(node) if isinstance(one, Scalar))


# -- tests of rules ------------------------------------------------------------------------------------------------------


def put_test(file: File, rule: str, test: Mapping[str, Any]) -> None:
    """A test of a rule: instead of the one of that name, or after the others. `test`: its keys as a pack has them."""
    record = rule_in(file, rule)
    tests = items_of(key_of(record, "tests"))
    line = f"- {flow(test)}"
    if not tests:
        if key_of(record, "tests") is not None:
            raise EditRefused(f"The tests of {rule} are an empty list: write the first one in the file itself.")
        file.set(record, "tests", ["", line], after=(record.entries[-1][0].text,))
        return
    known = next((one for one in tests if text_of(one, "name") == test["name"]), None)
    lead = " " * (tests[0].spot.column - 3)
    if known is not None:
        file.take_out(known.spot.line, file.end_of(known))
    file.after(file.end_of(known or tests[-1]), [f"{lead}{line}"])


def remove_test(file: File, rule: str, name: str) -> None:
    """A test taken out, and the list with its last one."""
    record = rule_in(file, rule)
    tests = items_of(key_of(record, "tests"))
    known = next((one for one in tests if text_of(one, "name") == name), None)
    if known is None:
        raise EditRefused(f"The rule {rule} has no test {name!r}.")
    if len(tests) == 1:
        file.unset(record, "tests")
    else:
        file.take_out(known.spot.line, file.end_of(known))


# -- packs ---------------------------------------------------------------------------------------------------------------


def raise_version(manifest: File) -> None:
    """A released version never changes: what differs has the next number."""
    node = scalar_of(manifest.root, "version")
    parts = node.text.split(".")
    if not parts[-1].isdecimal():
        raise EditRefused(f"The version {node.text} does not end with a number.")
    manifest.put(node, f'"{".".join([*parts[:-1], str(int(parts[-1]) + 1)])}"')


def add_source(manifest: File, name: str, keys: Mapping[str, object]) -> None:
    """An instrument that may be cited from now on, after those that are."""
    sources = key_of(manifest.root, "sources")
    if not isinstance(sources, YamlMapping) or not sources.entries:
        raise EditRefused(f"{manifest.path} has no sources to add to.")
    if key_of(sources, name) is not None:
        raise EditRefused(f"There is a source {name} already.")
    last = sources.entries[-1][0]
    manifest.after(manifest.end_of(last), [f"{manifest.lead(last)}{name}: {flow(keys)}"])


__all__ = [
    "add_rate", "add_source", "add_value", "as_written", "movable", "move_value", "parameter_in", "put_test", "raise_version",
    "rate_in", "remove_test", "remove_value", "rule_in", "set_percent", "set_value", "start_of",
]  # fmt: skip
