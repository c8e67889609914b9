"""`scenarios:` of a domain file: what an officer should look at. Whatever could not be matched exactly is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.catalogue import FIELDS as FACTS
from engine.catalogue import OBJECTS, Field
from engine.language.check import check
from engine.language.errors import LanguageError
from engine.language.scope import NamedFeature, Scope
from engine.language.tree import Expr
from engine.language.types import BOOL, DURATION, INT, Type
from engine.money import DIGITS
from engine.packs.feature import Feature
from engine.packs.fields import Keys, Notes, each
from engine.packs.model import Basis, Confidence
from engine.packs.problems import Spot
from engine.packs.read_measures import read_measures
from engine.packs.read_scenario_parts import read_parameters, read_scenario_test
from engine.packs.records import read_cite
from engine.packs.scenario import (
    GRAPH_PARAMETERS,
    MEASURED_AMOUNTS,
    Counts,
    GraphShape,
    Inside,
    Measure,
    ParameterType,
    Scenario,
    ScenarioKind,
    Severity,
    SubjectKey,
)
from engine.packs.yaml import Scalar, YamlNode
from engine.patterns.normal import branches
from engine.patterns.parse import Names, PatternFault, parse
from engine.patterns.terms import AllOf, Condition, fields_in

MOST_EVENTS: Final = 3
"""Events of one sequence, an absent one beside them: joins of so many were shown to be exact."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_SPANS: Final = (ParameterType.HOURS, ParameterType.DAYS)

Parts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What a scenario's file and pack already know."""

    features: Mapping[str, Feature]
    groups: frozenset[str]
    currency: str


def read_scenarios(keys: Keys, notes: Notes, around: Around) -> tuple[Scenario, ...]:
    """The scenarios of one file."""
    return tuple(each(keys.items("scenarios"), lambda node: _Reader(node, notes, around).read()))


class _Reader:
    """Reads one scenario."""

    def __init__(self, node: YamlNode, notes: Notes, around: Around):
        self.keys, self.notes, self.around = Keys(node, notes, "A scenario"), notes, around
        self.id = self.keys.identifier("id")
        self.keys.said = f"The scenario {self.id}"
        self.kind = self.keys.one_of("kind", ScenarioKind)
        self.unit = self._unit()
        self.parameters = read_parameters(self.keys, notes, self.unit)
        self.measures: Mapping[str, Measure] = {}

    def read(self) -> Scenario:
        keys, notes = self.keys, self.notes
        if self.kind is not ScenarioKind.GRAPH:
            sequence = self.kind is ScenarioKind.SEQUENCE
            self.measures = read_measures(keys, notes, self.parameters, sequence=sequence)
        parts = {
            ScenarioKind.COUNTING: self._counting,
            ScenarioKind.SEQUENCE: self._sequence,
            ScenarioKind.GRAPH: self._graph,
        }[self.kind]()
        title = keys.text("title")
        key = keys.one_of("key", SubjectKey)
        fields = self._history_fields()
        scenario = Scenario(
            id=self.id, title=title, label=keys.text("label", title), kind=self.kind, key=key, unit=self.unit,
            severity=keys.one_of("severity", Severity), inside=self._inside(),
            counts=keys.one_of("counts", Counts, Counts.PAYMENTS), basis=keys.one_of("basis", Basis),
            cite=read_cite(keys, notes), confidence=keys.one_of("confidence", Confidence), note=keys.text("note", ""),
            parameters=self.parameters, spot=keys.spot, measures=self.measures,
            tests=tuple(each(keys.items("tests"), lambda node: read_scenario_test(node, notes, fields))), **parts,
        )  # fmt: skip
        keys.done()
        return scenario

    def _unit(self) -> str:
        unit = self.keys.text("unit", self.around.currency)
        if unit not in DIGITS:
            raise self.notes.stop("unit-missing", self.keys.where("unit"), f"{self.keys.said} needs a currency.")
        return unit

    def _inside(self) -> Inside:
        inside = self.keys.one_of("inside", Inside, Inside.AFTER)
        if inside is Inside.PREFLIGHT and self.kind is ScenarioKind.GRAPH:
            message = "A graph is looked for over everybody's events: no payment waits for that."
            raise self.notes.stop("scenario", self.keys.where("inside"), message, "inside: after.")
        return inside

    def _history_fields(self) -> Mapping[str, Field]:
        if self.kind is not ScenarioKind.COUNTING:
            return MappingProxyType({})
        return {name: feature.field for name, feature in self.around.features.items()}

    # -- counting --

    def _counting(self) -> Parts:
        text = self.keys.scalar(self.keys.need("when"), "when")
        return {"counted": self._expression(text)}

    def _expression(self, text: Scalar) -> Expr:
        source = text.text.replace("\n", " ").rstrip()
        try:
            return check(source, self._scope(), want=BOOL)
        except LanguageError as error:
            raise self.notes.stop(error.code, text.locate(error.column - 1), error.message, error.hint or "") from None

    def _scope(self) -> Scope:
        money = Type("money", unit=self.unit)
        params = {
            name: money if parameter.type is ParameterType.MONEY else DURATION if parameter.type in _SPANS else INT
            for name, parameter in self.parameters.items()
        }
        measured = {
            name: NamedFeature(measure.label, money if measure.of in MEASURED_AMOUNTS else INT, ("occurred_at",))
            for name, measure in self.measures.items()
        }
        past = {name: feature.named for name, feature in self.around.features.items()}
        return Scope(params, {}, self.around.groups, FACTS, OBJECTS, {**past, **measured})

    # -- sequences --

    def _sequence(self) -> Parts:
        own = self._conditions("events")
        aliases = tuple(own)
        if not 1 <= len(aliases) <= MOST_EVENTS:
            message = f"{self.keys.said} is about {len(aliases)} events: from 1 to {MOST_EVENTS} are matched."
            raise self.notes.stop("scenario-pattern", self.keys.where("events"), message, "Count others in a measure.")
        across = self._across(aliases)
        absent = self._absent(aliases)
        self._expressible([*own.values(), *([across] if across else ())], self.keys.where("events"))
        if absent:
            self._expressible([absent[1]], self.keys.where("none"))
        return {"aliases": own, "across": across, "absent": absent, "window": self._window()}

    def _conditions(self, key: str) -> dict[str, Condition]:
        found: dict[str, Condition] = {}
        if not self.keys.has(key):
            self.keys.need(key)
        for alias, node in self.keys.entries(key):
            self._free(alias, found)
            found[alias.text] = self._pattern(self.keys.scalar(node, alias.text), (alias.text,))
        return found

    def _free(self, alias: Scalar, found: Collection[str]) -> None:
        taken = {*self.parameters, *self.measures, *found}
        if not _NAME.fullmatch(alias.text) or alias.text in taken:
            message = f"{alias.text!r} is not a name for an event, or is taken."
            raise self.notes.stop("scenario", alias.spot, message, "Use lower case, digits and _.")

    def _across(self, aliases: tuple[str, ...]) -> Condition | None:
        node = self.keys.node_of("when")
        for measure in self.measures.values():
            if measure.since is not None and measure.since not in aliases:
                message = f"The measure {measure.name} is taken since {measure.since!r}, and no event has that name."
                raise self.notes.stop("scenario-measure", measure.spot, message, f"Known: {', '.join(aliases)}.")
        if node is None:
            return None
        text = self.keys.scalar(node, "when")
        found = self._pattern(text, aliases, self.measures)
        for of in fields_in(found):
            since = self.measures[of.field].since if of.field in self.measures else None
            if since is not None and aliases.index(of.alias) <= aliases.index(since):
                message = f"{of.alias} is not behind {since}: {of.field} is taken between them."
                raise self.notes.stop("scenario-measure", text.spot, message, "Name a later event.")
        return found

    def _absent(self, aliases: tuple[str, ...]) -> tuple[str, Condition] | None:
        entries = self.keys.entries("none")
        if not entries:
            return None
        if len(entries) > 1 or len(aliases) < 2:
            message = "One event at most may be absent, between the first and the last of at least two."
            raise self.notes.stop("scenario-pattern", self.keys.where("none"), message)
        alias, node = entries[0]
        self._free(alias, aliases)
        return alias.text, self._pattern(self.keys.scalar(node, alias.text), (*aliases, alias.text))

    def _pattern(self, text: Scalar, aliases: tuple[str, ...], measures: Collection[str] | None = None) -> Condition:
        """`measures`: those that may be named; without it those of each event by itself."""
        alone = [name for name, measure in self.measures.items() if measure.since is None]
        names = Names(aliases, self.parameters, alone if measures is None else measures)
        try:
            return parse(text.text.replace("\n", " ").rstrip(), names)
        except PatternFault as fault:
            at = text.locate(fault.column - 1)
            raise self.notes.stop("scenario-pattern", at, fault.message, fault.hint) from None

    def _expressible(self, parts: list[Condition], spot: Spot) -> None:
        """Whether all of it together comes to few enough flat conjunctions."""
        try:
            branches(AllOf(tuple(parts)))
        except PatternFault as fault:
            raise self.notes.stop("scenario-pattern", spot, fault.message, fault.hint) from None

    def _window(self) -> str:
        name = self.keys.text("window")
        found = self.parameters.get(name)
        if found is None or found.type not in _SPANS:
            message = f"`window` is the name of a parameter of hours or days, not {name!r}."
            raise self.notes.stop("scenario", self.keys.where("window"), message)
        return name

    # -- graphs --

    def _graph(self) -> Parts:
        shape = self.keys.one_of("shape", GraphShape)
        wanted = GRAPH_PARAMETERS[shape]
        if tuple(sorted(self.parameters)) != wanted:
            message = f"A scenario of the shape {shape} has exactly the parameters {', '.join(wanted)}."
            raise self.notes.stop("scenario", self.keys.where("parameters"), message)
        self._cycle_length(shape)
        return {"shape": shape}

    def _cycle_length(self, shape: GraphShape) -> None:
        if shape is not GraphShape.CYCLE:
            return
        for name in ("shortest", "longest"):
            parameter = self.parameters[name]
            if not 3 <= parameter.least <= parameter.most <= 8:
                message = "A cycle that is looked for has from 3 to 8 parties: `min` and `max` lie within."
                raise self.notes.stop("scenario-bounds", parameter.spot, message)
