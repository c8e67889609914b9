"""What a pack file says, entry by entry with its lines, as a form shows it: read off the text alone, so that a file with faults
has one as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.packs.lines import File, flow, items_of, key_of, same, text_of
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode


@dataclass(frozen=True, slots=True)
class Lines:
    """Where an entry stands; both count from 1."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision of a source that the pack declares."""

    source: str
    at: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is from a day on. `start`: as the file has it, `unread` too; empty where it is pending."""

    start: str
    state: str
    """`value`, `none` (the law has none), `unread` or `pending`."""
    value: str
    """As the file has it; the words of a list with commas between."""
    note: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneParameter:
    """A dated number, word or list."""

    name: str
    label: str
    type: str
    unit: str
    basis: str
    confidence: str
    cite: Cited | None
    note: str
    values: tuple[DatedValue, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneTest:
    """A test of a rule. `given`: its facts as they are nested in the file."""

    name: str
    on: str
    given: Any
    expect: str
    missing: tuple[str, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneRule:
    """A rule with its condition as it is written."""

    id: str
    title: str
    basis: str
    confidence: str
    cite: Cited | None
    by: str
    start: str
    end: str
    when: str
    effect: str
    """On one line, as in the file."""
    unless: tuple[str, ...]
    message: str
    note: str
    tests: tuple[OneTest, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneRate:
    """A line of a table of tax rates."""

    id: str
    category: str
    kind: str
    component: str
    percent: str
    start: str
    end: str
    supplies: tuple[str, ...]
    condition: str
    note: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneLet:
    """A named expression."""

    name: str
    label: str
    text: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class OneSource:
    """An instrument that a pack declares."""

    id: str
    title: str
    url: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Outline:
    """A file of a pack. `kind`: `domain` or `pack`."""

    kind: str
    domain: str
    version: str
    parameters: tuple[OneParameter, ...] = ()
    lets: tuple[OneLet, ...] = ()
    rules: tuple[OneRule, ...] = ()
    rates: tuple[OneRate, ...] = ()
    sources: tuple[OneSource, ...] = ()


def outline(path: str, text: str) -> Outline:
    """The entries of a file of a pack. Raises PackError for what is not YAML, EditRefused for what is no set of keys."""
    file = File(path, text)
    root = file.root
    domain = text_of(root, "domain")
    return Outline(
        "domain" if domain else "pack",
        domain,
        text_of(root, "version"),
        tuple(_parameter(file, key, node) for key, node in _entries(root, "parameters")),
        tuple(_let(file, key, node) for key, node in _entries(root, "lets")),
        tuple(_rule(file, node) for node in items_of(key_of(root, "rules"))),
        tuple(_rate(file, node) for node in items_of(key_of(root, "rates"))),
        tuple(_source(file, key, node) for key, node in _entries(root, "sources")),
    )


def _entries(root: Mapping, name: str) -> Iterator[tuple[Scalar, YamlNode]]:
    node = key_of(root, name)
    yield from node.entries if isinstance(node, Mapping) else ()


def _lines(file: File, node: YamlNode) -> Lines:
    return Lines(node.spot.line, file.end_of(node))


def _cited(node: YamlNode) -> Cited | None:
    cite = key_of(node, "cite")
    if isinstance(cite, Scalar):
        return Cited(*cite.text.partition(" ")[::2])
    return Cited(text_of(cite, "source"), text_of(cite, "at")) if isinstance(cite, Mapping) else None


def _parameter(file: File, key: Scalar, node: YamlNode) -> OneParameter:
    return OneParameter(
        key.text, text_of(node, "label") or key.text.replace("_", " "), text_of(node, "type"), text_of(node, "unit"),
        text_of(node, "basis") or "statute", text_of(node, "confidence"), _cited(node), text_of(node, "note"),
        tuple(_value(file, one) for one in items_of(key_of(node, "values"))), _lines(file, key),
    )  # fmt: skip


def _value(file: File, node: YamlNode) -> DatedValue:
    found = key_of(node, "value")
    state, shown = "value", _shown(found)
    if key_of(node, "pending") is not None:
        state = "pending"
    elif key_of(node, "unread") is not None:
        state = "unread"
    elif isinstance(found, Scalar) and found.plain and found.text == "null":
        state, shown = "none", ""
    return DatedValue(text_of(node, "from"), state, shown, text_of(node, "note"), _lines(file, node))


def _shown(node: YamlNode | None) -> str:
    if isinstance(node, Sequence):
        return ", ".join(one.text for one in node.items if isinstance(one, Scalar))
    return node.text if isinstance(node, Scalar) else ""


def _rule(file: File, node: YamlNode) -> OneRule:
    applies, effect = key_of(node, "applies"), key_of(node, "effect")
    return OneRule(
        text_of(node, "id"), text_of(node, "title"), text_of(node, "basis"), text_of(node, "confidence"), _cited(node),
        text_of(applies, "by"), text_of(applies, "from"), text_of(applies, "to"), text_of(node, "when").strip(),
        flow(same(effect)) if effect is not None else "", _words(node, "unless"), text_of(node, "message"),
        text_of(node, "note"), tuple(_test(file, one) for one in items_of(key_of(node, "tests"))), _lines(file, node),
    )  # fmt: skip


def _words(node: YamlNode, name: str) -> tuple[str, ...]:
    return tuple(one.text for one in items_of(key_of(node, name)) if isinstance(one, Scalar))


def _test(file: File, node: YamlNode) -> OneTest:
    expect, given = key_of(node, "expect"), key_of(node, "given")
    missing = _words(expect, "unknown") if expect is not None else ()
    said = expect.text if isinstance(expect, Scalar) else "unknown"
    facts = _data(given) if given is not None else {}
    return OneTest(text_of(node, "name"), text_of(node, "on"), facts, said, missing, _lines(file, node))


def _data(node: YamlNode) -> Any:
    """A node as JSON: what stands without quotes and means yes, no, nothing or a whole number is that."""
    if isinstance(node, Mapping):
        return {key.text: _data(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [_data(one) for one in node.items]
    if not node.plain:
        return node.text
    known = {"true": True, "false": False, "null": None}
    if node.text in known:
        return known[node.text]
    return int(node.text) if node.text.isascii() and node.text.lstrip("-").isdecimal() else node.text


def _rate(file: File, node: YamlNode) -> OneRate:
    return OneRate(
        text_of(node, "id"), text_of(node, "category"), text_of(node, "kind"), text_of(node, "component") or "vat",
        text_of(node, "percent"), text_of(node, "from"), text_of(node, "to"), _words(node, "supplies"),
        text_of(node, "condition"), text_of(node, "note"), _lines(file, node),
    )  # fmt: skip


def _let(file: File, key: Scalar, node: YamlNode) -> OneLet:
    label = text_of(node, "label") or key.text.replace("_", " ")
    return OneLet(key.text, label, text_of(node, "is").strip(), _lines(file, key))


def _source(file: File, key: Scalar, node: YamlNode) -> OneSource:
    return OneSource(key.text, text_of(node, "title"), text_of(node, "url"), _lines(file, key))
