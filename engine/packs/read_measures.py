"""`measures:` of a scenario: what is counted or summed over the window's own events, up to each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from engine.language.errors import did_you_mean
from engine.packs.fields import Keys, Notes
from engine.packs.read_scenario_parts import named
from engine.packs.scenario import IT, NOW, Measure, MeasureOf, ParameterType, ScenarioParameter
from engine.packs.yaml import Scalar, YamlNode
from engine.patterns.fields import FIELDS, FieldKind
from engine.patterns.parse import Names, PatternFault, parse
from engine.patterns.terms import Condition

_SPANS: Final = (ParameterType.HOURS, ParameterType.DAYS)
_APART: Final = (FieldKind.IDENTITY, FieldKind.WORD)


def read_measures(
    keys: Keys, notes: Notes, parameters: Mapping[str, ScenarioParameter], *, sequence: bool
) -> dict[str, Measure]:
    """The measures of one scenario, by name. `sequence`: its events have names, since which may be measured."""
    found: dict[str, Measure] = {}
    for key, node in keys.entries("measures"):
        named(key, {*found, *parameters, *FIELDS}, notes)
        found[key.text] = _measure(key, node, notes, parameters, sequence=sequence)
    return found


def _measure(
    key: Scalar, node: YamlNode, notes: Notes, parameters: Mapping[str, ScenarioParameter], *, sequence: bool
) -> Measure:
    keys = Keys(node, notes, f"The measure {key.text}")
    of = keys.one_of("of", MeasureOf)
    since = _since(keys, notes, of) if sequence and keys.has("since") else None
    measure = Measure(
        key.text, keys.text("label", key.text.replace("_", " ")), of, _field(keys, notes, of),
        _condition(keys, notes, parameters, (IT,) if since else (IT, NOW)),
        "" if since else _span(keys, "within", notes, parameters),
        _span(keys, "skip", notes, parameters) if keys.has("skip") and not since else None,
        since is not None or _included(keys, notes, "own"), _included(keys, notes, "unstated"), key.spot, since,
    )  # fmt: skip
    keys.done()
    return measure


def _since(keys: Keys, notes: Notes, of: MeasureOf) -> str:
    """The event behind which it is taken: only what a running total tells, which the others do not have."""
    if of not in (MeasureOf.COUNT, MeasureOf.SUM):
        message = f"{keys.said}: only `count` and `sum` are taken since an event."
        raise notes.stop("scenario-measure", keys.where("since"), message, "Say `within`.")
    return keys.text("since")


def _field(keys: Keys, notes: Notes, of: MeasureOf) -> str | None:
    if of is not MeasureOf.DISTINCT:
        return None
    name = keys.text("field")
    known = FIELDS.get(name)
    if known is None or known.kind not in _APART:
        possible = [field for field, about in FIELDS.items() if about.kind in _APART]
        hint = did_you_mean(name, possible) or f"Known: {', '.join(possible)}."
        raise notes.stop("scenario-measure", keys.where("field"), f"Values of {name} are not told apart.", hint)
    return name


def _condition(keys: Keys, notes: Notes, parameters: Collection[str], aliases: tuple[str, ...]) -> Condition | None:
    node = keys.node_of("where")
    if node is None:
        return None
    text = keys.scalar(node, "where")
    try:
        return parse(text.text.replace("\n", " ").rstrip(), Names(aliases, parameters))
    except PatternFault as fault:
        at = text.locate(fault.column - 1)
        raise notes.stop("scenario-pattern", at, fault.message, fault.hint) from None


def _span(keys: Keys, key: str, notes: Notes, parameters: Mapping[str, ScenarioParameter]) -> str:
    name = keys.text(key)
    found = parameters.get(name)
    if found is None or found.type not in _SPANS:
        message = f"`{key}` is the name of a parameter of hours or days, not {name!r}."
        raise notes.stop("scenario-measure", keys.where(key), message)
    return name


def _included(keys: Keys, notes: Notes, key: str) -> bool:
    text = keys.text(key, "included")
    if text not in ("excluded", "included"):
        raise notes.stop("value", keys.where(key), f"`{key}` is never {text!r}.", "excluded or included.")
    return text == "included"
