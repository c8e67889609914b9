"""Groups under `extends`: their law holds for their members, so nothing may lean on it on a day on which it does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.language.law import Gap
from engine.language.tree import Let, params_used, walk
from engine.packs.lint.view import Chain, Period, View
from engine.packs.model import Pack, Rule
from engine.packs.problems import Spot


def outside(view: View) -> None:
    """A group under `extends` has, at some time, a member where the pack holds."""
    for pack in view.reviewed():
        if pack.jurisdiction in view.doubted:
            continue  # what could not be read may be what brings the member
        for at, parent in enumerate(pack.extends):
            group = view.packs.get(parent)
            together = {parent, pack.jurisdiction}
            if group is None or not group.members or any(together <= set(chain) for chain in view.spoken):
                continue
            message = f"{pack.jurisdiction} extends {parent}, and no place where it holds is ever a member of {parent}."
            view.report("extends-outside", view.at(pack.spot, "extends", at), message)


@dataclass(frozen=True, slots=True)
class _Without:
    """A pack where something it extends does not hold: the chain of the place, what is lost, and when."""

    pack: Pack
    chain: Chain
    lost: tuple[str, ...]
    days: Period
    place: str


def beyond(view: View) -> None:
    """A rule uses the lets and parameters of a group only on days on which the group's law holds where the rule does."""
    said: set[Spot] = set()
    for chain, spans in view.spoken.items():
        for code in chain:
            pack = view.packs[code]
            lost = tuple(name for name in view.chain(pack) if name not in chain)
            for days, place in spans if lost else ():
                _report(view, _Without(pack, chain, lost, days, place), said)


def _report(view: View, without: _Without, said: set[Spot]) -> None:
    for domain, part in without.pack.domains.items():
        for rule in part.rules:
            if rule.spot in said:
                continue
            for period in view.lives(rule, view.chain(without.pack), domain):
                used = _leaning(view, without, domain, rule, period) if period.start in without.days else []
                if used:
                    said.add(rule.spot)
                    groups = " and ".join(name for name in without.lost if view.packs[name].members)
                    message = (
                        f"The rule {rule.id} is in force {period}, when {without.place} is no member of {groups}, "
                        f"and uses {' and '.join(used)} of it."
                    )
                    view.report("extends-beyond", view.at(rule.spot, "applies", "from"), message)
                    break


def _leaning(view: View, without: _Without, domain: str, rule: Rule, period: Period) -> list[str]:
    """The lets and parameters that the rule has from nobody but what does not hold."""
    parts = [view.packs[code].domains.get(domain) for code in without.lost]
    lets = {name for part in parts if part for name in part.lets}
    found = {node.name for node in walk(rule.when) if isinstance(node, Let)} & lets
    held = view.law(without.chain, domain, period.start).params
    whole = view.law(view.chain(without.pack), domain, period.start).params
    # A number that nobody has on the day is missing for another reason, and refused for that one.
    lost = {name for name in params_used(rule.when) if held.get(name, Gap.NONE) is Gap.NONE}
    return sorted(found | {name for name in lost if whole.get(name, Gap.NONE) is not Gap.NONE})


CHECKS: Final[tuple[Callable[[View], None], ...]] = (outside, beyond)
"""The checks of this module, in their order."""
