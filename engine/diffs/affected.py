"""Which rules say something else, where and when: every rule that changed or rests on what changed, in each period of law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from engine.diffs.model import Change, Kind
from engine.diffs.normal import groups_used
from engine.diffs.sides import Ruled, Side
from engine.language.tree import Expr, Let, params_used, past_used, walk
from engine.packs.layers import WORLD
from engine.packs.model import Pack, ParameterRef, Rule
from engine.packs.packset import PackSet
from engine.places import country_of, is_place

NOWHERE: Final = "AQ"
"""A place without a pack of its own, under the law of the world alone."""
_FIRST: Final = date(1900, 1, 1)
"""A day before all law that has dates."""


@dataclass(slots=True)
class Pair:
    """One rule as both releases have it in one period, where they differ. None: it is not in force there."""

    domain: str
    name: str
    was: Ruled | None
    now: Ruled | None
    start: date
    end: date | None
    """First day after the period; None: it lasts."""
    equal_before: bool
    places: list[str] = field(default_factory=list)

    @property
    def either(self) -> Ruled:
        """The rule as it is, or was."""
        found = self.now or self.was
        assert found is not None
        return found

    @property
    def day(self) -> date:
        """A day of the period: its first where it has one, else that on which the pack was last verified."""
        first = self.start if self.equal_before else max(self.start, self.either.pack.verified.on)
        return first if self.end is None or first < self.end else self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Causes:
    """What the changes of one domain may reach beyond the records themselves."""

    rules: frozenset[str]
    params: frozenset[str]
    terms: frozenset[str]
    features: frozenset[str]
    groups: frozenset[str]

    @classmethod
    def of(cls, changes: Iterable[Change], domain: str) -> Causes:
        """Of the changes that touch a domain."""
        found: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        for change in changes:
            if change.bears and domain in change.touches:
                member = change.kind is Kind.MEMBER
                found[change.kind].add(change.pack if member else change.name.partition("[")[0])
        return cls(
            frozenset(found[Kind.RULE] | found[Kind.DEMOTION]), frozenset(found[Kind.PARAMETER] | found[Kind.VALUE]),
            frozenset(found[Kind.TERM]), frozenset(found[Kind.FEATURE]), frozenset(found[Kind.MEMBER]),
        )  # fmt: skip

    def reach(self, rule: Rule) -> bool:
        """Whether a rule changed itself, or reads what changed."""
        node = rule.when
        return (
            rule.id in self.rules
            or bool(self.params & read_by(rule))
            or bool(self.features & counted_by(rule))
            or bool(self.groups & groups_used(node))
            or bool(self.terms and self.terms & _terms(node))
        )


def read_by(rule: Rule) -> frozenset[str]:
    """The parameters that a rule reads, in its condition or for its effect."""
    details = rule.effect.details.values()
    return params_used(rule.when) | {detail.name for detail in details if isinstance(detail, ParameterRef)}


def counted_by(rule: Rule) -> frozenset[str]:
    """The features that a rule asks for in its condition, and whatever its effect names, which may be one."""
    return past_used(rule.when) | {detail for detail in rule.effect.details.values() if isinstance(detail, str)}


def _terms(node: Expr) -> frozenset[str]:
    return frozenset(part.name for part in walk(node) if isinstance(part, Let))


def pairs(was: Side, now: Side, changes: Iterable[Change], domain: str) -> Iterator[Pair]:
    """Every rule of a domain that says something else, in every period in which it does."""
    causes = Causes.of(changes, domain)
    rules = [(pack, rule) for side in (was, now) for pack, rule in _rules(side.packs, domain)]
    names = {rule.id for _, rule in rules if causes.reach(rule)}
    while more := {rule.id for _, rule in rules if rule.id not in names and names & {*rule.unless}}:
        names |= more
    dates = _Dates(was, now, domain)
    for name in sorted(names):
        own = [(pack, rule) for pack, rule in rules if rule.id == name]
        places = sorted({place for pack, _ in own for side in (was, now) for place in places_of(side.packs, pack)})
        days = dates.of([rule for _, rule in own])
        yield from _of_rule(was, now, (domain, name), [(place, days | dates.at(place)) for place in places])


def _of_rule(was: Side, now: Side, rule: tuple[str, str], asked: list[tuple[str, set[date]]]) -> list[Pair]:
    domain, name = rule
    found: dict[Any, Pair] = {}
    for place, days in asked:
        for pair in _periods(was, now, (domain, name), place, sorted(days)):
            sides = (pair.was and pair.was.key, pair.now and pair.now.key)
            known = found.setdefault((sides, pair.start, pair.end), pair)
            known.places.append(place)
    return list(found.values())


def _periods(was: Side, now: Side, rule: tuple[str, str], place: str, days: list[date]) -> Iterator[Pair]:
    domain, name = rule
    open_pair: Pair | None = None
    equal, before = True, None
    for day in days:
        one, two = (side.ruled(name, place, domain, day) for side in (was, now))
        keys = (one and one.key, two and two.key)
        if open_pair is not None and keys != before:
            open_pair.end = day
            yield open_pair
            open_pair = None
        if keys[0] != keys[1] and open_pair is None:
            open_pair = Pair(domain, name, one, two, day, None, equal and day > _FIRST)
        equal, before = keys[0] == keys[1], keys
    if open_pair is not None:
        yield open_pair


class _Dates:
    """The days on which something that a rule rests on begins or ends."""

    def __init__(self, was: Side, now: Side, domain: str):
        self._packs = [pack for side in (was, now) for pack in side.packs.packs.values()]
        self._domains = [pack.domains[domain] for pack in self._packs if domain in pack.domains]
        self._by_id: dict[str, list[Rule]] = {}
        for part in self._domains:
            for rule in part.rules:
                self._by_id.setdefault(rule.id, []).append(rule)
        self._places: dict[str, set[date]] = {}

    def of(self, rules: Iterable[Rule]) -> set[date]:
        """Of rules, their exceptions, their parameters and the groups that they ask about."""
        waiting, seen = list(rules), {rule.id for rule in rules}
        days, params, groups = {_FIRST}, set[str](), set[str]()
        while waiting:
            rule = waiting.pop()
            days |= {day for day in (rule.start, rule.end) if day and day > _FIRST}
            params |= read_by(rule)
            groups |= groups_used(rule.when)
            for name in rule.unless:
                if name not in seen:
                    seen.add(name)
                    waiting += self._by_id.get(name, [])
        for part in self._domains:
            found = (part.parameters[name] for name in params if name in part.parameters)
            days |= {value.start for one in found for value in one.values if not value.pending and value.start > _FIRST}
        for pack in self._packs:
            if pack.jurisdiction in groups:
                days |= {day for member in pack.members for day in (member.start, member.end) if day and day > _FIRST}
        return days

    def at(self, place: str) -> set[date]:
        """On which a place joins or leaves a group."""
        if place not in self._places:
            here = {place, country_of(place)}
            members = [member for pack in self._packs for member in pack.members if member.place in here]
            self._places[place] = {
                day for member in members for day in (member.start, member.end) if day and day > _FIRST
            }
        return self._places[place]


def _rules(packs: PackSet, domain: str) -> Iterator[tuple[Pack, Rule]]:
    for pack in packs.packs.values():
        if domain in pack.domains:
            for rule in pack.domains[domain].rules:
                yield pack, rule


def places_of(packs: PackSet, pack: Pack) -> frozenset[str]:
    """Places for which a pack speaks on some day: itself, its members, and those of the packs that extend it."""
    known: dict[str, frozenset[str]] = packs.derived.setdefault("places_of", {})
    code = pack.jurisdiction
    if code not in known:
        known[code] = _places_of(packs, code)
    return known[code]


def _places_of(packs: PackSet, code: str) -> frozenset[str]:
    if code == WORLD:
        return frozenset({NOWHERE, *(other for other in packs.packs if is_place(other))})
    found: set[str] = set()
    waiting, seen = [code], {code}
    while waiting:
        one = waiting.pop()
        pack = packs.packs.get(one)
        if pack is None:
            continue
        found |= {one} if is_place(one) else set()
        found |= {member.place for member in pack.members}
        for other in packs.packs.values():
            below = one in other.extends or (is_place(one) and country_of(other.jurisdiction) == one)
            if below and other.jurisdiction not in seen:
                seen.add(other.jurisdiction)
                waiting.append(other.jurisdiction)
    return frozenset(found)
