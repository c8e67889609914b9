"""Changes of a file as a form makes them: each rewrites as little of the text as it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from api.editing_schemas import (
    AddRate,
    AddSource,
    AddValue,
    MoveValue,
    PutTest,
    RaiseVersion,
    RemoveTest,
    RemoveValue,
    SetCite,
    SetCondition,
    SetPercent,
    SetPeriod,
    SetText,
    SetValue,
)
from engine.packs.lines import EditRefused, File, Raw, block, flow, key_of, plain, text_of
from engine.packs.rewriting import (
    add_rate,
    add_source,
    add_value,
    as_written,
    move_value,
    parameter_in,
    put_test,
    raise_version,
    remove_test,
    remove_value,
    rule_in,
    set_percent,
    set_value,
)
from engine.packs.yaml import Mapping

_KEYS: Final = {
    "rule": {
        "title": ("id",), "basis": ("title",), "confidence": ("cite", "basis"), "message": ("unless", "effect"),
        "note": ("reading", "message", "unless", "effect"), "evidence": ("note", "reading", "message", "unless", "effect"),
    },
    "parameter": {
        "label": ("unit", "type"), "basis": ("label", "unit", "type"), "confidence": ("cite", "basis", "label", "type"),
        "note": ("evidence", "confidence"), "evidence": ("confidence",),
    },
}  # fmt: skip
"""The keys that may be written, and after which others they stand."""
_NEEDED: Final = frozenset({"title", "confidence", "basis"})


def rewritten(path: str, text: str, edit: Any) -> str:
    """The text of a file after one change. Raises EditRefused, PackError for a file that is not YAML."""
    file = File(path, text)
    _HANDS[type(edit)](file, edit)
    return file.written()


def _set_value(file: File, edit: SetValue) -> None:
    kind = text_of(parameter_in(file, edit.parameter), "type")
    set_value(file, edit.parameter, edit.start, as_written(kind, edit.value))


def _add_value(file: File, edit: AddValue) -> None:
    record = parameter_in(file, edit.parameter)
    keys = {"value": as_written(text_of(record, "type"), edit.value), **_said(edit)}
    add_value(file, edit.parameter, edit.start, keys)


def _said(edit: AddValue | AddRate) -> dict[str, object]:
    """What is said of a new line, as far as it is said."""
    keys: dict[str, object] = {}
    if edit.source or edit.at:
        if not edit.source or not edit.at:
            raise EditRefused("A citation is a source and the provision of it.")
        keys["cite"] = {"source": Raw(edit.source), "at": edit.at}
    if edit.confidence:
        keys["confidence"] = Raw(edit.confidence)
    if edit.note:
        keys["note"] = edit.note
    return keys


def _set_condition(file: File, edit: SetCondition) -> None:
    file.set(rule_in(file, edit.rule), "when", block(edit.when), after=("applies",))


def _set_text(file: File, edit: SetText) -> None:
    record = _record(file, edit.of, edit.name)
    keys = _KEYS[edit.of]
    if edit.key not in keys:
        raise EditRefused(f"A {edit.of} has no {edit.key}.")
    if edit.text:
        file.set(record, edit.key, plain(edit.text), after=keys[edit.key])
    elif edit.key in _NEEDED:
        raise EditRefused(f"A {edit.of} needs its {edit.key}.")
    else:
        file.unset(record, edit.key)


def _record(file: File, of: str, name: str) -> Mapping:
    return rule_in(file, name) if of == "rule" else parameter_in(file, name)


def _set_cite(file: File, edit: SetCite) -> None:
    cite = flow({"source": Raw(edit.source), "at": edit.at})
    file.set(_record(file, edit.of, edit.name), "cite", cite, after=("basis", "label", "title", "type"))


def _set_period(file: File, edit: SetPeriod) -> None:
    applies = key_of(rule_in(file, edit.rule), "applies")
    if not isinstance(applies, Mapping):
        raise EditRefused(f"The rule {edit.rule} does not say from when on it applies.")
    # What stands further right on a line is written first, or its place would be another one.
    if edit.to is not None:
        file.set(applies, "to", flow(edit.to.isoformat()), after=("from",))
    else:
        file.unset(applies, "to")
    start = Raw(edit.start) if edit.start == "unread" else edit.start
    file.set(applies, "from", flow(start), after=("by",))


def _put_test(file: File, edit: PutTest) -> None:
    test: dict[str, object] = {"name": edit.name}
    if edit.on is not None:
        test["on"] = edit.on.isoformat()
    test["given"] = edit.given
    test["expect"] = {"unknown": edit.missing} if edit.expect == "unknown" else edit.expect
    put_test(file, edit.rule, test)


def _add_rate(file: File, edit: AddRate) -> None:
    add_rate(file, (edit.rate,), edit.start, edit.percent, _said(edit))


def _add_source(file: File, edit: AddSource) -> None:
    keys: dict[str, object] = {"title": edit.title, "kind": Raw(edit.source_kind)}
    if edit.url:
        keys["url"] = edit.url
    if edit.applies is not None:
        keys["applies"] = edit.applies.isoformat()
    add_source(file, edit.name, keys)


_HANDS: Final[dict[type, Callable[[File, Any], None]]] = {
    SetValue: _set_value,
    AddValue: _add_value,
    MoveValue: lambda file, edit: move_value(file, edit.parameter, edit.start, edit.to),
    RemoveValue: lambda file, edit: remove_value(file, edit.parameter, edit.start),
    SetCondition: _set_condition,
    SetText: _set_text,
    SetCite: _set_cite,
    SetPeriod: _set_period,
    PutTest: _put_test,
    RemoveTest: lambda file, edit: remove_test(file, edit.rule, edit.name),
    SetPercent: lambda file, edit: set_percent(file, edit.rate, edit.percent),
    AddRate: _add_rate,
    RaiseVersion: lambda file, edit: raise_version(file),
    AddSource: _add_source,
}
"""Each kind of change, and what writes it."""
