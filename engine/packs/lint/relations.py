"""Logic between rules: exceptions, rules that are shadowed, rules that contradict each other, orders of preference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Final

from engine.language.errors import did_you_mean
from engine.packs.lint.atoms import TRUE
from engine.packs.lint.questions import ask, meetings, settings
from engine.packs.lint.render import given
from engine.packs.lint.solve import Answer, Witness
from engine.packs.lint.view import Chain, Held, View, in_force
from engine.packs.model import Domain, Pack, Rule

ORDERS: Final = {"exempt": "exemption_order", "out_of_scope": "scope_order"}
"""Effects of which several may hold, and the parameter that ranks them."""


# -- exceptions ----------------------------------------------------------------------------------------------------------------


def exceptions(view: View) -> None:
    """Every exception names another rule in reach that is in force at some time together with it, and there is no circle."""
    for pack, part in view.domains():
        reach = _Reach(view, pack, part)
        for rule in part.rules:
            for at, name in enumerate(rule.unless):
                _exception(view, rule, name, at, reach)
            _circle(view, rule, reach.known)


class _Reach:
    """The rules that a pack's rules may name."""

    def __init__(self, view: View, pack: Pack, part: Domain):
        self.view, self.pack, self.part = view, pack, part
        everywhere = view.rules(view.chain(pack), part.name)
        self.known = {rule.id: rule for _, rule in everywhere}
        self.owners = {rule.id: owner.jurisdiction for owner, rule in everywhere}

    def together(self, one: Rule, two: Rule) -> bool:
        """Whether two rules are in force on one day, where the law of the pack of the second holds as well."""
        if max(one.start, two.start) >= min(one.end or date.max, two.end or date.max):
            return False
        return any(
            in_force(two, period.start) and self.owners[two.id] in self.view.chain(self.pack, period.start)
            for period in self.view.lives(one, self.view.chain(self.pack), self.part.name)
        )


def _exception(view: View, rule: Rule, name: str, at: int, reach: _Reach) -> None:
    known = reach.known
    spot = view.at(rule.spot, "unless", at)
    known_fault = len(view.found)
    if name == rule.id:
        view.report("unless-self", spot, f"The rule {rule.id} excepts itself.")
    elif name not in known:
        view.report("unless-unknown", spot, f"There is no rule {name}.", did_you_mean(name, known) or "")
    elif not reach.together(rule, known[name]):
        view.report("unless-idle", spot, f"The rule {name} is never in force together with {rule.id}.")
    if len(view.found) > known_fault:
        view.flawed.add(rule.spot)


def _circle(view: View, rule: Rule, known: Mapping[str, Rule]) -> None:
    """Report a circle at its first rule by name, once."""
    for path in _paths(rule.id, known, (rule.id,)):
        if rule.id == min(path):
            spot = view.at(rule.spot, "unless", rule.unless.index(path[1]))
            view.report("unless-circle", spot, f"Exceptions in a circle: {' -> '.join([*path, rule.id])}.")
            return


def _paths(start: str, known: Mapping[str, Rule], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in known[path[-1]].unless:
        if name == start and len(path) > 1:
            yield path
        elif name in known and name not in path:
            yield from _paths(start, known, (*path, name))


# -- rules that meet -----------------------------------------------------------------------------------------------------------


def contradictions(view: View) -> None:
    """Rules that their exceptions never let through, and rules that hold together and contradict each other."""
    for pack, part in view.domains():
        everywhere = view.rules(view.chain(pack), part.name)
        known = {rule.id for _, rule in everywhere}
        for rule in part.rules:
            if known & set(rule.unless):
                _shadowed(view, pack, part, rule)
        for (_, one), (owner, two) in combinations(everywhere, 2):
            said = _contradiction(one, two) if owner is pack else None
            if said is not None:
                _conflict(view, pack, part, (one, two), said)


def _shadowed(view: View, pack: Pack, part: Domain, rule: Rule) -> None:
    found = meetings(view, pack, part, [rule])
    fires = [setting.find([(setting.conditions[0], TRUE)]) for setting in found]
    if not fires or any(answer is not Answer.NONE for answer in fires):
        return
    if ask(settings(view, pack, part, [rule.when], [rule]), [(rule.when, TRUE)]) is not Answer.NONE:
        message = f"Wherever {rule.id} would fire, {' or '.join(rule.unless)} does."
        view.report("rule-shadowed", view.at(rule.spot, "unless"), message)


def _contradiction(one: Rule, two: Rule) -> tuple[str, str] | None:
    """The code and the sentence of what two rules would contradict each other in, if both held."""
    if one.effect.kind != two.effect.kind:
        return None
    if one.effect.kind == "exempt" and one.effect.name == two.effect.name and set(one.effect.by) != set(two.effect.by):
        gives = f"{one.id} gives {one.effect.name} to {_and(one.effect.by)}, {two.id} to {_and(two.effect.by)}"
        return "exemption-conflict", gives
    if one.effect.kind == "method" and _irreconcilable(one, two):
        return "method-conflict", f"No method meets both {one.id} and {two.id}"
    return None


def _conflict(view: View, pack: Pack, part: Domain, pair: tuple[Rule, Rule], said: tuple[str, str]) -> None:
    for setting in meetings(view, pack, part, pair):
        found = setting.find([(condition, TRUE) for condition in setting.conditions])
        if isinstance(found, Witness):
            spot = view.at(pair[1].spot, "effect")
            view.report(said[0], spot, f"{said[1]}: both hold on {found.day}, given {given(found.facts)}.")
            return


def _irreconcilable(one: Rule, two: Rule) -> bool:
    """Whether no single method meets two method rules. A biometric method meets `biometric` under other names too."""
    first, second = set(one.effect.need), set(two.effect.need)
    if not first and not second:
        return False
    allowed = (first & second) if first and second else first | second
    allowed -= {*one.effect.forbid, *two.effect.forbid}
    return not allowed and "biometric" not in first | second


def _and(parties: Iterable[str]) -> str:
    return " and ".join(sorted(parties)) or "nobody"


# -- orders of preference ------------------------------------------------------------------------------------------------------


def orders(view: View) -> None:
    """Orders of preference name what the rules of the chain give, all of it and nothing else."""
    for chain in view.chains:
        everywhere = view.rules(chain, "sca")
        for kind, name in ORDERS.items():
            given_names = {rule.effect.name for _, rule in everywhere if rule.effect.kind == kind}
            unranked: list[Rule] = []
            for period in view.spoken_periods(chain, "sca"):
                held = view.held(chain, "sca", period.start).get(name)
                active = [rule for _, rule in everywhere if rule.effect.kind == kind and in_force(rule, period.start)]
                if held is not None and isinstance(held.value.value, tuple):
                    _ranked(view, held, active, given_names)
                elif kind == "exempt" and len(active) > len(unranked):
                    unranked = active
            _unranked(view, chain, unranked)


def _ranked(view: View, held: Held, active: list[Rule], given_names: set[str]) -> None:
    listed = held.value.value
    for at, name in enumerate(listed):
        if name not in given_names:
            hint = did_you_mean(name, given_names) or ""
            spot = view.at(held.value.spot, "value", at)
            view.report("order-unknown", spot, f"No rule gives {name}, which {held.parameter.name} ranks.", hint)
    for rule in active:
        if rule.effect.name not in listed:
            message = f"{held.parameter.name} does not rank {rule.effect.name}, which {rule.id} gives."
            view.report("order-missing", view.at(held.value.spot, "value"), message)


def _unranked(view: View, chain: Chain, active: list[Rule]) -> None:
    """Report once, at the pack whose rule makes a choice necessary."""
    names = sorted({rule.effect.name for rule in active})
    if len(names) < 2 or not active[-1].spot.file.startswith(f"{chain[-1]}/"):
        return
    message = f"{chain[-1]} has the exemptions {', '.join(names)} and does not rank them."
    view.report("order-absent", view.at(active[-1].spot, "effect"), message)


CHECKS: Final[tuple[Callable[[View], None], ...]] = (exceptions, contradictions, orders)
"""The checks of this module, in their order."""
