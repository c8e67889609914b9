"""Where a change would bite: the places under the law of its pack, and the rules that read what is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.diffs.affected import places_of, read_by
from engine.diffs.normal import groups_used
from engine.packs.model import DOMAINS, Rule
from engine.packs.packset import PackSet
from engine.places import country_of
from ingest.impact.model import Proposal
from ingest.link.target import Target, TargetKind

TAXED: Final = "tax"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change reaches. `rules`: `DE/aml.de.diligence.occasional`, sorted."""

    countries: tuple[str, ...]
    rules: tuple[str, ...]
    domains: tuple[str, ...]
    """Those in which an answer may be another."""


def reach(proposal: Proposal, release: PackSet) -> Reach:
    """Of a proposal: by what the packs say, without asking any payment."""
    targets = () if proposal.target is None else (proposal.target, *proposal.twins)
    rules: set[str] = set()
    countries: set[str] = set(proposal.places)
    domains: set[str] = set()
    for target in targets:
        pack = release.packs[target.place]
        domains |= set(pack.list_for) if target.kind is TargetKind.LIST else {target.domain}
        if target.kind is not TargetKind.LIST:
            countries |= {country_of(place) for place in _within(target, release, proposal.effective)}
        rules |= set(_reading(target, release, proposal.effective))
    return Reach(tuple(sorted(countries)), tuple(sorted(rules)), tuple(one for one in DOMAINS if one in domains))


def _within(target: Target, release: PackSet, day: date | None) -> frozenset[str]:
    """The places of a pack; of a group those that are members on the day."""
    pack = release.packs[target.place]
    places = places_of(release, pack)
    if day is None or not pack.members:
        return places
    here = pack.members_on(day)
    return frozenset(place for place in places if place in here or country_of(place) in here)


def _reading(target: Target, release: PackSet, day: date | None) -> Iterator[str]:
    for code, pack in release.packs.items():
        if not _hears(code, target, release):
            continue
        for domain in pack.domains.values():
            if target.kind is TargetKind.LIST or domain.name == target.domain:
                for rule in domain.rules:
                    if _lives(rule, day) and _reads(rule, target):
                        yield f"{code}/{rule.id}"


def _hears(code: str, target: Target, release: PackSet) -> bool:
    """Whether the law of a pack sees a target: lists are seen by all, a parameter by whoever stands below or above."""
    if target.kind is TargetKind.LIST or code == target.place:
        return True
    below = target.place in release.layers.ancestors(code) or country_of(code) == target.place
    return below or code in release.layers.ancestors(target.place) or code == "WORLD"


def _reads(rule: Rule, target: Target) -> bool:
    if target.kind is TargetKind.LIST:
        return target.place in groups_used(rule.when)
    if target.kind is TargetKind.RULE:
        return rule.id == target.name
    return target.kind is TargetKind.PARAMETER and target.name in read_by(rule)


def _lives(rule: Rule, day: date | None) -> bool:
    return day is None or (rule.start <= day and (rule.end is None or day < rule.end))


__all__ = ["Reach", "reach"]
