"""Which packs speak for a place on a day: the world, the groups it belongs to, its country, its subdivision."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from engine.packs.model import DOMAINS, Pack, Rule, TaxRate, Territory
from engine.places import COUNTRIES, country_of, is_place

WORLD: Final = "WORLD"
BORDERED: Final = frozenset({"aml"})
"""Domains whose law ends at the border of a country, whatever groups it makes with others for payments."""


class Layers:
    """All packs of a release, and the order in which they apply."""

    def __init__(self, packs: Mapping[str, Pack]):
        self.packs = packs
        self.groups = tuple(packs[code] for code in sorted(packs) if packs[code].members and not packs[code].list_for)
        """By code: the order of files decides nothing."""
        self.lists = tuple(packs[code] for code in sorted(packs) if packs[code].list_for)
        """Groups that conditions ask about and whose members have no law of them: the FATF's, embargoed regions."""
        self._boundaries = sorted(
            {day for pack in self.groups for m in pack.members for day in (m.start, m.end) if day}
        )
        self._listed = {domain: _listed(self.lists, domain) for domain in DOMAINS}
        self._zones: dict[str, ZoneInfo] = {}
        self._world = (WORLD,) if WORLD in packs else ()

    def chain(self, place: str, day: date) -> tuple[str, ...]:
        """Jurisdictions whose law holds at a place on a day, the most general first."""
        country = country_of(place)
        here = frozenset((place, country))
        found = dict.fromkeys(self._world)
        for group in self.groups:
            if here & group.members_on(day):
                found.update(dict.fromkeys([*self._above(group.jurisdiction, here, day), group.jurisdiction]))
        for code in dict.fromkeys((country, place)):
            if code in self.packs and not self.packs[code].members:
                found.update(dict.fromkeys([*self._above(code, here, day), code]))
        return tuple(found)

    def lineage(self, code: str, day: date | None = None) -> tuple[str, ...]:
        """A pack after everything it extends, as its own tests see it.

        On a day: without the groups that no place of the pack is within. A pack that is neither a place nor a group has
        no places of its own: who extends it brings them, and it is taken with everything.
        """
        here = self._places(code, day) if day is not None else None
        above = self.ancestors(code) if day is None or here is None else self._above(code, here, day)
        return tuple(dict.fromkeys([*self._world, *above, code]))

    def speaking(self, place: str, domain: str, day: date) -> tuple[str, ...]:
        """The packs of the chain that say anything of a domain. Places about which only other domains speak share their law."""
        chain = self.national(place, day) if domain in BORDERED else self.chain(place, day)
        return tuple(
            code
            for code in chain
            if code == WORLD or domain in self.packs[code].domains or domain in self.packs[code].on_unknown
        )

    def national(self, place: str, day: date) -> tuple[str, ...]:
        """The chain for law that ends at a border, as that of taxes does.

        A pack named after a country speaks for it and its parts on every day, and for nobody else, even where it makes a
        group with others for payments: the United Kingdom's with Gibraltar.
        """
        own = dict.fromkeys((country_of(place), place))
        found = [code for code in self.chain(place, day) if code not in COUNTRIES or code in own]
        return (*(code for code in found if code not in own), *(code for code in own if code in self.packs))

    def ancestors(self, code: str) -> list[str]:
        """Everything a pack extends on whatever day, the most general first."""
        found: list[str] = []
        for parent in self.packs[code].extends:
            if parent in self.packs:
                found.extend(item for item in [*self.ancestors(parent), parent] if item not in found)
        return found

    def _above(self, code: str, here: frozenset[str], day: date) -> list[str]:
        """What a pack extends, as far as it holds for one of these places on the day.

        A group's law holds for its members: to name it under `extends` makes nobody a member, and what only the group
        extends is not reached either.
        """
        found: list[str] = []
        for parent in self.packs[code].extends:
            if parent in self.packs and self._speaks_for(parent, here, day):
                found.extend(item for item in [*self._above(parent, here, day), parent] if item not in found)
        return found

    def _speaks_for(self, code: str, here: frozenset[str], day: date) -> bool:
        pack = self.packs[code]
        return not pack.members or bool(here & pack.members_on(day))

    def _places(self, code: str, day: date) -> frozenset[str] | None:
        """The places a pack speaks for on a day; None where it has none of its own."""
        pack = self.packs[code]
        if not pack.members and not is_place(code):
            return None
        own = pack.members_on(day) if pack.members else (code,)
        return frozenset(part for place in own for part in (place, country_of(place)))

    def members(self, day: date) -> dict[str, frozenset[str]]:
        """Group -> places within it on a day."""
        return {group.jurisdiction: group.members_on(day) for group in (*self.groups, *self.lists)}

    def segment(self, chain: Iterable[str], domain: str, day: date) -> date:
        """The first day of the period around `day` in which nothing dated changes for these packs."""
        bounds = self._dates(tuple(chain), domain)
        at = bisect_right(bounds, day) - 1
        return bounds[at] if at >= 0 else date.min

    def boundaries(self, chain: Iterable[str], domain: str) -> list[date]:
        """Every day on which something dated begins or ends."""
        return self._dates(tuple(chain), domain)

    def _dates(self, chain: tuple[str, ...], domain: str) -> list[date]:
        days = {*self._boundaries, *self._listed.get(domain, ())}
        for code in chain:
            part = self.packs[code].domains.get(domain)
            if part is None:
                continue
            dated: tuple[Rule | TaxRate | Territory, ...] = (*part.rules, *part.rates, *part.territories)
            for record in dated:
                days.add(record.start)
                if record.end:
                    days.add(record.end)
            for parameter in part.parameters.values():
                days.update(value.start for value in parameter.values if not value.pending)
        return sorted(days)

    def zone(self, place: str) -> ZoneInfo:
        """The time zone whose midnight changes the law at a place: its own pack's, or what its group says of it."""
        found = self._zones.get(place)
        if found is None:
            if len(self._zones) > 1000:
                self._zones.clear()
            found = self._zones[place] = ZoneInfo(self._zone_name(place, country_of(place)))
        return found

    def _zone_name(self, place: str, country: str) -> str:
        for code in (place, country):
            if code in self.packs:
                return self.packs[code].time_zone
        entries = [(m, group) for group in self.groups for m in group.members if m.place in (place, country)]
        stated = [m.time_zone for m, _ in entries if m.time_zone]
        return stated[0] if stated else entries[0][1].time_zone if entries else "UTC"


def _listed(lists: Iterable[Pack], domain: str) -> frozenset[date]:
    """The days on which a list changes that the conditions of a domain may ask about."""
    days = (day for one in lists if domain in one.list_for for m in one.members for day in (m.start, m.end))
    return frozenset(day for day in days if day)
