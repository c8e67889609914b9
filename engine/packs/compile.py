"""One domain's law for one chain of packs in one period, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.language.compile import Evaluate, NamedRule
from engine.language.law import Gap, Law
from engine.language.specialise import Grown
from engine.language.tree import Expr, Not, RuleRef, conjunction
from engine.language.types import BOOL
from engine.language.why import Explainer
from engine.packs.feature import Feature
from engine.packs.layers import Layers
from engine.packs.model import Pack, Parameter, Rule, Value


@dataclass(frozen=True, slots=True)
class Active:
    """A rule in force, the pack it comes from, and its condition with its exceptions."""

    rule: Rule
    pack: Pack
    condition: Expr


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter's entry in force, with the parameter and the pack it comes from."""

    parameter: Parameter
    value: Value
    pack: Pack


@dataclass(frozen=True, slots=True)
class Compiled:
    """The law of a chain of packs in one period: what to evaluate and what to say about it."""

    chain: tuple[Pack, ...]
    domain: str
    start: date
    law: Law
    params: Mapping[str, Held]
    features: Mapping[str, Feature]
    """What these packs may ask of the past, by name."""
    rules: tuple[Active, ...]
    executor: Grown
    evaluate: Evaluate
    explainer: Explainer
    derived: dict[str, Any] = field(default_factory=dict)
    """What regimes work out of these rules once and keep."""
    spoken: dict[Any, Any] = field(default_factory=dict)
    """Of each shape of payment that has code of its own: that code, and what regimes keep of such payments."""

    def setting(self, name: str, default: Any = None) -> Any:
        """The value of a parameter in this period, or the default where there is none to compute with."""
        value = self.law.params.get(name, default)
        return default if isinstance(value, Gap) else value


class CircularRules(ValueError):
    """Rules that except each other in a circle."""


def compile_domain(layers: Layers, chain: tuple[str, ...], domain: str, day: date) -> Compiled:
    """Flatten the packs of a chain for the period around `day`, and compile what is in force."""
    packs = tuple(layers.packs[code] for code in chain)
    start = layers.segment(chain, domain, day)
    params = _params(packs, domain, start)
    law = Law({name: held.value.value for name, held in params.items()}, layers.members(start))
    features = {
        name: feature
        for pack in packs
        if domain in pack.domains
        for name, feature in pack.domains[domain].features.items()
    }
    active = _ordered(_active(packs, domain, start))
    named = [NamedRule(item.rule.id, item.condition) for item in active]
    explainer = Explainer({rule.id: rule for rule in named}, law)
    executor = Grown(named, law)
    return Compiled(
        packs, domain, start, law, params, features, tuple(active), executor, executor.evaluate(), explainer
    )


def _params(packs: tuple[Pack, ...], domain: str, day: date) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for pack in packs:
        part = pack.domains.get(domain)
        for name, parameter in part.parameters.items() if part else ():
            value = parameter.at(day)
            if value is not None:
                found[name] = Held(parameter, value, pack)
    return found


def _active(packs: tuple[Pack, ...], domain: str, day: date) -> list[tuple[Rule, Pack]]:
    return [
        (rule, pack)
        for pack in packs
        if domain in pack.domains
        for rule in pack.domains[domain].rules
        if rule.start <= day and (rule.end is None or day < rule.end)
    ]


def _ordered(found: list[tuple[Rule, Pack]]) -> list[Active]:
    """Exceptions before the rules that name them; otherwise the order of the files, which nothing depends on."""
    known = {rule.id for rule, _ in found}
    done: dict[str, Active] = {}
    waiting = list(found)
    while waiting:
        left = []
        for rule, pack in waiting:
            needed = [name for name in rule.unless if name in known]
            if all(name in done for name in needed):
                done[rule.id] = Active(rule, pack, condition(rule, needed))
            else:
                left.append((rule, pack))
        if len(left) == len(waiting):
            raise CircularRules(", ".join(rule.id for rule, _ in left))
        waiting = left
    return list(done.values())


def condition(rule: Rule, exceptions: list[str]) -> Expr:
    """`when` and none of the exceptions."""
    excepted: list[Expr] = [Not(BOOL, rule.when.at, RuleRef(BOOL, rule.when.at, name)) for name in exceptions]
    return conjunction([rule.when, *excepted])
