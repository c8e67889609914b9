"""One release as a comparison looks at it: which law holds at a place on a day, without compiling it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from engine.diffs.normal import groups_used, normal, spelled
from engine.diffs.plain import plain
from engine.language.tree import Expr, params_used, past_used
from engine.packs.feature import Feature
from engine.packs.lint.questions import expanded
from engine.packs.lint.view import in_force
from engine.packs.model import Effect, Pack, Parameter, ParameterRef, Rule, Value
from engine.packs.packset import PackSet
from engine.packs.problems import Spot

Chain = tuple[str, ...]
_WORDS: Final = frozenset({"label", "cite", "note", "spot"})
"""Of a feature, what is said about it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter's entry in force, the nearest pack's."""

    pack: Pack
    parameter: Parameter
    value: Value


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule in force at a place on a day, with all that it turns on. Equal keys: the law says the same."""

    rule: Rule
    pack: Pack
    condition: Expr
    """Normal, exceptions written out."""
    params: Mapping[str, Any]
    """Name -> value and unit, of those that the condition reads."""
    groups: Mapping[str, frozenset[str]]
    features: Mapping[str, Feature]
    effect: Any
    """Plain, with the values of the parameters that its details name."""

    @property
    def asks(self) -> tuple[Any, ...]:
        """What the condition turns on."""
        forms = tuple((name, plain_feature(self.features[name])) for name in sorted(self.features))
        values = tuple(sorted((name, repr(value)) for name, value in self.params.items()))
        return spelled(self.condition), values, tuple(sorted(self.groups.items(), key=str)), forms

    @property
    def key(self) -> tuple[Any, ...]:
        """The condition and what follows."""
        return (*self.asks, repr(self.effect))


class Side:
    """A release, asked of places and days."""

    def __init__(self, packs: PackSet):
        self.packs = packs
        self._chains: dict[tuple[str, str, date], Chain] = {}
        self._members: dict[date, dict[str, frozenset[str]]] = {}
        self._rules: dict[tuple[Chain, str], dict[str, tuple[Rule, Pack]]] = {}
        self._normal: dict[frozenset[Spot], Expr] = {}

    def chain(self, place: str, domain: str, day: date) -> Chain:
        """The packs that speak, the most general first."""
        key = place, domain, day
        if key not in self._chains:
            self._chains[key] = self.packs.layers.speaking(place, domain, day)
        return self._chains[key]

    def members(self, day: date) -> dict[str, frozenset[str]]:
        """Group -> the places within it."""
        if day not in self._members:
            self._members[day] = self.packs.layers.members(day)
        return self._members[day]

    def held(self, chain: Chain, domain: str, name: str, day: date) -> Held | None:
        """A parameter's entry in force, the nearest pack's."""
        for code in reversed(chain):
            part = self.packs.packs[code].domains.get(domain)
            parameter = part.parameters.get(name) if part else None
            value = parameter.at(day) if parameter else None
            if parameter and value:
                return Held(self.packs.packs[code], parameter, value)
        return None

    def active(self, chain: Chain, domain: str, day: date) -> dict[str, tuple[Rule, Pack]]:
        """The rules in force, by id."""
        if (chain, domain) not in self._rules:  # of two packs with a rule of one id the nearer speaks
            packs = [self.packs.packs[code] for code in chain if domain in self.packs.packs[code].domains]
            self._rules[chain, domain] = {
                rule.id: (rule, pack) for pack in packs for rule in pack.domains[domain].rules
            }
        return {name: pair for name, pair in self._rules[chain, domain].items() if in_force(pair[0], day)}

    def ruled(self, name: str, place: str, domain: str, day: date) -> Ruled | None:
        """A rule with all that it turns on; None where it is not in force."""
        chain = self.chain(place, domain, day)
        active = self.active(chain, domain, day)
        if name not in active:
            return None
        rule, pack = active[name]
        condition = self._condition(rule, active)
        features = self.features(chain, domain)
        members = self.members(day)
        return Ruled(
            rule, pack, condition,
            {one: self._value(chain, domain, one, day) for one in params_used(condition)},
            {group: members[group] for group in groups_used(condition) if group in members},
            {one: features[one] for one in (*past_used(condition), *_words(rule.effect)) if one in features},
            self._effect(rule, pack, chain, domain, day),
        )  # fmt: skip

    def _condition(self, rule: Rule, active: Mapping[str, tuple[Rule, Pack]]) -> Expr:
        """As `when` and no exception in force, in its normal form."""
        known = {name: pair[0] for name, pair in active.items()}
        key = frozenset(_spots(rule, known))
        if key not in self._normal:
            self._normal[key] = normal(expanded(rule, known))
        return self._normal[key]

    def features(self, chain: Chain, domain: str) -> dict[str, Feature]:
        """What a chain may ask of the past, by name."""
        packs = [self.packs.packs[code] for code in chain if domain in self.packs.packs[code].domains]
        return {name: feature for pack in packs for name, feature in pack.domains[domain].features.items()}

    def _value(self, chain: Chain, domain: str, name: str, day: date) -> Any:
        found = self.held(chain, domain, name, day)
        return None if found is None else (found.value.value, found.parameter.kind, found.parameter.unit)

    def _effect(self, rule: Rule, pack: Pack, chain: Chain, domain: str, day: date) -> Any:
        found = plain(rule.effect)
        if f"{pack.jurisdiction}/{rule.id}" in self.packs.held_back.get(domain, ()):
            found["held_back"] = True
        for name, detail in rule.effect.details.items():
            if isinstance(detail, ParameterRef):
                found["details"][name] = {
                    "parameter": detail.name,
                    "value": plain(self._value(chain, domain, detail.name, day)),
                }
        return found


def _words(effect: Effect) -> Iterator[str]:
    """What the details of an effect name, such as what a limit counts of the past."""
    return (detail for detail in effect.details.values() if isinstance(detail, str))


def _spots(rule: Rule, known: Mapping[str, Rule]) -> set[Spot]:
    """The places of a rule and of the exceptions in force, theirs included: what its condition is written from."""
    found = {rule.spot}
    waiting = [rule]
    while waiting:
        for name in waiting.pop().unless:
            if name in known and known[name].spot not in found:
                found.add(known[name].spot)
                waiting.append(known[name])
    return found


def plain_feature(feature: Feature) -> str:
    """What a feature counts, whatever it is called."""
    return repr({one.name: plain(getattr(feature, one.name)) for one in fields(feature) if one.name not in _WORDS})
